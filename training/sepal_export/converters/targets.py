"""A regressor of a transformed target, whose answers are transformed back."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.functions import apply_function, log1p
from sepal_export.converters.preprocessing import double
from sepal_export.graph import Value
from sepal_export.registry import class_name, convert, converts
from sepal_export.table import Table

# What is rounded in one way only, so that float64 rounded to float32 is float32's own.
EXACT = {None, np.abs, np.ceil, np.fabs, np.floor, np.negative, np.reciprocal, np.rint, np.sign, np.sqrt, np.square}


@converts("sklearn.TransformedTargetRegressor")
def transformed_target(estimator: Any, table: Table) -> Value:
    return inverse(estimator.transformer_, convert(estimator.regressor_, table))


def inverse(transformer: Any, answer: Value) -> Value:
    """[N, T] → [N, T]. An answer of float32 stays one, though some of it is computed in float64."""
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
        # Nobody rounds it as another does.
        answer.graph.loosen(1e-6)
    return as_before(changed, answer)


def as_before(changed: Value, answer: Value) -> Value:
    """Rounded to float32 where the answer was of it."""
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
    """[N, 1] → [N, 1]; each side of zero has a formula of its own, which sees no others."""
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


INVERSES = {
    "sklearn.StandardScaler": standard,
    "sklearn.MinMaxScaler": min_max,
    "sklearn.MaxAbsScaler": largest,
    "sklearn.RobustScaler": robust,
    "sklearn.PowerTransformer": power,
}
