"""Converts an estimator to an ONNX model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto

import sepal_export.converters  # noqa: F401  registers them
from sepal_export.conversion.memory import check_memory, memory_size
from sepal_export.conversion.start import check_start, start_seconds
from sepal_export.data.dataset import Dataset, Feature, Rows, frequencies
from sepal_export.data.outputs import CLUSTERING, Outputs, last_of, outputs_of
from sepal_export.estimators import ConversionError
from sepal_export.following.refusal import IsATime
from sepal_export.graphs.bulk import Bulk, filled, serialize
from sepal_export.graphs.calendars import floor_to
from sepal_export.graphs.dependence import Dependence, is_string
from sepal_export.graphs.forget import forget_categories
from sepal_export.graphs.graph import Graph, Splits, Value, needed, part_of
from sepal_export.graphs.narrow import MATRIX, Narrowing
from sepal_export.graphs.neighbours import keep_apart
from sepal_export.graphs.table import Classification, Clusters, Column, Key, Outliers, Several, Table
from sepal_export.proof.doubts import Doubts, outputs_of_doubts
from sepal_export.proof.paths import proven_paths
from sepal_export.registry import Answer, convert
from sepal_export.text.inputs import input_names, owners_of, reading, refuse_closed_texts

MAX_BYTES = 200_000_000
# Rows of the training data for converters that need to know what the original computes somewhere (see Table.original).
SOME_ROWS = 1_000


@dataclass(frozen=True)
class Conversion:
    """The result of a conversion: the model's bytes in pieces, the data set of the features that it depends on, its
    outputs, and what the converters know about its answers (see Graph).

    `outline` has all nodes of the model; its trees are empty if no value that comes from them is compared with a
    threshold. `told_apart` are the strings of a feature that the model knows, if it accepts others too. `memory_size`
    is in megabytes (see memory.py). `doubts` is None if there are none. `of_paths` has rows for each path through the
    user's own Python.
    """

    pieces: tuple[bytes, ...]
    outline: onnx.ModelProto
    dataset: Dataset
    outputs: Outputs
    graph: Graph
    splits: list[Splits]
    known: dict[int, list[Any]]
    told_apart: dict[int, list[str]]
    tolerance: float
    rounding: float
    memory_size: int
    doubts: Doubts | None
    of_paths: Rows

    @property
    def content(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def model(self) -> onnx.ModelProto:
        return onnx.load_model_from_string(self.content)


def to_onnx_model(estimator: Any, dataset: Dataset, targets: Sequence[str] = ()) -> Conversion:
    """Converts an estimator. The graph's outputs are the fields of an answer (see Outputs): `label` [N] or `labels` [N,
    T] int64, positions of classes, and numbers [N, W] float64. `targets` are the names of several targets. Features of
    `dataset` that no output depends on are left out. Raises ConversionError, and ValueError if the outputs depend on a
    column that no client could send."""
    while True:
        try:
            return conversion_of(estimator, dataset, targets)
        except IsATime as error:
            # The user's code parses a feature's strings as times. The service does that before the model runs.
            dataset = dataset.with_times(error.feature, error.options)


def conversion_of(estimator: Any, dataset: Dataset, targets: Sequence[str]) -> Conversion:
    graph = Graph()
    answer = convert(estimator, input_table(graph, dataset))
    of_paths = proven_paths(estimator, graph, dataset)
    # Two rows, because SparsePCA does not return a matrix for a single row.
    first = np.arange(min(2, len(dataset.rows)))
    outputs = outputs_of(estimator, dataset.for_original(dataset.rows.take(first))).named(targets)
    check_classes(estimator, outputs)
    values, types = graph_outputs(estimator, answer, outputs)
    doubtful, types_of_doubts = outputs_of_doubts(graph)
    model = graph.to_model(values | doubtful, types | types_of_doubts)
    owners = owners_of(graph)
    dependence = Dependence(model, owners)
    used = dependence.features
    dataset = reading(dataset.only(used), used, dependence.inputs, graph)
    refuse_closed_texts(dataset, used, graph)
    names = None if dataset.is_matrix else input_names(dataset, used, dependence.inputs, graph)
    narrowing = Narrowing(model, dependence, names)
    forget_categories(narrowing.model)
    keep_apart(narrowing.model)
    model = part_of(narrowing.model, list(values))
    memory = check_size(model, graph.bulk, estimator)
    check(model, estimator)
    splits = narrowing.splits(graph.splits)
    outline = filled(model, graph.bulk, {split.value.name for split in splits})
    doubts = None
    if doubtful:
        part = part_of(narrowing.model, list(doubtful))
        doubts = Doubts(filled(part, graph.bulk, set(doubtful)), list(graph.doubts), dataset)
        doubts.refuse()
    return Conversion(
        pieces=tuple(serialize(model, graph.bulk)),
        outline=outline,
        dataset=dataset,
        outputs=outputs,
        graph=graph,
        splits=splits,
        known={index: graph.known[feature] for index, feature in enumerate(used) if feature in graph.known},
        told_apart=told_apart(graph, dependence, narrowing.model.graph, [owners[at] for at in dependence.inputs]),
        tolerance=graph.tolerance,
        rounding=graph.rounding,
        memory_size=memory,
        doubts=doubts,
        of_paths=Rows(tuple(of_paths.columns[feature] for feature in used)),
    )


def input_table(graph: Graph, dataset: Dataset) -> Table:
    """The table of all columns that the original reads."""
    is_sparse, has_keys = dataset.form.is_sparse, dataset.form.absent is not None
    if dataset.is_matrix and not dataset.unusable and not has_keys:
        features = range(len(dataset.features))
        graph.rows = dataset.for_onnx(dataset.rows)
        matrix = graph.input(MATRIX, np.float64, len(features))
        return Table(matrix=matrix, features=features, is_sparse=is_sparse).of(partial(some_rows, dataset))
    inputs = [
        Column(
            input_of(graph, name, feature),
            feature.is_string,
            index,
            is_time=feature.is_time,
            is_nullable=feature.nullable,
            key=key_of(dataset, index) if has_keys else None,
        )
        for index, (name, feature) in enumerate(zip(dataset.input_names, dataset.features, strict=True))
    ]
    graph.rows = dataset.by_input(dataset.rows)
    by_place = dict(zip(dataset.places, inputs, strict=True)) | {
        place: Column(Value(graph, ""), unusable=reason) for place, reason in dataset.unusable.items()
    }
    return Table(columns=[by_place[place] for place in sorted(by_place)]).of(partial(some_rows, dataset))


def input_of(graph: Graph, name: str, feature: Feature) -> Value:
    """[N, 1]. A time is rounded down to the unit of the original's column, which cannot hold anything finer."""
    value = graph.input(name, str if feature.is_string else np.float64, 1)
    return floor_to(value, feature.resolution) if feature.resolution > 1 else value


