"""Sorted numbers of a row, and their quantiles."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.arrays import Array
from sepal_export.following.calls import array, call
from sepal_export.following.cells import FLOAT, INT, Cell
from sepal_export.following.kinds import cells_of, to
from sepal_export.following.objects import side_by_side
from sepal_export.following.reductions import reduced
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.graphs.graph import Value


def in_order(cells: list[Any]) -> tuple[Value, Value]:
    """[N, W] sorted, NaN last; and [N, 1], how many of the numbers are not NaN."""
    matrix = side_by_side(cells_of(*cells))
    graph, width = matrix.graph, len(cells)
    ordered = graph.least(graph.where(matrix.isnan(), np.inf, matrix), width)[0]
    there = (~matrix.isnan()).cast(np.float64).sum()
    return graph.where(there <= np.arange(float(width))[None, :], np.nan, ordered), there


@call("sort")
def sort(a: Any, axis: int | None = -1, **_: Any) -> Array:
    made = array(a)
    if axis is None or made.ndim != 2 or axis % 2 == made.rows:
        raise looks_at_other_rows("np.sort along the rows")
    kinds = {cell.kind for cell in made.cells[0].tolist() if isinstance(cell, Cell)}
    sorted_ = Cell(in_order(made.cells[0].tolist())[0], FLOAT)
    return Array(block=to(sorted_, INT) if kinds == {INT} else sorted_, width=made.shape[1])


@call("argsort")
def argsort(a: Any, axis: int | None = -1, kind: str | None = None, *, stable: bool | None = None, **_: Any) -> Array:
    """Only a stable sort defines the order of equal numbers."""
    made = array(a)
    if axis is None or made.ndim != 2 or axis % 2 == made.rows:
        raise looks_at_other_rows("np.argsort along the rows")
    if kind not in ("stable", "mergesort") and not stable:
        raise NotFollowed("np.argsort puts equal numbers into any order", "give it kind='stable'")
    matrix, width = side_by_side(cells_of(*made.cells[0].tolist())), made.shape[1]
    graph = matrix.graph
    lacks = matrix.isnan()
    # Infinite numbers come before NaN.
    places = graph.argsort(graph.where(lacks, np.inf, matrix), width)
    late = graph.node("GatherElements", lacks.cast(np.int64), places, axis=1)
    order = graph.argsort(late.cast(np.float64), width)
    return Array(block=Cell(graph.node("GatherElements", places, order, axis=1), INT), width=width)


def quantile_of(share: float) -> Any:
    """Interpolates between the two nearest values."""

    def fold(cells: list[Any], **_: Any) -> Cell:
        ordered, there = in_order(cells)
        place = share * (len(cells) - 1)
        low = int(np.floor(place))
        high, part = min(low + 1, len(cells) - 1), place - low
        a, b = ordered.columns([low]), ordered.columns([high])
        made = a + (b - a) * part if part < 0.5 else b - (b - a) * (1.0 - part)
        return Cell(ordered.graph.where(there < float(len(cells)), np.nan, made), FLOAT)

    return fold


@call("quantile")
def quantile(a: Any, q: Any, axis: Any = None, **options: Any) -> Any:
    if np.ndim(q) or options.pop("method", "linear") != "linear":
        raise NotFollowed(
            "it asks for several quantiles at once, or for another method than linear",
            "ask for one at a time, with method='linear'",
        )
    return reduced(quantile_of(float(q)), a, axis, **options)


@call("percentile")
def percentile(a: Any, q: Any, axis: Any = None, **options: Any) -> Any:
    if np.ndim(q):
        raise NotFollowed("it asks for several percentiles at once", "ask for one after the other")
    return quantile(a, q / 100.0, axis, **options)
