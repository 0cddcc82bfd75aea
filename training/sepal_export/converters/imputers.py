"""Imputers, which replace missing values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts


@converts("sklearn.SimpleImputer")
def simple_imputer(imputer: Any, table: Table) -> Table:
    """Columns that were empty in training are dropped, unless keep_empty_features is set."""
    statistics, everything = imputer.statistics_, table
    if not imputer.keep_empty_features:
        kept = [index for index, statistic in enumerate(statistics.tolist()) if not is_absent(statistic)]
        if len(kept) < len(statistics):
            statistics, table = statistics[kept], table.select(kept)
    # Converted through the type of the training data, which may be float32; scikit-learn before 1.8 does not do this.
    fills = statistics.astype(getattr(imputer, "_fill_dtype", statistics.dtype)).tolist()
    imputed = impute(table, fills, imputer.missing_values)
    if imputer.add_indicator and len(imputer.indicator_.features_):
        return Table.concat([imputed, missing_indicator(imputer.indicator_, everything)])
    return imputed


def is_absent(value: Any) -> bool:
    return value is None or value is pd.NA or value != value


def impute(table: Table, fills: Sequence[Any], missing: Any) -> Table:
    """Fills missing values. If `missing` is None or NaN, the columns stay the same features, so that a later encoder
    still knows what clients send."""
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
    """[N, W] bool, for numbers."""
    if isinstance(missing, str):
        # A number never equals a text.
        return value.isnan() & value.equals(value)
    return value.isnan() if is_absent(missing) else value.equals(np.float64(missing))


def is_missing_of(column: Column, missing: Any) -> Value:
    """[N, 1] bool."""
    if not column.is_string:
        return is_missing(column.value, missing)
    if is_absent(missing):
        # In a column without missing strings, "" is an ordinary string, which the original leaves unchanged.
        return (
            column.value.equals(np.array("", dtype=object))
            if column.is_nullable
            else ~column.value.equals(column.value)
        )
    if not isinstance(missing, str):
        # A text never equals a number.
        return ~column.value.equals(column.value)
    lacks = column.value.equals(np.array(missing, dtype=object))
    column.value.graph.tell_apart(lacks, [missing])
    return lacks


@converts("sklearn.MissingIndicator")
def missing_indicator(indicator: Any, table: Table) -> Table:
    """1 for a missing value; for the features that had missing values in training, or for all."""
    if not len(indicator.features_):
        return Table()
    table, missing = table.select(indicator.features_.tolist()), indicator.missing_values
    if not table.holds_strings:
        return Table(matrix=is_missing(table.numbers, missing).cast(np.float64))
    columns = [table.plain_column(index) for index in range(len(indicator.features_))]
    return Table(columns=[Column(is_missing_of(column, missing).cast(np.float64)) for column in columns])