def some_rows(dataset: Dataset) -> Any:
    """Rows from all over the training data, in the form that the original takes."""
    evenly = np.unique(np.linspace(0, len(dataset.rows) - 1, min(len(dataset.rows), SOME_ROWS)).astype(int))
    return dataset.for_original(dataset.rows.take(evenly))


def key_of(dataset: Dataset, feature: int) -> Key:
    """The key of a feature in records (dictionaries)."""
    place, values = dataset.places[feature], dataset.rows.columns[feature]
    seen = tuple(frequencies(values)) if dataset.features[feature].is_string else ()
    return Key(dataset.X.columns[place], place in dataset.form.absent, seen)


def told_apart(
    graph: Graph, dependence: Dependence, narrowed: onnx.GraphProto, owners: Sequence[int]
) -> dict[int, list[str]]:
    """By feature of the narrowed graph: the sorted strings that its encoders distinguish. `owners` maps each of its
    inputs to a feature of the whole graph."""
    used = dependence.features
    # If all features are numbers, they are one input, which holds no strings.
    kept = zip(narrowed.input, owners, strict=False)
    places = {entry.name: used.index(owner) for entry, owner in kept if owner in used}
    # The user's code may also make strings of a number.
    texts = {entry.name for entry in narrowed.input if is_string(entry)}
    strings: dict[int, set[str]] = {}
    for name, values in graph.told_apart.items():
        if name in dependence.wanted:
            sources = {source for node in needed(narrowed.node, {name}) for source in node.input}
            for feature in sorted(places[source] for source in sources & places.keys() & texts):
                strings.setdefault(feature, set()).update(values)
    return {feature: sorted(values) for feature, values in strings.items()}


