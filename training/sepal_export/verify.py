"""Proof that the ONNX model answers what the original answers."""

from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator

from sepal_export.predictions import OnnxModel, Predictions, predictions_of

TOLERANCE = 1e-5
ROWS_SHOWN = 20


@dataclass(frozen=True)
class Parity:
    """What was compared and how near the answers are. `largest_error` is of a probability, or of a value as a share of
    `scale`, the largest value that the original answered (1 for probabilities)."""

    rows: int
    label_agreement: float | None
    scale: float
    largest_error: float
    tolerance: float = TOLERANCE


class ParityError(Exception):
    """The ONNX model answers differently from the original; the message is a table of the rows."""


def verify(estimator: BaseEstimator, model: OnnxModel, X: np.ndarray) -> Parity:
    """Compares both on the rows of `X` and on their float32 neighbours: labels equal on every row, probabilities within
    TOLERANCE, values within TOLERANCE of their scale, or it raises ParityError."""
    points = with_float32_neighbours(X)
    expected, actual = predictions_of(estimator, points), model.predict(points)
    scale = 1.0 if expected.labels is not None else float(np.abs(expected.scores).max()) or 1.0
    errors = np.abs(expected.scores - actual.scores).max(axis=1) / scale
    # Written so that NaN counts as different.
    wrong = ~(errors <= TOLERANCE)
    if expected.labels is not None:
        wrong |= expected.labels != actual.labels
    if wrong.any():
        raise ParityError(describe(points, expected, actual, errors, np.flatnonzero(wrong)))
    return Parity(
        rows=len(points),
        label_agreement=None if expected.labels is None else 1.0,
        scale=scale,
        largest_error=round_up_to_decade(float(errors.max())),
    )


def with_float32_neighbours(X: np.ndarray) -> np.ndarray:
    """The rows of `X`, the same rounded to float32, and a float32 step to each side: what a client in float32 sends."""
    rounded = X.astype(np.float32)
    below, above = (np.nextafter(rounded, np.float32(side)) for side in (-np.inf, np.inf))
    return np.concatenate([X, rounded, below, above]).astype(np.float64)


def round_up_to_decade(error: float) -> float:
    """2.2e-16 → 1e-15: the last bits of an error depend on the CPU, and a package's bytes must not."""
    return 0.0 if error == 0 else float(f"1e{int(np.floor(np.log10(error))) + 1}")


def describe(
    points: np.ndarray, expected: Predictions, actual: Predictions, errors: np.ndarray, rows: np.ndarray
) -> str:
    lines = [f"the ONNX model differs from the original on {len(rows)} of {len(points)} rows:"]
    lines.append("original | onnx | largest difference | row")
    for row in rows[:ROWS_SHOWN]:
        answers = [
            predictions.scores[row, 0] if predictions.labels is None else predictions.labels[row]
            for predictions in (expected, actual)
        ]
        lines.append(f"{answers[0]} | {answers[1]} | {errors[row]:.3g} | {points[row].tolist()}")
    if len(rows) > ROWS_SHOWN:
        lines.append(f"… and {len(rows) - ROWS_SHOWN} more")
    return "\n".join(lines)
