"""The strings of a column in the training data, and the results of a table for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from onnx import TensorProto, helper, numpy_helper

from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, Cell
from sepal_export.following.refusal import NotFollowed
from sepal_export.graphs.graph import ML, Graph, Value
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Column

# The most strings of a column for which a table is made.
MOST_KEYS = 5_000
# How many of the training data's strings are used to make similar ones.
ALIKE = 20
STRANGE = ("\N{REFERENCE MARK} unknown", "unknown", "x", "X 1", "-1", "0", "12.5", " ", "Ünïcode ☃", "a b c", "A.B,C")
# The type that pandas gives to strings: object before version 3.
PLAIN = pd.Series(["a"]).dtype


class Source:
    """A column of strings for which tables are made. `keys` are its values in the training data, and the `named`."""

    def __init__(self, cell: Cell, named: Sequence[str] = ()) -> None:
        """`named` are strings in the user's code, besides those of the training data."""
        self.value = cell.value
        self.is_nullable = cell.is_nullable
        self.is_object = cell.is_object
        self.column = cell.column
        [values] = reaching([Column(cell.value, is_string=True)])
        seen = {str(key) for key in values[:, 0].tolist()} | set(named)
        self.keys = sorted(key for key in seen if key or not self.is_nullable)
        if len(self.keys) > MOST_KEYS:
            raise NotFollowed(
                f"it reads the strings of a column, and the training data has {len(self.keys):,} different ones",
                "use a vectorizer for free text",
            )

    @property
    def graph(self) -> Graph:
        return self.value.graph

    @cached_property
    def others(self) -> list[str]:
        """Strings that are not in the training data."""
        some = self.keys[:: max(1, len(self.keys) // ALIKE)]
        made = [*STRANGE, *(name for name in self.graph.memory.get("named", ()) if isinstance(name, str))]
        for key in some:
            made += [key + "x", "x" + key, key + " ", " " + key, key[:-1], key[1:], key[::-1], key + key]
            made += [key.upper(), key.lower(), key.title(), key.swapcase()]
        # If strings may be missing, "" is a missing one.
        return [text for text in dict.fromkeys(made) if text not in set(self.keys) and text]

    @property
    def size(self) -> int:
        """The number of results in a table: for each key, for a missing string, and for other strings."""
        return len(self.keys) + 1 + len(self.others)

    @property
    def images(self) -> list[Any]:
        """The results of a table that leaves strings unchanged."""
        return [*self.keys, np.nan, *self.others]


class Text(Cell):
    """The result of a table for a source: a string, or a missing one."""

    def __init__(
        self, source: Source, images: Sequence[Any], value: Value | None = None, *, is_object: bool = False
    ) -> None:
        """`value` is set if the graph computes the result for every string, without a table."""
        self._value = value
        self.is_exact = value is not None
        self.is_object = is_object
        self.source = source
        self.images = list(images)
        self.kind = TEXT
        self.column = self.domain = None
        self.is_nullable = any(is_none(image) for image in self.images)

    @cached_property
    def value(self) -> Value:
        return self._value or looked_up(self.source, self.images, TEXT)


def strings_of(images: Sequence[Any], is_object: bool) -> pd.Series:
    """A column like in pandas, whose string type treats missing strings differently from objects."""
    return pd.Series(images, dtype=object if is_object else PLAIN)


def is_none(image: Any) -> bool:
    return image is None or image is pd.NA or image is pd.NaT or (isinstance(image, float) and image != image)


def source_of(cell: Cell) -> tuple[Source, list[Any]]:
    """The source of the cell's strings, and the cell's string for each of the source's keys, for a missing string and
    for each of its other strings."""
    if isinstance(cell, Text):
        return cell.source, cell.images
    sources = cell.graph.memory.setdefault("sources", {})
    if cell.value.name not in sources:
        sources[cell.value.name] = Source(cell)
    source = sources[cell.value.name]
    return source, source.images


def looked_up(source: Source, images: Sequence[Any], kind: str) -> Value:
    """[N, 1]: the results of a table."""
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
    """Refuses strings that are not among the source's keys."""
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
