"""Spans between two times. float64 holds each end exactly, but a difference between them only up to 285 years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arithmetic import floor_divided, remainder, whole_floor_divided, whole_remainder
from sepal_export.following.cells import BOOL, FLOAT, SPAN, TIME, Cell
from sepal_export.following.comparing import tell
from sepal_export.following.elements import AS_PANDAS, ELEMENTS
from sepal_export.following.forks import reaching_here, refuse_here
from sepal_export.following.kinds import cells_of
from sepal_export.graphs.graph import Graph, Value

DAY = np.float64(86_400e6)
IS_SPLIT = pd.Timedelta(microseconds=-1).total_seconds() != -1e-6
# Up to this many microseconds, float64 distinguishes each from the next.
EXACT = 2.0**53


TOO_LONG = (
    "it computes with a span as one number of microseconds, and {} have a span of more than 285 years, which float64 "
    "does not hold to the microsecond; take the days (span.dt.days) or the seconds (span.dt.total_seconds()) first, or "
    "compute the column before training"
)


def held(microseconds: Value) -> Value:
    """The `microseconds`, [N, 1], of a span or a time. Rows in which float64 rounds them are refused, because the
    original computes them in int64. The proof leaves such rows out."""
    is_too_long = reaching_here(microseconds.abs() > EXACT)
    graph = microseconds.graph
    graph.refuse(is_too_long)
    graph.doubt(is_too_long, f"the step {' → '.join(map(repr, graph.path))} cannot be exported: {TOO_LONG}")
    return microseconds


class Between(Cell):
    """`since` and `until` are times, [N, 1] microseconds. Code that uses the span as one number of microseconds gets an
    exact one: see held()."""

    def __init__(self, since: Value, until: Value) -> None:
        self.since, self.until = since, until
        self.kind = SPAN
        self.column = self.domain = None
        self.is_nullable = False

    @property
    def graph(self) -> Graph:
        return self.since.graph

    @property
    def rounded(self) -> Value:
        """[N, 1] microseconds, rounded to the nearest float64, as pandas and numpy do in divisions."""
        return self.until - self.since

    @property
    def value(self) -> Value:
        return held(self.rounded)


def rounded(span: Cell) -> Value:
    return span.rounded if isinstance(span, Between) else span.value


def days_and_rest(span: Cell) -> tuple[Value, Value]:
    """[N, 1]: whole days, and the remaining microseconds of a day, which are never negative. Both are exact,
    because they are computed for each end of the span by itself."""
    until, since = (span.until, span.since) if isinstance(span, Between) else (span.value, None)
    day = until.graph.constant(DAY)
    days, rest = floor_divided(until, day), remainder(until, day)
    if since is None:
        return days, rest
    days, rest = days - floor_divided(since, day), rest - remainder(since, day)
    is_before = rest < 0.0
    graph = until.graph
    return graph.where(is_before, days - 1.0, days), graph.where(is_before, rest + DAY, rest)


def microseconds(span: Cell) -> tuple[Value, Value]:
    """[N, 1] int64, and whether the span is missing; a missing one counts as 0."""
    parts = days_and_rest(span)
    lacks = parts[0].isnan()
    days, rest = (lacks.graph.where(lacks, 0.0, part).cast(np.int64) for part in parts)
    return days * np.int64(DAY) + rest, lacks


def compared(name: str) -> Callable[[Cell, Cell], Cell]:
    def element(first: Cell, second: Cell) -> Cell:
        (days, rest), (others, other_rest) = days_and_rest(first), days_and_rest(second)
        tell(*(Cell(rounded(span), SPAN) for span in (first, second)))
        same = days.equals(others)
        if name in ("equal", "not_equal"):
            equal = same & rest.equals(other_rest)
            return Cell(equal if name == "equal" else ~equal, BOOL)
        is_less = name.startswith("less")
        of_days = days < others if is_less else days > others
        of_rest = {
            "less": lambda: rest < other_rest,
            "less_equal": lambda: rest <= other_rest,
            "greater": lambda: rest > other_rest,
            "greater_equal": lambda: rest >= other_rest,
        }[name]()
        return Cell(of_days | (same & of_rest), BOOL)

    return element


def divided(first: Cell, second: Cell) -> Cell:
    return Cell(rounded(first) / rounded(second), FLOAT)


def of_whole(of_ints: Callable[[Value, Value], Cell], kind: str) -> Callable[[Cell, Cell], Cell]:
    """An operation on two spans as integers. Rows with a span of zero as divisor are refused."""

    def element(first: Cell, second: Cell) -> Cell:
        (a, lacks), (b, lacks_other) = microseconds(first), microseconds(second)
        graph = a.graph
        is_none = lacks | lacks_other
        refuse_here(b.equals(np.int64(0)) & ~is_none)
        return Cell(graph.where(is_none, np.nan, of_ints(a, b).value.cast(np.float64)), kind)

    return element


OF_SPANS: dict[str, Callable[[Cell, Cell], Cell]] = {
    "divide": divided,
    "floor_divide": of_whole(whole_floor_divided, FLOAT),
    "remainder": of_whole(whole_remainder, SPAN),
    **{name: compared(name) for name in ("equal", "greater", "greater_equal", "less", "less_equal", "not_equal")},
}


def with_spans(name: str, element: Callable[..., Any]) -> Callable[..., Any]:
    def made(*operands: Any) -> Any:
        if not any(isinstance(operand, Cell) and operand.kind in (TIME, SPAN) for operand in operands):
            return element(*operands)
        first, second = cells_of(*operands)
        if (name, first.kind, second.kind) == ("subtract", TIME, TIME):
            return Between(second.value, first.value)
        if first.kind == second.kind == SPAN and name in OF_SPANS:
            return OF_SPANS[name](first, second)
        result = element(*operands)
        if isinstance(result, Cell) and result.kind in (SPAN, TIME):
            held(result.value)
        return result

    return made


for _functions in (ELEMENTS, AS_PANDAS):
    for _name in {"add", "multiply", "subtract", *OF_SPANS} & set(_functions):
        _functions[_name] = with_spans(_name, _functions[_name])


def total_seconds(span: Cell) -> Value:
    """Computed like in the installed version of pandas: at once, or as whole seconds plus the rest."""
    if not IS_SPLIT:
        return rounded(span) / 1e6
    days, rest = days_and_rest(span)
    second = span.graph.constant(np.float64(1e6))
    left = remainder(rest, second)
    whole = days * 86_400.0 + floor_divided(rest, second)
    made = whole + left / 1e6
    # Beyond 285 years, rounding may lose the rest. pandas then takes the next float64 in the direction of the rest.
    is_lossy = (rounded(span).abs() > EXACT) & (left > 0.0)
    graph = made.graph
    made = graph.where(is_lossy & made.equals(whole), made + step(made, is_up=True), made)
    return graph.where(is_lossy & made.equals(whole + 1.0), made - step(made, is_up=False), made)


def step(seconds: Value, *, is_up: bool) -> Value:
    """The distance to the next float64 for numbers of 2**33 to 2**35, or their negatives."""
    size, grows = seconds.abs(), (seconds > 0.0) if is_up else (seconds < 0.0)
    is_large = (size > 2.0**34) | (size.equals(2.0**34) & grows)
    return seconds.graph.where(is_large, 2.0**-18, 2.0**-19)


def of_span(span: Cell, name: str) -> Any:
    """An attribute of a single span, like that of pd.Timedelta; None if it does not exist."""
    second = span.graph.constant(np.float64(1e6))
    if name == "days":
        return Cell(days_and_rest(span)[0], FLOAT)
    if name == "total_seconds":
        return lambda: Cell(total_seconds(span), FLOAT)
    if name == "seconds":
        return Cell(floor_divided(days_and_rest(span)[1], second), FLOAT)
    if name == "microseconds":
        return Cell(remainder(days_and_rest(span)[1], second), FLOAT)
    return None
