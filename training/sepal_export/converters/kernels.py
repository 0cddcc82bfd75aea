"""Support vector machines and kernel ridge regression: weighted sums of kernels between a row and training rows."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from sepal_export.converters import pairwise
from sepal_export.converters.coupling import coupled
from sepal_export.converters.pairwise import dense, squared_distances
from sepal_export.converters.rounding import EPSILON, rows_at
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import converts


@converts("sklearn.KernelRidge")
def kernel_ridge(estimator: Any, table: Table) -> Value:
    weights = np.asarray(estimator.dual_coef_, dtype=np.float64).reshape(len(estimator.dual_coef_), -1)
    points, options = dense(estimator.X_fit_), (estimator.kernel, estimator.gamma, estimator.coef0, estimator.degree)
    kernel = pairwise.kernel(table.numbers, points, *options, is_sparse=table.is_sparse)
    if estimator.kernel == "linear":
        rows = rows_at(table.numbers)
        terms = np.abs(rows) @ np.abs(points).T @ np.abs(weights)
        largest = np.abs(rows @ points.T @ weights).max(initial=0.0) or 1.0
        table.graph.expect_rounding(4 * EPSILON * float(terms.max(initial=0.0)) / largest)
    return kernel @ weights


@converts("sklearn.SVR", "sklearn.NuSVR")
def support_vector_regression(estimator: Any, table: Table) -> Value:
    weights = dense(estimator._dual_coef_).T if len(estimator.support_) else np.zeros((1, 1))
    return support_sums(estimator, table.numbers, weights)


@converts("sklearn.SVC", "sklearn.NuSVC")
def support_vector_classification(estimator: Any, table: Table) -> Classification:
    """One decision per pair of classes. The label is the first class with the most votes, unless break_ties is set. It
    is not always the class with the largest probability."""
    classes = len(estimator.classes_)
    decisions = support_sums(estimator, table.numbers, pair_weights(estimator))
    label = votes(decisions > 0.0, classes).argmax()
    probabilities = probabilities_of(estimator, decisions, classes) if estimator.probability is True else None
    if classes == 2:
        return Classification(label, probabilities, -decisions)
    if estimator.decision_function_shape == "ovo":
        return Classification(label, probabilities, decisions)
    decision = against_the_rest(decisions, classes)
    return Classification(decision.argmax() if estimator.break_ties else label, probabilities, decision)


def probabilities_of(estimator: Any, decisions: Value, classes: int) -> Value:
    """[N, K], from a sigmoid per pair, written so that its exponential cannot overflow."""
    scaled = decisions * estimator._probA.astype(np.float64) + estimator._probB.astype(np.float64)
    small = (-scaled.abs()).exp()
    pairs = scaled.graph.where(scaled >= 0.0, small, 1.0) / (small + 1.0)
    return coupled(pairs, classes)


def support_sums(estimator: Any, x: Value, weights: np.ndarray) -> Value:
    """[N, S] @ [S, P] → [N, P]. The terms may be larger than their sum, which then has large rounding errors."""
    sums, rows = support_kernel(estimator, x) @ weights + estimator._intercept_, rows_at(x)
    if not len(estimator.support_):
        return sums
    error = 4 * EPSILON * float((largest_kernels(estimator, rows) @ np.abs(weights)).max(initial=0.0))
    if getattr(estimator, "probability", False) is True:
        # The error times the steepest slope of the sigmoid.
        x.graph.expect_rounding(error * float(np.abs(estimator._probA).max()) / 4)
    elif len(rows):
        answers = getattr(estimator, "decision_function", estimator.predict)(rows)
        x.graph.expect_rounding(error / (np.abs(answers).max() or 1.0))
    return sums


def largest_kernels(estimator: Any, rows: np.ndarray) -> np.ndarray:
    """[N, S]. The rounding error of a kernel is proportional to this. For linear and poly it is the size that the
    kernel would have if none of its terms cancelled; for sigmoid, that size of the argument of tanh; for rbf it is 1,
    the largest value that the kernel can have."""
    products = np.abs(rows) @ np.abs(dense(estimator.support_vectors_)).T
    match estimator.kernel:
        case "linear":
            return products
        case "rbf":
            return np.ones_like(products)
        case _:
            powers = products * float(estimator._gamma) + abs(float(estimator.coef0))
            return powers ** float(estimator.degree) if estimator.kernel == "poly" else powers


def support_kernel(estimator: Any, x: Value) -> Value:
    """[N, S], computed like in libsvm."""
    points, gamma, coef0 = dense(estimator.support_vectors_), float(estimator._gamma), float(estimator.coef0)
    if len(estimator.support_) == 0:
        # Without support vectors the answer is the intercept. A column of zeros stands for the kernel.
        return (x * 0.0).sum()
    match estimator.kernel:
        case "linear":
            return x @ points.T
        case "rbf":
            return (squared_distances(x, points) * -gamma).exp()
        case "poly":
            return (x @ points.T * gamma + coef0) ** float(estimator.degree)
        case "sigmoid":
            return x.graph.node("Tanh", x @ points.T * gamma + coef0)
        case "precomputed":
            raise NotImplementedError("it takes a matrix of kernels, not features; use kernel='rbf'")
        case _:
            raise NotImplementedError("its kernel is Python code, which has no converter; use kernel='rbf'")


def pair_weights(estimator: Any) -> np.ndarray:
    """[S, pairs of classes]: for class i against class j, the support vectors of i have their weights in row j - 1 of
    the dual coefficients, and those of j in row i."""
    coefficients = dense(estimator._dual_coef_)
    ends = np.cumsum(estimator._n_support)
    of_class = [slice(end - size, end) for size, end in zip(estimator._n_support, ends, strict=True)]
    pairs = list(combinations(range(len(of_class)), 2))
    weights = np.zeros((ends[-1], len(pairs)))
    for column, (i, j) in enumerate(pairs):
        weights[of_class[i], column] = coefficients[j - 1, of_class[i]]
        weights[of_class[j], column] = coefficients[i, of_class[j]]
    return weights


def votes(for_first: Value, classes: int) -> Value:
    """[N, pairs of classes] bool → [N, K]: the number of pairs that each class wins. True means that the pair's first
    class wins."""
    first, second = np.eye(classes)[list(combinations(range(classes), 2))].transpose(1, 0, 2)
    return for_first.cast(np.float64) @ (first - second) + second.sum(axis=0)


def against_the_rest(decisions: Value, classes: int) -> Value:
    """[N, K]: the votes of each class, plus the signed sum of the decisions of its pairs. The sum is squeezed to less
    than a third of a vote."""
    first, second = np.eye(classes)[list(combinations(range(classes), 2))].transpose(1, 0, 2)
    confidence = decisions @ (first - second)
    return votes(decisions >= 0.0, classes) + confidence / ((confidence.abs() + 1.0) * 3.0)
