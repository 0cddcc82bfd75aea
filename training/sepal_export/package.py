"""The one call that turns a fitted estimator into a model package on disk."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.classes import positions_of
from sepal_export.convert import Conversion, to_onnx_model
from sepal_export.dataset import Column, Dataset, Rows, frequencies, read_dataset
from sepal_export.evaluate import cross_validate, not_measured
from sepal_export.manifest import MAX_EXAMPLES, build_manifest, producers_of
from sepal_export.points import MIN_POINTS, Points
from sepal_export.predictions import OnnxModel, Predictions, first_line, predictions_of
from sepal_export.progress import Progress
from sepal_export.registry import ConversionError, modules_of
from sepal_export.verify import Parity, errors_of, verify

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
    y = read_target(y, len(dataset.rows))
    check_answers(estimator, dataset)
    conversion = to_onnx_model(estimator, dataset)
    if conversion.classes:
        positions_of(y, conversion.classes)
    check_categories(dataset, conversion.known)
    content = conversion.model.SerializeToString(deterministic=True)
    model = OnnxModel(content, dataset, conversion.classes)
    parity = prove(estimator, model, dataset, conversion, allow_mismatch=allow_mismatch, progress=progress)

    answers = predictions_of(estimator, dataset.for_original(dataset.rows))
    if not np.isfinite(answers.scores).all():
        raise ValueError(f"{type(estimator).__name__} has no finite answer to some rows of X, and JSON has no other")
    actual = model.predict(dataset.rows)
    # The service starts only a model that answers its examples, and this one is to be served as it is.
    given = actual if parity.mismatches else answers
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
        y=y,
        answers=given,
        examples=example_rows(given, actual, parity),
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


def prove(
    estimator: Any,
    model: OnnxModel,
    dataset: Dataset,
    conversion: Conversion,
    *,
    allow_mismatch: bool,
    progress: Progress | None,
) -> Parity:
    """Compares the answers on MIN_POINTS rows at least. Raises ParityError."""
    maker = Points(dataset, conversion.known)
    points = maker.by_kind(conversion.model, conversion.splits)
    options = {"tolerance": conversion.tolerance, "allow_mismatch": allow_mismatch, "progress": progress}
    parity = verify(estimator, model, dataset, points, **options)
    if parity.rows < MIN_POINTS:
        # The original refused some of them, and is likely to answer what lies between those of its training.
        more = maker.between(MIN_POINTS - parity.rows)
        parity = verify(
            estimator, model, dataset, points | {"between rows": Rows.concat([points["between rows"], more])}, **options
        )
    return parity


def report_writer() -> Callable[..., str]:
    """Not imported before it is needed: it takes matplotlib, which an export does not."""
    from sepal_export.report import to_html

    return to_html


def check_name(what: str, value: str, pattern: str) -> None:
    if not (isinstance(value, str) and re.fullmatch(pattern, value)):
        raise ValueError(f"the {what} {value!r} cannot be used; expected letters, digits, '.', '_' and '-'")


def read_target(y: Any, rows: int) -> np.ndarray:
    """[N], also of a column [N, 1]."""
    values = np.asarray(y)
    if values.shape not in ((rows,), (rows, 1)):
        raise ValueError(f"y has shape {values.shape}; X has {rows} rows, and expected is a value for each")
    if pd.isna(values).any():
        raise ValueError(f"y lacks {pd.isna(values).sum()} values; leave those rows out")
    if values.dtype.kind == "f" and np.isinf(values).any():
        raise ValueError(f"y holds {np.isinf(values).sum()} infinite values; leave those rows out")
    return values.reshape(-1)


def check_answers(estimator: Any, dataset: Dataset) -> None:
    """Raises ValueError where the estimator does not answer the rows that it is said to be fitted on."""
    if not hasattr(estimator, "predict"):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimator.predict(dataset.for_original(dataset.rows))
    except Exception as error:  # whatever an estimator of any library raises
        raise ValueError(
            f"{type(estimator).__name__} does not answer the rows of X ({first_line(error)}); fit it, and give the "
            "export the rows as fit got them"
        ) from error


def check_categories(dataset: Dataset, known: dict[int, list[Any]]) -> None:
    """Raises ConversionError where the graph knows no category for a value of the training data."""
    for index, categories in known.items():
        feature = dataset.features[index]
        unknown = [value for value in frequencies(dataset.rows.columns[index]) if value not in categories]
        if unknown:
            raise ConversionError(
                f"the feature {feature.name!r} holds {unknown[0]!r}, which is no category of its encoder, so that a "
                "client could not send it; write into the training data what the encoder takes it for"
            )


def example_rows(answers: Predictions, actual: Predictions, parity: Parity) -> list[int]:
    """The first row of each class, or the first row: requests that the service can be tried and checked with."""
    agrees = errors_of(answers.scores, actual.scores, parity.scale) <= parity.tolerance
    if answers.labels is not None:
        agrees &= answers.labels == actual.labels
    agreeing = np.flatnonzero(agrees)
    if answers.labels is None:
        return agreeing[:1].tolist()
    firsts = agreeing[np.unique(answers.labels[agreeing], return_index=True)[1]]
    return sorted(firsts.tolist())[:MAX_EXAMPLES]


def write_package(out: Path, content: bytes, golden: dict[str, Any], manifest: dict[str, Any]) -> None:
    texts = {"golden.json": to_json(golden), "model.json": to_json(manifest, indent=2)}
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(content)
    for name, text in texts.items():
        (out / name).write_text(text, "utf-8")


def to_json(document: dict[str, Any], indent: int | None = None) -> str:
    return json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"
