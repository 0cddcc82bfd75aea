"""Strings of a column, by a table: what Python makes of each string that the training data holds, it is asked itself.

Of a string that is in none of the training rows it is asked too: of some that are like those that are. Where it has one
answer to all of them, the graph has that answer to every other string. Where it has not, no other string is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from onnx import TensorProto, helper, numpy_helper

from sepal_export.following import forks
from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, Cell
from sepal_export.following.refusal import NotFollowed
from sepal_export.graph import ML, Graph, Value
from sepal_export.reaching import reaching
from sepal_export.table import Column

MOST_KEYS = 5_000
# That a number may be one of, where it is looked up.
MOST_NUMBERS = 60
# Of the training data's strings, those that others are made from.
ALIKE = 20
STRANGE = ("\N{REFERENCE MARK} unknown", "unknown", "x", "X 1", "-1", "0", "12.5", " ", "Ünïcode ☃", "a b c", "A.B,C")


class Source:
    """A column of strings, or of whole numbers, that tables are made for. `keys` are what the training data holds."""

    def __init__(self, cell: Cell, named: Sequence[str] = ()) -> None:
        """`named` are strings that the user's code knows beside those of the training data."""
        self.value = cell.value
        self.is_nullable = cell.is_nullable
        self.column = cell.column
        [values] = reaching([Column(cell.value, is_string=True)])
        seen = {str(key) for key in values[:, 0].tolist()} | set(named)
        self.keys = sorted(key for key in seen if key or not self.is_nullable)
        if len(self.keys) > MOST_KEYS:
            raise NotFollowed(
                f"it asks for something of strings, of which the training data has {len(self.keys):,} different ones",
                "a vectorizer reads free text",
            )

    @property
    def graph(self) -> Graph:
        return self.value.graph

    @cached_property
    def others(self) -> list[str]:
        """Strings that the training data does not hold."""
        some = self.keys[:: max(1, len(self.keys) // ALIKE)]
        made = [*STRANGE, *(name for name in self.graph.memory.get("named", ()) if isinstance(name, str))]
        for key in some:
            made += [key + "x", "x" + key, key + " ", " " + key, key[:-1], key[1:], key[::-1], key + key]
            made += [key.upper(), key.lower(), key.title(), key.swapcase()]
        # "" is a missing one where strings may be missing.
        return [text for text in dict.fromkeys(made) if text not in set(self.keys) and text]

    @property
    def size(self) -> int:
        """Of the images that a table has: of each key, of a missing string, and of others."""
        return len(self.keys) + 1 + len(self.others)

    @property
    def images(self) -> list[Any]:
        """Of the strings as they are."""
        return [*self.keys, np.nan, *self.others]


class Text(Cell):
    """What a table makes of a source: a string, or none."""

    def __init__(self, source: Source, images: Sequence[Any], value: Value | None = None) -> None:
        """`value` is what the graph computes of every string, where it needs no table for that."""
        self._value = value
        self.source = source
        self.images = list(images)
        self.kind = TEXT
        self.column = self.domain = None
        self.is_nullable = any(is_none(image) for image in self.images)

    @cached_property
    def value(self) -> Value:  # type: ignore[override]
        return self._value or looked_up(self.source, self.images, TEXT)


def is_none(image: Any) -> bool:
    return image is None or image is pd.NA or image is pd.NaT or (isinstance(image, float) and image != image)


def source_of(cell: Cell) -> tuple[Source, list[Any]]:
    """The column that the cell's strings come from, and what they are of each of its keys."""
    if isinstance(cell, Text):
        return cell.source, cell.images
    sources = cell.graph.memory.setdefault("sources", {})
    if cell.value.name not in sources:
        sources[cell.value.name] = Source(cell)
    source = sources[cell.value.name]
    return source, source.images


def mapped(cell: Cell, function: Callable[[pd.Series], Any], *, named: Sequence[Any] | None = None) -> Cell:
    """`function` of a column of strings, to which each string has an answer of its own. Where it compares whole strings,
    `named` are all that it knows: it has one answer to every other."""
    source, images = source_of(cell)
    strings = [name for name in named or () if isinstance(name, str)]
    if not isinstance(cell, Text) and set(strings) - set(source.keys):
        source = Source(cell, strings)
        images = source.images
    exactly = named is not None and not set(strings) & set(images[len(source.keys) + 1 :])
    made = pd.Series(function(pd.Series(images, dtype=object)))
    if len(made) != len(images):
        raise NotFollowed("it changes the number of rows")
    images = made.tolist()
    if exactly:
        images = [*images[: len(source.keys) + 1], *[images[-1]] * len(source.others)]
    present = [image for image in images if not is_none(image)]
    if all(isinstance(image, str) for image in present) and present:
        return Text(source, images)
    if all(isinstance(image, bool | np.bool_) for image in present) and len(present) == len(images):
        return Cell(looked_up(source, images, BOOL), BOOL)
    if not all(isinstance(image, bool | int | float | np.number) for image in present):
        kinds = ", ".join(sorted({type(image).__name__ for image in present}))
        raise NotFollowed(f"it makes {kinds} of strings")
    whole = all(isinstance(image, int | np.integer) and not isinstance(image, bool) for image in images)
    kind = INT if whole else FLOAT
    return Cell(looked_up(source, images, kind), kind)


def exactly(cell: Cell, value: Value, function: Callable[[pd.Series], Any]) -> Text:
    """`value` is what `function` makes of every string, of whatever nobody has seen, too."""
    source, images = source_of(cell)
    return Text(source, pd.Series(function(pd.Series(images, dtype=object))).tolist(), value)


def looked_up(source: Source, images: Sequence[Any], kind: str) -> Value:
    """[N, 1] of a table."""
    graph, count = source.graph, len(source.keys)
    of_keys, of_missing, of_others = list(images[:count]), images[count], list(images[count + 1 :])
    default = of_others[0]
    if not all(is_same(default, other) for other in of_others):
        accept_only(source)
    keys = list(source.keys)
    if source.is_nullable:
        keys, of_keys = [*keys, ""], [*of_keys, of_missing]
    if not keys:
        keys, of_keys = [""], [default]
    encoded = graph.node(
        "LabelEncoder",
        source.value,
        domain=ML,
        keys_tensor=helper.make_tensor("keys", TensorProto.STRING, [len(keys)], [key.encode() for key in keys]),
        values_tensor=tensor_of(of_keys, kind),
        default_tensor=tensor_of([default], kind),
    )
    graph.tell_apart(encoded, source.keys)
    return encoded if kind in (TEXT, FLOAT) else encoded.cast({BOOL: bool, INT: np.int64}[kind])


def is_same(first: Any, second: Any) -> bool:
    return (is_none(first) and is_none(second)) or (type(first) is type(second) and first == second)


def tensor_of(images: Sequence[Any], kind: str) -> TensorProto:
    if kind == TEXT:
        texts = ["" if is_none(image) else image for image in images]
        return helper.make_tensor("texts", TensorProto.STRING, [len(texts)], [text.encode() for text in texts])
    return numpy_helper.from_array(np.array([np.nan if is_none(image) else float(image) for image in images]))


def accept_only(source: Source) -> None:
    """The strings of the training data, and no others."""
    feature = source.column.feature if source.column else None
    if feature is not None:
        source.graph.restrict(feature, source.keys)
        return
    keys = [*source.keys, *([""] if source.is_nullable else [])]
    known = source.graph.node(
        "LabelEncoder",
        source.value,
        domain=ML,
        keys_tensor=helper.make_tensor("keys", TensorProto.STRING, [len(keys)], [key.encode() for key in keys]),
        values_tensor=numpy_helper.from_array(np.ones(len(keys))),
        default_tensor=numpy_helper.from_array(np.zeros(1)),
    )
    source.graph.refuse(known.equals(0.0))


def text_of(constant: Cell) -> str:
    """The string that a constant of the graph is."""
    tensor = next(tensor for tensor in constant.graph.tensors if tensor.name == constant.value.name)
    return tensor.string_data[0].decode()


def hash_of(cell: Cell) -> int:
    """For a dictionary, or a set: the run forks on which of the values it is that the training data holds, or the step
    itself names."""
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
        raise NotFollowed("it looks up a number in a dictionary, and it can be any", "use .map({…})")
    numbers |= {float(name) for name in named if isinstance(name, int | float) and name == name}
    return [int(number) if cell.kind == INT else number for number in sorted(numbers)]


def resolved(cell: Cell) -> Any:
    """Which value it is on the path that is running, where it was looked up."""
    for trail in reversed(forks.trails):
        if trail.values and cell.value.name in trail.values:
            return trail.values[cell.value.name]
    return None


def equal_to(cell: Cell, value: Any) -> Cell:
    from sepal_export.following.elements import ELEMENTS

    return ELEMENTS["equal"](cell, value)
