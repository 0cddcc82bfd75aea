"""Measures how good answers are."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn import metrics

from sepal_export.data.classes import positions_of
from sepal_export.data.predictions import Predictions
from sepal_export.wording import label

# Enough digits to be useful, and few enough to be the same on every CPU.
DIGITS = 4


@dataclass(frozen=True)
class Metrics:
    """`values` has the mean and standard deviation of each metric over parts of the rows, and `protocol` says how they
    were measured. If nothing was measured, `values` is empty, and `protocol` says why. `mistakes` are counted for the
    same answers (see mistakes.py)."""

    protocol: str
    values: dict[str, dict[str, float]]
    mistakes: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"protocol": self.protocol, "values": self.values, **self.mistakes}


@dataclass(frozen=True)
class Fold:
    """A fold: its estimator (None if not kept), the rows that it was not fitted on, its answers to them, and their
    metrics."""

    estimator: Any
    rows: np.ndarray
    answers: Predictions
    scores: dict[str, float]


@dataclass(frozen=True)
class Doubt:
    """The model's score on the rows is far below that of clones, which were fitted on a part of the rows and tested on
    the others. `own` is its score, `others` that of the clones, and `least` the lowest score that would be normal. If
    the rows are read as for the fit, its score is at least `right`, which is more than a constant answer has."""

    metric: str
    own: float
    others: float
    least: float
    right: float


@dataclass(frozen=True)
class Evaluation:
    """The metrics and their folds, or the `reason` why there is no cross-validation."""

    metrics: Metrics
    folds: tuple[Fold, ...] = ()
    reason: str = ""
    doubt: Doubt | None = None

    @property
    def held_out(self) -> Predictions:
        """For each row, the answer of the fold's estimator that had not seen it."""
        order = np.argsort(np.concatenate([fold.rows for fold in self.folds]))
        return Predictions.concat([fold.answers for fold in self.folds]).take(order)


def said_of(doubt: Doubt, rows: str) -> str:
    """The message that the estimator is far worse on its own `rows` than it should be."""
    return (
        f"the {label(doubt.metric)} of the estimator on {rows} is {doubt.own}, but that of clones, fitted to a part of "
        f"them, is {doubt.others} on the others"
    )


def not_measured(reason: str) -> Evaluation:
    return Evaluation(Metrics(protocol=f"not measured: {reason}", values={}), reason=reason)


def score(answers: Predictions, actual: np.ndarray) -> dict[str, float]:
    """`actual` is [N], or [N, T] for several targets. R² and accuracy are then the targets' means; values with
    different units have no common error."""
    if answers.labels is None:
        # R² compares with the mean, which for a single row is its value.
        r2 = {"r2": metrics.r2_score(actual, answers.scores)} if len(actual) > 1 else {}
        return r2 if answers.outputs.targets else {**r2, "mean_absolute_error": absolute_error(answers, actual)}
    if answers.outputs.targets:
        return score_of_several(answers, actual)
    positions = positions_of(actual, answers.classes)
    accuracy = {"accuracy": metrics.accuracy_score(positions, answers.labels)}
    if answers.outputs.numbers != "probabilities":
        return accuracy
    return {**accuracy, "log_loss": log_loss(answers, positions)}


def absolute_error(answers: Predictions, actual: np.ndarray) -> float:
    return metrics.mean_absolute_error(actual, answers.scores[:, 0])


def score_of_several(answers: Predictions, actual: np.ndarray) -> dict[str, float]:
    """An exact match needs all labels of a row to be right."""
    classes = answers.outputs.classes
    columns = zip(actual.T, answers.labels.T, classes, strict=True)
    right = np.stack([positions_of(values, known) == labels for values, labels, known in columns], axis=1)
    return {"accuracy": float(right.mean()), "exact_match": float(right.all(axis=1).mean())}


def log_loss(answers: Predictions, actual: np.ndarray) -> float:
    """`actual` are positions of classes."""
    with warnings.catch_warnings():
        # Some boosters have float32 probabilities.
        warnings.filterwarnings("ignore", "The y_p.* values do not sum to one")
        return metrics.log_loss(actual, answers.scores, labels=range(len(answers.classes)))


def mean_and_std(metric: str, scores: list[float], mean: float | None = None) -> dict[str, float]:
    """`mean` replaces the mean of the scores if it is given."""
    mean, digits = float(np.mean(scores) if mean is None else mean), DIGITS
    if metric == "mean_absolute_error" and 0 < mean < 1:
        # The value has the target's unit, and may be large.
        digits -= int(np.floor(np.log10(mean)))
    return {"mean": round(mean, digits), "std": round(float(np.std(scores)), digits)}
