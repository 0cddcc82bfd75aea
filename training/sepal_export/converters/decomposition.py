"""Transformers that project rows to fewer, or to more, dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from sepal_export.converters import pairwise
from sepal_export.converters.pairwise import dense, expanded_squared_distances
from sepal_export.graph import Value
from sepal_export.registry import converts, transforms
from sepal_export.table import Table
from sepal_export.versions import SKLEARN


@converts("sklearn.PCA", "sklearn.IncrementalPCA")
def principal_components(estimator: Any, table: Table) -> Value:
    """Centred after the projection, as scikit-learn does from 1.5 on."""
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
    """The kernel is centred, first by the training rows' means, then by the row's own."""
    options = (estimator.kernel, estimator.gamma_, estimator.coef0, estimator.degree)
    kernel = pairwise.kernel(table.numbers, dense(estimator.X_fit_), *options)
    centerer = estimator._centerer
    row_means = kernel.sum() / float(len(centerer.K_fit_rows_))
    centred = kernel - centerer.K_fit_rows_.astype(np.float64) - row_means + np.float64(centerer.K_fit_all_)
    positive = estimator.eigenvalues_ != 0
    axes = np.zeros_like(estimator.eigenvectors_)
    axes[:, positive] = estimator.eigenvectors_[:, positive] / np.sqrt(estimator.eigenvalues_[positive])
    return centred @ axes.astype(np.float64)


@converts("sklearn.Nystroem")
def nystroem(estimator: Any, table: Table) -> Value:
    if estimator.kernel_params:
        raise NotImplementedError("kernel_params has no converter; use gamma, coef0 and degree")
    options = (estimator.kernel, estimator.gamma, estimator.coef0, estimator.degree)
    return pairwise.kernel(table.numbers, dense(estimator.components_), *options) @ dense(estimator.normalization_).T


@converts("sklearn.RBFSampler")
def random_fourier_features(estimator: Any, table: Table) -> Value:
    angles = table.numbers @ dense(estimator.random_weights_) + dense(estimator.random_offset_)
    return table.graph.node("Cos", angles) * (2.0 / estimator.n_components) ** 0.5


@transforms("sklearn.KMeans", "sklearn.MiniBatchKMeans", "sklearn.BisectingKMeans")
def distances_from_centres(estimator: Any, table: Table) -> Value:
    return expanded_squared_distances(table.numbers, dense(estimator.cluster_centers_)).sqrt()
