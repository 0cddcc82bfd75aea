"""How each estimator computes its answers, written again as a graph: one file for a family, one function for a class.

Every function follows the original's own order of arithmetic, in float64 where the original computes in it. Which
classes there are is said here by importing them; all others are refused (see registry.py).
"""

import sepal_export.boosters
import sepal_export.statsmodels_results  # noqa: F401  registers them
from sepal_export.converters import (  # noqa: F401  each registers its own
    bayes,
    boosting,
    calibration,
    catboost,
    clusters,
    composition,
    decomposition,
    discriminant,
    encoders,
    ensembles,
    forests,
    functions,
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
    named,
    nearest,
    neural,
    ngboost,
    outliers,
    pooling,
    preprocessing,
    quantiles,
    radius,
    records,
    refused,
    sparse_coding,
    splines,
    statsmodels,
    targets,
    tree_embedding,
    xgboost,
)
