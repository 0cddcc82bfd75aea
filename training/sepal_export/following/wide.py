"""Python's integers that may exceed 64 bits: products, powers and sums."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from sepal_export.following.cells import FLOAT, INT, Cell
from sepal_export.following.forks import path_here
from sepal_export.graphs.graph import Value

# The limits of int64, and of the integers that float64 holds exactly.
LIMIT, EXACT = 2**63, 2**53
# Slightly below the limit, because the product that is compared is itself rounded.
FAR = LIMIT * (1.0 - 2.0**-40)
# Up to this divisor, int64 holds products of remainders.
LARGEST_DIVISOR = 2**31


class Wide(Cell):
    """`whole` [N, 1] is the number in int64. Code that uses it refuses the rows whose number does not fit. `near` [N,
    1] is the number computed in float64. `factors` are those of a product, if float64 holds both exactly: `near` is
    then the nearest float64."""

    def __init__(self, whole: Value, near: Value, factors: tuple[Value, Value] | None) -> None:
        self._whole, self._near, self.factors = whole, near, factors
        self._came_here = path_here()
        self._is_asked = False
        super().__init__(whole, INT)

    @property
    def value(self) -> Value:
        if not self._is_asked:
            self._is_asked = True
            beyond = ~(self._near.abs() < FAR)
            self.graph.refuse(reduce(lambda a, b: a & b, self._came_here, beyond))
        return self._whole

    @value.setter
    def value(self, value: Value) -> None:
        self._whole = value

    @property
    def graph(self) -> Any:
        return self._whole.graph

    def as_float(self) -> Cell:
        """Rounded once to float64, like in Python."""
        return Cell(self._near, FLOAT) if self.factors else Cell(self.value.cast(np.float64), FLOAT)

    def remainder(self, divisor: int) -> Cell:
        """The remainder, computed from the factors' remainders."""
        whole = np.int64(divisor)
        a, b = (self.graph.node("Mod", factor, whole) for factor in self.factors)
        return Cell(self.graph.node("Mod", a * b, whole), INT)


def computed(name: str, operands: list[Any]) -> Cell | None:
    """Operations that only need what a wide number stores; None for all others."""
    first, *others = operands
    if not isinstance(first, Wide) or not first.factors or len(others) != 1 or type(others[0]) not in (int, float):
        return None
    [other] = others
    if name == "remainder" and type(other) is int and 0 < other <= LARGEST_DIVISOR:
        return first.remainder(other)
    if name in ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal") and abs(other) < EXACT:
        # Rounding to float64 changes only numbers beyond EXACT, and these compare the same after it.
        from sepal_export.following.elements import ELEMENTS

        return ELEMENTS[name](first.as_float(), float(other))
    return None
