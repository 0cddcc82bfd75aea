"""Transformers that use matrix products and formulas: kernel approximations, decompositions, pools and leaves."""

import numpy as np
import pytest
from exactness import blobs, check, id_of
from sklearn.cluster import Birch, FeatureAgglomeration
from sklearn.cross_decomposition import PLSSVD
from sklearn.decomposition import NMF, MiniBatchNMF, MiniBatchSparsePCA, SparsePCA
from sklearn.ensemble import (
    RandomForestClassifier,
    RandomTreesEmbedding,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.kernel_approximation import AdditiveChi2Sampler, PolynomialCountSketch, SkewedChi2Sampler
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.neural_network import BernoulliRBM
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KernelCenterer, PowerTransformer, SplineTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sepal_export import ConversionError

VOTERS = [("forest", RandomForestClassifier(5, max_depth=3, random_state=0)), ("bayes", GaussianNB())]
TREES = [("line", LinearRegression()), ("tree", DecisionTreeRegressor(max_depth=3))]


@pytest.mark.parametrize(
    "transformer",
    [
        SparsePCA(2, random_state=0),
        MiniBatchSparsePCA(3, ridge_alpha=0.1, random_state=0),
        NeighborhoodComponentsAnalysis(2, max_iter=5, random_state=0),
        BernoulliRBM(7, n_iter=2, random_state=0),
        SkewedChi2Sampler(skewedness=9, n_components=7, random_state=0),
        PolynomialCountSketch(n_components=16, random_state=0),
        PolynomialCountSketch(degree=3, gamma=0.3, coef0=2, n_components=9, random_state=0),
        PolynomialCountSketch(degree=1, n_components=3, random_state=0),
        FeatureAgglomeration(3),
        FeatureAgglomeration(2, pooling_func=np.median),
        FeatureAgglomeration(3, pooling_func=np.max),
        FeatureAgglomeration(3, pooling_func=np.min),
        FeatureAgglomeration(3, pooling_func=np.sum),
        RandomTreesEmbedding(5, max_depth=3, random_state=0),
        RandomTreesEmbedding(5, sparse_output=False, random_state=0),
        VotingClassifier(VOTERS, voting="soft"),
        VotingClassifier(VOTERS),
        StackingClassifier(VOTERS, cv=2),
        StackingClassifier(VOTERS, cv=2, passthrough=True),
        VotingRegressor(TREES),
        StackingRegressor(TREES, cv=2),
    ],
    ids=id_of,
)
def test_transformers(transformer):
    X, y = blobs(columns=5)
    model = make_pipeline(StandardScaler(), transformer, LogisticRegression(max_iter=10_000))
    assert check(model, X, y).largest_error <= 1e-11


@pytest.mark.parametrize(
    "transformer",
    [
        AdditiveChi2Sampler(),
        AdditiveChi2Sampler(sample_steps=1),
        AdditiveChi2Sampler(sample_steps=4, sample_interval=0.3),
    ],
    ids=id_of,
)
def test_a_transformer_of_what_is_not_negative(transformer):
    X, y = blobs(columns=5)
    X = np.maximum(X / X.std(axis=0), 0)
    assert check(make_pipeline(transformer, LogisticRegression(max_iter=1000)), X, y).largest_error <= 1e-11


@pytest.mark.parametrize(
    "transformer",
    [
        AdditiveChi2Sampler(),
        SkewedChi2Sampler(skewedness=0.5, n_components=5, random_state=0),
        PowerTransformer(method="box-cox"),
        SplineTransformer(extrapolation="error"),
        NMF(2, tol=0, max_iter=5, random_state=0),
    ],
    ids=id_of,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_tree_takes_no_refused_row_for_one_with_a_missing_value(transformer):
    X, y = blobs()
    model = make_pipeline(transformer, DecisionTreeClassifier(max_depth=3, random_state=0))
    assert "refused" in check(model, np.abs(X / X.std(axis=0)) + 0.01, y).points


@pytest.mark.parametrize("transformer", [SparsePCA(2, random_state=0), MiniBatchNMF(2, tol=0, max_iter=5)], ids=id_of)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_column_and_float32(transformer, dtype):
    X, y = blobs(rows=60, columns=1)
    model = make_pipeline(transformer, LinearRegression())
    check(model, np.abs(X / X.std(axis=0)).astype(dtype), y)


def test_distances_of_birch_from_rows_that_are_its_centres():
    X, y = blobs(columns=5)
    model = make_pipeline(StandardScaler(), Birch(threshold=0.3, n_clusters=None), LinearRegression())
    assert check(model, X, y).mismatches == 0


def test_a_tree_of_a_single_leaf():
    X, y = blobs(rows=40, columns=3)
    model = make_pipeline(RandomTreesEmbedding(3, min_samples_leaf=20, random_state=0), LogisticRegression())
    check(model, X, y)
    assert 1 in [tree.tree_.node_count for tree in model[0].estimators_]


def test_partial_least_squares():
    """Fitted separately: within the fit of a pipeline, its fit_transform would return the targets too."""
    X, y = blobs(columns=5)
    scores = PLSSVD(1).fit(X, y)
    model = make_pipeline(scores, LinearRegression().fit(scores.transform(X), y))
    model.fit = lambda X, y: model
    assert check(model, X, y).largest_error <= 1e-12


def test_kernels_with_the_training_rows():
    X, y = blobs(rows=20)
    assert check(make_pipeline(KernelCenterer(), Ridge()), rbf_kernel(X / X.std(axis=0)), y).largest_error <= 1e-11


def test_a_pool_in_python_is_refused():
    with pytest.raises(ConversionError, match=r"use one of np\.mean, np\.sum, np\.max, np\.min, np\.median"):
        check(make_pipeline(FeatureAgglomeration(2, pooling_func=np.std), LinearRegression()), *blobs())
