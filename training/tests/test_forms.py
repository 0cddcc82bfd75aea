"""Training data other than arrays and frames of numpy types: the original gets rows in the form of its fit."""

import json

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from exactness import blobs, check
from scipy import sparse
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction import DictVectorizer, FeatureHasher
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from sepal_export import ConversionError, export
from sepal_export.__main__ import main
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.forms import take


def many_zeros():
    X, y = blobs(columns=5)
    return np.where(np.median(X, axis=0) < X, X / X.std(axis=0), 0.0), y


@pytest.mark.parametrize("form", [sparse.csr_matrix, sparse.csc_array, sparse.coo_array])
@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(max_iter=1000),
        make_pipeline(MaxAbsScaler(), DecisionTreeClassifier(max_depth=4)),
        XGBClassifier(n_estimators=5),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_sparse_rows(estimator, form):
    X, y = many_zeros()
    assert check(estimator, form(X), y).mismatches == 0


def test_zeros_of_sparse_rows_are_missing_for_xgboost():
    X, y = many_zeros()
    model = XGBClassifier(n_estimators=5).fit(sparse.csr_array(X), y)
    assert np.abs(model.predict_proba(X) - model.predict_proba(sparse.csr_array(X))).max() > 0.1


def people(rows=300):
    random = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "age": random.integers(18, 80, rows).astype(np.int16),
            "income": random.lognormal(10, 1, rows),
            "city": random.choice(["Bonn", "Kiel", "Ulm"], rows),
            "owner": random.random(rows) < 0.5,
        }
    ).with_columns(pl.when(pl.col("age") % 7 == 0).then(None).otherwise(pl.col("city")).alias("city"))
    return frame, (frame["income"].to_numpy() > 22_000).astype(int)


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(["Bonn", "Kiel", "Ulm"])], ids=str)
def test_a_frame_of_polars(kind):
    X, y = people()
    columns = make_column_transformer(
        (StandardScaler(), ["age", "income"]),
        (OneHotEncoder(handle_unknown="ignore"), ["city"]),
        ("passthrough", ["owner"]),
    )
    model = make_pipeline(columns, LogisticRegression())
    assert check(model, X.with_columns(pl.col("city").cast(kind)), y).largest_error <= 1e-12
    assert list(model.feature_names_in_) == ["age", "income", "city", "owner"]


def test_a_pipeline_that_answers_frames_of_polars():
    X, y = people()
    columns = make_column_transformer((StandardScaler(), ["age", "income"]), verbose_feature_names_out=False)
    model = make_pipeline(columns, LogisticRegression()).set_output(transform="polars")
    assert check(model, X, y).largest_error <= 1e-12


def test_gaps_in_a_frame_of_polars():
    X, y = people()
    X = X.select(pl.when(pl.col("age") < 30).then(None).otherwise(pl.col("income")).alias("income"), "age")
    assert check(DecisionTreeClassifier(max_depth=4), X, y).mismatches == 0
    # The original also gets a few rows at a time, in which a column may have no value at all.
    assert check(XGBClassifier(n_estimators=3), X, y).mismatches == 0


@pytest.mark.parametrize("backend", ["pyarrow", "numpy_nullable"])
def test_types_of_pandas_that_have_a_missing_value_of_their_own(backend):
    frame, y = people()
    X = pd.DataFrame(frame.to_dict(as_series=False)).convert_dtypes(dtype_backend=backend)
    X.loc[::7, ["age", "income"]] = pd.NA
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["age", "income"]),
        (make_pipeline(SimpleImputer(missing_values=pd.NA, strategy="most_frequent"), OneHotEncoder()), ["city"]),
        ("passthrough", ["owner"]),
    )
    assert check(make_pipeline(columns, LogisticRegression()), X, y).largest_error <= 1e-12


RECORDS = [
    {"colour": "red", "size": 1, "weight": 0.5, "new": True},
    {"colour": "blue", "size": 3, "new": False},
    {"colour": "red", "weight": 2.5, "new": True},
    {"size": 2, "weight": 1.25, "new": False},
] * 20
LABELS = np.array(["a", "b", "a", "b"] * 20)


@pytest.mark.parametrize(
    "vectorizer",
    [
        DictVectorizer(),
        DictVectorizer(sparse=False),
        DictVectorizer(dtype=np.int64),
        DictVectorizer(dtype=np.float32, separator="_", sort=False),
        FeatureHasher(8),
        FeatureHasher(16, alternate_sign=False, dtype=np.float32),
    ],
    ids=repr,
)
def test_records(vectorizer):
    parity = check(make_pipeline(vectorizer, LogisticRegression()), RECORDS, LABELS)
    assert parity.largest_error <= (1e-6 if vectorizer.dtype is np.float32 else 1e-12)


