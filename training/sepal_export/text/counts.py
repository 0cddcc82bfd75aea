"""Counts the matches of a pattern in a client's text. Lengths, numbers of words and "contains" use such counts."""

from __future__ import annotations

import re

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Column
from sepal_export.text.analyzers import WORDS, Analyzer, described_as
from sepal_export.text.inputs import split_of

# Matches each character, including line breaks.
CHARACTER = "(?s)."
# All matches get the same hash, because they may be long and only their number is needed.
HASH = {"features": 1, "signed": False}


def matches_of(column: Column, pattern: str) -> Value:
    """[N, 1] float64: the number of matches of re.findall in each text. Raises NotImplementedError if the pattern
    could match differently in JavaScript, or if the column is not text as the client sends it (see require_text)."""
    analyzer = Analyzer({**described_as("word", pattern=pattern), "hash": HASH}, re.compile(pattern).findall)
    return split_of(column, analyzer)[1].cast(np.float64)


def length_of(column: Column) -> Value:
    """[N, 1] float64: the number of characters, like len."""
    return matches_of(column, CHARACTER)


def words_of(column: Column) -> Value:
    """[N, 1] float64: the number of parts of str.split."""
    return matches_of(column, WORDS)
