"""An ONNX graph in the making, written in expressions that read like numpy's.

    x = graph.input("X", np.float64, 4)
    scores = (x - mean) / scale @ weights + bias

Arrays and numbers become constants of the dtype that numpy gives them: a Python float is float64, as scikit-learn
computes, and a Python int is int64.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from sepal_export.graphs.bulk import attributes_of, digest, names_used, needed, outline_of
from sepal_export.graphs.lines import line_here

ML = "ai.onnx.ml"
# The opsets that onnxruntime-node 1.30 reads. Raise them deliberately, not because a library was upgraded.
OPSETS = (("", 21), (ML, 5))
IR_VERSION = 10
# Marks of nodes whose operators do not show how exact they are: a table has results only for values of the training
# data, or the original computes the same in other steps.
BEYOND, OTHERWISE = "beyond the table", "otherwise rounded"
MARK = "exactness"

Operand = "Value | np.ndarray | np.generic | float"


@dataclass(frozen=True)
class Value:
    """A tensor of the graph: [N, W] for features or scores, [N] for one value per row."""

    graph: Graph
    name: str

    # Makes numpy leave `array - value` to __rsub__.
    __array_ufunc__ = None

    def __add__(self, other: Operand) -> Value:
        return self.graph.node("Add", self, other)

    __radd__ = __add__

    def __sub__(self, other: Operand) -> Value:
        return self.graph.node("Sub", self, other)

    def __rsub__(self, other: Operand) -> Value:
        return self.graph.node("Sub", other, self)

    def __mul__(self, other: Operand) -> Value:
        return self.graph.node("Mul", self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Operand) -> Value:
        return self.graph.node("Div", self, other)

    def __rtruediv__(self, other: Operand) -> Value:
        return self.graph.node("Div", other, self)

    def __matmul__(self, other: Operand) -> Value:
        return self.graph.node("MatMul", self, other)

    def __pow__(self, other: Operand) -> Value:
        return self.graph.node("Pow", self, other)

    def __neg__(self) -> Value:
        return self.graph.node("Neg", self)

    def __lt__(self, other: Operand) -> Value:
        return self.graph.node("Less", self, other)

    def __le__(self, other: Operand) -> Value:
        return self.graph.node("LessOrEqual", self, other)

    def __gt__(self, other: Operand) -> Value:
        return self.graph.node("Greater", self, other)

    def __ge__(self, other: Operand) -> Value:
        return self.graph.node("GreaterOrEqual", self, other)

    def __and__(self, other: Operand) -> Value:
        return self.graph.node("And", self, other)

    def __or__(self, other: Operand) -> Value:
        return self.graph.node("Or", self, other)

    def __invert__(self) -> Value:
        return self.graph.node("Not", self)

    # == stays identity, which dataclasses and dictionaries need.
    def equals(self, other: Operand) -> Value:
        return self.graph.node("Equal", self, other)

    def exp(self) -> Value:
        return self.graph.node("Exp", self)

    def log(self) -> Value:
        return self.graph.node("Log", self)

    def sqrt(self) -> Value:
        return self.graph.node("Sqrt", self)

    def abs(self) -> Value:
        return self.graph.node("Abs", self)

    def isnan(self) -> Value:
        return self.graph.node("IsNaN", self)

    def clip(self, low: float, high: float) -> Value:
        return self.graph.node("Clip", self, np.float64(low), np.float64(high))

    def maximum(self, other: Operand) -> Value:
        return self.graph.node("Max", self, other)

    def minimum(self, other: Operand) -> Value:
        return self.graph.node("Min", self, other)

    def sum(self, axis: int = 1, *, keepdims: bool = True) -> Value:
        return self.graph.node("ReduceSum", self, np.array([axis]), keepdims=int(keepdims))

    def max(self, axis: int = 1, *, keepdims: bool = True) -> Value:
        return self.graph.node("ReduceMax", self, np.array([axis]), keepdims=int(keepdims))

    def argmax(self) -> Value:
        """[N, W] → [N] int64: the first of the largest."""
        return self.graph.node("ArgMax", self, axis=1, keepdims=0)

    def columns(self, indices: Sequence[int]) -> Value:
        """[N, W] → [N, len(indices)]."""
        if self.single:
            return self.single.columns(indices).widened()
        return self.graph.node("Gather", self, np.asarray(indices, dtype=np.int64), axis=1)

    def rows(self, indices: Value, axis: int = 0) -> Value:
        """The entries of this table at `indices`, like numpy.take."""
        return self.graph.node("Gather", self, indices, axis=axis)

    def reshape(self, *shape: int) -> Value:
        """In `shape`, -1 stands for the rest, and 0 keeps a dimension."""
        if self.single:
            return self.single.reshape(*shape).widened()
        return self.graph.node("Reshape", self, np.array(shape, dtype=np.int64))

    def transpose(self, *order: int) -> Value:
        return self.graph.node("Transpose", self, perm=list(order))

    def cast(self, dtype: type) -> Value:
        return self.graph.node("Cast", self, to=helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def widened(self) -> Value:
        """Converts a float32 answer to float64. The float32 value is remembered, because numpy continues to compute in
        float32."""
        answer = self.cast(np.float64)
        self.graph.singles[answer.name] = self
        return answer

    @property
    def single(self) -> Value | None:
        """The float32 value that this was widened from; None if the original has float64."""
        return self.graph.singles.get(self.name)


@dataclass(frozen=True)
class Splits:
    """The graph compares column `column` of `value` with `thresholds` [n], where its answers jump. For trees, `trees`
    [n] is the tree of each threshold, numbered across the graph, and `jumps` [n] the range of the leaves' values below
    it. If trees share a threshold, it belongs to the one with the largest jump."""

    value: Value
    column: int
    thresholds: np.ndarray
    trees: np.ndarray | None = None
    jumps: np.ndarray | None = None


@dataclass
class Graph:
    """Collects nodes and constants, and what converters know about the answers."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    inputs: list[onnx.ValueInfoProto] = field(default_factory=list)
    splits: list[Splits] = field(default_factory=list)
    # The terms made of text features before they enter the graph (see text/inputs.py).
    texts: list[Any] = field(default_factory=list)
    # By feature: the only values that an encoder accepts.
    known: dict[int, list[Any]] = field(default_factory=dict)
    # By feature: the last step that accepts no other values.
    restricting: dict[int, str] = field(default_factory=dict)
    # By output of an encoder: the strings that it distinguishes from the rest.
    told_apart: dict[str, list[str]] = field(default_factory=dict)
    # By input: the rows given to the export, for converters that need to know what reaches their estimator.
    rows: dict[str, np.ndarray] | None = None
    # By answer: the same in float32, if the original's is float32.
    singles: dict[str, Value] = field(default_factory=dict)
    # Whether a sparse matrix of the original may store zeros, which XGBoost treats as values and not as missing.
    stores_zeros: bool = False
    # The allowed error of a probability, or of a value as a share of the largest.
    tolerance: float = 1e-9
    # How much answers may differ because of rounding alone.
    rounding: float = 0.0
    # Opset versions by domain. They differ if somebody else's operators are included.
    opsets: tuple[tuple[str, int], ...] = OPSETS
    # The current steps of pipelines and ensembles, from the outside in.
    path: list[str] = field(default_factory=list)
    # [N, 1] bool each: where the original refuses a row.
    refused: list[Value] = field(default_factory=list)
    # By node: attributes that are too large to copy at each stage of the conversion.
    bulk: dict[str, bytes] = field(default_factory=dict)
    # The number of trees so far.
    trees: int = 0
    # By reason: [N, 1] bool, where the original itself has no reliable answer.
    doubts: dict[str, list[Value]] = field(default_factory=dict)
    # The prefix of value names, so that a part's names differ from the whole graph's (see parts.py).
    prefix: str = ""
    # [N, 1] bool each: the paths through the user's own Python.
    paths: list[Value] = field(default_factory=list)
    # [N, W] bool each: where the user's own Python produces infinity.
    infinite: list[Value] = field(default_factory=list)
    # Anything that a converter stores for later ones.
    memory: dict[str, Any] = field(default_factory=dict)
    # Nodes by what they compute, so that each is created only once.
    _shared: dict[tuple, list[Value]] | None = None
    _constants: dict[tuple, Value] = field(default_factory=dict)
    _tensors: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def input(self, name: str, dtype: type, width: int) -> Value:
        """A model's input [N, width]; `str` is a dtype too."""
        element = onnx.TensorProto.STRING if dtype is str else helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self.inputs.append(helper.make_tensor_value_info(name, element, ["N", width]))
        return Value(self, name)

    def constant(self, array: Any) -> Value:
        """Adds a constant. Equal arrays are stored once."""
        array = np.asarray(array)
        if array.dtype.kind in "OU":
            array = array.astype(object)
        key = (str(array.dtype), array.shape, tuple(array.ravel()) if array.dtype == object else digest(array))
        if key not in self._constants:
            name = f"{self.prefix}c{len(self._constants)}"
            if array.dtype == object:
                texts = [str(text).encode() for text in array.ravel()]
                tensor = helper.make_tensor(name, onnx.TensorProto.STRING, array.shape, texts)
            else:
                tensor = numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name)
            self._tensors[name] = tensor
            self._constants[key] = Value(self, name)
        return self._constants[key]

    def node(self, operator: str, *operands: Operand, domain: str = "", **attributes: Any) -> Value:
        """Adds a node with one output. An operand may be None if the operator allows leaving it out."""
        [value] = self.node_of(1, operator, *operands, domain=domain, **attributes)
        return value

    def node_of(
        self, outputs: int, operator: str, *operands: Operand, domain: str = "", **attributes: Any
    ) -> list[Value]:
        """Adds a node with several outputs."""
        inputs = [
            "" if operand is None else operand.name if isinstance(operand, Value) else self.constant(operand).name
            for operand in operands
        ]
        name = f"{self.prefix}v{len(self.nodes)}"
        names = [name, *(f"{name} {place}" for place in range(1, outputs))]
        line = "" if self._shared is None else line_here()
        node = helper.make_node(operator, inputs, names, name=name, domain=domain, doc_string=line, **attributes)
        key = (
            ()
            if self._shared is None
            else (operator, domain, *inputs, *(a.SerializeToString() for a in node.attribute))
        )
        if key and key in self._shared:
            return self._shared[key]
        self.nodes.append(node)
        values = [Value(self, name) for name in names]
        if key:
            self._shared[key] = values
        return values

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Within this context, a node that computes the same as another is not created again."""
        before, self._shared = self._shared, {} if self._shared is None else self._shared
        try:
            yield
        finally:
            self._shared = before

    def bulky_node(self, operator: str, *operands: Operand, domain: str = "", **attributes: Any) -> Value:
        """Adds a node without the contents of its attributes, which the finished model gets (see bulk.py)."""
        value = self.node(operator, *operands, domain=domain, **attributes)
        # Nothing fills in attributes inside a part of a node.
        if self.prefix:
            return value
        self.bulk[value.name] = attributes_of(self.nodes[-1])
        self.nodes[-1] = outline_of(self.nodes[-1])
        return value

    def where(self, condition: Value, then: Operand, otherwise: Operand) -> Value:
        return self.node("Where", condition, then, otherwise)

    def concat(self, values: Sequence[Value], axis: int = 1) -> Value:
        if all(value.single for value in values):
            return self.concat([value.single for value in values], axis).widened()
        return values[0] if len(values) == 1 else self.node("Concat", *values, axis=axis)

    def argsort(self, values: Value, width: int) -> Value:
        """[N, width] → [N, width] int64: the columns sorted by their values; of equal ones, the first comes first."""
        return self.least(values, width)[1]

    def least(self, values: Value, count: int) -> list[Value]:
        """[…, W] → […, count]: the least values, sorted, and their positions […, count] int64; of equal ones, the first
        comes first."""
        return self.node_of(2, "TopK", values, np.array([count]), axis=-1, largest=0, sorted=1)

    def softmax(self, scores: Value) -> Value:
        return self.node("Softmax", scores, axis=1)

    def sigmoid(self, scores: Value) -> Value:
        """scipy.special.expit in float64. ONNX's Sigmoid computes 1 - 1/(1 + exp(x)) below zero. This loses all digits
        of a small probability, and dividing by a small sum makes the error visible."""
        return 1.0 / ((-scores).exp() + 1.0)

    def add_splits(
        self,
        value: Value,
        columns: np.ndarray,
        thresholds: np.ndarray,
        trees: np.ndarray | None = None,
        jumps: np.ndarray | None = None,
    ) -> None:
        """Tells the verification that column columns[i] of `value` is compared with thresholds[i], in tree trees[i] of
        those added together."""
        order = np.lexsort((thresholds, columns) if jumps is None else (-jumps, thresholds, columns))
        is_other = (np.diff(columns[order], prepend=-1) != 0) | (np.diff(thresholds[order], prepend=np.nan) != 0)
        kept = order[is_other]
        for part in np.split(kept, np.flatnonzero(np.diff(columns[kept])) + 1) if len(kept) else ():
            of_trees = {} if trees is None else {"trees": self.trees + trees[part], "jumps": jumps[part]}
            self.splits.append(Splits(value, int(columns[part[0]]), thresholds[part], **of_trees))
        if trees is not None:
            self.trees += int(trees.max(initial=-1)) + 1

    def restrict(self, feature: int, values: Sequence[Any]) -> None:
        """Records that an encoder refuses other values than `values` of a feature."""
        known = self.known.get(feature)
        self.restricting[feature] = f"the step {' → '.join(map(repr, self.path))}" if self.path else "the estimator"
        self.known[feature] = [value for value in values if known is None or value in known]

    def mark(self, value: Value, exactness: str) -> Value:
        """Records how exactly the original computes a value: BEYOND or OTHERWISE."""
        for node in reversed(self.nodes):
            if value.name in node.output and not node.metadata_props:
                node.metadata_props.add(key=MARK, value=exactness)
        return value

    def tell_apart(self, value: Value, strings: Sequence[str]) -> None:
        """Records that `value` is computed from a string, and has a special result for each of these strings."""
        self.told_apart[value.name] = list(strings)

    def loosen(self, tolerance: float) -> None:
        """Records that the original is less precise than float64, so that a larger error must be allowed."""
        self.tolerance = max(self.tolerance, tolerance)

    def refuse(self, where: Value) -> None:
        """Records values, `where` [N, W] bool, for which the original refuses the row: the model answers NaN, whatever
        follows. Otherwise a tree would treat a transformer's NaN as a missing value."""
        self.refused.append(where.cast(np.float64).max() > 0.0)

    def expect_rounding(self, tolerance: float) -> None:
        """Records how much the original's answers may differ between machines. The proof allows as much as the answers
        really differ, up to this."""
        self.rounding = max(self.rounding, tolerance)

    def doubt(self, where: Value, reason: str) -> None:
        """Records rows, `where` [N, 1] bool, that the original answers by chance, such as by the last bits of its
        distances, or that the graph does not compute exactly. The proof leaves them out. `reason` explains why a model
        with such training rows is refused."""
        self.doubts.setdefault(reason, []).append(where)

    @contextmanager
    def at(self, step: str) -> Iterator[None]:
        """Within this context, everything converted is part of `step`."""
        self.path.append(step)
        try:
            yield
        finally:
            self.path.pop()

    @property
    def tensors(self) -> list[onnx.TensorProto]:
        """The constants of the graph."""
        return list(self._tensors.values())

    def to_model(self, outputs: dict[str, Value], types: dict[str, tuple[int, list]]) -> onnx.ModelProto:
        """The model with these `outputs`; `types` are their element types and shapes. Nodes that no output needs are
        left out."""
        renames = [
            helper.make_node("Identity", [value.name], [name], name=f"output {name}") for name, value in outputs.items()
        ]
        nodes = needed([*self.nodes, *renames], set(outputs))
        used = {name for node in nodes for name in names_used(node)}
        graph = helper.make_graph(
            nodes,
            "model",
            self.inputs,
            [helper.make_tensor_value_info(name, *types[name]) for name in outputs],
            [tensor for name, tensor in self._tensors.items() if name in used],
        )
        opsets = [helper.make_opsetid(domain, version) for domain, version in self.opsets]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="sepal-export")


def exactness_of(node: onnx.NodeProto) -> str | None:
    """The mark of a node (see Graph.mark)."""
    return next((entry.value for entry in node.metadata_props if entry.key == MARK), None)


def part_of(model: onnx.ModelProto, names: Sequence[str]) -> onnx.ModelProto:
    """The model without everything that the outputs `names` do not depend on. Its inputs stay the same."""
    part = onnx.ModelProto()
    part.CopyFrom(model)
    nodes = needed(list(model.graph.node), set(names))
    used = {name for node in nodes for name in names_used(node)}
    outputs = [output for output in model.graph.output if output.name in names]
    constants = [tensor for tensor in model.graph.initializer if tensor.name in used]
    for entries, kept in ((part.graph.node, nodes), (part.graph.output, outputs), (part.graph.initializer, constants)):
        del entries[:]
        entries.extend(kept)
    return part
