"""Builds model.json, the contract between the export and the service (models/model.schema.json)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any

import numpy as np
import onnx

from sepal_export.data.dataset import Column, Dataset, Feature, frequencies
from sepal_export.data.outputs import CLUSTERING, OUTLIERS, Outputs
from sepal_export.evaluation.scores import Metrics
from sepal_export.proof.verify import Parity

PRODUCERS = ("numpy", "onnx", "onnxruntime", "scikit-learn")
# The package that installs each module of estimators.
LIBRARIES = {
    "catboost": "catboost", "category_encoders": "category-encoders",
    "feature_engine": "feature-engine", "imblearn": "imbalanced-learn",
    "interpret": "interpret-core", "lightgbm": "lightgbm", "ngboost": "ngboost", "statsmodels": "statsmodels",
    "xgboost": "xgboost",
}  # fmt: skip
# Other packages that install the same module. One is looked up if the package above is not installed.
OTHER_NAMES = {"interpret-core": "interpret", "xgboost": "xgboost-cpu"}
# A string column with more distinct values than this share of its rows that have a value holds names, addresses or free
# text. None of its values is published, unless the model refuses all others.
MOSTLY_DISTINCT = 0.5
DTYPES = {onnx.TensorProto.DOUBLE: "float64", onnx.TensorProto.STRING: "string"}


def build_manifest(
    *,
    name: str,
    version: str,
    description: str,
    sha256: str,
    model: onnx.ModelProto,
    features: list[dict[str, Any]],
    targets: Sequence[Column],
    y: np.ndarray | None,
    outputs: Outputs,
    examples: list[dict[str, Any]],
    producers: dict[str, str],
    metrics: Metrics,
    parity: Parity | None,
    memory_size: int,
    explanations: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Returns what model.json holds. `features` and `examples` are already in its form. `y` [N, T] is None if it is
    unknown, and `parity` is None if there is no original."""
    explained = {"explanations": explanations} if explanations else {}
    return {
        "$schema": "../model.schema.json",
        "name": name,
        "version": version,
        "description": description,
        "task": outputs.task,
        "file": "model.onnx",
        "sha256": sha256,
        "opset": {entry.domain or "ai.onnx": entry.version for entry in model.opset_import},
        "ir_version": model.ir_version,
        "producers": producers,
        "inputs": [describe_input(value) for value in model.graph.input],
        "features": features,
        **describe_targets(targets, y, outputs),
        "outputs": {field: field for field in outputs.fields},
        "metrics": metrics.to_json(),
        "parity": parity.to_json() if parity else None,
        "memory_size": memory_size,
        **explained,
        "examples": examples,
    }


def producers_of(modules: set[str]) -> dict[str, str]:
    """By package, the version that made the model or exported it. `modules` are those of the estimator; libraries of
    other estimators are left out."""
    used = {*PRODUCERS, *(package for module, package in LIBRARIES.items() if module in modules)}
    return {package: installed_version(package) for package in sorted(used)}


def installed_version(package: str) -> str:
    try:
        return version_of(package)
    except PackageNotFoundError:
        return version_of(OTHER_NAMES.get(package, package))


def describe_input(value: onnx.ValueInfoProto) -> dict[str, Any]:
    tensor = value.type.tensor_type
    shape = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    return {"name": value.name, "dtype": DTYPES[tensor.elem_type], "shape": shape}


def describe_features(
    dataset: Dataset, known: Mapping[int, list[Any]], told_apart: Mapping[int, list[str]]
) -> list[dict[str, Any]]:
    """What model.json says of each feature. Both mappings are by position of the feature: `known` has all values that
    the model accepts, if it refuses any other; `told_apart` has the strings that it knows, if it accepts others too."""
    return [
        {
            "name": feature.name,
            "dtype": feature.dtype,
            **({"timezone": feature.timezone} if feature.is_time else {}),
            "unit": feature.unit,
            "nullable": feature.nullable,
            "categories": None
            if dataset.texts_of(index)
            else describe_categories(feature, values, known.get(index), told_apart.get(index)),
            "baseline": describe_baseline(feature, values),
            **describe_analyzers(dataset, index),
        }
        for index, (feature, values) in enumerate(zip(dataset.features, dataset.rows.columns, strict=True))
    ]


def describe_analyzers(dataset: Dataset, feature: int) -> dict[str, Any]:
    """How the service splits the feature into terms; empty if the feature is not a text."""
    texts = dataset.texts_of(feature)
    return {"analyzers": [text.to_json() for text in texts]} if texts else {}


def without_baselines(described: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Removes the baselines of an export without training rows: drawn rows say nothing about real data. The categories
    keep frequencies, because the schema wants them, but these mean nothing then."""
    return [{**feature, "baseline": None} for feature in described]


def describe_categories(
    feature: Feature, values: np.ndarray, known: list[Any] | None, told_apart: list[str] | None
) -> dict[str, Any] | None:
    """None if no value is published. The values of a mostly distinct column are published only if the model refuses all
    others."""
    counts = frequencies(values)
    categories = told_apart if known is None and not is_mostly_distinct(counts) else known
    if not categories:
        return None
    return {
        "values": [value if feature.is_string else int_if_whole(value) for value in categories],
        "frequencies": [counts.get(value, 0) / sum(counts.values()) for value in categories],
        "unknown": "accepted" if known is None else "rejected",
    }


def is_mostly_distinct(counts: Mapping[Any, int]) -> bool:
    """Whether most values of a column differ. `counts` says how often each value occurs."""
    return len(counts) > MOSTLY_DISTINCT * sum(counts.values())


def int_if_whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else float(value)


def describe_baseline(feature: Feature, values: np.ndarray) -> dict[str, Any]:
    if feature.is_string:
        return {"missing": sum(value is None for value in values) / len(values)}
    present = values[~np.isnan(values)]
    return {"missing": 1 - len(present) / len(values), **describe_distribution(feature.name, present)}


def describe_targets(targets: Sequence[Column], y: np.ndarray | None, outputs: Outputs) -> dict[str, Any]:
    """The fields `targets`, or `target` and `classes`. A regressor's target has the distribution of the training data,
    so that people can compare an answer with it. An outlier detector or a clusterer has no target."""
    if outputs.targets:
        return {"targets": [describe_target(target, y, outputs, place) for place, target in enumerate(targets)]}
    classes = {"classes": list(outputs.classes[0])} if outputs.classes else {}
    if outputs.task in (OUTLIERS, CLUSTERING):
        return classes
    described = describe_target(targets[0], y, outputs, 0)
    return {"target": {key: value for key, value in described.items() if key != "classes"}, **classes}


def describe_target(target: Column, y: np.ndarray | None, outputs: Outputs, place: int) -> dict[str, Any]:
    described = {"name": target.name, "unit": target.unit}
    if outputs.classes:
        return {**described, "classes": list(outputs.classes[place])}
    known = None if y is None else describe_distribution(target.name, y[:, place].astype(np.float64))
    return {**described, "baseline": known}


def describe_distribution(name: str, values: np.ndarray) -> dict[str, Any]:
    with np.errstate(over="ignore"):
        deviation = float(values.std())
    if not np.isfinite(deviation):
        raise ValueError(f"the values of {name!r} are too large ({np.abs(values).max():g}): scale them before the fit")
    return {
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": float(values.mean()),
        "std": deviation,
        "deciles": np.quantile(values, np.linspace(0.1, 0.9, 9)).tolist(),
    }
