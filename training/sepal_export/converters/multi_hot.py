"""MultiHotEncoder of category_encoders: a string holds several items, and each item has a column."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from sepal_export.converters.category_answers import Asking
from sepal_export.converters.category_encoders import assembled
from sepal_export.graphs.graph import Value
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts

# The most bytes of UTF-8 in all items of a column, which one regular expression holds. onnxruntime is slow with twice
# as many.
MOST_BYTES = 4_000
# The characters that str.strip removes.
BLANK = "[" + "".join(f"\\x{{{code:x}}}" for code in range(sys.maxunicode + 1) if chr(code).isspace()) + "]*"


@converts("category_encoders.MultiHotEncoder")
def multi_hot_encoder(encoder: Any, table: Table) -> Table:
    """A regular expression over the whole string tests for each item, so that any combination of items is answered like
    in the original."""
    require_separate(encoder.delimiter)
    asking, owners, hot = Asking(encoder, table), {}, {}
    for place in asking.encoded:
        known = next(entry for entry in encoder.mapping if entry["col"] == asking.names[place])
        owners |= dict.fromkeys(known["columns"], place)
        hot |= dict(zip(known["columns"], hot_columns(encoder, asking.column(place), known), strict=True))

    def make(_: int, some: list[int]) -> Value:
        return table.graph.concat([hot[asking.generated[index]] for index in some])

    return assembled(asking, [owners[name] for name in asking.generated], make)


def require_separate(delimiter: str) -> None:
    """Python splits a text from the left. Looking at every delimiter gives the same result, unless two delimiters can
    overlap, or part of one is stripped as whitespace."""
    overlaps = any(delimiter.startswith(delimiter[start:]) for start in range(1, len(delimiter)))
    if overlaps or (len(delimiter) > 1 and any(sign.isspace() for sign in delimiter)):
        raise NotImplementedError(
            f"delimiter={delimiter!r} can be found in a text in several ways; use one of a single sign, such as '|'"
        )


def hot_columns(encoder: Any, column: Column, known: dict[str, Any]) -> list[Value]:
    """[N, 1] float64 each, in the order of the encoder's columns."""
    if not column.is_string:
        raise NotImplementedError("one of its columns holds numbers, which are not lists of items; use OneHotEncoder")
    graph, text, delimiter = column.value.graph, column.value, encoder.delimiter
    missing = text.equals(np.array("", dtype=object)) if column.is_nullable else ~text.equals(text)
    flags = dict.fromkeys(range(len(known["columns"])), missing)
    flags |= {place: holds(text, item, delimiter) for item, place in known["item_pos"].items()}
    absent, refused = [missing] if encoder.handle_missing == "return_nan" else [], []
    if encoder.handle_missing == "error":
        refused.append(missing)
    if encoder.handle_unknown != "value":
        unknown = holds_others(text, list(known["item_pos"]), delimiter)
        flags |= {known["unknown_pos"]: unknown} if encoder.handle_unknown == "indicator" else {}
        {"return_nan": absent, "error": refused}.get(encoder.handle_unknown, []).append(unknown)
    for each in refused:
        graph.refuse(each)
    tell_apart(column, list(flags.values()))
    columns = [flags[place].cast(np.float64) for place in range(len(flags))]
    for each in absent:
        columns = [graph.where(each, np.nan, values) for values in columns]
    return columns


def holds(text: Value, item: str, delimiter: str) -> Value:
    """[N, 1] bool: whether the text contains this item."""
    between = escaped(delimiter)
    return matches(text, f"(?:.*{between})?{BLANK}{escaped(item)}{BLANK}(?:{between}.*)?")


def holds_others(text: Value, items: Sequence[str], delimiter: str) -> Value:
    """[N, 1] bool: whether the text contains an item other than these."""
    if len("".join(items).encode()) > MOST_BYTES:
        raise NotImplementedError(
            f"the items of one of its columns take more than {MOST_BYTES:,} bytes, and those of a text are compared "
            "with all of them; use handle_unknown='value'"
        )
    one = f"{BLANK}(?:{'|'.join(map(escaped, items))})?{BLANK}"
    return ~matches(text, f"(?:{one}{escaped(delimiter)})*{one}")


def matches(text: Value, pattern: str) -> Value:
    return text.graph.node("RegexFullMatch", text, pattern=f"(?s){pattern}")


def escaped(text: str) -> str:
    return "".join(f"\\x{{{ord(sign):x}}}" for sign in text)


def tell_apart(column: Column, flags: Sequence[Value]) -> None:
    """Registers the lists of items in the training data."""
    [texts] = reaching([column])
    for flag in flags:
        column.value.graph.tell_apart(flag, sorted(set(texts[:, 0].tolist()) - {""}))
