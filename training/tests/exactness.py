"""What the tests of the converters share."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.convert import Conversion, to_onnx_model
from sepal_export.dataset import read_dataset
from sepal_export.points import Points
from sepal_export.predictions import OnnxModel
from sepal_export.verify import Parity, verify


def check(estimator: Any, X: Any, y: Any, features: Any = None) -> Parity:
    """Fits, converts and verifies as `export` does, and holds the parity to the bound that the converters state."""
    estimator.fit(X, y)
    dataset = read_dataset(X, features)
    conversion: Conversion = to_onnx_model(estimator, dataset)
    dataset = conversion.dataset
    model = OnnxModel(conversion.model.SerializeToString(), dataset, conversion.classes)
    points = Points(dataset, conversion.known).by_kind(conversion.model, conversion.splits)
    return verify(estimator, model, dataset, points, tolerance=conversion.tolerance)


def blobs(rows: int = 300, columns: int = 4, classes: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping classes on columns of different scales."""
    random = np.random.default_rng(seed)
    y = random.integers(0, classes, rows)
    X = (random.normal(size=(rows, columns)) + y[:, None] * np.linspace(0.2, 1, columns)) * np.logspace(-1, 2, columns)
    return X, y
