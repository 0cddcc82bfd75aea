"""Operators of all classes that hold cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.cells import COMPARISONS, OPERATORS
from sepal_export.following.refusal import NotFollowed


def unary(name: str, operand: Any) -> Any:
    from sepal_export.following.ufuncs import of_elements

    return of_elements(name, operand)


def binary(name: str, *, is_swapped: bool = False) -> Any:
    def method(self: Any, other: Any) -> Any:
        from sepal_export.following.ufuncs import of_elements

        return of_elements(name, *((other, self) if is_swapped else (self, other)))

    return method


def in_place(name: str) -> Any:
    def method(self: Any, other: Any) -> Any:
        from sepal_export.following.ufuncs import of_elements

        made = of_elements(name, self, other)
        if not np.can_cast(made.dtype, self.dtype, "same_kind"):
            raise NotFollowed(f"it writes {made.dtype} into an array of {self.dtype}", "write X = X + y for X += y")
        self.take_over(made)
        return self

    return method


def give_operators(kind: type) -> None:
    for sign, name in OPERATORS.items():
        setattr(kind, f"__{sign}__", binary(name))
        setattr(kind, f"__r{sign}__", binary(name, is_swapped=True))
    for sign, name in COMPARISONS.items():
        setattr(kind, f"__{sign}__", binary(name))
