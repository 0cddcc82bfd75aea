"""Clusterers and mixtures: the point, or the distribution, that is nearest to a row."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import digamma
from sklearn.mixture._gaussian_mixture import _compute_log_det_cholesky

from sepal_export.converters.bayes import log_sum_exp
from sepal_export.converters.pairwise import expanded_squared_distances
from sepal_export.converters.rounding import EPSILON, near_a_center, rows_at, squared_distances_at
from sepal_export.converters.search import BITS
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Clusters, Table
from sepal_export.registry import converts, transforms, where

# How much a distance may differ from the original's, as a share of the largest distance. Near a center the squares
# cancel down to their last bits, and the root of 1e-16 is 1e-8.
NEAR_A_CENTER = 1e-7


@converts("sklearn.KMeans", "sklearn.MiniBatchKMeans")
def k_means(estimator: Any, table: Table) -> Clusters:
    centers = centers_of(estimator.cluster_centers_)
    doubt_the_middle(estimator, table, centers)
    return Clusters(nearest_by_products(table.numbers, centers), distances_to(table.numbers, centers))


@converts("sklearn.BisectingKMeans")
def bisecting_k_means(estimator: Any, table: Table) -> Clusters:
    """A tree in which each node sends a row to the nearer of two centers."""
    mean = getattr(estimator, "_X_mean", 0.0)

    def label(node: Any) -> Value | np.ndarray:
        if node.left is None:
            return np.array([node.label], dtype=np.int64)
        centers = np.vstack((node.left.center, node.right.center)) + mean
        doubt_the_middle(estimator, table, centers)
        is_right = nearest_by_products(table.numbers, centers).cast(bool)
        return table.graph.where(is_right, label(node.right), label(node.left))

    root = estimator._bisecting_tree
    # With a single cluster, no row needs a comparison.
    labels = label(root) if root.left is not None else table.numbers.columns([0]).isnan().cast(np.int64).reshape(-1)
    return Clusters(labels, distances_to(table.numbers, centers_of(estimator.cluster_centers_)))


@converts("sklearn.MeanShift", "sklearn.AffinityPropagation")
def nearest_center(estimator: Any, table: Table) -> Clusters:
    centers = centers_of(estimator.cluster_centers_)
    doubt_the_middle(estimator, table, centers)
    return Clusters(nearest(table.numbers, centers))


@converts("sklearn.Birch")
def birch(estimator: Any, table: Table) -> Clusters:
    """The cluster of the nearest subcluster. The distances are those to the subclusters."""
    centers = centers_of(estimator.subcluster_centers_)
    labels = np.asarray(estimator.subcluster_labels_, dtype=np.int64)
    doubt_the_middle(estimator, table, centers, labels)
    label = table.graph.constant(labels).rows(nearest(table.numbers, centers))
    has_own = len(np.unique(labels)) == len(labels)
    return Clusters(label, distances_to(table.numbers, centers) if has_own else None)


@transforms("sklearn.Birch")
def distances_to_subclusters(estimator: Any, table: Table) -> Value:
    return features_of_distances(table.numbers, estimator.subcluster_centers_)


@transforms("sklearn.KMeans", "sklearn.MiniBatchKMeans", "sklearn.BisectingKMeans")
def distances_to_clusters(estimator: Any, table: Table) -> Value:
    return features_of_distances(table.numbers, estimator.cluster_centers_)


def features_of_distances(x: Value, centers: Any) -> Value:
    """The distances as features for a following step, which may enlarge their errors."""
    centers = centers_of(centers)
    x.graph.loosen(NEAR_A_CENTER)
    x.graph.expect_rounding(10 * off_by(x, centers))
    return expanded_squared_distances(x, centers).sqrt()


def centers_of(points: Any) -> np.ndarray:
    """[K, W]. scikit-learn computes in float32 if it was fitted on float32; clients' numbers are float64."""
    return np.asarray(points, dtype=np.float64)


def doubt_the_middle(estimator: Any, table: Table, centers: np.ndarray, labels: np.ndarray | None = None) -> None:
    """Marks rows that are equally near to another cluster, within rounding errors: the last bits decide these."""
    if len(centers) < 2:
        return
    x, labels = table.numbers, np.arange(len(centers)) if labels is None else labels
    squares = expanded_squared_distances(x, centers)
    lengths = (x * x).sum() + np.square(centers).sum(axis=1).max()
    is_near = squares + (-squares).max() <= lengths * rounding(centers)
    largest = x.graph.where(is_near, labels.astype(np.float64), -np.inf).max()
    least = x.graph.where(is_near, -labels.astype(np.float64), -np.inf).max()
    reason = (
        "{} are equally near to two clusters, to within rounding errors, so that the original's choice differs between "
        "machines; leave them out of the fit, or take another number of clusters"
    )
    x.graph.doubt(largest > -least, f"{where(table, estimator)} cannot be exported: {reason}")


