"""Proof that the ONNX model answers what the original answers."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sepal_export.dataset import Dataset, Rows
from sepal_export.predictions import OnnxModel, Predictions, first_line, predictions_of
from sepal_export.progress import Progress

ROWS_SHOWN = 20
CHUNK = 5_000
# Rows with which no answer may be lacking: they are what model.json says that the model takes.
PROMISED = {
    "training": "give the export the rows as fit got them",
    "missing": "declare no feature as nullable that it does not take without a value",
    "unknown categories": "let its encoder refuse them (handle_unknown='error')",
}
# The fewest rows that are looked at for themselves where the ONNX model has no finite answer, as the service refuses
# those.
FEWEST_NOT_FINITE = 50


@dataclass(frozen=True)
class Parity:
    """What was compared and how near the answers are: `points` by what is particular to them. `largest_error` is of a
    probability, or of a value as a share of `scale`, the largest value that the original answered in training (1 for
    probabilities), or of itself where it is larger than that. `mismatches` are the rows that differ, which the caller
    has allowed."""

    rows: int
    points: dict[str, int]
    label_agreement: float | None
    mismatches: int
    scale: float
    largest_error: float
    tolerance: float


class ParityError(Exception):
    """The ONNX model answers differently from the original; the message is a table of the rows."""


class RefusedRowsError(ValueError):
    """The original refuses rows that model.json would say it takes; the message says what to do."""


@dataclass(frozen=True)
class Comparison:
    """The answers to `rows`, the error of each and whether it is wrong."""

    kind: str
    rows: Rows
    expected: Predictions
    actual: Predictions
    errors: np.ndarray
    wrong: np.ndarray


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
    """Compares both on `points`: labels equal on every row, probabilities within `tolerance`, values within `tolerance`
    of the scale, or it raises ParityError, unless that is allowed. Rows that the original refuses are left out, such as
    those of which it takes a logarithm that they do not have; raises RefusedRowsError where they are PROMISED."""
    progress = progress or Progress()
    scale = scale_of(estimator, dataset)
    asked, done = sum(map(len, points.values())), 0
    comparisons = []
    for kind, chunk in chunks(points):
        answered, expected = answers_of(estimator, model, dataset, kind, chunk)
        if expected is not None:
            comparisons.append(compare(model, kind, answered, expected, scale, tolerance))
        done += len(chunk)
        progress.update("comparing", done, asked)
    rows_of = Counter(dict.fromkeys(points, 0))
    for comparison in comparisons:
        rows_of[comparison.kind] += len(comparison.rows)
    total = rows_of.total()
    wrong = sum(int(comparison.wrong.sum()) for comparison in comparisons)
    if wrong and not allow_mismatch:
        raise ParityError(describe(comparisons, dataset, total, tolerance))
    errors = np.concatenate([comparison.errors for comparison in comparisons])
    return Parity(
        rows=total,
        points=dict(rows_of),
        label_agreement=label_agreement(comparisons),
        mismatches=wrong,
        scale=scale,
        largest_error=round_up_to_decade(float(np.nan_to_num(errors, nan=np.inf).max())),
        tolerance=tolerance,
    )


def chunks(points: Mapping[str, Rows]) -> Iterator[tuple[str, Rows]]:
    for kind, rows in points.items():
        for start in range(0, len(rows), CHUNK):
            yield kind, rows.take(np.arange(start, min(start + CHUNK, len(rows))))


def answers_of(
    estimator: Any, model: OnnxModel, dataset: Dataset, kind: str, rows: Rows
) -> tuple[Rows, Predictions | None]:
    """The rows that the original does not refuse, and its answers to them; none where it refuses all."""
    with warnings.catch_warnings():
        # On unknown categories and on rows far outside, which are meant.
        warnings.simplefilter("ignore")
        try:
            return rows, predictions_of(estimator, dataset.for_original(rows))
        except Exception as error:  # whatever an estimator of any library raises
            if kind in PROMISED:
                raise RefusedRowsError(
                    f"{type(estimator).__name__} refuses rows of the kind '{kind}' ({first_line(error)}); "
                    f"{PROMISED[kind]}"
                ) from error
        finite = is_finite(model, rows)
        places = [
            part
            for group, fewest in ((np.flatnonzero(finite), 1), (np.flatnonzero(~finite), FEWEST_NOT_FINITE))
            for part in accepted(estimator, dataset, rows, group, fewest)
        ]
        if not places:
            return rows, None
        rows = rows.take(np.concatenate(places))
        return rows, predictions_of(estimator, dataset.for_original(rows))


def is_finite(model: OnnxModel, rows: Rows) -> np.ndarray:
    return np.isfinite(model.predict(rows).scores).all(axis=1)


def accepted(estimator: Any, dataset: Dataset, rows: Rows, places: np.ndarray, fewest: int) -> list[np.ndarray]:
    """Those of `places` whose rows the original answers, found by halving what it refuses, down to `fewest` rows."""
    if len(places) == 0:
        return []
    try:
        predictions_of(estimator, dataset.for_original(rows.take(places)))
    except Exception:  # whatever an estimator of any library raises
        if len(places) <= fewest:
            return []
        halves = np.array_split(places, 2)
        return [part for half in halves for part in accepted(estimator, dataset, rows, half, fewest)]
    return [places]


def compare(
    model: OnnxModel, kind: str, rows: Rows, expected: Predictions, scale: float, tolerance: float
) -> Comparison:
    actual = model.predict(rows)
    errors = errors_of(expected.scores, actual.scores, scale)
    # Written so that NaN counts as different.
    wrong = ~(errors <= tolerance)
    if expected.labels is not None:
        wrong |= expected.labels != actual.labels
    return Comparison(kind, rows, expected, actual, errors, wrong)


def errors_of(expected: np.ndarray, actual: np.ndarray, scale: float) -> np.ndarray:
    """[N]: the largest of each row, as a share of the scale, or of a value that is beyond it: far outside of training
    an exponential has values, and an infinity, that dwarf the scale."""
    with np.errstate(invalid="ignore"):
        errors = np.abs(expected - actual) / np.maximum(scale, np.abs(expected))
    return np.where(expected == actual, 0.0, errors).max(axis=1)


def scale_of(estimator: Any, dataset: Dataset) -> float:
    expected = predictions_of(estimator, dataset.for_original(dataset.rows))
    return 1.0 if expected.labels is not None else float(np.abs(expected.scores).max()) or 1.0


def label_agreement(comparisons: list[Comparison]) -> float | None:
    if comparisons[0].expected.labels is None:
        return None
    equal = [comparison.expected.labels == comparison.actual.labels for comparison in comparisons]
    return float(np.concatenate(equal).mean())


def round_up_to_decade(error: float) -> float:
    """2.2e-16 → 1e-15: the last bits of an error depend on the CPU, and a package's bytes must not."""
    return 0.0 if error == 0 else float(f"1e{int(np.floor(np.log10(error))) + 1}")


def describe(comparisons: list[Comparison], dataset: Dataset, total: int, tolerance: float) -> str:
    """A table of the rows that differ, the largest differences first."""
    wrong = [(comparison, row) for comparison in comparisons for row in np.flatnonzero(comparison.wrong)]
    wrong.sort(key=lambda entry: -np.nan_to_num(entry[0].errors[entry[1]], nan=np.inf))
    labels = sum(
        int((done.expected.labels != done.actual.labels).sum())
        for done in comparisons
        if done.expected.labels is not None
    )
    lines = [
        f"the ONNX model differs from the original on {len(wrong)} of {total} rows: {labels} labels, and scores by up "
        f"to {wrong[0][0].errors[wrong[0][1]]:.3g}, where {tolerance:g} is allowed",
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
    if predictions.labels is None:
        return repr(float(predictions.scores[row, 0]))
    return f"{predictions.labels[row]} {float(predictions.scores[row].max())!r}"
