"""A step of Python is followed if it answers each row by itself. The proof covers each of its paths, and a refusal
says where and why a step cannot be followed."""

from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
import user_steps
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sepal_export import ConversionError, export
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import OnnxModel

ROWS = 200
random = np.random.default_rng(0)
X = pd.DataFrame({"x": random.normal(size=ROWS), "n": random.integers(1950, 2000, ROWS)})
Y = X["x"] * 2 + X["n"] / 1000


def fitted(step, frame=X, predictor=None):
    return make_pipeline(step, predictor or Ridge()).fit(frame, Y)


def check(estimator, frame, y):
    """Exports the estimator, with the proof, and returns the content of model.json."""
    with TemporaryDirectory() as folder:
        options = {"name": "own", "version": "1", "metrics": False, "say": lambda _: None}
        return export(estimator, frame, y, out=folder, **options)


def refusal_of(function, frame=X):
    with pytest.raises(ConversionError) as caught:
        to_onnx_model(fitted(FunctionTransformer(function), frame), read_dataset(frame, None))
    return str(caught.value)


@pytest.mark.parametrize("name", ["less_the_mean", "with_ranks", "by_two"])
def test_what_looks_at_other_rows_is_refused(name):
    message = refusal_of(getattr(user_steps, name))
    assert "looks at other rows than its own" in message and "compute it in fit" in message


@pytest.mark.parametrize("name", ["with_noise", "counting"])
def test_what_answers_otherwise_the_second_time_is_refused(name):
    assert "differ from call to call" in refusal_of(getattr(user_steps, name))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("with_noise_rarely", "random numbers"),
        ("years_until_now", "reads the clock"),
        ("from_a_file", "reads a file"),
        ("from_the_environment", "uses the environment"),
        ("from_all_of_the_environment", "uses the environment"),
        ("from_the_size_of_the_environment", "uses the environment"),
        ("into_the_environment", "uses the environment"),
    ],
)
def test_what_changes_from_call_to_call_is_refused_by_its_line(name, reason):
    message = refusal_of(getattr(user_steps, name))
    assert reason in message and "user_steps.py, line " in message


def test_what_leaves_out_rows_is_refused():
    assert "answers" in refusal_of_positive()


def refusal_of_positive():
    step = FunctionTransformer(user_steps.positive)
    with pytest.raises(ConversionError) as caught:
        to_onnx_model(make_pipeline(step, Ridge()).fit(X[X["x"] > 0], Y[X["x"] > 0]), read_dataset(X, None))
    return str(caught.value)


def test_what_changes_an_attribute_is_refused():
    with pytest.raises(ConversionError, match="changes an attribute; change attributes in fit alone"):
        to_onnx_model(fitted(user_steps.Remembers()), read_dataset(X, None))


def test_each_path_has_rows_in_the_proof():
    manifest = check(fitted(FunctionTransformer(user_steps.in_steps)), X, Y)
    assert manifest["parity"]["points"]["paths"] >= 4


def test_a_path_that_no_row_takes_has_no_answer():
    conversion = to_onnx_model(fitted(FunctionTransformer(user_steps.rarely)), read_dataset(X, None))
    assert any(node.op_type == "And" for node in conversion.model.graph.node)
    check(fitted(FunctionTransformer(user_steps.rarely)), X, Y)


def test_a_path_that_starts_at_a_number_of_a_class_has_rows_in_the_proof():
    """The constants of a step provide rows for the proof, whatever step comes after it."""
    columns = make_union(user_steps.Beyond(), user_steps.Scaled(StandardScaler()))
    estimator = make_pipeline(columns, Ridge()).fit(X, Y)
    conversion = to_onnx_model(estimator, read_dataset(X, None))
    far = X.assign(x=1e5 + X["x"])
    rows = read_dataset(far, None).rows
    answers = OnnxModel(conversion.content, conversion.dataset, conversion.outputs).predict(rows)
    np.testing.assert_allclose(answers.scores.ravel(), estimator.predict(far))


def test_a_path_between_two_near_numbers_has_rows_in_the_proof():
    """No randomly drawn row lies between the two numbers."""
    estimator = fitted(FunctionTransformer(user_steps.between_near_numbers))
    conversion = to_onnx_model(estimator, read_dataset(X, None))
    between = X.assign(x=8.00001 / 3)
    rows = read_dataset(between[["x"]], None).rows
    answers = OnnxModel(conversion.content, conversion.dataset, conversion.outputs).predict(rows)
    np.testing.assert_allclose(answers.scores.ravel(), estimator.predict(between))


def test_a_condition_that_has_one_answer_to_all_rows():
    # In a frame with strings, whole numbers of a row stay whole numbers.
    frame = X.assign(letter=np.where(X["x"] > 0, "a", "b"))
    check(fitted(FunctionTransformer(user_steps.in_steps_from_missing), frame), frame, Y)


def test_a_constant_that_is_compared_beside_a_path_that_no_row_takes():
    check(fitted(FunctionTransformer(user_steps.in_steps_of_a_constant), X.to_numpy()), X.to_numpy(), Y)


def test_columns_beside_one_that_is_computed_from_constants():
    check(fitted(FunctionTransformer(user_steps.beside_a_computed_constant)), X, Y)
    array = X.to_numpy()
    check(fitted(FunctionTransformer(user_steps.sum_beside_a_computed_constant), array), array, Y)


def test_a_class_that_asks_for_identity_is_refused():
    with pytest.raises(ConversionError, match="asks whether a value `is True`"):
        to_onnx_model(fitted(user_steps.ByIdentity()), read_dataset(X, None))


def test_a_row_for_which_python_raises_has_no_answer():
    frame = X.assign(x=X["x"].abs())
    manifest = check(fitted(FunctionTransformer(user_steps.roots), frame), frame, Y)
    assert manifest["parity"]["points"]["refused"] > 0


def test_a_string_that_a_dictionary_lacks_has_no_answer():
    frame = X.assign(letter=np.where(X["x"] > 0, "a", "b"))
    manifest = check(fitted(FunctionTransformer(user_steps.rated), frame), frame, Y)
    assert manifest["parity"]["points"]["refused"] > 0
    letter = next(feature for feature in manifest["features"] if feature["name"] == "letter")
    assert letter["categories"]["values"] == ["a", "b"]


def test_sines_of_hours_have_all_bits():
    """The sines of 60 and 120 degrees differ in the last bit only, and a tree can split between them."""
    frame = X.assign(time=pd.date_range("2024-01-01", periods=ROWS, freq="h"))
    boosted = HistGradientBoostingRegressor(max_iter=20, random_state=0)
    assert check(fitted(FunctionTransformer(user_steps.hourly), frame, boosted), frame, Y)["parity"]["mismatches"] == 0


def test_a_fitted_part_of_a_step_is_followed_by_its_own_converter():
    check(make_pipeline(user_steps.Scaled(StandardScaler()), LinearRegression()).fit(X, Y), X, Y)


def test_a_subclass_that_changes_nothing_is_its_parent():
    class Own(StandardScaler):
        """Differs from its parent only in its name."""

    check(make_pipeline(Own(), LinearRegression()).fit(X, Y), X, Y)
