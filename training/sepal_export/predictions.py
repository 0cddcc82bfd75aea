"""What a prediction is, whoever makes it: the original or onnxruntime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from joblib import parallel_config
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as MissingOperator
from sklearn.base import is_classifier

from sepal_export.classes import Class, classes_of, name_of, positions_of
from sepal_export.dataset import Dataset, Rows
from sepal_export.registry import ConversionError


@dataclass(frozen=True)
class Predictions:
    """N answers. A classifier's: `labels` [N] int64 the positions in `classes` [K], `scores` [N, K] the probabilities.
    A regressor's: `scores` [N, 1] the values, in the target's unit; no labels, no classes."""

    scores: np.ndarray
    labels: np.ndarray | None = None
    classes: tuple[Class, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """[K] of the classes, by which their probabilities are answered."""
        return tuple(map(name_of, self.classes))

    def to_json(self) -> list[dict[str, Any]]:
        """One entry a row, as `POST /predict` answers it."""
        if self.labels is None:
            return [{"value": value} for value in self.scores[:, 0].tolist()]
        names = self.names
        return [
            {"label": self.classes[label], "probabilities": dict(zip(names, row, strict=True))}
            for label, row in zip(self.labels, self.scores.tolist(), strict=True)
        ]

    def take(self, rows: np.ndarray) -> Predictions:
        return Predictions(self.scores[rows], None if self.labels is None else self.labels[rows], self.classes)


def predictions_of(estimator: Any, X: Any) -> Predictions:
    """The original's own answers, in float64."""
    # With several jobs, a forest adds its trees in whatever order they are ready.
    with parallel_config(backend="sequential"):
        if not is_classifier(estimator):
            return Predictions(scores=np.asarray(estimator.predict(X), dtype=np.float64).reshape(-1, 1))
        classes = classes_of(estimator)
        return Predictions(
            scores=np.asarray(estimator.predict_proba(X), dtype=np.float64),
            labels=positions_of(estimator.predict(X), classes),
            classes=classes,
        )


class OnnxModel:
    """A serialized ONNX model, or one in a file, in onnxruntime, on one thread as it is when served."""

    def __init__(self, content: bytes | Path, dataset: Dataset, classes: tuple[Class, ...]) -> None:
        self._run = run(content)
        self._dataset = dataset
        self._classes = classes

    def scores(self, rows: Rows) -> np.ndarray:
        """What is finite of rows that it has an answer to."""
        return self._run(self._dataset.for_onnx(rows))[-1]

    def predict(self, rows: Rows) -> Predictions:
        outputs = self._run(self._dataset.for_onnx(rows))
        if len(outputs) == 1:
            return Predictions(scores=outputs[0])
        labels, probabilities = outputs
        return Predictions(probabilities, labels, self._classes)


def run(content: bytes | Path) -> Callable[[dict[str, np.ndarray]], list[np.ndarray]]:
    """Feeds in, all outputs out, of a model's bytes or its file; with the service's own settings, which the further optimisations would make wrong.
    Raises ConversionError where this onnxruntime lacks an operator."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except MissingOperator as error:
        raise ConversionError(
            f"onnxruntime {onnxruntime.__version__} cannot run the model ({first_line(error)}), and the service's can; "
            "pip install --upgrade onnxruntime, in an environment of Python 3.11 or newer"
        ) from error
    return lambda feeds: session.run(None, feeds)


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
