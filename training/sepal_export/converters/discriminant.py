"""Discriminant analysis and nearest centroids."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.linear import logistic_regression
from sepal_export.converters.pairwise import expanded_squared_distances, manhattan_distances
from sepal_export.converters.rounding import squared_distances_at
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import converts, transforms


@converts("sklearn.LinearDiscriminantAnalysis")
def linear_discriminant(estimator: Any, table: Table) -> Classification:
    return logistic_regression(estimator, table)


@transforms("sklearn.LinearDiscriminantAnalysis")
def linear_discriminant_projection(estimator: Any, table: Table) -> Value:
    x = table.numbers
    if estimator.solver == "svd":
        x = x - estimator.xbar_.astype(np.float64)
    return x @ estimator.scalings_[:, : estimator._max_components].astype(np.float64)


@converts("sklearn.QuadraticDiscriminantAnalysis")
def quadratic_discriminant(estimator: Any, table: Table) -> Classification:
    distances = []
    for rotation, scaling, mean in zip(estimator.rotations_, estimator.scalings_, estimator.means_, strict=True):
        axes = (rotation * scaling**-0.5).astype(np.float64)
        projected = (table.numbers - mean.astype(np.float64)) @ axes
        distances.append((projected * projected).sum())
    volumes = np.asarray([np.sum(np.log(scaling)) for scaling in estimator.scalings_], dtype=np.float64)
    scores = (table.graph.concat(distances) + volumes) * -0.5 + np.log(estimator.priors_).astype(np.float64)
    return by_scores(scores, scores.argmax(), len(estimator.classes_))


@converts("sklearn.NearestCentroid")
def nearest_centroid(estimator: Any, table: Table) -> Classification:
    """Probabilities exist only for Euclidean distances; before scikit-learn 1.6 there are no probabilities and no
    priors."""
    if estimator.metric not in ("euclidean", "manhattan"):
        raise NotImplementedError(f"metric={estimator.metric!r} has no converter; use metric='euclidean'")
    classes, priors = len(estimator.classes_), getattr(estimator, "class_prior_", None)
    if priors is None or np.isclose(priors, 1 / classes).all():
        label = nearest(table.numbers, np.asarray(estimator.centroids_, dtype=np.float64), estimator.metric)
    else:
        label = centroid_scores(estimator, table).argmax()
    if not hasattr(estimator, "predict_proba"):
        return Classification(label)
    return by_scores(centroid_scores(estimator, table), label, classes)


def centroid_scores(estimator: Any, table: Table) -> Value:
    """[N, K]: scores from distances in units of each feature's deviation within the classes."""
    deviation = np.where(estimator.within_class_std_dev_ == 0, 1.0, estimator.within_class_std_dev_)
    x = table.numbers / deviation
    centroids = estimator.centroids_ / deviation
    if estimator.metric == "manhattan":
        distances = manhattan_distances(x, centroids)
    else:
        # The probabilities are exponentials of the squared distances, and so have the distances' rounding errors.
        x.graph.expect_rounding(squared_distances_at(x, np.asarray(centroids, dtype=np.float64))[1])
        distances = table.graph.concat([squared_distance(x, centroid).sqrt() for centroid in centroids])
    return -(distances * distances) + 2.0 * np.log(estimator.class_prior_)


def squared_distance(x: Value, point: np.ndarray) -> Value:
    """[N, 1]: ‖x‖² - 2x·point + ‖point‖², added up like in scikit-learn, and at least zero."""
    products = x @ point.reshape(-1, 1) * -2.0
    return (products + (x * x).sum() + np.sum(point * point)).maximum(0.0)


def nearest(x: Value, centroids: np.ndarray, metric: str) -> Value:
    """[N] int64: the centroid with the least distance, or squared distance. ‖x‖² is included although it is the same
    for all centroids: if it is so large that rounding loses the rest, the first centroid is the nearest. Features are
    not scaled here, unlike for the scores."""
    distances = manhattan_distances if metric == "manhattan" else expanded_squared_distances
    return (-distances(x, centroids)).argmax()


def by_scores(scores: Value, label: Value, classes: int) -> Classification:
    """The softmax of `scores` [N, K], computed with logarithms."""
    likelihood = scores - scores.max()
    probabilities = (likelihood - likelihood.exp().sum().log()).exp()
    decision = scores.columns([1]) - scores.columns([0]) if classes == 2 else scores
    return Classification(label, probabilities, decision)
