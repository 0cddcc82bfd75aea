"""The types of columns are read from the data, and columns that no model can take are refused."""

import numpy as np
import pandas as pd
import pytest

from sepal_export.data.dataset import Column, Rows, read_dataset


def feature_of(values, **says):
    return read_dataset(pd.DataFrame({"x": values}), [Column("x", **says)]).features[0]


@pytest.mark.parametrize(
    ("values", "dtype", "nullable"),
    [
        ([1.5, 2.5], "float64", False),
        ([1.5, None], "float64", True),
        (np.array([1.5, 2.5], dtype=np.float32), "float32", False),
        ([1, 2], "int64", False),
        (np.array([1, 2], dtype=np.uint8), "int64", False),
        ([1, None], "float64", True),
        ([True, False], "bool", False),
        ([True, None], "bool", True),
        (["a", "b"], "string", False),
        (["a", None], "string", True),
        (np.array(["a", np.nan], dtype=object), "string", True),
        (pd.Categorical(["a", "b"]), "string", False),
        (pd.array([1, 2], dtype="Int64"), "int64", False),
        (pd.array(["a", None], dtype="string"), "string", True),
        (pd.to_datetime(["2026-01-01", None]), "timestamp", True),
    ],
)
def test_the_type_of_a_column(values, dtype, nullable):
    feature = feature_of(values)
    assert (feature.dtype, feature.nullable) == (dtype, nullable)


def test_a_caller_knows_more_than_the_data():
    assert feature_of([1, 2], dtype="float64").dtype == "float64"
    assert feature_of([1.5, 2.5], nullable=True).nullable


@pytest.mark.parametrize(
    ("values", "says", "message"),
    [
        ([None, None], {}, "'x' has no values; fit the estimator without it"),
        (["a", 1], {}, "'x' holds int, str; expected numbers, strings"),
        (pd.to_timedelta([1], "D"), {}, "'x' holds Timedelta; expected numbers"),
        (["a", "", None], {}, "'x' has missing values and empty strings"),
        (pd.Series(["a", np.nan, None], dtype=object), {}, "'x' has None and NaN for missing values"),
        ([1.5, None], {"nullable": False}, "'x' is declared as never missing, but is missing in 1 row"),
        ([1, 2], {"dtype": "string"}, "'x' is declared as string, but holds other values too"),
        ([1, 1.5], {"dtype": "int64"}, "'x' is declared as int64, but holds other values too"),
        ([0, 2], {"dtype": "bool"}, "'x' is declared as bool, but holds other values too"),
        (["a"], {"dtype": "float64"}, "'x' is declared as float64, but holds other values too"),
        ([1.5, np.inf], {}, "'x' holds numbers beyond ±1e\\+150, or infinite ones"),
        ([1.5, 1e300], {}, "'x' holds numbers beyond"),
        ([1.5, 1e39], {"dtype": "float32"}, "'x' holds numbers beyond"),
        ([2**53], {}, "'x' holds numbers beyond ±9007199254740991, .*; a float64 column takes them, rounded"),
        ([10**400], {}, "'x' holds numbers beyond"),
        (["a\0"], {}, "'x' holds strings with a NUL or a lone surrogate"),
        # dtype=object, because pandas with pyarrow cannot hold a lone surrogate in its own string type.
        (pd.Series(["\ud800"], dtype=object), {}, "'x' holds strings with a NUL or a lone surrogate"),
    ],
)
def test_a_column_that_no_model_can_take(values, says, message):
    with pytest.raises(ValueError, match=message):
        feature_of(values, **says)


@pytest.mark.parametrize(
    ("X", "message"), [(np.ones(3), r"shape \(3,\)"), (np.ones((0, 2)), "no rows"), (np.ones((2, 0)), "no columns")]
)
def test_rows_that_are_no_table(X, message):
    with pytest.raises(ValueError, match=message):
        read_dataset(X, None)


def test_rows_go_back_to_the_original_as_they_came():
    frame = pd.DataFrame(
        {
            "whole": [1, 2],
            "flag": [True, False],
            "colour": pd.Series(["red", None], dtype="str"),
            "size": pd.Categorical(["S", "L"]),
            "weight": [1.5, np.nan],
        }
    )
    dataset = read_dataset(frame, None)
    pd.testing.assert_frame_equal(dataset.for_original(dataset.rows), frame)
    assert dataset.to_json(dataset.rows) == [[1, True, "red", "S", 1.5], [2, False, None, "L", None]]


def test_one_input_for_each_feature_where_some_are_strings():
    dataset = read_dataset(pd.DataFrame({"colour": ["red", None], "weight": [1.5, 2]}), None)
    feeds = dataset.for_onnx(dataset.rows)
    assert feeds["colour"].tolist() == [["red"], [""]]
    assert feeds["weight"].tolist() == [[1.5], [2.0]]


def test_an_array_of_numbers_is_one_matrix():
    dataset = read_dataset(np.array([[1, 2], [3, 4]]), ["a", "b"])
    assert dataset.for_onnx(dataset.rows)["X"].tolist() == [[1, 2], [3, 4]]
    assert dataset.for_original(dataset.rows).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("missing", [None, np.nan])
def test_a_missing_string_is_written_as_in_training(missing):
    """Encoders distinguish None from NaN."""
    frame = pd.DataFrame({"colour": ["red", missing]}, dtype=object)
    for X in (frame, frame.to_numpy()):
        dataset = read_dataset(X, None)
        [[_], [written]] = np.asarray(dataset.for_original(dataset.rows)).tolist()
        assert written is missing or (written != written and missing is not None)


def test_a_category_that_was_not_seen_is_not_a_missing_one():
    frame = pd.DataFrame({"size": pd.Categorical(["S", None]), "rank": pd.Categorical([1, 2])})
    rows = Rows((np.array(["XL", None], dtype=object), np.array([3.0, 2.0])))
    original = read_dataset(frame, None).for_original(rows)
    assert original["size"].isna().tolist() == [False, True]
    assert original["rank"].tolist() == [3, 2]


def test_numbers_among_objects_stay_objects():
    frame = pd.DataFrame({"rank": pd.Series([1, 2], dtype=object)})
    dataset = read_dataset(frame, None)
    pd.testing.assert_frame_equal(dataset.for_original(dataset.rows), frame)


@pytest.mark.parametrize("name", ["", "a\0", "\ud800"])
def test_a_name_that_no_client_can_send(name):
    with pytest.raises(ValueError, match="a feature cannot be called"):
        read_dataset(pd.DataFrame([1, 2], columns=pd.Index([name], dtype=object)), None)


@pytest.mark.parametrize(("categories", "sent"), [(["a", "b"], "c"), ([1, 2], 3.0)])
def test_a_value_that_is_no_category_of_its_column_is_not_lost(categories, sent):
    dataset = read_dataset(pd.DataFrame({"x": pd.Categorical(categories)}), None)
    value = np.array([sent], dtype=object if isinstance(sent, str) else None)
    assert dataset.for_original(Rows((value,)))["x"].tolist() == [sent]
