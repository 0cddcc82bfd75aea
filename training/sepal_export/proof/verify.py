"""Proves that the ONNX model's answers equal the original's."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.predictions import OnnxModel, Predictions, predictions_of
from sepal_export.progress import Progress

ROWS_SHOWN = 20
# The scale of all numbers of an answer, or [W], one for each.
Scale = float | np.ndarray
CHUNK = 5_000


@dataclass(frozen=True)
class Thresholds:
    """For how many of the model's thresholds rows were made."""

    tried: int
    total: int


@dataclass(frozen=True)
class Parity:
    """What was compared, and how close the answers are. `points` are the numbers of rows by kind. `largest_error` is
    that of a probability, or of a value as a share of `scale` (the largest value that the original answered in
    training; 1 for probabilities) or of the value itself if that is larger. `mismatches` are rows that differ, which
    the caller has allowed. `thresholds` is missing for a model without thresholds. `undecided` rows were left out,
    because the original answers them by chance (see doubts.py); None for a model that cannot have such rows."""

    rows: int
    points: dict[str, int]
    label_agreement: float | None
    mismatches: int
    scale: float
    largest_error: float
    tolerance: float
    thresholds: Thresholds | None = None
    undecided: int | None = None

    def to_json(self) -> dict[str, Any]:
        optional = {"thresholds", "undecided"}
        return {name: value for name, value in asdict(self).items() if name not in optional or value is not None}


class ParityError(Exception):
    """The ONNX model's answers differ from the original's. The message is a table of the rows, or says
    that the original refuses rows that the model answers."""


@dataclass(frozen=True)
class Comparison:
    """The answers to `rows`, the error of each, and whether it is wrong."""

    kind: str
    rows: Rows
    expected: Predictions
    actual: Predictions
    errors: np.ndarray
    wrong: np.ndarray

    def take(self, rows: np.ndarray) -> Comparison:
        answers = (self.expected.take(rows), self.actual.take(rows))
        return Comparison(self.kind, self.rows.take(rows), *answers, self.errors[rows], self.wrong[rows])


def verify(
    estimator: Any,
    model: OnnxModel,
    dataset: Dataset,
    points: Mapping[str, Rows],
    *,
    tolerance: float,
    allow_mismatch: bool = False,
    progress: Progress | None = None,
) -> Parity:
    """Compares both on `points`: labels must be equal in every row, probabilities within `tolerance`, and values within
    `tolerance` times the scale. Raises ParityError otherwise, unless mismatches are allowed. Raises it in any case if
    the original refuses rows that the model answers."""
    progress = progress or Progress()
    scale = scale_of(predictions_of(estimator, dataset.for_original(dataset.rows)))
    total = sum(map(len, points.values()))
    tally = Tally()
    for kind, rows in points.items():
        for start in range(0, len(rows), CHUNK):
            chunk = rows.take(np.arange(start, min(start + CHUNK, len(rows))))
            tally.add(compare(estimator, model, dataset, kind, chunk, scale, tolerance))
            progress.update("comparing", tally.rows, total, "rows")
    if tally.differences and not allow_mismatch:
        raise ParityError(describe(tally, dataset, tolerance))
    return Parity(
        rows=total,
        points={kind: len(rows) for kind, rows in points.items()},
        label_agreement=None if tally.same_labels is None else tally.same_labels / total,
        mismatches=tally.wrong,
        scale=float(np.max(scale)),
        largest_error=round_up_to_decade(tally.largest_error),
        tolerance=tolerance,
    )


@dataclass
class Tally:
    """The results of the comparisons. Only answers that differ are stored, because all would be too many."""

    rows: int = 0
    wrong: int = 0
    # None for a regressor.
    same_labels: int | None = None
    largest_error: float = 0.0
    differences: list[Comparison] = field(default_factory=list)

    def add(self, comparison: Comparison) -> None:
        self.rows += len(comparison.errors)
        self.wrong += int(comparison.wrong.sum())
        if comparison.expected.labels is not None:
            equal = ~differ(comparison.expected, comparison.actual)
            self.same_labels = (self.same_labels or 0) + int(equal.sum())
        self.largest_error = max(self.largest_error, float(np.nan_to_num(comparison.errors, nan=np.inf).max()))
        if comparison.wrong.any():
            self.differences.append(comparison.take(np.flatnonzero(comparison.wrong)))


def compare(
    estimator: Any, model: OnnxModel, dataset: Dataset, kind: str, rows: Rows, scale: Scale, tolerance: float
) -> Comparison:
    actual = model.predict(rows)
    with warnings.catch_warnings():
        # Silences warnings about unknown categories and rows far outside, which are intended.
        warnings.simplefilter("ignore")
        expected = expected_of(estimator, dataset, rows, actual)
    # The service gives no answer at all to a row with a number that is not finite.
    has_none = ~is_finite(expected) & ~is_finite(actual)
    errors = np.where(has_none, 0.0, errors_of(expected.scores, actual.scores, scale))
    # Written so that NaN counts as different.
    wrong = ~(errors <= tolerance)
    if expected.labels is not None:
        wrong |= differ(expected, actual) & ~has_none
    return Comparison(kind, rows, expected, actual, errors, wrong)


