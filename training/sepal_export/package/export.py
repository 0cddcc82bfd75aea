"""The one call that turns a fitted estimator into a model package on disk."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse

from sepal_export.conversion.convert import Conversion, to_onnx_model
from sepal_export.conversion.memory import give_back
from sepal_export.data.classes import positions_of
from sepal_export.data.dataset import Column, Dataset, Rows, frequencies, read_dataset
from sepal_export.data.forms import as_texts
from sepal_export.data.outputs import CLUSTERING, OUTLIERS, Outputs, is_partly_labelled
from sepal_export.data.predictions import OnnxModel, first_line, predictions_of
from sepal_export.estimators import ConversionError, modules_of
from sepal_export.evaluation.evaluate import evaluate
from sepal_export.evaluation.scores import Evaluation, not_measured, said_of
from sepal_export.explain.background import MOST_ROWS, Background
from sepal_export.explain.explained import explain
from sepal_export.explain.proven import Proof
from sepal_export.files import BACKGROUND, digest, to_json, write_package
from sepal_export.loading.older import complete, refuse_change
from sepal_export.originals.onnx_models import columns_for, onnx_in
from sepal_export.originals.wrappers import as_estimator
from sepal_export.package.manifest import (
    build_manifest,
    describe_features,
    is_mostly_distinct,
    producers_of,
    without_baselines,
)
from sepal_export.package.published import answer, training_rows
from sepal_export.progress import Progress
from sepal_export.proof.doubts import Doubts
from sepal_export.proof.made import Maker
from sepal_export.proof.prove import prove
from sepal_export.show.summary import summarise
from sepal_export.training_data.drawn import draw
from sepal_export.training_data.prepare import takes_texts
from sepal_export.wording import counted

# The name of what is predicted if nobody gives one.
UNNAMED = "target"
# The libraries whose regressors can answer several values to one target.
BOOSTERS = {"catboost", "lightgbm", "xgboost"}
# The kinds of the proof's rows if there are no training rows.
DRAWN = {"training": "drawn", "between rows": "between drawn rows"}


def export(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    name: str,
    version: str,
    out: Path | str,
    description: str = "",
    features: Sequence[Column | str] | None = None,
    target: Column | str | Sequence[Column | str] = UNNAMED,
    allow_mismatch: bool = False,
    metrics: bool | Callable[[Any, Any, Any], Evaluation] = True,
    report: Path | str | None = None,
    publish_training_rows: bool = False,
    background: int | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Converts `estimator`, fitted on the rows of `X` (an array [N, F] or a frame, as `fit` got it) and `y`, proves
    that the ONNX model answers the same, and writes `out`/model.onnx, golden.json, model.json, SHA256SUMS and, if
    the package has explanations, background.json. Returns what model.json holds.

    `features` names the columns of an array, and says what a frame cannot say (see Column). A column that the estimator
    does not use becomes no feature of the package. `y` is [N], or [N, T] for several targets, which `target` then
    names. An outlier detector or a clusterer needs no `y`. For other estimators, nothing is measured without `y`.

    Without `X`, the export is proven on rows that are made from what the estimator knows of its columns (see
    training_data/drawn.py), and the package has no baseline.

    `estimator` is not changed, except that it gets the attributes that an older scikit-learn did not store (see
    loading/older.py). To measure it, clones of it are fitted (see evaluation/). With `metrics=False` nothing is
    measured; a function of `estimator`, `X` and `y` measures in its own way.

    The package shows made rows, or rows of `X` if `publish_training_rows` is set. `background` is how many such rows
    stand for the data in explanations (see explain/): 10 to 100 if it is left out; 0 for no explanations. `say` gets a
    text on what was made and what is published. `report` is where a page of pictures is written (see report/).

    Raises ConversionError if the estimator has no exact ONNX model, ParityError if the model answers differently (see
    verify) and `allow_mismatch` is not set, and ValueError if the data or a name cannot be used. Also raises ValueError
    if the estimator is far worse on the rows than clones are on rows that they were not fitted to. Nothing is written
    then.
    """
    progress = progress or Progress()
    if report and X is None:
        raise ValueError("a report shows the rows, but there are none")
    check_background(background)
    to_html = report_writer() if report else None
    check_name("name", name, r"[A-Za-z0-9][A-Za-z0-9._-]*")
    check_name("version", version, r"[A-Za-z0-9][A-Za-z0-9._+-]*")
    progress.begin("reading the data")
    estimator = as_estimator(estimator)
    refuse_change(estimator)
    complete(estimator)
    has_rows = X is not None
    if (onnx_model := onnx_in(estimator)) and features:
        features = columns_for(onnx_model, [each if isinstance(each, Column) else Column(each) for each in features])
    if not has_rows:
        X, features = draw(estimator, features)
    X = as_texts(X) if takes_texts(estimator) else X
    dataset = read_dataset(X, features)
    targets = columns_of(target, y)
    y = None if y is None else read_target(y, len(dataset.rows))
    check_answers(estimator, dataset)
    progress.begin("converting")
    names = [column.name for column in targets]
    conversion = to_onnx_model(estimator, dataset, names if names != [UNNAMED] else ())
    dataset, outputs = conversion.dataset, conversion.outputs
    targets = targets if len(targets) == len(outputs.targets) else [Column(name) for name in outputs.targets] or targets
    # A booster may answer several quantiles to one target. The data holds no quantiles to compare them with.
    is_of_one = y is not None and y.ndim == 1 and answers_several_to_one(estimator, outputs)
    y = None if is_of_one or is_partly_labelled(estimator, y, outputs) else y
    check_target(y, outputs)
    check_categories(dataset, conversion.known)
    with in_file(conversion) as (file, conversion):
        model = OnnxModel(file, dataset, outputs)
        give_back()
        progress.begin("answering")
        answers = predictions_of(estimator, dataset.for_original(dataset.rows), outputs)
        if not np.isfinite(answers.scores).all():
            raise ValueError(
                f"{type(estimator).__name__} has no finite answer to some rows of X, and JSON can hold only finite "
                "numbers"
            )
        described = describe_features(dataset, conversion.known, conversion.told_apart)
        maker = None if publish_training_rows else partial(Maker, dataset, described, shows_terms=has_rows)
        rows, typical = maker().pool(answers.groups) if maker else training_rows(dataset, answers.groups)
        rows, typical = answered_for_sure(rows, typical, conversion.doubts)
        evaluation = (
            not_measured("it answers several values to one target")
            if is_of_one
            else measured(estimator, X if has_rows else None, y, metrics, progress, keep=bool(report))
        )
        parity = prove(estimator, model, dataset, conversion, rows, allow_mismatch=allow_mismatch, progress=progress)
        if not has_rows:
            # Drawn rows stood for the training rows.
            parity = replace(parity, points={DRAWN.get(kind, kind): count for kind, count in parity.points.items()})
        shown = answer(estimator, model, dataset, rows, typical, parity)
        explained = explain(
            model,
            conversion,
            shown.golden_rows,
            Background(answers, maker and maker(share=0.0), background),
            Proof(estimator if has_original(estimator) else None, parity, allow_mismatch),
            progress,
        )
        progress.begin("writing")
        content = file.read_bytes()
    manifest = build_manifest(
        name=name,
        version=version,
        description=description,
        sha256=digest(content),
        model=conversion.outline,
        features=described if has_rows else without_baselines(described),
        targets=targets,
        y=None if y is None else y.reshape(len(y), -1),
        outputs=outputs,
        examples=shown.examples(dataset),
        producers=producers_of(modules_of(estimator)),
        metrics=evaluation.metrics,
        parity=parity if has_original(estimator) else None,
        memory_size=conversion.memory_size,
        explanations=explained and explained.described,
    )
    page = to_html(manifest, dataset, estimator, X, y, evaluation) if to_html else None
    golden = shown.golden(dataset, manifest, parity, explained and explained.golden)
    files = {"golden.json": to_json(golden), "model.json": to_json(manifest, indent=2), "model.onnx": content}
    write_package(Path(out), files | ({BACKGROUND: explained.file} if explained else {}))
    if page:
        Path(report).parent.mkdir(parents=True, exist_ok=True)
        Path(report).write_text(page, "utf-8")
    progress.end()
    held = [feature.name for index, feature in enumerate(dataset.features) if conversion.told_apart.get(index)]
    say(summarise(manifest, dataset.left_out, held, dataset.terms, has_training_rows=publish_training_rows))
    return manifest


