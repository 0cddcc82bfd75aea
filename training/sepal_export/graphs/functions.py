"""Functions of numpy and scipy that are applied to each number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from onnx import numpy_helper
from scipy.special import expit, logit

from sepal_export.graphs.graph import BEYOND, ML, Value


def apply_function(function: Any, arguments: dict[str, Any] | None, x: Value) -> Value:
    """Applies a function of numpy or scipy to the whole matrix."""
    if function is None:
        return x
    if function not in FUNCTIONS and function not in WITH_ARGUMENTS:
        names = ", ".join(sorted(map(name_of, [*FUNCTIONS, *WITH_ARGUMENTS])))
        raise NotImplementedError(
            f"its function {getattr(function, '__name__', function)!r} has no converter; use one of {names}, or "
            "compute the feature before training"
        )
    allowed = WITH_ARGUMENTS.get(function, ((), None))[0]
    if set(arguments or {}) - set(allowed):
        advice = f"give it none but {', '.join(allowed)}" if allowed else "leave kw_args out"
        raise NotImplementedError(f"its function gets {arguments}; {advice}")
    return WITH_ARGUMENTS[function][1](x, **(arguments or {})) if allowed else FUNCTIONS[function](x)


def name_of(function: Any) -> str:
    package = "scipy.special" if function in (expit, logit) else "np"
    return f"{package}.{function.__name__}"


def log_to(base: float) -> Callable[[Value], Value]:
    """A logarithm that is never too small at integer powers of the base, because code that counts digits rounds it
    down."""

    def function(x: Value) -> Value:
        graph, made = x.graph, x.log() / np.log(base)
        nearest = graph.node("Round", made)
        is_below = (graph.node("Pow", base, nearest) <= x) & (made < nearest)
        return graph.where(is_below, nearest, made)

    return function


def log1p(x: Value) -> Value:
    """Precise also near 0: the rounding error of 1 + x is added back, times the slope of the logarithm."""
    one_more = x + 1.0
    logarithm = one_more.log()
    has_none = one_more.equals(0.0) | one_more.equals(np.inf)
    return x.graph.where(has_none, logarithm, logarithm + (x - (one_more - 1.0)) / one_more)


def expm1(x: Value) -> Value:
    """Precise also near 0: e^x - 1 is scaled by the ratio of x to the logarithm of the rounded e^x (Kahan)."""
    graph = x.graph
    power = x.exp()
    rounded = power - 1.0
    logarithm = power.log()
    is_small = logarithm.equals(0.0)
    is_large = (x > 30.0) | (x < -30.0)
    scaled = rounded * (x / graph.where(is_small, 1.0, logarithm))
    return graph.where(is_small, x, graph.where(is_large, rounded, scaled))


def cbrt(x: Value) -> Value:
    """A float64 cannot hold 1/3 exactly; one Newton step corrects the power."""
    graph = x.graph
    size = x.abs()
    root = size ** (1 / 3)
    is_done = root.equals(0.0) | root.equals(np.inf)
    return sign(x) * graph.where(is_done, root, root - (root - size / (root * root)) / 3.0)


def arcsinh(x: Value) -> Value:
    size = x.abs()
    inverse = 1.0 / size
    return sign(x) * log1p(size + size / ((inverse * inverse + 1.0).sqrt() + inverse))


def sinh(x: Value) -> Value:
    """Computed from e^x - 1, which keeps the digits near 0."""
    grown = expm1(x.abs())
    return sign(x) * finite_half(x, (grown + grown / (grown + 1.0)) / 2.0)


def cosh(x: Value) -> Value:
    return finite_half(x, (x.exp() + (-x).exp()) / 2.0)


def finite_half(x: Value, otherwise: Value) -> Value:
    """e^|x| / 2 for large x, where sinh and cosh equal it to the last digit, except for the sign; `otherwise` for other
    x. It is finite for some x for which e^|x| is not."""
    root = (x.abs() * 0.5).exp()
    return x.graph.where(x.abs() > 100.0, root * (root * 0.5), otherwise)


def arctanh(x: Value) -> Value:
    size = x.abs()
    return sign(x) * log1p(size * 2.0 / (1.0 - size)) / 2.0


def arccosh(x: Value) -> Value:
    beyond = x - 1.0
    near = log1p(beyond + beyond.sqrt() * (beyond + 2.0).sqrt())
    return x.graph.where(x > 1e9, x.log() + np.log(2.0), near)


def truncate(x: Value) -> Value:
    return sign(x) * x.graph.node("Floor", x.abs())


def clip(x: Value, **limits: Any) -> Value:
    """NaN stays NaN."""
    low = limits.get("a_min", limits.get("min"))
    high = limits.get("a_max", limits.get("max"))
    if low is not None:
        x = x.graph.where(x < float(low), float(low), x)
    return x if high is None else x.graph.where(x > float(high), float(high), x)


def round_to(x: Value, decimals: int = 0) -> Value:
    power = 10.0 ** abs(decimals)
    if decimals < 0:
        return x.graph.node("Round", x / power) * power
    return x.graph.node("Round", x * power) / power if decimals else x.graph.node("Round", x)


def nan_to_num(x: Value, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Value:
    graph, largest = x.graph, np.finfo(np.float64).max
    y = graph.where(x.isnan(), float(nan), x)
    y = graph.where(x.equals(np.inf), float(largest if posinf is None else posinf), y)
    return graph.where(x.equals(-np.inf), float(-largest if neginf is None else neginf), y)


def sign(x: Value) -> Value:
    return x.graph.node("Sign", x)


def of_few(x: Value, keys: np.ndarray, images: np.ndarray, computed: Value | None) -> Value:
    """[N, 1]: `images` [K] where x is one of `keys` [K], and `computed` elsewhere; NaN if `computed` is None. The
    runtime's sine may differ from numpy's in its last bit. A tree may split between the sines of 30 and 150 degrees,
    which are equal but for the last bit, and then depends on that bit. For the 24 hours, for example, a table has all
    bits right."""
    graph = x.graph
    looked_up = graph.node(
        "LabelEncoder",
        x,
        domain=ML,
        keys_tensor=numpy_helper.from_array(np.asarray(keys, dtype=np.float64)),
        values_tensor=numpy_helper.from_array(np.asarray(images, dtype=np.float64)),
        default_tensor=numpy_helper.from_array(np.array([np.nan])),
    )
    if computed is None:
        return looked_up
    graph.mark(computed, BEYOND)
    return graph.where(looked_up.isnan(), computed, looked_up)


FUNCTIONS = {
    expit: lambda x: x.graph.sigmoid(x),
    logit: lambda x: (x / (1.0 - x)).log(),
    np.abs: lambda x: x.abs(),
    np.arccosh: arccosh,
    np.arcsinh: arcsinh,
    np.arctanh: arctanh,
    np.cbrt: cbrt,
    np.ceil: lambda x: x.graph.node("Ceil", x),
    np.cosh: cosh,
    np.cos: lambda x: x.graph.node("Cos", x),
    np.deg2rad: lambda x: x * (np.pi / 180),
    np.degrees: lambda x: x * (180 / np.pi),
    np.exp: lambda x: x.exp(),
    np.exp2: lambda x: x.graph.node("Pow", 2.0, x),
    np.expm1: expm1,
    np.fabs: lambda x: x.abs(),
    np.floor: lambda x: x.graph.node("Floor", x),
    np.isfinite: lambda x: (~(x.isnan() | x.graph.node("IsInf", x))).cast(np.float64),
    np.isnan: lambda x: x.isnan().cast(np.float64),
    np.log: lambda x: x.log(),
    np.log10: log_to(10.0),
    np.log1p: log1p,
    np.log2: log_to(2.0),
    np.negative: lambda x: -x,
    np.positive: lambda x: x,
    np.rad2deg: lambda x: x * (180 / np.pi),
    np.radians: lambda x: x * (np.pi / 180),
    np.reciprocal: lambda x: 1.0 / x,
    np.rint: lambda x: x.graph.node("Round", x),
    np.sign: sign,
    np.sinh: sinh,
    np.sin: lambda x: x.graph.node("Sin", x),
    np.sqrt: lambda x: x.sqrt(),
    np.square: lambda x: x * x,
    np.tan: lambda x: x.graph.node("Sin", x) / x.graph.node("Cos", x),
    np.tanh: lambda x: x.graph.node("Tanh", x),
    np.trunc: truncate,
}
# By function: the arguments that kw_args may hold, and the converter.
WITH_ARGUMENTS: dict[Any, tuple[tuple[str, ...], Callable[..., Value]]] = {
    np.clip: (("a_min", "a_max", "min", "max"), clip),
    np.nan_to_num: (("nan", "posinf", "neginf"), nan_to_num),
    np.round: (("decimals",), round_to),
}
# Functions that may give infinity for a finite number.
REACH_INFINITY = {
    np.arctanh, np.cosh, np.exp, np.exp2, np.expm1, np.log, np.log10, np.log1p, np.log2, np.reciprocal, np.sinh, logit,
}  # fmt: skip
