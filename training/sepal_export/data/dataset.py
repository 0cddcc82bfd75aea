"""The training data: what its columns hold, and how rows are passed to the original, to ONNX and as JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sepal_export.data.forms import Form, form_of
from sepal_export.data.times import (
    RESOLUTIONS,
    TO_FRAME,
    holds_times,
    to_iso,
    to_microseconds,
    to_times,
    unit_of,
    zone_of,
)
from sepal_export.wording import counted

if TYPE_CHECKING:
    from sepal_export.text.inputs import Text

# By dtype: the largest number in a request; for float64, the largest for which a baseline can be computed.
LARGEST = {"float32": float(np.finfo(np.float32).max), "float64": 1e150, "int64": 2.0**53 - 1}
NO_NUMBER = "no client can send them, so leave those rows out"
# By dtype: whether a value (not a missing one) fits it.
FITS = {
    "float32": lambda value: isinstance(value, int | float),
    "float64": lambda value: isinstance(value, int | float),
    "int64": lambda value: isinstance(value, int) or (isinstance(value, float) and value.is_integer()),
    "bool": lambda value: value in (0, 1),
    "string": lambda value: isinstance(value, str),
    "timestamp": lambda value: isinstance(value, datetime),
}
NUMERIC = "biuf"
# Names that the graph, or the code around it, uses for its own tensors.
TAKEN = re.compile(
    r"[cv]\d+( sorted)?|labels?|probabilities|scores?|values?|distances|compared|(input|output) .*|__proto__", re.DOTALL
)


@dataclass(frozen=True)
class Column:
    """What the caller says about a feature or the target. None means: take it from the data.

    `dtype` is one of FITS. float64 lets a column of integers accept other numbers too. A column of datetime64 is a
    timestamp anyway. `nullable` says whether values may be missing.
    """

    name: str
    unit: str | None = None
    dtype: str | None = None
    nullable: bool | None = None


@dataclass(frozen=True)
class Feature:
    """One column of the rows that clients send. For times, `timezone` is UTC or None, and `resolution` is the unit of
    the original's column in microseconds; it cannot hold anything finer."""

    name: str
    dtype: str
    unit: str | None
    nullable: bool
    timezone: str | None = None
    resolution: int = 1

    @property
    def is_string(self) -> bool:
        return self.dtype == "string"

    @property
    def is_time(self) -> bool:
        return self.dtype == "timestamp"

    @property
    def is_whole(self) -> bool:
        return self.dtype in ("int64", "bool")


@dataclass(frozen=True)
class Rows:
    """N rows by column: float64 [N] with NaN for missing values (for times, microseconds since 1970), or objects [N],
    which are strings or None."""

    columns: tuple[np.ndarray, ...]

    def __len__(self) -> int:
        return len(self.columns[0])

    def take(self, rows: np.ndarray) -> Rows:
        """The rows that an array of positions or a mask selects."""
        return Rows(tuple(column[rows] for column in self.columns))

    def replace(self, column: int, values: np.ndarray) -> Rows:
        return Rows((*self.columns[:column], values, *self.columns[column + 1 :]))

    @staticmethod
    def concat(parts: Sequence[Rows]) -> Rows:
        return Rows(tuple(np.concatenate(columns) for columns in zip(*(part.columns for part in parts), strict=True)))


