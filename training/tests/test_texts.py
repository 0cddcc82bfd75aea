import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from onnxruntime import InferenceSession
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from sepal_export import export
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import Rows, read_dataset
from sepal_export.data.predictions import run_in_parts
from sepal_export.graphs.graph import Graph
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Column
from sepal_export.proof.points import Points
from sepal_export.text import analyzers
from sepal_export.text.analyzers import analyzer_of, place_of
from sepal_export.text.counts import length_of, matches_of, words_of
from sepal_export.text.mutations import MUTATIONS, mutated
from sepal_export.text.patterns import to_javascript
from sepal_export.training_data.prepare import takes_texts

FIXTURE = Path(__file__).parents[2] / "test/fixtures/texts/analysis.json"
WORDS = ["red", "green", "blue", "light", "dark", "deep", "pale", "warm", "cold", "bright"]
random = np.random.default_rng(0)
LABELS = np.arange(120) % 2
# Each text names a person who occurs in no other text.
TEXTS = [
    f"{' '.join(random.choice(WORDS[5 * label : 5 * label + 5], 6))} said Person{place}"
    for place, label in enumerate(LABELS)
]
# For Node.js: reads lines of [pattern, text], and writes the matches of each.
FIND = """
const lines = require('node:fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean);
const find = ([source, text]) => [...text.matchAll(new RegExp(source, 'gu'))].map((match) => match[1] ?? match[0]);
console.log(JSON.stringify(lines.map((line) => find(JSON.parse(line)))));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_javascript_finds_what_python_finds():
    cases = json.loads(FIXTURE.read_text())["patterns"]
    lines = "\n".join(json.dumps([to_javascript(pattern), text]) for _, text, _, pattern in cases)
    found = json.loads(
        subprocess.run(["node", "-e", FIND], input=lines, capture_output=True, check=True, text=True).stdout
    )
    assert [pair for pair in zip(cases, found, strict=True) if pair[0][2] != pair[1]] == []


@pytest.mark.parametrize(
    ("pattern", "source"),
    {
        r"\w+": r"[\p{L}\p{N}_]+",
        r"[^\W\d]+": r"(?:(?![\p{Nd}]|[^\p{L}\p{N}_])[^])+",
        r"(?a)\w\d": "[A-Za-z0-9_][0-9]",
        r"#(\w+)": r"#([\p{L}\p{N}_]+)",
        r"a{2}|b{1,}?": "(?:a{2}|b+?)",
        "é/-[a-]": r"\u{e9}\/-[a\u{2d}]",
        r"\w+$": r"[\p{L}\p{N}_]+(?=\n?$)",
    }.items(),
)
def test_patterns(pattern, source):
    assert to_javascript(pattern) == source


@pytest.mark.parametrize(
    ("pattern", "reason"),
    {
        r"(?i)a+": "flags",
        r"(?m)^a": "flags",
        r"a(?i:b)": "flags for a part",
        r"(\w)\1": "groupref",
        r"(a)|b": "a capturing group inside another part",
        r"(a)(b)": "or several",
        r"(?:(a))+b": "a capturing group inside another part",
        r"a*": "empty matches",
        r"a(b*)": "empty matches",
        r"(?:a*)+b": "a repeated part that may be empty",
        r"a++b": "possessive",
        r"(?>a|ab)c": "atomic",
        r"(?:(a)|x)(?(1)b|c)d": "a capturing group inside another part",
        "(": "is not a regular expression",
    }.items(),
)
def test_patterns_that_are_refused(pattern, reason):
    with pytest.raises(NotImplementedError, match=reason):
        to_javascript(pattern)


def test_the_fixture_is_of_these_patterns():
    """Otherwise the service would be tested with patterns that no export writes."""
    for described, kind in ((each, each["kind"]) for each in json.loads(FIXTURE.read_text())["analyzers"]):
        assert (described["pattern"] is None) == (kind != "word")
    document = json.loads(FIXTURE.read_text())
    assert document["analyzers"][0] == analyzer_of(CountVectorizer()).described
    assert any(to_javascript(r"[^\W\d_]+") == source for source, *_ in document["patterns"])


def test_analyzers_say_the_options():
    described = analyzer_of(
        TfidfVectorizer(stop_words=["the", "a"], ngram_range=(1, 2), strip_accents="ascii")
    ).described
    assert described == {
        "kind": "word", "lowercase": True, "accents": "ascii", "pattern": to_javascript(r"(?u)\b\w\w+\b"),
        "ngrams": [1, 2], "stop_words": ["a", "the"], "hash": None,
    }  # fmt: skip
    # A preprocessor overrides the options of preprocessing, and an analyzer all options.
    described = analyzer_of(CountVectorizer(preprocessor=str.lower, strip_accents="ascii", lowercase=False)).described
    assert (described["lowercase"], described["accents"]) == (True, None)
    described = analyzer_of(CountVectorizer(analyzer=str.split, stop_words="english", ngram_range=(2, 2))).described
    assert (described["lowercase"], described["ngrams"], described["stop_words"]) == (False, [1, 1], None)


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("features", [1, 7, 1024])
def test_places_of_hashes(features, signed):
    hasher = HashingVectorizer(n_features=features, alternate_sign=signed, norm=None, analyzer=lambda term: [term])
    for term in ["", "a", "ab", "café", "😀", "x" * 100, *map(str, range(200))]:
        row = hasher.transform([term]).toarray()[0]
        [column] = np.flatnonzero(row)
        assert place_of(term, features=features, signed=signed) == (column + 1) * int(row[column])


def test_a_term_is_hashed_once(monkeypatch):
    hashed = []
    monkeypatch.setattr(analyzers, "place_of", lambda term, **options: hashed.append(term) or place_of(term, **options))
    analyzers.place_as_text.cache_clear()
    analyzer = analyzer_of(HashingVectorizer(analyzer="char", n_features=8), {"features": 8, "signed": True})
    assert len(analyzer.sent("abcab" * 100)) == 500
    assert analyzer.sent("cab") == analyzer.sent("abcab")[2:]
    assert sorted(hashed) == ["a", "b", "c"]


class Session:
    """Wraps a session of onnxruntime, and counts the terms for which it needs room."""

    def __init__(self, session):
        self._session, self.room = session, 0

    def run(self, names, feeds):
        cells = feeds["input terms 0"][:, 0]
        self.room += len(cells) * max(len(cell.split("\x1f")) for cell in cells)
        return self._session.run(names, feeds)


def test_a_long_text_makes_room_for_few_others():
    estimator = make_pipeline(CountVectorizer(), LogisticRegression()).fit(TEXTS, LABELS)
    conversion = to_onnx_model(estimator, read_dataset(TEXTS, None))
    texts = np.array([f"{text} " * (1 if place % 50 else 100) for place, text in enumerate(TEXTS * 10)], dtype=object)
    feeds = conversion.dataset.for_onnx(Rows((texts,)))
    session = Session(InferenceSession(conversion.content))
    answers = run_in_parts(session, feeds)
    terms = sum(cell.count("\x1f") + 1 for cell in feeds["input terms 0"][:, 0])
    assert session.room < 3 * terms
    np.testing.assert_array_equal(answers[0], estimator.predict(texts))
    np.testing.assert_allclose(answers[-1], estimator.predict_proba(texts), rtol=0, atol=1e-12)


def test_mutations_change_texts_in_every_way():
    random = np.random.default_rng(0)
    texts = np.array(["The Silly fox, naïve", "Dogs run in fields"] * 20 * len(MUTATIONS), dtype=object)
    made = mutated(random, texts, texts[::-1])
    assert len(made) == len(texts)
    assert all(isinstance(text, str) and "\x1f" not in text for text in made)
    assert "" in made
    assert max(map(len, made)) > 4_000
    assert np.mean(made != texts) > 0.9


def package(tmp_path, estimator, X, **options):
    said = []
    manifest = export(
        estimator, X, LABELS, name="texts", version="1", out=tmp_path, say=said.append, metrics=False, **options
    )
    golden = json.loads((tmp_path / "golden.json").read_text())
    return manifest, golden, said[0]


def test_no_text_and_no_rare_term_is_published(tmp_path):
    estimator = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(TEXTS, LABELS)
    manifest, golden, said = package(tmp_path, estimator, TEXTS)
    [feature] = manifest["features"]
    assert (feature["name"], feature["dtype"], feature["categories"]) == ("text", "string", None)
    shown = [row[0] for row in golden["instances"]] + [
        row[0] for each in manifest["examples"] for row in each["instances"]
    ]
    assert not set(shown) & set(TEXTS)
    assert not any(re.search("person", text, re.IGNORECASE) for text in shown)
    assert "person" not in json.dumps(manifest).lower()
    # The examples cover both classes, and use only words of the vocabulary.
    assert [each["predictions"][0]["label"] for each in manifest["examples"]] == [0, 1]
    assert set(manifest["examples"][0]["instances"][0][0].split()) <= {*WORDS, "said"}
    assert f"holds {len(WORDS) + 1 + len(TEXTS)} terms of text" in said
    assert len(set(shown)) > 100
    assert manifest["parity"]["points"]["texts"] == 4_000


def test_terms_that_are_hashed_are_not_published(tmp_path):
    estimator = make_pipeline(HashingVectorizer(n_features=32), LogisticRegression()).fit(TEXTS, LABELS)
    manifest, golden, said = package(tmp_path, estimator, TEXTS)
    assert manifest["features"][0]["analyzers"][0]["hash"] == {"features": 32, "signed": True}
    assert "holds no term of text" in said
    plain = [row[0] for row in golden["instances"] if row[0].isascii()]
    assert not any(word in text.lower() for text in plain for word in WORDS)


def test_no_rows_are_needed(tmp_path):
    estimator = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(TEXTS, LABELS)
    said = []
    manifest = export(estimator, None, name="texts", version="1", out=tmp_path, say=said.append)
    assert manifest["parity"]["label_agreement"] == 1.0
    assert manifest["features"][0]["name"] == "text"
    assert "person" not in json.dumps([manifest, json.loads((tmp_path / "golden.json").read_text())]).lower()


@pytest.mark.parametrize(
    "X", [pd.DataFrame({"review": TEXTS}), np.array(TEXTS, dtype=object)[:, None]], ids=["frame", "array"]
)
def test_a_table_of_one_column_is_taken_for_texts(tmp_path, X):
    estimator = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(TEXTS, LABELS)
    manifest, _, _ = package(tmp_path, estimator, X)
    assert manifest["features"][0]["name"] == ("review" if isinstance(X, pd.DataFrame) else "text")


def test_counts_of_what_is_found():
    texts = ["", " ", "a b", "café\n\nnaïve  😀", "x" * 300]
    graph = Graph(rows={"text": np.array(texts, dtype=object)[:, None]})
    column = Column(graph.input("text", str, 1), is_string=True, feature=0)
    counts = reaching([Column(value) for value in (length_of(column), words_of(column), matches_of(column, r"\bn\w"))])
    expected = [[len(text), len(text.split()), len(re.findall(r"\bn\w", text))] for text in texts]
    np.testing.assert_array_equal(np.concatenate(counts, axis=1), expected)


def test_which_estimators_take_texts():
    vectorizer = make_union(make_pipeline(CountVectorizer()), TfidfVectorizer())
    assert takes_texts(make_pipeline(vectorizer, LogisticRegression()))
    assert not takes_texts(make_pipeline(LogisticRegression()))


def test_changed_texts_are_made_only_where_there_are_texts():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"text": TEXTS, "size": random.normal(size=len(TEXTS))})
    estimator = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(TEXTS, LABELS)
    conversion = to_onnx_model(estimator, read_dataset(frame["text"], None))
    points = Points(conversion.dataset, {})
    changed = points.with_texts(100)
    assert np.mean([text in TEXTS for text in changed.columns[0]]) < 0.2
    assert len(Points(read_dataset(frame[["size"]], None), {}).with_texts(100)) == 0
