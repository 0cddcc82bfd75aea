"""Transformers of numbers, column by column or row by row."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.graph import Value
from sepal_export.registry import converts
from sepal_export.table import Table


@converts("sklearn.StandardScaler")
def standard_scaler(scaler: Any, table: Table) -> Value:
    x = table.numbers
    if scaler.with_mean:
        x = x - scaler.mean_
    return x / scaler.scale_ if scaler.with_std else x


@converts("sklearn.RobustScaler")
def robust_scaler(scaler: Any, table: Table) -> Value:
    x = table.numbers
    if scaler.with_centering:
        x = x - np.float64(scaler.center_)
    return x / np.float64(scaler.scale_) if scaler.with_scaling else x


@converts("sklearn.MinMaxScaler")
def min_max_scaler(scaler: Any, table: Table) -> Value:
    x = table.numbers * np.float64(scaler.scale_) + np.float64(scaler.min_)
    return limit(x, *scaler.feature_range) if scaler.clip else x


@converts("sklearn.MaxAbsScaler")
def max_abs_scaler(scaler: Any, table: Table) -> Value:
    x = table.numbers / np.float64(scaler.scale_)
    return limit(x, -1.0, 1.0) if getattr(scaler, "clip", False) else x


def limit(x: Value, low: float, high: float) -> Value:
    """As numpy.clip does: Clip of ONNX would make a number of NaN."""
    return x.graph.where(x.isnan(), x, x.clip(low, high))


@converts("sklearn.Normalizer")
def normalizer(estimator: Any, table: Table) -> Value:
    """A row of zeros stays one."""
    x = table.numbers
    norms = {"l1": lambda: x.abs().sum(), "l2": lambda: (x * x).sum().sqrt(), "max": lambda: x.abs().max()}
    norm = norms[estimator.norm]()
    return x / x.graph.where(norm < 10 * np.finfo(np.float64).eps, 1.0, norm)


@converts("sklearn.Binarizer")
def binarizer(estimator: Any, table: Table) -> Value:
    x, threshold = table.numbers, float(estimator.threshold)
    columns = np.arange(estimator.n_features_in_)
    x.graph.add_splits(x, columns, np.full(len(columns), threshold))
    return (x > threshold).cast(np.float64)


@converts("sklearn.PolynomialFeatures")
def polynomial_features(estimator: Any, table: Table) -> Value:
    """Each product is that of the term without its first factor, and that factor: the original's order."""
    x = table.numbers
    columns = {(): x.columns([0]) * 0.0 + 1.0}
    columns |= {(index,): x.columns([index]) for index in range(estimator.n_features_in_)}
    terms = [tuple(np.repeat(np.arange(len(powers)), powers).tolist()) for powers in estimator.powers_]

    def product(term: tuple[int, ...]) -> Value:
        if term not in columns:
            columns[term] = product(term[1:]) * columns[term[:1]]
        return columns[term]

    return x.graph.concat([product(term) for term in terms])


@converts("sklearn.KBinsDiscretizer")
def bins(estimator: Any, table: Table) -> Value:
    """The number of inner edges at or below the value; for onehot a column for each bin."""
    x = table.numbers
    parts = []
    for index, edges in enumerate(estimator.bin_edges_):
        column, inner = x.columns([index]), edges[1:-1]
        x.graph.add_splits(x, np.full(len(inner), index), inner)
        if estimator.encode == "ordinal":
            parts.append((column >= inner[None]).cast(np.float64).sum() if len(inner) else column * 0.0)
        else:
            below, above = np.append(-np.inf, inner)[None], np.append(inner, np.inf)[None]
            parts.append(((column >= below) & (column < above)).cast(np.float64))
    return x.graph.concat(parts)


@converts("sklearn.PowerTransformer")
def power_transformer(estimator: Any, table: Table) -> Value:
    """A row that box-cox does not take, at or below zero, gets NaN here, and the original refuses it."""
    transform = {"yeo-johnson": yeo_johnson, "box-cox": box_cox}[estimator.method]
    x = table.numbers
    columns = [transform(x.columns([index]), power) for index, power in enumerate(estimator.lambdas_.tolist())]
    transformed = x.graph.concat(columns)
    return standard_scaler(estimator._scaler, Table(matrix=transformed)) if estimator.standardize else transformed


def yeo_johnson(x: Value, power: float) -> Value:
    epsilon = np.finfo(np.float64).eps
    zero = x.graph.constant(np.float64(0))
    high, low = log1p(x.maximum(zero)), log1p((-x).maximum(zero))
    above = high if abs(power) < epsilon else expm1(high * power) / power
    below = -expm1(low * (2 - power)) / (2 - power) if abs(power - 2) > epsilon else -low
    return x.graph.where(x.isnan(), x, x.graph.where(x >= 0.0, above, below))


