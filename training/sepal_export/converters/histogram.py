"""scikit-learn's histogram gradient boosting. Its trees compare in float64 and support categories."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.encoders import label
from sepal_export.converters.tree_ensemble import Tree, constant, sum_of_trees
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Column, Table, by_sign, with_complement
from sepal_export.registry import converts, transform
from sepal_export.versions import SKLEARN

# Losses for which the raw prediction is the logarithm of the value.
LOG_LOSSES = ("gamma", "poisson")


@converts("sklearn.HistGradientBoostingClassifier")
def histogram_classifier(estimator: Any, table: Table) -> Classification:
    if len(estimator.classes_) == 1:
        raise NotImplementedError("it was trained on one class; train it on two or more")
    raw = raw_prediction(estimator, table)
    graph = table.graph
    if len(estimator.classes_) > 2:
        return Classification(raw.argmax(), graph.softmax(raw), raw)
    return Classification(by_sign(raw), with_complement(graph.sigmoid(raw)), raw)


@converts("sklearn.HistGradientBoostingRegressor")
def histogram_regressor(estimator: Any, table: Table) -> Value:
    raw = raw_prediction(estimator, table)
    return raw.exp() if estimator.loss in LOG_LOSSES else raw


def raw_prediction(estimator: Any, table: Table) -> Value:
    """[N, 1] for two classes and regression, [N, K] for more."""
    first = estimator._baseline_prediction[0]
    trees = [constant(value, target) for target, value in enumerate(first)]
    for stage in estimator._predictors:
        trees += [tree_of(predictor, target) for target, predictor in enumerate(stage)]
    return sum_of_trees(encoded(estimator, table), trees, targets=len(first))


def encoded(estimator: Any, table: Table) -> Value:
    """The trees' input, in which a category is an integer, and an unknown category a missing value. Since scikit-learn
    1.4, the categories come first."""
    if estimator.is_categorical_ is None:
        return table.numbers
    if SKLEARN < (1, 4):
        return with_known_categories(estimator, table)
    encoder = estimator._preprocessor.named_transformers_["encoder"]
    categories = transform(encoder, table.select(np.flatnonzero(estimator.is_categorical_).tolist()))
    numbers = np.flatnonzero(~estimator.is_categorical_).tolist()
    return Table.concat([categories, table.select(numbers)]).numbers if numbers else categories.numbers


def with_known_categories(estimator: Any, table: Table) -> Value:
    """[N, W] with NaN for an unknown category. Before scikit-learn 1.4 a category is the last byte of an integer, and a
    negative number is unknown."""
    columns = [table.plain_column(index) for index in range(len(estimator.is_categorical_))]
    for index in np.flatnonzero(estimator.is_categorical_):
        x, known = columns[index].value, estimator._bin_mapper.bin_thresholds_[index]
        last_byte = x.graph.node("Mod", x.cast(np.int64), np.int64(256)).cast(np.float64)
        category = Column(x.graph.where(x >= 0.0, last_byte, np.nan))
        columns[index] = Column(label(category, known, np.array([np.nan, *known])))
    return Table(columns=columns).numbers


def tree_of(predictor: Any, target: int) -> Tree:
    nodes = predictor.nodes
    is_leaf = nodes["is_leaf"].astype(bool)
    splits = np.flatnonzero(nodes["is_categorical"].astype(bool) & ~is_leaf)
    return Tree(
        feature=nodes["feature_idx"],
        threshold=nodes["num_threshold"],
        left=np.where(is_leaf, -1, nodes["left"].astype(np.int64)),
        right=nodes["right"].astype(np.int64),
        value=nodes["value"],
        missing_left=nodes["missing_go_to_left"].astype(bool),
        categories={
            int(node): members_of(predictor.raw_left_cat_bitsets[nodes["bitset_idx"][node]]) for node in splits
        },
        target=target,
    )


def members_of(bits: np.ndarray) -> np.ndarray:
    """[8] uint32 → the positions of the bits that are set."""
    return np.flatnonzero(np.unpackbits(bits.astype("<u4").view(np.uint8), bitorder="little"))
