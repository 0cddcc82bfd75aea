"""Writes operations, numbers and tables like Python."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import numpy_helper

# The most entries of a list or table that are written out.
MOST_SHOWN = 4
# Python's operator precedence, from loose to tight.
CHOICE, OR, AND, NOT, COMPARED, SUM, PRODUCT, SIGN, POWER, ATOM = range(10)
INFIX = {
    "Add": ("+", SUM), "Sub": ("-", SUM), "Mul": ("*", PRODUCT), "Div": ("/", PRODUCT), "Mod": ("%", PRODUCT),
    "Pow": ("**", POWER), "MatMul": ("@", PRODUCT), "And": ("and", AND), "Or": ("or", OR), "Less": ("<", COMPARED),
    "LessOrEqual": ("<=", COMPARED), "Greater": (">", COMPARED), "GreaterOrEqual": (">=", COMPARED),
    "Equal": ("==", COMPARED), "StringConcat": ("+", SUM), "Xor": ("!=", COMPARED),
}  # fmt: skip
OF_TWO = {"floor_divided": ("//", PRODUCT), "remainder": ("%", PRODUCT)}
# Functions whose nodes use the operands in another order than the call lists them. For these, the order of use does not
# tell which operand is which, such as the y of arctan2(y, x).
UNORDERED = ("arctan2",)
CALLED = {"ReduceSum": "sum", "ReduceMax": "max", "ReduceMin": "min", "ReduceMean": "mean", "Mod": "fmod"}


class Text(NamedTuple):
    """`rank` is the precedence of the operation that is applied last, such as the sum in `a + b * c`."""

    words: str
    rank: int = ATOM


def infix(sign: str, rank: int, first: Text, *others: Text) -> Text:
    """Joins operands, with brackets around those that Python would group otherwise. In a power, an operand that is a
    power always gets brackets; so does a comparison in a comparison."""
    left = bracketed(first, rank + 1 if rank in (POWER, COMPARED) else rank)
    return Text(f" {sign} ".join([left, *(bracketed(other, rank + 1) for other in others)]), rank)


def bracketed(text: Text, rank: int) -> str:
    return text.words if text.rank >= rank else f"({text.words})"


def of_array(array: np.ndarray) -> str:
    if array.size == 1:
        return of_item(array.ravel()[0])
    if array.size <= MOST_SHOWN:
        return f"[{', '.join(map(of_item, array.ravel()))}]"
    return f"[…{array.size} {'strings' if array.dtype == object else 'numbers'}]"


def of_constant(array: np.ndarray | None) -> Any:
    return array.ravel()[0] if array is not None and array.size == 1 else None


def of_item(item: Any) -> str:
    if isinstance(item, bytes):
        return repr(item.decode())
    if isinstance(item, str | bool | np.bool_):
        return repr(item if isinstance(item, str) else bool(item))
    number = float(item)
    if math.isfinite(number) and number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def of_table(node: onnx.NodeProto) -> str:
    """`{'a': 1, 'b': 2}`, or a short description of the table."""
    keys, values = (of_entries(node, what) for what in ("keys_", "values_"))
    if len(keys) <= MOST_SHOWN:
        pairs = ", ".join(f"{of_item(key)}: {of_item(value)}" for key, value in zip(keys, values, strict=True))
        return f"{{{pairs}}}"
    return f"{{…{len(keys)} {'strings' if isinstance(keys[0], str | bytes) else 'numbers'}}}"


def of_entries(node: onnx.NodeProto, prefix: str) -> list[Any]:
    for entry in node.attribute:
        if entry.name.startswith(prefix):
            value = onnx.helper.get_attribute_value(entry)
            array = numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else np.array(value, object)
            return list(array.ravel())
    return []


def of_attribute(entry: onnx.AttributeProto) -> str:
    """An attribute's string or number, if it matters to a reader."""
    if entry.type == onnx.AttributeProto.STRING:
        return repr(entry.s.decode())
    return str(entry.i) if entry.type == onnx.AttributeProto.INT and entry.name == "maxsplit" else ""
