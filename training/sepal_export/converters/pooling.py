"""Feature agglomeration: combines similar features."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


@converts("sklearn.FeatureAgglomeration")
def feature_agglomeration(estimator: Any, table: Table) -> Value:
    """One number per cluster of features."""
    x, labels, function = table.numbers, estimator.labels_, estimator.pooling_func
    members = [np.flatnonzero(labels == cluster) for cluster in np.unique(labels)]
    if function in (np.mean, np.sum):
        belongs = (labels[:, None] == np.unique(labels)).astype(np.float64)
        total = x @ belongs
        return total / belongs.sum(axis=0) if function is np.mean else total
    if function not in POOLS:
        names = ", ".join(f"np.{pool.__name__}" for pool in (np.mean, np.sum, *dict.fromkeys(POOLS)))
        raise NotImplementedError(
            f"its pooling_func {getattr(function, '__name__', function)!r} has no converter; use one of {names}"
        )
    return x.graph.concat([POOLS[function](x.columns(some), len(some)) for some in members])


def median(x: Value, width: int) -> Value:
    """[N, width] → [N, 1]: the middle one, or the mean of the two in the middle."""
    ordered = x.graph.least(x, width)[0]
    return (ordered.columns([(width - 1) // 2]) + ordered.columns([width // 2])) / 2.0


POOLS = {
    np.max: lambda x, width: x.max(),
    np.min: lambda x, width: -(-x).max(),
    np.median: median,
}
