"""Linear and generalised linear models, and models that answer a constant or a piecewise linear function."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import issparse

from sepal_export.converters.preprocessing import interpolate, interpolate_float32
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Several, Table, by_sign, labels_above, with_complement
from sepal_export.registry import convert, converts, transforms
from sepal_export.versions import SKLEARN


def decision_of(estimator: Any, table: Table) -> Value:
    """X·coefᵀ + intercept: [N, 1] for two classes or one target, [N, K] for more."""
    coef = estimator.coef_.toarray() if issparse(estimator.coef_) else estimator.coef_
    return table.numbers @ np.atleast_2d(coef).astype(np.float64).T + np.float64(estimator.intercept_)


def label_of(decision: Value, estimator: Any) -> Value:
    return by_sign(decision) if len(estimator.classes_) == 2 else decision.argmax()


@converts("sklearn.LogisticRegression", "sklearn.LogisticRegressionCV")
def logistic_regression(estimator: Any, table: Table) -> Classification:
    decision = decision_of(estimator, table)
    graph = table.graph
    if len(estimator.classes_) == 2:
        return Classification(by_sign(decision), with_complement(graph.sigmoid(decision)), decision)
    return Classification(decision.argmax(), graph.softmax(decision), decision)


@converts("sklearn.Perceptron", "sklearn.PassiveAggressiveClassifier", "sklearn.LinearSVC")
def linear_classifier(estimator: Any, table: Table) -> Classification:
    decision = decision_of(estimator, table)
    return Classification(label_of(decision, estimator), decision=decision)


@converts("sklearn.RidgeClassifier", "sklearn.RidgeClassifierCV")
def ridge_classifier(estimator: Any, table: Table) -> Classification | Several:
    if estimator._label_binarizer.y_type_.startswith("multilabel"):
        return labels_above(decision_of(estimator, table), 0.0, len(estimator.coef_))
    return linear_classifier(estimator, table)


@converts("sklearn.SGDClassifier")
def sgd_classifier(estimator: Any, table: Table) -> Classification:
    decision = decision_of(estimator, table)
    match estimator.loss:
        case "log_loss":
            each = table.graph.sigmoid(decision)
        case "modified_huber":
            each = (decision.clip(-1.0, 1.0) + 1.0) / 2.0
        case _:
            return Classification(label_of(decision, estimator), decision=decision)
    probabilities = with_complement(each) if len(estimator.classes_) == 2 else shares(each, len(estimator.classes_))
    return Classification(label_of(decision, estimator), probabilities, decision)


def shares(each: Value, classes: int) -> Value:
    """[N, K]: the probabilities of each row divided by their sum; 1 / K for each class if all are 0."""
    total = each.sum()
    return each.graph.where(total.equals(0.0), 1.0 / classes, each / total)


@converts(
    "sklearn.LinearRegression", "sklearn.Ridge", "sklearn.RidgeCV", "sklearn.Lasso", "sklearn.LassoCV",
    "sklearn.ElasticNet", "sklearn.ElasticNetCV", "sklearn.Lars", "sklearn.LarsCV", "sklearn.LassoLars",
    "sklearn.LassoLarsCV", "sklearn.LassoLarsIC", "sklearn.OrthogonalMatchingPursuit",
    "sklearn.OrthogonalMatchingPursuitCV", "sklearn.BayesianRidge", "sklearn.ARDRegression", "sklearn.HuberRegressor",
    "sklearn.TheilSenRegressor", "sklearn.QuantileRegressor", "sklearn.SGDRegressor",
    "sklearn.PassiveAggressiveRegressor", "sklearn.LinearSVR", "sklearn.MultiTaskLasso", "sklearn.MultiTaskLassoCV",
    "sklearn.MultiTaskElasticNet", "sklearn.MultiTaskElasticNetCV",
)  # fmt: skip
def linear_regression(estimator: Any, table: Table) -> Value:
    """[N, T] for T targets."""
    return decision_of(estimator, table)


@converts("sklearn.PoissonRegressor", "sklearn.GammaRegressor", "sklearn.TweedieRegressor")
def generalised_linear_regression(estimator: Any, table: Table) -> Value:
    link = type(estimator._base_loss.link).__name__
    linear = decision_of(estimator, table)
    match link:
        case "IdentityLink":
            return linear
        case "LogLink":
            return linear.exp()
        case _:
            raise NotImplementedError(f"its {link} has no converter; use link='log' or link='identity'")


@converts("sklearn.RANSACRegressor")
def ransac(estimator: Any, table: Table) -> Value:
    with table.graph.at("estimator"):
        return convert(estimator.estimator_, table)


@converts("sklearn.PLSRegression", "sklearn.PLSCanonical", "sklearn.CCA")
def partial_least_squares(estimator: Any, table: Table) -> Value:
    """Before scikit-learn 1.5, the coefficients belong to scaled features."""
    x = table.numbers - estimator._x_mean.astype(np.float64)
    if SKLEARN < (1, 5):
        x = x / estimator._x_std.astype(np.float64)
    return x @ estimator.coef_.T.astype(np.float64) + np.float64(estimator.intercept_)


@transforms("sklearn.PLSRegression", "sklearn.PLSCanonical", "sklearn.CCA")
def scores_of_partial_least_squares(estimator: Any, table: Table) -> Value:
    centred = table.numbers - estimator._x_mean.astype(np.float64)
    return centred / estimator._x_std.astype(np.float64) @ estimator.x_rotations_.astype(np.float64)


@converts("sklearn.DummyClassifier")
def dummy_classifier(estimator: Any, table: Table) -> Classification | Several:
    rows = zeros(table)
    parts = [
        Classification(rows + np.int64(of_all.argmax()), table.graph.constant(of_all.reshape(1, -1)).rows(rows))
        for of_all in dummy_probabilities(estimator)
    ]
    return Several(tuple(parts)) if estimator.n_outputs_ > 1 else parts[0]


def dummy_probabilities(estimator: Any) -> list[np.ndarray]:
    """A list with an array [K] for each target: the probabilities of its classes, which are the same for every row."""
    several = estimator.n_outputs_ > 1
    priors = [
        np.asarray(prior, np.float64) for prior in (estimator.class_prior_ if several else [estimator.class_prior_])
    ]
    match estimator._strategy:
        case "prior":
            return priors
        case "most_frequent":
            return [np.eye(len(prior))[prior.argmax()] for prior in priors]
        case "constant":
            by_target = zip(
                estimator.classes_ if several else [estimator.classes_], np.ravel(estimator.constant), strict=True
            )
            return [(classes == constant).astype(np.float64) for classes, constant in by_target]
        case strategy:
            raise NotImplementedError(f"strategy={strategy!r} answers at random; use strategy='prior'")


@converts("sklearn.DummyRegressor")
def dummy_regressor(estimator: Any, table: Table) -> Value:
    constant = np.asarray(estimator.constant_, dtype=np.float64).reshape(1, -1)
    return table.graph.constant(constant).rows(zeros(table))


def zeros(table: Table) -> Value:
    """[N] int64 zeros, whatever the columns hold."""
    graph = table.graph
    return graph.node("Expand", np.zeros(1, dtype=np.int64), graph.node("Shape", table.column(0).value, end=1))


@converts("sklearn.IsotonicRegression")
def isotonic_regression(estimator: Any, table: Table) -> Value:
    """[N, 1] → [N, 1]. Outside the training range, `out_of_bounds` decides: the value at the nearest end, NaN, or a
    refused row. A model with a single training value answers every number with its value, as in scikit-learn."""
    starts, values = estimator.X_thresholds_, estimator.y_thresholds_
    is_single = starts.dtype == np.float32
    x = table.numbers.cast(np.float32) if is_single else table.numbers
    value = interpolate_float32(x, starts, values).widened() if is_single else interpolate(x, starts, values)
    if estimator.out_of_bounds == "clip" or len(starts) == 1:
        return value
    is_beyond = (x < starts[0]) | (x > starts[-1])
    if estimator.out_of_bounds == "nan":
        # A following step might fill in the missing value.
        return x.graph.where(is_beyond, np.nan, value)
    x.graph.refuse(is_beyond)
    return value
