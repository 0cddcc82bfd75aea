"""Classifiers that change the answer of an inner classifier: they calibrate its probabilities, or compare its score
with a threshold of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.ensembles import add, probabilities_of, required
from sepal_export.estimators import class_name
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import convert, converts

# scikit-learn adds this to a probability before it takes the logarithm.
EPSILON = 1e-12


@converts("sklearn.CalibratedClassifierCV")
def calibrated_classifier(estimator: Any, table: Table) -> Classification:
    parts = []
    for index, part in enumerate(estimator.calibrated_classifiers_):
        with table.graph.at(f"fold {index}"):
            parts.append(calibrated(part, table))
    probabilities = add(parts) / float(len(parts))
    return Classification(probabilities.argmax(), probabilities)


def calibrated(part: Any, table: Table) -> Value:
    """[N, K] of one classifier and its calibrators."""
    scores = scores_of(part.estimator, table)
    graph = table.graph
    classes = len(part.classes)
    if part.method == "temperature":
        probabilities = graph.softmax(logits_of(part, scores, classes) * float(part.calibrators[0].beta_))
    else:
        places = [int(np.flatnonzero(part.classes == name)[0]) for name in part.estimator.classes_]
        columns = [calibrate(calibrator, scores.columns([i])) for i, calibrator in enumerate(part.calibrators)]
        probabilities = two_classes(columns[0]) if classes == 2 else many_classes(columns, places, classes)
    # Rounding can make them exceed 1.
    return graph.where((probabilities > 1.0) & (probabilities <= 1.0 + 1e-5), 1.0, probabilities)


def scores_of(estimator: Any, table: Table) -> Value:
    """The scores that are calibrated: [N, 1] for two classes, [N, K] for more."""
    answer = convert(estimator, table)
    if not hasattr(estimator, "decision_function"):
        probabilities = probabilities_of(answer)
        return probabilities.columns([1]) if len(estimator.classes_) == 2 else probabilities
    return required(answer.decision, estimator, "decision_function")


def logits_of(part: Any, scores: Value, classes: int) -> Value:
    """[N, K]: the scores, or their logarithms if the scores are probabilities. scikit-learn looks at all rows of a call
    to decide whether they are. Here, the scores are probabilities if the estimator has no decision_function."""
    gives_probabilities = not hasattr(part.estimator, "decision_function")
    values, dtype = (scores.single, np.float32) if scores.single else (scores, np.float64)
    if classes == 2:
        first = dtype(1) - values if gives_probabilities else -values
        values = values.graph.concat([first, values])
    values = (values + dtype(EPSILON)).log() if gives_probabilities else values
    return values.widened() if scores.single else values


def calibrate(calibrator: Any, score: Value) -> Value:
    """[N, 1] → [N, 1]."""
    if class_name(calibrator) == "sklearn.IsotonicRegression":
        return convert(calibrator, Table(matrix=score))
    return score.graph.sigmoid(-(score * float(calibrator.a_) + float(calibrator.b_)))


def two_classes(second: Value) -> Value:
    return second.graph.concat([1.0 - second, second])


def many_classes(columns: list[Value], places: list[int], classes: int) -> Value:
    """One-vs-rest probabilities divided by their sum; equal ones if all are 0."""
    graph = columns[0].graph
    zero = columns[0] * 0.0
    by_class = dict(zip(places, columns, strict=True))
    probabilities = graph.concat([by_class.get(index, zero) for index in range(classes)])
    total = probabilities.sum()
    return graph.where(total.equals(0.0), 1 / classes, probabilities / total)


@converts("sklearn.FixedThresholdClassifier", "sklearn.TunedThresholdClassifierCV")
def threshold_classifier(estimator: Any, table: Table) -> Classification:
    """The label by a threshold on the inner classifier's score for one class, and the inner classifier's
    probabilities."""
    inner = getattr(estimator, "estimator_", estimator.estimator)
    answer = convert(inner, table)
    method = response_method(estimator, inner)
    positive = positive_class(estimator)
    if method == "predict_proba":
        score = probabilities_of(answer).columns([positive])
    else:
        decision = required(answer.decision, inner, method)
        score = decision if positive == 1 else -decision
    limit = threshold_of(estimator, method)
    table.graph.add_splits(score, np.array([0]), np.array([limit]))
    above = (score >= limit).cast(np.int64).reshape(-1)
    return Classification(above if positive == 1 else np.int64(1) - above, answer.probabilities, answer.decision)


def response_method(estimator: Any, inner: Any) -> str:
    methods = estimator._get_response_method()
    methods = [methods] if isinstance(methods, str) else methods
    return next(method for method in methods if hasattr(inner, method))


def positive_class(estimator: Any) -> int:
    """The position of the positive class in `classes_`: the second, unless another one was set."""
    tuned = hasattr(estimator, "_curve_scorer")
    label = estimator._curve_scorer._get_pos_label() if tuned else estimator.pos_label
    return 1 if label is None else int(np.flatnonzero(estimator.classes_ == label)[0])


def threshold_of(estimator: Any, method: str) -> float:
    if hasattr(estimator, "best_threshold_"):
        return float(estimator.best_threshold_)
    if estimator.threshold == "auto":
        return 0.5 if method == "predict_proba" else 0.0
    return float(estimator.threshold)