@dataclass(frozen=True)
class Dataset:
    """The rows that a model was trained on, with `X` as an array or a pandas frame, and the columns that are features:
    all that a client could send, or only those that the model depends on."""

    features: tuple[Feature, ...]
    rows: Rows
    X: Any
    # The names of all columns.
    names: tuple[str, ...]
    # By feature: its column in X.
    places: tuple[int, ...]
    # By feature: the marker of a missing string in training, because encoders distinguish None from NaN.
    missing_strings: tuple[Any, ...]
    # By column that no client could send: the reason.
    unusable: Mapping[int, str]
    # The form in which the original takes rows.
    form: Form
    # The terms that the model gets in place of texts, or besides them.
    texts: tuple[Text, ...] = ()
    # Text features that the model only gets as terms.
    only_analysed: frozenset[int] = frozenset()

    @property
    def is_matrix(self) -> bool:
        """Whether the ONNX model has a single input [N, F]. Otherwise it has one [N, 1] for each feature."""
        return not any(feature.is_string or feature.is_time for feature in self.features)

    @property
    def left_out(self) -> list[str]:
        """The columns that only the original has."""
        return [name for place, name in enumerate(self.names) if place not in self.places]

    def only(self, features: Sequence[int]) -> Dataset:
        """The data set of these features. Only the original has the other columns."""
        return replace(
            self,
            features=tuple(self.features[index] for index in features),
            rows=Rows(tuple(self.rows.columns[index] for index in features)),
            places=tuple(self.places[index] for index in features),
            missing_strings=tuple(self.missing_strings[index] for index in features),
        )

    def with_times(self, index: int, options: Mapping[str, Any]) -> Dataset:
        """The data set with this feature of strings as times, as pandas.to_datetime converts them with `options`."""
        place = self.places[index]
        if not isinstance(self.X, pd.DataFrame):
            raise ValueError(f"the code of the model makes times of the feature {self.names[place]!r}; {TO_FRAME}")
        X = self.X.copy()
        X[X.columns[place]] = pd.to_datetime(X.iloc[:, place], **options)
        feature, values = parse_times(Column(self.names[place]), X.iloc[:, place])
        features = (*self.features[:index], feature, *self.features[index + 1 :])
        return replace(self, X=X, features=features, rows=self.rows.replace(index, values))

    def for_original(self, rows: Rows) -> Any:
        """The rows in the original's form, with numbers in float64: a frame with the training frame's types, an array,
        a sparse matrix or records. Columns that are not features get the values of a training row that is drawn at
        random for each row."""
        return self.form.restore(self._like_X(rows))

    def _like_X(self, rows: Rows) -> pd.DataFrame | np.ndarray:
        feature_of = {place: index for index, place in enumerate(self.places)}
        drawn = np.random.default_rng(0).integers(0, len(self.X), len(rows))
        if isinstance(self.X, pd.DataFrame):
            series = {
                name: self._series(rows, feature_of[place])
                if place in feature_of
                else self.X.iloc[drawn, place].reset_index(drop=True)
                for place, name in enumerate(self.X.columns)
            }
            return pd.DataFrame(series, columns=self.X.columns)
        others = self.X if self.X.dtype.kind in NUMERIC else self.X.astype(object)
        columns = [
            self._column(rows, feature_of[place]) if place in feature_of else others[drawn, place]
            for place in range(self.X.shape[1])
        ]
        return np.stack(columns, axis=1)

    def _series(self, rows: Rows, index: int) -> pd.Series:
        template = self.X.iloc[:0, self.places[index]]
        return to_series(rows.columns[index], template, self.features[index], self.missing_strings[index])

    def _column(self, rows: Rows, index: int) -> np.ndarray:
        values, feature = rows.columns[index], self.features[index]
        if feature.is_string:
            return marked(values, self.missing_strings[index])
        # In arrays of objects, CatBoost treats integers as categories, and other numbers not.
        to_python = {"int64": int, "bool": bool}.get(feature.dtype) if self.X.dtype == object else None
        return values if to_python is None else np.array([v if v != v else to_python(v) for v in values], dtype=object)

    @property
    def input_names(self) -> list[str]:
        """The names of inputs with one column each: the features' names, except those that are taken."""
        return [
            f"input {index}" if TAKEN.fullmatch(feature.name) else feature.name
            for index, feature in enumerate(self.features)
        ]

    def for_onnx(self, rows: Rows) -> dict[str, np.ndarray]:
        """The model's inputs by name."""
        return {"X": np.stack(rows.columns, axis=1)} if self.is_matrix else self.by_input(rows)

    def by_input(self, rows: Rows) -> dict[str, np.ndarray]:
        """The inputs of a model with one input [N, 1] per feature, and one per analyzer of a text."""
        feeds = {text.name: text.cells(rows.columns[text.feature].tolist()) for text in self.texts}
        for index, (name, feature, values) in enumerate(
            zip(self.input_names, self.features, rows.columns, strict=True)
        ):
            if index not in self.only_analysed:
                feeds[name] = (np.array([v or "" for v in values], dtype=object) if feature.is_string else values)[
                    :, None
                ]
        return feeds

    def reading(self, texts: Sequence[Text], only_analysed: frozenset[int]) -> Dataset:
        """The same data set for a model that reads these texts."""
        return replace(self, texts=tuple(texts), only_analysed=only_analysed)

    def texts_of(self, feature: int) -> list[Text]:
        """The analyzers of a feature; empty unless it is a text."""
        return [text for text in self.texts if text.feature == feature]

    @property
    def terms(self) -> dict[str, int]:
        """By text: the number of terms that the model knows by name."""
        by_feature = {text.feature: self.texts_of(text.feature) for text in self.texts}
        return {
            self.features[feature].name: len(set().union(*(text.terms for text in texts)))
            for feature, texts in sorted(by_feature.items())
        }

    def to_json(self, rows: Rows) -> list[list[Any]]:
        """The rows as clients send them."""
        columns = [to_json_values(feature, values) for feature, values in zip(self.features, rows.columns, strict=True)]
        return [list(row) for row in zip(*columns, strict=True)]


