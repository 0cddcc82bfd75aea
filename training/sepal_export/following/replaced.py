"""Replaces functions of numpy, pandas and Python while a step is followed.

numpy passes most of its functions to the cells themselves (NEP 13 and 18). Other functions, and the classes of pandas,
are replaced while the step runs: in their modules, and in the user's modules that imported them by name. Without a cell
among the arguments, most replacements call the original. Those of clocks, random numbers, files and the environment
refuse every call from the user's own code.
"""

from __future__ import annotations

import builtins
import datetime
import math
import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import sklearn.utils
import sklearn.utils.validation
from sklearn.metrics import pairwise

from sepal_export.following import numpy_calls, pandas_calls, products
from sepal_export.following.cells import TIME
from sepal_export.following.forbidden import (
    CHANCE,
    CLOCKS,
    FILES,
    Environment,
    of_a_file,
    of_chance,
    of_the_clock,
    of_the_environment,
)
from sepal_export.following.made_arrays import SideBySide, filled
from sepal_export.following.mapping import Vectorized
from sepal_export.following.mathematics import OF_MATH, near, of_math, whole
from sepal_export.following.shadows import SHADOWS
from sepal_export.following.standing import by_the_user, from_outside, of_cells, standing
from sepal_export.following.validation import check_array, validate_data

MISSING = object()


def pairs() -> Iterator[tuple[Any, str, Any]]:
    """Yields each (module, name, replacement)."""
    # numpy does not ask cells inside a list.
    for name in ("array", "asarray", "asanyarray", "ascontiguousarray", "take", *numpy_calls.OF_NUMPY):
        yield np, name, from_outside(getattr(np, name), partial(numpy_calls.by_name, name))
    for name, value in (("zeros", 0.0), ("ones", 1.0), ("empty", 0.0), ("full", None)):
        yield np, name, by_the_user(getattr(np, name), filled(value))
    yield np, "c_", SideBySide(np.c_)
    yield np, "r_", SideBySide(np.r_)
    yield np, "vectorize", by_the_user(np.vectorize, Vectorized)
    for name, function in pandas_calls.CALLS.items():
        yield pd, name, of_cells(getattr(pd, name), function)
    yield pd, "DataFrame", standing(pd.DataFrame, pandas_calls.frame, made_empty=staticmethod(pandas_calls.frame))
    yield pd, "Series", standing(pd.Series, pandas_calls.series, made_empty=staticmethod(pandas_calls.series))
    clock = {"now": of_the_clock, "today": of_the_clock, "utcnow": of_the_clock}
    clock = {name: staticmethod(function) for name, function in clock.items()}
    yield pd, "Timestamp", standing(pd.Timestamp, lambda cell, *_, **__: cell, TIME, **clock)
    yield datetime, "datetime", standing(datetime.datetime, lambda cell, *_, **__: cell, TIME, **clock)
    today = {"today": staticmethod(of_the_clock)}
    yield datetime, "date", standing(datetime.date, lambda cell, *_, **__: cell, TIME, **today)
    for name in OF_MATH:
        yield math, name, of_cells(getattr(math, name), of_math(name))
    yield math, "isclose", of_cells(math.isclose, near)
    for name in ("floor", "ceil", "trunc"):
        yield math, name, of_cells(getattr(math, name), whole(name))
    for name in CLOCKS:
        yield time, name, by_the_user(getattr(time, name), of_the_clock)
    for module in (np.random, random):
        for name in CHANCE:
            if hasattr(module, name):
                yield module, name, by_the_user(getattr(module, name), of_chance)
    for name in FILES:
        yield pd, name, by_the_user(getattr(pd, name), of_a_file)
    yield builtins, "open", by_the_user(open, of_a_file)
    yield os, "getenv", by_the_user(os.getenv, of_the_environment)
    yield os, "environ", Environment(os.environ)
    for function in (products.rbf_kernel, products.euclidean_distances):
        yield pairwise, function.__name__, of_cells(getattr(pairwise, function.__name__), function)
    for module in (sklearn.utils, sklearn.utils.validation):
        yield module, "check_array", of_cells(sklearn.utils.check_array, check_array)
    # Before scikit-learn 1.6, it is a method of every estimator (`_validate_data`). That method is not followed.
    if hasattr(sklearn.utils.validation, "validate_data"):
        yield sklearn.utils.validation, "validate_data", of_cells(sklearn.utils.validation.validate_data, validate_data)


@contextmanager
def replaced(modules: list[dict[str, Any]]) -> Iterator[None]:
    """Replaces the functions within this context. `modules` are the namespaces of the user's modules."""
    with ExitStack() as stack:
        stands = {}
        for module, name, value in list(pairs()):
            stands[id(getattr(module, name))] = value
            stack.enter_context(set_for_now(vars(module) if module is not builtins else vars(builtins), name, value))
        for names in modules:
            for name, value in list(names.items()):
                if id(value) in stands and not isinstance(value, str | int | float):
                    stack.enter_context(set_for_now(names, name, stands[id(value)]))
            for name, value in SHADOWS.items():
                stack.enter_context(set_for_now(names, name, names.get(name, value)))
        yield


@contextmanager
def set_for_now(names: dict[str, Any], name: str, value: Any) -> Iterator[None]:
    before = names.get(name, MISSING)
    names[name] = value
    try:
        yield
    finally:
        if before is MISSING:
            names.pop(name, None)
        else:
            names[name] = before
