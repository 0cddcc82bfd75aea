"""What many tests share: checks of whether a model is exact, and data."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import onnx

from sepal_export.conversion.convert import Conversion, to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import OnnxModel, predictions_of, run
from sepal_export.proof.points import Points
from sepal_export.proof.verify import Parity, verify


def id_of(value: Any) -> str:
    """A test's name, the same in every process: without the addresses of functions."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def check(estimator: Any, X: Any, y: Any, features: Any = None) -> Parity:
    """Fits, converts and verifies as `export` does, within the tolerance of the converters."""
    estimator.fit(X, y)
    dataset = read_dataset(X, features)
    conversion: Conversion = to_onnx_model(estimator, dataset)
    dataset = conversion.dataset
    model = OnnxModel(conversion.content, dataset, conversion.outputs)
    check_beside_others(conversion.model, dataset.for_onnx(dataset.rows.take(np.arange(len(dataset.rows))[:60])))
    maker = Points(dataset, conversion.known, doubts=conversion.doubts, rounding=conversion.rounding)
    points = maker.by_kind(conversion.model, conversion.splits)
    return verify(estimator, model, dataset, points, tolerance=conversion.tolerance)


def check_rows(estimator: Any, X: Any, y: Any, *, within: float) -> None:
    """As `check`, but compares only the rows of X: for an original that takes long for each row."""
    estimator.fit(X, y)
    conversion = to_onnx_model(estimator, read_dataset(X, None))
    dataset = conversion.dataset
    check_beside_others(conversion.model, dataset.for_onnx(dataset.rows.take(np.arange(len(dataset.rows))[:60])))
    answers = OnnxModel(conversion.content, dataset, conversion.outputs).predict(dataset.rows)
    expected = predictions_of(estimator, X, conversion.outputs)
    np.testing.assert_allclose(answers.scores, expected.scores, rtol=0, atol=within)
    np.testing.assert_array_equal(answers.labels, expected.labels)


def check_beside_others(model: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> None:
    """Asserts that a row of `feeds` gets exactly the same numbers and labels among other rows, in any order, as in a
    run of its own. That run holds the row twice, because the service runs a single row that way."""
    answers = run(model.SerializeToString())
    rows = len(next(iter(feeds.values())))
    alone = [answers({name: values[[row, row]] for name, values in feeds.items()}) for row in range(rows)]
    order = np.random.default_rng(0).integers(0, rows, 4 * rows)
    among = answers({name: values[order] for name, values in feeds.items()})
    for output, values in enumerate(among):
        np.testing.assert_array_equal(values, np.stack([alone[row][output][0] for row in order]))


def blobs(rows: int = 300, columns: int = 4, classes: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping classes on columns of different scales."""
    random = np.random.default_rng(seed)
    y = random.integers(0, classes, rows)
    X = (random.normal(size=(rows, columns)) + y[:, None] * np.linspace(0.2, 1, columns)) * np.logspace(-1, 2, columns)
    return X, y
