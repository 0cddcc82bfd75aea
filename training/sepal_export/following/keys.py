"""Values that are looked up in a dictionary or set: the run forks for each known value."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following import forks
from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, Cell
from sepal_export.following.kinds import is_missing
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.sources import is_none, source_of
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Column

# The most values that a number may have in the training rows if it is looked up.
MOST_NUMBERS = 60


def hash_of(cell: Cell) -> int:
    """The hash for a dictionary or set: the run forks for each value in the training data, or in the step's own
    code."""
    if cell.kind not in (TEXT, INT, FLOAT, BOOL):
        return id(cell)
    key = resolved(cell)
    if key is None:
        for candidate in candidates_of(cell):
            if forks.truth_of(equal_to(cell, candidate)):
                forks.trails[-1].values[cell.value.name] = key = candidate
                break
    return hash(key) if key is not None else id(cell)


def candidates_of(cell: Cell) -> list[Any]:
    named = cell.graph.memory.get("keys", ())
    if cell.kind == TEXT:
        source, images = source_of(cell)
        texts = [image for image in images[: len(source.keys)] if not is_none(image)]
        return list(dict.fromkeys([*texts, *(name for name in named if isinstance(name, str))]))
    column = Column(cell.value if cell.kind == FLOAT else cell.value.cast(np.float64))
    [values] = reaching([column])
    numbers = {float(value) for value in values[:, 0].tolist() if value == value}
    if len(numbers) > MOST_NUMBERS:
        raise NotFollowed(
            f"it looks up a number in a dictionary, and the training data has more than {MOST_NUMBERS} values of it",
            "use .map({…})",
        )
    numbers |= {float(name) for name in named if isinstance(name, int | float) and name == name}
    return [int(number) if cell.kind == INT else number for number in sorted(numbers)]


def resolved(cell: Cell) -> Any:
    """The value on the current path, if it was looked up."""
    for trail in reversed(forks.trails):
        if trail.values and cell.value.name in trail.values:
            return trail.values[cell.value.name]
    return None


def equal_to(cell: Cell, value: Any) -> Cell:
    """Whether the cell equals the value. A string that only the code names is not recorded as told apart, so that
    model.json does not list it among the categories."""
    from sepal_export.following.elements import ELEMENTS

    if cell.kind != TEXT:
        return ELEMENTS["equal"](cell, value)
    is_value = cell.value.equals(np.array(value, dtype=object))
    flag = is_value & ~is_missing(cell).value if cell.is_nullable else is_value
    if value in source_of(cell)[0].keys:
        cell.graph.tell_apart(flag, [value])
    return Cell(flag, BOOL)
