"""Features whose products approximate a kernel."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters import pairwise
from sepal_export.converters.pairwise import dense
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts

# The default interval of AdditiveChi2Sampler by its number of steps.
INTERVALS = {1: 0.8, 2: 0.5, 3: 0.4}


@converts("sklearn.Nystroem")
def nystroem(estimator: Any, table: Table) -> Value:
    given = {name: getattr(estimator, name) for name in ("gamma", "coef0", "degree")}
    # The estimator's own option takes precedence over the same one in kernel_params.
    options = {**(estimator.kernel_params or {}), **{name: value for name, value in given.items() if value is not None}}
    kernel = (estimator.kernel, *(options.get(name) for name in given))
    kernels = pairwise.kernel(table.numbers, dense(estimator.components_), *kernel, is_sparse=table.is_sparse)
    return kernels @ dense(estimator.normalization_).T


@converts("sklearn.RBFSampler")
def random_fourier_features(estimator: Any, table: Table) -> Value:
    angles = table.numbers @ dense(estimator.random_weights_) + dense(estimator.random_offset_)
    return table.graph.node("Cos", angles) * (2.0 / estimator.n_components) ** 0.5


@converts("sklearn.SkewedChi2Sampler")
def skewed_chi2_features(estimator: Any, table: Table) -> Value:
    """Refuses rows with a value at or below the negative skewedness, as the original does."""
    x, skewedness = table.numbers, float(estimator.skewedness)
    x.graph.refuse(x <= -skewedness)
    angles = (x + skewedness).log() @ dense(estimator.random_weights_) + dense(estimator.random_offset_)
    return x.graph.node("Cos", angles) * (np.sqrt(2.0) / np.sqrt(estimator.n_components))


@converts("sklearn.AdditiveChi2Sampler")
def additive_chi2_features(estimator: Any, table: Table) -> Value:
    """All features of zero are zero. Refuses rows with a negative value, as the original does."""
    x, graph = table.numbers, table.graph
    graph.refuse(x < 0.0)
    steps = estimator.sample_steps
    interval = float(INTERVALS[steps] if estimator.sample_interval is None else estimator.sample_interval)
    is_zero = x.equals(0.0)
    positive = graph.where(is_zero, 1.0, x)
    angle, twice = positive.log() * interval, positive * 2.0 * interval
    parts = [(positive * interval).sqrt()]
    for step in range(1, steps):
        size = (twice / np.cosh(np.pi * step * interval)).sqrt()
        parts += [size * graph.node(wave, angle * float(step)) for wave in ("Cos", "Sin")]
    return graph.concat([graph.where(is_zero, 0.0, part) for part in parts])


@converts("sklearn.PolynomialCountSketch")
def polynomial_count_sketch(estimator: Any, table: Table) -> Value:
    """The Fourier transforms of each factor's sketch, multiplied, and transformed back. A sketch and its transform are
    linear in the row, so both are one matrix product."""
    x = table.numbers * np.sqrt(estimator.gamma)
    width, coef0 = int(estimator.n_components), float(estimator.coef0)
    if coef0:
        x = x.graph.concat([x, table.numbers.columns([0]) * 0.0 + np.sqrt(coef0)])
    real = imaginary = None
    for places, signs in zip(estimator.indexHash_, estimator.bitHash_, strict=True):
        sketch = np.zeros((len(places), width))
        sketch[np.arange(len(places)), places] = signs
        spectrum = np.fft.rfft(sketch, axis=1)
        a, b = x @ spectrum.real, x @ spectrum.imag
        real, imaginary = (a, b) if real is None else (real * a - imaginary * b, real * b + imaginary * a)
    unit = np.eye(width // 2 + 1)
    back, back_imaginary = np.fft.irfft(unit, n=width, axis=1), np.fft.irfft(unit * 1j, n=width, axis=1)
    return real @ back + imaginary @ back_imaginary
