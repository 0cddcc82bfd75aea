import category_encoders
import numpy as np
import pandas as pd
import pytest
from category_encoders.wrapper import NestedCVWrapper, PolynomialWrapper
from exactness import check
from scipy.sparse import csr_matrix
from sklearn.compose import make_column_transformer
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor
from xgboost import XGBRegressor

from sepal_export import ConversionError, export
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import Column, Rows, read_dataset
from sepal_export.data.predictions import OnnxModel, predictions_of
from sepal_export.training_data.expected import expected_of

# The encoders call pandas in ways about which it warns.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::UserWarning")
random = np.random.default_rng(0)
ROWS = 240
flags = random.integers(0, 2, ROWS)
TABLE = pd.DataFrame(
    {
        "town": random.choice(["Oslo", "Bergen", "Ünïcødé", "a b"], ROWS),
        "size": random.normal(size=ROWS),
        "code": random.choice([1, 2, 5, 7], ROWS),
        "grade": random.choice([0.5, 1.0, np.nan, 3], ROWS),
        "fresh": random.random(ROWS) < 0.5,
        "kind": pd.Categorical(random.choice(["p", "q", "r"], ROWS)),
        "number": pd.Categorical(random.choice([3, 4, 9], ROWS)),
    }
)
TABLE["gap"] = pd.Series(random.choice(["k", "l", "m"], ROWS)).where(random.random(ROWS) > 0.1)
BY_COLUMN = [
    "BackwardDifferenceEncoder", "BaseNEncoder", "BinaryEncoder", "CatBoostEncoder", "CountEncoder",
    "CountTargetEncoder", "GLMMEncoder", "GrayEncoder", "HelmertEncoder", "JamesSteinEncoder", "LeaveOneOutEncoder",
    "MEstimateEncoder", "OneHotEncoder", "OrdinalEncoder", "PolynomialEncoder", "QuantileEncoder", "RankHotEncoder",
    "SumEncoder", "SummaryEncoder", "TargetEncoder", "WOEEncoder",
]  # fmt: skip
# A continuous target, for all encoders except the three that target_of names: they refuse it or cannot be fitted to it.
values = flags + random.normal(size=ROWS)
COLUMNS = ["town", "code", "grade", "fresh", "kind", "number", "gap"]


def made(name, **options):
    options |= {"max_process": 1} if name == "HashingEncoder" else {}
    return getattr(category_encoders, name)(**options)


def target_of(name):
    return flags if name in ("CountTargetEncoder", "GLMMEncoder", "WOEEncoder") else values


def before_regression(encoder):
    return make_pipeline(encoder, SimpleImputer(keep_empty_features=True), LinearRegression())


def none_for_nan(column):
    return pd.Series([None if value != value else value for value in column], dtype=object)


@pytest.mark.parametrize("name", [*BY_COLUMN, "HashingEncoder"])
def test_columns_of_every_type(name):
    """Columns of every type are encoded, and one more is passed on unchanged."""
    parity = check(before_regression(made(name, cols=COLUMNS)), TABLE, target_of(name))
    assert parity.largest_error <= 1e-13
    assert "missing" in parity.points
    assert ("unknown categories" in parity.points) == (name != "HashingEncoder")


@pytest.mark.parametrize("name", [*BY_COLUMN, "HashingEncoder"])
def test_fresh_rows_get_the_answers_of_the_original(name, tmp_path):
    """Exports, and compares rows with unknown categories (HashingEncoder refuses these) and missing strings."""
    frame = TABLE[["size", "gap", "code"]]
    y = target_of(name)
    estimator = before_regression(made(name, cols=["gap", "code"])).fit(frame, y)
    export(estimator, frame, y, name="x", version="1", out=tmp_path, metrics=False, say=lambda _: None)
    gaps, codes = ["k", None, "", "zz", "m", "K"], [7.0, 1.0, 2.0, 8.0, -1.0, 5.0]
    if name == "HashingEncoder":
        gaps, codes = ["k", None, "l", "m"], [7.0, 1.0, 2.0, 5.0]
    numbers = np.linspace(-1, 1, len(gaps))
    rows = Rows((numbers, np.array([gap or None for gap in gaps], dtype=object), np.array(codes)))
    dataset = read_dataset(frame, None)
    conversion = to_onnx_model(estimator, dataset)
    model = OnnxModel(tmp_path / "model.onnx", conversion.dataset, conversion.outputs)
    expected = predictions_of(estimator, dataset.for_original(rows))
    np.testing.assert_allclose(model.predict(rows).scores, expected.scores, rtol=0, atol=1e-13)


