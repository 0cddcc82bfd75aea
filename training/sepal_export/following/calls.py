"""The register of numpy's functions of whole arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export.following.arrays import Array
from sepal_export.following.broadcasting import as_objects
from sepal_export.following.refusal import looks_at_other_rows

CALLS: dict[str, Callable[..., Any]] = {}


def call(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in names:
            CALLS[name] = function
        return function

    return register


def array(operand: Any) -> Array:
    if type(operand) is Array:
        return operand
    cells, rows = as_objects(operand)
    return Array(cells, rows=rows)


def keeping_rows(change: Callable[[np.ndarray], np.ndarray], operand: Any, axis: int | None, name: str) -> Array:
    """Applies `change` to the elements, along another axis than that of the rows."""
    made = array(operand)
    if made.rows is not None and (axis is None or axis % made.ndim == made.rows):
        raise looks_at_other_rows(f"{name} along the rows")
    return Array(change(made.cells), rows=made.rows)
