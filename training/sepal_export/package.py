"""The one call that turns a fitted estimator into a model package on disk."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from sepal_export.convert import to_onnx_model
from sepal_export.evaluate import cross_validate
from sepal_export.manifest import Column, build_manifest
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
    features: Sequence[Column],
    target: Column,
    out: Path,
) -> dict[str, Any]:
    """Converts `estimator`, fitted on the rows of `X` (N rows, F features, float64) and `y`, proves on them that the
    ONNX model answers the same, and writes `out`/model.onnx, golden.json and model.json. Returns what model.json holds.

    A classifier needs `predict_proba` and labels that are strings or integers; a regressor has one output. Raises
    ConversionError where the estimator has no ONNX model, and ParityError where the model answers differently (see
    verify), before anything is written.
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
        metrics=cross_validate(estimator, X, y),
        parity=parity,
    )
    golden = {"sha256": manifest["sha256"], "instances": X.tolist(), "predictions": answers.to_json()}

    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(content)
    (out / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", "utf-8")
    (out / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return manifest
