"""Sums within a row, as products with ones.

onnxruntime adds up a row two numbers at a time, in pairs that begin at even places in memory. In rows of an odd width,
these are other pairs in every second row, and the sum may have another last bit. A product of matrices adds the columns
one after another, wherever the row stands.
"""

from __future__ import annotations

from itertools import count

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from sepal_export.dependence import attribute, shapes_of
from sepal_export.narrow import last_number

DTYPES = {TensorProto.FLOAT: np.float32, TensorProto.DOUBLE: np.float64}


def add_in_order(model: onnx.ModelProto) -> None:
    """Replaces each ReduceSum over the last axis of floating-point numbers. One over another axis adds whole rows or
    columns to each other, which is the same everywhere."""
    graph = model.graph
    sums = Sums(model)
    nodes = [new for node in graph.node for new in sums.replace(node)]
    used = {name for node in nodes for name in node.input}
    constants = [tensor for tensor in (*graph.initializer, *sums.constants.values()) if tensor.name in used]
    for entries, kept in ((graph.node, nodes), (graph.initializer, constants)):
        del entries[:]
        entries.extend(kept)


class Sums:
    """The replacements, and the constants that they need."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.constants: dict[tuple, onnx.TensorProto] = {}
        self._shapes, self._types = shapes_of(model), types_of(model)
        self._known = {tensor.name: tensor for tensor in model.graph.initializer}
        self._numbers = count(1 + last_number(model.graph))

    def replace(self, node: onnx.NodeProto) -> list[onnx.NodeProto]:
        if node.op_type != "ReduceSum" or self._types[node.input[0]] not in DTYPES:
            return [node]
        values, answer = node.input[0], node.output[0]
        shape, axes = self._shapes[values], numpy_helper.to_array(self._known[node.input[1]])
        if axes.tolist() != [len(shape) - 1]:
            return [node]
        ones = self._constant(np.ones((shape[-1], 1), DTYPES[self._types[values]]))
        if attribute(node, "keepdims"):
            return [helper.make_node("MatMul", [values, ones], [answer], name=node.name)]
        product = f"v{next(self._numbers)}"
        return [
            helper.make_node("MatMul", [values, ones], [product], name=product),
            helper.make_node("Squeeze", [product, self._constant(axes)], [answer], name=node.name),
        ]

    def _constant(self, array: np.ndarray) -> str:
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(array, f"c{next(self._numbers)}")
        return self.constants[key].name


def types_of(model: onnx.ModelProto) -> dict[str, int]:
    """Element types, by value."""
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    return {entry.name: entry.type.tensor_type.elem_type for entry in (*graph.input, *graph.value_info)}
