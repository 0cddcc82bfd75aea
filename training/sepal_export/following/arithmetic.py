"""Sums, products and quotients of numbers, times and spans of time."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from sepal_export.following.cells import BOOL, FLOAT, INT, NUMBERS, SPAN, TEXT, TIME, Cell
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import (
    TEXT_MISSING,
    Element,
    cells_of,
    common,
    constant_of,
    is_constant,
    is_missing,
    to,
)
from sepal_export.following.refusal import NotFollowed
from sepal_export.graphs.graph import Value


def arithmetic(name: str, of_floats: Callable[[Value, Value], Value], of_ints: Callable | None = None) -> Element:
    """Creates an operation. `of_ints`, if given, computes integers in int64 like numpy."""

    def element(first: Any, second: Any) -> Cell:
        first, second = cells_of(first, second)
        if {first.kind, second.kind} & {TEXT, TIME, SPAN}:
            return of_times_and_texts(name, first, second)
        kind, (first, second) = common(first, second)
        if kind == BOOL and name in ("add", "multiply"):
            both = first.value | second.value if name == "add" else first.value & second.value
            return Cell(both, BOOL)
        if kind == BOOL and name == "subtract":
            raise NotFollowed("numpy subtracts no flags", "make numbers of them with astype(int)")
        if kind == FLOAT or of_ints is None:
            return Cell(of_floats(to(first, FLOAT).value, to(second, FLOAT).value), FLOAT)
        return of_ints(to(first, INT).value, to(second, INT).value)

    return element


def of_times_and_texts(name: str, first: Cell, second: Cell) -> Cell:
    """Sums of strings, and operations on times and spans."""
    kinds, a, b = (first.kind, second.kind), first.value, second.value
    match (name, *kinds):
        case ("add", "text", "text"):
            together = a.graph.node("StringConcat", a, b)
            lacks = [is_missing(cell).value for cell in (first, second) if cell.is_nullable]
            value = a.graph.where(reduce(lambda x, y: x | y, lacks), TEXT_MISSING, together) if lacks else together
            return Cell(value, TEXT, is_nullable=bool(lacks))
        case ("subtract", "time", "time"):
            return Cell(a - b, SPAN)
        case ("add", "time", "span") | ("add", "span", "time"):
            return Cell(a + b, TIME)
        case ("subtract", "time", "span"):
            return Cell(a - b, TIME)
        case ("add", "span", "span"):
            return Cell(a + b, SPAN)
        case ("subtract", "span", "span"):
            return Cell(a - b, SPAN)
        case ("divide", "span", "span"):
            return Cell(a / b, FLOAT)
        case ("floor_divide", "span", "span"):
            return Cell(floor_divided(a, b), FLOAT)
    if kinds[0] == SPAN and kinds[1] in NUMBERS and name in ("divide", "multiply"):
        other = to(second, FLOAT).value
        # Keeps fractions of a microsecond, which pandas cuts off at the unit of its column. If the difference shows in
        # an answer, the proof fails.
        return Cell(a / other if name == "divide" else a * other, SPAN)
    raise NotFollowed(f"it computes {name} of {kinds[0]} and {kinds[1]}")


def floor_divided(a: Value, b: Value) -> Value:
    """Floor division in float64 like numpy: by the remainder, so that rounding cannot give one too many."""
    graph = a.graph
    rest, is_other = rest_of(a, b)
    quotient = (a - rest) / b
    quotient = graph.where(is_other, quotient - 1.0, quotient)
    whole = graph.node("Floor", quotient)
    is_nearer = (quotient - whole) > 0.5
    if is_constant(b) and constant_of(b).all():
        return graph.where(is_nearer, whole + 1.0, whole)
    return graph.where(b.equals(0.0), a / b, graph.where(is_nearer, whole + 1.0, whole))


def remainder(a: Value, b: Value) -> Value:
    """The remainder in float64, with the sign of the divisor."""
    rest, is_other = rest_of(a, b)
    return a.graph.where(is_other, rest + b, rest)


def rest_of(a: Value, b: Value) -> tuple[Value, Value]:
    """The remainder with the sign of `a`, and whether it differs from the sign of `b`."""
    rest = a.graph.node("Mod", a, b, fmod=1)
    if is_constant(b) and (constant_of(b) > 0.0).all():
        return rest, rest < 0.0
    return rest, ((b < 0.0) & (rest > 0.0)) | ((b > 0.0) & (rest < 0.0))


def whole_floor_divided(a: Value, b: Value) -> Cell:
    """Floor division in int64. Division by zero gives 0 in numpy; the runtime would end the process."""
    is_zero, safe = safe_divisor(b)
    graph = a.graph
    quotient = graph.node("Div", a - graph.node("Mod", a, safe), safe)
    return Cell(quotient if is_zero is None else graph.where(is_zero, np.int64(0), quotient), INT)


def whole_remainder(a: Value, b: Value) -> Cell:
    is_zero, safe = safe_divisor(b)
    rest = a.graph.node("Mod", a, safe)
    return Cell(rest if is_zero is None else a.graph.where(is_zero, np.int64(0), rest), INT)


def whole_rest(a: Value, b: Value) -> Cell:
    """The remainder in int64, with the sign of `a`."""
    rest, (_, safe), zero = whole_remainder(a, b).value, safe_divisor(b), np.int64(0)
    is_other = ((rest > zero) & (a < zero)) | ((rest < zero) & (a > zero))
    return Cell(a.graph.where(is_other, rest - safe, rest), INT)


def safe_divisor(b: Value) -> tuple[Value | None, Value]:
    """Where the divisor is zero (None if it never is), and the divisor with 1 in place of zero."""
    if is_constant(b) and constant_of(b).all():
        return None, b
    is_zero = b.equals(np.int64(0))
    return is_zero, b.graph.where(is_zero, np.int64(1), b)


def as_pandas(of_whole: Callable[[Value, Value], Cell], of_zero: Callable[[Value], Value]) -> Callable:
    """For integers divided by zero: pandas gives infinity or NaN, numpy gives zero."""

    def divided(a: Value, b: Value) -> Cell:
        made = of_whole(a, b)
        is_zero, _ = safe_divisor(b)
        if is_zero is None:
            return made
        return Cell(a.graph.where(is_zero, of_zero(a.cast(np.float64)), made.value.cast(np.float64)), FLOAT)

    return divided


def power(base: Any, exponent: Any) -> Cell:
    """Powers. numpy computes some exponents specially, with different last digits."""
    if not isinstance(exponent, Cell) and isinstance(base, Cell) and np.ndim(exponent) == 0:
        number, is_whole = float(exponent), isinstance(exponent, bool | int | np.integer | np.bool_)
        if is_whole and base.kind in (BOOL, INT):
            return whole_power(to(base, INT), int(exponent))
        value = to(base, FLOAT).value
        known = {1.0: lambda: value, 2.0: lambda: value * value, 0.5: value.sqrt, -1.0: lambda: 1.0 / value}
        if number in known:
            return Cell(known[number](), FLOAT)
    base, exponent = cells_of(base, exponent)
    value = to(base, FLOAT).value ** to(exponent, FLOAT).value
    if FLOAT in (base.kind, exponent.kind):
        return Cell(value, FLOAT)
    # numpy raises an error for a negative exponent. A power of 2**53 or more has lost digits here, and may have
    # overflowed in numpy, so such rows are refused, too.
    refuse_here((to(exponent, INT).value < np.int64(0)) | ~(value.abs() < 2.0**53))
    return to(Cell(value, FLOAT), INT)


def whole_power(base: Cell, exponent: int) -> Cell:
    """Squares repeatedly. For a negative exponent the result does not matter, because numpy raises an error."""
    if exponent < 1:
        return Cell(base.value * np.int64(0) + np.int64(1), INT)
    made, square = None, base.value
    while exponent:
        if exponent % 2:
            made = square if made is None else made * square
        exponent //= 2
        square = square * square if exponent else square
    return Cell(made, INT)


def whole(operator: str) -> Callable[[Value, Value], Cell]:
    return lambda a, b: Cell(a.graph.node(operator, a, b), INT)