def box_cox(x: Value, power: float) -> Value:
    return x.log() if power == 0 else expm1(x.log() * power) / power


@converts("sklearn.QuantileTransformer")
def quantile_transformer(estimator: Any, table: Table) -> Value:
    if estimator.output_distribution != "uniform":
        raise NotImplementedError(
            "the normal distribution's inverse has no operator; use output_distribution='uniform'"
        )
    x = table.numbers
    references = estimator.references_
    return x.graph.concat(
        [quantile_of(x.columns([i]), quantiles, references) for i, quantiles in enumerate(estimator.quantiles_.T)]
    )


def quantile_of(x: Value, quantiles: np.ndarray, references: np.ndarray) -> Value:
    """The mean of interpolating upwards and downwards, which differ where quantiles are equal."""
    low, high = float(quantiles[0]), float(quantiles[-1])
    up = interpolate(x, quantiles, references)
    down = interpolate(-x, -quantiles[::-1], -references[::-1])
    graph = x.graph
    inner = graph.where(x.equals(high), 1.0, (up - down) * 0.5)
    return graph.where(x.isnan(), x, graph.where(x.equals(low), 0.0, inner))


def interpolate(x: Value, starts: np.ndarray, values: np.ndarray) -> Value:
    """numpy.interp of [N, 1]: on the piece that starts at or left of x, slope · (x - start) + value at the start."""
    graph = x.graph
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.append(np.diff(values) / np.diff(starts), 0.0)
    # Of equal starts only the last is ever taken.
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)
    is_left = x < float(starts[0])
    x = x.clip(float(starts[0]), float(starts[-1]))
    graph.add_splits(x, np.zeros(len(starts), dtype=int), starts)
    piece = (x >= starts[None]).cast(np.int64).sum() - np.int64(1)
    # NaN is at or above no start.
    piece = piece.maximum(np.int64(0))
    slope, start, value = (graph.constant(entries).rows(piece) for entries in (slopes, starts, values))
    # Where several starts are equal to the first, the last of them is not what is left of it.
    return graph.where(is_left, float(values[0]), slope * (x - start) + value)


@converts("sklearn.FunctionTransformer")
def function_transformer(estimator: Any, table: Table) -> Table:
    if estimator.func is None:
        return table
    return Table(matrix=apply_function(estimator.func, estimator.kw_args, table.numbers))


def apply_function(function: Any, arguments: dict[str, Any] | None, x: Value) -> Value:
    """A function of numpy, on the whole matrix."""
    if function is None:
        return x
    if not isinstance(function, np.ufunc) or function not in FUNCTIONS or arguments:
        names = ", ".join(sorted(f"np.{known.__name__}" for known in FUNCTIONS))
        raise NotImplementedError(f"its function is Python code; use one of {names} without arguments")
    return FUNCTIONS[function](x)


def log1p(x: Value) -> Value:
    """Precise near 0 too: what 1 + x loses in its rounding, x / (1 + x - 1) gives back (Kahan)."""
    graph = x.graph
    one_more = x + 1.0
    rounded = one_more - 1.0
    is_small = rounded.equals(0.0)
    safe = graph.where(is_small, 1.0, rounded)
    is_infinite = one_more.equals(np.float64(np.inf))
    return graph.where(is_small, x, graph.where(is_infinite, one_more, one_more.log() * (x / safe)))


def expm1(x: Value) -> Value:
    """Precise near 0 too, in the same way: e^x - 1 is scaled by how far the logarithm of the rounded e^x is from x."""
    graph = x.graph
    power = x.exp()
    rounded = power - 1.0
    logarithm = power.log()
    is_small = logarithm.equals(0.0)
    is_large = (x > 30.0) | (x < -30.0)
    scaled = rounded * (x / graph.where(is_small, 1.0, logarithm))
    return graph.where(is_small, x, graph.where(is_large, rounded, scaled))


FUNCTIONS = {
    np.abs: lambda x: x.abs(),
    np.cos: lambda x: x.graph.node("Cos", x),
    np.exp: lambda x: x.exp(),
    np.expm1: expm1,
    np.log: lambda x: x.log(),
    np.log1p: log1p,
    np.negative: lambda x: -x,
    np.reciprocal: lambda x: 1.0 / x,
    np.sin: lambda x: x.graph.node("Sin", x),
    np.sqrt: lambda x: x.sqrt(),
    np.square: lambda x: x * x,
}
