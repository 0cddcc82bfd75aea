"""Rows for each path of the user's own Python that was followed (see following/). A path that no row takes is closed: it
could not be proven."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from sepal_export.bulk import serialize
from sepal_export.dataset import Dataset, Rows
from sepal_export.graph import Graph
from sepal_export.points import BEYOND, Points, fit
from sepal_export.predictions import run

# Of each kind of row that is tried, of those that are kept for a path, and of rows that mix the kinds.
TRIED, KEPT, MIXTURES = 3_000, 20, 6


def proven_paths(graph: Graph, dataset: Dataset) -> Rows:
    """Rows that take each path, some for each. The model refuses rows that take another."""
    nothing = dataset.rows.take(np.empty(0, dtype=int))
    if not graph.paths:
        return nothing
    rows = dataset.rows if reads_texts(graph) else tried(graph, dataset)
    feeds = graph.rows if reads_texts(graph) else dataset.for_onnx(rows)
    outputs = {f"path {place}": path for place, path in enumerate(graph.paths)}
    model = graph.to_model(outputs, dict.fromkeys(outputs, (TensorProto.BOOL, None)))
    taken = run(b"".join(serialize(model, graph.bulk)))(feeds)
    kept = [nothing]
    for path, is_taken in zip(graph.paths, taken, strict=True):
        places = np.flatnonzero(is_taken.reshape(len(rows), -1).any(axis=1))
        kept.append(rows.take(places[np.linspace(0, len(places) - 1, min(KEPT, len(places))).astype(int)]))
        if not len(places):
            graph.refuse(path)
    return Rows.concat(kept)


def reads_texts(graph: Graph) -> bool:
    """Whether terms of texts are among the inputs, which only the training rows have here."""
    return len(graph.inputs) > len(graph.rows or {}) or any(
        entry.name.startswith("input terms") for entry in graph.inputs
    )


def tried(graph: Graph, dataset: Dataset) -> Rows:
    """Training rows and others, and rows whose features are each of another kind."""
    maker = Points(dataset, graph.known)
    kinds = [
        maker.sample(TRIED),
        maker.uniform(TRIED, beyond=0),
        maker.uniform(TRIED, beyond=BEYOND),
        all_missing(maker.sample(TRIED), dataset),
        maker.with_unknown(TRIED) if any(feature.is_string for feature in dataset.features) else maker.sample(TRIED),
        with_named(graph, dataset, maker.sample(TRIED)),
    ]
    mixed = [mixture(kinds, maker.random) for _ in range(MIXTURES)]
    return Rows.concat([maker.training, *kinds, *mixed])


def mixture(kinds: list[Rows], random: np.random.Generator) -> Rows:
    """Each value from one of them, as chance has it."""
    columns = []
    for values in zip(*(rows.columns for rows in kinds), strict=True):
        kind = random.integers(0, len(kinds), len(values[0]))
        columns.append(np.choose(kind, values))
    return Rows(tuple(columns))


def all_missing(rows: Rows, dataset: Dataset) -> Rows:
    for index, feature in enumerate(dataset.features):
        if feature.nullable:
            gap = None if feature.is_string else np.nan
            rows = rows.replace(index, np.full(len(rows), gap, dtype=rows.columns[index].dtype))
    return rows


def with_named(graph: Graph, dataset: Dataset, rows: Rows) -> Rows:
    """Each value is one that the user's code names, where a client may send it."""
    named = sorted(graph.memory.get("named", ()), key=str)
    for index, feature in enumerate(dataset.features):
        names = [name for name in named if isinstance(name, str) == feature.is_string and name != ""]
        if names and index not in graph.known and not feature.is_time:
            kind = object if feature.is_string else np.float64
            values = np.array([names[place % len(names)] for place in range(len(rows))], dtype=kind)
            rows = rows.replace(index, values if feature.is_string else fit(feature, values))
    return rows
