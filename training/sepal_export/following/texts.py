"""Looks up strings of a column in a table: Python itself computes the result for each string of the training data.

It also computes the results for some similar strings that are in no training row. If these all have the same result,
the graph uses it for every other string. Otherwise no other string is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, Cell
from sepal_export.following.keys import hash_of, resolved
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.sources import Source, Text, is_none, looked_up, source_of, strings_of
from sepal_export.graphs.graph import Value

__all__ = ["exactly", "hash_of", "mapped", "resolved", "source_of", "text_of"]


def mapped(cell: Cell, function: Callable[[pd.Series], Any], *, named: Sequence[Any] | None = None) -> Cell:
    """Applies `function` to a column of strings; each string's result must depend on that string alone. If
    `function` only compares whole strings, `named` are those that it compares with, and every other string has the same
    result."""
    if named is not None and isinstance(cell, Text) and cell.is_exact:
        cell = plain_text(cell)
    source, images = source_of(cell)
    strings = [name for name in named or () if isinstance(name, str)]
    if not isinstance(cell, Text) and set(strings) - set(source.keys):
        source = Source(cell, strings)
        images = source.images
    exactly = named is not None and not set(strings) & set(images[len(source.keys) + 1 :])
    made = pd.Series(function(strings_of(images, cell.is_object)))
    is_object = made.dtype == object
    if len(made) != len(images):
        raise NotFollowed("it changes the number of rows")
    images = made.tolist()
    if exactly:
        images = [*images[: len(source.keys) + 1], *[images[-1]] * len(source.others)]
    present = [image for image in images if not is_none(image)]
    if all(isinstance(image, str) for image in present) and present:
        return Text(source, images, is_object=is_object)
    if all(isinstance(image, bool | np.bool_) for image in present) and len(present) == len(images):
        return Cell(looked_up(source, images, BOOL), BOOL)
    if not all(isinstance(image, bool | int | float | np.number) for image in present):
        kinds = ", ".join(sorted({type(image).__name__ for image in present}))
        raise NotFollowed(f"it makes {kinds} of strings")
    whole = all(isinstance(image, int | np.integer) and not isinstance(image, bool) for image in images)
    kind = INT if whole else FLOAT
    return Cell(looked_up(source, images, kind), kind)


def plain_text(cell: Cell) -> Cell:
    """The strings themselves, whatever their source."""
    made = Cell(cell.value, TEXT, is_nullable=cell.is_nullable)
    made.is_object = cell.is_object
    return made


def exactly(cell: Cell, value: Value, function: Callable[[pd.Series], Any]) -> Text:
    """`value` is the result of `function` for any string, also for those that the training data does not hold."""
    source, images = source_of(cell)
    made = pd.Series(function(strings_of(images, cell.is_object)))
    return Text(source, made.tolist(), value, is_object=cell.is_object)


def text_of(constant: Cell) -> str:
    """The string that a constant of the graph holds."""
    tensor = next(tensor for tensor in constant.graph.tensors if tensor.name == constant.value.name)
    return tensor.string_data[0].decode()
