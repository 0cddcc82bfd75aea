"""Finds rows that the original itself answers by chance, and rows that the graph does not compute exactly. For example,
the last bits of the original's distances, or its number of threads, decide which training rows are the nearest. The
answers to such rows cannot be compared, so the proof leaves these rows out. A model with such rows in its training data
is refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx

from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.predictions import run
from sepal_export.estimators import ConversionError
from sepal_export.graphs.graph import Graph, Value

CHUNK = 5_000
# The most training rows that are examined.
MOST = 2_000


class Doubts:
    """`model` has an output [N, 1] bool for each of `reasons`."""

    def __init__(self, model: onnx.ModelProto, reasons: Sequence[str], dataset: Dataset) -> None:
        self._run = run(model.SerializeToString())
        self._reasons = reasons
        self._dataset = dataset

    def __call__(self, rows: Rows) -> np.ndarray:
        """[N] bool."""
        chunks = [rows.take(np.arange(start, min(start + CHUNK, len(rows)))) for start in range(0, len(rows), CHUNK)]
        return np.concatenate([np.empty(0, dtype=bool), *(np.any(self._by_reason(chunk), axis=0) for chunk in chunks)])

    def refuse(self) -> None:
        """Raises ConversionError if there are such rows among the training rows, of which at most MOST are examined."""
        rows = self._dataset.rows
        evenly = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST)).astype(int))
        for reason, in_doubt in zip(self._reasons, self._by_reason(rows.take(evenly)), strict=True):
            if in_doubt.any():
                raise ConversionError(reason.format(f"{in_doubt.sum():,} of {len(evenly):,} training rows"))

    def _by_reason(self, rows: Rows) -> np.ndarray:
        """[reasons, N] bool."""
        return np.stack([answer[:, 0] for answer in self._run(self._dataset.for_onnx(rows))])


def outputs_of_doubts(graph: Graph) -> tuple[dict[str, Value], dict[str, tuple[int, list]]]:
    """Outputs of the model, and their types and shapes."""
    outputs = {}
    for place, values in enumerate(graph.doubts.values()):
        any_of_them = values[0]
        for value in values[1:]:
            any_of_them = any_of_them | value
        outputs[f"doubt {place}"] = any_of_them
    return outputs, dict.fromkeys(outputs, (onnx.TensorProto.BOOL, ["N", 1]))
