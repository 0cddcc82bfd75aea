"""Makes synthetic texts in place of training texts, for the package to show.

They consist of terms that the model knows by name and that occur in several texts each: a rare term may be a name.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from sepal_export.data.dataset import Dataset
from sepal_export.text.inputs import Text
from sepal_export.text.mutations import mutated

# A term in fewer texts could identify a person.
MIN_TEXTS = 10
# The most texts that are used to count terms.
MOST_TEXTS = 20_000
TYPICAL = 8
SHORTEST, LONGEST = 2, 12
# The share of made texts that are then mutated, like clients' texts may be.
MUTATED = 0.25
# Used if no term may be shown.
PLAIN = ["some", "text", "and", "more", "of", "it"]


class Phrases:
    """Makes texts of one feature. They consist of terms of the training texts only if `shows_terms` is set."""

    def __init__(self, dataset: Dataset, feature: int, random: np.random.Generator, *, shows_terms: bool) -> None:
        self._random = random
        values = dataset.rows.columns[feature]
        self._seen = set(values.tolist())
        evenly = np.unique(np.linspace(0, len(values) - 1, min(len(values), MOST_TEXTS)).astype(int))
        self._evenly = evenly
        text = shown_of(dataset.texts_of(feature)) if shows_terms else None
        self._terms = [set(text.analyzer.analyze(values[row] or "")) if text else set() for row in evenly]
        self._counts = Counter(term for terms in self._terms for term in terms)
        known = text.terms if text else set()
        self._shown = sorted(term for term, count in self._counts.items() if count >= MIN_TEXTS and term in known)
        weights = np.array([self._counts.get(term, 1) for term in self._shown or PLAIN], dtype=float)
        self._weights = weights / weights.sum()
        self._between = " " if text is None or text.analyzer.described["kind"] == "word" else ""

    def typical(self, group: np.ndarray) -> str:
        """A text of the terms that are more frequent in the rows of a mask than in all rows."""
        some = [terms for row, terms in zip(self._evenly, self._terms, strict=True) if group[row]]
        counts = Counter(term for terms in some for term in terms)
        above = {term: counts[term] / max(1, len(some)) - self._counts[term] / len(self._terms) for term in self._shown}
        chosen = sorted(self._shown, key=lambda term: (-above[term], -self._counts[term], term))[:TYPICAL]
        return self._unlike_training([term.strip() for term in chosen] if self._between else chosen)

    def some(self, count: int) -> np.ndarray:
        """[count] objects: terms by their frequency in the training data; one in four texts is mutated."""
        texts = np.array([*(self._one() for _ in range(count)), None], dtype=object)[:-1]
        is_mutated = self._random.random(count) < MUTATED
        others = texts[self._random.permutation(count)]
        texts[is_mutated] = mutated(self._random, texts[is_mutated], others[is_mutated])
        return np.array([self._unlike_training([text]) if text in self._seen else text for text in texts], dtype=object)

    def _one(self) -> str:
        length = int(self._random.integers(SHORTEST, LONGEST + 1))
        return self._between.join(self._random.choice(self._shown or PLAIN, length, p=self._weights))

    def _unlike_training(self, terms: list[str]) -> str:
        """Makes a text that is not in the training data, by adding terms if needed."""
        text = self._between.join(terms or PLAIN[:2])
        while text in self._seen:
            text = f"{text} {PLAIN[self._random.integers(len(PLAIN))]}"
        return text


def shown_of(texts: list[Text]) -> Text | None:
    """An analyzer of a feature whose terms are readable; None if the graph names none."""
    named = [text for text in texts if text.terms]
    return min(named, key=lambda text: (text.analyzer.described["kind"] != "word", text.name), default=None)


def drawn_texts(vectorizer: Any, random: np.random.Generator, count: int) -> list[str]:
    """Texts of the terms that a vectorizer knows, if no text of its fit is available."""
    terms = sorted(getattr(vectorizer, "vocabulary_", PLAIN))
    between = "" if vectorizer.analyzer in ("char", "char_wb") else " "
    return [between.join(random.choice(terms, random.integers(SHORTEST, LONGEST + 1))) for _ in range(count)]
