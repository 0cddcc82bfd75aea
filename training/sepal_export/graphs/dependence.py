"""Finds the input columns that a graph's outputs depend on, going back from the outputs to the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Operators for which a column of the result depends only on the same column of each operand.
BY_COLUMN = {
    "Abs", "Add", "And", "Cast", "Ceil", "Clip", "Cos", "Div", "Equal", "Exp", "Floor", "Greater", "GreaterOrEqual",
    "Identity", "IsInf", "IsNaN", "LabelEncoder", "Less", "LessOrEqual", "Log", "Max", "Min", "Mod", "Mul", "Neg",
    "Not", "Or", "Pow", "Round", "Sign", "Sin", "Sqrt", "Sub", "Tanh", "Where",
}  # fmt: skip
# None means all columns.
Columns = frozenset[int] | None
NOTHING: Columns = frozenset()
Shape = tuple[int | None, ...]


class Dependence:
    """`wanted` has, for each value [N, W, …] of a graph, those of its columns that the outputs depend on. A value on
    which no output depends is not in it. A tree or a matrix product depends on all of its input. `owners` has the
    position of each input's feature, if that differs from the input's own position."""

    def __init__(
        self,
        model: onnx.ModelProto,
        owners: Sequence[int] | None = None,
        *,
        wanted: dict[str, Columns] | None = None,
        shapes: dict[str, Shape] | None = None,
    ) -> None:
        """`wanted` maps names of values to the columns from which to go back, in place of all outputs. `shapes` is the
        result of shapes_of for the model."""
        self.graph = model.graph
        self._owners = list(owners or range(len(model.graph.input)))
        self.constants = {tensor.name: tensor for tensor in model.graph.initializer}
        self._shapes = shapes or shapes_of(model)
        self.wanted: dict[str, Columns] = wanted or {output.name: None for output in model.graph.output}
        for node in reversed(model.graph.node):
            if self.is_wanted(node):
                for name, columns in self._operands(node):
                    self._want(name, columns)

    @property
    def features(self) -> list[int]:
        """The positions of the features that the outputs depend on: inputs [N, 1], or columns of the single input [N,
        F]. If they depend on none, one is returned nevertheless (a numeric one if possible), because a row must have a
        value."""
        inputs = self.graph.input
        if len(inputs) > 1:
            return list(dict.fromkeys(self._owners[place] for place in self.inputs))
        columns = self.wanted.get(inputs[0].name, NOTHING)
        return list(range(self.width(inputs[0].name))) if columns is None else sorted(columns or {0})

    @property
    def inputs(self) -> list[int]:
        """The positions of the inputs that the outputs depend on, feature by feature."""
        inputs = self.graph.input
        used = [place for place, entry in enumerate(inputs) if entry.name in self.wanted or len(inputs) == 1]
        numbers = [place for place, entry in enumerate(inputs) if not is_string(entry)]
        return sorted(used or [*numbers, 0][:1], key=lambda place: (self._owners[place], place))

    def is_wanted(self, node: onnx.NodeProto) -> bool:
        return not self.wanted.keys().isdisjoint(node.output)

    def of(self, node: onnx.NodeProto) -> list[int] | None:
        """The wanted columns of a node's result, in order."""
        columns = self.wanted[node.output[0]] if len(node.output) == 1 else None
        return None if columns is None else sorted(columns)

    def width(self, name: str) -> int | None:
        """The number of columns; None if unknown."""
        shape = self._shapes.get(name, ())
        return shape[1] if len(shape) > 1 else None

    def constant(self, name: str) -> np.ndarray:
        return numpy_helper.to_array(self.constants[name])

    def picked(self, node: onnx.NodeProto) -> np.ndarray | None:
        """The columns of its first operand that a Gather selects."""
        if node.op_type != "Gather" or attribute(node, "axis") != 1 or node.input[1] not in self.constants:
            return None
        indices = self.constant(node.input[1])
        return indices if indices.ndim == 1 else None

    def parts(self, node: onnx.NodeProto) -> list[tuple[str, range]] | None:
        """The operands of a Concat, and the result's columns that each becomes."""
        widths = [self.width(name) for name in node.input]
        if node.op_type != "Concat" or attribute(node, "axis") != 1 or None in widths:
            return None
        ends = pairwise(accumulate(widths, initial=0))
        return [(name, range(*columns)) for name, columns in zip(node.input, ends, strict=True)]

    def axes(self, node: onnx.NodeProto) -> list[int | None] | None:
        """The axis of each operand along which the result's columns lie; None for an operand that is the same for all
        of them. None in place of the list if a column may depend on other columns."""
        shape = self._shapes.get(node.output[0], ())
        if len(shape) < 2 or shape[1] is None:
            return None
        if node.op_type in BY_COLUMN:
            axes = [self._axis(name, shape) for name in node.input]
            return None if -1 in axes else axes
        if node.op_type == "Gather" and not attribute(node, "axis") and len(self._shapes.get(node.input[0], ())) == 1:
            # A table's values at the positions in each column.
            return [None, 1]
        gets_axis = node.op_type == "Reshape" and (*self._shapes.get(node.input[0], ()), 1) == shape
        is_further_in = (node.op_type == "Gather" and attribute(node, "axis") == 2) or (
            node.op_type in ("ReduceMax", "ReduceSum") and self.constant(node.input[1]).min() == 2
        )
        return [1, None] if gets_axis or is_further_in else None

    def _axis(self, name: str, shape: Shape) -> int | None:
        """The axis of the operand along which the result's columns lie, by numpy's rules of broadcasting. None if the
        operand is the same for all columns. -1 if this is unknown, or if the axis of an operand with rows is not 1."""
        operand = self._shapes.get(name)
        if operand is None:
            return -1
        axis = len(operand) - len(shape) + 1
        if axis < 0 or (operand[axis] == 1 and shape[1] != 1):
            return None
        return axis if operand[axis] == shape[1] and (axis == 1 or name in self.constants) else -1

    def _want(self, name: str, columns: Columns) -> None:
        before = self.wanted.get(name, NOTHING)
        both = None if before is None or columns is None else before | columns
        self.wanted[name] = None if both is not None and len(both) == self.width(name) else both

    def _operands(self, node: onnx.NodeProto) -> Iterator[tuple[str, Columns]]:
        """The wanted columns of each operand."""
        columns, picked, parts = self.of(node), self.picked(node), self.parts(node)
        if picked is not None:
            yield node.input[0], frozenset((picked if columns is None else picked[columns]).tolist())
        elif parts is not None:
            for name, places in parts:
                within = within_part(columns, places)
                if within != []:
                    yield name, None if within is None else frozenset(within)
        elif not counts_rows(node):
            axes = None if columns is None else self.axes(node)
            for place, name in enumerate(node.input):
                yield name, frozenset(columns) if axes and axes[place] == 1 else None


def within_part(columns: Sequence[int] | None, places: range) -> list[int] | None:
    """The columns that lie within one part, counted from the part's first."""
    return None if columns is None else [column - places.start for column in columns if column in places]


def is_string(entry: onnx.ValueInfoProto) -> bool:
    return entry.type.tensor_type.elem_type == onnx.TensorProto.STRING


def counts_rows(node: onnx.NodeProto) -> bool:
    """Whether the node only needs the number of rows, which any input has."""
    return node.op_type == "Shape" and attribute(node, "end") == 1


def attribute(node: onnx.NodeProto, name: str) -> Any:
    return next((helper.get_attribute_value(entry) for entry in node.attribute if entry.name == name), None)


def shapes_of(model: onnx.ModelProto) -> dict[str, Shape]:
    """The shapes by value; None for a length that is unknown before there are rows."""
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    for entry in (*graph.input, *graph.value_info):
        if entry.type.tensor_type.HasField("shape"):
            dims = entry.type.tensor_type.shape.dim
            shapes[entry.name] = tuple(dim.dim_value if dim.HasField("dim_value") else None for dim in dims)
    return shapes
