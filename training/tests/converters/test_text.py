import warnings

import numpy as np
import pandas as pd
import pytest
from exactness import check, check_beside_others, id_of
from lightgbm import LGBMClassifier
from scipy.sparse import csr_matrix
from sklearn.compose import make_column_transformer
from sklearn.decomposition import TruncatedSVD
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, MaxAbsScaler, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.svm import LinearSVC
from xgboost import XGBClassifier

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import Column, read_dataset
from sepal_export.data.predictions import OnnxModel, predictions_of
from sepal_export.proof.points import Points
from sepal_export.proof.verify import verify

random = np.random.default_rng(0)
ROWS = 150
WORDS = [
    "the",
    "cat",
    "sat",
    "on",
    "a",
    "mat",
    "and",
    "dogs",
    "don't",
    "run",
    "fast",
    "to",
    "Über",
    "café",
    "naïve",
    "city",
    "of",
    "light",
    "ΟΔΟΣ",
    "42",
    "3.14",
    "x",
]
TEXTS = [" ".join(random.choice(WORDS, random.integers(0, 9))) + random.choice(["", "!", " ... "]) for _ in range(ROWS)]
LABELS = np.array(["pets" if "cat" in text or "dogs" in text else "other" for text in TEXTS])
FRAME = pd.DataFrame(
    {
        "title": TEXTS,
        "size": random.normal(size=ROWS),
        "body": [TEXTS[place] for place in random.permutation(ROWS)],
        "kind": random.choice(["a", "b"], ROWS),
    }
)
VECTORIZERS = [
    CountVectorizer(),
    CountVectorizer(binary=True, min_df=2, max_df=0.8),
    CountVectorizer(dtype=np.float32, max_features=10),
    CountVectorizer(vocabulary=["cat", "dogs", "unheard of"]),
    CountVectorizer(analyzer="char", ngram_range=(1, 3)),
    CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=False),
    CountVectorizer(tokenizer=str.split, token_pattern=None),
    CountVectorizer(analyzer=str.split),
    CountVectorizer(preprocessor=str.lower, token_pattern=r"[^\W\d_]+"),
    TfidfVectorizer(),
    TfidfVectorizer(stop_words="english", ngram_range=(1, 2), strip_accents="unicode"),
    TfidfVectorizer(sublinear_tf=True, norm="l1", strip_accents="ascii"),
    TfidfVectorizer(use_idf=False, norm=None, binary=True),
    TfidfVectorizer(smooth_idf=False, dtype=np.float32, sublinear_tf=True),
    TfidfVectorizer(norm="l1", dtype=np.float32),
    HashingVectorizer(n_features=32),
    HashingVectorizer(n_features=7, alternate_sign=False, norm="l1"),
    HashingVectorizer(n_features=3, binary=True, norm=None),
    HashingVectorizer(n_features=64, norm=None, dtype=np.float32),
    make_pipeline(CountVectorizer(), TfidfTransformer(sublinear_tf=True)),
    make_pipeline(HashingVectorizer(n_features=16), TfidfTransformer(norm=None)),
    make_union(TfidfVectorizer(), CountVectorizer(analyzer="char")),
]
LAST = [
    LinearSVC(random_state=0),
    SGDClassifier(loss="log_loss", random_state=0),
    MultinomialNB(),
    ComplementNB(),
    BernoulliNB(),
    RandomForestClassifier(10, random_state=0),
    XGBClassifier(n_estimators=5, max_depth=3),
    LGBMClassifier(n_estimators=5, min_child_samples=5, verbose=-1),
    KNeighborsClassifier(3),
    make_pipeline(SelectKBest(chi2, k=5), LogisticRegression()),
    make_pipeline(TruncatedSVD(5, random_state=0), LogisticRegression()),
    make_pipeline(MaxAbsScaler(), LogisticRegression()),
    make_pipeline(StandardScaler(with_mean=False), LogisticRegression()),
]


def parts_of(last):
    return [part for _, part in last.steps] if hasattr(last, "steps") else [last]


