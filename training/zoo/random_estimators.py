"""Estimators with options drawn by chance, small enough to be fitted in a moment."""

from __future__ import annotations

from typing import Any

import numpy as np
from catboost import CatBoostClassifier, CatBoostRegressor
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn import (
    cluster,
    covariance,
    decomposition,
    discriminant_analysis,
    dummy,
    ensemble,
    gaussian_process,
    kernel_approximation,
    linear_model,
    mixture,
    naive_bayes,
    neighbors,
    neural_network,
    preprocessing,
    svm,
    tree,
)
from xgboost import XGBClassifier, XGBRegressor

SEED = {"random_state": 0}


def of(random: np.random.Generator, kind: str) -> Any:
    """`kind`: value, label, outliers or clusters."""
    known = {"value": regressors, "label": classifiers, "outliers": detectors, "clusters": clusterers}[kind](random)
    return known[int(random.integers(0, len(known)))]


def tree_options(random: np.random.Generator) -> dict[str, Any]:
    return {"max_depth": int(random.integers(1, 7)), "min_samples_leaf": int(random.choice([1, 3])), **SEED}


def forest_options(random: np.random.Generator) -> dict[str, Any]:
    return {"n_estimators": int(random.integers(2, 12)), **tree_options(random)}


def neighbour_options(random: np.random.Generator) -> dict[str, Any]:
    return {
        "n_neighbors": int(random.integers(1, 8)),
        "weights": str(random.choice(["uniform", "distance"])),
        "algorithm": str(random.choice(["auto", "kd_tree", "ball_tree", "brute"])),
        "metric": str(random.choice(["minkowski", "manhattan", "chebyshev"])),
    }


def kernel_options(random: np.random.Generator) -> dict[str, Any]:
    return {
        "kernel": str(random.choice(["rbf", "linear", "poly", "sigmoid"])),
        "C": float(10.0 ** random.integers(-1, 2)),
    }


def booster_options(random: np.random.Generator) -> dict[str, Any]:
    return {"n_estimators": int(random.integers(1, 10)), "max_depth": int(random.integers(1, 5)), "n_jobs": 1}


def of_catboost(random: np.random.Generator) -> dict[str, Any]:
    depth = int(random.integers(1, 5))
    return {"iterations": 5, "depth": depth, "thread_count": 1, "verbose": False, "allow_writing_files": False}


def regressors(random: np.random.Generator) -> list[Any]:
    return [
        linear_model.LinearRegression(),
        linear_model.Ridge(float(10.0 ** random.integers(-3, 3))),
        linear_model.Lasso(0.1),
        linear_model.ElasticNet(0.1),
        linear_model.BayesianRidge(),
        linear_model.HuberRegressor(),
        linear_model.TweedieRegressor(power=float(random.choice([0, 1, 1.5, 2]))),
        linear_model.PoissonRegressor(),
        linear_model.SGDRegressor(**SEED),
        linear_model.RANSACRegressor(**SEED),
        svm.SVR(**kernel_options(random)),
        svm.LinearSVR(**SEED),
        neighbors.KNeighborsRegressor(**neighbour_options(random)),
        neural_network.MLPRegressor(
            hidden_layer_sizes=(5,), max_iter=20, activation=str(random.choice(["relu", "tanh", "logistic"])), **SEED
        ),
        gaussian_process.GaussianProcessRegressor(alpha=0.1, normalize_y=bool(random.random() < 0.5)),
        tree.DecisionTreeRegressor(**tree_options(random)),
        tree.ExtraTreeRegressor(**tree_options(random)),
        ensemble.RandomForestRegressor(**forest_options(random)),
        ensemble.ExtraTreesRegressor(**forest_options(random)),
        ensemble.GradientBoostingRegressor(**forest_options(random)),
        ensemble.HistGradientBoostingRegressor(max_iter=5, **SEED),
        XGBRegressor(**booster_options(random)),
        LGBMRegressor(min_child_samples=3, verbose=-1, **booster_options(random)),
        CatBoostRegressor(**of_catboost(random)),
        dummy.DummyRegressor(),
    ]


def classifiers(random: np.random.Generator) -> list[Any]:
    return [
        linear_model.LogisticRegression(C=float(10.0 ** random.integers(-2, 3)), max_iter=50),
        linear_model.RidgeClassifier(),
        linear_model.SGDClassifier(loss=str(random.choice(["hinge", "log_loss", "modified_huber"])), **SEED),
        linear_model.Perceptron(**SEED),
        svm.LinearSVC(**SEED),
        svm.SVC(**kernel_options(random), probability=bool(random.random() < 0.3), **SEED),
        svm.NuSVC(nu=0.1),
        neighbors.KNeighborsClassifier(**neighbour_options(random)),
        neighbors.NearestCentroid(),
        naive_bayes.GaussianNB(),
        naive_bayes.BernoulliNB(),
        discriminant_analysis.LinearDiscriminantAnalysis(),
        discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.1),
        neural_network.MLPClassifier(hidden_layer_sizes=(5,), max_iter=20, **SEED),
        gaussian_process.GaussianProcessClassifier(),
        tree.DecisionTreeClassifier(**tree_options(random)),
        tree.ExtraTreeClassifier(**tree_options(random)),
        ensemble.RandomForestClassifier(**forest_options(random)),
        ensemble.ExtraTreesClassifier(**forest_options(random)),
        ensemble.GradientBoostingClassifier(**forest_options(random)),
        ensemble.HistGradientBoostingClassifier(max_iter=5, **SEED),
        XGBClassifier(**booster_options(random)),
        LGBMClassifier(min_child_samples=3, verbose=-1, **booster_options(random)),
        CatBoostClassifier(**of_catboost(random)),
        dummy.DummyClassifier(),
    ]


def detectors(random: np.random.Generator) -> list[Any]:
    share = 0.1 if random.random() < 0.5 else "auto"
    return [
        ensemble.IsolationForest(n_estimators=int(random.integers(1, 10)), contamination=share, **SEED),
        neighbors.LocalOutlierFactor(int(random.integers(2, 9)), novelty=True, contamination=share),
        svm.OneClassSVM(nu=0.2),
        linear_model.SGDOneClassSVM(**SEED),
        covariance.EllipticEnvelope(contamination=0.1, **SEED),
    ]


def clusterers(random: np.random.Generator) -> list[Any]:
    count = int(random.integers(2, 6))
    return [
        cluster.KMeans(count, n_init=1, **SEED),
        cluster.MiniBatchKMeans(count, n_init=1, **SEED),
        cluster.BisectingKMeans(count, **SEED),
        cluster.MeanShift(),
        cluster.Birch(n_clusters=count),
        mixture.GaussianMixture(
            count, covariance_type=str(random.choice(["full", "tied", "diag", "spherical"])), **SEED
        ),
        mixture.BayesianGaussianMixture(n_components=count, **SEED),
    ]


def transformers(random: np.random.Generator) -> list[Any]:
    return [
        decomposition.PCA(1),
        decomposition.FactorAnalysis(1),
        decomposition.KernelPCA(2, kernel="rbf"),
        kernel_approximation.Nystroem(n_components=5, **SEED),
        kernel_approximation.RBFSampler(n_components=5, **SEED),
        preprocessing.Normalizer(),
        preprocessing.MaxAbsScaler(),
        preprocessing.MinMaxScaler(clip=bool(random.random() < 0.5)),
        preprocessing.Binarizer(threshold=0.3),
        preprocessing.FunctionTransformer(np.arcsinh),
        cluster.KMeans(3, n_init=1, **SEED),
    ]
