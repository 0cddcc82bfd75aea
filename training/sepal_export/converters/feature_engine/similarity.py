"""feature_engine's StringSimilarityEncoder: how similar a string is to each of some known strings.

The original counts the characters that both strings have in common, with repetitions, and divides twice this number by
the sum of both lengths (difflib's quick_ratio). The graph does the same, for any string that a client sends.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from sepal_export.converters.feature_engine.frames import Frame
from sepal_export.converters.imputers import is_missing_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts

# The length of a string is computed bit by bit. Strings longer than these bits can count are refused.
BITS = 9


@converts("feature_engine.StringSimilarityEncoder")
def string_similarity_encoder(encoder: Any, table: Table) -> Table:
    frame = Frame(encoder, table)
    if encoder.missing_values == "raise":
        frame.require(encoder.variables_)
    for name in encoder.variables_:
        column = frame.category(name)
        if not column.is_string:
            raise NotImplementedError(
                "one of its columns holds numbers, which it turns into strings; make that column strings before the fit"
            )
        texts = encoder.encoder_dict_[name]
        shared = similarities(column, texts)
        if encoder.missing_values == "ignore":
            shared = frame.graph.where(is_missing_of(column, np.nan), np.nan, shared)
        frame.add([f"{name}_{text or 'nan'}" for text in texts], shared)
    frame.drop(encoder.variables_)
    return frame.table()


def similarities(column: Column, texts: list[str]) -> Value:
    """[N, 1] → [N, T], 0 to 1. A missing string counts as empty, and two empty strings are equal."""
    graph, x = column.value.graph, column.value
    length = length_of(x)
    counts = {character: count_of(x, character) for character in sorted(set("".join(texts)))}
    columns = []
    for text in texts:
        common = [counts[character].minimum(float(count)) for character, count in Counter(text).items()]
        matches = graph.concat(common).sum() if common else length * 0.0
        both = length + float(len(text))
        columns.append(graph.where(both.equals(0.0), 1.0, matches * 2.0 / both))
    return graph.concat(columns)


def count_of(x: Value, character: str) -> Value:
    """[N, 1] float64: how often the character occurs, which is the number of places where the string is split by it."""
    _, pieces = x.graph.node_of(2, "StringSplit", x, delimiter=character)
    return (pieces.cast(np.float64) - 1.0).maximum(np.float64(0))


def length_of(x: Value) -> Value:
    """[N, 1] float64: the length in characters. A bit is set if the remainder of a division by the next power of two is
    at least the bit's own value."""
    graph = x.graph
    bits = []
    for bit in range(BITS):
        power = 2**bit
        pattern = f"(?s)(.{{{2 * power}}})*.{{{power},{2 * power - 1}}}"
        bits.append(graph.node("RegexFullMatch", x, pattern=pattern).cast(np.float64) * float(power))
    graph.refuse(graph.node("RegexFullMatch", x, pattern=f"(?s).{{{2**BITS}}}.*"))
    return graph.concat(bits).sum()