def has_original(estimator: Any) -> bool:
    """Whether there is an original to compare with. There is none for an ONNX model: its answers are compared with
    those that it gave before it got the inputs and outputs of a package."""
    return onnx_in(estimator) is None


@contextmanager
def in_file(conversion: Conversion) -> Iterator[tuple[Path, Conversion]]:
    """Writes the model to a file. Yields the file, and the conversion without the model's bytes. The runtime reads a
    file piece by piece. To load bytes in memory, it would need several times their size."""
    with TemporaryDirectory(prefix="sepal-") as folder:
        file = Path(folder) / "model.onnx"
        with file.open("wb") as stream:
            stream.writelines(conversion.pieces)
        conversion.graph.bulk.clear()
        conversion = replace(conversion, pieces=())
        give_back()
        yield file, conversion


def answered_for_sure(rows: Rows, typical: int, doubts: Doubts | None) -> tuple[Rows, int]:
    """Leaves out rows that the original answers by chance: the service only starts if it answers the shown rows as the
    original did. Returns the rows, and how many of them are from the first `typical` ones."""
    if doubts is None:
        return rows, typical
    is_sure = ~doubts(rows)
    return rows.take(is_sure), int(is_sure[:typical].sum())


def measured(
    estimator: Any,
    X: Any,
    y: np.ndarray | None,
    metrics: bool | Callable[..., Evaluation],
    progress: Progress,
    *,
    keep: bool,
) -> Evaluation:
    if X is None:
        return not_measured("there are no rows")
    if not metrics:
        return not_measured("it was not asked for")
    progress.begin("measuring")
    if callable(metrics):
        return metrics(estimator, X, y)
    evaluation = evaluate(estimator, X, y, progress, keep=keep)
    if evaluation.doubt:
        raise ValueError(
            f"{said_of(evaluation.doubt, 'X and y')}; give X and y as fit got them. If you did, and the fit used "
            "weights or other rows, metrics=False exports it without measuring it"
        )
    return evaluation


