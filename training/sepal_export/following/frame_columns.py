"""The columns of a frame, their order and their names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame as ConstantFrame

from sepal_export.following.assigned import beside, column_of, distinct
from sepal_export.following.merging import joined, merged
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.series import Series


class OfColumns:
    """Methods of a frame on its columns. `cells` are by column name."""

    cells: dict[Any, Any]

    def _made(self, cells: dict[Any, Any]) -> Any:
        return type(self)(cells)

    def _in_place(self, cells: dict[Any, Any], inplace: bool) -> Any:
        if not inplace:
            return self._made(cells)
        self.__dict__["cells"] = cells
        return None

    def assign(self, **columns: Any) -> Any:
        made = self.copy()
        for name, value in columns.items():
            made[name] = value(made) if callable(value) else value
        return made

    def insert(self, loc: int, column: Any, value: Any, *_: Any) -> None:
        names = list(self.cells)
        cells = {**self.cells, column: column_of(value)}
        names.insert(loc, column)
        self.__dict__["cells"] = {name: cells[name] for name in names}

    def pop(self, item: Any) -> Series:
        return Series(self.cells.pop(item), item)

    def get(self, key: Any, default: Any = None) -> Any:
        names = key if isinstance(key, list) else [key]
        return self[key] if all(name in self.cells for name in names) else default

    def drop(
        self,
        labels: Any = None,
        axis: Any = 0,
        *,
        columns: Any = None,
        index: Any = None,
        inplace: bool = False,
        errors: str = "raise",
        **_: Any,
    ) -> Any:
        dropped = columns if columns is not None else labels if axis in (1, "columns") else None
        if dropped is None:
            raise NotFollowed("it drops rows", "keep every row")
        dropped = [dropped] if isinstance(dropped, str) or not np.iterable(dropped) else list(dropped)
        if errors == "raise" and set(dropped) - set(self.cells):
            raise KeyError(f"{sorted(set(dropped) - set(self.cells))} not found in axis")
        return self._in_place({name: cell for name, cell in self.cells.items() if name not in set(dropped)}, inplace)

    def rename(
        self, mapper: Any = None, *, columns: Any = None, axis: Any = None, inplace: bool = False, **_: Any
    ) -> Any:
        names = columns if columns is not None else mapper if axis in (1, "columns") else {}
        rename = names if callable(names) else lambda name: names.get(name, name)
        return self._in_place(distinct((rename(name), cell) for name, cell in self.cells.items()), inplace)

    def add_prefix(self, prefix: str, **_: Any) -> Any:
        return self.rename(columns=lambda name: f"{prefix}{name}")

    def add_suffix(self, suffix: str, **_: Any) -> Any:
        return self.rename(columns=lambda name: f"{name}{suffix}")

    def set_axis(self, labels: Any, axis: Any = 0, **_: Any) -> Any:
        if axis not in (1, "columns"):
            return self.copy()
        return self._made(distinct(zip(list(labels), self.cells.values(), strict=True)))

    def reset_index(self, *_: Any, drop: bool = False, inplace: bool = False, **__: Any) -> Any:
        if not drop:
            raise NotFollowed("reset_index makes a column of the rows' numbers", "use reset_index(drop=True)")
        return self._in_place(self.cells, inplace)

    def reindex(
        self, labels: Any = None, *, columns: Any = None, axis: Any = None, fill_value: Any = np.nan, **_: Any
    ) -> Any:
        names = columns if columns is not None else labels if axis in (1, "columns") else None
        if names is None:
            return self.copy()
        return self._made({name: self._named_or(name, fill_value) for name in names})

    def _named_or(self, name: Any, otherwise: Any) -> Any:
        """The column of this name, or else the flag that pd.get_dummies would make of this name for a value that the
        training data lacks, or else `otherwise`."""
        from sepal_export.following.dummies import flag_named

        if name in self.cells:
            return self.cells[name]
        flag = flag_named(self.__dict__.get("dummies", ()), name)
        return otherwise if flag is None else flag

    def filter(self, items: Any = None, like: str | None = None, regex: str | None = None, axis: Any = None) -> Any:
        names = pd.DataFrame(columns=list(self.cells)).filter(items=items, like=like, regex=regex, axis=1).columns
        return self._made({name: self.cells[name] for name in names})

    def select_dtypes(self, include: Any = None, exclude: Any = None) -> Any:
        empty = pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in self.dtypes.items()})
        return self[list(empty.select_dtypes(types_in(include), types_in(exclude)).columns)]

    def merge(self, right: Any, how: str = "inner", on: Any = None, **options: Any) -> Any:
        return merged(self, right, how, on, **options)

    def join(self, other: Any, *args: Any, **options: Any) -> Any:
        if type(other) is ConstantFrame:
            return joined(self, other, *args, **options)
        others = other if isinstance(other, list) else [other]
        return beside([self, *others])


def types_in(given: Any) -> list[Any] | None:
    """The types in the form for select_dtypes: the original classes, not their replacements."""
    if given is None:
        return None
    return [getattr(each, "original", each) for each in (given if isinstance(given, list | tuple | set) else [given])]
