"""feature_engine's MathFeatures: sums, means and others over the columns of a row, as pandas computes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from sepal_export.converters.feature_engine.frames import Frame
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


@converts("feature_engine.MathFeatures")
def math_features(estimator: Any, table: Table) -> Table:
    frame, names = Frame(estimator, table), list(estimator.variables_)
    if estimator.missing_values == "raise":
        frame.require(names, finite=True)
    functions = estimator.func if isinstance(estimator.func, list) else [estimator.func]
    row = Row(frame.numbers(names), len(names))
    values = [computed(function, row, frame.largest_whole(names)) for function in functions]
    for name, value in zip(estimator._get_new_features_name(), values, strict=True):
        frame.put([name], value)
    if estimator.drop_original:
        frame.drop(names)
    return frame.table()


def computed(function: Any, row: Row, largest: int | None) -> Value:
    """[N, 1]. A product of integers overflows beyond `largest`, so such rows are refused."""
    known = NAMES if isinstance(function, str) else NUMPY
    if function not in known:
        name = getattr(function, "__name__", function)
        raise NotImplementedError(
            f"its function {name!r} has no converter; use one of {', '.join(map(repr, NAMES))}, or compute the column "
            "in a FunctionTransformer"
        )
    value = known[function](row)
    if function in ("prod", np.prod) and largest is not None:
        row.x.graph.refuse(value.abs() >= float(largest))
    return value


@dataclass(frozen=True)
class Row:
    """Numbers [N, W]. All computations but `strict_median` skip missing ones."""

    x: Value
    width: int

    @property
    def lacks(self) -> Value:
        return self.x.isnan()

    @property
    def count(self) -> Value:
        """[N, 1]: the number of values that are not missing."""
        return (~self.lacks).cast(np.float64).sum()

    def filled(self, other: float) -> Value:
        return self.x.graph.where(self.lacks, other, self.x)

    def columns(self, x: Value) -> list[Value]:
        return [x.columns([place]) for place in range(self.width)]

    def unless_empty(self, value: Value) -> Value:
        return self.x.graph.where(self.count.equals(0.0), np.nan, value)


def added(row: Row, x: Value) -> Value:
    """Added one after another, in the order of the columns."""
    return reduce(Value.__add__, row.columns(x))


def total(row: Row) -> Value:
    return added(row, row.filled(0.0))


def product(row: Row) -> Value:
    return reduce(Value.__mul__, row.columns(row.filled(1.0)))


def mean(row: Row) -> Value:
    return total(row) / row.count


def variance(row: Row, less: float = 1.0) -> Value:
    """The variance, divided by the count minus `less`."""
    graph, distance = row.x.graph, mean(row) - row.x
    squares = added(row, graph.where(row.lacks, 0.0, distance * distance))
    left = row.count - less
    return squares / graph.where(left <= 0.0, np.nan, left)


def deviation(row: Row, less: float = 1.0) -> Value:
    return variance(row, less).sqrt()


def error_of_mean(row: Row) -> Value:
    return deviation(row) / row.count.sqrt()


def largest(row: Row) -> Value:
    return row.unless_empty(row.filled(-np.inf).max())


def smallest(row: Row) -> Value:
    return row.unless_empty(-(-row.filled(np.inf)).max())


def median(row: Row) -> Value:
    """Half the sum of the two middle values; missing values are sorted to the end."""
    graph = row.x.graph
    ordered = graph.least(row.filled(np.inf), row.width)[0]
    places, last = np.arange(row.width, dtype=np.float64), row.count - 1.0
    low, high = graph.node("Floor", last * 0.5), graph.node("Ceil", last * 0.5)
    ends = [graph.where(end.equals(places[None]), ordered, 0.0).sum() for end in (low, high)]
    return row.unless_empty((ends[0] + ends[1]) / 2.0)


def strict_median(row: Row) -> Value:
    """The median; NaN if a value is missing."""
    is_whole = row.count.equals(float(row.width))
    return row.x.graph.where(is_whole, median(row), np.nan)


def distinct(row: Row) -> Value:
    """The number of distinct values: those that equal none before them."""
    columns, counts = row.columns(row.x), []
    for place, column in enumerate(columns):
        is_new = ~column.isnan()
        for other in columns[:place]:
            is_new = is_new & ~column.equals(other)
        counts.append(is_new.cast(np.float64))
    return reduce(Value.__add__, counts)


NAMES: dict[str, Callable[[Row], Value]] = {
    "count": lambda row: row.count,
    "max": largest,
    "mean": mean,
    "median": median,
    "min": smallest,
    "nunique": distinct,
    "prod": product,
    "sem": error_of_mean,
    "std": deviation,
    "sum": total,
    "var": variance,
}
# What pandas computes if it gets one of numpy's functions for each row.
NUMPY: dict[Any, Callable[[Row], Value]] = {
    np.max: largest,
    np.mean: mean,
    np.median: strict_median,
    np.min: smallest,
    np.prod: product,
    np.std: lambda row: deviation(row, 0.0),
    np.sum: total,
    np.var: lambda row: variance(row, 0.0),
}
