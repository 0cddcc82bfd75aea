"""Predictions, whether of the original or of onnxruntime."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from joblib import parallel_config
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as MissingOperator

from sepal_export.data.classes import Class, name_of, positions_of
from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.forms import take
from sepal_export.data.outputs import CLUSTERING, OUTLIERS, Outputs, last_of, len_of, outputs_of, predicted
from sepal_export.estimators import ConversionError, class_name

# The prefix of text inputs, and the number of rows with texts per run.
TERMS, TEXT_ROWS = "input terms ", 128


@dataclass(frozen=True)
class Predictions:
    """N answers. `labels` are positions of classes, int64: [N], or [N, T] for several targets; None for a regressor.
    `scores` [N, W] are the numbers of `outputs`, in its order."""

    scores: np.ndarray
    labels: np.ndarray | None
    outputs: Outputs

    @property
    def classes(self) -> tuple[Class, ...]:
        """The classes [K] of the single target."""
        [classes] = self.outputs.classes
        return classes

    @property
    def names(self) -> tuple[str, ...]:
        """The names [K] of the classes, which are the keys of probabilities."""
        return tuple(map(name_of, self.classes))

    @property
    def groups(self) -> np.ndarray | None:
        """[N] int: equal for rows with the same label, or the same labels of all targets."""
        if self.labels is None or self.labels.ndim == 1:
            return self.labels
        return np.unique(self.labels, axis=0, return_inverse=True)[1].reshape(-1)

    @property
    def certainty(self) -> np.ndarray:
        """[N]: the larger, the more certain the label."""
        if self.scores.shape[1] == 0:
            return np.zeros(len(self.scores))
        if self.outputs.numbers == "distances":
            return -self.scores.min(axis=1)
        return (np.abs(self.scores) if self.scores.shape[1] == 1 else self.scores).max(axis=1)

    def to_json(self) -> list[dict[str, Any]]:
        """One entry per row, as in the answer of `POST /predict`."""
        keys, count = self.outputs.keys, len(self.scores)
        answers: list[dict[str, Any]] = [{} for _ in range(count)]
        if self.labels is not None:
            for answer, labels in zip(answers, self.labels.reshape(count, -1).tolist(), strict=True):
                named = [known[place] for known, place in zip(self.outputs.classes, labels, strict=True)]
                targets = self.outputs.targets
                answer[self.outputs.labels] = dict(zip(targets, named, strict=True)) if targets else named[0]
        if self.outputs.numbers:
            for answer, numbers in zip(answers, self.scores.tolist(), strict=True):
                answer[self.outputs.numbers] = nested(keys, numbers)
        return answers

    def take(self, rows: np.ndarray) -> Predictions:
        return Predictions(self.scores[rows], None if self.labels is None else self.labels[rows], self.outputs)

    @staticmethod
    def concat(parts: Sequence[Predictions]) -> Predictions:
        labels = None if parts[0].labels is None else np.concatenate([part.labels for part in parts])
        return Predictions(np.concatenate([part.scores for part in parts]), labels, parts[0].outputs)


def nested(keys: Sequence[tuple[str, ...]], numbers: Sequence[float]) -> Any:
    """A number, an object of numbers, or an object of such objects."""
    if keys[0] == ():
        return numbers[0]
    answer: dict[str, Any] = {}
    for key, number in zip(keys, numbers, strict=True):
        place = answer
        for part in key[:-1]:
            place = place.setdefault(part, {})
        place[key[-1]] = number
    return answer


def predictions_of(estimator: Any, X: Any, outputs: Outputs | None = None) -> Predictions:
    """The original's answers in float64. Pass `outputs` if they are known."""
    # With several jobs, a forest adds its trees in the random order in which they finish.
    with parallel_config(backend="sequential"):
        outputs = outputs or outputs_of(estimator, first_rows(X))
        return Predictions(numbers_of(estimator, X, outputs), labels_of(estimator, X, outputs), outputs)


def first_rows(X: Any) -> Any:
    """The first two rows, like in conversion/convert.py, or the only one."""
    return take(X, np.arange(min(2, len_of(X))))


