"""Replacements of classes and functions of numpy, pandas and Python while a step is followed. Most act only if an
argument holds a cell, and else call the original. Those of by_the_user act on every call from the user's code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sepal_export.following.cells import INT, Cell
from sepal_export.following.pandas_calls import holds_cells
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.series import INDEX
from sepal_export.own import PACKAGE, is_own

NUMPY = str(Path(np.__file__).parent)


class Standing(type):
    """The metaclass of a class that replaces another. `isinstance`, attributes and comparisons behave like those of the
    original class, and the cells that `takes` accepts count as its instances."""

    original: Any

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, cls.original) or cls.takes(value)

    def __subclasscheck__(cls, kind: type) -> bool:
        return kind is cls or issubclass(kind, cls.original)

    def __call__(cls, *args: Any, **options: Any) -> Any:
        options = {name: plain(value) for name, value in options.items()}
        if holds_cells(args) or holds_cells(options):
            return cls.made(*args, **options)
        if options.get("index") is INDEX:
            return cls.made_empty(*map(plain, args), **options)
        return cls.original(*map(plain, args), **options)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls.original, name)

    def __eq__(cls, other: Any) -> bool:
        return other is cls or other is cls.original

    def __hash__(cls) -> int:
        return hash(cls.original)

    def takes(cls, value: Any) -> bool:
        return False


def plain(value: Any) -> Any:
    """Returns the original of a class that replaces it, and any other value as it is."""
    return value.original if isinstance(value, Standing) else value


def standing(original: type, made: Callable[..., Any], kind: str | None = None, **more: Any) -> Standing:
    """Returns a class that replaces `original`. Calls with cells go to `made`, and calls with the index of a
    followed frame to `made_empty`. Cells of `kind` count as instances."""

    def takes(value: Any) -> bool:
        if isinstance(value, Cell) and value.kind == kind == INT:
            raise NotFollowed(
                "it asks whether a value is an int, but numpy's integers are not of type int",
                "ask for its column's type",
            )
        return isinstance(value, Cell) and value.kind == kind

    fields = {"original": original, "made": staticmethod(made), "takes": staticmethod(takes), **more}
    return Standing(original.__name__, (), fields)


def by_the_user(original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a function that calls `instead` for the user's own code, and the original for libraries."""

    def function(*args: Any, **options: Any) -> Any:
        called = instead if is_own(sys._getframe(1).f_code.co_filename) else original
        return called(*args, **options)

    return function


def of_cells(original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a function that calls `instead` if an argument is a cell, and else the original."""

    def function(*args: Any, **options: Any) -> Any:
        if holds_cells(args) or holds_cells(options):
            return instead(*args, **{name: plain(value) for name, value in options.items()})
        return original(*map(plain, args), **{name: plain(value) for name, value in options.items()})

    return function


def from_outside(original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    """As `of_cells`, except that numpy and this package get the original: they create object arrays of cells."""
    made = of_cells(original, instead)

    def function(*args: Any, **options: Any) -> Any:
        file = sys._getframe(1).f_code.co_filename
        return (original if file.startswith((NUMPY, PACKAGE)) else made)(*args, **options)

    return function
