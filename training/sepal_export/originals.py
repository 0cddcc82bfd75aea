"""Fitted models that have no interface of scikit-learn's, made into estimators that have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sepal_export.registry import class_name

Wrapper = Callable[[Any], Any]

ORIGINALS: dict[str, Wrapper] = {}


def original(*names: str) -> Callable[[Wrapper], Wrapper]:
    """Registers a function of an object of these classes, given as `package.Class`, which returns a fitted estimator
    with the same answers. It raises ConversionError where there is none."""

    def register(wrapper: Wrapper) -> Wrapper:
        for name in names:
            ORIGINALS[name] = wrapper
        return wrapper

    return register


def as_estimator(value: Any) -> Any:
    """`value` itself, unless its class is registered. Raises ConversionError."""
    wrapper = ORIGINALS.get(class_name(value))
    return wrapper(value) if wrapper else value
