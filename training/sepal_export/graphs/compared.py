"""Finds the values that a graph compares with thresholds, and how exactly they equal those that the original
compares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import onnx

from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.predictions import run
from sepal_export.graphs.dependence import Dependence, Shape, shapes_of
from sepal_export.graphs.graph import BEYOND, OTHERWISE, Splits, exactness_of, needed
from sepal_export.graphs.neighbours import types_of

# How far from a threshold a test row stays if the compared value is a sum or a function of features, as a share of that
# value's largest size. The last bits of such values depend on the order of addition, in which libraries differ. If the
# value is then rounded to float32, it falls to one side of a whole float32 step.
MARGIN, MARGIN_OF_FLOAT32 = 1e-9, 1e-6
# Operators whose result IEEE 754 defines to the last bit, and those that do not round.
EXACT = {
    "Abs", "Add", "And", "Cast", "Clip", "Concat", "Div", "Equal", "Expand", "Gather", "Greater", "GreaterOrEqual",
    "Identity", "IsNaN", "LabelEncoder", "Less", "LessOrEqual", "Max", "Min", "Mod", "Mul", "Neg", "Not", "Or",
    "Reshape", "ScatterElements", "Shape", "Sign", "Sqrt", "Squeeze", "StringSplit", "Sub", "TfIdfVectorizer",
    "Transpose", "TreeEnsemble", "Where",
}  # fmt: skip
# As a share of the largest value: closer to a threshold than this, the last bits of a sum or function decide on which
# side a value lies. These bits differ by some 1e-16 of its terms, which can be larger than the sum.
EDGES = {MARGIN: 1e-11, MARGIN_OF_FLOAT32: 5e-7}
# The most numbers that are computed at once: 400 MB.
MOST_NUMBERS = 50_000_000
# With more columns than this, the test for exact columns is skipped.
MOST_COLUMNS = 200
# If this many random rows hit a threshold exactly, it is not by chance.
MANY = 3


class Compared:
    """Computes the values that the graph compares with thresholds, for any rows."""

    def __init__(self, model: onnx.ModelProto, name: str, dataset: Dataset) -> None:
        part = onnx.ModelProto()
        part.CopyFrom(model)
        del part.graph.output[:]
        nodes = needed(list(model.graph.node), {name})
        del part.graph.node[:]
        part.graph.node.extend(nodes)
        self.margin = margin_of(nodes)
        # Whether the compared value itself is float32. A float64 value may only be computed from float32 numbers.
        self.is_single = False
        used = {name for node in nodes for name in node.input} | {name}
        for entries in (part.graph.initializer, part.graph.input):
            kept = [entry for entry in entries if entry.name in used]
            del entries[:]
            entries.extend(kept)
        part.graph.node.append(onnx.helper.make_node("Cast", [name], ["compared"], to=onnx.TensorProto.DOUBLE))
        part.graph.output.append(onnx.helper.make_tensor_value_info("compared", onnx.TensorProto.DOUBLE, None))
        if self.margin == MARGIN_OF_FLOAT32:
            self.is_single = types_of(part).get(name) == onnx.TensorProto.FLOAT
        self._part, self._name = part, name
        self._is_exact: dict[int, bool] = {}
        self._run = run(part.SerializeToString())
        self._inputs = {entry.name for entry in part.graph.input}
        self._dataset = dataset

    def __call__(self, rows: Rows) -> np.ndarray:
        feeds = self._dataset.for_onnx(rows)
        [values] = self._run({name: feeds[name] for name in self._inputs})
        # A constant has one row, whatever the rows.
        return np.broadcast_to(values, (len(rows), values.shape[1]))

    def at(self, rows: Rows, columns: np.ndarray) -> np.ndarray:
        """For each row, the value in the column given for that row."""
        parts = [values[np.arange(len(places)), columns[places]] for places, values in self.in_parts(rows)]
        return np.concatenate([np.empty(0), *parts])

    def is_exact(self, columns: np.ndarray) -> np.ndarray:
        """[L]: whether each column is exact. Other columns of the same value may not be."""
        if not self.margin or len(np.unique(columns)) > MOST_COLUMNS:
            return np.full(len(columns), not self.margin)
        for column in set(np.unique(columns).tolist()) - self._is_exact.keys():
            dependence = Dependence(self._part, wanted={self._name: frozenset({column})}, shapes=self._shapes)
            nodes = [node for node in self._part.graph.node if dependence.is_wanted(node)]
            self._is_exact[column] = not margin_of(nodes)
        return np.array([self._is_exact[column] for column in columns.tolist()], dtype=bool)

    @cached_property
    def _shapes(self) -> dict[str, Shape]:
        return shapes_of(self._part)

    def in_parts(self, rows: Rows) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yields positions of rows and their values, in parts, because a text has as many values as the vocabulary has
        terms."""
        for places in np.array_split(np.arange(len(rows)), -(-len(rows) // self.most_rows)) if len(rows) else ():
            yield places, self(rows.take(places))

    @property
    def most_rows(self) -> int:
        """The most rows that may be computed at once."""
        return max(2, MOST_NUMBERS // self._width)

    @cached_property
    def _width(self) -> int:
        return self(self._dataset.rows.take(np.arange(min(2, len(self._dataset.rows))))).shape[1]


class Edges:
    """Finds rows that lie on a threshold within rounding errors: the original decides these by chance. Exact values
    have no rounding errors, and values that are float32 nearly none: both are left out. If several of the `others` hit
    a threshold exactly, it is the end of a range to which values are clipped, and not chance."""

    def __init__(
        self,
        model: onnx.ModelProto,
        splits: Sequence[Splits],
        dataset: Dataset,
        training: Rows,
        others: Rows,
        rounding: float,
    ) -> None:
        self._parts: list[tuple[Compared, dict[int, np.ndarray], np.ndarray]] = []
        for name in dict.fromkeys(split.value.name for split in splits):
            compared = Compared(model, name, dataset)
            if compared.margin and not compared.is_single:
                sizes = (np.nan_to_num(np.abs(some), nan=0.0, posinf=0.0) for _, some in compared.in_parts(training))
                largest = np.max([size.max(axis=0) for size in sizes], axis=0)
                met = compared(others)
                limits = {
                    column: np.array([limit for limit in of_column if (met[:, column] == limit).sum() < MANY])
                    for column, of_column in limits_of(splits, name).items()
                    if not compared.is_exact(np.array([column]))[0]
                }
                if limits:
                    self._parts.append((compared, limits, largest * max(EDGES[compared.margin], rounding)))

    def __bool__(self) -> bool:
        return bool(self._parts)

    def __call__(self, rows: Rows) -> np.ndarray:
        """[N] bool."""
        is_on_edge = np.zeros(len(rows), dtype=bool)
        for compared, limits, margins in self._parts if len(rows) else ():
            for places, values in compared.in_parts(rows):
                for column, of_column in limits.items():
                    is_on_edge[places] |= distance_to(of_column, values[:, column]) <= margins[column]
        return is_on_edge


def limits_of(splits: Sequence[Splits], name: str) -> dict[int, np.ndarray]:
    """The sorted thresholds by column of the value `name`."""
    limits: dict[int, list[np.ndarray]] = {}
    for split in splits:
        if split.value.name == name:
            limits.setdefault(split.column, []).append(split.thresholds.astype(np.float64))
    return {column: np.unique(np.concatenate(parts)) for column, parts in limits.items()}


def distance_to(limits: np.ndarray, values: np.ndarray) -> np.ndarray:
    """[N]: how far each of `values` is from the nearest of `limits`, which are in order; NaN for NaN."""
    ended = np.concatenate([[-np.inf], limits, [np.inf]])
    places = np.searchsorted(limits, values)
    with np.errstate(invalid="ignore"):
        return np.fmin(np.abs(values - ended[places]), np.abs(values - ended[places + 1]))


def is_exact(node: onnx.NodeProto) -> bool:
    marked = exactness_of(node)
    return marked == BEYOND or (node.op_type in EXACT and marked != OTHERWISE)


def margin_of(nodes: Sequence[onnx.NodeProto]) -> float:
    """How close to a threshold a value computed by `nodes` can safely be compared, as a share of its range."""
    if all(is_exact(node) for node in nodes):
        return 0.0
    to = {attribute.i for node in nodes if node.op_type == "Cast" for attribute in node.attribute}
    return MARGIN_OF_FLOAT32 if onnx.TensorProto.FLOAT in to else MARGIN