def to_json_values(feature: Feature, values: np.ndarray) -> list[Any]:
    if feature.is_string:
        return values.tolist()
    if feature.is_time:
        return [None if np.isnan(value) else to_iso(value, feature.timezone) for value in values.tolist()]
    to_python = {"int64": int, "bool": bool}.get(feature.dtype, float)
    return [None if np.isnan(value) else to_python(value) for value in values.tolist()]


def to_series(values: np.ndarray, template: pd.Series, feature: Feature, missing_string: Any) -> pd.Series:
    if feature.is_string:
        return pd.Series(marked(values, missing_string), dtype=object).astype(with_unseen(template.dtype, values))
    if feature.is_time:
        return to_times(values, template.dtype)
    # pandas does not find 1.0 among the categories False and True, and encoders do not find values of a numeric array
    # among objects.
    is_kept = isinstance(template.dtype, pd.CategoricalDtype) or template.dtype == object
    if feature.is_whole and not feature.nullable:
        values = values.astype(bool if feature.dtype == "bool" else np.int64)
    elif feature.dtype == "bool" and is_kept:
        values = np.array([np.nan if np.isnan(value) else bool(value) for value in values], dtype=object)
    return pd.Series(values).astype(with_unseen(template.dtype, values) if is_kept else values.dtype)


def with_unseen(dtype: Any, values: np.ndarray) -> Any:
    """Adds a category for each new value to a categorical type. Otherwise pandas would turn it into a missing value,
    which encoders distinguish from an unknown one."""
    if not isinstance(dtype, pd.CategoricalDtype):
        return dtype
    unseen = pd.Index(values).dropna().unique().difference(dtype.categories)
    # Keeps integer categories if all new values are integers.
    return dtype if unseen.empty else pd.CategoricalDtype(dtype.categories.append(unseen), dtype.ordered)


def marked(values: np.ndarray, missing: Any) -> np.ndarray:
    """Objects [N] with the training data's marker for missing strings."""
    return np.array([missing if value is None else value for value in values], dtype=object)


def read_dataset(X: Any, columns: Sequence[Column | str] | None) -> Dataset:
    """Reads training data in any form that forms.py knows. Raises ValueError if it is not a table, a name cannot be
    used, or no column can be a feature. A column with a type that no model can take is not a feature, and is listed in
    `unusable`."""
    form = form_of(X)
    X = form.table
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected rows and columns")
    if isinstance(X, np.ndarray) and X.dtype.kind == "M":
        raise ValueError("X is an array of times; fit the estimator to a frame of pandas, and give the export that")
    columns = read_columns(X, columns)
    # From objects, pandas would create its own strings, and NaN for None.
    frame = X if isinstance(X, pd.DataFrame) else pd.DataFrame(X, dtype=object if X.dtype == object else None)
    parsed, unusable = {}, {}
    for place, column in enumerate(columns):
        try:
            parsed[place] = parse_column(column, frame.iloc[:, place])
        except ValueError as error:
            unusable[place] = str(error)
    if not parsed:
        raise ValueError(unusable[0])
    features = tuple(feature for feature, _ in parsed.values())
    return Dataset(
        features=features,
        rows=Rows(tuple(values for _, values in parsed.values())),
        X=X,
        names=tuple(column.name for column in columns),
        places=tuple(parsed),
        missing_strings=tuple(
            missing_marker(frame.iloc[:, place]) if feature.is_string and feature.nullable else np.nan
            for place, feature in zip(parsed, features, strict=True)
        ),
        unusable=unusable,
        form=form,
    )


def read_columns(X: pd.DataFrame | np.ndarray, columns: Sequence[Column | str] | None) -> list[Column]:
    """The description of each column of X."""
    width = X.shape[1]
    if columns is None:
        columns = list(X.columns) if isinstance(X, pd.DataFrame) else [f"x{index}" for index in range(width)]
    columns = [column if isinstance(column, Column) else Column(str(column)) for column in columns]
    if len(columns) != width:
        raise ValueError(f"X has shape {X.shape}, but the names are those of {counted(len(columns), 'feature')}")
    if 0 in X.shape:
        raise ValueError(f"X has no {'columns' if len(X) else 'rows'}")
    check_names([column.name for column in columns])
    return columns


