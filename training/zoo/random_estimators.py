"""Estimators with random options, small enough to be fitted in a moment."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import (
    cluster,
    covariance,
    cross_decomposition,
    discriminant_analysis,
    dummy,
    ensemble,
    gaussian_process,
    kernel_ridge,
    linear_model,
    mixture,
    model_selection,
    naive_bayes,
    neighbors,
    neural_network,
    semi_supervised,
    svm,
    tree,
)

from zoo import random_libraries

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
        # Without a limit, a fit takes hours on columns of different scales.
        "max_iter": 1_000,
    }


def spreading_options(random: np.random.Generator) -> dict[str, Any]:
    return {"kernel": str(random.choice(["rbf", "knn"])), "gamma": 0.1, "n_neighbors": 3, "max_iter": 20}


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
        linear_model.Lars(n_nonzero_coefs=2),
        linear_model.OrthogonalMatchingPursuit(n_nonzero_coefs=1),
        linear_model.GammaRegressor(),
        linear_model.QuantileRegressor(alpha=0.01),
        kernel_ridge.KernelRidge(kernel=str(random.choice(["linear", "rbf", "laplacian"])), gamma=0.1),
        cross_decomposition.PLSRegression(1),
        svm.SVR(**kernel_options(random)),
        svm.NuSVR(**kernel_options(random)),
        svm.LinearSVR(**SEED),
        neighbors.RadiusNeighborsRegressor(float(10.0 ** random.integers(0, 4))),
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
        dummy.DummyRegressor(),
        *random_libraries.regressors(random),
    ]


def classifiers(random: np.random.Generator) -> list[Any]:
    return [
        linear_model.LogisticRegression(C=float(10.0 ** random.integers(-2, 3)), max_iter=50),
        linear_model.RidgeClassifier(),
        linear_model.SGDClassifier(loss=str(random.choice(["hinge", "log_loss", "modified_huber"])), **SEED),
        linear_model.Perceptron(**SEED),
        svm.LinearSVC(**SEED),
        linear_model.PassiveAggressiveClassifier(**SEED),
        svm.SVC(**kernel_options(random), probability=bool(random.random() < 0.3), **SEED),
        svm.NuSVC(nu=0.1),
        neighbors.KNeighborsClassifier(**neighbour_options(random)),
        neighbors.NearestCentroid(
            metric=str(random.choice(["euclidean", "manhattan"])),
            shrink_threshold=0.2 if random.random() < 0.3 else None,
        ),
        neighbors.RadiusNeighborsClassifier(float(10.0 ** random.integers(0, 4)), outlier_label="most_frequent"),
        naive_bayes.GaussianNB(),
        naive_bayes.BernoulliNB(),
        naive_bayes.ComplementNB(),
        naive_bayes.MultinomialNB(),
        semi_supervised.LabelSpreading(**spreading_options(random)),
        semi_supervised.LabelPropagation(**spreading_options(random)),
        semi_supervised.SelfTrainingClassifier(naive_bayes.GaussianNB()),
        model_selection.FixedThresholdClassifier(naive_bayes.GaussianNB(), threshold=0.3),
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
        dummy.DummyClassifier(),
        *random_libraries.classifiers(random),
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
