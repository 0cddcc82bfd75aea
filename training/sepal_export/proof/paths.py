"""Makes rows for each path through the user's own Python (see following/), and for infinite numbers in it. A path that
no row takes is closed, because it cannot be proven."""

from __future__ import annotations

import contextlib
import warnings
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto

from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.predictions import run
from sepal_export.graphs.bulk import filled, serialize
from sepal_export.graphs.graph import Graph
from sepal_export.progress import Progress
from sepal_export.proof.points import BEYOND, Points, fit

# The number of rows tried per kind, of rows kept per path, and of mixtures of kinds.
TRIED, KEPT, MIXTURES = 3_000, 20, 12
# How far away rows are made, in ranges of the training rows.
FAR = 20.0
# How many rows with infinity inside the pipeline the original is asked about.
ASKED = 5


def proven_paths(estimator: Any, graph: Graph, dataset: Dataset) -> Rows:
    """Some rows for each path. The model is changed to refuse rows on a path for which no row was found. It is also
    changed to refuse rows with infinity at a place inside the pipeline, unless the original answers such a row."""
    nothing = dataset.rows.take(np.empty(0, dtype=int))
    if not graph.paths and not graph.infinite:
        return nothing
    is_of_texts = reads_texts(graph)
    rows, feeds = (dataset.rows, graph.rows) if is_of_texts else fed(dataset, tried(graph, dataset))
    places = taken_by(graph, rows, feeds)
    if not is_of_texts and not all(map(len, places[: len(graph.paths)])):
        # Some paths have no row yet. A narrow path may have rows only right beside a number that its conditions compare
        # with. These rows are not made at once, because that takes time.
        rows, feeds = fed(dataset, Rows.concat([rows, at_limits(graph, dataset)]))
        places = taken_by(graph, rows, feeds)
    kept = [rows.take(some_of(each, KEPT)) for each in places]
    for path, found in zip(graph.paths, kept, strict=False):
        if not len(found):
            graph.refuse(path)
    for is_infinite, found in zip(graph.infinite, kept[len(graph.paths) :], strict=True):
        if not answers(estimator, dataset, found):
            graph.refuse(is_infinite)
    return Rows.concat([nothing, *kept])


def fed(dataset: Dataset, rows: Rows) -> tuple[Rows, dict[str, np.ndarray]]:
    return rows, dataset.for_onnx(rows)


def taken_by(graph: Graph, rows: Rows, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The positions of the rows that take each path, and of those that produce infinity at each place."""
    return [rows_of(is_taken, len(rows)) for is_taken in run(b"".join(serialize(model_of(graph), graph.bulk)))(feeds)]


def model_of(graph: Graph) -> onnx.ModelProto:
    outputs = {f"path {place}": path for place, path in enumerate([*graph.paths, *graph.infinite])}
    return graph.to_model(outputs, dict.fromkeys(outputs, (TensorProto.BOOL, None)))


def at_limits(graph: Graph, dataset: Dataset) -> Rows:
    """Rows on both sides of each number that conditions compare with."""
    model = model_of(graph)
    names = {name for node in model.graph.node for name in (*node.input, *node.output)}
    splits = [split for split in graph.splits if split.value.name in names]
    return Points(dataset, graph.known).thresholds(filled(model, graph.bulk, names), splits, Progress())


def rows_of(is_taken: np.ndarray, count: int) -> np.ndarray:
    """The positions of the rows for which a condition holds. A constant condition counts for all `count` rows."""
    return np.flatnonzero(np.broadcast_to(is_taken.reshape(len(is_taken), -1).any(axis=1), count))


def some_of(places: np.ndarray, most: int) -> np.ndarray:
    return places[np.linspace(0, len(places) - 1, min(most, len(places))).astype(int)]


def answers(estimator: Any, dataset: Dataset, rows: Rows) -> bool:
    """Whether the original answers at least one of the rows."""
    for place in range(min(len(rows), ASKED)):
        with warnings.catch_warnings(), contextlib.suppress(Exception):  # any error means no answer
            warnings.simplefilter("ignore")
            estimator.predict(dataset.for_original(rows.take(np.array([place]))))
            return True
    return False


def reads_texts(graph: Graph) -> bool:
    """Whether terms of texts are among the inputs; only the training rows have such terms here."""
    return len(graph.inputs) > len(graph.rows or {}) or any(
        entry.name.startswith("input terms") for entry in graph.inputs
    )


def tried(graph: Graph, dataset: Dataset) -> Rows:
    """Training rows, rows of several other kinds, and rows whose features come from different kinds."""
    maker = Points(dataset, graph.known)
    kinds = [
        maker.sample(TRIED),
        maker.uniform(TRIED, beyond=0),
        maker.uniform(TRIED, beyond=BEYOND),
        maker.uniform(TRIED, beyond=FAR),
        all_missing(maker.sample(TRIED), dataset),
        maker.with_unknown(TRIED) or maker.sample(TRIED),
        with_named(graph, dataset, maker.sample(TRIED)),
        of_all_sizes(maker.sample(TRIED), dataset, maker.random),
        of_all_sizes(with_named(graph, dataset, maker.sample(TRIED)), dataset, maker.random, about=1.0),
    ]
    mixed = [mixture(kinds, maker.random) for _ in range(MIXTURES)]
    return Rows.concat([maker.training, *kinds, *mixed])


def mixture(kinds: list[Rows], random: np.random.Generator) -> Rows:
    """Each value is taken from a random one of the kinds."""
    columns = []
    for values in zip(*(rows.columns for rows in kinds), strict=True):
        kind = random.integers(0, len(kinds), len(values[0]))
        columns.append(np.choose(kind, values))
    return Rows(tuple(columns))


def of_all_sizes(rows: Rows, dataset: Dataset, random: np.random.Generator, *, about: float = 0.0) -> Rows:
    """Numbers at random distances from 0, or from themselves times `about`, across many orders of magnitude."""
    for index, feature in enumerate(dataset.features):
        if not (feature.is_string or feature.is_time):
            values = rows.columns[index]
            sizes = 10.0 ** random.uniform(-12, 1, len(rows)) * random.choice([-1.0, 1.0], len(rows))
            rows = rows.replace(index, fit(feature, values * about + np.where(values == 0.0, 1.0, values) * sizes))
    return rows


def all_missing(rows: Rows, dataset: Dataset) -> Rows:
    for index, feature in enumerate(dataset.features):
        if feature.nullable:
            gap = None if feature.is_string else np.nan
            rows = rows.replace(index, np.full(len(rows), gap, dtype=rows.columns[index].dtype))
    return rows


def with_named(graph: Graph, dataset: Dataset, rows: Rows) -> Rows:
    """Rows with values that the user's code names, if a client may send them."""
    named = sorted(graph.memory.get("named", ()), key=str)
    for index, feature in enumerate(dataset.features):
        names = [name for name in named if isinstance(name, str) == feature.is_string and name != ""]
        if names and index not in graph.known and not feature.is_time:
            kind = object if feature.is_string else np.float64
            values = np.array([names[place % len(names)] for place in range(len(rows))], dtype=kind)
            rows = rows.replace(index, values if feature.is_string else fit(feature, values))
    return rows
