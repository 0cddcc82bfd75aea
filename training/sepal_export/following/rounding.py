"""Rounding to digits."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.cells import BOOL, FLOAT, INT, Cell
from sepal_export.following.kinds import cells_of, to
from sepal_export.following.refusal import NotFollowed
from sepal_export.graphs import functions
from sepal_export.graphs.graph import Value


def rounded(operand: Any, digits: int = 0) -> Cell:
    """Rounds like numpy and pandas."""
    [cell] = cells_of(operand)
    if cell.kind in (BOOL, INT) and digits >= 0:
        return cell
    return Cell(functions.round_to(to(cell, FLOAT).value, digits), FLOAT)


def rounded_as_python(cell: Cell, digits: int | None) -> Cell:
    """Rounds the exact decimal value, ties to even, like Python; without digits to an integer."""
    if cell.kind in (BOOL, INT):
        return to(cell, INT) if digits is None or digits >= 0 else to_tens(to(cell, INT), -digits)
    if not digits:
        whole = Cell(cell.graph.node("Round", cell.value), FLOAT)
        return to(whole, INT) if digits is None else whole
    if digits < 0:
        raise NotFollowed("it rounds to tens", "write round(x / 10) * 10")
    scale = 10.0**digits
    product = cell.value * scale
    error = product_error(cell.value, scale, product)
    below = cell.graph.node("Floor", product)
    # How much the fraction of the product exceeds a half, to the last bit.
    beyond = ((product - below) - 0.5) + error
    half_even = cell.graph.node("Round", below + 0.5)
    whole = cell.graph.where(beyond > 0.0, below + 1.0, cell.graph.where(beyond < 0.0, below, half_even))
    is_whole = product.abs() >= 2.0**52
    return Cell(cell.graph.where(is_whole, cell.value, whole / scale), FLOAT)


def to_tens(cell: Cell, zeros: int) -> Cell:
    """Rounds an integer to `zeros` trailing zeros, ties to even."""
    if zeros > 18:
        raise NotFollowed(f"it rounds to {zeros} zeros, which no whole number of 64 bits has", "write 0")
    graph, unit = cell.graph, np.int64(10**zeros)
    rest = graph.node("Mod", cell.value, unit)
    below = cell.value - rest
    is_odd = graph.node("Mod", graph.node("Div", below, unit), np.int64(2)).equals(np.int64(1))
    half = np.int64(unit // 2)
    is_above = (rest > half) | (rest.equals(half) & is_odd)
    return Cell(graph.where(is_above, below + unit, below), INT)


def product_error(a: Value, b: float, product: Value) -> Value:
    """a * b minus `product`, computed exactly by halves of their digits (Dekker)."""
    split = 2.0**27 + 1
    high_a = a * split - (a * split - a)
    low_a = a - high_a
    high_b = b * split - (b * split - b)
    low_b = b - high_b
    return low_a * low_b - (((product - high_a * high_b) - low_a * high_b) - high_a * low_b)
