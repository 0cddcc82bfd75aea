"""Numeric transformers, by column or by row."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np

from sepal_export.graphs.functions import expm1, log1p
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


def double(parameters: Any) -> np.ndarray:
    """Converts parameters to float64. Those learned from float32 data are float32."""
    return np.asarray(parameters, dtype=np.float64)


@converts("sklearn.StandardScaler")
def standard_scaler(scaler: Any, table: Table) -> Value:
    x = table.numbers
    if scaler.with_mean:
        x = x - double(scaler.mean_)
    return divide(x, scaler.scale_, table) if scaler.with_std else x


@converts("sklearn.RobustScaler")
def robust_scaler(scaler: Any, table: Table) -> Value:
    x = table.numbers
    if scaler.with_centering:
        x = x - double(scaler.center_)
    return divide(x, scaler.scale_, table) if scaler.with_scaling else x


@converts("sklearn.MinMaxScaler")
def min_max_scaler(scaler: Any, table: Table) -> Value:
    x = table.numbers * double(scaler.scale_) + double(scaler.min_)
    return limit(x, *scaler.feature_range) if scaler.clip else x


@converts("sklearn.MaxAbsScaler")
def max_abs_scaler(scaler: Any, table: Table) -> Value:
    x = divide(table.numbers, scaler.scale_, table)
    return limit(x, -1.0, 1.0) if getattr(scaler, "clip", False) else x


def divide(x: Value, scale: np.ndarray, table: Table) -> Value:
    """Divides. For a sparse matrix the original multiplies by the reciprocal, which differs in the last bit."""
    return x * double(1.0 / scale) if table.is_sparse else x / double(scale)


def limit(x: Value, low: float, high: float) -> Value:
    """Like numpy.clip, in which NaN stays NaN. ONNX does not define Clip of NaN."""
    return x.graph.where(x.isnan(), x, x.clip(low, high))


@converts("sklearn.Normalizer")
def normalizer(estimator: Any, table: Table) -> Value:
    """A row of zeros stays zero."""
    x = table.numbers
    norms = {"l1": lambda: x.abs().sum(), "l2": lambda: (x * x).sum().sqrt(), "max": lambda: x.abs().max()}
    norm = norms[estimator.norm]()
    is_zero = norm.equals(0.0) if table.is_sparse else norm < 10 * np.finfo(np.float64).eps
    return x / x.graph.where(is_zero, 1.0, norm)


@converts("sklearn.Binarizer")
def binarizer(estimator: Any, table: Table) -> Value:
    x, threshold = table.numbers, float(estimator.threshold)
    columns = np.arange(estimator.n_features_in_)
    x.graph.add_splits(x, columns, np.full(len(columns), threshold))
    return (x > threshold).cast(np.float64)


@converts("sklearn.PolynomialFeatures")
def polynomial_features(estimator: Any, table: Table) -> Value:
    """Multiplies in the original's order, which decides the last bits: each term is the term without its first factor,
    times that factor. For sparse rows, it is the term without its last factor, times that factor."""
    x = table.numbers
    combine = combinations if estimator.interaction_only else combinations_with_replacement
    parts = [x.columns([0]) * 0.0 + 1.0] if estimator.include_bias else []
    products, places = x, {(index,): index for index in range(estimator.n_features_in_)}
    for degree in range(1, estimator._max_degree + 1):
        if degree > 1:
            terms = list(combine(range(estimator.n_features_in_), degree))
            if not terms:
                break
            split = [(term[:-1], term[-1]) if table.is_sparse else (term[1:], term[0]) for term in terms]
            products = products.columns([places[rest] for rest, _ in split]) * x.columns([one for _, one in split])
            places = {term: place for place, term in enumerate(terms)}
        if degree >= estimator._min_degree:
            parts.append(products)
    return x.graph.concat(parts)


@converts("sklearn.KBinsDiscretizer")
def bins(estimator: Any, table: Table) -> Value:
    """The number of inner edges at or below the value; for onehot, one column per bin."""
    x, counts = table.numbers, estimator.n_bins_
    inner = np.full((len(counts), max(counts.max() - 1, 1)), np.inf)
    for index, edges in enumerate(estimator.bin_edges_):
        inner[index, : len(edges) - 2] = edges[1:-1]
    features, places = np.nonzero(np.isfinite(inner))
    x.graph.add_splits(x, features, np.nextafter(inner[features, places], -np.inf))
    bin_of = (x.reshape(0, len(counts), 1) >= inner).cast(np.float64).sum(axis=2, keepdims=False)
    if estimator.encode == "ordinal":
        return bin_of
    every = np.concatenate([np.arange(count, dtype=np.float64) for count in counts])
    return bin_of.columns(np.repeat(np.arange(len(counts)), counts)).equals(every).cast(np.float64)


@converts("sklearn.PowerTransformer")
def power_transformer(estimator: Any, table: Table) -> Value:
    transform = {"yeo-johnson": yeo_johnson, "box-cox": box_cox}[estimator.method]
    transformed = transform(table.numbers, estimator.lambdas_)
    return standard_scaler(estimator._scaler, Table(matrix=transformed)) if estimator.standardize else transformed


def yeo_johnson(x: Value, powers: np.ndarray) -> Value:
    """[N, W] with powers [W]. For a negative x: minus the transform of -x with the power 2 - power."""
    graph = x.graph
    is_above = x >= 0.0
    grown = grow(log1p(x.abs()), graph.where(is_above, double(powers), double(2 - powers)))
    return graph.where(is_above, grown, -grown)


def box_cox(x: Value, powers: np.ndarray) -> Value:
    """Refuses rows with a value that is not positive, as the original does."""
    x.graph.refuse(x <= 0.0)
    return grow(x.log(), x.graph.constant(double(powers)))


def grow(logarithm: Value, power: Value) -> Value:
    """(x^power - 1) / power, or the logarithm of x if the power is 0."""
    return logarithm.graph.where(power.equals(0.0), logarithm, expm1(logarithm * power) / power)


def interpolate(x: Value, starts: np.ndarray, values: np.ndarray) -> Value:
    """numpy.interp of [N, 1]: on the piece that starts at or left of x, slope · (x - start) + the value at the
    start."""
    graph = x.graph
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.append(np.diff(values) / np.diff(starts), 0.0)
    # Of equal starts, only the last is ever used.
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)
    x = x.clip(float(starts[0]), float(starts[-1]))
    graph.add_splits(x, np.zeros(len(starts), dtype=int), starts)
    piece = (x >= starts[None]).cast(np.int64).sum() - np.int64(1)
    # No start is at or below NaN.
    piece = piece.maximum(np.int64(0))
    slope, start, value = (graph.constant(entries).rows(piece) for entries in (slopes, starts, values))
    return slope * (x - start) + value


def interpolate_float32(x: Value, starts: np.ndarray, values: np.ndarray) -> Value:
    """scipy's interpolation of [N, 1] as float32: on the piece that starts left of x, with each operation rounded to
    float32."""
    graph = x.graph
    if len(starts) == 1:
        return graph.where(x.isnan(), x, values[0])
    x = graph.node("Clip", x, starts[0], starts[-1])
    graph.add_splits(x, np.zeros(len(starts), dtype=int), starts)
    piece = (x > starts[None]).cast(np.int64).sum() - np.int64(1)
    piece = piece.maximum(np.int64(0))
    slopes = np.diff(values) / np.diff(starts)
    slope, start, value = (graph.constant(entries).rows(piece) for entries in (slopes, starts[:-1], values[:-1]))
    return slope * (x - start) + value
