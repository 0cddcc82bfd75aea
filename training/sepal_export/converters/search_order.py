"""Decides which of several equally distant training rows are among the nearest. scikit-learn keeps the nearest rows in
a heap, so the choice depends on the order in which it visits them. This module repeats that.

A heap of the k nearest rows so far replaces its root by a nearer row. Which of equally distant rows is the root depends
on all rows that went through the heap before. The graph runs this heap too, but only for a client's row with a tie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.parts import repeat

# The number of rows that scikit-learn's brute force gives to a thread at a time.
ROWS_OF_A_THREAD = 256


@dataclass(frozen=True)
class Order:
    """`first` is the position of the training data's first row, which the original takes if no distance is finite.
    For a tree search: `parents` [D, leaves] are the nodes above each leaf, from the root down; `is_second` [D,
    leaves] says whether the leaf is below the node's second child; `leaf_of` [S] is the leaf of each point."""

    first: int
    points: int
    tree: Boxes | Balls | None = None
    parents: np.ndarray | None = None
    is_second: np.ndarray | None = None
    leaf_of: np.ndarray | None = None

    def visits(self, row: Value) -> Value | None:
        """[F] → [S] int64: the points in the order of visits; None for their own order."""
        if self.tree is None or not len(self.parents):
            return None
        bounds = self.tree.bounds(row)
        inner = np.arange(self.parents.max() + 1)
        second_first = (bounds.rows(2 * inner + 1) > bounds.rows(2 * inner + 2)).cast(np.float64)
        later = second_first.rows(self.parents) * np.where(self.is_second, -1.0, 1.0) + self.is_second.astype(
            np.float64
        )
        weights = 2.0 ** np.arange(len(self.parents))[::-1].reshape(-1, 1)
        leaves = (later * weights).sum(axis=0, keepdims=False)
        return row.graph.least(leaves.rows(self.leaf_of), self.points)[1]


@dataclass(frozen=True)
class Boxes:
    """The nodes of a k-d tree: `lower` and `upper` [nodes, F]."""

    lower: np.ndarray
    upper: np.ndarray
    metric: str
    p: float

    def bounds(self, row: Value) -> Value:
        """[F] → [nodes]: a lower bound for the distance of a point in each node, in the form in which distances are
        compared."""
        x = row.reshape(-1, 1)
        beyond = (self.lower.T - x).maximum(0.0) + (x - self.upper.T).maximum(0.0)
        match self.metric:
            case "euclidean":
                return (beyond * beyond).sum(axis=0, keepdims=False)
            case "manhattan":
                return beyond.sum(axis=0, keepdims=False)
            case "chebyshev":
                return beyond.max(axis=0, keepdims=False)
            case _:
                return (beyond ** np.full((1, len(self.lower)), self.p)).sum(axis=0, keepdims=False)


@dataclass(frozen=True)
class Balls:
    """The nodes of a ball tree: a `search` of their centres [nodes, F], and their `radius` [nodes]."""

    search: Any
    radius: np.ndarray

    def bounds(self, row: Value) -> Value:
        """[F] → [nodes]: as Boxes.bounds."""
        distance = self.search.distance(self.search.reduced(row))
        beyond = (distance - self.radius).maximum(0.0)
        match self.search.metric:
            case "euclidean":
                return beyond * beyond
            case "minkowski":
                return beyond ** float(self.search.options["p"])
            case _:
                return beyond


def order_of_brute_force(points: np.ndarray) -> Order | None:
    """The order of brute force. None if it depends on the number of threads and on how many rows a call has."""
    return Order(0, len(points)) if len(points) <= ROWS_OF_A_THREAD else None


