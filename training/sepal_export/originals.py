"""What was fitted by a library of another interface than scikit-learn's, as an estimator of that interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sepal_export.registry import class_name

Wrapper = Callable[[Any], Any]

WRAPPERS: dict[str, Wrapper] = {}


def original(*names: str) -> Callable[[Wrapper], Wrapper]:
    """Registers what makes an estimator of an object whose class is given as `package.Class`. The estimator answers
    what the object does; it has the attributes of a fitted one, and its class has a converter."""

    def register(wrapper: Wrapper) -> Wrapper:
        for name in names:
            WRAPPERS[name] = wrapper
        return wrapper

    return register


def as_estimator(value: Any) -> Any:
    """`value` itself where it has scikit-learn's interface."""
    wrapper = WRAPPERS.get(class_name(value))
    return value if wrapper is None else wrapper(value)
