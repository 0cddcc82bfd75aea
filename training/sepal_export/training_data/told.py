"""Collects the numbers that a fitted estimator holds about its columns: thresholds, centres and ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export.estimators import class_name

# For each column, by its position: numbers around which its values lie.
Told = dict[int, Any]
# How many deviations around a mean are used; for a linear model, how far one column moves the score.
DEVIATIONS = 3.0
# Attributes with arrays that have one column per feature, [rows, F] or [F], in the units of the columns.
IN_UNITS = (
    "cluster_centers_", "means_", "theta_", "centroids_", "support_vectors_", "_fit_X", "X_fit_", "X_train_",
    "quantiles_", "data_min_", "data_max_",
)  # fmt: skip
# Pairs of attributes: the centres of the columns [F], and the spreads around them, which are used if they are [F] too.
AROUND = (("mean_", "scale_"), ("center_", "scale_"), ("xbar_", "scalings_"), ("_x_mean", "_x_std"))
# The most rows of an array in units that are used.
MAX_ROWS = 200


def numbers_told(estimator: Any) -> Told:
    """The numbers of a fitted estimator of any library. A column about which it holds none is missing."""
    library = class_name(estimator).partition(".")[0]
    by_library: dict[str, Callable[[Any], Told]] = {
        "catboost": of_catboost, "lightgbm": of_lightgbm, "xgboost": of_xgboost,
    }  # fmt: skip
    if library in by_library:
        return by_library[library](estimator)
    if hasattr(estimator, "_bin_mapper"):
        return of_histogram(estimator)
    told = of_trees(estimator) or of_arrays(estimator)
    return told or of_weights(estimator)


def of_catboost(model: Any) -> Told:
    return {int(column): borders for column, borders in model.get_borders().items() if len(borders)}


def of_lightgbm(model: Any) -> Told:
    """The range of each column's values."""
    header = model.booster_.model_to_string(num_iteration=1).partition("\nTree=")[0]
    infos = next((line for line in header.splitlines() if line.startswith("feature_infos=")), "=").partition("=")[2]
    ranges = {index: info[1:-1].split(":") for index, info in enumerate(infos.split()) if info.startswith("[")}
    return {index: [float(value) for value in values] for index, values in ranges.items()}


def of_xgboost(model: Any) -> Told:
    booster = model.get_booster()
    names = booster.feature_names or [f"f{index}" for index in range(booster.num_features())]
    if model.get_params().get("booster") == "gblinear":
        return {}
    splits = booster.trees_to_dataframe().dropna(subset=["Split"])
    places = {name: index for index, name in enumerate(names)}
    return {places[name]: values.to_numpy() for name, values in splits.groupby("Feature")["Split"] if name in places}


def of_histogram(estimator: Any) -> Told:
    """The edges of the bins of each numeric column. Since scikit-learn 1.4, `bin_thresholds_` lists the columns of
    categories first."""
    is_category = estimator.is_categorical_
    count = estimator.n_features_in_
    is_category = np.zeros(count, dtype=bool) if is_category is None else is_category
    moved = getattr(estimator, "_preprocessor", None) is not None
    order = [*np.flatnonzero(is_category), *np.flatnonzero(~is_category)] if moved else range(count)
    limits = estimator._bin_mapper.bin_thresholds_
    return {int(column): limits[place] for place, column in enumerate(order) if not is_category[column]}


def of_trees(estimator: Any) -> Told:
    """From scikit-learn's trees, single or in forests."""
    parts = np.ravel(getattr(estimator, "estimators_", [estimator]))
    trees = [part.tree_ for part in parts if hasattr(part, "tree_")]
    if not trees or len(trees) < len(parts):
        return {}
    features = np.concatenate([tree.feature for tree in trees])
    thresholds = np.concatenate([tree.threshold for tree in trees])
    return {int(column): np.unique(thresholds[features == column]) for column in np.unique(features[features >= 0])}


def of_arrays(estimator: Any) -> Told:
    width = getattr(estimator, "n_features_in_", 0)
    told: dict[int, list[float]] = {}
    for centre, deviation in AROUND:
        middle, around = (np.asarray(getattr(estimator, name, np.nan)) for name in (centre, deviation))
        if middle.shape == (width,) and middle.dtype.kind == "f":
            around = (
                around if around.shape == (width,) and around.dtype.kind == "f" else deviations_of(estimator, width)
            )
            told = add(told, np.stack([middle - DEVIATIONS * around, middle, middle + DEVIATIONS * around]))
    for name in IN_UNITS:
        values = getattr(estimator, name, None)
        if isinstance(values, np.ndarray) and values.dtype.kind == "f" and values.shape[-1:] == (width,):
            told = add(told, values.reshape(-1, width)[:MAX_ROWS])
    edges = getattr(estimator, "bin_edges_", None)
    if edges is not None and len(edges) == width:
        told |= {index: list(limits) for index, limits in enumerate(edges)}
    largest = getattr(estimator, "max_abs_", None)
    return told if largest is None else add(told, np.stack([-largest, largest]))


def deviations_of(estimator: Any, width: int) -> np.ndarray:
    """[F]: the standard deviation of each column, computed from a decomposition's components and their explained
    variances; 1 if unknown."""
    components, explained = (getattr(estimator, name, None) for name in ("components_", "explained_variance_"))
    if components is None or explained is None or components.shape != (len(explained), width):
        return np.ones(width)
    return np.sqrt(explained @ components**2)


def of_weights(estimator: Any) -> Told:
    """From a linear model. Each column has three numbers: 0, and the two values that move the score by about DEVIATIONS
    up or down, so that all columns count alike."""
    width = getattr(estimator, "n_features_in_", 0)
    weights = np.asarray(getattr(estimator, "coef_", 0.0))
    if not width or weights.shape[-1:] != (width,) or weights.dtype.kind != "f":
        return {}
    sizes = np.abs(weights.reshape(-1, width)).mean(axis=0)
    limits = DEVIATIONS / np.where(sizes > 0, sizes, 1.0).clip(1e-6, 1e6)
    return add({}, np.stack([-limits, np.zeros(width), limits]))


def add(told: dict[int, list[float]], rows: np.ndarray) -> dict[int, list[float]]:
    return {index: [*told.get(index, []), *rows[:, index]] for index in range(rows.shape[1])}
