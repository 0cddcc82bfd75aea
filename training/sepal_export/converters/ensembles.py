"""Ensembles, which combine the answers of several estimators: voting, stacking, bagging, one against the rest."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from sklearn.base import is_classifier, is_regressor

from sepal_export.converters.linear import zeros
from sepal_export.estimators import class_name
from sepal_export.graphs.graph import Value
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Classification, Column, Several, Table, with_complement
from sepal_export.registry import convert, converts
from sepal_export.versions import SKLEARN


def classify(name: str, estimator: Any, table: Table) -> Classification:
    """The answer of one part of an ensemble."""
    with table.graph.at(name):
        return convert(estimator, table)


def average(values: Sequence[Value], weights: Sequence[float] | None) -> Value:
    """Like numpy.average over the first axis: values are added one after another, and divided at the end."""
    if weights is None:
        return mean(values)
    return add([value * float(weight) for value, weight in zip(values, weights, strict=True)]) / float(np.sum(weights))


def mean(values: Sequence[Value]) -> Value:
    """Added and divided in float32 if all values are float32."""
    singles = [value.single for value in values]
    if all(singles):
        return (add(singles) / np.float32(len(singles))).widened()
    return add(values) / float(len(values))


def add(values: Sequence[Value]) -> Value:
    return reduce(operator.add, values)


def one_hot(label: Value, classes: int) -> Value:
    """[N] int64 → [N, classes] float64."""
    return label.reshape(-1, 1).equals(np.arange(classes)).cast(np.float64)


def probabilities_of(answer: Classification) -> Value:
    if answer.probabilities is None:
        raise NotImplementedError("one of its estimators has no probabilities; wrap that in CalibratedClassifierCV")
    return answer.probabilities


def required(value: Value | None, part: Any, method: str) -> Value:
    """Returns `value`, the answer of a part's `method`. Raises NotImplementedError if the method has no converter."""
    if value is None:
        raise NotImplementedError(
            f"the {method} of {type(part).__name__} has no converter; use another estimator in its place"
        )
    return value


@converts("sklearn.VotingClassifier")
def voting_classifier(estimator: Any, table: Table) -> Classification:
    parts = [
        classify(name, part, table) for name, part in estimator.named_estimators_.items() if not isinstance(part, str)
    ]
    weights = estimator._weights_not_none
    if estimator.voting == "soft":
        probabilities = average([probabilities_of(part) for part in parts], weights)
        return Classification(probabilities.argmax(), probabilities)
    votes = [one_hot(part.label, len(estimator.classes_)) for part in parts]
    return Classification(
        add([vote * float(w) for vote, w in zip(votes, weights or [1.0] * len(votes), strict=True)]).argmax()
    )


@converts("sklearn.VotingRegressor")
def voting_regressor(estimator: Any, table: Table) -> Value:
    values = []
    for name, part in estimator.named_estimators_.items():
        if not isinstance(part, str):
            with table.graph.at(name):
                values.append(convert(part, table))
    return average(values, estimator._weights_not_none)


@converts("sklearn.StackingClassifier")
def stacking_classifier(estimator: Any, table: Table) -> Classification:
    with table.graph.at("final_estimator"):
        return convert(estimator.final_estimator_, stacked(estimator, table))


@converts("sklearn.StackingRegressor")
def stacking_regressor(estimator: Any, table: Table) -> Value:
    with table.graph.at("final_estimator"):
        return convert(estimator.final_estimator_, stacked(estimator, table))


def stacked(estimator: Any, table: Table) -> Table:
    """The answers of the first layer side by side, followed by the features if they are passed through."""
    names = [name for name, part in estimator.named_estimators_.items() if not isinstance(part, str)]
    answers = []
    for name, part, method in zip(names, estimator.estimators_, estimator.stack_method_, strict=True):
        with table.graph.at(name):
            answer = convert(part, table)
            if isinstance(answer, Several):
                answers.append(answers_of_targets(answer, method, part, len(estimator.classes_)))
            else:
                answers.append(answer_of(answer, method, part))
    if estimator.passthrough:
        answers.append(table.numbers)
    features = table.graph.concat(answers)
    if features.single:
        loosen_as_measured(estimator.final_estimator_, features)
    return Table(matrix=features)


