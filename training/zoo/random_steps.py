"""Transformers with random options."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import cluster, decomposition, kernel_approximation, manifold, preprocessing, random_projection
from sklearn.ensemble import RandomTreesEmbedding
from sklearn.experimental import enable_iterative_imputer  # noqa: F401  lets IterativeImputer be imported
from sklearn.feature_selection import RFE, SelectFromModel, SelectKBest, VarianceThreshold, f_classif, f_regression
from sklearn.impute import IterativeImputer, KNNImputer, SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.pipeline import make_union

SEED = {"random_state": 0}


def one_of(random: np.random.Generator, known: list[Any]) -> Any:
    return known[int(random.integers(0, len(known)))]


def imputer_of(random: np.random.Generator) -> Any:
    drawn = random.random()
    if drawn < 0.1:
        return KNNImputer(n_neighbors=int(random.integers(1, 5)))
    if drawn < 0.15:
        return IterativeImputer(max_iter=2, **SEED)
    return SimpleImputer(
        strategy=str(random.choice(["mean", "median", "most_frequent"])), add_indicator=bool(random.random() < 0.3)
    )


def encoder_of(random: np.random.Generator, kind: str) -> Any:
    encoders = [
        preprocessing.OneHotEncoder(handle_unknown="ignore", sparse_output=False),
        preprocessing.OneHotEncoder(handle_unknown="ignore"),
        preprocessing.OneHotEncoder(drop="first", sparse_output=False),
        preprocessing.OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=0.2, sparse_output=False),
        preprocessing.OrdinalEncoder(),
        preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
    ]
    if kind in ("value", "label"):
        encoders.append(preprocessing.TargetEncoder(**SEED))
    return one_of(random, encoders)


def step_of(random: np.random.Generator, kind: str) -> Any:
    return one_of(random, [*scalers(random), *maps(random), *selections(random, kind)])


def scalers(random: np.random.Generator) -> list[Any]:
    return [
        preprocessing.StandardScaler(),
        preprocessing.RobustScaler(),
        preprocessing.StandardScaler(with_mean=False),
        preprocessing.PowerTransformer(),
        preprocessing.QuantileTransformer(
            n_quantiles=20, output_distribution=str(random.choice(["uniform", "normal"])), **SEED
        ),
        preprocessing.KBinsDiscretizer(
            n_bins=int(random.integers(2, 6)), encode=str(random.choice(["ordinal", "onehot-dense", "onehot"])),
            strategy=str(random.choice(["uniform", "quantile"])), quantile_method="averaged_inverted_cdf",
        ),
        preprocessing.PolynomialFeatures(2, include_bias=bool(random.random() < 0.5)),
        preprocessing.SplineTransformer(n_knots=4, degree=int(random.integers(1, 4))),
        preprocessing.Normalizer(str(random.choice(["l1", "l2", "max"]))),
        preprocessing.MaxAbsScaler(),
        preprocessing.MinMaxScaler(clip=bool(random.random() < 0.5)),
        preprocessing.Binarizer(threshold=0.3),
        preprocessing.FunctionTransformer(one_of(random, [np.arcsinh, np.log1p, np.sqrt, np.tanh, np.square])),
        make_union(preprocessing.StandardScaler(), "passthrough"),
    ]  # fmt: skip


def maps(random: np.random.Generator) -> list[Any]:
    return [
        decomposition.PCA(1, whiten=bool(random.random() < 0.3)),
        decomposition.IncrementalPCA(1),
        decomposition.TruncatedSVD(1, **SEED),
        decomposition.FactorAnalysis(1),
        decomposition.FastICA(1, max_iter=20, **SEED),
        decomposition.NMF(1, max_iter=20, tol=0, **SEED),
        decomposition.SparsePCA(1, max_iter=5, **SEED),
        decomposition.LatentDirichletAllocation(2, max_iter=2, **SEED),
        decomposition.KernelPCA(2, kernel=str(random.choice(["rbf", "poly", "cosine"]))),
        kernel_approximation.Nystroem(n_components=5, **SEED),
        kernel_approximation.RBFSampler(n_components=5, **SEED),
        kernel_approximation.PolynomialCountSketch(n_components=8, **SEED),
        random_projection.GaussianRandomProjection(3, **SEED),
        random_projection.SparseRandomProjection(3, density=0.5, **SEED),
        manifold.Isomap(n_neighbors=4, n_components=1),
        manifold.LocallyLinearEmbedding(n_neighbors=4, n_components=1, **SEED),
        cluster.KMeans(3, n_init=1, **SEED),
        cluster.FeatureAgglomeration(1),
        RandomTreesEmbedding(3, max_depth=2, **SEED),
    ]


def selections(random: np.random.Generator, kind: str) -> list[Any]:
    if kind not in ("value", "label"):
        return [VarianceThreshold()]
    is_value = kind == "value"
    linear = Ridge() if is_value else LogisticRegression(max_iter=20)
    chosen = [
        VarianceThreshold(),
        SelectKBest(f_regression if is_value else f_classif, k=1),
        SelectFromModel(linear, threshold="median"),
        RFE(linear, n_features_to_select=1),
    ]
    return chosen if is_value else [*chosen, NeighborhoodComponentsAnalysis(1, max_iter=5, **SEED)]
