"""What a fitted encoder of category_encoders answers to each category of a column, asked of the encoder itself."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.converters.encoders import UNKNOWN, is_missing
from sepal_export.dataset import with_unseen
from sepal_export.table import TIMES, Column, Table

# Known categories that are asked for by themselves too.
ALONE = 8
# Nobody's whole number: the largest that a request can hold.
UNKNOWN_WHOLE = 2**53 - 1
BESIDE = (
    "the row of {value!r} in its column {name!r} gets another answer alone than among other rows; write numpy.nan for "
    "each missing value before the fit, by X.fillna(numpy.nan)"
)
TWO_MARKS = (
    "it answers None otherwise than NaN in its column {name!r}, of which the training rows that were looked at hold "
    "neither; fill the missing values before the fit, by X.fillna('missing')"
)


@dataclass(frozen=True)
class Answers:
    """What the encoder makes of `values` [C] of a column, of which the last may be a missing one. `rows` [C + 1, W] has
    the columns that it generates, first for an unknown category; it refuses those that are `refused` [C + 1]."""

    values: list[Any]
    rows: np.ndarray
    refused: np.ndarray


class Asking:
    """A fitted encoder, and one of the training rows, of which one column at a time is replaced."""

    def __init__(self, encoder: Any, table: Table) -> None:
        """`encoder` has `cols` and `feature_names_in_`, or is made of such."""
        original, inner = table.original, inner_of(encoder)
        if original is None:
            raise NotImplementedError(
                "it is not known what reaches it here; put it before the other steps of the whole pipeline"
            )
        self.is_array = not isinstance(original, pd.DataFrame | pd.Series)
        original = original.toarray() if hasattr(original, "toarray") else original
        frame = original if isinstance(original, pd.DataFrame) else pd.DataFrame(original)
        self.names = list(inner.feature_names_in_) if self.is_array else list(frame.columns)
        self.table, self.original, self.encoder = table, frame, answering_frames(encoder)
        self.encoded = [place for place, name in enumerate(self.names) if name in list(inner.cols)]
        out = self._transform(frame.iloc[:1])
        if out.columns.has_duplicates:
            raise NotImplementedError("two of the columns that it answers have one name; rename the columns of its fit")
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
        """[C, W]: what it generates where the column holds `values` [C]. Raises ValueError where it refuses one."""
        rows = self.original.iloc[np.zeros(len(values), dtype=int)].reset_index(drop=True)
        rows.isetitem(place, pd.Series(values, dtype=object).astype(self._type(place, values)))
        return self._numbers(self._transform(rows))

    def of_each(self, place: int, known: Sequence[Any], *, accepts_unknown: bool = True) -> Answers:
        """The encoder's answers to the categories that it knows, and to what is none of them."""
        column, known = self.column(place), self.known(place, known)
        marks = self.marks(place)
        specials = [*marks, *([""] if column.is_string and not column.is_nullable and "" not in known else [])]
        unknown = [self.unknown(place, known)] if accepts_unknown else []
        alone = {id(value): self._alone(place, value) for value in [*unknown, *specials]}
        of_marks = [alone[id(mark)] for mark in marks]
        if any(not same(row, of_marks[0]) for row in of_marks):
            raise NotImplementedError(TWO_MARKS.format(name=self.names[place]))
        taken = [value for value in [*unknown, *specials] if alone[id(value)] is not None]
        together = self.of(place, [*known, *taken])
        some = np.unique(np.linspace(0, len(known) - 1, min(len(known), ALONE)).astype(int)).tolist()
        pairs = [(known[index], self.of(place, [known[index]])[0], together[index]) for index in some]
        pairs += [(value, alone[id(value)], row) for value, row in zip(taken, together[len(known) :], strict=True)]
        for value, by_itself, among in pairs:
            if not same(by_itself, among):
                raise NotImplementedError(BESIDE.format(value=shown(value), name=self.names[place]))
        values = [*known, *specials[len(marks) :], *marks[:1]]
        first = [alone[id(value)] for value in unknown] or [None]
        rows = [*first, *together[: len(known)], *(alone[id(value)] for value in values[len(known) :])]
        refused = np.array([row is None for row in rows])
        return Answers(values, np.stack([np.full(len(self.base), np.nan) if r is None else r for r in rows]), refused)

    def known(self, place: int, values: Sequence[Any]) -> list[Any]:
        """Those that a column of this type can hold, as it holds them."""
        is_string, series = self.table.column(place).is_string, self.original.iloc[:, place]
        present = [value for value in values if not is_missing(value) and isinstance(value, str) == is_string]
        held = pd.Series(present, dtype=object).astype(self._type(place, present)).astype(object).tolist()
        if series.dtype == object and not is_string:
            # Objects are of the type that the rows have: some encoders tell 1 from 1.0.
            kind = next((type(value) for value in series.tolist() if not is_missing(value)), float)
            held = [kind(value) for value in held]
        return list(dict.fromkeys(new for new, old in zip(held, present, strict=True) if new == old))

    def marks(self, place: int) -> list[Any]:
        """What may stand for a missing value: what does in the rows that are known, or else both that can."""
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
        """No category of anybody's, of the type of the column."""
        if known and all(isinstance(value, bool) for value in known):
            return True not in known
        if self.original.iloc[:, place].dtype.kind in "iu":
            return next(number for number in range(UNKNOWN_WHOLE, 0, -1) if number not in known)
        return UNKNOWN[self.table.column(place).is_string]

    def _alone(self, place: int, value: Any) -> np.ndarray | None:
        """None where it is refused."""
        try:
            return self.of(place, [value])[0]
        except ValueError:
            return None

    def _type(self, place: int, values: Sequence[Any]) -> Any:
        return with_unseen(self.original.iloc[:, place].dtype, list(values))

    def _transform(self, rows: pd.DataFrame) -> pd.DataFrame:
        with warnings.catch_warnings():
            # Of pandas, on how the encoder puts its columns together.
            warnings.simplefilter("ignore")
            return self.encoder.transform(rows.to_numpy() if self.is_array else rows)

    def _numbers(self, out: pd.DataFrame) -> np.ndarray:
        columns = [out[name].astype(np.float64).to_numpy() for name in self.generated]
        return np.stack(columns, axis=1) if columns else np.empty((len(out), 0))


def inner_of(encoder: Any) -> Any:
    """Of a wrapper for several classes the encoder of the first one."""
    return next(iter(encoder.feature_encoders.values())) if hasattr(encoder, "feature_encoders") else encoder


def answering_frames(encoder: Any) -> Any:
    """A copy that answers frames, and starts no processes."""
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
    """Whether both are refused, or get one answer."""
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second, equal_nan=True)


def shown(value: Any) -> Any:
    """A missing value; no other is told."""
    return value if is_missing(value) else "…"