def report_writer() -> Callable[..., str]:
    """Imports the report only if one is written, because it needs matplotlib, and an export does not."""
    from sepal_export.report import to_html

    return to_html


def check_name(what: str, value: str, pattern: str) -> None:
    if not (isinstance(value, str) and re.fullmatch(pattern, value)):
        raise ValueError(
            f"the {what} {value!r} cannot be used; expected letters, digits, '.', '_' and '-' (in a version also "
            "'+'), with a letter or a digit first"
        )


def check_background(rows: int | None) -> None:
    if rows is not None and not 0 <= rows <= MOST_ROWS:
        raise ValueError(f"a background of {rows:,} rows cannot be used; expected 0 to {MOST_ROWS:,}")


def columns_of(target: Column | str | Sequence[Column | str], y: Any) -> list[Column]:
    """What is predicted. Targets without a name get those of the columns of `y`."""
    given = [target] if isinstance(target, Column | str) else list(target)
    if isinstance(y, pd.DataFrame) and given == [UNNAMED]:
        given = [str(name) for name in y.columns]
    return [column if isinstance(column, Column) else Column(column) for column in given]


def check_target(y: np.ndarray | None, outputs: Outputs) -> None:
    """Raises ValueError if `y` does not have one column for each target, or has a label that is not a class."""
    count = len(outputs.targets) or 1
    if y is None or outputs.task in (OUTLIERS, CLUSTERING):
        return
    columns = y.reshape(len(y), -1)
    if columns.shape[1] != count:
        raise ValueError(
            f"y has {counted(columns.shape[1], 'column')}, but the estimator predicts {count}; give y as fit got it"
        )
    for values, classes in zip(columns.T, outputs.classes, strict=False):
        positions_of(values, classes)


def read_target(y: Any, rows: int) -> np.ndarray:
    """Returns `y` as [N], also if it is a column [N, 1]; with several targets as [N, T]."""
    values = y.toarray() if issparse(y) else np.asarray(y)
    if values.ndim not in (1, 2) or len(values) != rows or 0 in values.shape:
        raise ValueError(f"y has shape {values.shape}, but X has {counted(rows, 'row')}; give one value for each row")
    if pd.isna(values).any():
        raise ValueError(f"y lacks {counted(int(pd.isna(values).sum()), 'value')}; leave out the rows without a value")
    if values.dtype.kind == "f" and np.isinf(values).any():
        raise ValueError(f"y holds {np.isinf(values).sum()} infinite values; leave those rows out")
    return values if values.ndim == 2 and values.shape[1] > 1 else values.reshape(-1)


def answers_several_to_one(estimator: Any, outputs: Outputs) -> bool:
    """Whether the estimator may answer several values to one target. Other estimators have as many as `y` has
    columns."""
    return len(outputs.targets) > 1 and not outputs.classes and bool(modules_of(estimator) & BOOSTERS)


def check_answers(estimator: Any, dataset: Dataset) -> None:
    """Raises ValueError if the estimator does not answer the rows to which it was fitted according to the caller, and
    ConversionError if the reason is that it takes float32 only."""
    if not hasattr(estimator, "predict"):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimator.predict(dataset.for_original(dataset.rows))
    except Exception as error:  # whatever an estimator of any library raises
        if "Buffer dtype mismatch" in str(error):
            raise ConversionError(
                f"{type(estimator).__name__} was fitted to float32, and one of its steps takes no float64, but float64 "
                "is what clients send; fit it to X.astype('float64')"
            ) from error
        raise ValueError(
            f"{type(estimator).__name__} does not answer the rows of X ({first_line(error)}); fit it, and give the "
            "export the rows as fit got them"
        ) from error


def check_categories(dataset: Dataset, known: dict[int, list[Any]]) -> None:
    """`known` has, for each feature whose encoder refuses unknown values, the known ones. Raises ConversionError if the
    training data has another value there. Warns if the published values may tell of people."""
    for index, categories in known.items():
        feature, counts = dataset.features[index], frequencies(dataset.rows.columns[index])
        unknown = [value for value in counts if value not in categories]
        if unknown:
            raise ConversionError(
                f"the feature {feature.name!r} holds {unknown[0]!r}, which is no category of its encoder, so a client "
                "could not send it; replace it in the training data by the category that the encoder takes it for"
            )
        if is_mostly_distinct(counts):
            warnings.warn(
                f"all values of the feature {feature.name!r} are published, {len(counts):,} different ones in "
                f"{sum(counts.values()):,} rows, because its encoder refuses every other; if they are about people, "
                "leave the column out, or fit the encoder with handle_unknown='ignore' (OneHotEncoder) or "
                "'use_encoded_value' (OrdinalEncoder)",
                stacklevel=3,
            )
