"""feature_engine's transformers, which take frames and name the columns that they change: one file for a module of
theirs. Nothing here imports feature_engine itself."""

from sepal_export.converters.feature_engine import (  # noqa: F401  each registers its own
    composition,
    creation,
    datetime,
    discretisation,
    encoding,
    imputation,
    math_features,
    outliers,
    preprocessing,
    refused,
    relative_features,
    selection,
    similarity,
    transformation,
    trees,
)