HANDLED = [
    (name, unknown, missing)
    for name in BY_COLUMN
    for unknown, missing in (("return_nan", "return_nan"), ("value", "return_nan"), ("return_nan", "value"))
]
INDICATED = ["BaseNEncoder", "OneHotEncoder", "SumEncoder"]


@pytest.mark.parametrize(
    ("name", "unknown", "missing"), [*HANDLED, *((name, "indicator", "indicator") for name in INDICATED)]
)
def test_unknown_and_missing_categories(name, unknown, missing):
    encoder = made(name, cols=["gap", "grade"], handle_unknown=unknown, handle_missing=missing)
    estimator = make_pipeline(encoder, SimpleImputer(keep_empty_features=True), DecisionTreeRegressor(random_state=0))
    parity = check(estimator, TABLE[["size", "gap", "grade"]], target_of(name))
    assert parity.largest_error == 0
    assert {"missing", "unknown categories"} <= parity.points.keys()


@pytest.mark.parametrize("name", BY_COLUMN)
def test_an_encoder_that_refuses_unknown_categories_says_which_it_knows(name):
    encoder = made(name, cols=["town", "code"], handle_unknown="error", handle_missing="error")
    frame = TABLE[["size", "town", "code"]]
    parity = check(before_regression(encoder), frame, target_of(name))
    known = to_onnx_model(before_regression(encoder).fit(frame, target_of(name)), read_dataset(frame, None)).known
    assert {index: sorted(some) for index, some in known.items()} == {1: sorted(set(TABLE["town"])), 2: [1, 2, 5, 7]}
    assert parity.largest_error <= 1e-13
    assert "unknown categories" not in parity.points


def test_what_is_computed_is_refused_where_it_is_unknown():
    encoder = made("OneHotEncoder", cols="all", handle_unknown="error")
    columns = make_column_transformer((make_pipeline(SimpleImputer(), StandardScaler(), encoder), ["code"]))
    parity = check(make_pipeline(columns, LogisticRegression()), TABLE[["code"]], flags)
    assert parity.largest_error <= 1e-14
    assert parity.points["refused"] > 0


ENCODED = ["town", "gap"]
target, one_hot = category_encoders.TargetEncoder, category_encoders.OneHotEncoder


@pytest.mark.parametrize(
    "estimator",
    [
        make_pipeline(target(cols=["town"]), one_hot(cols=["gap", "same"]), LogisticRegression()),
        make_pipeline(one_hot(use_cat_names=True), LogisticRegression()).set_output(transform="pandas"),
        make_pipeline(target(), LogisticRegression()).set_output(transform="polars"),
        make_pipeline(category_encoders.BinaryEncoder(return_df=False, drop_invariant=True), LogisticRegression()),
        make_pipeline(make_union(target(), category_encoders.CountEncoder()), LogisticRegression()),
        make_pipeline(
            make_column_transformer(
                (make_pipeline(SimpleImputer(strategy="most_frequent"), category_encoders.WOEEncoder()), ENCODED),
                (one_hot(), "town"),
                (StandardScaler(), ["size"]),
            ),
            LogisticRegression(),
        ),
        make_pipeline(
            make_column_transformer(
                (make_pipeline(SimpleImputer(strategy="constant"), made("HashingEncoder")), ENCODED),
                (StandardScaler(), ["size"]),
            ),
            LogisticRegression(),
        ),
        VotingClassifier([("a", make_pipeline(target(), LogisticRegression()))], voting="soft"),
        StackingClassifier([("a", make_pipeline(target(), LogisticRegression()))], cv=3),
        GridSearchCV(make_pipeline(target(), LogisticRegression()), {"targetencoder__smoothing": [1, 10]}, cv=3),
        make_pipeline(NestedCVWrapper(target(), random_state=0), LogisticRegression()),
        make_pipeline(target(min_group_size=0.3), LogisticRegression()),
        make_pipeline(category_encoders.CountEncoder(min_group_size=80, normalize=True), LogisticRegression()),
        make_pipeline(category_encoders.LeaveOneOutEncoder(sigma=0.1, random_state=0), LogisticRegression()),
        make_pipeline(category_encoders.MEstimateEncoder(randomized=True, random_state=0), LogisticRegression()),
        make_pipeline(
            target(cols=["town"], hierarchy={"town": {"north": ("Oslo", "Bergen"), "other": ("Ünïcødé", "a b")}}),
            one_hot(),
            LogisticRegression(),
        ),
    ],
    ids=[
        "one after another", "pandas", "polars", "array", "union", "columns", "hashed columns", "voting", "stacking",
        "search", "nested", "rare", "rare counts", "sigma", "randomized", "hierarchy",
    ],
)  # fmt: skip
def test_a_place_in_a_pipeline(estimator):
    assert check(estimator, TABLE[["town", "size", "gap"]].assign(same="s"), flags).largest_error <= 1e-13


