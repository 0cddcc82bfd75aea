"""What a prediction is, whoever makes it: scikit-learn or onnxruntime."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from sklearn.base import BaseEstimator, is_classifier


@dataclass(frozen=True)
class Predictions:
    """N answers. A classifier's: `labels` [N] and `classes` [K] as strings, `scores` [N, K] their probabilities.
    A regressor's: `scores` [N, 1] the values, in the target's unit; no labels, no classes."""

    scores: np.ndarray
    labels: np.ndarray | None = None
    classes: tuple[str, ...] = ()

    def to_json(self) -> list[dict[str, Any]]:
        """One entry a row, as `POST /predict` answers it."""
        if self.labels is None:
            return [{"value": value} for value in self.scores[:, 0].tolist()]
        return [
            {"label": str(label), "probabilities": dict(zip(self.classes, row, strict=True))}
            for label, row in zip(self.labels, self.scores.tolist(), strict=True)
        ]


def predictions_of(estimator: BaseEstimator, X: np.ndarray) -> Predictions:
    """The original's own answers, in float64."""
    if not is_classifier(estimator):
        return Predictions(scores=np.asarray(estimator.predict(X), dtype=np.float64).reshape(-1, 1))
    return Predictions(
        scores=estimator.predict_proba(X),
        labels=estimator.predict(X).astype(str),
        classes=tuple(estimator.classes_.astype(str)),
    )


class OnnxModel:
    """A serialized ONNX model in onnxruntime, on one thread as it is when served."""

    def __init__(self, content: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def predict(self, X: np.ndarray) -> Predictions:
        outputs = self._session.run(None, {self._session.get_inputs()[0].name: X})
        if len(outputs) == 1:
            return Predictions(scores=outputs[0].astype(np.float64))
        labels, probabilities = outputs
        return Predictions(scores=probabilities.astype(np.float64), labels=labels.astype(str))