def check_names(names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise ValueError(f"the names of the features must differ: {names}")
    for name in names:
        if not (name and is_text(name)):
            raise ValueError(
                f"a feature cannot be called {name!r}; give it a name that is not empty and has no NUL and no lone "
                "surrogate"
            )


def is_text(value: str) -> bool:
    """Whether a string reaches the model unchanged: JSON has no lone surrogates, and C strings end at a NUL."""
    return not re.search("[\0\ud800-\udfff]", value)


def missing_marker(series: pd.Series) -> Any:
    """The first missing value of a column: None or NaN."""
    missing = series[series.isna()]
    return missing.iloc[0] if len(missing) else np.nan


def parse_column(column: Column, series: pd.Series) -> tuple[Feature, np.ndarray]:
    """The feature that a column is, and its values."""
    missing = series.isna().to_numpy()
    if missing.all():
        raise ValueError(f"the feature {column.name!r} has no values; fit the estimator without it")
    if holds_times(series.dtype) and column.dtype in (None, "timestamp"):
        return parse_times(column, series)
    if getattr(series.dtype, "kind", "") == "M" and column.dtype in (None, "timestamp"):
        raise ValueError(f'the feature {column.name!r} holds times of pyarrow; make them .astype("datetime64[us]")')
    present = [value.item() if isinstance(value, np.generic) else value for value in series[~missing].tolist()]
    dtype = column.dtype or dtype_of(column.name, series, present, has_missing=bool(missing.any()))
    if dtype not in FITS:
        raise ValueError(f"the feature {column.name!r} cannot be of type {dtype!r}; expected one of {', '.join(FITS)}")
    if dtype == "timestamp":
        raise ValueError(
            f"the feature {column.name!r} is declared as timestamp, but its column holds no times; {TO_FRAME}"
        )
    if not all(map(FITS[dtype], present)):
        raise ValueError(f"the feature {column.name!r} is declared as {dtype}, but holds other values too")
    check_values(column.name, dtype, present)
    nullable = is_nullable(column, missing)
    feature = Feature(column.name, dtype, column.unit, nullable)
    values = np.full(len(series), None if feature.is_string else np.nan, dtype=object if feature.is_string else None)
    values[~missing] = present
    if feature.is_string and nullable and "" in present:
        raise ValueError(
            f'the feature {column.name!r} has missing values and empty strings; a client sends "" for both, so make '
            "them one in the training data"
        )
    if feature.is_string and len({mark is None for mark in series[missing]}) > 1:
        raise ValueError(
            f"the feature {column.name!r} has None and NaN for missing values, which an estimator may tell apart and a "
            "client cannot; make them one in the training data"
        )
    if dtype == "float32":
        values = values.astype(np.float32).astype(np.float64)
    return feature, values


def parse_times(column: Column, series: pd.Series) -> tuple[Feature, np.ndarray]:
    if column.unit is not None:
        raise ValueError(f"the feature {column.name!r} is a time, which has no unit; leave {column.unit!r} out")
    zone, values = zone_of(column.name, series.dtype), to_microseconds(column.name, series)
    nullable = is_nullable(column, np.isnan(values))
    resolution = RESOLUTIONS[unit_of(series.dtype)]
    return Feature(column.name, "timestamp", None, nullable, zone, resolution), values


def is_nullable(column: Column, missing: np.ndarray) -> bool:
    if missing.any() and column.nullable is False:
        raise ValueError(
            f"the feature {column.name!r} is declared as never missing, but is missing in "
            f"{counted(int(missing.sum()), 'row')}"
        )
    return bool(missing.any()) if column.nullable is None else column.nullable


def check_values(name: str, dtype: str, present: Sequence[Any]) -> None:
    """Raises ValueError if a value has the type but cannot be sent to the model."""
    if dtype == "string":
        if not all(map(is_text, present)):
            raise ValueError(f"the feature {name!r} holds strings with a NUL or a lone surrogate; take them out")
    elif dtype != "bool" and max(map(abs, present)) > LARGEST[dtype]:
        advice = f"a float64 column takes them, rounded: --dtype {name}=float64" if dtype == "int64" else NO_NUMBER
        limit = f"±{LARGEST[dtype]:.16g}"
        raise ValueError(f"the feature {name!r} holds numbers beyond {limit}, or infinite ones; {advice}")


def dtype_of(name: str, series: pd.Series, present: Sequence[Any], *, has_missing: bool) -> str:
    kinds = {type(value) for value in present}
    if kinds == {str}:
        return "string"
    if kinds == {bool}:
        return "bool"
    if kinds == {int} and not has_missing:
        return "int64"
    if kinds <= {int, float}:
        return "float32" if getattr(series.dtype, "name", "").lower() == "float32" else "float64"
    if all(issubclass(kind, date) for kind in kinds):
        raise ValueError(f"the feature {name!r} holds {kinds_in_words(kinds)} as objects; {TO_FRAME}")
    raise ValueError(
        f"the feature {name!r} holds {kinds_in_words(kinds)}{' and missing values' if has_missing else ''}; expected "
        "numbers, strings, booleans, or times of datetime64"
    )


def kinds_in_words(kinds: set[type]) -> str:
    return ", ".join(sorted(kind.__name__ for kind in kinds))


def frequencies(values: np.ndarray) -> dict[Any, int]:
    """The count of each value of a column, in the values' order, without missing ones."""
    counts = Counter(value for value in values.tolist() if value is not None and value == value)
    return dict(sorted(counts.items()))