@pytest.mark.parametrize("vectorizer", VECTORIZERS, ids=id_of)
def test_vectorizer(vectorizer):
    check_texts(make_pipeline(vectorizer, LogisticRegression()), LABELS)


def check_texts(estimator, y):
    """As `check`, but compares only the texts of the training data and changed ones."""
    estimator.fit(TEXTS, y)
    conversion = to_onnx_model(estimator, read_dataset(TEXTS, None))
    dataset = conversion.dataset
    check_beside_others(conversion.model, dataset.for_onnx(dataset.rows.take(np.arange(ROWS)[:60])))
    changed = Points(dataset, conversion.known).with_texts(520)
    model = OnnxModel(conversion.content, dataset, conversion.outputs)
    points = {"training": dataset.rows, "texts": changed}
    verify(estimator, model, dataset, points, tolerance=conversion.tolerance)


@pytest.mark.parametrize("last", LAST, ids=lambda last: "-".join(type(each).__name__ for each in parts_of(last)))
def test_what_follows(last):
    y = (LABELS == "pets").astype(int) if isinstance(last, XGBClassifier) else LABELS
    check_texts(make_pipeline(TfidfVectorizer(max_features=30, ngram_range=(1, 2)), last), y)


def test_thresholds_of_a_forest():
    forest = RandomForestClassifier(5, random_state=0)
    parity = check(make_pipeline(TfidfVectorizer(max_features=30), forest), TEXTS, LABELS)
    assert parity.points["thresholds"] > 100
    assert parity.points["texts"] == 4_000


def test_hashes_that_add_up_to_zero():
    """Two terms share a column with opposite signs and cancel: the original stores an explicit zero."""
    y, hashes = (LABELS == "pets").astype(int), HashingVectorizer(n_features=5, norm=None)
    check_texts(make_pipeline(hashes, BernoulliNB(binarize=0.5)), y)
    boosted = make_pipeline(hashes, XGBClassifier(n_estimators=5)).fit(TEXTS, y)
    with pytest.raises(ConversionError, match="alternate_sign=False"):
        to_onnx_model(boosted, read_dataset(TEXTS, None))


def test_columns_of_text_beside_others():
    estimator = make_pipeline(
        make_column_transformer(
            (make_union(TfidfVectorizer(), CountVectorizer(analyzer="char_wb", ngram_range=(2, 2))), "title"),
            ("passthrough", ["size"]),
            (TfidfVectorizer(), "body"),
            (OneHotEncoder(handle_unknown="ignore"), ["kind", "title"]),
        ),
        LogisticRegression(),
    )
    check(estimator, FRAME, LABELS)


def test_inputs_stand_feature_by_feature():
    estimator = make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), ["kind"]),
            (TfidfVectorizer(), "body"),
            (CountVectorizer(analyzer="char"), "title"),
            (CountVectorizer(), "title"),
            (TfidfVectorizer(max_features=3), "title"),
        ),
        LogisticRegression(),
    ).fit(FRAME, LABELS)
    conversion = to_onnx_model(estimator, read_dataset(FRAME, None))
    assert [feature.name for feature in conversion.dataset.features] == ["title", "body", "kind"]
    owners = {text.name: text.feature for text in conversion.dataset.texts}
    names = [entry.name for entry in conversion.model.graph.input]
    # Two vectorizers of the title share their terms, and the model does not use "size".
    assert [owners.get(name) for name in names] == [0, 0, 1, None]
    assert names[-1] == "kind"
    assert conversion.dataset.only_analysed == {0, 1}
    assert set(conversion.dataset.for_onnx(conversion.dataset.rows)) == set(names)


def test_a_text_that_no_output_depends_on_is_left_out():
    estimator = make_pipeline(
        make_column_transformer((CountVectorizer(), "title"), ("passthrough", ["size"])),
        SelectKBest(lambda X, y: np.append(np.zeros(X.shape[1] - 1), 1.0), k=1),
        LogisticRegression(),
    ).fit(FRAME, LABELS)
    conversion = to_onnx_model(estimator, read_dataset(FRAME, None))
    assert [feature.name for feature in conversion.dataset.features] == ["size"]
    assert conversion.dataset.texts == ()