def loosen_as_measured(estimator: Any, features: Value) -> None:
    """Loosens the tolerance for an estimator that gets `features` in float32. It may compute in float32 and add in its
    own order. The error is measured by calling it with the same numbers in float32 and float64."""
    [rows] = reaching([Column(features)])
    answers = [numbers_of(estimator, rows.astype(dtype)) for dtype in (np.float32, np.float64)]
    scale = 1.0 if is_classifier(estimator) else np.abs(answers[1]).max() or 1.0
    error = float(np.abs(answers[0] - answers[1]).max() / scale)
    if error:
        # Rows outside of the training data have larger rounding errors.
        features.graph.loosen(max(1e-6, 10 * error))


def numbers_of(estimator: Any, X: np.ndarray) -> np.ndarray:
    name = next(name for name in ("predict_proba", "decision_function", "predict") if hasattr(estimator, name))
    return np.asarray(getattr(estimator, name)(X), dtype=np.float64)


def answer_of(answer: Classification | Value, method: str, part: Any) -> Value:
    """[N, 1], or [N, K] for more than two classes. Of two probabilities only the second is used, because the first
    follows from it."""
    if isinstance(answer, Value):
        return answer.reshape(-1, 1)
    if method == "predict":
        return table_of_classes(part, answer.label)
    scores = probabilities_of(answer) if method == "predict_proba" else answer.decision
    scores = required(scores, part, method)
    return scores.columns([1]) if method == "predict_proba" and len(part.classes_) == 2 else scores


def answers_of_targets(answer: Several, method: str, part: Any, targets: int) -> Value:
    """[N, T]: labels, or a decision per target; or [N, K1 - 1 + K2 - 1 + …]: the probabilities of all classes but the
    first. If these are a single array, scikit-learn mistakes two targets for two classes, and drops the first
    target."""
    match method:
        case "predict":
            columns = [single.label.reshape(-1, 1).cast(np.float64) for single in answer.parts]
        case "predict_proba" if answer.is_one_array:
            columns = [probabilities_of(single).columns([1]) for single in answer.parts][1 if targets == 2 else 0 :]
        case "predict_proba":
            pairs = zip(answer.parts, part.classes_, strict=True)
            columns = [probabilities_of(single).columns(range(1, len(known))) for single, known in pairs]
        case _:
            columns = [required(single.decision, part, method) for single in answer.parts]
    return answer.parts[0].label.graph.concat(columns)


def table_of_classes(part: Any, label: Value) -> Value:
    if part.classes_.dtype.kind not in "biuf":
        raise NotImplementedError("labels that are strings cannot be stacked; use predict_proba")
    return label.graph.constant(part.classes_.astype(np.float64)).rows(label).reshape(-1, 1)


@converts("sklearn.BaggingClassifier", "imblearn.BalancedBaggingClassifier", "imblearn.EasyEnsembleClassifier")
def bagging_classifier(estimator: Any, table: Table) -> Classification:
    """The parts are trained on positions in `classes_`. A sample may lack some classes."""
    classes = estimator.n_classes_
    parts, decisions = [], []
    for index, part in enumerate(estimator.estimators_):
        answer = classify(f"estimator {index}", part, table.select(estimator.estimators_features_[index]))
        known = part.classes_.astype(int)
        scores = one_hot(answer.label, len(known)) if answer.probabilities is None else answer.probabilities
        if hasattr(part, "predict_proba"):
            required(answer.probabilities, part, "predict_proba")
        parts.append(spread(scores, known, classes))
        decisions.append(answer.decision)
    probabilities = add(parts) / float(len(parts))
    # There is a decision if all parts have one, and none if a sample lacked a class.
    has_decision = None not in decisions and all(len(part.classes_) == classes for part in estimator.estimators_)
    decision = add(decisions) / float(len(parts)) if has_decision else None
    return Classification(probabilities.argmax(), probabilities, decision)


