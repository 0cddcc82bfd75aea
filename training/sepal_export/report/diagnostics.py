"""The numbers behind the charts of the report."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.inspection import permutation_importance
from sklearn.metrics import confusion_matrix, roc_auc_score, roc_curve

from sepal_export.data.forms import form_of, take
from sepal_export.data.outputs import CLUSTERING, OUTLIERS, outputs_of
from sepal_export.data.predictions import Predictions, first_rows, predictions_of
from sepal_export.evaluation.cross_validation import SEED
from sepal_export.evaluation.scores import Evaluation, score

MAX_BINS = 10
MIN_IN_BIN = 15
# The last digits of a probability depend on the CPU, and must not decide the order of near ties.
DIGITS = 9
MAX_REPEATS = 5
MAX_PREDICTIONS = 2_000
MAX_ROWS = 1_000
# The metric that importances are measured with, by the kind of numbers in an answer.
IMPORTANT = {"probabilities": "log_loss", "value": "mean_absolute_error", "values": "r2"}
BETTER_IF_LARGER = {"accuracy", "r2"}
# The normal distribution's quantile for 95 %.
Z = 1.96


@dataclass(frozen=True)
class ClassScore:
    """How well one class is separated from the others. `curve` has the false and the true positive rates."""

    name: str
    rows: int
    precision: float
    recall: float
    auc: float
    curve: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Bins:
    """Bins of rows with similar probabilities: the mean probability, the share of rows for which the answer is true,
    and its 95 % interval. The answer is the second of two classes, or the label if there are more."""

    predicted: np.ndarray
    observed: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Importances:
    """By feature: how much `metric` gets worse if its values are shuffled, and the deviation between shuffles."""

    metric: str
    means: np.ndarray
    stds: np.ndarray
    held_out: bool

    @property
    def order(self) -> np.ndarray:
        """The features, the most important first."""
        return np.argsort(-self.means, kind="stable")


def confusions(actual: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """[K, K]: the number of rows by actual and predicted class. Here and below, `actual` [N] and the labels are
    positions in the list of classes."""
    return confusion_matrix(actual, labels, labels=range(classes))


def class_scores(actual: np.ndarray, answers: Predictions) -> list[ClassScore]:
    """Uses the decision function if there are no probabilities. Without either, all rows count as equal."""
    counts = confusions(actual, answers.labels, len(answers.classes))
    certainties, scores = certainties_of(answers), []
    for index, name in enumerate(answers.names):
        is_class, certainty = actual == index, np.round(certainties[:, index], DIGITS)
        false_rate, true_rate, _ = roc_curve(is_class, certainty)
        predicted = counts[:, index].sum()
        scores.append(
            ClassScore(
                name,
                rows=int(is_class.sum()),
                precision=counts[index, index] / predicted if predicted else np.nan,
                recall=counts[index, index] / is_class.sum(),
                auc=float(roc_auc_score(is_class, certainty)) if answers.outputs.numbers else np.nan,
                curve=(false_rate, true_rate),
            )
        )
    return scores


def certainties_of(answers: Predictions) -> np.ndarray:
    """[N, K]: the larger, the more likely a row has the class."""
    match answers.outputs.numbers:
        case "scores" if answers.scores.shape[1] == 1:
            return np.hstack([-answers.scores, answers.scores])
        case None:
            return np.zeros((len(answers.labels), len(answers.classes)))
        case _:
            return answers.scores


def calibration(actual: np.ndarray, answers: Predictions) -> tuple[np.ndarray, Bins]:
    """Returns a probability for each row [N], and bins of rows by it. With two classes it is the probability of the
    second one, with more that of the label. The bins have nearly as many rows each."""
    is_binary = len(answers.classes) == 2
    probabilities = np.round(answers.scores[:, 1] if is_binary else answers.scores.max(axis=1), DIGITS)
    hits = actual == (1 if is_binary else answers.labels)
    order = np.argsort(probabilities, kind="stable")
    count = min(MAX_BINS, max(1, len(order) // MIN_IN_BIN))
    bins = np.array_split(order, count)
    shares = [interval(int(hits[rows].sum()), len(rows)) for rows in bins]
    low, observed, high = (np.array(column) for column in zip(*shares, strict=True))
    return probabilities, Bins(np.array([probabilities[rows].mean() for rows in bins]), observed, low, high)


def interval(hits: int, rows: int) -> tuple[float, float, float]:
    """The share of hits, with the bounds of Wilson's 95 % interval."""
    share, weight = hits / rows, Z**2 / rows
    middle = (share + weight / 2) / (1 + weight)
    half = Z * np.sqrt(share * (1 - share) / rows + weight / (4 * rows)) / (1 + weight)
    return max(0.0, middle - half), share, min(1.0, middle + half)


def importances(
    estimator: Any, X: Any, y: np.ndarray | None, evaluation: Evaluation, columns: Sequence[int]
) -> Importances | None:
    """The importances of `columns` of X, by the folds' estimators on rows that they were not fitted on, or by
    `estimator` alone. None if there are no right answers."""
    outputs = outputs_of(estimator, first_rows(X))
    if y is None or outputs.task in (OUTLIERS, CLUSTERING):
        return None
    form = form_of(X)
    metric = "accuracy" if len(outputs.targets) and outputs.labels else IMPORTANT.get(outputs.numbers, "accuracy")
    judged = [(fold.estimator, fold.rows) for fold in evaluation.folds] or [(estimator, np.arange(len(y)))]
    repeats = max(1, min(MAX_REPEATS, MAX_PREDICTIONS // (form.table.shape[1] * len(judged))))

    def gain(estimator: Any, X: Any, y: np.ndarray) -> float:
        measured = score(predictions_of(estimator, form.restore(X), outputs), y)[metric]
        return measured if metric in BETTER_IF_LARGER else -measured

    shuffles = []
    with warnings.catch_warnings():
        # As in fit_folds, the caller's fit on all rows has already given these warnings.
        warnings.simplefilter("ignore")
        for fitted, rows in judged:
            some = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MAX_ROWS)).astype(int))]
            measured = permutation_importance(
                fitted, take(form.table, some), y[some], scoring=gain, n_repeats=repeats, random_state=SEED
            )
            shuffles.append(measured.importances)
    worse = np.concatenate(shuffles, axis=1)[list(columns)]
    return Importances(metric, worse.mean(axis=1), worse.std(axis=1), held_out=bool(evaluation.folds))
