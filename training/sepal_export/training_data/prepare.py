"""Reads the training rows of an estimator from a file, in the estimator's form."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import is_classifier

from sepal_export.data.forms import as_records, as_texts
from sepal_export.data.outputs import CLUSTERING, OUTLIERS, TASKS, classes_by_target
from sepal_export.data.outputs import type_of as kind_of
from sepal_export.data.predictions import refusal
from sepal_export.data.times import holds_times
from sepal_export.estimators import class_name
from sepal_export.registry import CONVERTERS, REFUSED, TRANSFORMERS
from sepal_export.training_data.expected import VECTORIZERS, Expected, expected_of
from sepal_export.training_data.judge import VALUES_SHOWN, Problem, judge_column, listed, not_numbers, unknown_in
from sepal_export.training_data.source import DataError, Source
from sepal_export.wording import counted

# The names of unnamed columns in pandas and in interpret.
OF_NO_NAME = ("{}", "feature_{:04}")
TEXT = ("string", "category", "timestamp")
RECORDS = ("sklearn.DictVectorizer", "sklearn.FeatureHasher")
SHIFTED = " (the rows have more fields than the header row, so pandas takes the first ones for the frame's index)"


@dataclass(frozen=True)
class TrainingData:
    """`X` is in the estimator's form, a frame or an array. `y` is [N], or [N, T] for several targets; None if the file
    does not have it or it has a problem. `names` are those of the columns in the file. `dtypes` are the types that
    clients send, if X does not show them. `ignored` are columns of the file that the estimator does not use,
    `unknown_targets` targets that the file does not have, and `problems` what speaks against these rows."""

    X: Any
    y: np.ndarray | None
    names: list[str]
    dtypes: dict[str, str | None]
    ignored: list[str]
    problems: list[Problem]
    unknown_targets: list[str] = field(default_factory=list)


class NoTarget(DataError):
    """The file has no column for the target."""


def prepare(source: Source, targets: Sequence[str], estimator: Any, *, needs_target: bool = True) -> TrainingData:
    """Prepares the file's data. Raises NoTarget if the file has no column for a target, and DataError if it cannot be
    read or lacks other columns."""
    frame = source.read()
    if needs_target and takes_target(estimator):
        check_targets(frame, source, targets)
    check_columns(frame, source)
    present = [name for name in frame.columns if name not in targets]
    known = names_of(estimator)
    names = feature_names(present, known or list(source.features) or None, estimator, source)
    found = expected_of(estimator, len(names))
    expected = [found.get(index, []) for index in range(len(names))]
    columns = read_columns(frame, source, names, expected)
    problems = [problem for pair in zip(columns, expected, strict=True) for problem in judge_column(*pair)]
    if problems and source.kind == "CSV" and not frame.index.equals(pd.RangeIndex(len(frame))):
        problems[0] = replace(problems[0], text=f"{problems[0].text}{SHIFTED}")
    y, wrong = read_targets(frame, source, targets, estimator)
    X = pd.concat([with_gaps(*pair) for pair in zip(columns, expected, strict=True)], axis=1)
    return TrainingData(
        X=X.set_axis(known, axis=1) if known is not None else without_names(X, estimator),
        y=y,
        names=names,
        dtypes={name: type_of(column, source.dtypes.get(name)) for name, column in zip(names, columns, strict=True)},
        ignored=[name for name in present if name not in names],
        problems=problems + wrong,
        unknown_targets=[name for name in targets if name not in frame.columns],
    )


def read_columns(
    frame: pd.DataFrame, source: Source, names: list[str], expected: list[list[Expected]]
) -> list[pd.Series]:
    """The columns of `frame` with the given types, and with the missing values that the encoders know."""
    said = [
        source.dtypes.get(name) or ("string" if any(by.is_text for by in each) else None)
        for name, each in zip(names, expected, strict=True)
    ]
    texts = source.read_texts([name for name, dtype in zip(names, said, strict=True) if dtype in TEXT], frame)
    return [
        with_mark(as_said(frame[name], texts.get(name), dtype, each), each)
        for name, dtype, each in zip(names, said, expected, strict=True)
    ]


def check_targets(frame: pd.DataFrame, source: Source, targets: Sequence[str]) -> None:
    for target in targets:
        if target not in frame.columns:
            raise NoTarget(
                f"{source.path} has no column {target!r} for the target; it has {listed(frame.columns)}",
                advice="name one of those, or all columns by --names NAME,… if the file has no header row",
                lacking=len(frame.columns) + 1,
            )


def check_columns(frame: pd.DataFrame, source: Source) -> None:
    for name, dtype in source.dtypes.items():
        if name not in frame.columns:
            raise DataError(
                f"{source.path} has no column {name!r} to be of type {dtype}; it has {listed(frame.columns)}"
            )


def feature_names(present: list[str], known: list[str] | None, estimator: Any, source: Source) -> list[str]:
    """The columns of the file that the estimator uses, in its order."""
    if known is None:
        if takes_texts(estimator) and len(present) > 1:
            raise DataError(
                f"{source.path} has {len(present)} columns beside the target ({listed(present)}), but the estimator "
                "takes one column, of texts",
                advice=f"name it, such as by --features {present[0]}",
                lacking=1,
            )
        width = getattr(estimator, "n_features_in_", len(present))
        if width != len(present):
            raise DataError(
                f"{source.path} has {counted(len(present), 'column')} beside the target ({listed(present)}), but the "
                f"estimator was fitted to {width} without names",
                advice=f"keep only the target and the {counted(width, 'column')} of the fit, in the same order",
                lacking=abs(width - len(present)),
            )
        return present
    numbered = [[name.format(index) for index in range(len(present))] for name in OF_NO_NAME]
    if known in numbered and not set(known) & set(present):
        return present
    named = {name: name if name in present else renamed(name, known, present) for name in known}
    missing = [name for name, found in named.items() if found is None]
    if missing:
        raise DataError(
            f"{source.path} lacks columns that the estimator was fitted to: {listed(missing)}; it has "
            f"{listed(present)}",
            advice="name them in the file as the estimator does; those that its pipeline drops may be empty there",
            lacking=len(missing),
        )
    return [named[name] for name in known]


def renamed(name: str, known: Sequence[str], present: Sequence[str]) -> str | None:
    """The column with the same name except for spaces and punctuation, which LightGBM replaces by underscores, and
    case; None if there are several, or if it is another column of the estimator."""
    alike = [column for column in present if column not in known and plain(column) == plain(name)]
    others = [column for column in known if column not in present and plain(column) == plain(name)]
    return alike[0] if len(alike) == len(others) == 1 else None


def plain(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.strip()).casefold()


def names_of(estimator: Any) -> list[str] | None:
    """The column names of the frame that it was fitted on; None for an array."""
    if hasattr(estimator, "feature_names_in_"):
        names = list(estimator.feature_names_in_)
        # For an array, an encoder of category_encoders numbers the columns.
        return None if names == list(range(len(names))) else [str(name) for name in names]
    if hasattr(estimator, "steps"):
        return names_of(next(step for _, step in estimator.steps if not hasattr(step, "fit_resample")))
    if not type(estimator).__module__.startswith("catboost."):
        return None
    # CatBoost names the columns of an array 0, 1, 2, …
    names = list(estimator.feature_names_)
    return None if names == [str(index) for index in range(len(names))] else names


def as_said(column: pd.Series, text: pd.Series | None, dtype: str | None, expected: Sequence[Expected]) -> pd.Series:
    """Converts to times, strings or pandas' categories, if that was requested. Strings are those in the file (`007`) or
    those that pandas reads (`7`), whichever include more of the categories that the estimator knows."""
    if text is None:
        return column
    if dtype == "timestamp":
        return column if holds_times(column.dtype) else as_times(text)
    ways = [text, column.map(str, na_action="ignore"), *([column] if dtype == "category" else [])]
    known = [value for each in expected for value in each.categories or ()]
    best = min(ways, key=lambda way: len(unknown_in(way, known)))
    return best.astype("category") if dtype == "category" else best


def as_times(text: pd.Series) -> pd.Series:
    """Converts the fields with pd.to_datetime. Raises DataError if some are not times."""
    try:
        with warnings.catch_warnings():
            # Silences the warning that there is no common format. The fields that cannot be read are counted below.
            warnings.simplefilter("ignore")
            times = pd.to_datetime(text, errors="coerce")
    except ValueError as error:
        raise DataError(
            f"the column {text.name!r} holds times of several zones; write them all in UTC, and convert "
            "them to UTC before the fit too"
        ) from error
    unread = int((times.isna() & text.notna()).sum())
    if unread:
        raise DataError(
            f"in {counted(unread, 'row')}, the column {text.name!r} holds text that is not a time, or a time in "
            "another format than the first; write all times as ISO 8601, such as 2024-05-01T12:30:00, and leave "
            "missing ones empty"
        )
    return times


def with_mark(column: pd.Series, expected: Sequence[Expected]) -> pd.Series:
    """Uses None for missing values if an encoder was fitted on None, which it distinguishes from NaN."""
    if any(value is None for each in expected for value in each.categories or ()):
        return column.astype(object).where(column.notna(), None)
    return column


def with_gaps(column: pd.Series, expected: Sequence[Expected]) -> pd.Series:
    """Converts booleans with missing values to numbers, as an estimator of numbers does."""
    takes_numbers = any(each.is_number for each in expected)
    return column.astype(np.float64) if takes_numbers and has_bools(column) else column


def type_of(column: pd.Series, said: str | None) -> str | None:
    """The type that a client sends."""
    if said is None and has_bools(column) and column.isna().any():
        return "bool"
    return None if said == "category" else said


def has_bools(column: pd.Series) -> bool:
    return column.dtype == object and all(isinstance(value, bool) for value in column.dropna().tolist())


def without_names(
    columns: pd.DataFrame, estimator: Any
) -> list[dict[str, Any]] | pd.Series | pd.DataFrame | np.ndarray:
    """Returns records (without the keys of missing values) or a column of texts if the estimator takes these; else an
    array, or a frame if its own Python does not accept an array."""
    if takes_texts(estimator):
        return as_texts(columns)
    if takes_records(estimator):
        return as_records(columns)
    array = to_array(columns)
    return columns if begins_with_python(estimator) and refusal(estimator, array) else array


def begins_with_python(estimator: Any) -> bool:
    """Whether a user's own class gets the rows first, which stores no column names."""
    return class_name(first_of(estimator)) not in CONVERTERS.keys() | TRANSFORMERS.keys() | REFUSED.keys()