def expected_of(estimator: Any, dataset: Dataset, rows: Rows, actual: Predictions) -> Predictions:
    """The original's answers. It may refuse rows for which the ONNX model has no finite answer, such as the logarithm
    of a negative number, and no others: their scores are NaN, and their labels those of `actual`."""
    try:
        return predictions_of(estimator, dataset.for_original(rows), actual.outputs)
    except Exception as error:  # an original, or the user's own Python in it, can raise anything
        refusal = error
    is_answered = is_finite(actual)
    if is_answered.all():
        raise ParityError(f"the original refuses rows that the ONNX model answers: {refusal}") from refusal
    if len(rows) == 1:
        return replace(actual, scores=np.full_like(actual.scores, np.nan))
    groups = [np.flatnonzero(is_answered), *np.flatnonzero(~is_answered)[:, None]]
    groups = [group for group in groups if len(group) > 0]
    parts = [expected_of(estimator, dataset, rows.take(group), actual.take(group)) for group in groups]
    return Predictions.concat(parts).take(np.argsort(np.concatenate(groups)))


def differ(expected: Predictions, actual: Predictions) -> np.ndarray:
    """[N]: whether a label differs."""
    return (expected.labels != actual.labels).reshape(len(expected.labels), -1).any(axis=1)


def errors_of(expected: np.ndarray, actual: np.ndarray, scale: Scale) -> np.ndarray:
    """[N]: the largest error of each row, as a share of the scale, or of the value if that is larger: far outside of
    the training range, an exponential can be far larger than the scale."""
    with np.errstate(invalid="ignore"):
        errors = np.abs(expected - actual) / np.maximum(scale, np.abs(expected))
    return np.where(expected == actual, 0.0, errors).max(axis=1, initial=0.0)


def is_finite(answers: Predictions) -> np.ndarray:
    """[N]: whether all numbers of a row are finite."""
    return np.isfinite(answers.scores).all(axis=1)


def scale_of(expected: Predictions) -> Scale:
    """The largest number in the answers to the training rows; for several targets, one for each, because each has its
    own unit."""
    if expected.outputs.numbers in (None, "probabilities"):
        return 1.0
    sizes = np.abs(expected.scores)
    largest = sizes.max(axis=0) if expected.outputs.numbers == "values" else sizes.max()
    return np.where(largest > 0, largest, 1.0)


def round_up_to_decade(error: float) -> float:
    """Rounds up to a power of ten, 2.2e-16 → 1e-15: the last bits of an error depend on the CPU, and a package's bytes
    must not."""
    # JSON has no infinity, which is the error if only one of both has an answer.
    error = min(error, 1e307)
    return 0.0 if error == 0 else float(f"1e{int(np.floor(np.log10(error))) + 1}")


def describe(tally: Tally, dataset: Dataset, tolerance: float) -> str:
    """A table of the rows that differ, with the largest differences first."""
    wrong = [(comparison, row) for comparison in tally.differences for row in range(len(comparison.errors))]
    wrong.sort(key=lambda entry: -np.nan_to_num(entry[0].errors[entry[1]], nan=np.inf))
    labels = 0 if tally.same_labels is None else tally.rows - tally.same_labels
    lines = [
        f"the ONNX model differs from the original on {len(wrong)} of {tally.rows} rows: {labels} labels, and scores "
        f"by up to {wrong[0][0].errors[wrong[0][1]]:.3g}, where {tolerance:g} is allowed",
        "rows | original | onnx | difference | row",
    ]
    for comparison, row in wrong[:ROWS_SHOWN]:
        answers = [show(predictions, row) for predictions in (comparison.expected, comparison.actual)]
        [instance] = dataset.to_json(comparison.rows.take(np.array([row])))
        lines.append(f"{comparison.kind} | {answers[0]} | {answers[1]} | {comparison.errors[row]:.3g} | {instance}")
    if len(wrong) > ROWS_SHOWN:
        lines.append(f"… and {len(wrong) - ROWS_SHOWN} more")
    return "\n".join(lines)


def show(predictions: Predictions, row: int) -> str:
    """The label or labels, and the largest number."""
    [answer] = predictions.take(np.array([row])).to_json()
    outputs, numbers = predictions.outputs, predictions.scores[row]
    label = "" if outputs.labels is None else str(answer[outputs.labels])
    # All values of several targets are shown, because any may be wrong.
    shown = numbers.tolist() if outputs.numbers == "values" else [float(numbers.max())] if len(numbers) else []
    return " ".join([*([label] if label else []), *map(repr, shown)])
