"""IterativeImputer: missing features are predicted from the others, round after round, by the models of its fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.imputers import is_absent, is_missing, missing_indicator, simple_imputer
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import convert, converts


@converts("sklearn.IterativeImputer")
def iterative_imputer(imputer: Any, table: Table) -> Table:
    if imputer.sample_posterior:
        raise NotImplementedError(
            "with sample_posterior=True it fills in random numbers, which differ at each call; use "
            "sample_posterior=False"
        )
    x, width = table.numbers, imputer.n_features_in_
    filled = simple_imputer(imputer.initial_imputer_, table).numbers
    kept = np.arange(width)
    if not imputer.keep_empty_features:
        kept = np.flatnonzero(~imputer._is_empty_feature)
    lacks = is_missing(x, imputer.missing_values).columns(kept)
    columns = [filled.columns([place]) for place in range(len(kept))]
    if imputer.n_iter_:
        impute_in_turn(imputer, table, lacks, columns)
    answer = x.graph.concat(columns)
    imputed = (
        table.select(kept.tolist()).with_numbers(answer) if is_absent(imputer.missing_values) else Table(matrix=answer)
    )
    if imputer.add_indicator and len(imputer.indicator_.features_):
        return Table.concat([imputed, missing_indicator(imputer.indicator_, table)])
    return imputed


def impute_in_turn(imputer: Any, table: Table, lacks: Value, columns: list[Value]) -> None:
    """Updates `columns` (each [N, 1]), those of features that were not empty in training."""
    graph = table.graph
    for step in imputer.imputation_sequence_:
        others = Table(matrix=graph.concat([columns[place] for place in step.neighbor_feat_idx]))
        with graph.at(f"feature {step.feat_idx}"):
            predicted = convert(step.estimator, others)
        if isinstance(predicted, Table | Classification):
            raise NotImplementedError("its estimator is not a regressor; use estimator=BayesianRidge()")
        low, high = (float(limit[step.feat_idx]) for limit in (imputer._min_value, imputer._max_value))
        # Features that were empty in training keep the value of the first imputation.
        if imputer.keep_empty_features and imputer._is_empty_feature[step.feat_idx]:
            continue
        columns[step.feat_idx] = graph.where(
            lacks.columns([step.feat_idx]), predicted.reshape(-1, 1).clip(low, high), columns[step.feat_idx]
        )
