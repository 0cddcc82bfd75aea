"""What all folders need of an estimator: the name of its class, the estimators inside it, and the error that refuses
it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


class ConversionError(Exception):
    """The estimator cannot be converted to ONNX. The message names it, its place in the pipeline, and what to do."""


def class_name(estimator: Any) -> str:
    """The name `sklearn.StandardScaler`. A subclass has its own name, so it is never mistaken for its parent."""
    kind = type(estimator)
    return f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"


def class_name_of(kind: type) -> str:
    return f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"


def modules_of(estimator: Any) -> set[str]:
    """The top-level packages of the classes inside `estimator`. A wrapper of a model without scikit-learn's interface
    (see originals/wrappers.py) names that model's package."""
    kinds = {type(part) for part in estimators_in(estimator)}
    return {getattr(kind, "LIBRARY", kind.__module__).partition(".")[0] for kind in kinds}


def estimators_in(estimator: Any) -> Iterator[Any]:
    """`estimator` and all estimators inside it."""
    seen, left = set(), [estimator]
    while left:
        value = left.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, list | tuple):
            left.extend(value)
        elif isinstance(value, np.ndarray) and value.dtype == object:
            left.extend(value.ravel())
        elif isinstance(value, dict):
            left.extend(value.values())
        elif hasattr(value, "get_params"):
            yield value
            left.extend(vars(value).values())
