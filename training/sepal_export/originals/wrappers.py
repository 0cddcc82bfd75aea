"""Converts models of libraries without scikit-learn's interface to estimators with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sepal_export.estimators import class_name

Wrapper = Callable[[Any], Any]

WRAPPERS: dict[str, Wrapper] = {}


def original(*names: str) -> Callable[[Wrapper], Wrapper]:
    """Registers the conversion of a class, given as `package.Class`, to an estimator. The estimator has the same
    answers and the attributes of a fitted one, and its class has a converter."""

    def register(wrapper: Wrapper) -> Wrapper:
        for name in names:
            WRAPPERS[name] = wrapper
        return wrapper

    return register


def as_estimator(value: Any) -> Any:
    """The estimator that the registered conversion makes of `value`; `value` itself if its class has none."""
    wrapper = WRAPPERS.get(class_name(value))
    return value if wrapper is None else wrapper(value)
