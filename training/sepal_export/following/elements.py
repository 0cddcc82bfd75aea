"""Element-wise functions of cells, like those of numpy and pandas, by the names of numpy's functions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from scipy import special

from sepal_export.following.angles import arccos, arcsin, arctan, arctan2, hypot, is_below
from sepal_export.following.arithmetic import (
    arithmetic,
    as_pandas,
    floor_divided,
    power,
    remainder,
    whole,
    whole_floor_divided,
    whole_remainder,
    whole_rest,
)
from sepal_export.following.cells import BOOL, FLOAT, INT, Cell, lifted
from sepal_export.following.comparing import comparison, extreme, invert, is_true, logical, xor
from sepal_export.following.domains import carried
from sepal_export.following.kinds import Element, cells_of, fill, is_constant_number, is_missing, plain_of, to, where
from sepal_export.following.narrow import narrowing
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.rounding import rounded, rounded_as_python
from sepal_export.following.single import is_finite, is_infinite, of_number, reciprocal, signed
from sepal_export.graphs import functions
from sepal_export.graphs.graph import OTHERWISE, Value

__all__ = [
    "AS_PANDAS", "ELEMENTS", "cells_of", "fill", "floor_divided", "function_named", "is_missing", "is_true",
    "remainder", "rounded", "rounded_as_python", "to", "where",
]  # fmt: skip


def function_named(name: str) -> Callable[..., Any]:
    """The function of numpy or scipy."""
    return getattr(np, name, None) or getattr(special, name)


def shifted(name: str) -> Element:
    """A bit shift: multiplication or division by a power of two, rounded down."""

    def element(operand: Any, count: Any) -> Cell:
        if isinstance(count, Cell):
            raise NotFollowed("it shifts bits by a number that only a request has", "write x * 2**n")
        if not 0 <= count < 63:
            raise NotFollowed(f"it shifts bits by {count}", "shift by a number from 0 to 62")
        return ELEMENTS[name](operand, 2 ** int(count))

    return element


def log_of_sum(a: Value, b: Value) -> Value:
    """The logarithm of the sum of two exponentials, without computing them."""
    graph = a.graph
    largest = graph.where(a > b, a, b)
    made = largest + functions.log1p((-(a - b).abs()).exp())
    return graph.mark(graph.where(a.equals(b), a + np.log(2.0), made), OTHERWISE)


def heaviside(x: Value, at_zero: Value) -> Value:
    return x.graph.where(x.equals(0.0), at_zero, x.graph.where(x.isnan(), x, (x > 0.0).cast(np.float64)))


def times_log(x: Value, y: Value) -> Value:
    return x.graph.where(x.equals(0.0) & ~y.isnan(), 0.0, x * y.log())


def boxcox(operand: Any, exponent: Any) -> Cell:
    if isinstance(exponent, Cell):
        raise NotFollowed("its exponent of boxcox is one that only a request has")
    log = ELEMENTS["log"](operand)
    return log if exponent == 0 else ELEMENTS["expm1"](log * float(exponent)) / float(exponent)


ELEMENTS: dict[str, Element] = {
    "absolute": signed("Abs"),
    "add": arithmetic("add", lambda a, b: a + b, whole("Add")),
    "arccos": of_number(arccos),
    "arcsin": of_number(arcsin),
    "arctan": of_number(arctan),
    "arctan2": arithmetic("arctan2", arctan2),
    "bitwise_and": logical("bitwise_and", lambda a, b: a & b),
    "bitwise_or": logical("bitwise_or", lambda a, b: a | b),
    "bitwise_xor": logical("bitwise_xor", xor),
    "boxcox": boxcox,
    "copysign": arithmetic("copysign", lambda a, b: a.graph.where(is_below(b), -a.abs(), a.abs())),
    "divide": arithmetic("divide", lambda a, b: a / b),
    "equal": comparison("equal", lambda a, b: a.equals(b)),
    "float_power": lambda a, b: power(to(a, FLOAT) if isinstance(a, Cell) else float(a), b),
    "floor_divide": arithmetic("floor_divide", floor_divided, whole_floor_divided),
    "fmax": extreme("Less", ignores_missing=True),
    "fmin": extreme("Greater", ignores_missing=True),
    "fmod": arithmetic("fmod", lambda a, b: a.graph.node("Mod", a, b, fmod=1), whole_rest),
    "greater": comparison("greater", lambda a, b: a > b),
    "greater_equal": comparison("greater_equal", lambda a, b: a >= b),
    "heaviside": arithmetic("heaviside", heaviside),
    "hypot": arithmetic("hypot", hypot),
    "invert": invert,
    "isfinite": is_finite,
    "isinf": is_infinite(),
    "isnan": is_missing,
    "isneginf": is_infinite(positive=0),
    "isposinf": is_infinite(negative=0),
    "ldexp": lambda x, count: ELEMENTS["multiply"](to(x, FLOAT) if isinstance(x, Cell) else x, 2.0**count),
    "left_shift": shifted("multiply"),
    "less": comparison("less", lambda a, b: a < b),
    "less_equal": comparison("less_equal", lambda a, b: a <= b),
    "logaddexp": arithmetic("logaddexp", log_of_sum),
    "logical_and": logical("logical_and", lambda a, b: a & b),
    "logical_not": lambda x: invert(is_true(x)),
    "logical_or": logical("logical_or", lambda a, b: a | b),
    "logical_xor": logical("logical_xor", xor),
    "maximum": extreme("Less"),
    "minimum": extreme("Greater"),
    "multiply": arithmetic("multiply", lambda a, b: a * b, whole("Mul")),
    "negative": signed("Neg"),
    "not_equal": comparison("not_equal", lambda a, b: ~a.equals(b)),
    "positive": lambda x: x,
    "power": power,
    "reciprocal": reciprocal,
    "remainder": arithmetic("remainder", remainder, whole_remainder),
    "right_shift": shifted("floor_divide"),
    "sign": signed("Sign"),
    "signbit": lambda x: Cell(is_below(to(x, FLOAT).value), BOOL),
    "square": lambda x: ELEMENTS["multiply"](*2 * [to(x, INT) if isinstance(x, Cell) and x.kind == BOOL else x]),
    "subtract": arithmetic("subtract", lambda a, b: a - b, whole("Sub")),
    "xlogy": arithmetic("xlogy", times_log),
}
# Functions that numpy computes in 16 bits for booleans.
IN_HALVES = {"arccos", "arcsin", "arctan", "arctan2", "copysign", "heaviside", "hypot", "logaddexp"}
# Functions that leave integers unchanged.
WHOLE = {"ceil", "floor", "trunc", "rint"}


def of_flags(name: str, element: Element) -> Element:
    """For booleans, a function has few results, which numpy itself computes, because it uses 16 bits."""

    def either(*operands: Any) -> Cell:
        if not all(isinstance(operand, Cell) and operand.kind == BOOL for operand in operands):
            return element(*operands)
        function = function_named(name)
        with np.errstate(all="ignore"):
            answers = [float(function(*map(np.bool_, flags))) for flags in product((True, False), repeat=len(operands))]
        for flag in reversed(operands):
            answers = [where(flag, then, other) for then, other in zip(answers[::2], answers[1::2], strict=True)]
        return answers[0]

    return either


def carrying(name: str, element: Element) -> Element:
    """Computes results of constants without a node. Otherwise gives the result the operands' domain (see
    domains.py)."""
    function = function_named(name)

    def made(*operands: Any) -> Any:
        cells = [operand for operand in operands if isinstance(operand, Cell)]
        if cells and all(map(is_constant_number, cells)):
            with np.errstate(all="ignore"):
                plain = [plain_of(operand) if isinstance(operand, Cell) else operand for operand in operands]
                return lifted(cells[0].graph, function(*plain))
        return carried(name, function, element(*operands), operands)

    return made


for _function, _of_float in functions.FUNCTIONS.items():
    _name = _function.__name__
    if _name not in ELEMENTS and _name not in ("abs", "fabs"):
        ELEMENTS[_name] = of_number(_of_float, keeps_whole=_name in WHOLE)
        IN_HALVES |= set() if _name in WHOLE else {_name}
for _name in list(ELEMENTS):
    _element = of_flags(_name, ELEMENTS[_name]) if _name in IN_HALVES else ELEMENTS[_name]
    ELEMENTS[_name] = narrowing(_name, function_named(_name), carrying(_name, _element))
ELEMENTS["abs"] = ELEMENTS["fabs"] = ELEMENTS["absolute"]
# Functions with different results in pandas than in numpy.
AS_PANDAS: dict[str, Element] = {
    "floor_divide": arithmetic("floor_divide", floor_divided, as_pandas(whole_floor_divided, lambda a: a / 0.0)),
    "remainder": arithmetic("remainder", remainder, as_pandas(whole_remainder, lambda a: a * np.nan)),
}
AS_PANDAS = {
    name: narrowing(name, function_named(name), carrying(name, element)) for name, element in AS_PANDAS.items()
}
