"""Numbers of fewer than 64 bits, as `astype("int32")` and `astype("float32")` make them. Integers overflow, and floats
lose digits. The same holds for results that are computed from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export.following.cells import DTYPES, FLOAT, INT, Cell
from sepal_export.following.refusal import NotFollowed
from sepal_export.graphs.graph import OTHERWISE, Value

NAMES = {"int8", "int16", "int32", "uint8", "uint16", "uint32", "float16", "float32"}
# The largest float16, and the smallest number that float16 rounds to infinity.
LARGEST, INFINITE = 65_504.0, 65_520.0
# Functions for which the rounded float64 result equals numpy's result.
EXACT = {
    "absolute", "add", "ceil", "divide", "floor", "fmax", "fmin", "maximum", "minimum", "multiply", "negative",
    "positive", "rint", "sign", "sqrt", "square", "subtract", "trunc",
}  # fmt: skip


def narrow_of(operand: Any) -> np.dtype | None:
    """The type of a cell whose numbers have fewer than 64 bits; None for any other value."""
    if not isinstance(operand, Cell):
        return None
    return operand.graph.memory.get("narrow", {}).get(operand.value.name)


def type_of(cell: Cell) -> np.dtype:
    return narrow_of(cell) or DTYPES[cell.kind]


def narrowed(cell: Cell, dtype: Any) -> Cell:
    """Casts like numpy. If `dtype` is an integer type, the cell must hold integers: numpy does not define the result
    for a float that does not fit."""
    dtype = np.dtype(dtype)
    value = cell.value
    if dtype.kind in "iu":
        value = of_bits(value, dtype)
    elif dtype == np.float16:
        value = of_half(value)
    else:
        value = value.cast(np.float32).cast(np.float64)
    value.graph.memory.setdefault("narrow", {})[value.name] = dtype
    return Cell(value, FLOAT if dtype.kind == "f" else INT)


def widened(cell: Any) -> Any:
    """The same value with 64 bits."""
    if narrow_of(cell) is None:
        return cell
    return Cell(cell.graph.node("Identity", cell.value), cell.kind, is_nullable=cell.is_nullable)


def of_bits(whole: Value, dtype: np.dtype) -> Value:
    """Wraps int64 to fewer bits by arithmetic. ONNX Runtime removes a cast between two others, so casts
    would not overflow."""
    graph, bits = whole.graph, 8 * dtype.itemsize
    rest = graph.node("BitwiseAnd", whole, np.int64(2**bits - 1))
    if dtype.kind == "i":
        sign = np.int64(2 ** (bits - 1))
        rest = graph.node("BitwiseXor", rest, sign) - sign
    # Makes a value of its own. The graph shares equal nodes, so the user's `x & 255` would also be marked as narrow.
    return graph.node("Identity", rest)


def of_half(x: Value) -> Value:
    """Rounds once to float16, like numpy. ONNX Runtime rounds to float32 first. If the float32 lies halfway between two
    float16 numbers, the one nearer to the original number is chosen."""
    graph = x.graph
    single = x.cast(np.float32).cast(np.float64)
    half = single.cast(np.float32).cast(np.float16).cast(np.float64)
    other = single * 2.0 - half
    is_one = other.cast(np.float16).cast(np.float64).equals(other)
    made = graph.where(is_one & ((x - other).abs() < (x - half).abs()), other, half)
    is_large = (x.abs() < INFINITE) & (x.abs() > LARGEST)
    return graph.where(is_large, graph.node("Sign", x) * LARGEST, made)


def narrowing(name: str, function: Callable[..., Any], element: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a replacement of numpy's `function`. It calls `element`, and gives the answer the type that numpy would
    return for these operands."""

    def made(*operands: Any) -> Any:
        if not any(narrow_of(operand) for operand in operands):
            return element(*operands)
        probes = [np.ones(1, type_of(part)) if isinstance(part, Cell) else part for part in operands]
        inside = np.result_type(*probes)
        if inside.kind == "f" and inside.itemsize < 8:
            operands = [inside.type(part) if type(part) is float else part for part in operands]
        with np.errstate(all="ignore"):
            dtype = function(*probes).dtype
        answer = element(*operands)
        if dtype.name not in NAMES or not isinstance(answer, Cell):
            return answer
        if dtype.kind in "iu":
            return narrowed(answer, dtype) if answer.kind == INT else answer
        return of_few_digits(name, answer, dtype)

    return made


def of_few_digits(name: str, answer: Cell, dtype: np.dtype) -> Cell:
    """Rounds a result to the float type of numpy's result. Outside of EXACT, numpy's last digit may be another one, so
    the proof compares with a larger tolerance."""
    if name in EXACT and answer.kind == FLOAT:
        return narrowed(answer, dtype)
    if dtype == np.float16 or name in ("floor_divide", "remainder", "fmod", "power"):
        raise NotFollowed(
            f"numpy computes {name} with {8 * dtype.itemsize} bits, which the graph cannot repeat exactly",
            "convert with astype('float64') first",
        )
    made = narrowed(answer, dtype)
    made.graph.mark(made.value, OTHERWISE)
    made.graph.loosen(1e-6)
    return made


def of_all(cells: list[Any]) -> list[Any]:
    """Widens the cells to 64 bits if their types differ, because an array has only one type."""
    types = {narrow_of(cell) for cell in cells if isinstance(cell, Cell)}
    return [widened(cell) for cell in cells] if len(types) > 1 else cells


def of_one_type(where: Callable[..., Cell], condition: Any, then: Any, otherwise: Any) -> Cell:
    """Chooses between two values, and gives the result numpy's common type for both."""
    probes = [np.ones(1, type_of(part)) if isinstance(part, Cell) else part for part in (then, otherwise)]
    made = where(condition, *map(widened, (then, otherwise)))
    if made.kind not in (INT, FLOAT):
        return made
    dtype = np.result_type(*(np.nan if part is None else part for part in probes))
    numbers = [part for part in probes if type(part) is int]
    if dtype.kind in "iu" and any(not np.iinfo(dtype).min <= number <= np.iinfo(dtype).max for number in numbers):
        return made
    return narrowed(made, dtype) if dtype.name in NAMES else made
