"""scikit-learn's decision trees, and forests, which are means of many trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sepal_export.converters.tree_ensemble import Tree, fold, sum_of_leaves, sum_of_trees
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Several, Table
from sepal_export.registry import converts
from sepal_export.versions import SKLEARN


@converts("sklearn.DecisionTreeClassifier", "sklearn.ExtraTreeClassifier")
def tree_classifier(estimator: Any, table: Table) -> Classification | Several:
    probabilities = sum_of_leaves(table.numbers, [tree_of(estimator, probabilities_of(estimator))])
    return classification(estimator, probabilities)


@converts("sklearn.DecisionTreeRegressor", "sklearn.ExtraTreeRegressor")
def tree_regressor(estimator: Any, table: Table) -> Value:
    return sum_of_values(table.numbers, [estimator])


@converts("sklearn.RandomForestClassifier", "sklearn.ExtraTreesClassifier", "imblearn.BalancedRandomForestClassifier")
def forest_classifier(estimator: Any, table: Table) -> Classification | Several:
    trees = [tree_of(member, probabilities_of(member)) for member in estimator.estimators_]
    return classification(estimator, sum_of_leaves(table.numbers, trees) / float(len(trees)))


@converts("sklearn.RandomForestRegressor", "sklearn.ExtraTreesRegressor")
def forest_regressor(estimator: Any, table: Table) -> Value:
    return sum_of_values(table.numbers, estimator.estimators_) / float(len(estimator.estimators_))


def classification(estimator: Any, probabilities: Value) -> Classification | Several:
    """The answer from `probabilities` [N, K], or [N, K1 + K2 + …] for several targets."""
    if estimator.n_outputs_ == 1:
        return Classification(probabilities.argmax(), probabilities)
    ends = np.cumsum(estimator.n_classes_)
    parts = [
        probabilities.columns(np.arange(end - size, end)) for size, end in zip(estimator.n_classes_, ends, strict=True)
    ]
    return Several(tuple(Classification(part.argmax(), part) for part in parts))


def sum_of_values(x: Value, members: Sequence[Any]) -> Value:
    """[N, T]: the sum of the regressors' trees."""
    trees = [tree_of(member, values_of(member)) for member in members]
    return sum_of_trees(x, trees) if members[0].n_outputs_ == 1 else sum_of_leaves(x, trees)


def tree_of(estimator: Any, value: np.ndarray, target: int = 0) -> Tree:
    """Converts a decision tree, which rounds every feature to float32 before it compares."""
    tree = estimator.tree_
    return Tree(
        feature=tree.feature,
        threshold=fold(tree.threshold),
        left=tree.children_left,
        right=tree.children_right,
        value=value,
        missing_left=tree.missing_go_to_left.astype(bool),
        target=target,
        rounded=tree.n_features,
    )


def probabilities_of(estimator: Any) -> np.ndarray:
    """[n, K], or [n, K1 + K2 + …] for several targets: the probabilities of every node."""
    sizes = np.atleast_1d(estimator.n_classes_)
    return np.concatenate(
        [shares(estimator.tree_.value[:, target, :size]) for target, size in enumerate(sizes)], axis=1
    )


def shares(value: np.ndarray) -> np.ndarray:
    """[n, K] for one target. Before scikit-learn 1.4 the tree stores weights of rows, which predict_proba divides by
    their sum."""
    if SKLEARN >= (1, 4):
        return value
    total = value.sum(axis=1, keepdims=True)
    return value / np.where(total == 0.0, 1.0, total)


def values_of(estimator: Any) -> np.ndarray:
    """[n], or [n, T] for several targets: the value of every node."""
    value = estimator.tree_.value[:, :, 0]
    return value[:, 0] if estimator.n_outputs_ == 1 else value
