"""Conversions between kinds of cells, and the choice between two cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from onnx import numpy_helper

from sepal_export.following.cells import BOOL, DTYPES, FLOAT, INT, NUMBERS, SPAN, TEXT, TIME, Cell, lifted
from sepal_export.following.forks import refuse_here
from sepal_export.following.refusal import NotFollowed
from sepal_export.graphs.graph import Graph, Value, needed

Element = Callable[..., Cell]


def graph_of(*operands: Any) -> Graph:
    return next(operand.graph for operand in operands if isinstance(operand, Cell))


def cells_of(*operands: Any) -> list[Cell]:
    """Converts constants to cells."""
    graph = graph_of(*operands)
    return [operand if isinstance(operand, Cell) else lifted(graph, operand) for operand in operands]


def is_constant(value: Value) -> bool:
    return any(value.name == tensor.name for tensor in value.graph.tensors)


def is_of_rows(value: Value) -> bool:
    """Whether it depends on the rows. What is computed from constants alone has one row, whatever the rows."""
    graph = value.graph
    nodes = needed(graph.nodes, {value.name})
    names = {value.name, *(name for node in nodes for name in node.input)}
    return any(entry.name in names for entry in graph.inputs)


def constant_of(value: Value) -> np.ndarray:
    return next(numpy_helper.to_array(t) for t in value.graph.tensors if t.name == value.name).astype(np.float64)


def is_constant_number(cell: Cell) -> bool:
    return cell.kind in NUMBERS and is_constant(cell.value)


def plain_of(cell: Cell) -> np.ndarray:
    """The values of a constant in its own type: one number, or one per column."""
    values = constant_of(cell.value).astype(DTYPES[cell.kind])
    return values if values.size > 1 else values.ravel()[0]


def to(cell: Cell, kind: str) -> Cell:
    """Converts like `astype`. NaN, infinity and numbers beyond int64 cannot become integers: their rows are
    refused."""
    if cell.kind == kind:
        return cell
    if hasattr(type(cell), "as_float") and kind == FLOAT:
        # A Wide number (see wide.py) may exceed int64.
        return cell.as_float()
    if cell.domain is not None and kind in NUMBERS and not np.isnan(cell.domain.images.astype(float)).any():
        domain = cell.domain
        images = replace(domain, images=domain.images.astype(DTYPES[kind]))
        plain = to(Cell(cell.value, cell.kind), kind)
        return Cell(plain.value, kind, domain=images)
    value, graph = cell.value, cell.graph
    if kind in NUMBERS and is_constant_number(cell) and np.isfinite(constant_of(value)).all():
        return lifted(graph, plain_of(cell).astype(DTYPES[kind]))
    match (cell.kind, kind):
        case ("bool", "int"):
            return Cell(value.cast(np.int64), INT)
        case ("bool" | "int", "float"):
            return Cell(value.cast(np.float64), FLOAT)
        case ("float", "int"):
            # NaN also fails this comparison.
            is_none = ~(value.abs() < 2.0**63)
            refuse_here(is_none)
            whole = graph.where(is_none, 0.0, value).cast(np.int64)
            # This number has no more digits than float64 holds.
            graph.memory.setdefault("whole", set()).add(whole.name)
            return Cell(whole, INT)
        case ("float", "bool"):
            return Cell(~value.equals(0.0), BOOL)
        case ("int", "bool"):
            return Cell(~value.equals(np.int64(0)), BOOL)
        case ("int" | "bool", "text"):
            return as_text(cell)
        case ("span" | "time", "int"):
            return to(Cell(value, FLOAT), INT)
    raise NotFollowed(f"it makes a {kind} of a {cell.kind}")


def as_text(cell: Cell) -> Cell:
    """The text that Python writes for an integer or a boolean."""
    if cell.kind == INT:
        return Cell(cell.graph.node("Cast", cell.value, to=8), TEXT)
    return where(cell, "True", "False")


def common(*cells: Cell) -> tuple[str, list[Cell]]:
    """Converts numbers to the kind that can represent all of them."""
    kinds = {cell.kind for cell in cells}
    if not kinds <= set(NUMBERS):
        raise NotFollowed(f"it computes with {' and '.join(sorted(kinds))}")
    kind = max(kinds, key=NUMBERS.index)
    return kind, [to(cell, kind) for cell in cells]


def where(condition: Any, then: Any, otherwise: Any) -> Cell:
    """Like np.where and Series.where."""
    from sepal_export.following.narrow import narrow_of, of_one_type

    if narrow_of(then) or narrow_of(otherwise):
        return of_one_type(where, condition, then, otherwise)
    condition, then, otherwise = cells_of(condition, then, otherwise)
    condition = to(condition, BOOL)
    pair = {then.kind, otherwise.kind}
    is_nullable = then.is_nullable or otherwise.is_nullable
    if TEXT in pair and pair != {TEXT}:
        raise NotFollowed("it answers a string for one row and something else for another")
    if pair & {TIME, SPAN} and len(pair) > 1:
        raise NotFollowed(f"it answers {' and '.join(sorted(pair))}")
    kind, pair = (then.kind, [then, otherwise]) if len(pair) == 1 else common(then, otherwise)
    if is_constant_number(condition) and np.ndim(plain_of(condition)) == 0:
        picked = pair[0] if plain_of(condition) else pair[1]
        return Cell(picked.value, kind, is_nullable=is_nullable, column=picked.column)
    return Cell(choice(condition.value, kind, *(cell.value for cell in pair)), kind, is_nullable=is_nullable)


def choice(condition: Value, kind: str, then: Value, otherwise: Value) -> Value:
    if kind != BOOL:
        return condition.graph.where(condition, then, otherwise)
    return (condition & then) | (~condition & otherwise)


TEXT_MISSING = np.array("", dtype=object)


def same_for_all(cell: Cell, answer: bool) -> Cell:
    return lifted(cell.graph, answer)


def is_missing(cell: Cell) -> Cell:
    if cell.kind == TEXT:
        return Cell(cell.value.equals(TEXT_MISSING), BOOL) if cell.is_nullable else same_for_all(cell, False)
    if cell.kind in (BOOL, INT):
        return same_for_all(cell, False)
    if is_constant(cell.value):
        return lifted(cell.graph, np.isnan(constant_of(cell.value)))
    return Cell(cell.value.isnan(), BOOL)


def fill(cell: Cell, value: Any) -> Cell:
    """Like `fillna`."""
    if cell.kind in (BOOL, INT) or (cell.kind == TEXT and not cell.is_nullable):
        return cell
    filled = where(is_missing(cell), value, cell)
    given = value if isinstance(value, Cell) else lifted(cell.graph, value)
    if cell.kind == TEXT and isinstance(value, str):
        from sepal_export.following.texts import exactly

        return exactly(cell, filled.value, lambda texts: texts.fillna(value))
    # `filled` counts as nullable, because the cell is. But only the given value may still be missing.
    return Cell(filled.value, filled.kind, is_nullable=given.is_nullable)
