"""The FunctionTransformer: functions of numpy with a converter, and Python code that is followed."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from sepal_export.following.follow import follow
from sepal_export.graphs.functions import FUNCTIONS, REACH_INFINITY, WITH_ARGUMENTS, apply_function
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


@converts("sklearn.FunctionTransformer")
def function_transformer(estimator: Any, table: Table) -> Table:
    if estimator.func is None:
        return table
    if not is_known(estimator):
        return follow(estimator, table)
    y = apply_function(estimator.func, estimator.kw_args, table.numbers)
    if estimator.func in REACH_INFINITY:
        # Estimators refuse infinity and NaN. In the graph, a row with infinity may get an answer, and one with NaN gets
        # none, so infinity becomes NaN.
        y = y.graph.where(y.graph.node("IsInf", y), np.nan, y)
    return Table(matrix=y)


def is_known(estimator: Any) -> bool:
    """Whether the function, with these arguments, has its own converter. All others are followed."""
    if isinstance(estimator.func, Hashable):
        allowed = WITH_ARGUMENTS.get(estimator.func, ((), None))[0]
        arguments = estimator.kw_args or {}
        has_arrays = any(np.ndim(value) for value in arguments.values())
        return (estimator.func in FUNCTIONS or bool(allowed)) and set(arguments) <= set(allowed) and not has_arrays
    return False
