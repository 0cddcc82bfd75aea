"""Operations on a frame's values, by column or by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pandas import DataFrame as ConstantFrame
from pandas import Series as Constants

from sepal_export.following.arrays import Array
from sepal_export.following.assigned import is_frame
from sepal_export.following.cells import NUMBERS, Cell
from sepal_export.following.column_values import LACKS
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.gaps import count, filled
from sepal_export.following.kinds import where
from sepal_export.following.reductions import OF_NUMPY, OF_PANDAS
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.rows import Row
from sepal_export.following.series import Series


class OfValues:
    """Methods of a frame on its values. `cells` are by column name."""

    cells: dict[Any, Any]

    def _by_column(self, function: Callable[[Any, Series], Series]) -> Any:
        """Applies `function` to each name and column."""
        return self._made({name: function(name, column).cell for name, column in self.items()})

    def fillna(self, value: Any = None, *, method: Any = None, inplace: bool = False, **_: Any) -> Any:
        values = dict(value.items()) if isinstance(value, dict) or type(value) is Constants else None

        def filled_in(name: Any, column: Series) -> Series:
            given = value if values is None else values.get(name)
            return column if given is None and method is None else column.fillna(given, method=method)

        return self._in_place(self._by_column(filled_in).cells, inplace)

    def replace(self, to_replace: Any = None, value: Any = LACKS, *, inplace: bool = False, **options: Any) -> Any:
        nested = isinstance(to_replace, dict) and any(isinstance(each, dict) for each in to_replace.values())
        # If `value` is given, the keys of a dictionary are column names.
        by_name = nested or (isinstance(to_replace, dict) and value is not LACKS)

        def replaced(name: Any, column: Series) -> Series:
            if by_name and name not in to_replace:
                return column
            given = value.get(name, LACKS) if by_name and isinstance(value, dict) else value
            return column.replace(to_replace[name] if by_name else to_replace, given, **options)

        return self._in_place(self._by_column(replaced).cells, inplace)

    def where(self, condition: Any, other: Any = np.nan, **_: Any) -> Any:
        return self._chosen("where", condition, other)

    def mask(self, condition: Any, other: Any = np.nan, **_: Any) -> Any:
        return self._chosen("mask", condition, other)

    def _chosen(self, which: str, condition: Any, other: Any) -> Any:
        condition = condition(self) if callable(condition) else condition

        def of(given: Any, name: Any) -> Any:
            return given[name] if is_frame(given) else given

        return self._by_column(lambda name, column: getattr(column, which)(of(condition, name), of(other, name)))

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        given = dtype if isinstance(dtype, dict) else dict.fromkeys(self.cells, dtype)
        return self._by_column(lambda name, column: column.astype(given[name]) if name in given else column)

    def isin(self, values: Any) -> Any:
        if type(values) is Constants or is_frame(values) or type(values) is ConstantFrame:
            raise NotFollowed("isin with a Series or a frame compares the labels of rows", "give it a list")
        given = values if isinstance(values, dict) else dict.fromkeys(self.cells, values)
        return self._by_column(lambda name, column: column.isin(given.get(name, ())))

    def round(self, decimals: Any = 0, *_: Any, **__: Any) -> Any:
        given = decimals if isinstance(decimals, dict) else dict.fromkeys(self.cells, decimals)
        return self._by_column(lambda name, column: column.round(given[name]) if name in given else column)

    def clip(self, lower: Any = None, upper: Any = None, *, axis: Any = None, **_: Any) -> Any:
        def limit(given: Any, name: Any) -> Any:
            return given[name] if isinstance(given, dict) or type(given) is Constants else given

        return self._by_column(lambda name, column: column.clip(limit(lower, name), limit(upper, name)))

    def map(self, func: Any, na_action: Any = None, **options: Any) -> Any:
        of_each = (lambda value: func(value, **options)) if options else func
        return self._by_column(lambda _, column: column.map(of_each, na_action))

    applymap = map

    def apply(
        self,
        func: Any,
        axis: Any = 0,
        raw: bool = False,
        result_type: Any = None,
        args: tuple[Any, ...] = (),
        **options: Any,
    ) -> Any:
        from sepal_export.following.scopes import in_paths

        if isinstance(func, str):
            return getattr(self, func)(**({"axis": axis} if func in OF_PANDAS else {}))
        if axis in (1, "columns"):
            row = self.row()
            return self._answered(
                in_paths(lambda: func(row.values if raw else row.copy(), *args, **options)), result_type
            )
        made = {name: func(column, *args, **options) for name, column in self.items()}
        if not all(isinstance(each, Series) for each in made.values()):
            raise looks_at_other_rows("apply with axis=0")
        return self._made({name: each.cell for name, each in made.items()})

    def agg(self, func: Any, axis: Any = 0, *args: Any, **options: Any) -> Any:
        if axis not in (1, "columns"):
            raise looks_at_other_rows("agg of a frame")
        if isinstance(func, list):
            if not all(isinstance(each, str) for each in func):
                raise NotFollowed("agg with a list of functions", "give it their names, such as ['min', 'max']")
            return self._made({each: self.agg(each, 1, *args, **options).cell for each in func})
        return self.apply(func, 1, args=args, **options)

    aggregate = agg

    def _answered(self, answer: Any, result_type: Any) -> Any:
        """What `apply` returns for a function's result for a row."""
        if isinstance(answer, Row):
            return self._made(dict(answer.items()))
        if isinstance(answer, list | tuple) and result_type == "expand":
            return self._made(dict(enumerate(answer)))
        if isinstance(answer, list | tuple | dict | Array):
            raise NotFollowed("apply answers several values", "answer a pd.Series, or a list with result_type='expand'")
        return Series(answer)

    def dot(self, other: Any) -> Any:
        made = self.values.dot(getattr(other, "to_numpy", lambda: other)())
        return Series(made.cells.item()) if made.ndim == 1 else self._made(dict(enumerate(made.cells[0].tolist())))

    __matmul__ = dot

    def diff(self, periods: int = 1, axis: Any = 0) -> Any:
        if axis not in (1, "columns"):
            raise looks_at_other_rows("diff of a frame")
        names = list(self.cells)
        first = dict.fromkeys(names[:periods], np.nan)
        rest = {b: (self[b] - self[a]).cell for a, b in zip(names, names[periods:], strict=False)}
        return self._made(first | rest)

    def _reduced(
        self,
        name: str,
        axis: Any = 0,
        skipna: bool = True,
        numeric_only: bool = False,
        *,
        min_count: int = 0,
        **options: Any,
    ) -> Series:
        """Reduces each row."""
        if axis not in (1, "columns"):
            raise looks_at_other_rows(f"{name} of a frame's columns")
        if set(options) - {"ddof", "bool_only"}:
            raise NotFollowed(f"{name} of a frame with {', '.join(options)}")
        cells = list(self.cells.values())
        if numeric_only:
            cells = [cell for cell in cells if not isinstance(cell, Cell) or cell.kind in NUMBERS]
        options = {key: value for key, value in options.items() if key == "ddof"}
        if not skipna:
            options |= {"ddof": 1} if name in ("std", "var") and not options else {}
            return Series(OF_NUMPY[name](cells, **options))
        # pandas skips missing values; numpy counts NaN as true.
        cells = filled(cells, {"any": 0.0, "all": 1.0}[name]) if name in ("any", "all") else cells
        made = OF_PANDAS[name](cells, **options)
        return Series(where(ELEMENTS["less"](count(cells), min_count), np.nan, made) if min_count else made)