def labels_of(estimator: Any, X: Any, outputs: Outputs) -> np.ndarray | None:
    if outputs.labels is None:
        return None
    answered = predicted(estimator, X)
    if outputs.task == OUTLIERS:
        return (answered < 0).astype(np.int64)
    if outputs.task == CLUSTERING:
        return answered.astype(np.int64)
    if not outputs.targets:
        return positions_of(answered, outputs.classes[0])
    columns = [positions_of(answered[:, place], classes) for place, classes in enumerate(outputs.classes)]
    return np.stack(columns, axis=1)


def numbers_of(estimator: Any, X: Any, outputs: Outputs) -> np.ndarray:
    """[N, W] float64."""
    match outputs.numbers:
        case None:
            return np.empty((len_of(X), 0))
        case "value" | "values":
            answered = predicted(estimator, X)
        case "probabilities":
            answered = estimator.predict_proba(X)
            # A chain of one target returns a column.
            if isinstance(answered, list) or np.shape(answered)[1] < outputs.width:
                answered = side_by_side(answered, is_of_first=is_stacking(estimator))
        case "distances":
            answered = estimator.transform(X)
        case _:
            answered = estimator.decision_function(X)
    return np.asarray(answered, dtype=np.float64).reshape(-1, outputs.width)


def side_by_side(answered: Any, *, is_of_first: bool) -> np.ndarray:
    """[N, K1 + K2 + …] from a list of [N, K], or from [N, T] with one of two classes per target."""
    if not isinstance(answered, list):
        columns = np.asarray(answered, dtype=np.float64).T
        pairs = [(column, 1 - column) if is_of_first else (1 - column, column) for column in columns]
        answered = [np.stack(pair, axis=1) for pair in pairs]
    return np.concatenate(answered, axis=1)


def is_stacking(estimator: Any) -> bool:
    """For several targets, some estimators return one probability per target from predict_proba. A
    StackingClassifier returns that of the first class, all others return that of the second."""
    return class_name(last_of(estimator)) == "sklearn.StackingClassifier"


class OnnxModel:
    """An ONNX model (serialized or in a file) in onnxruntime, on one thread as in the service."""

    def __init__(self, content: bytes | Path, dataset: Dataset, outputs: Outputs) -> None:
        self._run = run(content)
        self._dataset = dataset
        self._outputs = outputs

    def last_output(self, rows: Rows) -> np.ndarray:
        """[N, W]: the numbers, or the labels if there are no numbers."""
        return self._run(self._dataset.for_onnx(rows))[-1].reshape(len(rows), -1)

    def predict(self, rows: Rows) -> Predictions:
        answered = self._run(self._dataset.for_onnx(rows))
        labels = answered[0] if self._outputs.labels else None
        scores = answered[-1] if self._outputs.numbers else np.empty((len(rows), 0))
        return Predictions(scores, labels, self._outputs)


def run(content: bytes | Path) -> Callable[[dict[str, np.ndarray]], list[np.ndarray]]:
    """Creates a function from inputs to all outputs of a model, given its bytes or file. It uses the service's
    settings; further optimisations would change results. Raises ConversionError if the installed onnxruntime lacks an
    operator."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except MissingOperator as error:
        raise ConversionError(
            f"onnxruntime {onnxruntime.__version__} cannot run the model ({first_line(error)}), but the version in the "
            "service can; pip install --upgrade onnxruntime, in an environment of Python 3.11 or newer"
        ) from error
    if not any(entry.name.startswith(TERMS) for entry in session.get_inputs()):
        return lambda feeds: session.run(None, feeds)
    return lambda feeds: run_in_parts(session, feeds)


def run_in_parts(session: onnxruntime.InferenceSession, feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Runs TEXT_ROWS rows at a time, because each may have many thousand numbers. First sorts the rows by their number
    of terms, because every row of a run takes as long as its longest row."""
    first = next(iter(feeds.values()))
    lengths = sum(np.array([len(cell) for cell in feeds[name][:, 0]]) for name in feeds if name.startswith(TERMS))
    order = np.argsort(lengths, kind="stable")
    parts = [
        session.run(None, {name: values[order[start : start + TEXT_ROWS]] for name, values in feeds.items()})
        for start in range(0, max(len(first), 1), TEXT_ROWS)
    ]
    back = np.argsort(order, kind="stable")
    return [np.concatenate(answers)[back] for answers in zip(*parts, strict=True)]


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def refusal(estimator: Any, X: Any) -> str | None:
    """Why the estimator does not answer the rows; None if it does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimator.predict(X)
    except Exception as error:  # an estimator of any library can raise anything
        return first_line(error)
    return None
