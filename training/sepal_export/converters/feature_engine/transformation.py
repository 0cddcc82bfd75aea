"""The numeric transformers of feature_engine, and its scaler."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.feature_engine.frames import Frame
from sepal_export.converters.preprocessing import box_cox, yeo_johnson
from sepal_export.estimators import class_name
from sepal_export.following.angles import arcsin
from sepal_export.graphs.functions import arcsinh
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


@converts(
    "feature_engine.ArcSinhTransformer", "feature_engine.ArcsinTransformer", "feature_engine.BoxCoxTransformer",
    "feature_engine.LogCpTransformer", "feature_engine.LogTransformer", "feature_engine.MeanNormalizationScaler",
    "feature_engine.PowerTransformer", "feature_engine.ReciprocalTransformer", "feature_engine.YeoJohnsonTransformer",
)  # fmt: skip
def transformer_of_numbers(estimator: Any, table: Table) -> Table:
    """Refuses rows with missing or infinite numbers."""
    frame, names = Frame(estimator, table), list(estimator.variables_)
    frame.require(names, finite=True)
    frame.put(names, FUNCTIONS[class_name(estimator).partition(".")[2]](estimator, frame.numbers(names)))
    return frame.table()


def by_name(estimator: Any, parameters: Any) -> np.ndarray:
    """[W]: a dictionary's value for each column; a number is repeated."""
    if not isinstance(parameters, dict):
        return np.full(len(estimator.variables_), parameters, dtype=np.float64)
    return np.array([parameters[name] for name in estimator.variables_], dtype=np.float64)


def logarithm(estimator: Any, x: Value) -> Value:
    x.graph.refuse(x <= 0.0)
    return x.log() / np.log(10.0) if estimator.base == "10" else x.log()


def arcsin_of_root(_: Any, x: Value) -> Value:
    x.graph.refuse((x < 0.0) | (x > 1.0))
    return arcsin(x.sqrt())


def reciprocal(_: Any, x: Value) -> Value:
    x.graph.refuse(x.equals(0.0))
    return 1.0 / x


FUNCTIONS = {
    "ArcSinhTransformer": lambda estimator, x: arcsinh((x - estimator.loc) / estimator.scale),
    "ArcsinTransformer": arcsin_of_root,
    "BoxCoxTransformer": lambda estimator, x: box_cox(x, by_name(estimator, estimator.lambda_dict_)),
    "LogCpTransformer": lambda estimator, x: logarithm(estimator, x + by_name(estimator, estimator.C_)),
    "LogTransformer": logarithm,
    "MeanNormalizationScaler": lambda estimator, x: (
        (x - by_name(estimator, estimator.mean_)) / by_name(estimator, estimator.range_)
    ),
    "PowerTransformer": lambda estimator, x: x ** float(estimator.exp),
    "ReciprocalTransformer": reciprocal,
    "YeoJohnsonTransformer": lambda estimator, x: yeo_johnson(x, by_name(estimator, estimator.lambda_dict_)),
}
