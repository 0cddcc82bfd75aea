"""Tables for numbers with few possible values, such as the hour of a time: numpy itself computes the result for each of
them.

The runtime's sine may differ from numpy's in its last bit. A tree may split between the sines of 30 and 150 degrees,
which are equal but for the last bit, and then depends on that bit. For 24 hours, a table has all bits right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sepal_export.following.cells import FLOAT, Cell
from sepal_export.graphs.functions import of_few
from sepal_export.graphs.graph import Value

# numpy's functions whose results the graph computes to the last bit, so that no table is needed.
EXACT = {
    "absolute", "add", "bitwise_and", "bitwise_or", "bitwise_xor", "ceil", "divide", "equal", "floor", "floor_divide",
    "fmax", "fmin", "greater", "greater_equal", "invert", "less", "less_equal", "logical_and", "logical_not",
    "logical_or", "maximum", "minimum", "multiply", "negative", "not_equal", "positive", "remainder", "rint", "sign",
    "sqrt", "square", "subtract", "trunc",
}  # fmt: skip


@dataclass(frozen=True)
class Domain:
    """`source` [N, 1] float64 is one of `keys` [K], and the cell has the corresponding one of `images` [K]. If it
    `is_open`, the keys are those of the training data, and clients may send others."""

    source: Value
    keys: np.ndarray
    images: np.ndarray
    is_open: bool = False


def carried(name: str, function: Callable[..., Any], made: Any, operands: Sequence[Any]) -> Any:
    """Returns `made`, the cell that numpy's function of this name made from `operands`, with their common domain, if
    they have one. A float whose function is not exact gets its value from a table."""
    cells = [operand for operand in operands if isinstance(operand, Cell)]
    domains = [cell.domain for cell in cells]
    if not isinstance(made, Cell) or not domains or None in domains or len({d.source.name for d in domains}) > 1:
        return made
    if any(np.ndim(operand) for operand in operands if not isinstance(operand, Cell)):
        return made
    images = [operand.domain.images if isinstance(operand, Cell) else operand for operand in operands]
    with np.errstate(all="ignore"):
        domain = replace(domains[0], images=np.asarray(function(*images)))
    value = made.value if name in EXACT or made.kind != FLOAT else looked_up(domain, made.value)
    return Cell(value, made.kind, is_nullable=made.is_nullable, domain=domain)


def looked_up(domain: Domain, computed: Value) -> Value:
    """The image for each source, [N, 1] float64. For an open domain, `computed` where the source is no key."""
    return of_few(domain.source, domain.keys, domain.images, computed if domain.is_open else None)