def test_an_encoder_for_each_class():
    y = np.where(flags == 1, "u", np.where(TABLE["code"] > 2, "v", "w"))
    estimator = make_pipeline(PolynomialWrapper(target(cols=ENCODED)), LogisticRegression(max_iter=500))
    assert check(estimator, TABLE[["town", "size", "gap"]], y).largest_error <= 1e-13


@pytest.mark.parametrize("name", ["CatBoostEncoder", "HashingEncoder", "OneHotEncoder", "TargetEncoder"])
def test_an_array_of_strings_and_numbers(name):
    rows = TABLE[["town", "code"]].astype(object).to_numpy()
    assert check(make_pipeline(made(name), LogisticRegression()), rows, flags).largest_error <= 1e-13


@pytest.mark.parametrize("name", ["CatBoostEncoder", "HashingEncoder", "OneHotEncoder", "TargetEncoder"])
def test_an_empty_string_is_a_category_where_none_is_missing(name):
    random = np.random.default_rng(0)
    frame = TABLE[["size"]].assign(text=random.choice(["", "a", "b"], ROWS))
    assert check(make_pipeline(made(name), LogisticRegression()), frame, flags).largest_error <= 1e-13


@pytest.mark.parametrize("name", ["CountEncoder", "HashingEncoder", "OneHotEncoder", "TargetEncoder"])
def test_none_for_a_missing_string(name):
    frame = TABLE[["size"]].assign(gap=none_for_nan(TABLE["gap"]))
    assert check(make_pipeline(made(name), LogisticRegression()), frame, flags).largest_error <= 1e-13


@pytest.mark.parametrize("name", ["CatBoostEncoder", "LeaveOneOutEncoder"])
def test_none_is_refused_where_the_rows_beside_it_decide(name):
    frame = TABLE[["size"]].assign(gap=none_for_nan(TABLE["gap"]))
    estimator = make_pipeline(made(name), SimpleImputer(), LogisticRegression())
    alone, among = (estimator.fit(frame, flags)[0].transform(frame[frame["gap"].isna()].iloc[:1]), frame)
    among = estimator[0].transform(among)[frame["gap"].isna()].iloc[:1]
    assert not alone.equals(among)
    with pytest.raises(ConversionError, match=r"rows beside it.*column 'gap'; write NaN for None"):
        check(estimator, frame, flags)
    assert check(estimator, frame.fillna(np.nan), flags).largest_error <= 1e-13


def test_none_and_nan_are_told_apart_only_where_it_is_known_which_one_stands_for_a_missing_value():
    frame = TABLE[["town", "size"]].astype({"town": object})
    said = [Column("town", nullable=True), "size"]
    estimator = make_pipeline(made("HashingEncoder"), LinearRegression())
    with pytest.raises(ConversionError, match=r"None differently from NaN in its column 'town'.*'town': 'string'"):
        check(estimator, frame, values, said)
    assert check(estimator, frame.astype({"town": "string"}), values, said).points["missing"] == 1_000


