import numpy as np
import pandas as pd
import pytest
from exactness import check
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline

from sepal_export import ConversionError, export
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.converters.catboost import read
from sepal_export.data.dataset import Rows, read_dataset
from sepal_export.data.predictions import OnnxModel

catboost = pytest.importorskip("catboost")

OPTIONS = {"iterations": 20, "depth": 5, "thread_count": 1, "verbose": False, "allow_writing_files": False}
CATEGORIES = ["colour", "place", "grade", "old", "side"]


def rows_of_categories(rows=600, *, seed=0):
    """The target depends on combinations of categories, and on combinations with a number."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "colour": random.choice(
                ["red", "blå", "a long name of a colour, of more than 64 letters" * 2, "", "x"], rows
            ),
            "size": random.normal(size=rows),
            "place": pd.Categorical(random.choice(list("uvwxyz"), rows)),
            "grade": random.choice([3, 10, -2, 5], rows),
            "old": random.random(rows) < 0.5,
            "side": random.choice(["left", "right"], rows),
        }
    )
    is_odd = frame["colour"].isin(["red", ""]) ^ frame["place"].isin(["u", "v"]) ^ (frame["size"] > 0)
    y = is_odd * 2 + frame["grade"] / 10 + frame["old"] + random.normal(size=rows) / 10
    return frame, y.to_numpy()


def regressor(**options):
    return catboost.CatBoostRegressor(**OPTIONS | {"cat_features": CATEGORIES} | options)


def classifier(**options):
    return catboost.CatBoostClassifier(**OPTIONS | {"cat_features": CATEGORIES} | options)


def combined(model):
    """The largest number of elements that the model combines into a statistic, and the kinds of these elements."""
    combinations = [entry["elements"] for entry in read(model)["features_info"]["ctrs"]]
    return max(map(len, combinations)), {part["combination_element"] for parts in combinations for part in parts}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"one_hot_max_size": 1},
        {"one_hot_max_size": 20},
        {"boosting_type": "Ordered"},
        {"grow_policy": "Lossguide", "nan_mode": "Max"},
        {"counter_calc_method": "Full", "simple_ctr": ["Counter", "Borders:Prior=0.3"]},
    ],
    ids=str,
)
def test_categories(options):
    frame, y = rows_of_categories()
    parity = check(regressor(**options), frame, y)
    assert parity.largest_error == 0
    assert parity.points["unknown categories"] > 0
    assert check(classifier(**options), frame, y > 1).largest_error <= 1e-15


def test_all_that_is_combined():
    frame, y = rows_of_categories()
    model = regressor(max_ctr_complexity=4, iterations=60)
    assert check(model, frame, y).largest_error == 0
    most, elements = combined(model)
    assert most > 2
    assert elements == {"cat_feature_value", "cat_feature_exact_value", "float_feature"}


@pytest.mark.parametrize("kind", ["Buckets", "Borders", "BinarizedTargetMeanValue"])
def test_statistics_of_several_borders_of_the_target(kind):
    frame, y = rows_of_categories()
    statistic = [f"{kind}:TargetBorderCount=3"]
    assert check(regressor(simple_ctr=statistic, combinations_ctr=statistic), frame, y).largest_error == 0
    assert check(classifier(), frame, np.digitize(y, [0.5, 1.5])).largest_error <= 1e-15


@pytest.mark.parametrize("nan_mode", ["Min", "Max"])
def test_missing_numbers_in_combinations(nan_mode):
    frame, y = rows_of_categories()
    frame.loc[::7, "size"] = np.nan
    model = regressor(nan_mode=nan_mode, iterations=60, max_ctr_complexity=4, one_hot_max_size=1)
    parity = check(model, frame, y)
    assert "float_feature" in combined(model)[1]
    assert parity.largest_error == 0
    assert parity.points["missing"] > 0


def test_statistics_of_several_targets_are_refused():
    frame, y = rows_of_categories()
    targets = np.stack([y, -(y**2)], axis=1)
    with pytest.raises(ConversionError, match=r"CatBoostRegressor cannot .* or with one_hot_max_size=255"):
        check(regressor(loss_function="MultiRMSE"), frame, targets)
    assert check(regressor(loss_function="MultiRMSE", one_hot_max_size=255), frame, targets).largest_error == 0
    counts = {"simple_ctr": "Counter", "combinations_ctr": "Counter"}
    assert check(regressor(loss_function="MultiRMSE", **counts), frame, targets).largest_error == 0


def test_categories_behind_other_steps():
    frame, y = rows_of_categories()
    frame["colour"] = frame["colour"].replace("", "none")
    imputer = make_column_transformer(
        (SimpleImputer(strategy="most_frequent"), ["side", "colour"]), (SimpleImputer(), ["size"])
    )
    model = catboost.CatBoostRegressor(**OPTIONS, cat_features=[0, 1])
    assert check(make_pipeline(imputer, model), frame, y).largest_error == 0


def test_an_array_of_objects():
    frame, y = rows_of_categories()
    model = catboost.CatBoostRegressor(**OPTIONS, cat_features=[0, 2])
    assert check(model, frame[["colour", "size", "grade"]].to_numpy(dtype=object), y).largest_error == 0


def test_rows_that_lack_categories():
    """The model stores only hashes of categories, so requests may hold only the categories of the given rows."""
    frame, y = rows_of_categories()
    model = regressor().fit(frame, y)
    some = (frame["place"] != "u").to_numpy()
    dataset = read_dataset(frame[some], None)
    conversion = to_onnx_model(model, dataset)
    assert conversion.known[1 + list(frame.columns).index("size")] == sorted(set(frame["place"]) - {"u"})
    onnx = OnnxModel(conversion.model.SerializeToString(), conversion.dataset, conversion.outputs)
    # Shuffled columns form combinations that no training row has.
    mixed = Rows(tuple(np.random.default_rng(1).permutation(column) for column in conversion.dataset.rows.columns))
    expected = model.predict(conversion.dataset.for_original(mixed))
    np.testing.assert_array_equal(onnx.predict(mixed).scores[:, 0], expected)


def test_rows_that_lack_too_many_combinations_are_refused(monkeypatch):
    monkeypatch.setattr("sepal_export.converters.target_statistics.MAX_COMBINATIONS", 3)
    frame, y = rows_of_categories()
    model = regressor(max_ctr_complexity=4, iterations=60).fit(frame, y)
    with pytest.raises(ConversionError, match=r"CatBoostRegressor cannot .* lack combinations .* all training rows"):
        to_onnx_model(model, read_dataset(frame[:20], None))


def test_too_many_categories_to_combine_are_refused(monkeypatch):
    monkeypatch.setattr("sepal_export.converters.target_statistics.MAX_CODE", 20)
    frame, y = rows_of_categories()
    with pytest.raises(ConversionError, match=r"CatBoostRegressor cannot .* train it with max_ctr_complexity=[123]"):
        check(regressor(max_ctr_complexity=4, iterations=60), frame, y)


def test_no_rows_are_refused(tmp_path):
    frame, y = rows_of_categories()
    with pytest.raises(ValueError, match=r"CatBoostRegressor stores only hashes of its categories, .* the rows"):
        export(regressor().fit(frame, y), None, None, name="model", version="1", out=tmp_path)