@pytest.mark.parametrize(
    "form",
    [list, np.array, pd.Series, lambda texts: pd.Series(texts, name="review")],
    ids=["list", "array", "Series", "named"],
)
def test_forms_of_texts(form):
    X = form(TEXTS)
    dataset = read_dataset(X, None)
    assert [feature.name for feature in dataset.features] == [getattr(X, "name", None) or "text"]
    again = dataset.for_original(dataset.rows)
    assert type(again) is type(X)
    assert list(again) == TEXTS
    check(make_pipeline(TfidfVectorizer(), LogisticRegression()), X, LABELS)


def test_a_search():
    search = GridSearchCV(make_pipeline(TfidfVectorizer(), Ridge()), {"ridge__alpha": [1.0, 2.0]}, cv=2)
    check(search, TEXTS, np.array([float(len(text)) for text in TEXTS]))


def test_many_terms_and_long_texts():
    random = np.random.default_rng(0)
    vocabulary = [f"w{place}" for place in range(20_000)]
    texts = [" ".join(random.choice(vocabulary, 100)) for _ in range(40)]
    estimator = make_pipeline(CountVectorizer(vocabulary=vocabulary), LogisticRegression()).fit(texts, LABELS[:40])
    conversion = to_onnx_model(estimator, read_dataset(texts, None))
    rows = read_dataset([*texts, " ".join(vocabulary * 3), ""], None).rows
    answers = OnnxModel(conversion.content, conversion.dataset, conversion.outputs).predict(rows)
    expected = predictions_of(estimator, rows.columns[0])
    np.testing.assert_allclose(answers.scores, expected.scores, rtol=0, atol=1e-9)


class Stems(CountVectorizer):
    def build_analyzer(self):
        analyze = super().build_analyzer()
        return lambda text: [term[:2] for term in analyze(text)]


class Parts(TfidfVectorizer):
    def build_tokenizer(self):
        return str.split


class Capitals(HashingVectorizer):
    def build_preprocessor(self):
        return str.upper


class Decoded(CountVectorizer):
    def decode(self, doc):
        return doc.replace("a", "b")


class Short(CountVectorizer):
    def transform(self, raw_documents):
        return super().transform([text[:5] for text in raw_documents])


class FitToMore(CountVectorizer):
    def fit(self, raw_documents, y=None):
        return super().fit([*raw_documents, "one more"])


def changed(vectorizer, **methods):
    for name, method in methods.items():
        setattr(vectorizer, name, method)
    return vectorizer


