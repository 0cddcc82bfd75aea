"""Random tables that resemble real ones: numbers of any size, gaps, strings and columns without information."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars
from scipy.sparse import csr_matrix

from zoo.data import Data

FORMS = ["polars", "sparse", "records", "float32", "whole"]
WORDS = ["red", "green", "blue", "Ünïcode", "a b", "10", "", "none"]


def table_of(random: np.random.Generator, rows: int, *, positive: bool, strings: bool, gaps: bool) -> Any:
    """An array of numbers, or a frame of columns of several types."""
    width = int(random.integers(1, 8))
    columns = {f"x{place}": numbers_of(random, rows, positive=positive) for place in range(width)}
    if gaps:
        for values in columns.values():
            if random.random() < 0.5:
                values[random.random(rows) < random.choice([0.02, 0.2])] = np.nan
    if not strings:
        X = np.stack(list(columns.values()), axis=1)
        return X if random.random() < 0.6 else pd.DataFrame(X, columns=list(columns))
    frame = pd.DataFrame(columns)
    for place in range(int(random.integers(1, 4))):
        # A client may send "" for a missing string, so a column with gaps holds no other "".
        lacks = gaps and random.random() < 0.4
        words = random.choice(
            [word for word in WORDS if word or not lacks], size=int(random.integers(2, len(WORDS) - 1)), replace=False
        )
        values = random.choice(words, rows).astype(object)
        if lacks:
            values[random.random(rows) < 0.1] = np.nan
        frame[f"word {place}"] = values
    if random.random() < 0.4:
        frame["flag"] = random.random(rows) < 0.5
    if random.random() < 0.4:
        frame["count"] = random.poisson(3, rows)
    return frame


def numbers_of(random: np.random.Generator, rows: int, *, positive: bool) -> np.ndarray:
    scale = 10.0 ** random.integers(-4, 7)
    match int(random.integers(0, 7)):
        case 0:
            values = random.normal(size=rows) * scale
        case 1:
            values = random.lognormal(sigma=2, size=rows) * scale
        case 2:
            values = random.integers(-3, 8, rows).astype(float)
        case 3:
            values = np.round(random.normal(size=rows), 1)
        case 4:
            values = np.full(rows, random.normal()) if random.random() < 0.2 else random.random(rows)
        case 5:
            values = random.normal(size=rows) + scale
        case _:
            values = random.standard_t(2, rows) * scale
    return np.abs(values) if positive else values


def target_of(random: np.random.Generator, X: Any, kind: str) -> np.ndarray | None:
    """A target that depends on the table to a random degree. `kind`: value, values, label, labels or nothing."""
    if kind == "nothing":
        return None
    signal = signal_of(X) + random.normal(size=len(X)) * random.choice([0.1, 1.0])
    if kind == "value":
        return value_of(random, signal)
    if kind == "values":
        return np.stack([value_of(random, signal), value_of(random, -signal + random.normal(size=len(X)))], axis=1)
    if kind == "labels":
        return np.stack([labels_of(signal, 3).astype(int), labels_of(-signal, 2).astype(int)], axis=1)
    codes = labels_of(signal, int(random.choice([2, 2, 3, 5])))
    names = [np.array(["no", "yes", "maybe", "Ä", "x y"]), np.arange(5), np.array([1, 2, 5, 10, 11]), np.arange(5) / 2]
    if codes.max() == 1 and random.random() < 0.3:
        return codes.astype(bool)
    return names[int(random.integers(0, len(names) - (codes.dtype != int)))][codes]


def signal_of(X: Any) -> np.ndarray:
    columns = X.to_numpy().T if isinstance(X, pd.DataFrame) else X.T
    total = np.zeros(len(X))
    for column in columns:
        codes = pd.factorize(column)[0] if any(isinstance(value, str) for value in column) else column
        values = np.nan_to_num(np.asarray(codes, dtype=np.float64))
        total += (values - values.mean()) / (values.std() or 1.0)
    return total


def value_of(random: np.random.Generator, signal: np.ndarray) -> np.ndarray:
    scaled = signal * 10.0 ** random.integers(-3, 5)
    return np.abs(scaled) + 0.1 if random.random() < 0.4 else scaled


def labels_of(signal: np.ndarray, classes: int) -> np.ndarray:
    """The positions of the labels in the classes [N], as whole numbers. Each class has about equally many rows."""
    return np.searchsorted(np.quantile(signal, np.linspace(0, 1, classes + 1)[1:-1]), signal)


def data_of(random: np.random.Generator, kind: str, *, positive: bool, strings: bool, gaps: bool) -> Data:
    X = table_of(random, int(random.integers(30, 200)), positive=positive, strings=strings, gaps=gaps)
    return Data(X, target_of(random, X, kind))


def strings_of(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]


def in_form(X: Any, form: str) -> Any:
    """A table in another form: its strings as categories, a frame of polars, a sparse matrix, records, or numbers of
    another type."""
    frame = X if isinstance(X, pd.DataFrame) else pd.DataFrame(X, columns=[f"x{place}" for place in range(X.shape[1])])
    match form:
        case "categories":
            return frame.astype(dict.fromkeys(strings_of(frame), "category"))
        case "polars":
            return polars.DataFrame({name: frame[name].to_list() for name in frame.columns})
        case "records":
            return frame.to_dict("records")
        case "sparse":
            return csr_matrix(np.where(np.abs(X) > np.median(np.abs(X), axis=0), X, 0.0))
        case "float32":
            return X.astype(np.float32)
        case _:
            return np.clip(np.rint(X), -(2**40), 2**40).astype(np.int64)
