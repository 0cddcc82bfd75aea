"""Calls the original, and checks that its answer for a row does not depend on other rows."""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import Any

import joblib
import numpy as np
import pandas as pd

from sepal_export.data.forms import take
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows

# How many rows are asked alone.
ALONE = 25
# A batch's sums can differ in their last digits from those of a single row.
CLOSE = 1e-9


def answered(estimator: Any, method: str, rows: Any) -> Any:
    """The answers for the training rows. Raises NotFollowed if a row's answer changes when it is asked again, in
    another order, or alone. Also raises it if the method raises an error, changes an attribute of the estimator, or
    does not return one row for each."""
    copy = deepcopy(estimator)
    before, first = state_of(copy), made_by(copy, method, rows)
    if state_of(copy) != before:
        raise NotFollowed(f"its {method} changes an attribute", "change attributes in fit alone")
    count = length_of(rows)
    if length_of(first) != count:
        raise NotFollowed(f"it answers {length_of(first):,} rows to {count:,}", "answer one row for each")
    if not is_same(made_of(estimator, method, rows), first):
        raise NotFollowed(
            "its answers to the same rows differ from call to call",
            "use random numbers, clocks and counters only in fit",
        )
    order = np.arange(count)[::-1]
    if not is_same(made_of(estimator, method, take(rows, order)), take(first, order)):
        raise looks_at_other_rows("its answer to a row changes if the rows are sent in another order: it")
    # Alone, and in pairs.
    places = np.unique(np.linspace(0, count - 1, min(count, ALONE)).astype(int))
    for alone in [*places[:, None], places[:2], places[-2:]]:
        if not is_same(made_of(estimator, method, take(rows, alone)), take(first, alone)):
            raise looks_at_other_rows("its answer to a row changes if the row is sent by itself: it")
    return first


def made_of(estimator: Any, method: str, rows: Any) -> Any:
    """Works on copies, because the estimator may keep or change its input."""
    return made_by(deepcopy(estimator), method, rows)


def made_by(copy: Any, method: str, rows: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return getattr(copy, method)(deepcopy(rows))
        except Exception as error:
            raise NotFollowed(
                f"it raises {type(error).__name__} on some of the training rows ({error})",
                "let it answer each row, alone and beside others",
            ) from error


def state_of(estimator: Any) -> str | None:
    """The state of its attributes; None if one of them cannot be compared."""
    try:
        return joblib.hash(vars(estimator))
    except Exception:  # pickling can raise anything
        return None


def length_of(answer: Any) -> int:
    return answer.shape[0] if hasattr(answer, "shape") else len(answer)


def is_same(first: Any, second: Any) -> bool:
    a, b = table_of(first), table_of(second)
    if a.shape != b.shape or list(a.columns) != list(b.columns):
        return False
    return all(is_same_column(a.iloc[:, place], b.iloc[:, place]) for place in range(a.shape[1]))


def table_of(answer: Any) -> pd.DataFrame:
    if isinstance(answer, pd.DataFrame):
        return answer
    if isinstance(answer, pd.Series):
        return answer.to_frame()
    values = answer.toarray() if hasattr(answer, "toarray") else np.asarray(answer)
    return pd.DataFrame(values.reshape(len(values), -1))


def is_same_column(first: pd.Series, second: pd.Series) -> bool:
    lacks = first.isna().to_numpy()
    if (lacks != second.isna().to_numpy()).any():
        return False
    a, b = first.to_numpy()[~lacks], second.to_numpy()[~lacks]
    if all(isinstance(value, int | float | np.number | np.bool_) for value in [*a, *b]):
        return bool(np.allclose(a.astype(float), b.astype(float), rtol=CLOSE, atol=0.0))
    return [str(value) for value in a] == [str(value) for value in b]
