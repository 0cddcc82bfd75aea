"""Functions of one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sepal_export.following.cells import BOOL, FLOAT, INT, NUMBERS, SPAN, Cell
from sepal_export.following.kinds import Element, cells_of, same_for_all, to
from sepal_export.following.refusal import NotFollowed
from sepal_export.graphs.graph import Value


def of_number(of_float: Callable[[Value], Value], *, keeps_whole: bool = False) -> Element:
    """Creates a function of one number. With `keeps_whole`, it leaves int64 unchanged."""

    def element(operand: Any) -> Cell:
        [cell] = cells_of(operand)
        if cell.kind == INT and keeps_whole:
            return cell
        if cell.kind not in NUMBERS:
            raise NotFollowed(f"it calls a function of numbers with a {cell.kind}")
        return Cell(of_float(to(cell, FLOAT).value), FLOAT)

    return element


def signed(operator: str) -> Element:
    """Keeps the kind: an integer for integers, a span for spans of time."""

    def element(operand: Any) -> Cell:
        [cell] = cells_of(operand)
        if cell.kind == BOOL and operator != "Abs":
            raise NotFollowed("numpy refuses the negative or the sign of a boolean", "convert it with astype(int)")
        if cell.kind == BOOL:
            return cell
        if cell.kind not in (*NUMBERS, SPAN):
            raise NotFollowed(f"it calls a function of numbers with a {cell.kind}")
        return Cell(cell.graph.node(operator, cell.value), cell.kind)

    return element


def is_finite(operand: Any) -> Cell:
    [cell] = cells_of(operand)
    if cell.kind in (BOOL, INT):
        return same_for_all(cell, True)
    value = to(cell, FLOAT).value
    return Cell((value - value).equals(0.0), BOOL)


def is_infinite(*, negative: int = 1, positive: int = 1) -> Element:
    def element(operand: Any) -> Cell:
        [cell] = cells_of(operand)
        if cell.kind in (BOOL, INT):
            return same_for_all(cell, False)
        options = {"detect_negative": negative, "detect_positive": positive}
        return Cell(cell.graph.node("IsInf", to(cell, FLOAT).value, **options), BOOL)

    return element


def reciprocal(operand: Any) -> Cell:
    [cell] = cells_of(operand)
    if cell.kind != FLOAT:
        raise NotFollowed("np.reciprocal of a whole number is a whole number, which is mostly 0", "write 1 / x")
    return Cell(1.0 / cell.value, FLOAT)
