"""A user's own estimator whose `predict` is Python code, such as the mean or vote of other estimators."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from sepal_export.following.follow import followed
from sepal_export.graphs.graph import ML, Value
from sepal_export.graphs.table import Classification, Column, Table
from sepal_export.own import is_own
from sepal_export.registry import Answer, follows, reason_against


@follows("predict")
def follow_predictor(estimator: Any, table: Table) -> Answer:
    """Follows the estimator's `predict`, and `predict_proba` if it has both that and `classes_`."""
    if not is_own(inspect.getfile(type(estimator))):
        raise NotImplementedError(reason_against(estimator))
    answers = followed(estimator, "predict", table)
    classes = getattr(estimator, "classes_", None)
    if classes is None:
        return answers.numbers
    label = places_of(answers.column(0), np.asarray(classes))
    if not hasattr(estimator, "predict_proba"):
        return Classification(label)
    return Classification(label, followed(estimator, "predict_proba", table).numbers)


def places_of(column: Column, classes: np.ndarray) -> Value:
    """[N, 1] → [N] int64: the position of each value among the classes."""
    texts = [str(name) for name in classes.tolist()]
    keys = (
        helper.make_tensor("keys", TensorProto.STRING, [len(texts)], [text.encode() for text in texts])
        if column.is_string
        else numpy_helper.from_array(classes.astype(np.float64))
    )
    graph = column.value.graph
    place = graph.node(
        "LabelEncoder",
        column.value,
        domain=ML,
        keys_tensor=keys,
        values_tensor=numpy_helper.from_array(np.arange(len(classes), dtype=np.float64)),
        default_tensor=numpy_helper.from_array(np.array([-1.0])),
    )
    graph.refuse(place < 0.0)
    return graph.where(place < 0.0, 0.0, place).cast(np.int64).reshape(-1)
