"""Imputers: a value in place of a missing one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.graph import Value
from sepal_export.registry import converts
from sepal_export.table import NEVER, Column, Table


@converts("sklearn.SimpleImputer")
def simple_imputer(imputer: Any, table: Table) -> Table:
    """Columns that were empty in training are left out, unless they are to be kept."""
    columns = []
    for index, statistic in enumerate(imputer.statistics_.tolist()):
        column = table.column(index)
        is_empty = statistic is pd.NA or statistic != statistic
        if is_empty and not imputer.keep_empty_features:
            continue
        columns.append(impute(imputer, column, statistic))
    if imputer.add_indicator:
        columns.extend(indicators(imputer.indicator_, table))
    return Table(columns=columns)


def impute(imputer: Any, column: Column, statistic: Any) -> Column:
    """Of the same feature: an encoder behind it still sees the categories that clients send."""
    graph, missing = column.value.graph, imputer.missing_values
    if is_mark(missing) and not is_same_mark(missing, column.missing):
        return column
    if statistic is None:
        return replace(column, missing=None)
    if isinstance(statistic, str) and not column.is_string:
        raise NotImplementedError(f"it fills a column of numbers with {statistic!r}; give it a number as fill_value")
    fill = graph.constant(np.array(str(statistic), dtype=object)) if column.is_string else np.float64(statistic)
    return Column(graph.where(is_missing(column, missing), fill, column.value), column.is_string, column.feature)


def is_mark(value: Any) -> bool:
    return value is None or value is pd.NA or value != value


def is_same_mark(missing: Any, mark: Any) -> bool:
    """Whether an imputer of `missing` takes `mark` for missing: to it, None and NaN are two things."""
    return mark is not NEVER and (missing is pd.NA or (missing is None) == (mark is None))


def is_missing(column: Column, missing: Any) -> Value:
    """[N, 1] bool."""
    if is_mark(missing):
        is_seen = is_same_mark(missing, column.missing)
        # No string that a client can send has a NUL.
        return column.value.equals(np.array("" if is_seen else "\0")) if column.is_string else column.value.isnan()
    if column.is_string != isinstance(missing, str):
        raise NotImplementedError(f"missing_values={missing!r} is no value of its column; use np.nan")
    return column.value.equals(np.array(missing, dtype=object) if column.is_string else np.float64(missing))


@converts("sklearn.MissingIndicator")
def missing_indicator(indicator: Any, table: Table) -> Table:
    return Table(columns=indicators(indicator, table))


def indicators(indicator: Any, table: Table) -> list[Column]:
    """1 where the value is missing, of the features that lacked some in training, or of all."""
    columns = [table.column(int(index)) for index in indicator.features_]
    return [Column(is_missing(column, indicator.missing_values).cast(np.float64)) for column in columns]
