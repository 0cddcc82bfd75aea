"""A regressor of a transformed target, whose answers are transformed back."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from sepal_export.converters.preprocessing import double, interpolate
from sepal_export.converters.quantiles import BOUNDS_THRESHOLD, polynomial
from sepal_export.estimators import class_name
from sepal_export.graphs.functions import apply_function, log1p
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import convert, converts

# Coefficients of Cephes' rational functions for erf and 1 - erf, the highest power first.
ERF_ABOVE = (
    9.60497373987051638749, 90.0260197203842689217, 2232.00534594684319226, 7003.32514112805075473,
    55592.3013010394962768,
)  # fmt: skip
ERF_BELOW = (
    1.0, 33.5617141647503099647, 521.357949780152679795, 4594.32382970980127987, 22629.0000613890934246,
    49267.3942608635921086,
)  # fmt: skip
ERFC_ABOVE = (
    2.46196981473530512524e-10, 0.564189564831068821977, 7.46321056442269912687, 48.6371970985681366614,
    196.520832956077098242, 526.445194995477358631, 934.528527171957607540, 1027.55188689515710272,
    557.535335369399327526,
)  # fmt: skip
ERFC_BELOW = (
    1.0, 13.2281951154744992508, 86.7072140885989742329, 354.937778887819891062, 975.708501743205489753,
    1823.90916687909736289, 2246.33760818710981792, 1656.66309194161350182, 557.535340817727675546,
)  # fmt: skip

# Functions with a single correct rounding: their float64 result rounded to float32 equals the float32 result.
EXACT = {None, np.abs, np.ceil, np.fabs, np.floor, np.negative, np.reciprocal, np.rint, np.sign, np.sqrt, np.square}


@converts("sklearn.TransformedTargetRegressor")
def transformed_target(estimator: Any, table: Table) -> Value:
    return inverse(estimator.transformer_, convert(estimator.regressor_, table))


def inverse(transformer: Any, answer: Value) -> Value:
    """[N, T] → [N, T]. A float32 answer stays float32, although parts are computed in float64."""
    name = class_name(transformer)
    if name == "sklearn.FunctionTransformer":
        return inverse_of_function(transformer, answer)
    if name in INVERSES:
        return INVERSES[name](transformer, answer)
    known = ", ".join(each.removeprefix("sklearn.") for each in INVERSES)
    raise NotImplementedError(
        f"the inverse of {type(transformer).__name__} has no converter; transform the target by functions of numpy, "
        f"such as np.log1p and np.expm1, or by one of {known}"
    )


def inverse_of_function(transformer: Any, answer: Value) -> Value:
    function = transformer.inverse_func
    changed = apply_function(function, transformer.inv_kw_args, answer)
    if answer.single and function not in EXACT:
        # Implementations round this differently.
        answer.graph.loosen(1e-6)
    return as_before(changed, answer)


def as_before(changed: Value, answer: Value) -> Value:
    """Rounds to float32 if the answer was float32."""
    return changed.cast(np.float32).widened() if answer.single else changed


def standard(scaler: Any, answer: Value) -> Value:
    """The factors are rounded to the answer's type (before scikit-learn 1.8 they were not)."""
    single = answer.single
    dtype, changed = (np.float32, single) if single else (np.float64, answer)
    if single:
        answer.graph.loosen(1e-6)
    if scaler.with_std:
        changed = changed * scaler.scale_.astype(dtype)
    if scaler.with_mean:
        changed = changed + scaler.mean_.astype(dtype)
    return changed.widened() if single else changed


def min_max(scaler: Any, answer: Value) -> Value:
    moved = as_before(answer - double(scaler.min_), answer)
    return as_before(moved / double(scaler.scale_), answer)


def robust(scaler: Any, answer: Value) -> Value:
    if scaler.with_scaling:
        answer = as_before(answer * double(scaler.scale_), answer)
    return as_before(answer + double(scaler.center_), answer) if scaler.with_centering else answer


def largest(scaler: Any, answer: Value) -> Value:
    return as_before(answer * double(scaler.scale_), answer)