def test_a_boolean_that_no_row_had():
    random = np.random.default_rng(0)
    frame = TABLE[["size"]].assign(flag=True)
    encoder = category_encoders.OneHotEncoder(cols=["flag"], handle_unknown="indicator")
    estimator = make_pipeline(encoder, DecisionTreeRegressor(random_state=0)).fit(frame, values)
    estimator[-1].fit(estimator[0].transform(frame.assign(flag=random.random(ROWS) < 0.5)), frame["size"] * flags)
    dataset = read_dataset(frame, None)
    conversion = to_onnx_model(estimator, dataset)
    rows = Rows((frame["size"].to_numpy(), np.zeros(ROWS)))
    answers = OnnxModel(conversion.content, conversion.dataset, conversion.outputs).predict(rows)
    np.testing.assert_array_equal(answers.scores[:, 0], estimator.predict(frame.assign(flag=False)))
    assert not np.array_equal(answers.scores[:, 0], estimator.predict(frame))


def test_a_sparse_matrix():
    """XGBoost takes the zeros of a sparse matrix for missing values, but the encoder returns a dense array."""
    rows = csr_matrix(np.stack([TABLE["code"], np.where(flags == 1, 0.0, values)], axis=1))
    estimator = make_pipeline(target(cols=[0], return_df=False), XGBRegressor(n_estimators=5, n_jobs=1))
    assert check(estimator, rows, values).mismatches == 0


