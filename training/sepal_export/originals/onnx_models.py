"""Wraps somebody else's ONNX model as an estimator. The estimator that the model was exported from is not at hand, so
the model's own answers are taken as the correct ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, numpy_helper
from sklearn.base import BaseEstimator, ClassifierMixin, OutlierMixin, RegressorMixin

from sepal_export.data.dataset import Column
from sepal_export.data.predictions import run
from sepal_export.estimators import ConversionError, estimators_in
from sepal_export.wording import counted

DTYPES = {
    TensorProto.FLOAT: np.float32, TensorProto.DOUBLE: np.float64, TensorProto.INT64: np.int64,
    TensorProto.INT32: np.int32, TensorProto.BOOL: np.bool_, TensorProto.STRING: np.object_,
}  # fmt: skip
FLOATS = (TensorProto.FLOAT, TensorProto.DOUBLE)
# Attributes in which operators of ai.onnx.ml store the classes of a label.
CLASS_LABELS = ("classlabels_strings", "classlabels_int64s", "classlabels_ints", "values_strings", "values_int64s")
NOT_FITTED = "an ONNX model cannot be fitted"
# How much the sum of probabilities may differ from one.
ALMOST = 1e-3
PROBED = 64


@dataclass(frozen=True)
class Input:
    """An input tensor of the model: [N, width], or [N] if it is flat."""

    name: str
    dtype: Any
    width: int
    is_flat: bool


def read_onnx(path: Path) -> OnnxEstimator:
    """Reads an ONNX model. Raises ConversionError if the file is not one, or its inputs and outputs do not fit a
    table."""
    try:
        model = onnx.load_model_from_string(path.read_bytes())
        is_model = len(model.graph.output) > 0
    except Exception as error:  # protobuf can raise anything
        raise ConversionError(f"it is not an ONNX model ({type(error).__name__})") from error
    if not is_model:
        raise ConversionError("it is not an ONNX model")
    tensors = [*model.graph.initializer, *(entry.t for node in model.graph.node for entry in node.attribute)]
    if any(tensor.data_location == TensorProto.EXTERNAL for tensor in tensors):
        raise ConversionError(
            "parts of it are in other files; make one file of them: onnx.save(onnx.load(path), other_path)"
        )
    content = model.SerializeToString()
    if label_of(model) is None:
        estimator = OnnxRegressor(content)
    else:
        classifier = OnnxClassifier(content)
        estimator = OnnxOutlierDetector(content) if classifier.finds_outliers else classifier
    estimator.check()
    return estimator


def onnx_in(estimator: Any) -> OnnxEstimator | None:
    """Returns the estimator if it wraps an ONNX model, or the one inside it that does (see NamedClasses). None if there
    is neither."""
    return next((part for part in estimators_in(estimator) if isinstance(part, OnnxEstimator)), None)


def columns_for(model: OnnxEstimator, columns: Sequence[Column]) -> list[Column]:
    """Gives each column without a dtype that of the model's input, if the input takes integers, booleans or strings.
    Otherwise clients could send fractions, and the cast to the input's type would truncate them."""
    kinds = {np.int64: "int64", np.int32: "int64", np.bool_: "bool", np.object_: "string"}
    return [
        column if column.dtype else replace(column, dtype=kinds.get(dtype))
        for column, dtype in zip(columns, model.dtypes, strict=True)
    ]