def rounding(centers: np.ndarray) -> float:
    """How much a squared distance may differ between libraries, as a share of the squared lengths."""
    return BITS * (centers.shape[1] + 3)


def distances_to(x: Value, centers: np.ndarray) -> Value:
    """[N, K], computed like sklearn.metrics.euclidean_distances."""
    x.graph.loosen(off_by(x, centers))
    return expanded_squared_distances(x, centers).sqrt()


def off_by(x: Value, centers: np.ndarray) -> float:
    """How much a distance may differ from the original's, as a share of the largest."""
    return max(NEAR_A_CENTER, near_a_center(*squared_distances_at(x, centers)))


def nearest(x: Value, centers: np.ndarray) -> Value:
    """[N] int64, computed like sklearn.metrics.pairwise_distances_argmin: the first of the nearest."""
    return (-expanded_squared_distances(x, centers)).argmax()


def nearest_by_products(x: Value, centers: np.ndarray) -> Value:
    """[N] int64, compared like in KMeans: without the square of the row, which is the same for all centers."""
    return (x @ centers.T * 2.0 - (centers * centers).sum(axis=1)).argmax()


@converts("sklearn.GaussianMixture")
def gaussian_mixture(estimator: Any, table: Table) -> Clusters:
    return mixture(estimator, log_density(estimator, table.numbers))


@converts("sklearn.BayesianGaussianMixture")
def bayesian_mixture(estimator: Any, table: Table) -> Clusters:
    features, freedom = estimator.means_.shape[1], estimator.degrees_of_freedom_
    halves = 0.5 * (freedom - np.arange(features)[:, np.newaxis])
    log_lambda = features * np.log(2.0) + digamma(halves).sum(axis=0)
    density = log_density(estimator, table.numbers) - 0.5 * features * np.log(freedom)
    return mixture(estimator, density + 0.5 * (log_lambda - features / estimator.mean_precision_))


def mixture(estimator: Any, density: Value) -> Clusters:
    weighted = density + np.asarray(estimator._estimate_log_weights(), dtype=np.float64)
    return Clusters(weighted.argmax(), probabilities=(weighted - log_sum_exp(weighted)).exp())


def log_density(estimator: Any, x: Value) -> Value:
    """[N, K]: the logarithm of each component's density."""
    means, factors, features = estimator.means_, estimator.precisions_cholesky_, estimator.means_.shape[1]
    x.graph.expect_rounding(rounding_of_density(estimator, rows_at(x)))
    determinants = _compute_log_det_cholesky(factors, estimator.covariance_type, features)
    squares = squared_lengths(x, means, factors, estimator.covariance_type)
    return (squares + features * np.log(2 * np.pi)) * -0.5 + determinants


def rounding_of_density(estimator: Any, rows: np.ndarray) -> float:
    """How much the logarithm of a row's density may differ if values far from 0 cancel those of the means."""
    means, precisions = np.abs(estimator.means_), np.asarray(estimator.precisions_cholesky_) ** 2
    factors = np.abs(estimator.precisions_cholesky_)
    match estimator.covariance_type:
        case "diag":
            terms = (rows**2 @ precisions.T + np.sum(means**2 * precisions, axis=1)) * 2
        case "spherical":
            terms = ((rows**2).sum(axis=1)[:, None] + np.sum(means**2, axis=1)) * precisions * 2
        case kind:
            # The error of each deviation from the mean, times a few deviations.
            of_each = factors if kind == "full" else [factors] * len(means)
            terms = np.concatenate([(np.abs(rows) + mean) @ f * 20 for mean, f in zip(means, of_each, strict=True)])
    return EPSILON * (means.shape[1] + 3) * float(np.max(terms, initial=0.0))


def squared_lengths(x: Value, means: np.ndarray, factors: np.ndarray, kind: str) -> Value:
    """[N, K]: the squared distance of a row from each mean, in units of the component's deviations."""
    precisions = factors**2
    if kind == "diag":
        products = x @ (means * precisions).T * 2.0
        return np.sum(means**2 * precisions, axis=1) - products + x * x @ precisions.T
    if kind == "spherical":
        products = x @ means.T * precisions * 2.0
        return np.sum(means**2, axis=1) * precisions - products + (x * x).sum() * precisions
    parts = []
    for mean, factor in zip(means, factors if kind == "full" else [factors] * len(means), strict=True):
        whitened = x @ factor - mean @ factor
        parts.append((whitened * whitened).sum())
    return x.graph.concat(parts)
