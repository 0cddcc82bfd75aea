"""How each estimator computes its answers, written again as a graph: one file for a family, one function for a class.

Every function follows the original's own order of arithmetic, in float64 where the original computes in it. Which
classes there are is said here by importing them; all others are refused (see registry.py).
"""

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
    gaussian_processes,
    histogram,
    imputers,
    kernels,
    lightgbm,
    linear,
    multiclass,
    multioutput,
    neural,
    outliers,
    preprocessing,
    quantiles,
    refused,
    semi_supervised,
    splines,
    xgboost,
)
