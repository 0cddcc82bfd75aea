"""Imputers: a value in place of a missing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.graph import Value
from sepal_export.registry import converts
from sepal_export.table import Column, Table


@converts("sklearn.SimpleImputer")
def simple_imputer(imputer: Any, table: Table) -> Table:
    """Columns that were empty in training are left out, unless they are to be kept."""
    statistics, everything = imputer.statistics_, table
    if not imputer.keep_empty_features:
        kept = [index for index, statistic in enumerate(statistics.tolist()) if not is_absent(statistic)]
        if len(kept) < len(statistics):
            statistics, table = statistics[kept], table.select(kept)
    # By way of the type of the training data, which may be float32; scikit-learn before 1.8 has no such step.
    fills = statistics.astype(getattr(imputer, "_fill_dtype", statistics.dtype)).tolist()
    imputed = impute(table, fills, imputer.missing_values)
    if imputer.add_indicator and len(imputer.indicator_.features_):
        return Table.concat([imputed, missing_indicator(imputer.indicator_, everything)])
    return imputed


def is_absent(value: Any) -> bool:
    return value is None or value is pd.NA or value != value


def impute(table: Table, fills: Sequence[Any], missing: Any) -> Table:
    """Of the same features where a missing value is none: an encoder that follows still sees what clients send."""
    keeps_features = is_absent(missing)
    if not table.holds_strings:
        x = table.numbers
        imputed = x.graph.where(is_missing(x, missing), np.array(fills, dtype=np.float64), x)
        return table.with_numbers(imputed) if keeps_features else Table(matrix=imputed)
    columns = []
    for index, fill in enumerate(fills):
        column = table.plain_column(index)
        fill = np.array(str(fill), dtype=object) if column.is_string else np.float64(fill)
        value = table.graph.where(is_missing_of(column, missing), fill, column.value)
        feature = column.feature if keeps_features else None
        is_nullable = column.is_nullable and not keeps_features
        columns.append(Column(value, column.is_string, feature=feature, is_nullable=is_nullable))
    return Table(columns=columns)


def is_missing(value: Value, missing: Any) -> Value:
    """[N, W] bool, of numbers."""
    if isinstance(missing, str):
        # No number is a text.
        return value.isnan() & value.equals(value)
    return value.isnan() if is_absent(missing) else value.equals(np.float64(missing))


def is_missing_of(column: Column, missing: Any) -> Value:
    """[N, 1] bool."""
    if not column.is_string:
        return is_missing(column.value, missing)
    if is_absent(missing):
        # Of a column that lacks no string, "" is one of its strings, and the original leaves it as it is.
        return (
            column.value.equals(np.array("", dtype=object))
            if column.is_nullable
            else ~column.value.equals(column.value)
        )
    if not isinstance(missing, str):
        # No text is a number.
        return ~column.value.equals(column.value)
    lacks = column.value.equals(np.array(missing, dtype=object))
    column.value.graph.tell_apart(lacks, [missing])
    return lacks


@converts("sklearn.MissingIndicator")
def missing_indicator(indicator: Any, table: Table) -> Table:
    """1 where the value is missing, of the features that lacked some in training, or of all."""
    if not len(indicator.features_):
        return Table()
    table, missing = table.select(indicator.features_.tolist()), indicator.missing_values
    if not table.holds_strings:
        return Table(matrix=is_missing(table.numbers, missing).cast(np.float64))
    columns = [table.plain_column(index) for index in range(len(indicator.features_))]
    return Table(columns=[Column(is_missing_of(column, missing).cast(np.float64)) for column in columns])
