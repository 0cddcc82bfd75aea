"""String operations that the graph computes for any string: characters, length, parts and patterns.

The functions that return `Cell | None` return None if they know no exact way. Then the strings of the training data are
looked up in a table (see texts.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, Cell
from sepal_export.following.forks import refuse_here
from sepal_export.following.regexes import ANYTHING, in_re2, literal
from sepal_export.following.sources import Text, strings_of
from sepal_export.graphs.graph import Value

CONTRIBUTED = "com.microsoft"
EMPTY = np.array("", dtype=object)
# The longest string that is divided into characters. A longer one is refused, because all rows of a request would need
# as much memory as it does.
MOST_CHARACTERS = 1_000
# A character, or a part between delimiters, is taken only from a position below this.
MOST_TAKEN = 32


def matches(value: Value, pattern: str) -> Value:
    """[N, 1] bool: whether RE2's pattern matches the whole string."""
    return value.graph.node("RegexFullMatch", value, pattern=pattern)


def flag_of(cell: Cell, name: str, args: tuple[Any, ...], options: dict[str, Any]) -> Cell | None:
    """`startswith`, `endswith`, `contains`, `match` and `fullmatch` of pandas."""
    given = dict(options)
    arguments = [*args, given.pop("pat", None)][:1]
    if len(args) > 1 or set(given) - {"na", "regex"}:
        return None
    pattern = PATTERNS[name](arguments[0], given.get("regex", True))
    if pattern is None or is_table(cell):
        return None
    flag = matches(cell.value, pattern)
    if not cell.is_nullable:
        return Cell(flag, BOOL)
    of_missing = getattr(strings_of([np.nan], cell.is_object).str, name)(*args, **options).iloc[0]
    lacks = missing(cell)
    if isinstance(of_missing, bool | np.bool_):
        return Cell(flag | lacks if of_missing else flag & ~lacks, BOOL)
    if not pd.isna(of_missing):
        return None
    return Cell(cell.graph.where(lacks, np.nan, flag.cast(np.float64)), FLOAT)


def is_table(cell: Cell) -> bool:
    """Whether the graph finds the string by looking up another one."""
    return isinstance(cell, Text) and not cell.is_exact


def missing(cell: Cell) -> Value:
    return cell.value.equals(EMPTY)


def of_affixes(form: str) -> Callable[[Any, Any], str | None]:
    def pattern(affix: Any, _: Any) -> str | None:
        affixes = affix if isinstance(affix, tuple) else (affix,)
        if not affixes or not all(isinstance(each, str) for each in affixes):
            return None
        return form.format(f"(?:{'|'.join(map(literal, affixes))})", any=ANYTHING)

    return pattern


def of_pattern(form: str) -> Callable[[Any, Any], str | None]:
    def pattern(given: Any, is_regex: Any) -> str | None:
        if not isinstance(given, str):
            return None
        found = in_re2(given) if is_regex else literal(given)
        return None if found is None else form.format(f"(?:{found})", any=ANYTHING)

    return pattern


PATTERNS = {
    "contains": of_pattern("{any}{0}{any}"),
    "endswith": of_affixes("{any}{0}"),
    "fullmatch": of_pattern("{0}"),
    "match": of_pattern("{0}{any}"),
    "startswith": of_affixes("{0}{any}"),
}


def characters(value: Value, count: int) -> Value:
    """[N, 1] → [N, W] strings: the characters, where W is `count` or more; "" or spaces after the end."""
    graph = value.graph
    padded = graph.node("StringConcat", short(value), np.array(" " * count, dtype=object))
    graph.opsets = tuple(dict([*graph.opsets, (CONTRIBUTED, 1)]).items())
    tokens = graph.node("Tokenizer", padded, domain=CONTRIBUTED, mark=0, pad_value="", separators=[""], mincharnum=1)
    squeezed = graph.node("Squeeze", tokens, np.array([1]))
    # ONNX cannot infer the types of contributed operators, and ends the process at a node that needs them.
    return graph.where(squeezed.equals(EMPTY), EMPTY, squeezed)


def short(value: Value) -> Value:
    """Refuses strings that are too long."""
    is_long = ~matches(value, f"(?s:.{{0,{MOST_CHARACTERS}}})")
    refuse_here(is_long)
    return value.graph.where(is_long, EMPTY, value)


def taken(cell: Cell, key: Any) -> Cell | None:
    """`.str[key]`, for positions counted from the front."""
    if is_table(cell):
        return None
    if isinstance(key, slice):
        start, stop = key.start or 0, key.stop
        if key.step not in (None, 1) or not isinstance(stop, int) or start < 0 or stop <= start:
            return None
    elif isinstance(key, int) and not isinstance(key, bool) and key >= 0:
        start, stop = key, key + 1
    else:
        return None
    if stop > MOST_TAKEN:
        return None
    graph, all_of_it = cell.graph, characters(cell.value, stop)
    made = None
    for place in range(start, stop):
        is_there = matches(cell.value, f"(?s:.{{{place + 1},}})")
        one = graph.where(is_there, all_of_it.columns([place]), EMPTY).reshape(-1, 1)
        made = one if made is None else graph.node("StringConcat", made, one)
    if cell.is_nullable and start > 0 and isinstance(key, slice):
        refuse_here(made.equals(EMPTY) & ~missing(cell))
    return plain(cell, made, is_nullable=cell.is_nullable or not isinstance(key, slice))


def plain(cell: Cell, value: Value, *, is_nullable: bool) -> Cell:
    made = Cell(value, TEXT, is_nullable=is_nullable)
    made.is_object = cell.is_object
    return made


def length(cell: Cell) -> Cell | None:
    """The number of characters."""
    if is_table(cell):
        return None
    tokens = characters(cell.value, 1)
    are_there = ~tokens.equals(EMPTY)
    return counted(cell, are_there.cast(np.float64).sum() - 1.0)


def counted(cell: Cell, count: Value) -> Cell:
    """The count, which is missing for a missing string."""
    if cell.is_nullable:
        return Cell(cell.graph.where(missing(cell), np.nan, count), FLOAT)
    return Cell(count.cast(np.int64), INT)


class Part(Cell):
    """A part of a string, which may not exist. `source` is the whole string."""

    source: Cell


def part(cell: Cell, delimiter: Any, place: int | None) -> Cell | None:
    """The part at a position counted from the front, between two delimiters; the number of parts if `place` is None."""
    if is_table(cell) or not isinstance(delimiter, str) or len(delimiter) != 1:
        return None
    if place is not None and not 0 <= place < MOST_TAKEN:
        return None
    graph, more = cell.graph, (place or 0) + 1
    padded = graph.node("StringConcat", short(cell.value), np.array(delimiter * more, dtype=object))
    parts, counts = graph.node_of(2, "StringSplit", padded, delimiter=delimiter)
    count = counts - np.int64(more)
    if place is None:
        return counted(cell, count.cast(np.float64))
    chosen = graph.node("Squeeze", parts, np.array([1])).columns([place])
    made = graph.where(count > np.int64(place), chosen, EMPTY)
    # An empty part is a valid string. If "" marks a missing string, it cannot be represented.
    if place > 0 or cell.is_nullable:
        refuse_here((count > np.int64(place)) & chosen.equals(EMPTY) & ~missing(cell))
    if not place:
        return plain(cell, made, is_nullable=cell.is_nullable)
    part_of = Part(made, TEXT, is_nullable=True)
    part_of.source = cell
    return part_of
