"""Gaussian processes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.polynomial.hermite import hermval
from scipy.linalg import solve_triangular
from scipy.special import erf as scipy_erf
from sklearn.gaussian_process._gpc import COEFS, LAMBDAS

from sepal_export.converters import pairwise
from sepal_export.converters.ensembles import largest_against_rest, normalized
from sepal_export.converters.multiclass import against_the_rest
from sepal_export.converters.pairwise import squared_distances
from sepal_export.estimators import class_name
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table, with_complement
from sepal_export.registry import converts

# The same limit as in functions/core/model/consistency.ts.
LARGEST_TOLERANCE = 1e-3


@converts("sklearn.GaussianProcessRegressor")
def gaussian_process_regression(estimator: Any, table: Table) -> Value:
    weights = estimator.alpha_.reshape(len(estimator.alpha_), -1)
    table.graph.loosen(checked(rounding(estimator)))
    mean = kernel_between(estimator.kernel_, table.numbers, estimator.X_train_) @ weights
    return mean * np.float64(estimator._y_train_std) + np.float64(estimator._y_train_mean)


def checked(tolerance: float) -> float:
    """Returns the tolerance. Raises NotImplementedError if it is larger than the service accepts, because the proof
    would then mean nothing."""
    if tolerance > LARGEST_TOLERANCE:
        raise NotImplementedError(
            f"rounding errors change its answers by up to {tolerance:.1g} times the largest answer, so that machines "
            "disagree; fit it with a larger alpha, such as 1e-8, or with a WhiteKernel"
        )
    return tolerance


def rounding(estimator: Any) -> float:
    """The rounding error of a prediction as a share of its target's largest prediction for the training rows. With
    hardly any noise, the weights are millions of times larger than the predictions, and the original too sums terms
    that nearly cancel."""
    terms = np.abs(estimator.alpha_).sum(axis=0) * estimator.kernel_.diag(estimator.X_train_).max()
    largest = np.abs(estimator.predict(estimator.X_train_)).max(axis=0)
    shares = terms * estimator._y_train_std / np.where(largest > 0, largest, np.inf)
    return float(4 * np.finfo(np.float64).eps * np.max(shares))


@converts("sklearn.GaussianProcessClassifier")
def gaussian_process_classification(estimator: Any, table: Table) -> Classification:
    if len(estimator.classes_) == 2:
        mean, probability = latent_mean_and_probability(estimator.base_estimator_, table.numbers)
        return Classification((mean > 0.0).cast(np.int64).reshape(-1), with_complement(probability))
    if estimator.multi_class == "one_vs_one":
        return between_pairs(estimator, table)
    parts = [latent_mean_and_probability(part, table.numbers)[1] for part in estimator.base_estimator_.estimators_]
    return Classification(largest_against_rest(table.graph.concat(parts), len(parts)), normalized(parts))


def between_pairs(estimator: Any, table: Table) -> Classification:
    """Each pair of classes votes. There are no probabilities."""
    pairs = [latent_mean_and_probability(part, table.numbers) for part in estimator.base_estimator_.estimators_]
    for_second = [(mean > 0.0).cast(np.float64) for mean, _ in pairs]
    decision = against_the_rest(for_second, [probability for _, probability in pairs], len(estimator.classes_))
    return Classification(decision.argmax())


def latent_mean_and_probability(estimator: Any, x: Value) -> tuple[Value, Value]:
    """[N, 1] both: the latent mean, and the probability of the second class. The probability is the average of the
    logistic function over a normal distribution, approximated by five error functions."""
    kernel = kernel_between(estimator.kernel_, x, estimator.X_train_)
    mean = kernel @ (estimator.y_train_ - estimator.pi_).reshape(-1, 1)
    inverse = solve_triangular(estimator.L_, np.eye(len(estimator.L_)), lower=True)
    explained = kernel * estimator.W_sr_ @ inverse.T
    variance = kernel_of_itself(estimator.kernel_, x) - (explained * explained).sum()
    alpha = 1.0 / (variance * 2.0)
    lambdas, coefs = LAMBDAS.T, COEFS.T
    errors = erf(mean * lambdas * (alpha / (alpha + lambdas**2)).sqrt())
    integrals = (np.pi / alpha).sqrt() * errors / ((variance * 2.0 * np.pi).sqrt() * 2.0)
    return mean, (integrals * coefs).sum() + 0.5 * coefs.sum()


# The values of a kernel. If they are the same for all rows, an array [1, S] or [1, 1].
Similarity = Value | np.ndarray


def kernel_between(kernel: Any, x: Value, points: np.ndarray) -> Value:
    """[N, S]."""
    similarity = between(kernel, x, points)
    # A constant kernel must still refuse rows with missing values.
    return similarity if isinstance(similarity, Value) else (x * 0.0).sum() + similarity


def between(kernel: Any, x: Value, points: np.ndarray) -> Similarity:
    match class_name(kernel):
        case "sklearn.Sum":
            return between(kernel.k1, x, points) + between(kernel.k2, x, points)
        case "sklearn.Product":
            return between(kernel.k1, x, points) * between(kernel.k2, x, points)
        case "sklearn.Exponentiation":
            return between(kernel.kernel, x, points) ** float(kernel.exponent)
        case "sklearn.ConstantKernel":
            return np.full((1, len(points)), float(kernel.constant_value))
        case "sklearn.WhiteKernel":
            return np.zeros((1, len(points)))
        case "sklearn.DotProduct":
            return x @ points.T + float(kernel.sigma_0) ** 2
        case "sklearn.PairwiseKernel":
            options = kernel.pairwise_kernels_kwargs or {}
            return pairwise.kernel(x, points, kernel.metric, kernel.gamma, options.get("coef0"), options.get("degree"))
        case _:
            return stationary(kernel, x, points)


def stationary(kernel: Any, x: Value, points: np.ndarray) -> Value:
    """Kernels that depend only on the distance between rows."""
    match class_name(kernel):
        case "sklearn.RBF":
            return (scaled_squared_distances(kernel, x, points) * -0.5).exp()
        case "sklearn.Matern":
            return matern(kernel.nu, scaled_squared_distances(kernel, x, points))
        case "sklearn.RationalQuadratic":
            spread = 2 * kernel.alpha * np.squeeze(kernel.length_scale) ** 2
            return (squared_distances(x, points) / float(spread) + 1.0) ** -float(kernel.alpha)
        case "sklearn.ExpSineSquared":
            distances = squared_distances(x, points).sqrt()
            wave = x.graph.node("Sin", distances * (np.pi / float(kernel.periodicity))) / float(kernel.length_scale)
            return (wave * wave * -2.0).exp()
        case _:
            raise NotImplementedError(f"its kernel {type(kernel).__name__} has no converter; use RBF or Matern")


def scaled_squared_distances(kernel: Any, x: Value, points: np.ndarray) -> Value:
    scale = np.asarray(kernel.length_scale, dtype=np.float64).squeeze()
    return squared_distances(x / scale, points / scale)


def matern(nu: float, squared: Value) -> Value:
    match nu:
        case 0.5:
            return (-squared.sqrt()).exp()
        case 1.5:
            scaled = squared.sqrt() * math.sqrt(3)
            return (scaled + 1.0) * (-scaled).exp()
        case 2.5:
            scaled = squared.sqrt() * math.sqrt(5)
            return (scaled + 1.0 + scaled * scaled / 3.0) * (-scaled).exp()
        case math.inf:
            return (squared / -2.0).exp()
        case _:
            raise NotImplementedError(f"a Matern kernel of nu={nu} has no converter; use nu=0.5, 1.5 or 2.5")


def kernel_of_itself(kernel: Any, x: Value) -> Similarity:
    """[N, 1], or [1, 1] if it is the same for all rows: the kernel between a row and itself."""
    match class_name(kernel):
        case "sklearn.Sum":
            return kernel_of_itself(kernel.k1, x) + kernel_of_itself(kernel.k2, x)
        case "sklearn.Product":
            return kernel_of_itself(kernel.k1, x) * kernel_of_itself(kernel.k2, x)
        case "sklearn.Exponentiation":
            return kernel_of_itself(kernel.kernel, x) ** float(kernel.exponent)
        case "sklearn.ConstantKernel":
            return np.full((1, 1), float(kernel.constant_value))
        case "sklearn.WhiteKernel":
            return np.full((1, 1), float(kernel.noise_level))
        case "sklearn.DotProduct":
            return (x * x).sum() + float(kernel.sigma_0) ** 2
        case "sklearn.PairwiseKernel":
            raise NotImplementedError("its PairwiseKernel has no converter in a classifier; use RBF or DotProduct")
        case _:
            return np.ones((1, 1))


# The distance between the centres of the series below. Beyond the last centre, erf is 1 in float64.
STEP = 1 / 16
LAST = 6.0
TERMS = 12


def erf(x: Value) -> Value:
    """[N, W]: the error function by a Taylor series around the nearest centre, right to the last bit or two.
    onnxruntime has this operator only for float32."""
    graph = x.graph
    magnitude = x.abs().minimum(LAST)
    place = graph.node("Round", magnitude / STEP)
    distance = magnitude - place * STEP
    powers = graph.node("Unsqueeze", distance, np.array([2])) ** np.arange(TERMS, dtype=np.float64)
    terms = powers * graph.constant(series_of_erf()).rows(place.cast(np.int64))
    return terms.sum(axis=2, keepdims=False) * graph.node("Sign", x)


def series_of_erf() -> np.ndarray:
    """[centres, TERMS]: the k-th derivative at each centre divided by k!, from Hermite polynomials."""
    centres = np.arange(0, LAST + STEP / 2, STEP)
    columns = [scipy_erf(centres)]
    for k in range(1, TERMS):
        polynomial = hermval(centres, np.eye(TERMS)[k - 1])
        slope = 2 / math.sqrt(math.pi) * np.exp(-(centres**2)) * (-1) ** (k - 1)
        columns.append(slope * polynomial / math.factorial(k))
    return np.stack(columns, axis=1)
