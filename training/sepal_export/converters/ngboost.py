"""NGBoost: boosted regressors of a distribution's parameters. The answer is the mean, or the probabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sepal_export.converters.forests import tree_of, values_of
from sepal_export.converters.tree_ensemble import Tree, constant, sum_of_trees
from sepal_export.estimators import class_name, class_name_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import convert, converts

TREES = {"sklearn.DecisionTreeRegressor", "sklearn.ExtraTreeRegressor"}
# From minus this to this, the exponential of a float64 is neither 0 nor infinite.
MOST = 700.0
# Distributions with the same mean as their base class; they only score rows differently.
OTHER_SCORES = {
    "ngboost.Distn.uncensor.<locals>.DistWithUncensoredScore", "ngboost.SurvivalDistnClass.<locals>.SurvivalDistn",
}  # fmt: skip
# Distributions whose mean is their first parameter.
BY_LOCATION = {
    "ngboost.Laplace", "ngboost.Normal", "ngboost.NormalFixedVar", "ngboost.TFixedDf", "ngboost.TFixedDfFixedVar",
}  # fmt: skip


@converts("ngboost.NGBClassifier")
def classifier(estimator: Any, table: Table) -> Classification:
    """The first class has the score 0, the others one parameter each."""
    name = distribution_of(estimator)
    if not name.endswith(".Categorical"):
        raise NotImplementedError(f"its distribution {name} has no converter; use Bernoulli or k_categorical(K)")
    raw = parameters(estimator, table)
    scores = table.graph.concat([raw.columns([0]) * 0.0, raw])
    powers = (scores - scores.max()).exp()
    probabilities = powers / powers.sum()
    return Classification(probabilities.argmax(), probabilities)


@converts("ngboost.NGBRegressor", "ngboost.NGBSurvival")
def regressor(estimator: Any, table: Table) -> Value:
    """[N, 1], or [N, T] for a distribution of several targets: the mean, in scipy's order of arithmetic."""
    name = distribution_of(estimator)
    if name.endswith(".MVN"):
        return parameters(estimator, table).columns(range(targets_of(estimator.Dist.n_params)))
    raw = parameters(estimator, table)
    first = raw.columns([0])
    if name in BY_LOCATION:
        return first if is_bounded(estimator, 1) else with_scale(first, raw.columns([1]).exp())
    match name:
        case "ngboost.Exponential" | "ngboost.Poisson":
            return first.exp()
        case "ngboost.HalfNormal":
            return np.sqrt(2.0 / np.pi) * first.exp()
        case "ngboost.LogNormal":
            deviation = raw.columns([1]).exp()
            return (deviation * deviation).exp().sqrt() * first.exp()
        case "ngboost.Gamma":
            return first.exp() * (1.0 / raw.columns([1]).exp())
    raise NotImplementedError(
        f"the mean of its distribution {name.removeprefix('ngboost.')} has no converter; use one of "
        "Normal, LogNormal, Exponential, Laplace, Poisson, Gamma, HalfNormal, TFixedDf, MultivariateNormal"
    )


def distribution_of(estimator: Any) -> str:
    """`ngboost.Normal`."""
    kind = estimator.Dist
    return class_name_of(kind.__base__ if class_name_of(kind) in OTHER_SCORES else kind)


def targets_of(parameters: int) -> int:
    """The number of targets k of a multivariate normal distribution with k(k + 3)/2 parameters."""
    return int((-3 + (9 + 8 * parameters) ** 0.5) / 2)


def with_scale(location: Value, scale: Value) -> Value:
    """The location, or NaN if the scale is 0 or infinite, for which scipy has no mean."""
    return location + location.graph.where(scale > np.float64(0), scale * 0.0, np.nan)


def parameters(estimator: Any, table: Table) -> Value:
    """[N, P]: the initial value, minus each learner's answer times the learning rate and its round's scale."""
    trees = trees_of(estimator)
    if trees:
        return sum_of_trees(table.numbers, trees, targets=estimator.Dist.n_params)
    first = np.ones((1, estimator.Dist.n_params)) * estimator.init_params
    total = None
    for index, (members, scaling, columns) in enumerate(rounds_of(estimator)):
        with table.graph.at(f"round {index}"):
            answers = [convert(member, table.select(columns)).reshape(-1, 1) for member in members]
        step = estimator.learning_rate * table.graph.concat(answers) * np.float64(scaling)
        total = (table.graph.constant(first) if total is None else total) - step
    return total


def rounds_of(estimator: Any) -> Any:
    """By round: a learner per parameter, the factors of their answers, and the columns that they read."""
    return zip(estimator.base_models, estimator.scalings, [list(map(int, c)) for c in estimator.col_idxs], strict=True)


def trees_of(estimator: Any) -> list[Tree]:
    """The trees in the order of summation, beginning with each parameter's first one; empty if a learner is not a
    tree."""
    first = (np.ones((1, estimator.Dist.n_params)) * estimator.init_params)[0]
    trees = [constant(value, target) for target, value in enumerate(first)]
    for members, scaling, columns in rounds_of(estimator):
        for target, member in enumerate(members):
            if class_name(member) not in TREES:
                return []
            tree = tree_of(member, -(estimator.learning_rate * values_of(member) * scaling), target)
            # Leaves have no feature.
            trees.append(replace(tree, feature=np.asarray(columns)[np.maximum(tree.feature, 0)]))
    return trees


def is_bounded(estimator: Any, target: int) -> bool:
    """Whether the exponential of a parameter (if there is one) can never be 0 or infinite."""
    if estimator.Dist.n_params <= target:
        return True
    trees = [tree for tree in trees_of(estimator) if tree.target == target]
    largest = sum(np.abs(tree.leaf_values).max() for tree in trees)
    return bool(trees) and largest < MOST
