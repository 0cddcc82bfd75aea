"""The tree-based transformers of feature_engine, which compute a column from others."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.feature_engine.discretisation import bin_of, put_bins
from sepal_export.converters.feature_engine.frames import Frame, Name
from sepal_export.graphs.functions import round_to
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import convert, converts


@converts("feature_engine.DecisionTreeDiscretiser")
def decision_tree_discretiser(estimator: Any, table: Table) -> Table:
    """The tree's prediction for the column, or the bin between its thresholds."""
    frame = Frame(estimator, table)
    frame.require(estimator.variables_, finite=True)
    for name, learned in estimator.binner_dict_.items():
        if estimator.bin_output == "prediction":
            frame.put([name], rounded(predicted(learned, frame, [name]), estimator.precision))
        else:
            bins = bin_of(frame.numbers([name]), learned)
            put_bins(frame, name, bins, learned, estimator if estimator.bin_output == "boundaries" else None)
    return frame.table()


@converts("feature_engine.DecisionTreeFeatures")
def decision_tree_features(estimator: Any, table: Table) -> Table:
    frame = Frame(estimator, table)
    frame.require(estimator.variables_, finite=True)
    is_of_labels = not estimator.regression and estimator._is_binary != "binary"
    for names, tree in zip(estimator.input_features_, estimator.estimators_, strict=True):
        of = [names] if isinstance(names, str | int) else names
        value = label_of(tree, frame, of) if is_of_labels else rounded(predicted(tree, frame, of), estimator.precision)
        frame.put([f"tree({names})"], value)
    if estimator.drop_original:
        frame.drop(estimator.variables_)
    return frame.table()


def predicted(tree: Any, frame: Frame, names: list[Name]) -> Value:
    """[N, 1]: the value, or the probability of the second class."""
    answer = convert(tree, Table(matrix=frame.numbers(names)))
    return answer if isinstance(answer, Value) else answer.probabilities.columns([1])


def label_of(tree: Any, frame: Frame, names: list[Name]) -> Value:
    classes = np.asarray(tree.classes_)
    if classes.dtype.kind not in "iufb":
        raise NotImplementedError(
            "its trees answer classes that are strings, and no step can compute with them; fit it to numbers"
        )
    answer = convert(tree, Table(matrix=frame.numbers(names)))
    return frame.graph.constant(classes.astype(np.float64)).rows(answer.label).reshape(-1, 1)


def rounded(value: Value, precision: int | None) -> Value:
    value = value.reshape(-1, 1)
    return value if precision is None else round_to(value, precision)
