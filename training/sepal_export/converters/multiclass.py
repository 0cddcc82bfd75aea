"""Classifiers of several classes that consist of binary classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.base import is_regressor

from sepal_export.converters.ensembles import add, part_against_rest, score_of, threshold
from sepal_export.converters.pairwise import expanded_squared_distances
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import convert, converts


@converts("sklearn.OneVsOneClassifier")
def one_vs_one(estimator: Any, table: Table) -> Classification:
    if estimator.pairwise_indices_ is not None:
        raise NotImplementedError("it takes a matrix of kernels, not features; fit its estimators with kernel='rbf'")
    parts, classes = estimator.estimators_, len(estimator.classes_)
    answers = [part_of_pair(index, part, table) for index, part in enumerate(parts)]
    decision = against_the_rest([label for label, _ in answers], [score for _, score in answers], classes)
    if classes > 2:
        return Classification(decision.argmax(), decision=decision)
    second = decision.columns([1])
    return Classification((second > threshold(parts[0])).cast(np.int64).reshape(-1), decision=second)


def part_of_pair(index: int, part: Any, table: Table) -> tuple[Value, Value]:
    """[N, 1] float64 both: the prediction, and the score of the second class."""
    if is_regressor(part):
        with table.graph.at(f"pair {index}"):
            value = convert(part, table).reshape(-1, 1)
        return value, value
    with table.graph.at(f"pair {index}"):
        answer = convert(part, table)
    # Its classes are 0 and 1, which are also their positions.
    label = answer.label.cast(np.float64).reshape(-1, 1)
    return label, score_of(part, answer)


def against_the_rest(predicted: Sequence[Value], scores: Sequence[Value], classes: int) -> Value:
    """[N, 1] for each pair of classes (1 if the second wins) → [N, K]: votes, plus the sums of scores squeezed to less
    than a third of a vote. They are added in the original's order, which decides between equal votes."""
    votes: list[list[Value]] = [[] for _ in range(classes)]
    sums: list[list[Value]] = [[] for _ in range(classes)]
    for (first, second), label, score in zip(combinations(range(classes), 2), predicted, scores, strict=True):
        votes[first].append(label.equals(0.0).cast(np.float64))
        votes[second].append(label.equals(1.0).cast(np.float64))
        sums[first].append(-score)
        sums[second].append(score)
    graph = scores[0].graph
    total = graph.concat([add(terms) for terms in sums])
    return graph.concat([add(terms) for terms in votes]) + total / ((total.abs() + 1.0) * 3.0)


@converts("sklearn.OutputCodeClassifier")
def output_code(estimator: Any, table: Table) -> Classification:
    """The class whose code is nearest to the parts' scores."""
    scores = [part_against_rest(index, part, table)[0] for index, part in enumerate(estimator.estimators_)]
    distances = expanded_squared_distances(table.graph.concat(scores), estimator.code_book_)
    return Classification((-distances).argmax())
