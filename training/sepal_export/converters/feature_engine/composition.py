"""feature_engine's pipeline, and its wrapper of scikit-learn's transformers."""

from __future__ import annotations

from typing import Any

from sepal_export.converters import composition
from sepal_export.converters.feature_engine.frames import Frame
from sepal_export.estimators import class_name
from sepal_export.graphs.table import Table
from sepal_export.registry import Answer, converts, transform, transforms

MAKE_COLUMNS = {"sklearn.OneHotEncoder", "sklearn.PolynomialFeatures"}


@converts("feature_engine.Pipeline")
def pipeline(estimator: Any, table: Table) -> Answer:
    return composition.pipeline(estimator, table)


@transforms("feature_engine.Pipeline")
def pipeline_of_transformers(estimator: Any, table: Table) -> Table:
    return composition.pipeline_of_transformers(estimator, table)


@converts("feature_engine.SklearnTransformerWrapper")
def wrapper(estimator: Any, table: Table) -> Table:
    """Generated columns replace their sources and come last; a selection leaves columns out; all other columns keep
    their places."""
    frame, names, inner = Frame(estimator, table), list(estimator.variables_), estimator.transformer_
    if hasattr(estimator, "features_to_drop_"):
        frame.drop(estimator.features_to_drop_)
        return frame.table()
    answer = transform(inner, frame.table_of(names).of(lambda: frame.original_of(names)))
    if class_name(inner) in MAKE_COLUMNS:
        frame.drop(names)
        names = list(inner.get_feature_names_out(names))
    for place, name in enumerate(names):
        frame.put_column(name, answer.column(place))
    return frame.table()
