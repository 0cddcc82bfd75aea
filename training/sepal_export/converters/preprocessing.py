"""Transformers of numbers, column by column or row by row."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np

from sepal_export.graph import Value
from sepal_export.registry import converts
from sepal_export.table import Table


def double(parameters: Any) -> np.ndarray:
    """What is learned from float32 is of float32, and meets float64."""
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
    """A sparse matrix is multiplied by the reciprocal, which is another number in its last bit."""
    return x * double(1.0 / scale) if table.is_sparse else x / double(scale)


def limit(x: Value, low: float, high: float) -> Value:
    """NaN stays NaN, as numpy.clip has it; what Clip of ONNX makes of it is not said."""
    return x.graph.where(x.isnan(), x, x.clip(low, high))


@converts("sklearn.Normalizer")
def normalizer(estimator: Any, table: Table) -> Value:
    """A row of zeros stays one."""
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
    """Each product is that of the term without its first factor, and that factor: the original's order. Where the rows
    are sparse it is the term without its last factor, and that one."""
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
    """The number of inner edges at or below the value; for onehot a column for each bin."""
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
    """[N, W] by powers [W]. Below zero: the negative of what 2 - power makes of -x."""
    graph = x.graph
    is_above = x >= 0.0
    grown = grow(log1p(x.abs()), graph.where(is_above, double(powers), double(2 - powers)))
    return graph.where(is_above, grown, -grown)


def box_cox(x: Value, powers: np.ndarray) -> Value:
    """The original refuses a row with a value that is not positive: NaN makes that no answer here either."""
    return x.graph.where(x > 0.0, grow(x.log(), x.graph.constant(double(powers))), np.nan)


def grow(logarithm: Value, power: Value) -> Value:
    """(x^power - 1) / power, or the logarithm of x where the power is 0."""
    return logarithm.graph.where(power.equals(0.0), logarithm, expm1(logarithm * power) / power)


def interpolate(x: Value, starts: np.ndarray, values: np.ndarray) -> Value:
    """numpy.interp of [N, 1]: on the piece that starts at or left of x, slope · (x - start) + value at the start."""
    graph = x.graph
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.append(np.diff(values) / np.diff(starts), 0.0)
    # Of equal starts only the last is ever taken.
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)
    x = x.clip(float(starts[0]), float(starts[-1]))
    graph.add_splits(x, np.zeros(len(starts), dtype=int), starts)
    piece = (x >= starts[None]).cast(np.int64).sum() - np.int64(1)
    # NaN is at or above no start.
    piece = piece.maximum(np.int64(0))
    slope, start, value = (graph.constant(entries).rows(piece) for entries in (slopes, starts, values))
    return slope * (x - start) + value


@converts("sklearn.FunctionTransformer")
def function_transformer(estimator: Any, table: Table) -> Table:
    if estimator.func is None:
        return table
    y = apply_function(estimator.func, estimator.kw_args, table.numbers)
    if estimator.func in REACH_INFINITY:
        # Estimators refuse infinity, and NaN; only NaN makes that no answer here whatever follows.
        y = y.graph.where(y.graph.node("IsInf", y), np.nan, y)
    return Table(matrix=y)


def apply_function(function: Any, arguments: dict[str, Any] | None, x: Value) -> Value:
    """A function of numpy, on the whole matrix."""
    if function is None:
        return x
    if not isinstance(function, np.ufunc) or function not in FUNCTIONS:
        names = ", ".join(sorted(f"np.{known.__name__}" for known in FUNCTIONS))
        raise NotImplementedError(
            f"its function {getattr(function, '__name__', function)!r} is Python code; use one of {names}, or compute "
            "the feature before training"
        )
    if arguments:
        raise NotImplementedError(f"its function gets {arguments}; leave kw_args out")
    return FUNCTIONS[function](x)


def log1p(x: Value) -> Value:
    """Precise near 0 too: what 1 + x loses in its rounding is added as the logarithm's slope has it."""
    one_more = x + 1.0
    logarithm = one_more.log()
    return x.graph.where(one_more.equals(0.0), logarithm, logarithm + (x - (one_more - 1.0)) / one_more)


def expm1(x: Value) -> Value:
    """Precise near 0 too: e^x - 1 is scaled by how far the logarithm of the rounded e^x is from x (Kahan)."""
    graph = x.graph
    power = x.exp()
    rounded = power - 1.0
    logarithm = power.log()
    is_small = logarithm.equals(0.0)
    is_large = (x > 30.0) | (x < -30.0)
    scaled = rounded * (x / graph.where(is_small, 1.0, logarithm))
    return graph.where(is_small, x, graph.where(is_large, rounded, scaled))


def cbrt(x: Value) -> Value:
    """A third is no float64: one step of Newton's makes up for it."""
    graph = x.graph
    size = x.abs()
    root = size ** (1 / 3)
    safe = graph.where(root.equals(0.0), 1.0, root)
    return sign(x) * (root - (root - size / (safe * safe)) / 3.0)


def arcsinh(x: Value) -> Value:
    size = x.abs()
    inverse = 1.0 / size
    return sign(x) * log1p(size + size / ((inverse * inverse + 1.0).sqrt() + inverse))


def sign(x: Value) -> Value:
    return x.graph.node("Sign", x)


FUNCTIONS = {
    np.abs: lambda x: x.abs(),
    np.arcsinh: arcsinh,
    np.cbrt: cbrt,
    np.ceil: lambda x: x.graph.node("Ceil", x),
    np.cos: lambda x: x.graph.node("Cos", x),
    np.degrees: lambda x: x * (180 / np.pi),
    np.exp: lambda x: x.exp(),
    np.exp2: lambda x: x.graph.node("Pow", 2.0, x),
    np.expm1: expm1,
    np.fabs: lambda x: x.abs(),
    np.floor: lambda x: x.graph.node("Floor", x),
    np.isnan: lambda x: x.isnan().cast(np.float64),
    np.log: lambda x: x.log(),
    np.log10: lambda x: x.log() / np.log(10.0),
    np.log1p: log1p,
    np.log2: lambda x: x.log() / np.log(2.0),
    np.negative: lambda x: -x,
    np.radians: lambda x: x * (np.pi / 180),
    np.reciprocal: lambda x: 1.0 / x,
    np.rint: lambda x: x.graph.node("Round", x),
    np.sign: sign,
    np.sin: lambda x: x.graph.node("Sin", x),
    np.sqrt: lambda x: x.sqrt(),
    np.square: lambda x: x * x,
    np.tanh: lambda x: x.graph.node("Tanh", x),
}
REACH_INFINITY = {np.exp, np.exp2, np.expm1, np.log, np.log10, np.log1p, np.log2, np.reciprocal}
