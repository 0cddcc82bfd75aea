"""The analysis of texts by a scikit-learn vectorizer, before it counts: as described in model.json, and as the original
does it.

The service makes the terms of a text, and the graph counts them. Between the two, the terms are one string, joined by
SEPARATOR, which therefore no text may contain.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils import murmurhash3_32

from sepal_export.text.patterns import to_javascript

SEPARATOR = "\x1f"
# Splits at the same places as str.split.
WORDS = r"\S+"
# The number of texts whose terms are cached, because many rows of a proof share a text.
MOST_KEPT = 50_000
NO_CALLABLE = (
    "which is Python, and the service would have to do the same; use {instead}, or make a column of what it answers "
    "before the fit"
)
# The methods that make terms. A user's class that overrides one behaves differently.
MAKES_TERMS = (
    "build_analyzer", "build_preprocessor", "build_tokenizer", "decode", "get_stop_words", "transform", "_word_ngrams",
    "_char_ngrams", "_char_wb_ngrams", "_check_stop_words_consistency", "_check_vocabulary", "_validate_vocabulary",
    "_count_vocab", "_get_hasher",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Analyzer:
    """`described` is the entry in model.json without the input. `analyze` is the original's own function from a text to
    terms."""

    described: dict[str, Any]
    analyze: Callable[[str], Sequence[str]]
    _kept: dict[str, str] = field(default_factory=dict, repr=False)

    def cell(self, text: str | None) -> str:
        """The string that the graph gets for a text. A missing text counts as an empty one."""
        if text is None:
            return ""
        if text not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[text] = SEPARATOR.join(self.sent(text))
        return self._kept[text]

    def sent(self, text: str) -> list[str]:
        """The text's terms, or the positions of their hashes, counted from 1, with their signs."""
        hashed = self.described["hash"]
        if not hashed:
            return list(self.analyze(text))
        return [place_as_text(term, hashed["features"], hashed["signed"]) for term in self.analyze(text)]


@lru_cache(MOST_KEPT)
def place_as_text(term: str, features: int, signed: bool) -> str:
    """The position as a text. Cached, because there are millions of terms but few different ones."""
    return str(place_of(term, features=features, signed=signed))


def place_of(term: str, *, features: int, signed: bool) -> int:
    """The position as in sklearn.feature_extraction.FeatureHasher, counted from 1."""
    number = murmurhash3_32(term, seed=0)
    return (abs(int(number)) % features + 1) * (-1 if signed and number < 0 else 1)


def analyzer_of(vectorizer: Any, hashed: dict[str, Any] | None = None) -> Analyzer:
    """The analyzer of a vectorizer. Raises NotImplementedError if the service could not do the same."""
    require_stock(vectorizer)
    if vectorizer.input != "content":
        raise NotImplementedError(
            f"input={vectorizer.input!r} reads files, which a client cannot send; fit it to the texts themselves, with "
            "input='content'"
        )
    with warnings.catch_warnings():
        # Silences warnings about stop words and options without effect, which the fit has already shown.
        warnings.simplefilter("ignore", UserWarning)
        analyze = copy(vectorizer).build_analyzer()
    if callable(vectorizer.analyzer):
        require(vectorizer, "analyzer", str.split, "analyzer='word' with a token_pattern, or analyzer=str.split")
        described = described_as("word", pattern=WORDS)
    else:
        described = described_by_options(vectorizer)
    return Analyzer({**described, "hash": hashed}, analyze)


def require_stock(vectorizer: Any) -> None:
    """Requires that scikit-learn's own methods make the terms, not those of a subclass or set on the instance."""
    kind = type(vectorizer)
    parents = [parent for parent in kind.__mro__ if parent.__module__ == CountVectorizer.__module__]
    for name in MAKES_TERMS:
        stock = getattr(parents[0], name, None)
        # A subclass may have its own `transform`: it is followed, and if it calls its parent's, the parent's converter
        # calls this function.
        is_other = name != "transform" and getattr(kind, name, None) is not stock
        if name in vars(vectorizer) or is_other:
            raise NotImplementedError(
                f"its {name} is Python of your own, and the service would have to do the same; use scikit-learn's "
                f"{parents[0].__name__} with its options, such as token_pattern and stop_words, or change the texts "
                "before the fit"
            )


def described_by_options(vectorizer: Any) -> dict[str, Any]:
    lowercase, accents = preprocessing_of(vectorizer)
    common = {"lowercase": lowercase, "accents": accents, "ngrams": tuple(map(int, vectorizer.ngram_range))}
    if vectorizer.analyzer != "word":
        return described_as(vectorizer.analyzer, **common)
    if vectorizer.tokenizer is not None:
        require(vectorizer, "tokenizer", str.split, "a token_pattern, or tokenizer=str.split")
    pattern = vectorizer.token_pattern if vectorizer.tokenizer is None else WORDS
    words = vectorizer.get_stop_words()
    return described_as("word", pattern=pattern, stop_words=None if words is None else sorted(words), **common)


def preprocessing_of(vectorizer: Any) -> tuple[bool, str | None]:
    """Whether it converts to lower case, and how it treats accents. A custom preprocessor replaces both."""
    if vectorizer.preprocessor is not None:
        require(vectorizer, "preprocessor", str.lower, "lowercase and strip_accents, or preprocessor=str.lower")
        return True, None
    if callable(vectorizer.strip_accents):
        require(vectorizer, "strip_accents", None, "strip_accents='unicode' or 'ascii'")
    return bool(vectorizer.lowercase), vectorizer.strip_accents or None


def require(vectorizer: Any, option: str, allowed: Any, instead: str) -> None:
    """Requires that an option which can be a function is one that can be described."""
    given = getattr(vectorizer, option)
    if given is not allowed:
        name = getattr(given, "__name__", type(given).__name__)
        raise NotImplementedError(f"its {option} is {name!r}, {NO_CALLABLE.format(instead=instead)}")


def described_as(
    kind: str,
    *,
    lowercase: bool = False,
    accents: str | None = None,
    pattern: str | None = None,
    ngrams: tuple[int, int] = (1, 1),
    stop_words: list[str] | None = None,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "lowercase": lowercase,
        "accents": accents,
        "pattern": None if pattern is None else to_javascript(pattern),
        "ngrams": list(ngrams),
        "stop_words": stop_words,
    }
