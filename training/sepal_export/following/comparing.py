"""Comparisons, and logical operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export.following.cells import BOOL, FLOAT, INT, NUMBERS, SPAN, TEXT, TIME, Cell
from sepal_export.following.kinds import (
    Element,
    cells_of,
    common,
    constant_of,
    is_constant,
    is_missing,
    same_for_all,
    to,
)
from sepal_export.following.objects import widths
from sepal_export.following.refusal import NotFollowed
from sepal_export.graphs.graph import Value


def is_true(cell: Cell) -> Cell:
    if cell.kind == TEXT:
        return of_texts(*cells_of(cell, ""), "not_equal")
    if cell.kind not in NUMBERS:
        raise NotFollowed(f"it asks for the truth of a {cell.kind}")
    return to(cell, BOOL)


def comparison(name: str, compare: Callable[[Value, Value], Value]) -> Element:
    """Creates a comparison. A missing value differs from every value, and from another missing one."""

    def element(first: Any, second: Any) -> Cell:
        first, second = cells_of(first, second)
        if {first.kind, second.kind} <= set(NUMBERS):
            kind, (first, second) = common(first, second)
            if kind == BOOL:
                first, second = to(first, INT), to(second, INT)
            tell(first, second)
            return Cell(compare(first.value, second.value), BOOL)
        if first.kind != second.kind and {first.kind, second.kind} == {TIME, TEXT}:
            raise NotFollowed("it compares a time with a string", "compare it with pd.Timestamp('2024-01-01')")
        if first.kind != second.kind:
            # A string never equals a number.
            return same_for_all(first, name == "not_equal")
        if first.kind != TEXT:
            tell(first, second)
            return Cell(compare(first.value, second.value), BOOL)
        if name not in ("equal", "not_equal"):
            raise NotFollowed("it asks which of two strings comes first")
        return of_texts(first, second, name)

    return element


def of_texts(first: Cell, second: Cell, name: str) -> Cell:
    equal = first.value.equals(second.value)
    for cell in (first, second):
        if cell.is_nullable:
            equal = equal & ~is_missing(cell).value
        if is_constant(cell.value):
            from sepal_export.following.texts import text_of

            first.graph.tell_apart(equal, [text_of(cell)])
    return Cell(~equal if name == "not_equal" else equal, BOOL)


def tell(first: Cell, second: Cell) -> None:
    """Tells the proof where a comparison changes its result, so that it makes rows on both sides."""
    a, b = (cell.value if cell.kind in (TIME, SPAN) else to(cell, FLOAT).value for cell in (first, second))
    if is_constant(a) and is_constant(b):
        return
    if is_constant(a) or is_constant(b):
        value, limits = (b, a) if is_constant(a) else (a, b)
        limits = constant_of(limits).ravel()
    else:
        value, limits = a - b, np.zeros(1)
    # One limit applies to all columns that are computed together.
    limits = np.repeat(limits, widths[-1]) if len(limits) == 1 else limits
    finite = np.isfinite(limits)
    if finite.any():
        value.graph.add_splits(value, np.flatnonzero(finite), limits[finite])


def tell_each(value: Value, limits: np.ndarray) -> None:
    """Like `tell`, for several limits per column."""
    finite = limits[np.isfinite(limits)]
    if len(finite):
        value.graph.add_splits(value, np.repeat(np.arange(widths[-1]), len(finite)), np.tile(finite, widths[-1]))


def logical(name: str, of_flags: Callable[[Value, Value], Value]) -> Element:
    def element(first: Any, second: Any) -> Cell:
        first, second = cells_of(first, second)
        kinds = {first.kind, second.kind}
        if name.startswith("bitwise") and kinds != {BOOL}:
            if not kinds <= {BOOL, INT}:
                raise NotFollowed(f"it computes {name} of {first.kind} and {second.kind}", "compare them with 0 first")
            operator = "".join(map(str.capitalize, name.split("_")))
            return Cell(first.graph.node(operator, to(first, INT).value, to(second, INT).value), INT)
        return Cell(of_flags(is_true(first).value, is_true(second).value), BOOL)

    return element


def xor(a: Value, b: Value) -> Value:
    return (a & ~b) | (~a & b)


def invert(operand: Any) -> Cell:
    [cell] = cells_of(operand)
    if cell.kind == INT:
        return Cell(cell.graph.node("BitwiseNot", cell.value), INT)
    if cell.kind != BOOL:
        raise NotFollowed(f"it computes ~ of a {cell.kind}", "compare it with 0 first")
    return Cell(~cell.value, BOOL)


def extreme(picks_other: str, *, ignores_missing: bool = False) -> Element:
    """Creates the choice of the larger or smaller of two values. The second is chosen if the ONNX comparison
    `picks_other` holds between the first and the second. NaN if one is NaN, unless `ignores_missing`."""

    def element(first: Any, second: Any) -> Cell:
        first, second = cells_of(first, second)
        if first.kind in (TIME, SPAN) and first.kind == second.kind:
            kind = first.kind
        else:
            kind, (first, second) = common(first, second)
        if kind == BOOL:
            return Cell(first.value | second.value if picks_other == "Less" else first.value & second.value, BOOL)
        tell(first, second)
        # Comparisons with NaN are false, so that the first value is kept.
        a, b = (second.value, first.value) if is_constant(first.value) else (first.value, second.value)
        graph = a.graph
        chosen = graph.where(graph.node(picks_other, a, b), b, a)
        if kind == INT:
            return Cell(chosen, INT)
        if ignores_missing:
            chosen = graph.where(a.isnan(), b, chosen)
        elif may_be_missing(b):
            chosen = graph.where(b.isnan(), b, chosen)
        return Cell(chosen, kind)

    return element


def may_be_missing(value: Value) -> bool:
    return not is_constant(value) or bool(np.isnan(constant_of(value)).any())
