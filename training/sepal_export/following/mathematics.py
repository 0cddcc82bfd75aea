"""The functions of Python's module `math`, for a cell: a value that is known only when the model is served."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from sepal_export.following.calls import array
from sepal_export.following.cells import FLOAT, INT, Cell
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import cells_of, to
from sepal_export.following.python_numbers import as_python

OF_MATH = {
    "acos": "arccos", "asin": "arcsin", "atan": "arctan", "atan2": "arctan2", "copysign": "copysign", "cos": "cos",
    "cosh": "cosh", "degrees": "degrees", "exp": "exp", "expm1": "expm1", "fabs": "absolute", "fmod": "fmod",
    "hypot": "hypot", "isfinite": "isfinite",
    "isinf": "isinf", "isnan": "isnan", "log": "log", "log10": "log10", "log1p": "log1p", "log2": "log2",
    "pow": "power", "radians": "radians", "sin": "sin", "sinh": "sinh", "sqrt": "sqrt", "tan": "tan", "tanh": "tanh",
}  # fmt: skip
# Python's function raises an error if its argument is at most this.
UNDEFINED = {"log": 0.0, "log10": 0.0, "log2": 0.0, "log1p": -1.0}


def of_math(name: str) -> Callable[..., Any]:
    def made(*operands: Any) -> Any:
        cells = [part if isinstance(part, Cell) else array(part).cells.item() for part in operands]
        x = cells[0]
        if name in UNDEFINED and isinstance(x, Cell):
            refuse_here(to(x, FLOAT).value <= UNDEFINED[name])
        if name == "sqrt":
            refuse_here(to(x, FLOAT).value < 0.0)
        if name == "log" and len(cells) == 2:
            return as_python(ELEMENTS["divide"](ELEMENTS["log"](x), math.log(cells[1])))
        if name == "fmod":
            refuse_where_undefined(*cells)
        if name != "isnan":
            cells = [to(cell, FLOAT) if isinstance(cell, Cell) else float(cell) for cell in cells]
        return as_python(ELEMENTS[OF_MATH[name]](*cells))

    return made


def refuse_where_undefined(a: Any, b: Any) -> None:
    """Refuses the rows for which math.fmod raises an error: those with `b` = 0, and those with an infinite `a`, unless
    `b` is NaN. Also refuses a NaN `a` with `b` = 0, for which math.fmod returns NaN."""
    a, b = (to(cell, FLOAT).value for cell in cells_of(a, b))
    refuse_here(b.equals(0.0) | ((a - a).isnan() & ~(a.isnan() | b.isnan())))


def near(a: Any, b: Any, *, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> Any:
    """math.isclose, whose tolerance is relative to the larger of the two numbers. (That of np.isclose is relative to
    the second.)"""
    a, b = cells_of(a, b)
    distance = size_of(ELEMENTS["subtract"](to(b, FLOAT), to(a, FLOAT)))
    allowed = ELEMENTS["maximum"](
        ELEMENTS["multiply"](ELEMENTS["maximum"](size_of(a), size_of(b)), float(rel_tol)), float(abs_tol)
    )
    is_near = ELEMENTS["logical_and"](ELEMENTS["less_equal"](distance, allowed), ELEMENTS["isfinite"](distance))
    return as_python(ELEMENTS["logical_or"](is_near, ELEMENTS["equal"](a, b)))


def whole(name: str) -> Callable[[Any], Any]:
    """math.floor and similar functions, which return integers."""
    return lambda x: as_python(to(ELEMENTS[name](x), INT))


def size_of(cell: Cell) -> Cell:
    return ELEMENTS["absolute"](to(cell, FLOAT))
