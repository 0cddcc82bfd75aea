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
        column = table.column(index)
        fill = np.array(str(fill), dtype=object) if column.is_string else np.float64(fill)
        lacks = is_missing(column.value, missing, is_string=column.is_string)
        value = table.graph.where(lacks, fill, column.value)
        columns.append(Column(value, column.is_string, column.feature if keeps_features else None))
    return Table(columns=columns)


def is_missing(value: Value, missing: Any, *, is_string: bool = False) -> Value:
    if is_absent(missing):
        return value.equals(np.array("", dtype=object)) if is_string else value.isnan()
    if is_string != isinstance(missing, str):
        raise NotImplementedError(f"missing_values={missing!r} is no value of its column; use np.nan")
    if not is_string:
        return value.equals(np.float64(missing))
    lacks = value.equals(np.array(missing, dtype=object))
    value.graph.tell_apart(lacks, [missing])
    return lacks


@converts("sklearn.MissingIndicator")
def missing_indicator(indicator: Any, table: Table) -> Table:
    """1 where the value is missing, of the features that lacked some in training, or of all."""
    if not len(indicator.features_):
        raise NotImplementedError("no feature lacked a value in training; leave it out")
    table, missing = table.select(indicator.features_.tolist()), indicator.missing_values
    if not table.holds_strings:
        return Table(matrix=is_missing(table.numbers, missing).cast(np.float64))
    columns = [table.column(index) for index in range(len(indicator.features_))]
    return Table(
        columns=[
            Column(is_missing(column.value, missing, is_string=column.is_string).cast(np.float64)) for column in columns
        ]
    )