def test_a_zero_is_a_value_for_xgboost_and_an_absent_key_is_none():
    """Seed 5231 of zoo/random.py. A row of numbers cannot tell the two apart, but a sparse matrix does."""
    with pytest.raises(ConversionError, match=r"XGBClassifier in the step .*; fit it after DictVectorizer\(sparse=Fa"):
        check(make_pipeline(DictVectorizer(), XGBClassifier(n_estimators=2, n_jobs=1)), RECORDS, LABELS == "a")
    model = make_pipeline(DictVectorizer(sparse=False), XGBClassifier(n_estimators=2, n_jobs=1))
    assert check(model, RECORDS, LABELS == "a").mismatches == 0


def test_a_value_that_is_none_is_no_absent_key():
    records = [{"size": 1.0, "colour": "red"}, {"size": None, "colour": "blue"}] * 30
    model = make_pipeline(DictVectorizer(sparse=False), DecisionTreeClassifier(max_depth=2))
    assert check(model, records, np.arange(60) % 3 == 0).mismatches == 0
    with pytest.raises(ValueError, match="the key 'size' is left out of 1 records, and None or NaN in others"):
        read_dataset([*records, {"colour": "red"}], None)


def test_a_key_of_another_kind_than_in_the_fit_is_refused():
    model = make_pipeline(DictVectorizer(), LogisticRegression()).fit(RECORDS, LABELS)
    others = [{**record, "colour": 7} for record in RECORDS]
    with pytest.raises(ConversionError, match="the key 'colour' holds numbers, and it was fitted to strings there"):
        to_onnx_model(model, read_dataset(others, None))


def test_records_from_a_file(tmp_path):
    joblib.dump(make_pipeline(DictVectorizer(), LogisticRegression()).fit(RECORDS, LABELS), tmp_path / "model.joblib")
    pd.DataFrame(RECORDS).assign(kind=LABELS).to_csv(tmp_path / "rows.csv", index=False)
    words = [
        str(tmp_path / "model.joblib"),
        "--data",
        str(tmp_path / "rows.csv"),
        "--target",
        "kind",
        "--name",
        "kinds",
    ]
    assert main([*words, "--out", str(tmp_path / "kinds")]) == 0
    manifest = json.loads((tmp_path / "kinds" / "model.json").read_text())
    assert [feature["name"] for feature in manifest["features"]] == ["colour", "size", "weight", "new"]


def test_a_string_that_only_the_hash_knows_is_refused(tmp_path):
    model = make_pipeline(FeatureHasher(8), LogisticRegression()).fit(RECORDS, LABELS)
    manifest = export(model, RECORDS, LABELS, name="h", version="1", out=tmp_path, say=lambda _: None)
    categories = {feature["name"]: feature["categories"] for feature in manifest["features"]}
    assert categories["colour"]["values"] == ["blue", "red"]
    assert categories["colour"]["unknown"] != "accepted"


def test_the_metrics_of_records_are_cross_validated(tmp_path):
    model = make_pipeline(DictVectorizer(), LogisticRegression()).fit(RECORDS, LABELS)
    page = tmp_path / "report.html"
    manifest = export(
        model, RECORDS, LABELS, name="d", version="1", out=tmp_path / "d", report=page, say=lambda _: None
    )
    assert manifest["metrics"]["values"]["accuracy"]["mean"] == 1
    assert "colour" in page.read_text()


@pytest.mark.parametrize(
    ("vectorizer", "way_out"),
    [
        (FeatureHasher(), "use n_features=16384 at most"),
        (DictVectorizer(dtype=np.int8), "use np.float64"),
    ],
    ids=repr,
)
def test_refusals(vectorizer, way_out):
    with pytest.raises(ConversionError, match=way_out):
        check(make_pipeline(vectorizer, LogisticRegression()), [{"size": 1}, {"size": 2}] * 30, LABELS[:60])


@pytest.mark.parametrize(
    "X", [RECORDS, people()[0], sparse.coo_array(np.eye(80)), pd.DataFrame({"x": range(80)}), np.eye(80)]
)
def test_rows_taken_are_of_the_same_form(X):
    some = take(X, np.array([3, 1]))
    assert type(some) is type(X)
    assert (len(some) if isinstance(some, list) else some.shape[0]) == 2
