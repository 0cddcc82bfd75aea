"""Vectorizers of text. The terms have an input of their own (see text/inputs.py), and the graph counts them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts
from sepal_export.text.analyzers import SEPARATOR, analyzer_of
from sepal_export.text.inputs import analysed

# The most columns of a vocabulary, and of a hash. A row is written out in full, nearly all zeros: 100,000 columns take
# 0.8 MB per matrix and row.
MOST_TERMS = 100_000
MOST_HASHED = 2**16
# The types whose counts are computed in float64. The only other type that is converted is float32.
COUNTS = (np.int32, np.int64, np.float64)


@converts("sklearn.CountVectorizer")
def count_vectorizer(vectorizer: Any, table: Table) -> Table:
    return Table(matrix=counted(vectorizer, table), is_sparse=True)


@converts("sklearn.TfidfVectorizer")
def tfidf_vectorizer(vectorizer: Any, table: Table) -> Table:
    return Table(matrix=weighed(vectorizer._tfidf, counted(vectorizer, table)), is_sparse=True)


@converts("sklearn.TfidfTransformer")
def tfidf_transformer(transformer: Any, table: Table) -> Table:
    if transformer.sublinear_tf and table.graph.stores_zeros:
        raise NotImplementedError(
            "it takes logarithms of the numbers that its sparse rows store, and these may be zero or negative; use "
            "sublinear_tf=False, or before it HashingVectorizer(alternate_sign=False) or DictVectorizer(sparse=False)"
        )
    return Table(matrix=weighed(transformer, table.numbers), is_sparse=True)


@converts("sklearn.HashingVectorizer")
def hashing_vectorizer(vectorizer: Any, table: Table) -> Table:
    """[N, n_features]: each term adds or subtracts 1, by the sign of its hash, in the column of its hash."""
    width = vectorizer.n_features
    if width > MOST_HASHED:
        raise NotImplementedError(
            f"n_features={width:,} columns would be written for each row, nearly all of them zeros; use "
            f"n_features={MOST_HASHED} at most, or a TfidfVectorizer(max_features={MOST_TERMS})"
        )
    hashed = {"features": int(width), "signed": bool(vectorizer.alternate_sign)}
    terms = analysed(column_of(table), analyzer_of(vectorizer, hashed))
    graph = table.graph
    places = graph.where(terms.equals(graph.constant([""])), graph.constant(["0"]), terms).cast(np.int64)
    signs = graph.node("Sign", places) if vectorizer.alternate_sign and not vectorizer.binary else places > np.int64(0)
    if vectorizer.binary:
        # Two terms with opposite signs in one column add up to a zero that the original stores, and then sets to 1. So
        # each term adds 1 here.
        signs = graph.node("Not", places.equals(np.int64(0)))
    graph.stores_zeros |= bool(vectorizer.alternate_sign and not vectorizer.binary)
    x = added(places.abs(), signs.cast(np.float64), width)
    x = (x > 0.0).cast(np.float64) if vectorizer.binary else x
    return Table(matrix=normalised(typed(vectorizer, x), vectorizer.norm), is_sparse=True)


def added(places: Value, signs: Value, width: int) -> Value:
    """[N, L] positions from 1, and [N, L] numbers to add there → [N, width]. Leaves out position 0, which stands for no
    term. All numbers are integers, so the order of the sums does not matter."""
    graph = places.graph
    rows = graph.node("Concat", graph.node("Shape", places, end=1), np.array([width + 1]), axis=0)
    zeros = graph.node("Expand", np.float64(0), rows)
    return graph.node("ScatterElements", zeros, places, signs, axis=1, reduction="add").columns(np.arange(1, width + 1))


def counted(vectorizer: Any, table: Table) -> Value:
    """[N, terms]: the number of occurrences of each term, or whether it occurs."""
    terms = vocabulary_of(vectorizer)
    tokens = analysed(column_of(table), analyzer_of(vectorizer), terms)
    # float32 is exact up to 2^24 occurrences in a text.
    counts = table.graph.node(
        "TfIdfVectorizer",
        tokens,
        mode="TF",
        min_gram_length=1,
        max_gram_length=1,
        max_skip_count=0,
        ngram_counts=[0],
        ngram_indexes=list(range(len(terms))),
        pool_strings=terms,
    )
    return typed(vectorizer, (counts > np.float32(0)).cast(np.float32) if vectorizer.binary else counts)


def vocabulary_of(vectorizer: Any) -> list[str]:
    """The terms by column."""
    vectorizer._check_vocabulary()
    terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
    if len(terms) > MOST_TERMS:
        raise NotImplementedError(
            f"it knows {len(terms):,} terms, and would write a number for each of them into every row, nearly all of "
            f"them zeros; use max_features={MOST_TERMS} at most, or min_df=2"
        )
    for term in terms:
        if not isinstance(term, str) or not term or "\0" in term or SEPARATOR in term:
            raise NotImplementedError(
                f"its vocabulary holds {term!r}, and a term must be a string that is not empty and has no NUL or U+001F"
                "; leave it out of the vocabulary"
            )
    return terms


def column_of(table: Table) -> Column:
    if len(table.features) != 1:
        raise NotImplementedError(
            f"it takes one column of texts, and {len(table.features)} reach it; use a ColumnTransformer to give it one"
        )
    if getattr(table.original, "ndim", 1) != 1:
        raise NotImplementedError(
            "it gets a frame, and would read the frame's column names as its texts; name the column as a string, not "
            "in a list: (TfidfVectorizer(), 'text') and not (TfidfVectorizer(), ['text'])"
        )
    return table.column(0)


def typed(vectorizer: Any, counts: Value) -> Value:
    """Converts counts to the original's type. If that is float32, later steps compute in float32 too."""
    dtype = np.dtype(vectorizer.dtype)
    if dtype == np.float32:
        counts.graph.loosen(1e-6)
        return counts.cast(np.float32).widened()
    if dtype not in COUNTS:
        raise NotImplementedError(f"dtype={dtype.name} has no converter; use np.int64 or np.float64")
    return counts.cast(np.float64)


def weighed(transformer: Any, x: Value) -> Value:
    """Weights terms by their rarity, and normalizes rows to length 1."""
    single = x.single
    x, dtype = (single, np.float32) if single else (x, np.float64)
    if transformer.sublinear_tf:
        is_none = x.equals(dtype(0))
        x = x.graph.where(is_none, x, x.graph.where(is_none, dtype(1), x).log() + dtype(1))
    if transformer.use_idf:
        x = x * np.asarray(transformer.idf_, dtype=dtype)
    return normalised(x.widened() if single else x, transformer.norm)


def normalised(x: Value, norm: str | None) -> Value:
    """Divides each row by its norm. A row of zeros stays zero. The original computes the norm in float64."""
    if norm is None:
        return x
    single = x.single
    total = x.abs().sum() if norm == "l1" else ((x * x) if not single else (single * single).cast(np.float64)).sum()
    length = total if norm == "l1" else total.sqrt()
    y = x / x.graph.where(length.equals(0.0), 1.0, length)
    return y.cast(np.float32).widened() if single else y
