"""Operators as pandas' methods: `a.add(b, fill_value=0)`."""

from __future__ import annotations

from typing import Any

from sepal_export.following.refusal import NotFollowed
from sepal_export.following.ufuncs import of_elements

NAMED_OPERATORS = {
    "add": "add", "sub": "subtract", "subtract": "subtract", "mul": "multiply", "multiply": "multiply",
    "div": "divide", "divide": "divide", "truediv": "divide", "floordiv": "floor_divide", "mod": "remainder",
    "pow": "power", "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal",
    "ne": "not_equal", "radd": "add", "rsub": "subtract", "rmul": "multiply", "rdiv": "divide", "rtruediv": "divide",
    "rpow": "power", "rfloordiv": "floor_divide", "rmod": "remainder",
}  # fmt: skip


def named_operator(name: str, first: Any, second: Any, *, fill_value: Any = None, axis: Any = None, **_: Any) -> Any:
    """`a.add(b, fill_value=0)`: the fill value replaces a missing value, unless both are missing."""
    from sepal_export.following.frames import Frame
    from sepal_export.following.series import Series

    if type(first) is Frame and isinstance(second, Series):
        return beside_column(name, first, second, fill_value, axis)
    lack = None
    if fill_value is not None:
        if type(second) in (Frame, Series):
            lack = of_elements("logical_and", first.isna(), second.isna())
            second = second.fillna(fill_value)
        first = first.fillna(fill_value)
    pair = (second, first) if name.startswith("r") else (first, second)
    made = of_elements(NAMED_OPERATORS[name], *pair)
    return made if lack is None else made.mask(lack)


def beside_column(name: str, frame: Any, column: Any, fill_value: Any, axis: Any) -> Any:
    if axis not in (0, "index"):
        raise NotFollowed("pandas matches the column's row labels with the frame's column names", "give it axis=0")
    cells = {each: named_operator(name, one, column, fill_value=fill_value).cell for each, one in frame.items()}
    return type(frame)(cells)
