"""Estimators that consist of others, one after another or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from sklearn.utils import _safe_indexing

from sepal_export.converters.ensembles import classify, probabilities_of, stacked
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import Answer, convert, converts, transform, transforms

IDENTITY = ("passthrough", None)


@converts("sklearn.Pipeline", "imblearn.Pipeline")
def pipeline(estimator: Any, table: Table) -> Answer:
    *transformers, (last, predictor) = estimator.steps
    table = through(transformers, table)
    if predictor in IDENTITY:
        return table
    with table.graph.at(last):
        return convert(predictor, table)


@transforms("sklearn.Pipeline", "imblearn.Pipeline")
def pipeline_of_transformers(estimator: Any, table: Table) -> Table:
    return through(estimator.steps, table)


def through(steps: Sequence[tuple[str, Any]], table: Table) -> Table:
    """Applies the steps one after another. A sampler of imbalanced-learn only selects or creates rows for the fit, and
    its pipeline skips it when it predicts."""
    for name, transformer in steps:
        if transformer not in IDENTITY and not hasattr(transformer, "fit_resample"):
            with table.graph.at(name):
                table = transform(transformer, table)
    return table


@converts("sklearn.ColumnTransformer")
def column_transformer(estimator: Any, table: Table) -> Table:
    parts, widths = [], []
    for name, transformer, columns in estimator.transformers_:
        indices = [int(index) for index in estimator._transformer_to_input_indices[name]]
        if indices and transformer != "drop":
            selected = table.select(indices).as_sparse(table.is_sparse).of(partial(columns_in, table, columns))
            parts.append(side(estimator, name, transformer, selected))
            place = estimator.output_indices_[name]
            widths.append(place.stop - place.start)
    return Table.concat(parts, widths)


def columns_in(table: Table, columns: Any) -> Any:
    """The columns that the original passes to a transformer. A single name gives a Series."""
    return None if table.original is None else _safe_indexing(table.original, columns, axis=1)


@converts("sklearn.FeatureUnion")
def feature_union(estimator: Any, table: Table) -> Table:
    kept = [(name, transformer) for name, transformer in estimator.transformer_list if transformer != "drop"]
    return Table.concat([side(estimator, name, transformer, table) for name, transformer in kept])


def side(estimator: Any, name: str, transformer: Any, table: Table) -> Table:
    """The output of one of the parallel transformers for its columns, times its weight."""
    if transformer not in IDENTITY:
        with table.graph.at(name):
            table = transform(transformer, table)
    weight = (estimator.transformer_weights or {}).get(name)
    return table if weight is None else Table(matrix=table.numbers * np.float64(weight))


@converts(
    "sklearn.GridSearchCV", "sklearn.RandomizedSearchCV", "sklearn.HalvingGridSearchCV", "sklearn.HalvingRandomSearchCV"
)
def search(estimator: Any, table: Table) -> Answer:
    if not hasattr(estimator, "best_estimator_"):
        raise NotImplementedError("it kept no estimator; search with refit=True")
    return convert(estimator.best_estimator_, table)


@converts("sklearn.FrozenEstimator")
def frozen(estimator: Any, table: Table) -> Answer:
    return convert(estimator.estimator, table)


@converts(
    "sklearn.SelectKBest", "sklearn.SelectPercentile", "sklearn.SelectFpr", "sklearn.SelectFdr", "sklearn.SelectFwe",
    "sklearn.GenericUnivariateSelect", "sklearn.SelectFromModel", "sklearn.SequentialFeatureSelector",
    "sklearn.VarianceThreshold",
)  # fmt: skip
def selector(estimator: Any, table: Table) -> Table:
    return table.select(estimator.get_support(indices=True))


@transforms("sklearn.RFE", "sklearn.RFECV")
def elimination(estimator: Any, table: Table) -> Table:
    return table.select(estimator.get_support(indices=True))


@converts("sklearn.RFE", "sklearn.RFECV")
def elimination_and_estimator(estimator: Any, table: Table) -> Answer:
    return convert(estimator.estimator_, elimination(estimator, table))


@transforms("sklearn.StackingClassifier", "sklearn.StackingRegressor")
def first_layer(estimator: Any, table: Table) -> Table:
    return stacked(estimator, table)


@transforms("sklearn.VotingRegressor")
def values_of_voters(estimator: Any, table: Table) -> Value:
    return table.graph.concat([classify(*voter, table) for voter in voters(estimator)])


@transforms("sklearn.VotingClassifier")
def answers_of_voters(estimator: Any, table: Table) -> Value:
    """The voters' probabilities side by side, or the positions of their labels."""
    answers = [classify(*voter, table) for voter in voters(estimator)]
    if estimator.voting == "hard":
        return table.graph.concat([answer.label.cast(np.float64).reshape(-1, 1) for answer in answers])
    return table.graph.concat([probabilities_of(answer) for answer in answers])


def voters(estimator: Any) -> list[tuple[str, Any]]:
    return [(name, part) for name, part in estimator.named_estimators_.items() if not isinstance(part, str)]