def order_of_tree(tree: Any, method: str, metric: str, options: dict[str, Any]) -> Order:
    """The order of a tree search. Of two nodes it first visits the one that can have a nearer point."""
    from sepal_export.converters.search import Search

    _, rows, nodes, bounds = (np.asarray(part) for part in tree.get_arrays())
    is_leaf = nodes["is_leaf"].astype(bool)
    leaves = np.flatnonzero(is_leaf)
    parents = [(leaves - 1) // 2]
    while (parents[-1] > 0).any():
        parents.append((parents[-1] - 1) // 2)
    below = np.array([leaves, *parents[:-1]])
    has_parents = len(nodes) > 1
    lengths = nodes["idx_end"][leaves] - nodes["idx_start"][leaves]
    if method == "kd_tree":
        kept = Boxes(bounds[0], bounds[1], metric, float(options.get("p", 2.0)))
    else:
        kept = Balls(Search(bounds[0], np.arange(len(nodes)), metric, options), nodes["radius"])
    return Order(
        first=int(np.flatnonzero(rows == 0)[0]),
        points=len(rows),
        tree=kept,
        parents=np.array(parents[::-1]) if has_parents else np.empty((0, 1), dtype=np.int64),
        is_second=(below[::-1] % 2 == 0) if has_parents else None,
        leaf_of=np.repeat(np.arange(len(leaves)), lengths),
    )


def first_kept(order: Order, row: Value, reduced: Value, count: int) -> Value:
    """The positions [count] of the nearest points by their `reduced` distances [S], sorted by distance."""
    graph = row.graph
    visits = order.visits(row)
    visited = reduced if visits is None else reduced.rows(visits)
    values = graph.constant(np.append(np.full(count, np.inf), -np.inf))
    kept = graph.constant(np.full(count + 1, -1))
    place, is_found = next_kept(visited, np.array([-1]), np.array([np.inf]), order.points)

    def step(place: Value, values: Value, kept: Value, visited: Value) -> list[Value]:
        values, kept = pushed(values, kept, visited.rows(place), place, count)
        place, is_found = next_kept(visited, place, values.rows(np.array([0])), order.points)
        return [is_found, place, values, kept]

    _, values, kept = repeat(is_found, [place, values, kept], [visited], step)
    by_distance = graph.least(values.rows(np.arange(count)), count)[1]
    kept = kept.rows(by_distance)
    places = kept if visits is None else visits.rows(kept.maximum(np.int64(0)))
    return graph.where(kept < np.int64(0), np.int64(order.first), places)


def next_kept(visited: Value, after: Any, root: Any, points: int) -> tuple[Value, Value]:
    """The first position [1] after `after` with a distance below the root's, and whether there is one."""
    is_nearer = visited < root
    graph = visited.graph
    is_later = graph.node("Greater", np.arange(points), after)
    place = graph.node("ArgMax", (is_nearer & is_later).cast(np.float64), axis=0, keepdims=1)
    return place, (is_nearer & is_later).rows(place).reshape()


def pushed(values: Value, kept: Value, value: Value, place: Value, count: int) -> tuple[Value, Value]:
    """Replaces the root of a max-heap of `count` values by `value`, which sinks below larger children. The array
    has a -inf behind the heap, which stands for children that do not exist."""
    graph = values.graph
    children = np.arange(1, 2 * count + 1).reshape(count, 2)
    left, right = np.where(children < count, children, count).T
    larger = graph.where(values.rows(left) >= values.rows(right), left, right)
    larger = graph.concat([larger, graph.constant(np.array([count]))], axis=0)
    path = [graph.constant(np.array([0]))]
    for _ in range(int(np.log2(count))):
        path.append(larger.rows(path[-1]))
    below = graph.concat([*path[1:], graph.constant(np.array([count]))], axis=0)
    path = graph.concat(path, axis=0)
    rises = values.rows(below) > value
    is_hole = graph.concat([graph.constant(np.array([True])), rises], axis=0).rows(np.arange(1 + int(np.log2(count))))
    answers = []
    for old, new in ((values, value), (kept, place)):
        updates = graph.where(rises, old.rows(below), graph.where(is_hole, new, old.rows(path)))
        answers.append(graph.node("ScatterElements", old, path, updates, axis=0))
    return answers[0], answers[1]
