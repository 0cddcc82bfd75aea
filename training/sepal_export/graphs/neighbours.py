"""Makes a graph's answer to a row independent of the rows beside it, to the last bit.

onnxruntime computes float64 numbers in pairs that begin at even positions in memory. If rows have an odd width, every
second row is divided into different pairs, and some pairs span two rows. Two kinds of operators then give different
bits, and are rewritten here: sums within a row, and sine and cosine.

The service runs an even number of rows (functions/core/model/pairs.ts), so that no number is left over at the end.
"""

from __future__ import annotations

from itertools import count

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from sepal_export.graphs.dependence import attribute, shapes_of
from sepal_export.graphs.narrow import last_number

DTYPES = {TensorProto.FLOAT: np.float32, TensorProto.DOUBLE: np.float64}


def keep_apart(model: onnx.ModelProto) -> None:
    """Rewrites these operators. Answers stay the same, except for the last bits."""
    graph = model.graph
    rewriting = Rewriting(model)
    nodes = [new for node in graph.node for new in rewriting.rewrite(node)]
    used = {name for node in nodes for name in node.input}
    constants = [tensor for tensor in (*graph.initializer, *rewriting.constants.values()) if tensor.name in used]
    for entries, kept in ((graph.node, nodes), (graph.initializer, constants)):
        del entries[:]
        entries.extend(kept)


class Rewriting:
    """Creates the replacement of a node, and the constants that it needs."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.constants: dict[tuple, onnx.TensorProto] = {}
        self._shapes, self._types = shapes_of(model), types_of(model)
        self._known = {tensor.name: tensor for tensor in model.graph.initializer}
        self._numbers = count(1 + last_number(model.graph))

    def rewrite(self, node: onnx.NodeProto) -> list[onnx.NodeProto]:
        shape = self._shapes.get(node.input[0], ())
        width, dtype = shape[-1] if shape else None, DTYPES.get(self._types.get(node.input[0]))
        if width is None or dtype is None:
            return [node]
        if node.op_type in ("Cos", "Sin") and width % 2:
            return self._even(node, width)
        if node.op_type == "ReduceSum" and self._axes(node) == [len(shape) - 1]:
            return self._product(node, np.ones((width, 1), dtype))
        return [node]

    def _product(self, node: onnx.NodeProto, ones: np.ndarray) -> list[onnx.NodeProto]:
        """Replaces a sum by a matrix product, which adds column after column. Sums over another axis need no
        replacement, because they add whole rows or columns."""
        operands, [answer] = [node.input[0], self._constant(ones)], node.output
        if attribute(node, "keepdims"):
            return [helper.make_node("MatMul", operands, [answer], name=node.name, doc_string=node.doc_string)]
        product = self._name()
        return [
            helper.make_node("MatMul", operands, [product], name=product, doc_string=node.doc_string),
            helper.make_node("Squeeze", [product, node.input[1]], [answer], name=node.name, doc_string=node.doc_string),
        ]

    def _even(self, node: onnx.NodeProto, width: int) -> list[onnx.NodeProto]:
        """If one of two angles is large, the runtime computes both in the way for large ones. Repeating the first
        column at the end gives each row its own pairs."""
        longer, waves, line = self._name(), self._name(), node.doc_string
        columns = np.arange(width)
        there, back = self._constant(np.append(columns, 0)), self._constant(columns)
        return [
            helper.make_node("Gather", [node.input[0], there], [longer], name=longer, doc_string=line, axis=-1),
            helper.make_node(node.op_type, [longer], [waves], name=waves, doc_string=line),
            helper.make_node("Gather", [waves, back], list(node.output), name=node.name, doc_string=line, axis=-1),
        ]

    def _axes(self, node: onnx.NodeProto) -> list[int]:
        return numpy_helper.to_array(self._known[node.input[1]]).tolist()

    def _name(self) -> str:
        return f"v{next(self._numbers)}"

    def _constant(self, array: np.ndarray) -> str:
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(array, f"c{next(self._numbers)}")
        return self.constants[key].name


def types_of(model: onnx.ModelProto) -> dict[str, int]:
    """Element types by value."""
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    return {entry.name: entry.type.tensor_type.elem_type for entry in (*graph.input, *graph.value_info)}