def first_of(estimator: Any) -> Any:
    """The estimator that gets the rows first."""
    best = getattr(estimator, "best_estimator_", estimator)
    parts = getattr(best, "steps", None) or getattr(best, "transformer_list", None)
    return first_of(parts[0][1]) if parts else best


def takes_records(estimator: Any) -> bool:
    """Whether it begins with a vectorizer of dictionaries."""
    return begins_with(RECORDS, estimator)


def takes_texts(estimator: Any) -> bool:
    """Whether it begins with a vectorizer of texts, which takes one column and not a table."""
    return begins_with(VECTORIZERS, estimator)


def begins_with(classes: Collection[str], estimator: Any) -> bool:
    """Whether one of these classes gets the rows first."""
    if hasattr(estimator, "transformer_list"):
        return any(begins_with(classes, part) for _, part in estimator.transformer_list)
    if hasattr(estimator, "steps"):
        return begins_with(classes, estimator.steps[0][1])
    best = getattr(estimator, "best_estimator_", None)
    return begins_with(classes, best) if best is not None else class_name(estimator) in classes


def to_array(columns: pd.DataFrame) -> np.ndarray:
    """An array [N, F] of float64, or of objects if a column holds strings."""
    is_numeric = all(map(pd.api.types.is_numeric_dtype, columns.dtypes))
    return columns.to_numpy(dtype=np.float64 if is_numeric else object)


