"""The one call that turns a fitted estimator into a model package on disk."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from sepal_export.convert import to_onnx_model
from sepal_export.evaluate import CrossValidated
from sepal_export.manifest import Feature, build_manifest
from sepal_export.predictions import OnnxModel, predictions_of
from sepal_export.verify import verify


def export(
    estimator: BaseEstimator,
    X: np.ndarray,
    y: np.ndarray,
    *,
    name: str,
    version: str,
    description: str,
    features: Sequence[Feature],
    target: str,
    metrics: CrossValidated,
    out: Path,
) -> dict[str, Any]:
    """Converts `estimator`, proves on `X` (N rows, F features, float64) that the ONNX model answers the same, and
    writes `out`/model.onnx, golden.json and model.json. Returns what model.json holds.

    Raises ParityError, before anything is written, when a label or a probability differs (see verify).
    """
    X = np.asarray(X, dtype=np.float64)
    if X.ndim != 2 or X.shape[1] != len(features):
        raise ValueError(f"X has shape {X.shape}, and {len(features)} features are named")

    model = to_onnx_model(estimator, X)
    content = model.SerializeToString(deterministic=True)
    onnx_model = OnnxModel(content)
    parity = verify(estimator, onnx_model, X)

    answers = predictions_of(estimator, X)
    manifest = build_manifest(
        name=name,
        version=version,
        description=description,
        sha256=hashlib.sha256(content).hexdigest(),
        model=model,
        features=features,
        target=target,
        X=X,
        answers=answers,
        metrics=metrics,
        parity=parity,
    )
    golden = {"sha256": manifest["sha256"], "instances": X.tolist(), "predictions": answers.to_json()}

    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(content)
    (out / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", "utf-8")
    (out / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return manifest
