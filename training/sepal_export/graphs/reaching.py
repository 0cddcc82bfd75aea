"""Computes what the training rows look like where an estimator inside a pipeline gets them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from sepal_export.data.predictions import run
from sepal_export.graphs.bulk import serialize
from sepal_export.graphs.table import Column

TYPES = {True: TensorProto.STRING, False: TensorProto.DOUBLE}


def reaching(columns: Sequence[Column]) -> list[np.ndarray]:
    """[N, W] for each value of the graph, for the rows given to the export: float64, or objects, which are strings.
    Raises NotImplementedError if no rows were given."""
    graph = columns[0].value.graph
    if not graph.rows or len(next(iter(graph.rows.values()))) == 0:
        raise NotImplementedError("its conversion needs training rows; give the export training rows")
    outputs = {f"reaching {index}": column.value for index, column in enumerate(columns)}
    types = {name: (TYPES[column.is_string], None) for name, column in zip(outputs, columns, strict=True)}
    return run(b"".join(serialize(graph.to_model(outputs, types), graph.bulk)))(graph.rows)
