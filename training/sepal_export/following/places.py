"""`loc` and `iloc`. They may select columns, all rows or the only row; a condition on rows only in an assignment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array
from sepal_export.following.cells import Cell
from sepal_export.following.choices import cell_of, chosen
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.rows import Row
from sepal_export.following.series import Series

PICKS_ROWS = NotFollowed("it picks some of the rows", "keep every row, and use np.where for a condition")


class ByLabel:
    """`loc` of a frame or a column, and `iloc` of a column."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner

    def __getitem__(self, key: Any) -> Any:
        rows, columns = parts_of(key)
        if isinstance(self.owner, Series):
            return self.owner[rows] if isinstance(rows, int) else whole(rows, self.owner.copy())
        picked = self.owner if columns is None else self.owner[self.names_of(columns)]
        if is_one_row(rows):
            return picked.row() if not isinstance(picked, Series) else picked.cell
        return whole(rows, picked.copy())

    def __setitem__(self, key: Any, value: Any) -> None:
        rows, columns = parts_of(key)
        if isinstance(self.owner, Series):
            self.owner[rows if not is_one_row(rows) else slice(None)] = value
            return
        names = list(self.owner.cells) if columns is None else self.names_of(columns)
        if is_all(rows) or is_one_row(rows):
            self.owner[names] = value
            return
        condition = cell_of(rows)
        for name in names if isinstance(names, list) else [names]:
            given = value[name] if type(value).__name__ == "Frame" else value
            before = self.owner.cells.get(name, np.nan)
            self.owner.cells[name] = chosen(condition, cell_of(given), before)

    def names_of(self, columns: Any) -> Any:
        if isinstance(columns, slice):
            names = pd.Index(list(self.owner.cells))
            return list(names[names.slice_indexer(columns.start, columns.stop, columns.step)])
        if isinstance(columns, list | np.ndarray | pd.Index | pd.Series):
            listed = list(columns)
            if listed and all(isinstance(each, bool | np.bool_) for each in listed):
                return [name for name, is_kept in zip(self.owner.cells, listed, strict=True) if is_kept]
            return listed
        return columns


class ByPosition(ByLabel):
    """`iloc` of a frame."""

    def names_of(self, columns: Any) -> Any:
        names = np.array(list(self.owner.cells), dtype=object)[columns]
        return list(names) if isinstance(names, np.ndarray) else names


def parts_of(key: Any) -> tuple[Any, Any]:
    """The rows and the columns that a key selects."""
    return key if isinstance(key, tuple) and len(key) == 2 else (key, None)


def is_all(rows: Any) -> bool:
    return (isinstance(rows, slice) and rows == slice(None)) or isinstance(rows, pd.Index)


def is_one_row(rows: Any) -> bool:
    """Whether the key is the number of a row, as in code that loops over the rows. Every number means the only row."""
    return isinstance(rows, int | np.integer) and not isinstance(rows, bool)


def whole(rows: Any, picked: Any) -> Any:
    if is_all(rows):
        return picked
    if isinstance(rows, Cell | Series | Array | Row) or rows is not None:
        raise PICKS_ROWS
    return picked