def power(transformer: Any, answer: Value) -> Value:
    scaled = standard(transformer._scaler, answer) if transformer.standardize else answer
    function = yeo_johnson if transformer.method == "yeo-johnson" else box_cox
    columns = [function(scaled.columns([i]) + 0.0, float(power)) for i, power in enumerate(transformer.lambdas_)]
    return as_before(answer.graph.concat(columns), answer)


def yeo_johnson(x: Value, power: float) -> Value:
    """[N, 1] → [N, 1]. Each side of zero has its own formula, which gets only numbers of that side."""
    graph = x.graph
    above, below = graph.where(x >= 0.0, x, 0.0), graph.where(x >= 0.0, 0.0, x)
    tiny = np.spacing(1.0)
    above = above.exp() - 1.0 if abs(power) < tiny else (above * power + 1.0) ** (1 / power) - 1.0
    other = 2 - power
    below = 1.0 - (-below).exp() if abs(other) <= tiny else 1.0 - (below * -other + 1.0) ** (1 / other)
    return graph.where(x >= 0.0, above, graph.where(x.isnan(), x, below))


def box_cox(x: Value, power: float) -> Value:
    """[N, 1] → [N, 1], as scipy's inv_boxcox."""
    return x.exp() if power == 0 else (log1p(x * power) / power).exp()


def quantile(transformer: Any, answer: Value) -> Value:
    is_normal = transformer.output_distribution == "normal"
    columns = []
    for index, quantiles in enumerate(double(transformer.quantiles_).T):
        x = answer.columns([index]) + 0.0
        share = ndtr(x) if is_normal else x
        value = interpolate(share, transformer.references_, quantiles)
        if is_normal:
            value = at_ends(share, value, quantiles)
        columns.append(answer.graph.where(x.isnan(), np.nan, value))
    return as_before(answer.graph.concat(columns), answer)


def at_ends(share: Value, value: Value, quantiles: np.ndarray) -> Value:
    """Returns the first or the last quantile for shares close to 0 or 1."""
    graph = share.graph
    below, above = share - BOUNDS_THRESHOLD, share + BOUNDS_THRESHOLD
    graph.add_splits(below, np.array([0]), np.array([-np.nextafter(0.0, 1)]))
    graph.add_splits(above, np.array([0]), np.array([1.0]))
    value = graph.where(above > 1.0, float(quantiles[-1]), value)
    return graph.where(below < 0.0, float(quantiles[0]), value)


def ndtr(x: Value) -> Value:
    """The normal distribution function at x, by the rational functions of Cephes, which scipy uses too. Beyond 11
    deviations it is 0 or 1."""
    graph = x.graph
    x = x * float(np.sqrt(0.5))
    size = x.abs()
    square = (x * x).minimum(np.float64(1))
    inner = x * (polynomial(square, *ERF_ABOVE) / polynomial(square, *ERF_BELOW))
    # Limited, because the formula may overflow for numbers that get their answer from another one.
    far = size.maximum(np.float64(1)).minimum(np.float64(8))
    tail = (-(far * far)).exp() * polynomial(far, *ERFC_ABOVE) / polynomial(far, *ERFC_BELOW)
    tail = graph.where(size > 8.0, 0.0, graph.where(size < 1.0, 1.0 - inner.abs(), tail)) * 0.5
    outer = graph.where(x > 0.0, 1.0 - tail, tail)
    return graph.where(size < float(np.sqrt(0.5)), inner * 0.5 + 0.5, outer)


def in_turn(pipeline: Any, answer: Value) -> Value:
    """Inverts the steps, the last one first."""
    steps = [step for _, step in pipeline.steps if step not in ("passthrough", None)]
    return reduce(lambda changed, step: inverse(step, changed), reversed(steps), answer)


INVERSES = {
    "sklearn.Pipeline": in_turn,
    "sklearn.QuantileTransformer": quantile,
    "sklearn.StandardScaler": standard,
    "sklearn.MinMaxScaler": min_max,
    "sklearn.MaxAbsScaler": largest,
    "sklearn.RobustScaler": robust,
    "sklearn.PowerTransformer": power,
}
