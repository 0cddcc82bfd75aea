"""model.json: the contract between this export and the service that runs it (models/model.schema.json)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version as version_of
from typing import Any

import numpy as np
import onnx

from sepal_export.evaluate import CrossValidated
from sepal_export.predictions import Predictions
from sepal_export.verify import Parity

PRODUCERS = ("numpy", "onnx", "onnxruntime", "scikit-learn", "skl2onnx")
DTYPES = {
    onnx.TensorProto.FLOAT: "float32",
    onnx.TensorProto.DOUBLE: "float64",
    onnx.TensorProto.INT64: "int64",
    onnx.TensorProto.BOOL: "bool",
    onnx.TensorProto.STRING: "string",
}
MAX_EXAMPLES = 5


@dataclass(frozen=True)
class Column:
    """A feature or the target: its name in requests or answers, and the unit it is measured in."""

    name: str
    unit: str | None = None


def build_manifest(
    *,
    name: str,
    version: str,
    description: str,
    sha256: str,
    model: onnx.ModelProto,
    features: Sequence[Column],
    target: Column,
    X: np.ndarray,
    answers: Predictions,
    metrics: CrossValidated,
    parity: Parity,
) -> dict[str, Any]:
    """`answers` are the original's own for the rows of `X`."""
    classifier = answers.labels is not None
    outputs = [output.name for output in model.graph.output]
    return {
        "$schema": "../model.schema.json",
        "name": name,
        "version": version,
        "description": description,
        "task": "classification" if classifier else "regression",
        "file": "model.onnx",
        "sha256": sha256,
        "opset": {entry.domain or "ai.onnx": entry.version for entry in model.opset_import},
        "ir_version": model.ir_version,
        "producers": {package: version_of(package) for package in PRODUCERS},
        "inputs": [describe_input(value) for value in model.graph.input],
        "features": [describe_feature(feature, column) for feature, column in zip(features, X.T, strict=True)],
        "target": asdict(target),
        **({"classes": list(answers.classes)} if classifier else {}),
        "outputs": dict(zip(["label", "probabilities"] if classifier else ["value"], outputs, strict=True)),
        "metrics": asdict(metrics),
        "parity": asdict(parity),
        "examples": examples(X, answers),
    }


def describe_input(value: onnx.ValueInfoProto) -> dict[str, Any]:
    tensor = value.type.tensor_type
    shape = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    return {"name": value.name, "dtype": DTYPES[tensor.elem_type], "shape": shape}


def describe_feature(feature: Column, column: np.ndarray) -> dict[str, Any]:
    return {
        "name": feature.name,
        "dtype": "float64",
        "unit": feature.unit,
        "nullable": False,
        "baseline": {
            "min": float(column.min()),
            "max": float(column.max()),
            "mean": float(column.mean()),
            "std": float(column.std()),
            "deciles": np.quantile(column, np.linspace(0.1, 0.9, 9)).tolist(),
        },
    }


def examples(X: np.ndarray, answers: Predictions) -> list[dict[str, Any]]:
    """The first row of each class, or the first row: requests that the service can be tried and checked with."""
    rows = [0] if answers.labels is None else sorted(np.unique(answers.labels, return_index=True)[1].tolist())
    predictions = answers.to_json()
    return [{"instances": [X[row].tolist()], "predictions": [predictions[row]]} for row in rows[:MAX_EXAMPLES]]