@pytest.mark.parametrize("name", ["CatBoostEncoder", "OneHotEncoder", "TargetEncoder"])
def test_booleans_of_which_some_are_missing(name):
    frame = TABLE[["size"]].assign(flag=pd.Series([True, False, None, True] * (ROWS // 4), dtype=object))
    assert check(make_pipeline(made(name), LogisticRegression()), frame, flags).largest_error <= 1e-13


def test_a_mapping_of_the_callers():
    mapping = [{"col": "code", "mapping": {1: 3, 2: 2, 1.5: 9, 5: 1}}]
    estimator = make_pipeline(category_encoders.OrdinalEncoder(cols=["code"], mapping=mapping), LinearRegression())
    assert check(estimator, TABLE[["code", "size"]], flags).largest_error <= 1e-13


def test_nothing_to_encode():
    assert check(make_pipeline(target(), LinearRegression()), TABLE[["size"]], flags).largest_error <= 1e-13


def test_five_hundred_categories_take_little_room():
    frame = pd.DataFrame({"code": [f"code {number % 500}" for number in range(1_000)]})
    estimator = make_pipeline(one_hot(), LogisticRegression())
    assert check(estimator, frame, np.arange(1_000) % 2).largest_error <= 1e-13
    assert to_onnx_model(estimator, read_dataset(frame, None)).model.ByteSize() < 50_000


ITEMS = ["a", "b c", "Ü.*", "x\\", "日本"]


def lists(delimiter, missing):
    random = np.random.default_rng(0)
    texts = [delimiter.join(random.choice(ITEMS, random.integers(1, 4))) for _ in range(ROWS)]
    column = [None if missing and row % 9 == 0 else text for row, text in enumerate(texts)]
    return pd.DataFrame({"list": pd.Series(column, dtype=object).fillna(np.nan), "size": TABLE["size"]})


@pytest.mark.parametrize(
    ("delimiter", "missing", "unknown"),
    [
        ("|", "value", "value"), ("|", "return_nan", "return_nan"), ("|", "indicator", "indicator"),
        (",", "ignore", "value"), ("->", "value", "indicator"), (" ", "indicator", "return_nan"),
        (".", "return_nan", "indicator"),
    ],
)  # fmt: skip
def test_any_list_of_items(delimiter, missing, unknown):
    """Also compares lists that no training row has."""
    random = np.random.default_rng(0)
    encoder = category_encoders.MultiHotEncoder(delimiter=delimiter, handle_unknown=unknown, handle_missing=missing)
    estimator = make_pipeline(encoder, SimpleImputer(), DecisionTreeRegressor(random_state=0))
    frame = lists(delimiter, missing=True)
    assert check(estimator, frame, random.normal(size=ROWS)).largest_error == 0
    dataset = read_dataset(frame, None)
    conversion = to_onnx_model(estimator, dataset)
    parts = [*ITEMS, "q", " ", "\t", "\u00a0", "\u2003", "\n", "-", ">", "-a", *[delimiter] * 6]
    texts = ["".join(random.choice(parts, random.integers(0, 8))) or None for _ in range(2_000)]
    rows = Rows((np.array(texts, dtype=object), random.normal(size=len(texts))))
    answers = OnnxModel(conversion.content, conversion.dataset, conversion.outputs).predict(rows)
    expected = predictions_of(estimator, dataset.for_original(rows), conversion.outputs)
    np.testing.assert_array_equal(answers.scores, expected.scores)


def test_unknown_items_are_refused():
    encoder = category_encoders.MultiHotEncoder(handle_unknown="error", handle_missing="error")
    parity = check(make_pipeline(encoder, LinearRegression()), lists("|", missing=False), flags)
    assert parity.largest_error <= 1e-13
    assert parity.points["refused"] > 0


@pytest.mark.parametrize(
    ("encoder", "why"),
    [
        (target(cols=["town"], composite_cols=[("town", "gap")]), "reads several columns as one"),
        (category_encoders.OrdinalEncoder(handle_unknown=lambda value, _: len(str(value))), "Python code"),
        (category_encoders.MultiHotEncoder(delimiter="||"), r"delimiter='\|\|' can be found .* in several ways"),
        (category_encoders.MultiHotEncoder(delimiter=", "), "in several ways"),
        (category_encoders.MultiHotEncoder(cols=["code"]), "holds numbers"),
        (made("HashingEncoder", cols="all"), "hashes the output of an earlier step"),
    ],
    ids=["composite", "callable", "overlapping", "blank", "numbers", "hashed numbers"],
)
def test_what_has_no_exact_graph_is_refused(encoder, why):
    before = [StandardScaler().set_output(transform="pandas")] if "hashes" in why else []
    frame = TABLE[["code"]] if "numbers" in why or before else TABLE[["town", "gap"]]
    with pytest.raises(ConversionError, match=why):
        check(make_pipeline(*before, encoder, SimpleImputer(), LinearRegression()), frame, flags)


def test_hashes_tell_no_categories(tmp_path):
    frame = TABLE[["town", "size"]]
    estimator = make_pipeline(made("HashingEncoder"), LinearRegression()).fit(frame, flags)
    with pytest.raises(ValueError, match="keeps none of its categories; give the rows of its fit"):
        export(estimator, None, name="x", version="1", out=tmp_path, say=lambda _: None)
    conversion = to_onnx_model(estimator, read_dataset(frame, None))
    assert conversion.known == {0: sorted(set(TABLE["town"]))}


def test_the_categories_of_a_fit_are_told():
    frame = TABLE[["town", "size", "code"]]
    encoder = category_encoders.TargetEncoder(cols=["town", "code"], handle_unknown="error", handle_missing="error")
    estimator = make_pipeline(encoder, StandardScaler(), LinearRegression()).fit(frame, flags)
    found = expected_of(estimator, 3)
    assert set(found[0][0].categories) == set(TABLE["town"])
    assert set(found[2][0].categories) == {1, 2, 5, 7}
    assert not found[0][0].accepts_unknown
    assert found[1][0].categories is None


def test_an_export_without_the_rows_of_the_fit(tmp_path):
    frame = TABLE[["town", "size", "code"]]
    estimator = make_pipeline(target(cols=["town", "code"]), LinearRegression()).fit(frame, flags)
    manifest = export(estimator, None, name="x", version="1", out=tmp_path, say=lambda _: None)
    assert manifest["features"][0]["categories"]["values"] == sorted(set(TABLE["town"]))
    assert "category-encoders" in manifest["producers"]