def spread(scores: Value, known: np.ndarray, classes: int) -> Value:
    """[N, len(known)] → [N, classes], with 0 for classes that are not in `known`."""
    if len(known) == classes:
        return scores
    zero = scores.columns([0]) * 0.0
    return scores.graph.concat([scores, zero]).columns(
        [int(np.flatnonzero(known == index)[0]) if index in known else len(known) for index in range(classes)]
    )


@converts("sklearn.BaggingRegressor")
def bagging_regressor(estimator: Any, table: Table) -> Value:
    parts = []
    for index, part in enumerate(estimator.estimators_):
        with table.graph.at(f"estimator {index}"):
            parts.append(convert(part, table.select(estimator.estimators_features_[index])))
    return mean(parts)


@converts("sklearn.OneVsRestClassifier")
def one_vs_rest(estimator: Any, table: Table) -> Classification | Several:
    """Labels by the parts' scores, and probabilities divided by their sum."""
    parts = [part_against_rest(index, part, table) for index, part in enumerate(estimator.estimators_)]
    limit = threshold(estimator.estimators_[0])
    if estimator.multilabel_:
        return labels_of_parts(parts, limit)
    scores = table.graph.concat([score for score, _ in parts])
    probabilities = normalized([probability for _, probability in parts])
    if len(parts) > 1:
        return Classification(largest_against_rest(scores, len(parts)), probabilities, scores)
    return Classification((scores > limit).cast(np.int64).reshape(-1), probabilities, scores)


def largest_against_rest(scores: Value, classes: int) -> Value:
    """[N, K] → [N] int64: the first of equal scores; before scikit-learn 1.8 the last."""
    if SKLEARN >= (1, 8):
        return scores.argmax()
    return np.int64(classes - 1) - scores.columns(range(classes)[::-1]).argmax()


def labels_of_parts(parts: Sequence[tuple[Value, Value | None]], limit: float) -> Several:
    """Each part decides its own label."""
    return Several(
        tuple(
            Classification(
                (score > limit).cast(np.int64).reshape(-1),
                None if probability is None else with_complement(probability),
                score,
            )
            for score, probability in parts
        ),
        is_one_array=True,
    )


def threshold(part: Any) -> float:
    """The score above which a binary classifier predicts the second class. A constant, fitted on one class, does not
    have one."""
    return 0.0 if hasattr(part, "decision_function") and is_classifier(part) else 0.5


def part_against_rest(index: int, part: Any, table: Table) -> tuple[Value, Value | None]:
    """A score [N, 1] and, where there is one, a probability [N, 1]."""
    if class_name(part) == "sklearn._ConstantPredictor":
        constant = table.graph.constant(np.array([[float(part.y_[0])]])).rows(zeros(table))
        return constant, constant
    if is_regressor(part):
        with table.graph.at(f"class {index}"):
            return convert(part, table).reshape(-1, 1), None
    answer = classify(f"class {index}", part, table)
    probability = None if answer.probabilities is None else answer.probabilities.columns([1])
    return score_of(part, answer), probability


def score_of(part: Any, answer: Classification) -> Value:
    """[N, 1]: a binary classifier's score for the second class."""
    if not hasattr(part, "decision_function"):
        return probabilities_of(answer).columns([1])
    return required(answer.decision, part, "decision_function")


def normalized(parts: Sequence[Value | None]) -> Value | None:
    """[N, K] divided by its rows' sums, except rows of zeros; None if one part has no probabilities."""
    if any(part is None for part in parts):
        return None
    whole = parts[0].graph.concat(parts)
    values, one = (whole.single, np.float32(1)) if whole.single else (whole, np.float64(1))
    values = values.graph.concat([one - values, values]) if len(parts) == 1 else values
    total = values.sum()
    answer = values.graph.where(total.equals(one - one), values, values / total)
    return answer.widened() if whole.single else answer
