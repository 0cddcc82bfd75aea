"""The transformers of feature_engine that adapt a frame to that of the fit: its columns, and its categories."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sepal_export.converters.encoders import restrict
from sepal_export.converters.feature_engine.encoding import as_objects, look_up, strings
from sepal_export.converters.feature_engine.frames import Frame, names_in, original_of
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts


@converts("feature_engine.MatchCategories")
def match_categories(estimator: Any, table: Table) -> Table:
    """An unknown category becomes a missing value, and is refused if missing values are refused."""
    frame = Frame(estimator, table)
    refuses = estimator.missing_values == "raise"
    if refuses:
        frame.require(estimator.variables_)
    for name, levels in estimator.category_dict_.items():
        column = frame.category(name)
        restrict(column, as_objects(levels), accepts_unknown=not refuses)
        frame.put_column(name, only(column, as_objects(levels), refuses=refuses and column.feature is None))
    return frame.table()


def only(column: Column, levels: np.ndarray, *, refuses: bool) -> Column:
    """Replaces values that are not among the `levels` by missing ones."""
    graph = column.value.graph
    if not column.is_string:
        is_known = look_up(column, levels, np.array([[0.0], *[[1.0]] * len(levels)])).equals(1.0)
        if refuses:
            graph.refuse(~is_known)
        return Column(graph.where(is_known, column.value, np.nan), feature=column.feature)
    if "" in levels.tolist():
        raise NotImplementedError(
            "one of its categories is the empty string, which stands for a missing one in the model; give it another "
            "name before the fit"
        )
    texts = levels.tolist()
    value = strings(column, texts, texts, "")
    if refuses:
        graph.refuse(value.equals(np.array("", dtype=object)))
    return Column(value, is_string=True, feature=column.feature, is_nullable=True)


@converts("feature_engine.MatchVariables")
def match_variables(estimator: Any, table: Table) -> Table:
    """Removes columns that the fit did not have. The earlier steps always make the same columns, so that otherwise only
    unknown categories change: with match_dtypes, they become missing values."""
    original = original_of(table)
    names = names_in(original, estimator.feature_names_in_)
    if set(estimator.feature_names_in_) - set(names):
        raise NotImplementedError(
            "it adds columns that its rows lack, and the rows of a request lack none; leave it out of the pipeline"
        )
    frame = Frame(estimator, table)
    if estimator.missing_values == "raise":
        frame.require(estimator.feature_names_in_)
    if estimator.match_dtypes:
        for name, dtype in estimator.dtype_dict_.items():
            match_dtype(frame, name, dtype, original)
    return frame.table()


def match_dtype(frame: Frame, name: Any, dtype: Any, original: Any) -> None:
    if isinstance(dtype, pd.CategoricalDtype):
        frame.put_column(name, only(frame.category(name), as_objects(dtype.categories), refuses=False))
    elif not isinstance(original, pd.DataFrame) or original[name].dtype != dtype:
        raise NotImplementedError(
            "it changes the types of columns, and clients send the types of the training data; use match_dtypes=False"
        )
