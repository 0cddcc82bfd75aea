"""Recognises groups of operators that have a single name in Python."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx

from sepal_export.graphs.dependence import attribute
from sepal_export.show.words import of_constant

INTEGERS = (onnx.TensorProto.INT64, onnx.TensorProto.INT32)
# By value: the node that computes it, or its contents.
Makers = Mapping[str, onnx.NodeProto]
Constants = Mapping[str, np.ndarray]


def pattern_of(makers: Makers, constants: Constants, name: str) -> tuple[str, str] | None:
    """The Python name of a group of operators, and its operand; None if there is none."""
    node = makers[name]
    for called, find in (("isfinite", finite), ("fits_int64", fits)):
        if source := find(makers, constants, name):
            return called, source
    wave = makers.get(node.input[0]) if node.op_type == "Gather" else None
    longer = makers.get(wave.input[0]) if wave is not None and wave.op_type in ("Sin", "Cos") else None
    if longer is not None and longer.op_type == "Gather" and attribute(longer, "axis") == -1:
        # For an odd width, with one more column (see graphs/neighbours.py).
        return wave.op_type.lower(), longer.input[0]
    number = whole(makers, constants, node)
    return ("int", number) if number else None


def whole(makers: Makers, constants: Constants, node: onnx.NodeProto) -> str | None:
    """The x in Cast(Where(Not(x fits int64), 0, x)), which converts to an integer."""
    chosen = makers.get(node.input[0]) if node.op_type == "Cast" and attribute(node, "to") in INTEGERS else None
    refused = makers.get(chosen.input[0]) if chosen is not None and chosen.op_type == "Where" else None
    if refused is None or refused.op_type != "Not":
        return None
    return chosen.input[2] if fits(makers, constants, refused.input[0]) == chosen.input[2] else None


def fits(makers: Makers, constants: Constants, name: str) -> str | None:
    """The x in |x| < 2**63, which tests whether int64 holds x: not if x is missing (see following/kinds.py)."""
    less = makers.get(name)
    if less is None or less.op_type != "Less" or of_constant(constants.get(less.input[1])) != 2.0**63:
        return None
    size = makers.get(less.input[0])
    return size.input[0] if size is not None and size.op_type == "Abs" else None


def finite(makers: Makers, constants: Constants, name: str) -> str | None:
    """The x in x - x == 0, which tests whether x is finite."""
    equal = makers.get(name)
    if equal is None or equal.op_type != "Equal" or of_constant(constants.get(equal.input[1])) != 0:
        return None
    difference = makers.get(equal.input[0])
    is_own = difference is not None and difference.op_type == "Sub" and len(set(difference.input)) == 1
    return difference.input[0] if is_own else None
