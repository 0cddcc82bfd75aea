"""Embeddings, and graphs of neighbours, based on the training rows near a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.decomposition import on_kernel_axes
from sepal_export.converters.nearest import nothing, way_out
from sepal_export.converters.search import Search, search_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.parts import each_row
from sepal_export.graphs.table import Table
from sepal_export.registry import converts, where

# How much a distance differs from the original's if brute force takes the root of rounding errors (see clusters.py).
NEAR_A_ROW = 1e-7
ROUNDED = "to within rounding errors, so that what the original makes of them differs between machines"


@converts("sklearn.Isomap")
def isomap(estimator: Any, table: Table) -> Value:
    """The distance to a training row is that of the shortest path through one of the row's neighbours."""
    x, search, lengths = (
        table.numbers,
        search_of(estimator.nbrs_, table.numbers),
        np.asarray(estimator.dist_matrix_, dtype=np.float64),
    )
    if estimator.n_neighbors is None:
        raise NotImplementedError("radius= in place of n_neighbors= has no converter; use n_neighbors")
    distances, places = nearest(estimator, search, table, int(estimator.nbrs_.n_neighbors))
    count = int(estimator.nbrs_.n_neighbors)

    def of_row(row: Value) -> list[Value]:
        near, rows = (row.rows(np.arange(start, start + count)) for start in (0, count))
        by_way = row.graph.constant(lengths[search.rows]).rows(rows.cast(np.int64)) + near.reshape(-1, 1)
        return [-(-by_way).max(axis=0, keepdims=False)]

    [shortest] = each_row(x.graph.concat([distances, places.cast(np.float64)]), [len(lengths)], of_row)
    return on_kernel_axes(estimator.kernel_pca_, shortest * shortest * -0.5) + nothing(x)


@converts("sklearn.LocallyLinearEmbedding")
def locally_linear_embedding(estimator: Any, table: Table) -> Value:
    """The mean of the neighbours' positions, with the weights that reconstruct the row from them."""
    x, search, count = table.numbers, search_of(estimator.nbrs_, table.numbers), int(estimator.n_neighbors)
    _, places = nearest(estimator, search, table, count)
    embedding, width = np.asarray(estimator.embedding_, dtype=np.float64)[search.rows], estimator.embedding_.shape[1]

    def of_row(row: Value) -> list[Value]:
        features = row.rows(np.arange(search.points.shape[1]))
        rows = row.rows(np.arange(search.points.shape[1], search.points.shape[1] + count)).cast(np.int64)
        weights = barycentre(row.graph.constant(search.points).rows(rows) - features, count, float(estimator.reg))
        return [weights.reshape(1, -1) @ row.graph.constant(embedding).rows(rows)]

    [embedded] = each_row(x.graph.concat([x, places.cast(np.float64)]), [width], of_row)
    return embedded + nothing(x)


def barycentre(differences: Value, count: int, regularization: float) -> Value:
    """[count, F] → [count, 1] with sum 1, by elimination. It needs no pivots, because the matrix is positive
    definite."""
    graph, unit = differences.graph, np.eye(count)
    products = differences @ differences.transpose(1, 0)
    trace = (products * unit).reshape(-1).sum(axis=0)
    added = graph.where(trace > 0.0, trace * regularization, regularization)
    system = graph.concat([products + unit * added, graph.constant(np.ones((count, 1)))])
    for place in range(count):
        row = system.rows(np.array([place]))
        row = row / row.columns([place])
        is_row = np.arange(count)[:, None] == place
        system = graph.where(is_row, row, system - system.columns([place]) * row)
    weights = system.columns([count])
    return weights / weights.sum(axis=0)


@converts("sklearn.KNeighborsTransformer")
def nearest_graph(estimator: Any, table: Table) -> Table:
    """[N, S]: the distances of the nearest training rows (or 1 for each), and 0 for all others."""
    x, search, has_distances = table.numbers, search_of(estimator, table.numbers), estimator.mode == "distance"
    count = int(estimator.n_neighbors) + has_distances
    distances, places = nearest(estimator, search, table, count)

    def of_row(row: Value) -> list[Value]:
        near, rows = (row.rows(np.arange(start, start + count)) for start in (0, count))
        at = row.graph.constant(search.rows).rows(rows.cast(np.int64))
        values = near if has_distances else near * 0.0 + 1.0
        return [row.graph.node("ScatterElements", np.zeros(len(search.rows)), at, values)]

    [edges] = each_row(x.graph.concat([distances, places.cast(np.float64)]), [len(search.rows)], of_row)
    return Table(matrix=edges + nothing(x), is_sparse=True)


@converts("sklearn.RadiusNeighborsTransformer")
def graph_within_radius(estimator: Any, table: Table) -> Table:
    x, search, has_distances = table.numbers, search_of(estimator, table.numbers), estimator.mode == "distance"
    limit, back = search.reduced_of(float(estimator.radius)), np.argsort(search.rows)
    require_exact(search, has_distances, table)
    if search.is_rounded:
        x.graph.doubt(
            each_row(x, [1], lambda row: [search.is_at(row, limit)])[0],
            f"{where(table, estimator)} cannot be exported: {{}} lie at its radius from a training row, {ROUNDED}; "
            "choose a radius that no two rows have as their distance",
        )

    def of_row(row: Value) -> list[Value]:
        reduced = search.reduced(row)
        values = search.distance(reduced) if has_distances else 1.0
        return [row.graph.where(reduced <= limit, values, 0.0).rows(back)]

    [edges] = each_row(x, [len(search.rows)], of_row)
    return Table(matrix=edges + nothing(x), is_sparse=True)


def nearest(estimator: Any, search: Search, table: Table, count: int) -> tuple[Value, Value]:
    """The distances [N, count] and positions [N, count] of the nearest points. Ties at the last of them are marked as
    doubtful, except those that the original decides by the order in which it visits points."""
    require_exact(search, True, table)
    themselves = np.arange(len(search.points))[:, None]
    in_doubt = search.is_in_doubt(table.numbers, count, themselves)
    if in_doubt is not None:
        table.graph.doubt(
            in_doubt,
            f"{where(table, estimator)} cannot be exported: {{}} have another training row at the distance of "
            f"neighbour number {count}, {ROUNDED}; {way_out(estimator, search)}",
        )
    return search.nearest(table.numbers, count, themselves)


def require_exact(search: Search, has_distances: bool, table: Table) -> None:
    if has_distances and search.metric == "expanded":
        table.graph.loosen(NEAR_A_ROW)
