"""Outlier detectors: how much a row differs from the training rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sepal_export.converters.forests import tree_of
from sepal_export.converters.kernels import support_sums
from sepal_export.converters.nearest import doubt_about
from sepal_export.converters.pairwise import dense
from sepal_export.converters.rounding import EPSILON, rows_at
from sepal_export.converters.search import search_of
from sepal_export.converters.tree_ensemble import Tree, sum_of_trees
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Outliers, Table
from sepal_export.registry import converts, where


@converts("sklearn.IsolationForest")
def isolation_forest(estimator: Any, table: Table) -> Outliers:
    """The score depends on how few splits isolate a row. The label is decided by the depths, because they are exact:
    with `contamination`, the offset can be the score of a training row, and then the last bit of a power would decide
    the label."""
    members = zip(estimator.estimators_, estimator.estimators_features_, strict=True)
    trees = [isolation_tree(estimator, index, *member) for index, member in enumerate(members)]
    depth, longest = sum_of_trees(table.numbers, trees), longest_depth(estimator)
    # With one training row, the trees have no depth.
    score = table.graph.node("Pow", np.float64(2), -(depth / longest)) if longest else depth * 0.0 + 0.5
    is_outlier = depth < first_inlier(lambda value: decision_at(value, longest, estimator.offset_), len(trees))
    return Outliers(is_outlier.cast(np.int64).reshape(-1), -score - np.float64(estimator.offset_))


def isolation_tree(estimator: Any, index: int, member: Any, features: np.ndarray) -> Tree:
    """Converts a tree, which refers to its own subset of `features` by position."""
    tree = tree_of(member, depths_of(estimator, index))
    # Unlike scikit-learn's other tree estimators, it accepts infinity.
    return replace(tree, feature=np.asarray(features)[np.where(tree.is_leaf, 0, tree.feature)], rounded=0)


def depths_of(estimator: Any, index: int) -> np.ndarray:
    """[n]: the depth of every node of a tree, plus the expected depth of further splits among the training rows that
    end there."""
    return estimator._decision_path_lengths[index] + estimator._average_path_length_per_tree[index] - 1.0


def longest_depth(estimator: Any) -> float:
    """The divisor of the sum of depths: the number of trees times the average depth of a tree of as many rows."""
    rows = estimator._max_samples
    average = float(rows == 2)
    if rows > 2:
        average = 2.0 * (np.log(rows - 1.0) + np.euler_gamma) - 2.0 * (rows - 1.0) / rows
    return float(len(estimator.estimators_) * average)


def decision_at(depth: float, longest: float, offset: float) -> float:
    """The decision, computed like in scikit-learn."""
    score = 2 ** -(np.array([depth]) / longest if longest else np.ones(1))
    return float((-score - offset)[0])


def first_inlier(decision: Callable[[float], float], largest: float) -> float:
    """The least depth with a decision of at least zero; all larger depths have one too."""
    low, high = -1.0, 2.0
    while decision(high) < 0 and high < 1e300:
        high *= 2
    if decision(0.0) >= 0:
        return 0.0
    while (middle := low + (high - low) / 2) not in (low, high):
        low, high = (low, middle) if decision(middle) >= 0 else (middle, high)
    return high


@converts("sklearn.OneClassSVM")
def one_class_machine(estimator: Any, table: Table) -> Outliers:
    score = support_sums(estimator, table.numbers, dense(estimator._dual_coef_).T)
    return Outliers(label_of(score > 0.0), score)


@converts("sklearn.SGDOneClassSVM")
def linear_one_class_machine(estimator: Any, table: Table) -> Outliers:
    score = table.numbers @ estimator.coef_.reshape(-1, 1) - estimator.offset_
    return Outliers(label_of(score >= 0.0), score)


@converts("sklearn.EllipticEnvelope")
def elliptic_envelope(estimator: Any, table: Table) -> Outliers:
    """Mahalanobis distances, added up like in scipy.spatial.distance. The offset is a training row's distance, or close
    to one, and must match to the last bit."""
    difference = table.numbers - estimator.location_
    precision = np.asarray(estimator.get_precision(), dtype=np.float64)
    far = np.abs(rows_at(table.numbers) - estimator.location_)
    terms, distances = ((far @ matrix * far).sum(axis=1).max(initial=0.0) for matrix in (np.abs(precision), precision))
    # Rows outside of the training data have larger terms.
    table.graph.expect_rounding(100 * EPSILON * len(precision) * float(terms / (distances or 1.0)))
    products = (difference.reshape(-1, 1, len(precision)) * precision).sum(2, keepdims=False)
    distance = (products * difference).sum().sqrt()
    score = -(distance * distance) - np.float64(estimator.offset_)
    return Outliers(label_of(score >= 0.0), score)


@converts("sklearn.LocalOutlierFactor")
def local_outlier_factor(estimator: Any, table: Table) -> Outliers:
    """How much denser the surroundings of a row's neighbours are than its own."""
    search, count = search_of(estimator, table.numbers), int(estimator.n_neighbors_)
    density = estimator._lrd[search.rows]
    farthest = estimator._distances_fit_X_[search.rows, count - 1]
    told_apart = np.stack([density, farthest], axis=1)
    in_doubt = search.is_in_doubt(table.numbers, count, told_apart)
    if in_doubt is not None:
        table.graph.doubt(
            in_doubt, f"{where(table, estimator)} cannot be exported: {{}} {doubt_about(estimator, search)}"
        )
    distances, places = search.nearest(table.numbers, count, told_apart)
    reach = distances.maximum(table.graph.constant(farthest).rows(places))
    own = 1.0 / (reach.sum() / float(count) + 1e-10)
    ratios = table.graph.constant(density).rows(places) / own
    score = -(ratios.sum() / float(count)) - np.float64(estimator.offset_)
    return Outliers(label_of(~(score < 0.0)), score)


def label_of(is_inlier: Value) -> Value:
    """[N, 1] bool → [N] int64."""
    return (~is_inlier).cast(np.int64).reshape(-1)