class OnnxEstimator(BaseEstimator):
    """`content` is the serialized model."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def fit(self, X: Any, y: Any = None) -> OnnxEstimator:
        raise NotImplementedError(NOT_FITTED)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __getstate__(self) -> dict[str, Any]:
        return {"content": self.content}

    @cached_property
    def model(self) -> onnx.ModelProto:
        return onnx.load_model_from_string(self.content)

    @cached_property
    def inputs(self) -> list[Input]:
        """The input tensors. Raises ConversionError if one is not rows of numbers, booleans or strings."""
        constants = {tensor.name for tensor in self.model.graph.initializer}
        return [input_of(entry) for entry in self.model.graph.input if entry.name not in constants]

    @property
    def n_features_in_(self) -> int:
        return sum(given.width for given in self.inputs)

    @property
    def feature_names_in_(self) -> np.ndarray:
        """The names of the features, if each column is an input with a name."""
        if any(given.width > 1 for given in self.inputs):
            raise AttributeError("the columns of a matrix have no names", name="feature_names_in_", obj=self)
        return np.array([given.name for given in self.inputs])

    @property
    def dtypes(self) -> list[Any]:
        """The types by column."""
        return [given.dtype for given in self.inputs for _ in range(given.width)]

    def answers(self, X: Any) -> dict[str, Any]:
        """The outputs of onnxruntime by name."""
        columns, feeds, start = pd.DataFrame(X), {}, 0
        for given in self.inputs:
            values = columns.iloc[:, start : start + given.width].to_numpy(dtype=object)
            if given.dtype is np.object_:
                values = np.array([["" if value is None or value != value else str(value) for value in row]
                                   for row in values], dtype=object).reshape(values.shape)  # fmt: skip
            else:
                values = values.astype(np.float64).astype(given.dtype)
            feeds[given.name] = values.reshape(-1) if given.is_flat else values
            start += given.width
        names = [output.name for output in self.model.graph.output]
        return dict(zip(names, self._run(feeds), strict=True))

    @cached_property
    def _run(self) -> Any:
        return run(self.content)


class OnnxRegressor(RegressorMixin, OnnxEstimator):
    """A model with one numeric output [N], [N, 1] or [N, T]."""

    @cached_property
    def value(self) -> str:
        """The name of the output. Raises ConversionError if not exactly one output is of floating-point numbers."""
        floats = [output.name for output in self.model.graph.output if element_of(output) in FLOATS]
        if len(floats) != 1:
            raise ConversionError(
                f"its outputs are {outputs_in_words(self.model)}; expected a label and probabilities, or one output of "
                "numbers"
            )
        return floats[0]

    def check(self) -> None:
        """Raises ConversionError if the inputs or outputs are not those of a regressor of tables."""
        _ = self.inputs, self.value

    def predict(self, X: Any) -> np.ndarray:
        values = np.asarray(self.answers(X)[self.value], dtype=np.float64)
        values = values.reshape(len(values), -1)
        return values[:, 0] if values.shape[1] == 1 else values


class OnnxClassifier(ClassifierMixin, OnnxEstimator):
    """A model with a label and, possibly, a score per class."""

    def check(self) -> None:
        """Raises ConversionError if the inputs or outputs are not those of a classifier of tables."""
        _ = self.inputs, self.scores, self.classes_

    @cached_property
    def label(self) -> str:
        return label_of(self.model)

    @cached_property
    def scores(self) -> str | None:
        """The name of the output with the scores: a tensor [N, K], or dictionaries if a ZipMap makes it. None if the
        label is the only output. Raises ConversionError if there are more outputs."""
        others = [output for output in self.model.graph.output if output.name != self.label]
        if len(others) > 1:
            raise ConversionError(
                f"its outputs are {outputs_in_words(self.model)}; export it with the label and the probabilities only"
            )
        return others[0].name if others else None

    @cached_property
    def classes_(self) -> np.ndarray:
        """The classes. Raises ConversionError if the model does not contain them."""
        found = classes_before(self.model, self.label)
        zipped = zip_map_of(self.model, self.scores) if self.scores else None
        if zipped is not None:
            found = labels_in(zipped)
        if found is None:
            found = self.places
        if found is None:
            raise ConversionError(
                "it does not contain the labels that it may answer; export it with its probabilities in a ZipMap, "
                "which contains them"
            )
        return np.asarray(found)

    @cached_property
    def places(self) -> list[int] | None:
        """0, 1, … for as many scores as there are, if sample rows have no other labels."""
        probed = self.probed
        width = np.reshape(probed[self.scores], (PROBED, -1)).shape[1] if self.scores else 0
        labels = np.ravel(probed[self.label])
        return (
            list(range(width)) if width > 1 and labels.dtype.kind == "i" and set(labels) <= set(range(width)) else None
        )

    @cached_property
    def finds_outliers(self) -> bool:
        """Whether its labels are -1 and 1 with a single score, like those of scikit-learn's outlier detectors."""
        if self.scores is None or zip_map_of(self.model, self.scores) or classes_before(self.model, self.label):
            return False
        probed = self.probed
        return np.size(probed[self.scores]) == PROBED and set(np.ravel(probed[self.label])) <= {-1, 1}

    @cached_property
    def probed(self) -> dict[str, Any]:
        """The outputs for sample rows."""
        rows = np.random.default_rng(0).normal(0, 1, (PROBED, self.n_features_in_))
        return self.answers(rows.astype(object))

    @cached_property
    def are_probabilities(self) -> bool:
        """Whether the scores of sample rows sum to one."""
        if self.scores is None:
            return False
        scores = self.to_matrix(self.probed[self.scores])
        return bool(
            scores.shape[1] == len(self.classes_)
            and (scores >= 0).all()
            and (np.abs(scores.sum(axis=1) - 1) < ALMOST).all()
        )

    def __getattr__(self, name: str) -> Any:
        """`predict_proba` or `decision_function`; it has at most one of them."""
        if name == "predict_proba" and self.are_probabilities:
            return self.matrix
        if name == "decision_function" and self.scores is not None and not self.are_probabilities:
            return self.decision
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    def matrix(self, X: Any) -> np.ndarray:
        return self.to_matrix(self.answers(X)[self.scores])

    def to_matrix(self, scores: Any) -> np.ndarray:
        if isinstance(scores, list):
            keys = self.classes_.tolist()
            scores = [[row[key] for key in keys] for row in scores]
        return np.asarray(scores, dtype=np.float64).reshape(len(scores), -1)

    def decision(self, X: Any) -> np.ndarray:
        """For two classes, only the second's score, as in scikit-learn."""
        scores = self.matrix(X)
        return scores[:, -1] if len(self.classes_) == 2 else scores

    def predict(self, X: Any) -> np.ndarray:
        return np.asarray(self.answers(X)[self.label]).reshape(-1)


