"""Applies functions of elements to whole arrays, with numpy's broadcasting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sepal_export.following.arrays import Array
from sepal_export.following.cells import Cell
from sepal_export.following.kinds import is_constant
from sepal_export.following.objects import filled_with, has_cells, uniform, widths
from sepal_export.following.refusal import NotFollowed


def as_objects(operand: Any) -> tuple[np.ndarray, int | None]:
    """The elements of an operand, and the axis of its rows."""
    if type(operand) is Array:
        return operand.cells, operand.rows
    if isinstance(operand, Cell):
        return filled_with([operand], ()), None
    if type(operand) is np.ndarray and operand.dtype == object:
        return operand, None
    if hasattr(operand, "as_array"):
        array = operand.as_array()
        return array.cells, array.rows
    if isinstance(operand, list | tuple):
        parts = [as_objects(part) for part in operand]
        if any(has_cells(part) for part, _ in parts):
            rows = next((rows for _, rows in parts if rows is not None), None)
            return np.stack([part for part, _ in parts]), None if rows is None else rows + 1
    values = np.asarray(operand)
    return filled_with(list(values.ravel()), values.shape), None


def elementwise(element: Callable[..., Any], *operands: Any) -> Any:
    """Applies a function to the elements of broadcast operands."""
    together = in_blocks(element, operands)
    if together is not None:
        return together
    parts = [as_objects(operand) for operand in operands]
    shape = np.broadcast_shapes(*(part.shape for part, _ in parts))
    flat = [np.broadcast_to(part, shape).ravel().tolist() for part, _ in parts]
    made = filled_with([element(*cells) for cells in zip(*flat, strict=True)], shape)
    # numpy aligns shapes at the last axis, so an operand with fewer axes has its rows at a later axis of the result.
    axes = {rows + len(shape) - part.ndim for part, rows in parts if rows is not None}
    if len(axes) > 1:
        raise NotFollowed("it combines every row with every other row", "remove [:, None] from one of the operands")
    return Array(uniform(made), rows=min(axes) if axes else None)


def in_blocks(element: Callable[..., Any], operands: Sequence[Any]) -> Array | None:
    """Computes all columns of matrices together, if they have the same width, and every other operand is a single value
    or an array with one number for each column. Otherwise returns None."""
    shared = {operand.shape[1] for operand in operands if type(operand) is Array and operand.block is not None}
    if len(shared) != 1:
        return None
    [width] = shared
    cells = []
    for operand in operands:
        if type(operand) is Array and operand.block is not None:
            cells.append(operand.block)
        elif isinstance(operand, Cell) or np.ndim(operand) == 0:
            cells.append(operand)
        elif (
            isinstance(operand, np.ndarray) and type(operand) is np.ndarray and operand.shape in ((width,), (1, width))
        ):
            cells.append(operand.reshape(1, width))
        else:
            return None
    widths.append(width)
    try:
        made = element(*cells)
    finally:
        widths.pop()
    if is_constant(made.value):
        return Array(filled_with([made] * width, (1, width)))
    return Array(block=made, width=width)
