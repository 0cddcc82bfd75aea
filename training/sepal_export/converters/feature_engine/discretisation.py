"""The discretisers of feature_engine, which use pandas.cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.converters.feature_engine.encoding import strings
from sepal_export.converters.feature_engine.frames import Frame, Name
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts


@converts(
    "feature_engine.ArbitraryDiscretiser", "feature_engine.EqualFrequencyDiscretiser",
    "feature_engine.EqualWidthDiscretiser", "feature_engine.GeometricWidthDiscretiser",
)  # fmt: skip
def discretiser(estimator: Any, table: Table) -> Table:
    frame = Frame(estimator, table)
    frame.require(estimator.variables_, finite=True)
    for name in estimator.variables_:
        bins = bin_of(frame.numbers([name]), estimator.binner_dict_[name])
        if getattr(estimator, "errors", "ignore") == "raise":
            frame.graph.refuse(bins.isnan())
        put_bins(frame, name, bins, estimator.binner_dict_[name], estimator if estimator.return_boundaries else None)
    return frame.table()


def bin_of(x: Value, edges: Sequence[float]) -> Value:
    """[N, 1] → [N, 1]: the number of the bin; NaN for a value outside of all bins. A bin includes its right edge and
    not its left one; the first bin includes both."""
    graph, edges = x.graph, np.asarray(edges, dtype=np.float64)
    jumps = np.append(np.nextafter(edges[:1], -np.inf), edges[1:])
    jumps = jumps[np.isfinite(edges)]
    graph.add_splits(x, np.zeros(len(jumps), dtype=int), jumps)
    count = (x > edges[None]).cast(np.float64).sum()
    count = graph.where(x.equals(float(edges[0])), 1.0, count)
    is_outside = count.equals(0.0) | count.equals(float(len(edges)))
    return graph.where(is_outside, np.nan, count - 1.0)


def put_bins(frame: Frame, name: Name, bins: Value, edges: Sequence[float], bounded: Any) -> None:
    """Stores the texts of the bins' bounds, rounded to the precision of the estimator `bounded`. If `bounded` is None,
    stores the bins' numbers."""
    if bounded is None:
        frame.put([name], bins)
        return
    *texts, outside = texts_of(edges, bounded.precision)
    # A missing value is the empty string.
    value = strings(Column(bins), list(range(len(texts))), texts, outside or "")
    frame.put_column(name, Column(value, is_string=True, is_nullable=outside is None))


def texts_of(edges: Sequence[float], precision: int) -> list[str | None]:
    """The text that pandas writes for each bin, and for values outside; None if that is a missing value."""
    edges = np.asarray(edges, dtype=np.float64)
    # A number in each bin: its right edge or, if that is infinite, the first number after its left edge.
    inside = np.where(np.isfinite(edges[1:]), edges[1:], np.nextafter(edges[:-1], np.inf))
    cut = pd.cut(pd.Series([*inside, np.nan]), edges, precision=precision, include_lowest=True)
    return [None if pd.isna(text) else str(text) for text in cut.astype(str)]
