"""Operations on a column's value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.casting import cast
from sepal_export.following.cells import FLOAT, Cell
from sepal_export.following.choices import cell_of, chosen
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.kinds import fill, is_missing
from sepal_export.following.mapping import applied, mapped_by
from sepal_export.following.operators import unary
from sepal_export.following.refusal import looks_at_other_rows
from sepal_export.following.replacing import replaced
from sepal_export.following.rounding import rounded
from sepal_export.following.ufuncs import clip, of_elements

# Marks an argument that was not given, like pandas does.
LACKS = object()


class OfValue:
    """Methods of a column. Its `cell` is its value in the row, or a constant."""

    cell: Any

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(self.cell, Cell):
            return self.with_cell(np.array(self.cell).astype(dtype)[()])
        return self.with_cell(cast(self.cell, dtype))

    def fillna(self, value: Any = None, *, method: Any = None, inplace: bool = False, **_: Any) -> Any:
        if method is not None or value is None:
            raise looks_at_other_rows("fillna with a method")
        value = cell_of(value)
        made = fill(self.cell, value) if isinstance(self.cell, Cell) else self.cell
        return self._in_place(made, inplace)

    def _in_place(self, cell: Any, inplace: bool) -> Any:
        if not inplace:
            return self.with_cell(cell)
        self.cell = cell
        return None

    def isna(self) -> Any:
        return self.with_cell(is_missing(self.cell) if isinstance(self.cell, Cell) else pd.isna(self.cell))

    isnull = isna

    def notna(self) -> Any:
        return ~self.isna()

    notnull = notna

    def where(self, condition: Any, other: Any = np.nan, *, inplace: bool = False, **_: Any) -> Any:
        condition = condition(self) if callable(condition) else condition
        other = other(self) if callable(other) else other
        return self._in_place(chosen(cell_of(condition), cell_of(other), self.cell, is_where=True), inplace)

    def mask(self, condition: Any, other: Any = np.nan, *, inplace: bool = False, **_: Any) -> Any:
        condition = condition(self) if callable(condition) else condition
        other = other(self) if callable(other) else other
        return self._in_place(chosen(cell_of(condition), cell_of(other), self.cell), inplace)

    def clip(self, lower: Any = None, upper: Any = None, **options: Any) -> Any:
        low, high = cell_of(options.get("min", lower)), cell_of(options.get("max", upper))
        made = clip(self.cell, None if isinstance(low, Cell) else low, None if isinstance(high, Cell) else high)
        for limit, name in ((low, "maximum"), (high, "minimum")):
            if isinstance(limit, Cell):
                # A missing limit does not limit.
                made = chosen(is_missing(limit), made, ELEMENTS[name](made, limit))
        return self.with_cell(made)

    def round(self, decimals: int = 0, *_: Any, **__: Any) -> Any:
        return self.with_cell(
            rounded(self.cell, decimals) if isinstance(self.cell, Cell) else np.round(self.cell, decimals)
        )

    def abs(self) -> Any:
        return unary("absolute", self)

    def between(self, left: Any, right: Any, inclusive: str = "both") -> Any:
        low = "greater_equal" if inclusive in ("both", "left") else "greater"
        high = "less_equal" if inclusive in ("both", "right") else "less"
        return of_elements("bitwise_and", of_elements(low, self, left), of_elements(high, self, right))

    def isin(self, values: Any) -> Any:
        from sepal_export.following.bins import is_among

        values = list(values)
        if isinstance(self.cell, Cell) and self.cell.kind == FLOAT:
            # NaN is only found by NaN, not by other markers of missing values.
            values = [value for value in values if not pd.isna(value) or isinstance(value, float)]
        return self.with_cell(is_among(self.cell, values))

    def map(self, arg: Any, na_action: Any = None, **_: Any) -> Any:
        return self.with_cell(mapped_by(self.cell, arg, ignores_missing=na_action == "ignore"))

    def apply(self, func: Any, convert_dtype: Any = True, args: tuple[Any, ...] = (), **options: Any) -> Any:
        if isinstance(func, np.ufunc):
            return func(self)
        return self.with_cell(applied(self.cell, lambda value: func(value, *args, **options)))

    def transform(self, func: Any, *args: Any, **options: Any) -> Any:
        return self.apply(func, args=args, **options) if not isinstance(func, str) else getattr(self, func)()

    def replace(
        self, to_replace: Any = None, value: Any = LACKS, *, inplace: bool = False, regex: Any = False, **_: Any
    ) -> Any:
        value = np.nan if value is None else None if value is LACKS else value
        return self._in_place(replaced(self.cell, to_replace, value, regex=regex), inplace)

    def combine_first(self, other: Any) -> Any:
        return self.fillna(other)
