"""The transformers of feature_engine, which read frames and name the columns that they change: one file per family.
Nothing here imports feature_engine itself."""

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