class OnnxOutlierDetector(OutlierMixin, OnnxClassifier):
    """Its labels are 1 for an inlier and -1 for an outlier; its score is below zero for an outlier."""

    def check(self) -> None:
        """Raises ConversionError if the inputs or outputs are not those of an outlier detector of tables."""
        _ = self.inputs, self.scores

    def decision_function(self, X: Any) -> np.ndarray:
        return self.matrix(X)[:, 0]


def input_of(entry: onnx.ValueInfoProto) -> Input:
    tensor = entry.type.tensor_type
    dims = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    if tensor.elem_type not in DTYPES:
        raise ConversionError(f"its input {entry.name!r} is not a tensor of numbers, booleans or strings")
    if len(dims) not in (1, 2) or (len(dims) == 2 and not dims[1]):
        raise ConversionError(
            f"its input {entry.name!r} has the shape {dims}; expected rows and a known number of columns"
        )
    if dims[0]:
        raise ConversionError(
            f"its input {entry.name!r} takes {counted(dims[0], 'row')} at a time; export it with a first dimension of "
            "any length, as with dynamic_axes of torch.onnx.export"
        )
    return Input(entry.name, DTYPES[tensor.elem_type], dims[1] if len(dims) == 2 else 1, len(dims) == 1)


def element_of(output: onnx.ValueInfoProto) -> int:
    return output.type.tensor_type.elem_type


def label_of(model: onnx.ModelProto) -> str | None:
    """The first output of integers or strings."""
    kinds = (TensorProto.INT64, TensorProto.INT32, TensorProto.STRING)
    return next((output.name for output in model.graph.output if element_of(output) in kinds), None)


def outputs_in_words(model: onnx.ModelProto) -> str:
    return ", ".join(repr(output.name) for output in model.graph.output)


def zip_map_of(model: onnx.ModelProto, output: str) -> onnx.NodeProto | None:
    """The node that converts scores to dictionaries."""
    return next((node for node in model.graph.node if node.op_type == "ZipMap" and output in node.output), None)


def labels_in(node: onnx.NodeProto) -> list[Any] | None:
    attributes = {entry.name: onnx.helper.get_attribute_value(entry) for entry in node.attribute}
    found = next((list(attributes[name]) for name in CLASS_LABELS if attributes.get(name)), None)
    return None if found is None else [label.decode() if isinstance(label, bytes) else label for label in found]


def classes_before(model: onnx.ModelProto, label: str) -> list[Any] | None:
    """The classes that the label is chosen from, if the operators before it show them."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    made_by = {name: node for node in model.graph.node for name in node.output}
    left, seen = [label], set()
    while left:
        node = made_by.get(left.pop(0))
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        found = labels_in(node)
        if found is None and node.op_type in ("ArrayFeatureExtractor", "Gather") and node.input[0] in constants:
            values = numpy_helper.to_array(constants[node.input[0]]).ravel().tolist()
            found = [value.decode() if isinstance(value, bytes) else value for value in values]
        if found is not None:
            return found
        left.extend(node.input)
    return None
