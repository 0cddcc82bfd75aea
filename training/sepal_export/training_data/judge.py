"""Judges whether the columns that were read can be those that an estimator was fitted on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.training_data.expected import Expected, is_missing
from sepal_export.wording import counted

NAMES_SHOWN = 20
VALUES_SHOWN = 5
# If at least this share of the rows has unknown categories, these are not just a few that the fit did not have.
MANY = 0.01
AS_FITTED = (
    "save the frame that fit got with X.assign(TARGET=y).to_parquet('rows.parquet') and name that file, or call "
    "sepal_export.export(estimator, X, y, …) in Python"
)


@dataclass(frozen=True)
class Problem:
    """A problem with a column or the target, the number of rows that have it, and some of their values. `advice` is
    what to do if no reading option helps. `is_doubt`: the data may still be right."""

    column: str
    text: str
    rows: int
    values: tuple[Any, ...] = ()
    advice: str = ""
    is_doubt: bool = False
    role: str = "column"


def judge_column(series: pd.Series, expected: Iterable[Expected]) -> list[Problem]:
    """The first problem that a column has for one of the estimators that get it; empty if there is none."""
    found = [judge_as(each, series) for each in expected]
    return [problem for problem in found if problem is not None][:1]


def judge_as(expected: Expected, series: pd.Series) -> Problem | None:
    if expected.is_text:
        return judge_texts(series)
    return judge_numbers(series) if expected.is_number else judge_categories(series, expected)


def judge_texts(series: pd.Series) -> Problem | None:
    lacking = series[series.isna()]
    others = series[~series.map(lambda value: isinstance(value, str)) & series.notna()]
    if len(lacking) == len(others) == 0:
        return None
    if len(others):
        text = f"holds values that are not texts in {count_of(len(others), len(series))}, but the estimator takes texts"
        return problem(series, text, others, advice=f"add --dtype {series.name}=string if they are texts of digits")
    text = f"is missing in {count_of(len(lacking), len(series))}, but the estimator takes no missing text"
    return problem(series, text, lacking, advice=f"leave those rows out, or {AS_FITTED}")


def judge_numbers(series: pd.Series) -> Problem | None:
    texts = not_numbers(series)
    if len(texts) == 0:
        return None
    # The texts that made pandas read a numeric column as strings.
    marks = texts[pd.to_numeric(texts.astype(str), errors="coerce").isna().to_numpy()]
    others = marks if len(marks) else texts
    among = " among its numbers" if len(marks) < len(texts) and len(marks) else ""
    rows = count_of(len(others), len(series))
    text = f"holds {listed(frequent(others), VALUES_SHOWN)}{among} in {rows}, but the estimator takes numbers"
    advice = f"if your code turned them into numbers before the fit, write these numbers into the file, or {AS_FITTED}"
    return problem(series, text, others, advice=advice)


def judge_categories(series: pd.Series, expected: Expected) -> Problem | None:
    known = [value for value in expected.categories or () if not is_missing(value)]
    if any(isinstance(value, np.datetime64) for value in known):
        return problem(
            series, "held dates in the fit, but an encoder takes only numbers, booleans or strings from clients",
            series, advice="fit the estimator to one of these, such as the days since a date",
        )  # fmt: skip
    if expected.is_pandas and not isinstance(series.dtype, pd.CategoricalDtype):
        return problem(series, "had pandas' type category in the fit", series)
    lacking = takes_no_missing(series, expected)
    unknown = unknown_in(series, known)
    if len(unknown) == 0 and len(lacking) == 0:
        return None
    return unknown_categories(series, unknown, lacking, known, expected)


def unknown_categories(
    series: pd.Series, unknown: pd.Series, lacking: pd.Series, known: list[Any], expected: Expected
) -> Problem:
    rows = len(unknown) + len(lacking)
    values = frequent(unknown)
    holds = " and ".join([*([listed(values, VALUES_SHOWN)] if values else []), *(["no value"] if len(lacking) else [])])
    kinds = [kind_of(known), kind_of(values)]
    learned = f"the encoder of the estimator was fitted to {listed(known, VALUES_SHOWN)}"
    if values and not set(kinds[0]) & set(kinds[1]):
        learned = f"these are {' and '.join(kinds[1])}, but {learned}, which are {' and '.join(kinds[0])}"
    is_doubt = expected.accepts_unknown and (expected.is_chosen or rows < MANY * len(series)) and rows < len(series) / 2
    return Problem(
        str(series.name),
        f"holds {holds} in {count_of(rows, len(series))}; {learned}",
        rows,
        tuple(values),
        AS_FITTED if rows == len(series) else f"leave those rows out if it was not fitted to them, or {AS_FITTED}",
        is_doubt,
    )


def takes_no_missing(series: pd.Series, expected: Expected) -> pd.Series:
    takes = expected.is_pandas or expected.fills_missing or any(map(is_missing, expected.categories or ()))
    return series.iloc[:0] if takes else series[series.isna()]


def unknown_in(series: pd.Series, known: Iterable[Any]) -> pd.Series:
    """The values that are not in `known`. 1, 1.0 and True are equal, as for an encoder."""
    present, known = series.dropna().astype(object), set(known)
    places, different = pd.factorize(present)
    return present[np.array([value not in known for value in different], dtype=bool)[places]]


def not_numbers(series: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(series):
        return series.iloc[:0]
    present = series.dropna().astype(object)
    return present[[not isinstance(value, bool | int | float | np.number) for value in present.tolist()]]


def problem(series: pd.Series, text: str, rows: pd.Series, *, advice: str = "") -> Problem:
    return Problem(str(series.name), text, len(rows), tuple(frequent(rows)), advice)


def frequent(values: pd.Series) -> list[Any]:
    """The distinct values, the most frequent first."""
    return values.value_counts().index.tolist()


def kind_of(values: Sequence[Any]) -> list[str]:
    return sorted({"strings" if isinstance(value, str) else "booleans" if isinstance(value, bool | np.bool_)
                   else "numbers" for value in values})  # fmt: skip


def count_of(rows: int, all_rows: int) -> str:
    return f"{rows:,} of {counted(all_rows, 'row')}"


def listed(values: Any, most: int = NAMES_SHOWN) -> str:
    values = list(values)
    shown = ", ".join(repr(value) for value in values[:most])
    return f"{shown} and {len(values) - most} more" if len(values) > most else shown
