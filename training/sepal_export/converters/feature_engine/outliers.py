"""The cappers of feature_engine, which limit numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.feature_engine.frames import Frame, Name
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


@converts("feature_engine.Winsorizer", "feature_engine.ArbitraryOutlierCapper")
def capper(estimator: Any, table: Table) -> Table:
    """The right caps are applied first, so that a left cap above the right cap of its column wins."""
    frame = Frame(estimator, table)
    if estimator.missing_values == "raise":
        frame.require(estimator.variables_, finite=True)
    before = {name: frame.numbers([name]) for name in estimator.variables_}
    for name, high in estimator.right_tail_caps_.items():
        x = frame.numbers([name])
        x.graph.add_splits(x, np.zeros(1, dtype=int), np.array([float(high)]))
        frame.put([name], x.graph.where(x > float(high), float(high), x))
    for name, low in estimator.left_tail_caps_.items():
        x = frame.numbers([name])
        x.graph.add_splits(x, np.zeros(1, dtype=int), np.array([np.nextafter(float(low), -np.inf)]))
        frame.put([name], x.graph.where(x < float(low), float(low), x))
    if getattr(estimator, "add_indicators", False):
        add_indicators(estimator.tail, frame, before)
    return frame.table()


def add_indicators(tail: str, frame: Frame, before: dict[Name, Value]) -> None:
    """1 if a number was changed. With both tails, the left indicator comes first, column by column."""
    after = {name: frame.numbers([name]) for name in before}
    for name, x in before.items():
        if tail in ("left", "both"):
            frame.add([f"{name}_left"], (after[name] > x).cast(np.float64))
        if tail in ("right", "both"):
            frame.add([f"{name}_right"], (after[name] < x).cast(np.float64))
