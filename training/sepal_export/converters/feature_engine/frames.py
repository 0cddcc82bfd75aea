"""The frame that a transformer of feature_engine reads: columns by name."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.converters.imputers import is_missing_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Column, Table

Name = str | int


class Frame:
    """The columns of a table under the original's names, in the order of the fit. Assigning to an existing name
    replaces the column, and a new name comes last, as in pandas."""

    def __init__(self, estimator: Any, table: Table) -> None:
        self.graph = table.graph
        self._original = original_of(table)
        known = list(estimator.feature_names_in_)
        places = {name: (table, place) for place, name in enumerate(names_in(self._original, known))}
        self._places = {name: places[name] for name in known}
        # Some columns may be strings, times or unusable, which a matrix cannot hold.
        self._is_matrix = not table._columns

    def table(self) -> Table:
        return self.table_of(self._places)

    def table_of(self, names: Iterable[Name]) -> Table:
        """A table of these columns. Adjacent columns of one table are taken together."""
        runs: list[tuple[Table, list[int]]] = []
        for table, place in (self._places[name] for name in names):
            if not runs or runs[-1][0] is not table:
                runs.append((table, []))
            runs[-1][1].append(place)
        return Table.concat([table.select(places) for table, places in runs], [len(places) for _, places in runs])

    def original_of(self, names: Sequence[Name]) -> Any:
        """These columns of the original's frame; None if it is unknown."""
        return self._original[list(names)] if isinstance(self._original, pd.DataFrame) else None

    def numbers(self, names: Sequence[Name]) -> Value:
        """[N, K] float64."""
        return self.table_of(names).numbers

    def column(self, name: Name) -> Column:
        table, place = self._places[name]
        return table.column(place)

    def category(self, name: Name) -> Column:
        """The column as categories. Raises NotImplementedError if it holds times."""
        table, place = self._places[name]
        return table.plain_column(place)

    def features(self, names: Sequence[Name]) -> list[int | None]:
        return [self.column(name).feature for name in names]

    def put(self, names: Sequence[Name], value: Value, features: Sequence[int | None] = ()) -> None:
        """Stores numbers [N, K]. Pass `features` if only missing values were replaced: the columns still count as these
        features."""
        features = list(features) or [None] * len(names)
        if self._is_matrix:
            table = Table(matrix=value, features=features)
        else:
            table = Table(columns=[Column(value.columns([i]), feature=f) for i, f in enumerate(features)])
        self._places |= {name: (table, place) for place, name in enumerate(names)}

    def put_column(self, name: Name, column: Column) -> None:
        self._places[name] = (Table(columns=[column]), 0)

    def add(self, names: Sequence[Name], value: Value) -> None:
        """Adds numbers [N, K] beside the frame, as the original does. Raises NotImplementedError if two columns would
        then have the same name."""
        taken = next((name for name in names if name in self._places), None)
        if taken is not None or len(set(names)) < len(names):
            raise NotImplementedError(
                "a column that it adds is called like another one, and no step after it can tell them apart; rename "
                "the columns before the fit"
            )
        self.put(names, value)

    def drop(self, names: Iterable[Name]) -> None:
        for name in dict.fromkeys(names):
            del self._places[name]

    def may_lack(self, name: Name) -> bool:
        """Whether values of this column may be missing."""
        column = self.column(name)
        is_said = column.is_string or (column.feature is not None and not self._is_matrix)
        return column.is_nullable or not is_said

    def require(self, names: Sequence[Name], *, finite: bool = False) -> None:
        """Refuses rows with a missing (or infinite) value in these columns, as the original does. No client sends
        infinity, so it is only looked for if a step before computed one of the columns."""
        names = [name for name in names if self.may_lack(name)]
        strings = [name for name in names if self.column(name).is_string]
        others = [name for name in names if name not in strings]
        for name in strings:
            self.graph.refuse(is_missing_of(self.column(name), np.nan))
        if others:
            x = self.graph.concat([self.column(name).value for name in others])
            is_made = finite and None in self.features(others)
            self.graph.refuse(x.isnan() | self.graph.node("IsInf", x) if is_made else x.isnan())

    def largest_whole(self, names: Sequence[Name]) -> int | None:
        """The largest number of the original's integer type, which applies to these columns and to values computed from
        them; None if one of them is not an integer."""
        columns = self.original_of(names)
        if columns is None or any(dtype.kind not in "iu" for dtype in columns.dtypes):
            return None
        return int(np.iinfo(np.result_type(*columns.dtypes)).max)


def original_of(table: Table) -> Any:
    with warnings.catch_warnings():
        # Silences warnings about rows from the earlier steps, which the fit has already shown.
        warnings.simplefilter("ignore")
        return table.original


def names_in(original: Any, known: Sequence[Name]) -> list[Name]:
    """The names of the columns; for an array, those that feature_engine assigns."""
    if original is None:
        return list(known)
    if isinstance(original, pd.DataFrame):
        return list(original.columns)
    return [f"x{place}" for place in range(np.shape(original)[1])]
