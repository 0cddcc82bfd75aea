"""Transformers that project rows to fewer or more dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg
from sklearn.linear_model import ridge_regression

from sepal_export.converters import pairwise
from sepal_export.converters.pairwise import dense
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts
from sepal_export.versions import SKLEARN


@converts("sklearn.PCA", "sklearn.IncrementalPCA")
def principal_components(estimator: Any, table: Table) -> Value:
    """Centers the row after the projection, or before it for scikit-learn before 1.5, so that the last bits match."""
    components = estimator.components_.T
    if SKLEARN < (1, 5):
        projected = (table.numbers - estimator.mean_.astype(np.float64)) @ components.astype(np.float64)
    else:
        centre = estimator.mean_.reshape(1, -1) @ components
        projected = table.numbers @ components.astype(np.float64) - centre.astype(np.float64)
    if not estimator.whiten:
        return projected
    scale = np.sqrt(estimator.explained_variance_)
    return projected / np.maximum(scale, np.finfo(scale.dtype).eps).astype(np.float64)


@converts(
    "sklearn.TruncatedSVD", "sklearn.GaussianRandomProjection", "sklearn.SparseRandomProjection"
)  # fmt: skip
def projection(estimator: Any, table: Table) -> Value:
    return table.numbers @ dense(estimator.components_).T


@converts("sklearn.FastICA")
def independent_components(estimator: Any, table: Table) -> Value:
    x = table.numbers
    if estimator.whiten:
        x = x - estimator.mean_.astype(np.float64)
    return x @ dense(estimator.components_).T


@converts("sklearn.FactorAnalysis")
def factor_analysis(estimator: Any, table: Table) -> Value:
    weighted = estimator.components_ / estimator.noise_variance_
    covariance = linalg.inv(np.eye(len(weighted)) + np.dot(weighted, estimator.components_.T))
    centred = table.numbers - estimator.mean_.astype(np.float64)
    return centred @ dense(weighted).T @ covariance.astype(np.float64)


@converts("sklearn.KernelPCA")
def kernel_principal_components(estimator: Any, table: Table) -> Value:
    options = (estimator.kernel, estimator.gamma_, estimator.coef0, estimator.degree)
    return on_kernel_axes(
        estimator, pairwise.kernel(table.numbers, dense(estimator.X_fit_), *options, is_sparse=table.is_sparse)
    )


def on_kernel_axes(estimator: Any, kernel: Value) -> Value:
    """[N, S], kernels with the training rows, → [N, K]."""
    positive = estimator.eigenvalues_ != 0
    axes = np.zeros_like(estimator.eigenvectors_)
    axes[:, positive] = estimator.eigenvectors_[:, positive] / np.sqrt(estimator.eigenvalues_[positive])
    return centred_kernel(estimator._centerer, kernel) @ axes.astype(np.float64)


@converts("sklearn.SparsePCA", "sklearn.MiniBatchSparsePCA")
def sparse_principal_components(estimator: Any, table: Table) -> Value:
    """A ridge regression of each row on the components. Its weights are linear in the row."""
    if estimator.components_.dtype == np.float32:
        # The original solves the regression in float32, whatever the type of the row.
        table.graph.loosen(1e-5)
    unit = np.eye(len(estimator.mean_))
    weights = ridge_regression(dense(estimator.components_).T, unit, estimator.ridge_alpha, solver="cholesky")
    return (table.numbers - estimator.mean_.astype(np.float64)) @ weights.reshape(len(unit), -1)


@converts("sklearn.NeighborhoodComponentsAnalysis")
def neighborhood_components(estimator: Any, table: Table) -> Value:
    return table.numbers @ dense(estimator.components_).T


@converts("sklearn.PLSSVD")
def partial_least_squares(estimator: Any, table: Table) -> Value:
    return (table.numbers - estimator._x_mean) / estimator._x_std @ estimator.x_weights_


@converts("sklearn.BernoulliRBM")
def boltzmann_machine(estimator: Any, table: Table) -> Value:
    """The probability of each hidden unit."""
    hidden = table.numbers @ dense(estimator.components_).T + dense(estimator.intercept_hidden_)
    return table.graph.sigmoid(hidden)


@converts("sklearn.KernelCenterer")
def kernel_centerer(estimator: Any, table: Table) -> Value:
    """The features are kernels with the training rows."""
    return centred_kernel(estimator, table.numbers)


def centred_kernel(centerer: Any, kernel: Value) -> Value:
    """Centers first by the training rows' means, then by the row's own mean."""
    row_means = kernel.sum() / float(len(centerer.K_fit_rows_))
    return kernel - centerer.K_fit_rows_.astype(np.float64) - row_means + np.float64(centerer.K_fit_all_)
