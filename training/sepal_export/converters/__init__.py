"""Rewrites the computation of each estimator as a graph: one file per family, and one function for each class, or for
classes that compute the same.

Each function follows the original's order of arithmetic, in float64 where the original computes in float64. The imports
below register the supported classes; all others are refused (see registry.py).
"""

import sepal_export.following.predictors
import sepal_export.originals.boosters
import sepal_export.originals.statsmodels_results  # noqa: F401  registers them
from sepal_export.converters import (  # noqa: F401  each registers its own
    bayes,
    boosting,
    calibration,
    catboost,
    category_encoders,
    clusters,
    composition,
    decomposition,
    discriminant,
    encoders,
    ensembles,
    feature_engine,
    forests,
    function_transformer,
    gaussian_processes,
    histogram,
    imputation_by_models,
    imputation_by_neighbours,
    imputers,
    interpret,
    iterations,
    kernel_approximation,
    kernels,
    lightgbm,
    linear,
    manifolds,
    multi_hot,
    multiclass,
    multioutput,
    named,
    nearest,
    neural,
    ngboost,
    onnx_models,
    outliers,
    pooling,
    preprocessing,
    quantiles,
    radius,
    records,
    refused,
    semi_supervised,
    sparse_coding,
    splines,
    statsmodels,
    targets,
    text,
    tree_embedding,
    xgboost,
)
