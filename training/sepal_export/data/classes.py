"""Converts the classes of a classifier to types that JSON has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sepal_export.data.canonical import js_number
from sepal_export.estimators import ConversionError

Class = str | bool | int | float

# Larger integers change their value in JavaScript, and in most clients that read JSON.
MAX_WHOLE = 2**53 - 1
AS_TEXT = "fit it to text: fit(X, np.asarray(y).astype(str))"
# The order matters: Python's bool is also an int, and so is numpy's timedelta64.
TYPES = {
    str: str,
    np.timedelta64: np.timedelta64,
    bool: bool | np.bool_,
    int: int | np.integer,
    float: float | np.floating,
}


def classes_of(estimator: Any) -> tuple[Class, ...]:
    """The classes [K] in the order of the probabilities, all of one type. Raises ConversionError if JSON has no such
    type."""
    return check_classes(type(estimator).__name__, estimator.classes_)


def check_classes(name: str, given: Any) -> tuple[Class, ...]:
    """The classes [K] as Python values. `name` is the estimator's name for error messages."""
    values = list(np.asarray(given))
    types = {next((kind for kind, types in TYPES.items() if isinstance(value, types)), type(value)) for value in values}
    if len(types) > 1:
        names = ", ".join(sorted(kind.__name__ for kind in types))
        raise ConversionError(f"{name} has classes of several types ({names}); {AS_TEXT}")
    [kind] = types
    if kind not in (str, bool, int, float):
        raise ConversionError(f"{name} has classes of the type {kind.__name__}, which JSON does not have; {AS_TEXT}")
    classes = tuple(map(kind, values))
    for given, value in zip(values, classes, strict=True):
        if problem := problem_with(given, value):
            raise ConversionError(f"{name} has the class {value!a}, {problem}")
    # Turns -0.0 into 0.0: they are equal, and JSON.stringify writes both as 0.
    return tuple(value + 0.0 for value in classes) if kind is float else classes


def problem_with(given: Any, value: Class) -> str | None:
    """`value` is the Python value of numpy's `given`."""
    if isinstance(value, str):
        is_unicode = not any("\ud800" <= character <= "\udfff" for character in value)
        return None if is_unicode else "which holds half of a surrogate pair; spell it differently in y"
    if isinstance(value, float) and not (math.isfinite(value) and value == given):
        return f"which is not a number in JSON; {AS_TEXT}"
    if abs(value) > MAX_WHOLE:
        return f"a whole number beyond 2^53 - 1, which clients would read as another one; {AS_TEXT}"
    return None


def name_of(value: Class) -> str:
    """The key of the class's probability: a string itself, or else the class's JSON as JavaScript writes it."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else js_number(value)


def positions_of(labels: Any, classes: Sequence[Class]) -> np.ndarray:
    """[N] int64: the position of each label in `classes`. Raises ValueError for a label that is not a class."""
    labels = np.asarray(labels).reshape(-1)
    if isinstance(classes[0], str):
        # Some estimators turn their classes into texts, as CatBoost does with dates.
        labels = labels.astype(str)
    positions = {value: position for position, value in enumerate(classes)}
    values = labels.tolist()
    unknown = [value for value in values if value not in positions]
    if unknown:
        known = ", ".join(map(repr, classes[:10])) + (", …" if len(classes) > 10 else "")
        raise ValueError(
            f"y holds {unknown[0]!r}, which is not one of the classes that the estimator answers ({known}); give y as "
            f"fit got it, and where the estimator rounds its classes, {AS_TEXT}"
        )
    return np.array([positions[value] for value in values], dtype=np.int64)
