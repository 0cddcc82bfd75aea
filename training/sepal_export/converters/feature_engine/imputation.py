"""The imputers of feature_engine."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.feature_engine.frames import Frame
from sepal_export.converters.imputers import is_missing_of
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts


@converts(
    "feature_engine.MeanMedianImputer", "feature_engine.ArbitraryNumberImputer", "feature_engine.EndTailImputer"
)  # fmt: skip
def number_imputer(imputer: Any, table: Table) -> Table:
    frame, names = Frame(imputer, table), list(imputer.imputer_dict_)
    x = frame.numbers(names)
    fills = np.array([imputer.imputer_dict_[name] for name in names], dtype=np.float64)
    frame.put(names, x.graph.where(x.isnan(), fills, x), frame.features(names))
    return frame.table()


@converts("feature_engine.CategoricalImputer")
def categorical_imputer(imputer: Any, table: Table) -> Table:
    frame = Frame(imputer, table)
    for name, fill in imputer.imputer_dict_.items():
        if frame.may_lack(name):
            frame.put_column(name, filled(frame.category(name), fill))
    return frame.table()


def filled(column: Column, fill: Any) -> Column:
    """Fills missing values. The column stays the same feature, so that a later encoder still knows what clients
    send."""
    if isinstance(fill, str) != column.is_string:
        raise NotImplementedError(
            "it fills strings with a number, or numbers with a string, and a column can hold only one of them; set "
            "fill_value to one of the column's own type"
        )
    fill = np.array(fill, dtype=object) if column.is_string else np.float64(fill)
    value = column.value.graph.where(is_missing_of(column, np.nan), fill, column.value)
    return Column(value, column.is_string, feature=column.feature)


@converts("feature_engine.AddMissingIndicator")
def add_missing_indicator(imputer: Any, table: Table) -> Table:
    frame, names = Frame(imputer, table), list(imputer.variables_)
    if names:
        lacks = [is_missing_of(frame.column(name), np.nan).cast(np.float64) for name in names]
        frame.add([f"{name}_na" for name in names], frame.graph.concat(lacks))
    return frame.table()


@converts("feature_engine.DropMissingData")
def drop_missing_data(imputer: Any, table: Table) -> Table:
    if imputer.variables_:
        raise NotImplementedError(
            "it drops rows that lack a value, so that they get no answer; drop them before the fit, or use an imputer"
        )
    return Frame(imputer, table).table()
