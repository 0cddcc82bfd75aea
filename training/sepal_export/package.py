"""The one call that turns a fitted estimator into a model package on disk."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sepal_export.convert import to_onnx_model
from sepal_export.dataset import Column, read_dataset
from sepal_export.evaluate import cross_validate, not_measured
from sepal_export.manifest import MAX_EXAMPLES, build_manifest, producers_of
from sepal_export.points import Points
from sepal_export.predictions import OnnxModel, Predictions, predictions_of
from sepal_export.progress import Progress
from sepal_export.registry import modules_of
from sepal_export.verify import verify

GOLDEN_ROWS = 200


def export(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    name: str,
    version: str,
    out: Path | str,
    description: str = "",
    features: Sequence[Column | str] | None = None,
    target: Column | str = "target",
    allow_mismatch: bool = False,
    metrics: bool = True,
    report: Path | str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Converts `estimator`, fitted on the rows of `X` (an array [N, F] or a frame, as `fit` got it) and `y`, proves
    that the ONNX model answers the same, and writes `out`/model.onnx, golden.json and model.json. Returns what
    model.json holds.

    `features` names the columns of an array, and says what a frame cannot (see Column). A classifier needs
    `predict_proba`; a regressor has one output. `estimator` is not changed; for its metrics, clones of it are fitted,
    unless `metrics` is False. A page of pictures is written to `report` (see report.py). Raises ConversionError where
    it has no exact ONNX model, ParityError where the model answers differently (see verify), unless `allow_mismatch` is
    set, and ValueError where the data or a name cannot be used; nothing is written then.
    """
    progress = progress or Progress()
    to_html = report_writer() if report else None
    check_name("name", name, r"[A-Za-z0-9][A-Za-z0-9._-]*")
    check_name("version", version, r"[A-Za-z0-9][A-Za-z0-9._+-]*")
    dataset = read_dataset(X, features)
    if len(y) != len(dataset.rows):
        raise ValueError(f"X has {len(dataset.rows)} rows, and y has {len(y)}")
    conversion = to_onnx_model(estimator, dataset)
    content = conversion.model.SerializeToString(deterministic=True)
    model = OnnxModel(content, dataset)
    points = Points(dataset, conversion.known).by_kind(conversion.model, conversion.splits)
    parity = verify(
        estimator,
        model,
        dataset,
        points,
        tolerance=conversion.tolerance,
        allow_mismatch=allow_mismatch,
        progress=progress,
    )

    answers = predictions_of(estimator, dataset.for_original(dataset.rows))
    evaluation = cross_validate(estimator, X, y) if metrics else not_measured("it was not asked for")
    manifest = build_manifest(
        name=name,
        version=version,
        description=description,
        sha256=hashlib.sha256(content).hexdigest(),
        model=conversion.model,
        dataset=dataset,
        known=conversion.known,
        target=target if isinstance(target, Column) else Column(target),
        answers=answers,
        examples=example_rows(answers, model.predict(dataset.rows)),
        producers=producers_of(modules_of(estimator)),
        metrics=evaluation.metrics,
        parity=parity,
    )
    shown = np.unique(np.linspace(0, len(dataset.rows) - 1, min(len(dataset.rows), GOLDEN_ROWS)).astype(int))
    golden = {
        "sha256": manifest["sha256"],
        "instances": dataset.to_json(dataset.rows.take(shown)),
        "predictions": answers.take(shown).to_json(),
    }
    page = to_html(manifest, dataset, estimator, X, y, evaluation) if to_html else None
    write_package(Path(out), content, golden, manifest)
    if page:
        Path(report).parent.mkdir(parents=True, exist_ok=True)
        Path(report).write_text(page, "utf-8")
    return manifest


def report_writer() -> Callable[..., str]:
    """Not imported before it is needed: it takes matplotlib, which an export does not."""
    from sepal_export.report import to_html

    return to_html


def check_name(what: str, value: str, pattern: str) -> None:
    if not re.fullmatch(pattern, value):
        raise ValueError(f"the {what} {value!r} cannot be used; expected letters, digits, '.', '_' and '-'")


def example_rows(answers: Predictions, actual: Predictions) -> list[int]:
    """The first row of each class, or the first row: requests that the service can be tried and checked with."""
    if answers.labels is None:
        return [0]
    agreeing = np.flatnonzero(answers.labels == actual.labels)
    firsts = agreeing[np.unique(answers.labels[agreeing], return_index=True)[1]]
    return sorted(firsts.tolist())[:MAX_EXAMPLES]


def write_package(out: Path, content: bytes, golden: dict[str, Any], manifest: dict[str, Any]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(content)
    (out / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", "utf-8")
    (out / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
