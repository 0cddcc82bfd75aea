"""The rows that an estimator was fitted to, from a CSV file, as it takes them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.errors import EmptyDataError, ParserError, ParserWarning
from sklearn.base import is_classifier

from sepal_export.summary import counted

# Before 3.1, pandas takes some numbers for a neighbour of theirs unless told.
PRECISION = {} if tuple(map(int, pd.__version__.split(".")[:2])) >= (3, 1) else {"float_precision": "round_trip"}
NAMES_SHOWN = 20
VALUES_SHOWN = 5
TEXT = ("string", "category")


class DataError(Exception):
    """Rows that cannot be those that the estimator was fitted to; the message says what to do."""


@dataclass(frozen=True)
class TrainingData:
    """`X` as the estimator takes it, a frame or an array, the names of its columns, and `y`. `ignored` are columns of
    the file that the estimator does not take."""

    X: Any
    y: np.ndarray
    names: list[str]
    ignored: list[str]


def read_training_data(path: Path, target: str, estimator: Any, dtypes: Mapping[str, str]) -> TrainingData:
    """`dtypes` are those of some columns; "category" is pandas' own type for strings. Raises DataError."""
    frame = read_csv(path, text_columns(target, estimator, dtypes))
    if target not in frame.columns:
        raise DataError(f"{path} has no column {target!r} for the target; it has {listed(frame.columns)}{hint(frame)}")
    for name in dtypes:
        if name not in frame.columns:
            raise DataError(
                f"{path} has no column {name!r} to be of type {dtypes[name]}; it has {listed(frame.columns)}"
            )
    columns = frame.drop(columns=target)
    names, ignored = feature_names(columns, estimator, path)
    columns = columns[names]
    check_numbers(columns, dtypes, path)
    columns = columns.astype({name: "category" for name in names if dtypes.get(name) == "category"})
    return TrainingData(
        X=columns if names_of(estimator) is not None else to_array(columns),
        y=read_labels(frame[target], estimator, path) if is_classifier(estimator) else read_values(frame[target], path),
        names=names,
        ignored=ignored,
    )


def text_columns(target: str, estimator: Any, dtypes: Mapping[str, str]) -> dict[str, type]:
    """What is read as it stands, `007` too."""
    columns = {name: str for name, dtype in dtypes.items() if dtype in TEXT}
    if is_classifier(estimator) and all(isinstance(label, str) for label in np.asarray(estimator.classes_).tolist()):
        columns[target] = str
    return columns


def read_csv(path: Path, dtypes: Mapping[str, type]) -> pd.DataFrame:
    """Nothing but an empty field is a missing value, as it is for the service."""
    how = {"encoding": "utf-8-sig", "index_col": False, "keep_default_na": False, "na_values": [""]}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ParserWarning)
            [header] = pd.read_csv(path, header=None, nrows=1, dtype=str, **how).to_numpy().tolist()
            frame = pd.read_csv(path, dtype=dict(dtypes), low_memory=False, **PRECISION, **how)
    except FileNotFoundError as error:
        raise DataError(f"{path} does not exist") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not in UTF-8; save it as CSV in UTF-8") from error
    except EmptyDataError as error:
        raise DataError(f"{path} is empty; expected a header row and rows") from error
    except ParserWarning as error:
        raise DataError(f"{path} has rows with more fields than the header row") from error
    except (OSError, ParserError) as error:
        raise DataError(f"{path} cannot be read as CSV: {str(error).strip()}") from error
    check_header(header, path)
    if len(frame) == 0:
        raise DataError(f"{path} has a header row and no other")
    return frame


def check_header(header: list[Any], path: Path) -> None:
    if not all(isinstance(name, str) for name in header):
        raise DataError(f"{path} has a column without a name; expected a name for each in the first row")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DataError(f"{path} has several columns of the name {listed(twice)}")


