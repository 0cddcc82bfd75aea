"""Converts between a graph's table and the rows of symbols that a step gets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse

from sepal_export.following.arrays import Array
from sepal_export.following.calls import array
from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, TIME, Cell, lifted
from sepal_export.following.domains import Domain
from sepal_export.following.frames import Frame
from sepal_export.following.kinds import is_of_rows, to
from sepal_export.following.narrow import type_of
from sepal_export.following.objects import filled_with
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.series import Series
from sepal_export.following.wide import Wide
from sepal_export.graphs.graph import Graph
from sepal_export.graphs.table import Column, Table

# Up to this many values, a lookup table is small.
FEW = 400


def symbols_of(table: Table, original: Any) -> Any:
    """A row of cells in the original's form: a frame, a column, or an array."""
    if issparse(original):
        raise NotFollowed("a sparse matrix reaches it", "put it before the step that makes a sparse matrix")
    if isinstance(original, pd.DataFrame):
        cells = [cell_of(table, place, original.iloc[:, place]) for place in range(original.shape[1])]
        return Frame(dict(zip(original.columns, cells, strict=True)))
    if isinstance(original, pd.Series):
        return Series(cell_of(table, 0, original), original.name)
    values = np.asarray(original)
    if values.ndim == 2 and values.dtype.kind == "f" and not table.holds_strings:
        return Array(block=Cell(table.numbers, FLOAT), width=values.shape[1])
    if values.ndim == 1:
        return Array(filled_with([cell_of(table, 0, pd.Series(values))], (1,)), rows=0)
    columns = [pd.Series(values[:, place]) for place in range(values.shape[1])]
    return Array(filled_with([cell_of(table, *pair) for pair in enumerate(columns)], (1, values.shape[1])), rows=0)


def cell_of(table: Table, place: int, values: pd.Series) -> Any:
    """A cell of the same kind as the original's column."""
    column = table.column(place)
    if column.is_string:
        cell = Cell(column.value, TEXT, column=column, is_nullable=column.is_nullable)
        cell.is_object = values.dtype == object
        return cell
    if column.is_time:
        return Cell(column.value, TIME, column=column, is_nullable=column.is_nullable)
    kind = {"b": BOOL, "i": INT, "u": INT}.get(getattr(values.dtype, "kind", "f"), FLOAT)
    cell = Cell(column.value, FLOAT, column=column, is_nullable=column.is_nullable)
    if kind == BOOL:
        return Cell(column.value > 0.5, BOOL, column=column)
    if kind == FLOAT:
        return cell
    keys = np.arange(values.min(), values.max() + 1) if np.ptp(values) < FEW else None
    domain = None if keys is None else Domain(column.value, keys, keys, is_open=True)
    return Cell(column.value.cast(np.int64), INT, column=column, domain=domain)


def table_of(graph: Graph, answer: Any) -> Table:
    """The table from a step's result for its row."""
    if type(answer) is Array and answer.block is not None and not is_single([answer.block]):
        return Table(matrix=to(answer.block, FLOAT).value)
    cells = cells_of_answer(answer)
    if cells and all(isinstance(cell, Cell) for cell in cells) and is_single(cells):
        # The following estimators then compute in float32.
        graph.loosen(1e-6)
        return Table(columns=[Column(cell.value.cast(np.float32).widened()) for cell in cells])
    return Table(columns=[column_of(cell if isinstance(cell, Cell) else lifted(graph, cell), graph) for cell in cells])


def is_single(cells: list[Cell]) -> bool:
    """Whether an array of these cells is float32."""
    types = [type_of(cell) for cell in cells]
    return all(dtype.kind in "iuf" for dtype in types) and np.result_type(*types) == np.float32


def cells_of_answer(answer: Any) -> list[Any]:
    if isinstance(answer, Series):
        return [answer.cell]
    if type(answer) is Frame:
        return list(answer.cells.values())
    made = array(answer)
    if made.ndim > 2 or made.shape[0] != 1:
        raise NotFollowed(f"it answers an array of shape {made.shape} for one row", "answer one row for each")
    return made.cells.ravel().tolist()


def column_of(cell: Cell, graph: Graph) -> Column:
    """A Column from a cell. A cell that no code has changed keeps its column, which may be the client's feature."""
    if cell.column is not None:
        return cell.column
    cell = to(cell, FLOAT) if isinstance(cell, Wide) else cell
    value = cell.value if is_of_rows(cell.value) else spread(cell, graph)
    if cell.kind == TEXT:
        return Column(value, is_string=True, is_nullable=cell.is_nullable, is_derived=True)
    if cell.kind == TIME:
        return Column(value, is_time=True)
    if cell.kind not in (BOOL, INT, FLOAT):
        raise NotFollowed(
            "it answers spans of time", "divide them by pd.Timedelta(days=1), or take .dt.total_seconds()"
        )
    return Column(to(Cell(value, cell.kind), FLOAT).value)


def spread(cell: Cell, graph: Graph) -> Any:
    """Repeats a constant for each row."""
    first = graph.inputs[0].name
    count = graph.node("Shape", type(cell.value)(graph, first), start=0, end=1)
    return graph.node("Expand", cell.value, graph.node("Concat", count, np.array([1]), axis=0))
