"""Removes what the outputs do not depend on from a graph: columns of the inputs, and everything computed only from
those."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby

import numpy as np
import onnx
from onnx import helper, numpy_helper

from sepal_export.graphs.dependence import Dependence, counts_rows, within_part
from sepal_export.graphs.graph import Splits, Value

# The name of the input of a model with only numeric features.
MATRIX = "X"


@dataclass(frozen=True)
class View:
    """Columns of a value of the new graph, in this order; None for all columns."""

    source: str
    columns: tuple[int, ...] | None = None


class Narrowing:
    """Builds the new graph. It computes what `dependence` wants. Columns are only gathered if an operator needs other
    columns than all those of a value, or another order."""

    def __init__(self, model: onnx.ModelProto, dependence: Dependence, inputs: Sequence[str] | None) -> None:
        """`inputs` are the names of the new inputs, one per wanted input; None for a single MATRIX."""
        self._dependence = dependence
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[tuple, onnx.TensorProto] = {}
        self._gathered: dict[View, str] = {}
        # By value of the old graph: its wanted columns in the new graph.
        self._views: dict[str, View] = {}
        self._widths: dict[str, int | None] = {}
        self._numbers = count(1 + last_number(model.graph))
        self._inputs = self._take_inputs(inputs)
        for node in model.graph.node:
            if dependence.is_wanted(node):
                self._add(node)
        graph = helper.make_graph(
            self._nodes, model.graph.name, self._inputs, list(model.graph.output), list(self._constants.values())
        )
        self.model = helper.make_model(
            graph,
            opset_imports=list(model.opset_import),
            ir_version=model.ir_version,
            producer_name=model.producer_name,
        )

    def splits(self, splits: Sequence[Splits]) -> list[Splits]:
        """The splits of wanted columns, at their places in the new graph. Splits of constants are left out, because a
        constant is on the same side of a threshold for all rows."""
        moved = []
        for split in splits:
            wanted = self._dependence.wanted.get(split.value.name, frozenset())
            is_constant = split.value.name in self._dependence.constants
            if not is_constant and (wanted is None or split.column in wanted):
                view = self._view(split.value.name, [split.column])
                moved.append(replace(split, value=Value(split.value.graph, view.source), column=view.columns[0]))
        return moved

    def _take_inputs(self, names: Sequence[str] | None) -> list[onnx.ValueInfoProto]:
        old, features = self._dependence.graph.input, self._dependence.features
        kept = [old[place] for place in self._dependence.inputs]
        if names is None:
            # A single matrix now holds the wanted columns; several inputs become columns.
            self._views |= {
                entry.name: View(MATRIX, None if len(old) == 1 else (index,)) for index, entry in enumerate(kept)
            }
            self._widths[MATRIX] = len(features)
            return [helper.make_tensor_value_info(MATRIX, onnx.TensorProto.DOUBLE, ["N", len(features)])]
        self._views |= {entry.name: View(name) for entry, name in zip(kept, names, strict=True)}
        self._widths |= dict.fromkeys(names, 1)
        return [
            helper.make_tensor_value_info(name, entry.type.tensor_type.elem_type, ["N", 1])
            for entry, name in zip(kept, names, strict=True)
        ]

    def _add(self, node: onnx.NodeProto) -> None:
        dependence = self._dependence
        columns, picked, parts = dependence.of(node), dependence.picked(node), dependence.parts(node)
        if picked is not None:
            self._views[node.output[0]] = self._view(
                node.input[0], (picked if columns is None else picked[columns]).tolist()
            )
            return
        if parts is not None:
            within = [(part, within_part(columns, places)) for part, places in parts]
            self._views[node.output[0]] = self._beside(
                node, [self._view(part, some) for part, some in within if some != []]
            )
            return
        axes = None if columns is None else dependence.axes(node)
        operands = [
            self._operand(node, place, columns if axes else None, axes[place] if axes else None)
            for place in range(len(node.input))
        ]
        for name in node.output:
            wanted = dependence.wanted.get(name)
            # An operator that returns all of its columns together continues to do so.
            self._views[name] = View(name, None if axes or wanted is None else tuple(sorted(wanted)))
            self._widths[name] = len(columns) if axes else dependence.width(name)
        self._emit(node, operands)

    def _operand(self, node: onnx.NodeProto, place: int, columns: list[int] | None, axis: int | None) -> str:
        name = node.input[place]
        if counts_rows(node):
            return self._inputs[0].name
        if name in self._dependence.constants:
            if node.op_type == "Reshape" and columns is not None:
                return self._constant(name, np.array([0, len(columns), 1]))
            is_sliced = columns is not None and axis is not None
            return self._constant(name, self._dependence.constant(name).take(columns, axis) if is_sliced else None)
        return self._gather(self._view(name, columns if axis == 1 else None)) if name else ""

    def _view(self, name: str, columns: Sequence[int] | None) -> View:
        """The place of these columns of an old value."""
        view, wanted = self._views[name], self._dependence.wanted[name]
        if columns is None:
            return view
        place_of = {column: place for place, column in enumerate(sorted(wanted or ()))}
        places = columns if wanted is None else [place_of[column] for column in columns]
        return View(view.source, tuple(places if view.columns is None else [view.columns[place] for place in places]))

    def _beside(self, node: onnx.NodeProto, views: Iterable[View]) -> View:
        """Joins views side by side. Consecutive views of one value become one, so that it is gathered only once."""
        joined = []
        for source, group in groupby(views, key=lambda view: view.source):
            columns = [view.columns or range(self._widths[source]) for view in group]
            joined.append(View(source, tuple(column for some in columns for column in some)))
        if len(joined) == 1:
            return joined[0]
        self._emit(node, [self._gather(view) for view in joined])
        self._widths[node.output[0]] = sum(len(view.columns) for view in joined)
        return View(node.output[0])

    def _gather(self, view: View) -> str:
        """The name of a value with exactly these columns."""
        if view.columns is None or view.columns == tuple(range(self._widths[view.source] or 0)):
            return view.source
        if view not in self._gathered:
            name = f"v{next(self._numbers)}"
            indices = self._constant(None, np.array(view.columns, dtype=np.int64))
            self._nodes.append(helper.make_node("Gather", [view.source, indices], [name], name=name, axis=1))
            self._gathered[view] = name
        return self._gathered[view]

    def _constant(self, name: str | None, array: np.ndarray | None) -> str:
        """The constant of the old graph, or a new one if the array has changed."""
        if array is None:
            self._constants[(name,)] = self._dependence.constants[name]
            return name
        key = (array.dtype.str, array.shape, tuple(array.ravel()) if array.dtype == object else array.tobytes())
        if key not in self._constants:
            self._constants[key] = numpy_helper.from_array(np.ascontiguousarray(array), f"c{next(self._numbers)}")
        return self._constants[key].name

    def _emit(self, node: onnx.NodeProto, operands: Sequence[str]) -> None:
        new = onnx.NodeProto()
        new.CopyFrom(node)
        new.ClearField("input")
        new.input.extend(operands)
        self._nodes.append(new)


def last_number(graph: onnx.GraphProto) -> int:
    """The largest number in names such as `v7` and `c3`, which only tensors of a graph have: 7."""
    names = [
        name for entry in (*graph.node, *graph.initializer) for name in (entry.name, *getattr(entry, "output", ()))
    ]
    return max((int(name[1:]) for name in names if re.fullmatch(r"[cv]\d+", name)), default=0)