def feature_names(columns: pd.DataFrame, estimator: Any, path: Path) -> tuple[list[str], list[str]]:
    """Those that the estimator takes, in its order, and those that it does not."""
    present, known = list(columns.columns), names_of(estimator)
    if known is None:
        width = getattr(estimator, "n_features_in_", len(present))
        if width != len(present):
            raise DataError(
                f"{path} has {len(present)} columns beside the target ({listed(present)}), and the estimator was "
                f"fitted to {width} without names; keep those {width} in the file, in the same order"
            )
        return present, []
    missing = [name for name in known if name not in present]
    if missing:
        raise DataError(
            f"{path} lacks columns that the estimator was fitted to: {listed(missing)}; it has {listed(present)}"
        )
    return known, [name for name in present if name not in known]


def names_of(estimator: Any) -> list[str] | None:
    """Of the columns of the frame that it was fitted to, if it was one."""
    if hasattr(estimator, "feature_names_in_"):
        return [str(name) for name in estimator.feature_names_in_]
    if hasattr(estimator, "steps"):
        return names_of(estimator.steps[0][1])
    if not type(estimator).__module__.startswith("catboost."):
        return None
    # Which calls the columns of an array 0, 1, 2 …
    names = list(estimator.feature_names_)
    return None if names == [str(index) for index in range(len(names))] else names


def check_numbers(columns: pd.DataFrame, dtypes: Mapping[str, str], path: Path) -> None:
    """A column of numbers that holds something else in a few rows is read as strings, which it is not meant to be."""
    for name in columns.columns:
        dtype, column = dtypes.get(name), columns[name].dropna()
        if dtype in TEXT or pd.api.types.is_numeric_dtype(column):
            continue
        others = not_numbers(column)
        if len(others) > 0 and (dtype is not None or len(others) < len(column) / 2):
            raise DataError(
                f"the column {name!r} of {path} holds {listed(others.unique(), VALUES_SHOWN)} among its numbers, in "
                f"{len(others):,} of {counted(len(columns), 'row')}; leave the field empty where a value is missing, "
                f"or add --dtype {name}=string if the estimator was fitted to strings"
            )


def not_numbers(column: pd.Series) -> pd.Series:
    return column[pd.to_numeric(column.astype(str), errors="coerce").isna()]


def to_array(columns: pd.DataFrame) -> np.ndarray:
    """Of float64 [N, F], or of objects where a column holds strings."""
    is_numeric = all(pd.api.types.is_numeric_dtype(columns[name]) for name in columns.columns)
    return columns.to_numpy(dtype=np.float64 if is_numeric else object)


def read_labels(column: pd.Series, estimator: Any, path: Path) -> np.ndarray:
    check_present(column, path)
    classes = np.asarray(estimator.classes_)
    unknown = [label for label in column.unique().tolist() if label not in classes.tolist()]
    if unknown:
        raise DataError(
            f"the target {column.name!r} of {path} holds {listed(unknown, VALUES_SHOWN)}, which the estimator does not "
            f"know; its classes are {listed(classes.tolist())}"
        )
    return column.to_numpy().astype(classes.dtype)


def read_values(column: pd.Series, path: Path) -> np.ndarray:
    check_present(column, path)
    others = not_numbers(column)
    if len(others) > 0:
        raise DataError(
            f"the target {column.name!r} of {path} holds {listed(others.unique(), VALUES_SHOWN)}, and the estimator "
            "predicts numbers"
        )
    return column.to_numpy().astype(np.float64)


def check_present(column: pd.Series, path: Path) -> None:
    missing = int(column.isna().sum())
    if missing:
        raise DataError(
            f"the target {column.name!r} of {path} is missing in {counted(missing, 'row')}; leave those out"
        )


def listed(values: Any, most: int = NAMES_SHOWN) -> str:
    values = list(values)
    shown = ", ".join(repr(value) for value in values[:most])
    return f"{shown} and {len(values) - most} more" if len(values) > most else shown


def hint(frame: pd.DataFrame) -> str:
    if frame.shape[1] > 1:
        return ""
    [name] = frame.columns
    return " (the fields must be separated by commas)" if re.search("[;\t|]", str(name)) else ""
