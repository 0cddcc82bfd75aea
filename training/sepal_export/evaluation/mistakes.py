"""Counts a model's mistakes: which classes it confuses, what other thresholds would change, and how far its values are
off."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.data.classes import positions_of
from sepal_export.data.outputs import CLASSIFICATION, REGRESSION
from sepal_export.data.predictions import Predictions
from sepal_export.evaluation.scores import DIGITS

MOST_CLASSES = 50
THRESHOLDS = tuple(step / 20 for step in range(1, 20))


def mistakes_of(answers: Predictions, actual: np.ndarray) -> dict[str, Any]:
    """The mistakes under their names in model.json. Empty for several targets, for more than MOST_CLASSES classes, and
    for outliers and clusters."""
    outputs = answers.outputs
    if outputs.targets:
        return {}
    if outputs.task == REGRESSION:
        return {"residuals": residuals(answers.scores[:, 0], np.asarray(actual, dtype=np.float64))}
    if outputs.task != CLASSIFICATION or len(answers.classes) > MOST_CLASSES:
        return {}
    positions = positions_of(actual, answers.classes)
    confusion = {"confusion": {"counts": counts_of(positions, answers.labels, len(answers.classes))}}
    if outputs.numbers != "probabilities" or len(answers.classes) != 2:
        return confusion
    return {**confusion, "thresholds": [at(limit, answers.scores[:, 1], positions == 1) for limit in THRESHOLDS]}


def counts_of(actual: np.ndarray, predicted: np.ndarray, classes: int) -> list[list[int]]:
    """[K, K]: the number of rows by actual and predicted class."""
    pairs = np.bincount(actual * classes + predicted, minlength=classes**2)
    return pairs.reshape(classes, classes).tolist()


def at(limit: float, probabilities: np.ndarray, actual: np.ndarray) -> dict[str, Any]:
    """Precision, recall and the share of rows taken for the second class, if that takes a probability of at least
    `limit`."""
    taken = probabilities >= limit
    right = int((taken & actual).sum())
    return {
        "threshold": limit,
        "precision": share(right, int(taken.sum())),
        "recall": share(right, int(actual.sum())),
        "share": share(int(taken.sum()), len(taken)),
    }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None


def residuals(predicted: np.ndarray, actual: np.ndarray) -> dict[str, Any]:
    """The distribution of the actual values minus the predicted ones."""
    off = actual - predicted
    deviation = float(off.std())
    digits = DIGITS - min(0, int(np.floor(np.log10(deviation)))) if deviation > 0 else DIGITS

    def rounded(value: float) -> float:
        return round(float(value), digits) + 0.0

    deciles = np.quantile(off, np.linspace(0.1, 0.9, 9))
    return {"mean": rounded(off.mean()), "std": rounded(deviation), "deciles": list(map(rounded, deciles))}
