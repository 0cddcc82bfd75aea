"""numpy arrays of objects, some of which are cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import DTYPES, NUMBERS, Cell, kind_of
from sepal_export.following.kinds import is_of_rows, to
from sepal_export.following.narrow import of_all
from sepal_export.graphs.graph import Value

# A stack. Its last entry is the number of columns that are computed together at present.
widths = [1]


def filled_with(cells: Sequence[Any], shape: tuple[int, ...]) -> np.ndarray:
    """An object array of this shape, created without numpy looking into the cells."""
    array = np.empty(len(cells), dtype=object)
    for place, cell in enumerate(cells):
        array[place] = cell
    return array.reshape(shape)


def has_cells(array: np.ndarray) -> bool:
    return any(isinstance(cell, Cell) for cell in array.ravel().tolist())


def dtype_of(cells: Sequence[Any]) -> np.dtype:
    dtypes = {DTYPES[cell.kind] if isinstance(cell, Cell) else np.asarray(cell).dtype for cell in cells}
    return np.result_type(*dtypes) if dtypes and all(dtype.kind in "biuf" for dtype in dtypes) else np.dtype(object)


def uniform(array: np.ndarray) -> np.ndarray:
    """Converts all numbers of an array to one kind, because a numpy array has one type. Returns the array unchanged if
    it has no cells, or holds anything but numbers."""
    elements = array.ravel().tolist()
    kinds = {cell.kind for cell in elements if isinstance(cell, Cell)}
    plain = [cell for cell in elements if not isinstance(cell, Cell)]
    if not kinds or not kinds <= set(NUMBERS) or any(isinstance(value, str) for value in plain):
        return array
    kinds |= {kind_of(value) for value in plain}
    if len(kinds) == 1 and not plain:
        return filled_with(of_all(elements), array.shape)
    if len(kinds) == 1 or not kinds <= set(NUMBERS):
        return array
    kind = max(kinds, key=NUMBERS.index)
    cells = [to(cell, kind) if isinstance(cell, Cell) else constant_of_kind(cell, kind) for cell in of_all(elements)]
    return filled_with(cells, array.shape)


def constant_of_kind(value: Any, kind: str) -> Any:
    return np.nan if value is None or value is pd.NA else DTYPES[kind].type(value)


def side_by_side(cells: Sequence[Cell]) -> Value:
    """The cells as columns of one float64 matrix: [N, W], or [1, W] if all are constants."""
    graph = cells[0].graph
    values = [to(cell, "float").value for cell in cells]
    are_of_rows = [is_of_rows(value) for value in values]
    if not any(are_of_rows):
        return graph.concat(values)
    rows = values[are_of_rows.index(True)]
    spread_out = [value if each else spread(value, rows) for value, each in zip(values, are_of_rows, strict=True)]
    return graph.concat(spread_out)


def spread(constant: Value, rows: Value) -> Value:
    """[N, 1]: the same number for each of the rows."""
    graph = rows.graph
    count = graph.node("Shape", rows, start=0, end=1)
    return graph.node("Expand", constant, graph.node("Concat", count, np.array([1]), axis=0))