REFUSED = {
    "build_analyzer": (Stems(), "its build_analyzer is Python of your own.*scikit-learn's CountVectorizer with its"),
    "build_tokenizer": (Parts(), "its build_tokenizer is Python of your own.*scikit-learn's TfidfVectorizer"),
    "build_preprocessor": (Capitals(n_features=8), "its build_preprocessor is .*scikit-learn's HashingVectorizer"),
    "decode": (Decoded(), "Decoded in the step 'decoded' cannot be exported: its decode is Python"),
    "sparse": (
        make_pipeline(CountVectorizer(), FunctionTransformer(lambda counts: counts * 2)),
        "FunctionTransformer in the step .* cannot be exported: a sparse matrix reaches it",
    ),
    "transform": (Short(), "Short in the step 'short' cannot be exported"),
    "set": (changed(CountVectorizer(), build_tokenizer=lambda: str.split), "its build_tokenizer is Python"),
    "tokenizer": (CountVectorizer(tokenizer=lambda text: text.split()), "its tokenizer is '<lambda>'.*str.split"),
    "preprocessor": (CountVectorizer(preprocessor=str.casefold), "its preprocessor is 'casefold'.*str.lower"),
    "analyzer": (CountVectorizer(analyzer=lambda text: text.split()), "its analyzer is '<lambda>'"),
    "accents": (CountVectorizer(strip_accents=str.lower), "its strip_accents is 'lower'.*'unicode'"),
    "pattern": (CountVectorizer(token_pattern=r"(?i)[a-z]+"), "flags"),
    "hashes": (HashingVectorizer(), "n_features=1,048,576 columns.*n_features=65536"),
    "dtype": (CountVectorizer(dtype=np.uint8), "dtype=uint8.*np.int64"),
    "logarithms": (
        make_pipeline(HashingVectorizer(n_features=8), TfidfTransformer(sublinear_tf=True, norm=None)),
        "alternate_sign=False",
    ),
    "separator": (CountVectorizer(vocabulary=["a", "b\x1fc"]), r"vocabulary holds 'b\\x1fc'"),
    "empty": (CountVectorizer(vocabulary=["a", ""]), "vocabulary holds ''"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    vectorizer, reason = REFUSED[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator = make_pipeline(vectorizer, DummyClassifier()).fit(TEXTS, LABELS)
    with pytest.raises(ConversionError, match=reason):
        to_onnx_model(estimator, read_dataset(TEXTS, None))


def test_a_class_that_makes_the_terms_of_its_parent():
    """A class that overrides only `fit` is exported, because its terms are those of its parent."""
    check_texts(make_pipeline(FitToMore(), LogisticRegression()), LABELS)


def test_too_many_terms():
    vectorizer = CountVectorizer(vocabulary=[f"w{place}" for place in range(100_001)])
    estimator = make_pipeline(vectorizer, LogisticRegression()).fit(TEXTS, LABELS)
    with pytest.raises(ConversionError, match=r"100,001 terms.*max_features=100000"):
        to_onnx_model(estimator, read_dataset(TEXTS, None))


def test_texts_that_may_be_missing():
    texts = [text or "none" for text in TEXTS]
    estimator = make_pipeline(CountVectorizer(), LogisticRegression()).fit(texts, LABELS)
    with pytest.raises(ConversionError, match=r"no missing text.*fillna"):
        to_onnx_model(estimator, read_dataset(texts, [Column("text", nullable=True)]))


def test_a_separator_in_a_text():
    texts = [*TEXTS[1:], "a\x1fb"]
    estimator = make_pipeline(CountVectorizer(), LogisticRegression()).fit(texts, LABELS)
    with pytest.raises(ConversionError, match=r"U\+001F.*str\.replace"):
        to_onnx_model(estimator, read_dataset(texts, None))


def words_of(frame):
    return pd.DataFrame({"words": frame["title"].str.split().str.len()})


@pytest.mark.parametrize("step", [OrdinalEncoder(), FunctionTransformer(words_of)], ids=id_of)
def test_a_step_that_takes_no_unseen_texts_is_refused(step):
    columns = make_column_transformer((CountVectorizer(), "title"), (step, ["title"]))
    estimator = make_pipeline(columns, LogisticRegression()).fit(FRAME, LABELS)
    name = type(step).__name__.lower()
    ways_out = "'ignore' in an encoder, and make what Python of your own finds in it a column before the fit"
    with pytest.raises(ConversionError, match=f"'title' is read as text, and the step .* → '{name}' .*{ways_out}"):
        to_onnx_model(estimator, read_dataset(FRAME, None))


def test_a_column_that_is_made_of_texts_before_the_fit():
    columns = make_column_transformer((CountVectorizer(), "title"), ("passthrough", ["words"]))
    check(make_pipeline(columns, LogisticRegression()), FRAME.assign(**words_of(FRAME)), LABELS)


def test_numbers_are_no_texts():
    random = np.random.default_rng(0)
    matrix = csr_matrix(np.eye(4))
    assert TfidfTransformer().fit(matrix).transform(matrix).shape == (4, 4)
    check(make_pipeline(TfidfTransformer(), LogisticRegression()), np.abs(random.normal(size=(60, 4))), LABELS[:60])
