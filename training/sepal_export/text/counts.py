"""How often a pattern is found in a client's text: its length, its words, whether it holds something."""

from __future__ import annotations

import re

import numpy as np

from sepal_export.graph import Value
from sepal_export.table import Column
from sepal_export.text.analyzers import WORDS, Analyzer, described_as
from sepal_export.text.inputs import split_of

# Finds each character, a line break too.
CHARACTER = "(?s)."
# One place for all: what was found may be long, and nobody asks what it was.
HASH = {"features": 1, "signed": False}


def matches_of(column: Column, pattern: str) -> Value:
    """[N, 1] float64: how many matches re.findall has in each text. Raises NotImplementedError where JavaScript may
    have others, or the column is none of the client's own texts."""
    analyzer = Analyzer({**described_as("word", pattern=pattern), "hash": HASH}, re.compile(pattern).findall)
    return split_of(column, analyzer)[1].cast(np.float64)


def length_of(column: Column) -> Value:
    """[N, 1] float64, of characters, as len has it."""
    return matches_of(column, CHARACTER)


def words_of(column: Column) -> Value:
    """[N, 1] float64: how many parts str.split makes of each text."""
    return matches_of(column, WORDS)
