"""Replacements of Python's own functions and types in the user's modules while a step is followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export.following.calls import array
from sepal_export.following.cells import FLOAT, INT, TEXT, Cell
from sepal_export.following.python_numbers import as_python
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.scalars import length
from sepal_export.following.standing import standing


def number(kind: str) -> Callable[[Any], Any]:
    def made(value: Any) -> Any:
        from sepal_export.following.types import as_kind

        cell = value if isinstance(value, Cell) else array(value).cells.item()
        return as_python(as_kind(cell, {FLOAT: float, INT: int, TEXT: str}[kind]))

    return made


def length_or(original: Callable[[Any], int]) -> Callable[[Any], Any]:
    return lambda value: length(value) if isinstance(value, Cell) else original(value)


def type_or(original: type) -> Callable[..., Any]:
    def function(*args: Any, **options: Any) -> Any:
        if isinstance(args[0], Cell):
            raise NotFollowed("it asks for the type of a value", "ask for its column's type")
        return original(*args, **options)

    return function


def no_hash(*_: Any) -> Any:
    raise NotFollowed("it calls hash(), which differs between processes for strings", "use zlib.crc32 before training")


# These hide Python's own in the user's modules.
SHADOWS = {
    "float": standing(float, number(FLOAT), FLOAT, dtype=np.dtype(float)),
    "int": standing(int, number(INT), INT, dtype=np.dtype(int)),
    "hash": no_hash,
    "len": length_or(len),
    "type": type_or(type),
    "str": standing(str, number(TEXT), TEXT),
}