def check_classes(estimator: Any, outputs: Outputs) -> None:
    for classes in outputs.classes:
        if len(classes) < 2 and outputs.task != CLUSTERING and not outputs.targets:
            name = type(last_of(estimator)).__name__
            raise ConversionError(f"{name} was trained on one class, {classes[0]!r}; train it on two or more")


def graph_outputs(estimator: Any, answer: Answer, outputs: Outputs) -> tuple[dict[str, Value], dict[str, tuple]]:
    """By field of an answer: its value in the graph, and its type."""
    labels, numbers = labels_of(answer), numbers_of(answer, outputs)
    for field, value in ((outputs.labels, labels), (outputs.numbers, numbers)):
        if field and value is None:
            raise ConversionError(
                f"{type(last_of(estimator)).__name__} answers {field}, which its converter does not compute; "
                "use another estimator"
            )
    values, types = {}, {}
    if outputs.labels:
        values[outputs.labels] = labels
        types[outputs.labels] = (TensorProto.INT64, ["N", len(outputs.targets)] if outputs.targets else ["N"])
    if outputs.numbers:
        # Some regressors return [N].
        is_value = outputs.numbers in ("value", "values")
        numbers = numbers.reshape(-1, outputs.width) if is_value else numbers
        for is_refused in numbers.graph.refused:
            numbers = numbers.graph.where(is_refused, np.nan, numbers)
        values[outputs.numbers] = numbers
        types[outputs.numbers] = (TensorProto.DOUBLE, ["N", outputs.width])
    return values, types


def labels_of(answer: Answer) -> Value | None:
    """[N], or [N, T] of several targets."""
    if isinstance(answer, Several):
        return answer.parts[0].label.graph.concat([part.label.reshape(-1, 1) for part in answer.parts])
    return None if isinstance(answer, Table | Value) else answer.label


def numbers_of(answer: Answer, outputs: Outputs) -> Value | None:
    """[N, W]."""
    match answer:
        case Several():
            probabilities = [part.probabilities for part in answer.parts]
            return None if None in probabilities else probabilities[0].graph.concat(probabilities)
        case Classification():
            return answer.decision if outputs.numbers == "scores" else answer.probabilities
        case Outliers():
            return answer.score
        case Clusters():
            return answer.distances if outputs.numbers == "distances" else answer.probabilities
        case _:
            return answer if isinstance(answer, Value) else None


def check_size(model: onnx.ModelProto, bulk: Bulk, estimator: Any) -> int:
    """Raises ConversionError for a model that is too large. Returns the megabytes of memory that a function needs to
    serve it."""
    name, size, trees = type(estimator).__name__, model.ByteSize() + sum(map(len, bulk.values())), trees_in(model, bulk)
    if size > MAX_BYTES:
        raise ConversionError(
            f"the ONNX model of {name} takes {size / 1e6:.0f} MB, and {MAX_BYTES / 1e6:.0f} MB is the most that a "
            "package holds; use fewer or shallower trees, or fit the estimator to fewer rows"
        )
    memory = memory_size(size, trees)
    check_memory(memory, name)
    check_start(start_seconds(size, trees), name)
    return memory


def trees_in(model: onnx.ModelProto, bulk: Bulk) -> list[int]:
    """The bytes of each tree operator, including those of somebody else's ONNX model."""
    operators = [node for node in model.graph.node if node.op_type.startswith("TreeEnsemble")]
    return [node.ByteSize() + len(bulk.get(node.output[0], b"")) for node in operators]


def check(model: onnx.ModelProto, estimator: Any) -> None:
    """Checks that the model is one file and valid ONNX."""
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ConversionError(f"the ONNX model of {type(estimator).__name__} is not valid: {error}") from error
