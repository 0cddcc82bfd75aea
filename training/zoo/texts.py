"""Vectorizers of text, alone and beside other columns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from zoo.data import Data
from zoo.entries import SEED, Entry

FAMILY = "vectorizers of text"
ROWS = 300
TOPICS = {
    "cooking": "butter crème fraîche oven bake sugar onion 200°C knead dough grill pâté simmer",
    "sailing": "harbour wind knots sail rudder anchor Ærø tide mast 12kn hull windward",
    "theatre": "stage actor applause premiere Molière curtain act scene rôle chorus script balcony",
}
COMMON = [
    "the",
    "a",
    "of",
    "and",
    "to",
    "in",
    "is",
    "it",
    "that",
    "was",
    "for",
    "on",
    "with",
    "not",
    "we",
    "don't",
    "I'm",
]


def members() -> tuple[Entry, ...]:
    return (*alone(), *beside_others())


def alone() -> Iterator[Entry]:
    logistic = LogisticRegression(max_iter=1000)
    yield entry("CountVectorizer", make_pipeline(CountVectorizer(min_df=2), MultinomialNB()))
    yield entry(
        "CountVectorizer and TfidfTransformer",
        make_pipeline(CountVectorizer(), TfidfTransformer(sublinear_tf=True), SGDClassifier(**SEED)),
    )
    yield entry(
        "TfidfVectorizer, pairs of words without accents and stop words",
        make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), stop_words="english", strip_accents="unicode", max_features=500),
            LinearSVC(**SEED),
        ),
    )
    yield entry("TfidfVectorizer of characters", make_pipeline(TfidfVectorizer(analyzer="char_wb"), ComplementNB()))
    yield entry(
        "TfidfVectorizer, decomposed",
        make_pipeline(TfidfVectorizer(dtype=np.float64), TruncatedSVD(10, **SEED), StandardScaler(), logistic),
    )
    yield entry("HashingVectorizer", make_pipeline(HashingVectorizer(n_features=2**10), logistic))
    yield entry(
        "TfidfVectorizer, before a forest", make_pipeline(TfidfVectorizer(), RandomForestClassifier(20, **SEED))
    )


def beside_others() -> Iterator[Entry]:
    columns = make_column_transformer(
        (make_union(TfidfVectorizer(), CountVectorizer(analyzer="char", ngram_range=(2, 2))), "title"),
        (CountVectorizer(binary=True, token_pattern=r"[^\W\d_]+"), "body"),
        (StandardScaler(), ["pages"]),
        (OneHotEncoder(handle_unknown="ignore"), ["language"]),
    )
    model = make_pipeline(columns, LogisticRegression(max_iter=1000))
    yield Entry("Vectorizers of two columns, beside numbers and categories", articles, model, family=FAMILY)


def entry(name: str, estimator: object) -> Entry:
    return Entry(name, texts, estimator, family=FAMILY)


@cache
def texts() -> Data:
    """A single column of text, as a Series."""
    random = np.random.default_rng(0)
    topics = random.choice(sorted(TOPICS), ROWS)
    return Data(pd.Series([sentence(random, topic, 14) for topic in topics], name="text"), topics)


@cache
def articles() -> Data:
    random = np.random.default_rng(1)
    topics = random.choice(sorted(TOPICS), ROWS)
    frame = pd.DataFrame(
        {
            "title": [sentence(random, topic, 4) for topic in topics],
            "body": [sentence(random, topic, 30) for topic in topics],
            "pages": random.integers(1, 40, ROWS),
            "language": random.choice(["en", "fr"], ROWS),
        }
    )
    return Data(frame, topics)


def sentence(random: np.random.Generator, topic: str, length: int) -> str:
    own, words = TOPICS[topic].split(), []
    for _ in range(length):
        others = TOPICS[random.choice(sorted(TOPICS))].split() if random.random() < 0.2 else own
        words.append(random.choice(COMMON if random.random() < 0.4 else others))
    return f"{' '.join(words).capitalize()}{random.choice(['.', '!', ' ...', ''])}"