def read_targets(
    frame: pd.DataFrame, source: Source, targets: Sequence[str], estimator: Any
) -> tuple[np.ndarray | None, list[Problem]]:
    """[N], or [N, T] for several targets. None if the estimator was fitted without a target, the file lacks
    one, or there are problems."""
    if not targets or not set(targets) <= set(frame.columns) or not takes_target(estimator):
        return None, []
    if is_classifier(estimator):
        known = classes_by_target(estimator, len(targets)) if len(targets) > 1 else [estimator.classes_]
        codes = dict(zip(getattr(estimator, "codes", ()), getattr(estimator, "names", ()), strict=True))
        read = [
            read_labels(frame[name], source, np.asarray(classes), codes)
            for name, classes in zip(targets, known, strict=True)
        ]
    else:
        read = [read_values(frame[name], source) for name in targets]
    problems = [problem for _, wrong in read for problem in wrong]
    if problems:
        return None, problems
    columns = [column for column, _ in read]
    return columns[0] if len(columns) == 1 else np.stack(columns, axis=1), []


def takes_target(estimator: Any) -> bool:
    """Whether it is fitted with a target. Outlier detectors, clusterers and mixtures are not."""
    return TASKS.get(kind_of(estimator) or "") not in (OUTLIERS, CLUSTERING)


def read_labels(
    column: pd.Series, source: Source, classes: np.ndarray, codes: Mapping[Any, str]
) -> tuple[np.ndarray | None, list[Problem]]:
    """Labels with the type of the classes. For strings, the text in the file or what pandas reads from it. If `codes`
    have names, the file may use these."""
    if column.isna().any():
        return None, [missing_target(column)]
    known = classes.tolist()
    ways = [column]
    if all(isinstance(label, str) for label in known):
        ways = [source.read_texts([column.name], column.to_frame())[column.name], column.map(str)]
    if codes:
        ways.append(column.map(lambda value: codes.get(value, value)))
    best = min(ways, key=lambda way: len(unknown_in(way, known)))
    unknown = unknown_in(best, known)
    if len(unknown) == 0:
        return best.to_numpy().astype(classes.dtype), []
    text = (
        f"holds {listed(unknown.unique(), VALUES_SHOWN)}, which the estimator does not know; its classes are "
        f"{listed(known)}"
    )
    advice = f"write into it the labels that the estimator was fitted to, such as {known[0]!r}"
    return None, [Problem(column.name, text, len(unknown), tuple(unknown.unique()), advice, role="target")]


def read_values(column: pd.Series, source: Source) -> tuple[np.ndarray | None, list[Problem]]:
    if column.isna().any():
        return None, [missing_target(column)]
    others = not_numbers(column)
    if len(others) == 0:
        return column.to_numpy().astype(np.float64), []
    values = tuple(others.unique())
    text = f"holds {listed(values, VALUES_SHOWN)}, but the estimator predicts numbers"
    return None, [Problem(column.name, text, len(others), values, "write the numbers into it", role="target")]


def missing_target(column: pd.Series) -> Problem:
    rows = int(column.isna().sum())
    return Problem(column.name, f"is missing in {counted(rows, 'row')}", rows, (), "leave those out", role="target")
