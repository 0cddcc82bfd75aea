"""Finds the output of a fitted encoder of category_encoders for each category of a column, by calling the encoder
itself."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.converters.encoders import UNKNOWN, is_missing
from sepal_export.data.dataset import with_unseen
from sepal_export.graphs.table import TIMES, Column, Table

# The number of known categories that are also encoded alone, in a call of one row.
ALONE = 8
# The largest integer that a request can hold. From there downwards, the first that is no category stands for an unknown
# one.
UNKNOWN_WHOLE = 2**53 - 1
Rows = Sequence[np.ndarray | None]
# The advice, by whether missing values are None.
FILL = {True: "write NaN for None, by X.fillna(numpy.nan)", False: "put SimpleImputer(strategy='constant') before it"}
BESIDE = "its answer to a row depends on the rows beside it, because of missing values in its column {!r}; {}"
TWO_MARKS = (
    "it answers None differently from NaN in its column {0!r}, and the training rows that were looked at do not show "
    "which of them marks a missing value; make the column one of strings before the fit, by "
    "X.astype({{{0!r}: 'string'}})"
)


@dataclass(frozen=True)
class Answers:
    """The encoder's output for `values` [C] of a column, of which the last may be a missing value. `rows` [C + 1, W]
    are the generated columns; the first row is for an unknown category. `refused` [C + 1] marks values that the encoder
    refuses."""

    values: list[Any]
    rows: np.ndarray
    refused: np.ndarray


class Asking:
    """Calls a fitted encoder with copies of a training row in which one column is replaced."""

    def __init__(self, encoder: Any, table: Table) -> None:
        """`encoder` has `cols` and `feature_names_in_`, or consists of encoders that have them."""
        original, inner = table.original, one_of(encoder)
        if original is None:
            raise NotImplementedError(
                "the export does not know which values it gets here; put it before the other steps of the whole "
                "pipeline"
            )
        self.is_array = not isinstance(original, pd.DataFrame | pd.Series)
        original = original.toarray() if hasattr(original, "toarray") else original
        frame = original if isinstance(original, pd.DataFrame) else pd.DataFrame(original)
        self.names = list(inner.feature_names_in_) if self.is_array else list(frame.columns)
        self.table, self.original, self.encoder = table, frame, answering_frames(encoder)
        self.encoded = [place for place, name in enumerate(self.names) if name in list(inner.cols)]
        out = self._transform(frame.iloc[:1])
        if out.columns.has_duplicates:
            raise NotImplementedError("two of its output columns have the same name; rename the columns of its fit")
        self.columns = list(out.columns)
        kept = {name for place, name in enumerate(self.names) if place not in self.encoded}
        self.generated = [name for name in self.columns if name not in kept]
        self.base = self._numbers(out)[0]

    def column(self, place: int) -> Column:
        column = self.table.column(place)
        if column.is_time:
            raise NotImplementedError(TIMES)
        return column

    def of(self, place: int, values: Sequence[Any]) -> np.ndarray:
        """[C, W]: the encoder's output if the column holds `values` [C]. Raises ValueError if it refuses one of
        them."""
        rows = self.original.iloc[np.zeros(len(values), dtype=int)].reset_index(drop=True)
        rows.isetitem(place, pd.Series(values, dtype=object).astype(self._type(place, values)))
        return self._numbers(self._transform(rows))

    def of_each(self, place: int, known: Sequence[Any], *, accepts_unknown: bool = True) -> Answers:
        """The encoder's output for the categories that it knows, and for an unknown one."""
        known, marks = self.known(place, known), self.marks(place)
        unknown = [self.unknown(place, known)] if accepts_unknown else []
        of_unknown = [self._alone(place, value) for value in unknown]
        missing = [self._alone(place, mark) for mark in marks]
        if any(not same(row, missing[0]) for row in missing):
            raise NotImplementedError(TWO_MARKS.format(self.names[place]))
        rows = list(self.of(place, known))
        self._require_same(place, known, rows, unknown, of_unknown)
        if marks and not self._answers(place, [*known, marks[0]], [*rows, missing[0]]):
            if self.original.iloc[:, place].isna().any():
                raise NotImplementedError(BESIDE.format(self.names[place], FILL[marks[0] is None]))
            # It seems that values of this column are never missing.
            missing = [None]
        found = [*(of_unknown or [None]), *rows, *missing[:1]]
        refused = np.array([row is None for row in found])
        nothing = np.full(len(self.base), np.nan)
        stacked = np.stack([nothing if row is None else row for row in found])
        return Answers([*known, *marks[:1]], stacked, refused)

    def _require_same(self, place: int, known: Sequence[Any], rows: Rows, others: Sequence[Any], alone: Rows) -> None:
        """Checks that each value's output does not depend on the other rows of a call."""
        some = np.unique(np.linspace(0, len(known) - 1, min(len(known), ALONE)).astype(int)).tolist()
        by_itself = all(self._answers(place, [known[index]], [rows[index]]) for index in some)
        if not (by_itself and self._answers(place, [*known, *others], [*rows, *alone])):
            raise NotImplementedError(BESIDE.format(self.names[place], FILL[False]))

    def _answers(self, place: int, values: Sequence[Any], rows: Rows) -> bool:
        """Whether the encoder returns these rows for `values`, apart from refused ones."""
        taken = [(value, row) for value, row in zip(values, rows, strict=True) if row is not None]
        return same(self.of(place, [value for value, _ in taken]), np.stack([row for _, row in taken]))

    def known(self, place: int, values: Sequence[Any]) -> list[Any]:
        """The values that a column of this type can hold, converted to the type."""
        is_string, series = self.table.column(place).is_string, self.original.iloc[:, place]
        present = [value for value in values if not is_missing(value) and isinstance(value, str) == is_string]
        held = pd.Series(present, dtype=object).astype(self._type(place, present)).astype(object).tolist()
        if series.dtype == object and not is_string:
            # Objects get the type that the rows have, because some encoders distinguish 1 from 1.0.
            kind = next((type(value) for value in series.tolist() if not is_missing(value)), float)
            held = [kind(value) for value in held]
        return list(dict.fromkeys(new for new, old in zip(held, present, strict=True) if new == old))

    def marks(self, place: int) -> list[Any]:
        """The values that may mark a missing value: those in the known rows, or else both possible ones."""
        column, series = self.table.column(place), self.original.iloc[:, place]
        if column.is_string and not column.is_nullable:
            return []
        if series.dtype.kind in "biu":
            return []
        if series.dtype != object or not column.is_string:
            return [np.nan]
        missing = series[series.isna()].tolist()
        return list({value is None: value for value in missing}.values()) or [None, np.nan]

    def unknown(self, place: int, known: Sequence[Any]) -> Any:
        """A value of the column's type that is no category. Only for booleans it may be one: if both True and False are
        categories, there is no other value."""
        if known and all(isinstance(value, bool) for value in known):
            return True not in known
        if self.original.iloc[:, place].dtype.kind in "iu":
            return next(number for number in range(UNKNOWN_WHOLE, 0, -1) if number not in known)
        return UNKNOWN[self.table.column(place).is_string]

    def _alone(self, place: int, value: Any) -> np.ndarray | None:
        """The output for a call with this value alone; None if the encoder refuses it."""
        try:
            return self.of(place, [value])[0]
        except ValueError:
            return None

    def _type(self, place: int, values: Sequence[Any]) -> Any:
        return with_unseen(self.original.iloc[:, place].dtype, list(values))

    def _transform(self, rows: pd.DataFrame) -> pd.DataFrame:
        with warnings.catch_warnings():
            # Silences pandas' warnings about how the encoder builds its columns.
            warnings.simplefilter("ignore")
            return self.encoder.transform(rows.to_numpy() if self.is_array else rows)

    def _numbers(self, out: pd.DataFrame) -> np.ndarray:
        columns = [out[name].astype(np.float64).to_numpy() for name in self.generated]
        return np.stack(columns, axis=1) if columns else np.empty((len(out), 0))


def one_of(encoder: Any) -> Any:
    """For a wrapper of several classes, the encoder of the first class."""
    return next(iter(encoder.feature_encoders.values())) if hasattr(encoder, "feature_encoders") else encoder


def answering_frames(encoder: Any) -> Any:
    """A copy that returns frames and starts no processes."""
    copy = deepcopy(encoder)
    if hasattr(copy, "set_output"):
        copy.set_output(transform="default")
    for part in encoders_in(copy):
        part.return_df = True
        if hasattr(part, "max_process"):
            part.max_process = 1
    return copy


def encoders_in(encoder: Any) -> Iterator[Any]:
    yield from getattr(encoder, "feature_encoders", {}).values() or [encoder]


def same(first: np.ndarray | None, second: np.ndarray | None) -> bool:
    """Whether both are refused, or both have the same output."""
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second, equal_nan=True)
