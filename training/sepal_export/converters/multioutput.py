"""Estimators of several targets, with one part for each target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sepal_export.converters.ensembles import required
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Several, Table
from sepal_export.registry import Answer, convert, converts


@converts("sklearn.MultiOutputRegressor")
def multi_output_regressor(estimator: Any, table: Table) -> Value:
    """[N, T]."""
    parts = [part_of(f"target {index}", part, table) for index, part in enumerate(estimator.estimators_)]
    return table.graph.concat([part.reshape(-1, 1) for part in parts])


@converts("sklearn.MultiOutputClassifier")
def multi_output_classifier(estimator: Any, table: Table) -> Classification | Several:
    parts = [part_of(f"target {index}", part, table) for index, part in enumerate(estimator.estimators_)]
    return several(parts)


@converts("sklearn.RegressorChain")
def regressor_chain(estimator: Any, table: Table) -> Value:
    """[N, T]."""
    return table.graph.concat([answer.reshape(-1, 1) for answer in chained(estimator, table, "predict")])


@converts("sklearn.ClassifierChain")
def classifier_chain(estimator: Any, table: Table) -> Classification | Several:
    return several(chained(estimator, table, getattr(estimator, "chain_method_", "predict")), is_one_array=True)


def several(parts: Sequence[Classification], *, is_one_array: bool = False) -> Classification | Several:
    """Combines the answers of the targets. A matrix of targets may have a single column; its answer stays as it is."""
    return parts[0] if len(parts) == 1 else Several(tuple(parts), is_one_array)


def chained(estimator: Any, table: Table, method: str) -> list[Answer]:
    """The answers by target. Each part gets the features, and the results of `method` of the earlier parts in the
    chain."""
    features, answers = table.numbers, {}
    for place, (target, part) in enumerate(zip(estimator.order_, estimator.estimators_, strict=True)):
        answers[int(target)] = answer = part_of(f"target {target}", part, Table(matrix=features))
        if place + 1 < len(estimator.estimators_):
            features = table.graph.concat([features, feature_of(part, answer, method)])
    return [answers[target] for target in range(len(answers))]


def feature_of(part: Any, answer: Answer, method: str) -> Value:
    """[N, 1]: the feature that later parts get from this part's answer."""
    if isinstance(answer, Value):
        return answer.reshape(-1, 1)
    match method:
        case "predict":
            return answer.label.graph.constant(part.classes_.astype(np.float64)).rows(answer.label).reshape(-1, 1)
        case "decision_function":
            return required(answer.decision, part, method)
        case _:
            # The probability of the second of two classes, or its logarithm if that was asked for.
            probability = required(answer.probabilities, part, method).columns([1])
            return probability.log() if method == "predict_log_proba" else probability


def part_of(name: str, part: Any, table: Table) -> Answer:
    with table.graph.at(name):
        return convert(part, table)
