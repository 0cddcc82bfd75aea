"""statsmodels' generalised linear models, linear regressions and models of discrete outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.formulas import linear_of_formula
from sepal_export.converters.gaussian_processes import erf
from sepal_export.estimators import class_name
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table
from sepal_export.originals.statsmodels_results import LINEAR, OF_COUNTS, WITH_LINK
from sepal_export.registry import converts

POWERS = {"Identity", "InversePower", "InverseSquared", "Power", "Sqrt"}


@converts("sepal_export.StatsmodelsRegressor")
def regressor(estimator: Any, table: Table) -> Value:
    model = estimator.results.model
    name = class_name(model).removeprefix("statsmodels.")
    linear = linear_of(estimator, table)
    if name in LINEAR:
        return linear
    if name in WITH_LINK:
        return inverse_of(model.family.link, linear)
    return mean_of("Log" if name in OF_COUNTS else name, linear)


@converts("sepal_export.StatsmodelsClassifier")
def classifier(estimator: Any, table: Table) -> Classification:
    """Softmax of the scores, where the first class has the score 0."""
    powers = linear_of(estimator, table).exp()
    powers = table.graph.concat([powers.columns([0]) * 0.0 + 1.0, powers])
    probabilities = powers / powers.sum()
    return Classification(probabilities.argmax(), probabilities)


def linear_of(estimator: Any, table: Table) -> Value:
    """[N, 1], or [N, K - 1]: the columns times their parameters. The constant column is added here. If it is among the
    features, as after `remove_data`, it is left out of them first."""
    params = estimator.params.reshape(len(estimator.params), -1)
    if estimator.design is not None:
        return linear_of_formula(estimator.design, estimator.variables, params, table)
    if estimator.constant is None:
        return table.numbers @ params
    place, value = estimator.constant
    if len(table.features) == len(params):
        table = table.select([index for index in range(len(params)) if index != place])
    return table.numbers @ np.delete(params, place, axis=0) + value * params[place]


def inverse_of(link: Any, linear: Value) -> Value:
    package, _, name = class_name(link).partition(".")
    if package != "statsmodels":
        raise NotImplementedError(
            f"its link {name} does not belong to statsmodels; use one of statsmodels.genmod.families.links"
        )
    if name in POWERS:
        return linear if link.power == 1 else linear ** float(1.0 / link.power)
    if name == "NegativeBinomial":
        return -1.0 / ((1.0 - (-linear).exp()) * float(link.alpha))
    return mean_of(name, linear)


def mean_of(link: str, linear: Value) -> Value:
    match link:
        case "Logit":
            return linear.graph.sigmoid(linear)
        case "Log":
            return linear.exp()
        case "LogC":
            return 1.0 - linear.exp()
        case "CLogLog":
            return 1.0 - (-(linear.exp())).exp()
        case "LogLog":
            return (-((-linear).exp())).exp()
        case "Probit":
            return (erf(linear / np.sqrt(2.0)) + 1.0) * 0.5
    raise NotImplementedError(
        f"its link {link} has no converter; use Identity, Power, Sqrt, InversePower, InverseSquared, Log, LogC, Logit, "
        "Probit, CLogLog, LogLog or NegativeBinomial"
    )
