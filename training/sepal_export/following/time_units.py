"""numpy's `astype` of times: to a coarser unit, and to counts of a unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.cells import INT, NUMBERS, SPAN, TIME, Cell
from sepal_export.following.kinds import to
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.types import as_kind, kind_named
from sepal_export.graphs.calendars import DAY, floor_to, part_of

LENGTHS = {"us": 1, "ms": 1000, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "D": DAY, "W": 7 * DAY}


class InUnit(Cell):
    """A time rounded down to a unit of numpy."""

    def __init__(self, cell: Cell, unit: str) -> None:
        super().__init__(begun(cell, unit), TIME, is_nullable=cell.is_nullable)
        self.unit = unit

    @property
    def count(self) -> Cell:
        """The number of units since 1970. numpy gives a missing time the lowest number; its row is refused here."""
        value, unit = self.value, self.unit
        if unit in LENGTHS:
            return to(Cell(value / float(LENGTHS[unit]), "float"), INT)
        years = part_of(value, "year") - 1970.0
        count = years if unit == "Y" else years * 12.0 + part_of(value, "month") - 1.0
        return to(Cell(count, "float"), INT)


def begun(cell: Cell, unit: str) -> Any:
    """[N, 1] microseconds: the beginning of the unit that the time is in."""
    if unit in LENGTHS:
        return floor_to(cell.value, LENGTHS[unit])
    days = part_of(cell.value, "dayofyear" if unit == "Y" else "day")
    return floor_to(cell.value, DAY) - (days - 1.0) * float(DAY)


def in_array(cell: Cell, dtype: Any) -> Cell:
    """`array.astype(dtype)` for one element."""
    kind = kind_named(dtype)
    if cell.kind not in (TIME, SPAN) or kind is None:
        return as_kind(cell, dtype)
    if kind in NUMBERS and isinstance(cell, InUnit) and np.dtype(getattr(dtype, "original", dtype)) == np.int64:
        return cell.count
    if kind == TIME == cell.kind:
        unit = np.datetime_data(np.dtype(dtype))[0]
        return InUnit(cell, unit) if unit in (*LENGTHS, "M", "Y") else cell
    if cell.kind == SPAN:
        raise NotFollowed("it converts spans of time by astype", "divide them by np.timedelta64(1, 'D')")
    raise NotFollowed(
        "it converts times, and the result depends on the unit of the column's own type",
        "name the unit first: .values.astype('datetime64[s]').astype('int64')",
    )
