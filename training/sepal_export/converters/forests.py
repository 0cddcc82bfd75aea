"""scikit-learn's own decision trees, and the means of many of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.tree_ensemble import Tree, fold, sum_of_leaves, sum_of_trees
from sepal_export.graph import Value
from sepal_export.registry import converts
from sepal_export.table import Classification, Table
from sepal_export.versions import SKLEARN


@converts("sklearn.DecisionTreeClassifier", "sklearn.ExtraTreeClassifier")
def tree_classifier(estimator: Any, table: Table) -> Classification:
    refuse_outputs(estimator)
    probabilities = sum_of_leaves(table.numbers, [tree_of(estimator, probabilities_of(estimator))])
    return Classification(probabilities.argmax(), probabilities)


@converts("sklearn.DecisionTreeRegressor", "sklearn.ExtraTreeRegressor")
def tree_regressor(estimator: Any, table: Table) -> Value:
    refuse_outputs(estimator)
    return sum_of_trees(table.numbers, [tree_of(estimator, values_of(estimator))])


@converts("sklearn.RandomForestClassifier", "sklearn.ExtraTreesClassifier", "imblearn.BalancedRandomForestClassifier")
def forest_classifier(estimator: Any, table: Table) -> Classification:
    refuse_outputs(estimator)
    trees = [tree_of(member, probabilities_of(member)) for member in estimator.estimators_]
    probabilities = sum_of_leaves(table.numbers, trees) / float(len(trees))
    return Classification(probabilities.argmax(), probabilities)


@converts("sklearn.RandomForestRegressor", "sklearn.ExtraTreesRegressor")
def forest_regressor(estimator: Any, table: Table) -> Value:
    refuse_outputs(estimator)
    trees = [tree_of(member, values_of(member)) for member in estimator.estimators_]
    return sum_of_trees(table.numbers, trees) / float(len(trees))


def tree_of(estimator: Any, value: np.ndarray, target: int = 0) -> Tree:
    """The tree of a decision tree, which rounds every feature to float32 before it compares."""
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
    """[n, K]: of every node. Before scikit-learn 1.4 these are weights of rows, which predict_proba divides by their
    sum."""
    value = estimator.tree_.value[:, 0, : estimator.n_classes_]
    if SKLEARN >= (1, 4):
        return value
    total = value.sum(axis=1, keepdims=True)
    return value / np.where(total == 0.0, 1.0, total)


def values_of(estimator: Any) -> np.ndarray:
    """[n]: of every node."""
    return estimator.tree_.value[:, 0, 0]


def refuse_outputs(estimator: Any) -> None:
    if estimator.n_outputs_ > 1:
        raise NotImplementedError(f"it predicts {estimator.n_outputs_} targets; export one estimator for each of them")
