"""Includes the operators of somebody else's ONNX model in the graph. The model's inputs and outputs become those of a
package."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper, version_converter

from sepal_export.graphs.dependence import attribute
from sepal_export.graphs.graph import ML, OPSETS, Graph, Value
from sepal_export.graphs.table import Classification, Outliers, Table
from sepal_export.originals.onnx_models import OnnxEstimator, zip_map_of
from sepal_export.registry import converts

OPSET = dict(OPSETS)[""]
# The newest opset in which this graph's operators still have the same meaning. onnxruntime-node 1.30 reads it.
NEWEST_OPSET = 23
BRANCHES = {"If", "Loop", "Scan", "SequenceMap"}
# Float32 sums are rewritten so that a row does not depend on the rows beside it (see graphs/neighbours.py), which
# changes their rounding.
TOLERANCE = 1e-6


@converts("sepal_export.OnnxRegressor")
def regressor(estimator: Any, table: Table) -> Value:
    tensors = inline(estimator, table)
    return as_matrix(tensors[estimator.value], estimator, estimator.value)


@converts("sepal_export.OnnxOutlierDetector")
def outlier_detector(estimator: Any, table: Table) -> Outliers:
    tensors = inline(estimator, table)
    label = (tensors[estimator.label].reshape(-1).cast(np.int64) < np.int64(0)).cast(np.int64)
    return Outliers(label, as_matrix(tensors[estimator.scores], estimator, estimator.scores))


@converts("sepal_export.OnnxClassifier")
def classifier(estimator: Any, table: Table) -> Classification:
    tensors, classes = inline(estimator, table), estimator.classes_
    label = tensors[estimator.label].reshape(-1, 1)
    if classes.dtype.kind in "iu":
        label = label.cast(np.int64)
    places = label.equals(classes.reshape(1, -1)).cast(np.int64).argmax()
    if estimator.scores is None:
        return Classification(places)
    zipped = zip_map_of(estimator.model, estimator.scores)
    scores = as_matrix(
        tensors[zipped.input[0] if zipped is not None else estimator.scores], estimator, estimator.scores
    )
    if estimator.are_probabilities:
        return Classification(places, scores)
    # For two classes, the score of the second.
    width = estimator.to_matrix(estimator.probed[estimator.scores]).shape[1]
    return Classification(places, None, scores.columns([width - 1]) if len(classes) == 2 else scores)


def as_matrix(value: Value, estimator: OnnxEstimator, output: str) -> Value:
    """[N, W] float64."""
    found = next(entry for entry in estimator.model.graph.output if entry.name == output)
    is_flat = found.type.HasField("tensor_type") and len(found.type.tensor_type.shape.dim) == 1
    value = value.cast(np.float64)
    return value.reshape(-1, 1) if is_flat else value


def inline(estimator: OnnxEstimator, table: Table) -> dict[str, Value]:
    """Adds the model's operators to the graph. Returns every tensor by its name in the model."""
    graph, model = table.graph, at_opset(estimator.model)
    refuse(model)
    # Some exporters list a domain twice.
    graph.opsets = tuple({("" if entry.domain == "ai.onnx" else entry.domain): entry.version
                          for entry in model.opset_import}.items())  # fmt: skip
    graph.loosen(TOLERANCE)
    tensors = {tensor.name: graph.constant(array_of(tensor)) for tensor in model.graph.initializer}
    tensors |= inputs_of(estimator, table)
    for node in model.graph.node:
        if node.op_type == "Constant":
            tensors[node.output[0]] = graph.constant(constant_of(node))
        elif node.op_type != "ZipMap":
            tensors |= add(graph, node, tensors)
    return tensors


def inputs_of(estimator: OnnxEstimator, table: Table) -> dict[str, Value]:
    found, start = {}, 0
    for given in estimator.inputs:
        columns = [table.column(start + place).value for place in range(given.width)]
        value = table.graph.concat(columns)
        if given.dtype is not np.object_:
            value = value.cast(given.dtype)
        found[given.name] = value.reshape(-1) if given.is_flat else value
        start += given.width
    return found


def add(graph: Graph, node: onnx.NodeProto, tensors: dict[str, Value]) -> dict[str, Value]:
    """Adds a copy of the node with this graph's names. Returns its outputs by their names in the model."""
    name = f"v{len(graph.nodes)}"
    new = onnx.NodeProto()
    new.CopyFrom(node)
    new.name = name
    # No feature can have such a name: see TAKEN in data/dataset.py.
    outputs = [name if place == 0 else f"output {name} {place}" for place in range(len(node.output))]
    del new.input[:], new.output[:]
    new.input.extend(tensors[entry].name if entry else "" for entry in node.input)
    new.output.extend(outputs)
    graph.nodes.append(new)
    return {old: Value(graph, output) for old, output in zip(node.output, outputs, strict=True)}


def at_opset(model: onnx.ModelProto) -> onnx.ModelProto:
    """Inlines the model's functions. Converts the model to the opset of this graph, unless the model's own opset is
    from that one to NEWEST_OPSET."""
    if model.functions:
        model = onnx.inliner.inline_local_functions(model)
    versions = [entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")]
    if not versions:
        versions = [OPSET]
        model = helper.make_model(
            model.graph,
            opset_imports=[*model.opset_import, helper.make_opsetid("", OPSET)],
            ir_version=model.ir_version,
        )
    version = max(versions)
    if OPSET <= version <= NEWEST_OPSET:
        return model
    try:
        return version_converter.convert_version(model, OPSET)
    except Exception as error:  # onnx's C++ code can raise anything
        raise NotImplementedError(
            f"it is of opset {version}, and cannot be converted to opset {OPSET}, which the service reads; export it "
            f"with that one"
        ) from error


def refuse(model: onnx.ModelProto) -> None:
    for node in model.graph.node:
        if node.op_type in BRANCHES:
            raise NotImplementedError(
                f"it has the operator {node.op_type}, and which features its branches use is not known; export it "
                "without one"
            )
        if node.op_type.startswith("Reduce") and len(node.input) < 2:
            raise NotImplementedError(
                f"its {node.op_type} reaches over all rows, so that the answer to a row depends on the rows beside it; "
                "export it with the axes that are columns"
            )
    if model.graph.sparse_initializer:
        raise NotImplementedError("it has sparse tensors; export it with dense ones")
    unknown = {entry.domain for entry in model.opset_import} - {"", "ai.onnx", ML, "com.microsoft"}
    if unknown & {node.domain for node in model.graph.node}:
        raise NotImplementedError(
            f"its operators of {', '.join(sorted(unknown))} are not onnxruntime's own; export it without them"
        )


def array_of(tensor: onnx.TensorProto) -> np.ndarray:
    array = numpy_helper.to_array(tensor)
    if array.dtype != object:
        return array
    texts = [text.decode() if isinstance(text, bytes) else text for text in array.ravel()]
    return np.array(texts, dtype=object).reshape(array.shape)


def constant_of(node: onnx.NodeProto) -> Any:
    tensor = attribute(node, "value")
    if tensor is not None:
        return array_of(tensor)
    [entry] = node.attribute
    value = helper.get_attribute_value(entry)
    kinds = {"value_float": np.float32, "value_floats": np.float32, "value_int": np.int64, "value_ints": np.int64}
    if entry.name in kinds:
        return np.asarray(value, dtype=kinds[entry.name])
    raise NotImplementedError(f"it has a constant of the kind {entry.name}; export it with tensors")
