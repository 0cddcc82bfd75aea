"""Multi-layer perceptrons."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Several, Table, labels_above, with_complement
from sepal_export.registry import converts


@converts("sklearn.MLPClassifier")
def classification(estimator: Any, table: Table) -> Classification | Several:
    output = last_layer(estimator, table.numbers)
    if estimator._label_binarizer.y_type_.startswith("multilabel"):
        return labels_above(output, 0.5, estimator.n_outputs_, are_probabilities=True)
    if estimator.n_outputs_ == 1:
        return Classification((output > 0.5).cast(np.int64).reshape(-1), with_complement(output))
    return Classification(output.argmax(), output)


@converts("sklearn.MLPRegressor")
def regression(estimator: Any, table: Table) -> Value:
    return last_layer(estimator, table.numbers)


def last_layer(estimator: Any, x: Value) -> Value:
    """[N, outputs]."""
    *hidden, last = zip(estimator.coefs_, estimator.intercepts_, strict=True)
    for weights, bias in hidden:
        x = activate(estimator.activation, layer(x, weights, bias))
    return activate(estimator.out_activation_, layer(x, *last))


def layer(x: Value, weights: np.ndarray, bias: np.ndarray) -> Value:
    return x @ weights.astype(np.float64) + bias.astype(np.float64)


def activate(name: str, x: Value) -> Value:
    match name:
        case "identity":
            return x
        case "relu":
            return x.maximum(0.0)
        case "logistic":
            return x.graph.sigmoid(x)
        case "tanh":
            return x.graph.node("Tanh", x)
        case "softmax":
            return x.graph.softmax(x)
        case "exp":
            return x.exp()
        case _:
            raise NotImplementedError(f"its activation {name!r} has no converter; use 'relu'")
