"""Times and spans of time, computed like in pandas."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following import spans
from sepal_export.following.arithmetic import remainder
from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, TIME, Cell
from sepal_export.following.domains import Domain
from sepal_export.following.kinds import to
from sepal_export.following.refusal import IsATime, NotFollowed
from sepal_export.graphs.calendars import part_of

MICROSECONDS = {
    "day": 86_400e6, "D": 86_400e6, "hour": 3_600e6, "h": 3_600e6, "H": 3_600e6, "min": 60e6, "T": 60e6, "s": 1e6,
    "S": 1e6, "ms": 1e3, "us": 1.0,
}  # fmt: skip
FLAGS = {
    "is_leap_year", "is_month_end", "is_month_start", "is_quarter_end", "is_quarter_start", "is_year_end",
    "is_year_start",
}  # fmt: skip
PARTS = FLAGS | {
    "day", "day_of_week", "day_of_year", "dayofweek", "dayofyear", "days_in_month", "daysinmonth", "hour",
    "microsecond", "minute", "month", "nanosecond", "quarter", "second", "weekday", "year",
}  # fmt: skip
FEW = {
    "day": (1, 32), "day_of_week": (0, 7), "day_of_year": (1, 367), "dayofweek": (0, 7), "dayofyear": (1, 367),
    "days_in_month": (28, 32), "daysinmonth": (28, 32), "hour": (0, 24), "minute": (0, 60), "month": (1, 13),
    "quarter": (1, 5), "second": (0, 60), "week": (1, 54), "weekday": (0, 7),
}  # fmt: skip
ALWAYS_AS_LONG = {
    "Day", "Hour", "Micro", "Milli", "Minute", "Second", "days", "hours", "microseconds", "minutes", "seconds", "weeks",
}  # fmt: skip
NAMES = {
    "day_name": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "month_name": [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ],
}  # fmt: skip


def part(cell: Cell, name: str) -> Cell:
    """The value of `.dt.name`: a flag; or a whole number as a float, which is NaN for a missing time."""
    value = part_of(cell.value, name)
    if name in FLAGS:
        return Cell(value > 0.5, BOOL)
    if name not in FEW:
        return Cell(value, FLOAT)
    keys = np.array([*range(*FEW[name]), *([np.nan] if is_nullable(cell) else [])], dtype=np.float64)
    return Cell(value, FLOAT, domain=Domain(value, keys, keys))


def whole_part(cell: Cell, name: str) -> Cell:
    """The same as an integer, which pandas uses if no time is missing."""
    made = part(cell, name)
    return made if made.kind == BOOL or is_nullable(cell) else to(made, INT)


def is_nullable(cell: Cell) -> bool:
    return cell.column is None or cell.column.is_nullable


def of_time(cell: Cell, name: str) -> Any:
    """An attribute of a single time, like that of pd.Timestamp."""
    if name == "weekday":
        return lambda: whole_part(cell, "weekday")
    if name in ("isoweekday",):
        return lambda: whole_part(cell, "weekday") + 1
    if name in PARTS:
        return whole_part(cell, name)
    if name == "isocalendar":
        return lambda: IsoCalendarDate(*iso_date(cell))
    if name in METHODS:
        return lambda *args, **options: METHODS[name](cell, *args, **options)
    raise NotFollowed(f"it uses {name!r} of a time")


def of_span(cell: Cell, name: str) -> Any:
    """An attribute of a single span, like that of pd.Timedelta."""
    made = spans.of_span(cell, name)
    if made is not None:
        return made
    if name in ("dt", "astype"):
        raise NotFollowed(f"it uses {name!r} of a span", "divide it by pd.Timedelta(days=1)")
    raise NotFollowed(f"it uses {name!r} of a span")


def floored(cell: Cell, freq: str) -> Cell:
    unit = microseconds_in(freq)
    return Cell(cell.value - remainder(cell.value, cell.graph.constant(np.float64(unit))), TIME)


def without_calendar(offset: Any) -> Any:
    """Converts a pandas offset of constant length to a span. Other values are returned unchanged."""
    if not isinstance(offset, pd.offsets.BaseOffset):
        return offset
    names = set(offset.kwds) if type(offset) is pd.DateOffset else {type(offset).__name__}
    if not names or not names <= ALWAYS_AS_LONG:
        raise NotFollowed(
            f"it moves times by {offset!r}, along the calendar", "add pd.Timedelta(days=…), or take the parts by .dt"
        )
    start = pd.Timestamp(2000, 1, 1)
    return (start + offset) - start


def microseconds_in(freq: Any) -> float:
    """The microseconds of a constant length of time, such as "15min"."""
    try:
        length = pd.Timedelta(freq if not isinstance(freq, str) or freq[:1].isdigit() else f"1{freq}")
    except (ValueError, TypeError):
        length = pd.Timedelta(0)
    if length < pd.Timedelta(microseconds=1) or length.nanoseconds:
        raise NotFollowed(f"it rounds times to {freq!r}", "use a fixed length of time, such as 'D', 'h' or '15min'")
    return length / pd.Timedelta(microseconds=1)


def named(cell: Cell, which: str, locale: Any = None) -> Cell:
    """The name of the day or the month."""
    if locale is not None:
        raise NotFollowed("names of days in another language", "map the number of the day by a dictionary")
    names = NAMES[which]
    number = part_of(cell.value, "dayofweek" if which == "day_name" else "month")
    place = cell.graph.where(number.isnan(), float(len(names)), number if which == "day_name" else number - 1.0)
    table = cell.graph.constant(np.array([*names, ""], dtype=object))
    lacks = is_nullable(cell)
    return Cell(table.rows(place.cast(np.int64).reshape(-1)).reshape(-1, 1), TEXT, is_nullable=lacks)


def isocalendar(cell: Cell) -> Any:
    from sepal_export.following.frames import Frame

    return Frame(dict(zip(IsoDate._fields, iso_date(cell), strict=True)))


IsoDate = namedtuple("IsoDate", ["year", "week", "day"])


def iso_date(cell: Cell) -> Any:
    return IsoDate(*(whole_part(cell, name) for name in ("iso_year", "week", "iso_day")))


class IsoCalendarDate(IsoDate):
    """The result of datetime.date.isocalendar()."""

    weekday = property(lambda self: self.day)


def timestamp(cell: Cell) -> Cell:
    return Cell(cell.value / 1e6, FLOAT)


def ceiled(cell: Cell, freq: str) -> Cell:
    below = floored(cell, freq)
    is_whole = below.value.equals(cell.value)
    return Cell(cell.graph.where(is_whole, below.value, below.value + microseconds_in(freq)), TIME)


def nearest(cell: Cell, freq: str) -> Cell:
    """Rounds to the nearest; halfway between two, to the even one."""
    below, unit = floored(cell, freq).value, microseconds_in(freq)
    graph = cell.graph
    beyond = (cell.value - below) * 2.0 - unit
    is_odd = ~remainder(below / unit, graph.constant(np.float64(2.0))).equals(0.0)
    goes_up = (beyond > 0.0) | (beyond.equals(0.0) & is_odd)
    return Cell(graph.where(goes_up, below + unit, below), TIME)


def of_unit(cell: Cell, dtype: Any) -> Cell:
    """Like `astype("datetime64[s]")`: truncates to the unit."""
    unit = np.datetime_data(np.dtype(dtype))[0]
    return floored(cell, unit) if unit in ("s", "ms") else cell


def zoned(cell: Cell, tz: Any) -> Cell:
    if tz is not None and str(tz) != "UTC":
        raise NotFollowed(f"it moves times to the zone {tz}", "use UTC")
    return cell


METHODS = {
    "ceil": ceiled,
    "date": lambda cell: floored(cell, "D"),
    "day_name": lambda cell, locale=None: named(cell, "day_name", locale),
    "floor": floored,
    "isocalendar": isocalendar,
    "month_name": lambda cell, locale=None: named(cell, "month_name", locale),
    "normalize": lambda cell: floored(cell, "D"),
    "round": nearest,
    "timestamp": timestamp,
    "to_pydatetime": lambda cell: cell,
    "tz_localize": lambda cell, tz=None, **_: zoned(cell, tz),
    "as_unit": lambda cell, unit, **_: cell,
}


def to_datetime(operand: Any, errors: str = "raise", **options: Any) -> Any:
    """pd.to_datetime. Times stay unchanged."""
    options = {"errors": errors, **options}
    if isinstance(operand, dict | pd.DataFrame):
        raise NotFollowed("it makes times of several columns", "make them before training")
    from sepal_export.following.series import Series
    from sepal_export.following.ufuncs import of_cells

    def element(cell: Any) -> Any:
        if not isinstance(cell, Cell):
            return pd.to_datetime(cell, **options)
        if cell.kind == TIME:
            return cell
        if cell.kind == TEXT and cell.column is not None and cell.column.feature is not None:
            raise IsATime(cell.column.feature, options)
        if cell.kind in (INT, FLOAT) and options.get("unit"):
            unit = MICROSECONDS.get(options["unit"])
            if unit is None or options.get("origin", "unix") != "unix":
                raise NotFollowed(f"to_datetime with unit={options['unit']!r}")
            return Cell(to(cell, FLOAT).value * unit, TIME)
        if cell.kind in (INT, FLOAT):
            raise NotFollowed("it makes times of numbers without unit=", "say what they count, such as unit='s'")
        raise NotFollowed(
            "it parses times from strings that are not a column from the client", "make them before training"
        )

    return Series(element(operand.cell), operand.name) if isinstance(operand, Series) else of_cells(element, operand)
