"""Classes keep their type where JSON can represent it, and are refused otherwise."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from catboost import CatBoostClassifier
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from sepal_export import ConversionError, export
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.canonical import js_number
from sepal_export.data.classes import classes_of, name_of, positions_of
from sepal_export.data.dataset import read_dataset

X = np.arange(40.0).reshape(-1, 2)
POSITIONS = np.arange(20) // 10


class Answering:
    """An estimator with nothing but `classes_`, which may be of types that scikit-learn cannot be fitted to."""

    def __init__(self, classes):
        self.classes_ = classes


def catboost():
    return CatBoostClassifier(iterations=3, verbose=False, allow_writing_files=False)


def fitted(estimator, classes):
    return estimator.fit(X, np.asarray(classes)[POSITIONS])


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (np.array([3, 200], dtype=np.uint8), [3, 200]),
        (np.array([-128, 127], dtype=np.int8), [-128, 127]),
        (np.array([0, 1], dtype=object), [0, 1]),
        (np.array([np.int16(0), 1], dtype=object), [0, 1]),
        (np.array([False, True]), [False, True]),
        (np.array([False, np.True_], dtype=object), [False, True]),
        (np.array([0.5, 1e-7]), [0.5, 1e-7]),
        (np.array([0.1, 0.5], dtype=np.float32), [0.10000000149011612, 0.5]),
        (np.array([-0.0, 1.0]), [0.0, 1.0]),
        (np.array(["a", "ç"]), ["a", "ç"]),
        (np.array([np.str_("a"), "b"], dtype=object), ["a", "b"]),
        ([1, 2], [1, 2]),
        (pd.Index([1, 2], dtype="Int64"), [1, 2]),
        (pd.Series(["a", "b"], dtype="string"), ["a", "b"]),
    ],
    ids=repr,
)
def test_classes_are_those_of_python(classes, expected):
    assert repr(list(classes_of(Answering(classes)))) == repr(expected)


@pytest.mark.parametrize("estimator", [LogisticRegression(), DecisionTreeClassifier(), DummyClassifier(), catboost()])
@pytest.mark.parametrize("classes", [[1, 7], [False, True], [0.0, 1.0], ["a", "b"]], ids=repr)
def test_an_estimator_s_classes_are_what_it_was_fitted_to(estimator, classes):
    assert repr(list(classes_of(fitted(estimator, classes)))) == repr(classes)


def test_an_estimator_s_own_type_stays():
    """XGBoost knows only whole numbers, and CatBoost turns classes of other types into strings."""
    assert repr(classes_of(fitted(XGBClassifier(n_estimators=2), [False, True]))) == "(0, 1)"
    dates = np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]")
    assert classes_of(fitted(catboost(), dates)) == ("2020-01-01", "2020-01-02")


@pytest.mark.parametrize(
    ("classes", "problem"),
    [
        (np.array([0, 2**53]), "has the class 9007199254740992, a whole number beyond"),
        (np.array([-(2**53), 0]), "has the class -9007199254740992, a whole number beyond"),
        (np.array([0.0, 1e16]), "has the class 1e\\+16, a whole number beyond"),
        (np.array([0, 10**400], dtype=object), "has the class 10+, a whole number beyond"),
        (np.array([0, np.nan]), "has the class nan, which is not a number in JSON"),
        (np.array([0, np.inf]), "has the class inf, which is not a number in JSON"),
        (np.array([0, np.longdouble(1) / 3]), "has the class 0.33+, which is not a number in JSON"),
        (np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[ns]"), "has classes of the type datetime64"),
        (np.array([1, 2], dtype="timedelta64[s]"), "has classes of the type timedelta64"),
        (np.array([b"a", b"b"]), "has classes of the type bytes"),
        (np.array([0, 1], dtype=complex), "has classes of the type complex128"),
        (np.array([Decimal(0), Decimal(1)]), "has classes of the type Decimal"),
        (np.array([0, "a"], dtype=object), r"has classes of several types \(int, str\)"),
        (np.array([True, 2], dtype=object), r"has classes of several types \(bool, int\)"),
        (np.array(["a", None], dtype=object), r"has classes of several types \(NoneType, str\)"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_classes_that_json_has_no_form_for_are_refused(classes, problem):
    with pytest.raises(ConversionError, match=f"^Answering {problem}.* fit it to text: fit\\(X, np.asarray"):
        classes_of(Answering(classes))
    # Follows the advice of the error.
    estimator = fitted(LogisticRegression(), np.asarray(classes).astype(str))
    assert set(classes_of(estimator)) == set(np.asarray(classes).astype(str).tolist())


def test_half_of_a_surrogate_pair_is_refused():
    with pytest.raises(ConversionError, match=r"has the class '\\ud800', which holds half of a surrogate pair"):
        classes_of(Answering(np.array(["a", "\ud800"])))
    assert classes_of(Answering(np.array(["a", "😀"]))) == ("a", "😀")


def test_a_refusal_comes_before_the_graph_is_made():
    with pytest.raises(ConversionError, match="LogisticRegression has the class 9007199254740993"):
        to_onnx_model(fitted(LogisticRegression(), [0, 2**53 + 1]), read_dataset(X, None))


def test_a_class_that_the_estimator_has_rounded_is_refused(tmp_path):
    """CatBoost keeps classes as float32: no client could compare its labels with those of the training data."""
    arguments = {"name": "example", "version": "1", "out": tmp_path, "metrics": False}
    y = np.array([0.1, 0.5])[POSITIONS]
    with pytest.raises(ValueError, match=r"y holds 0\.1, which is not one of the classes .* \(0\.100000001490"):
        export(catboost().fit(X, y), X, y, **arguments)
    y = y.astype(str)
    assert export(catboost().fit(X, y), X, y, **arguments)["classes"] == ["0.1", "0.5"]


@pytest.mark.parametrize(
    ("value", "name"),
    [("a", "a"), ("", ""), (0, "0"), (-1, "-1"), (True, "true"), (False, "false"), (1.0, "1"), (1.5, "1.5")],
)
def test_a_probability_stands_by_the_name_of_its_class(value, name):
    assert name_of(value) == name


def test_positions_are_found_by_value():
    assert positions_of(np.array([True, False]), (0, 1)).tolist() == [1, 0]
    assert positions_of(np.array([[7], [-1]], dtype=np.int8), (-1, 7)).tolist() == [1, 0]
    assert positions_of(np.array(["2020-01-01"], dtype="datetime64[D]"), ("2020-01-01",)).tolist() == [0]
    with pytest.raises(ValueError, match=r"y holds None, which is not one of the classes .* \(0, 1\)"):
        positions_of(np.array([0, None], dtype=object), (0, 1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.0, "0"), (1, "1"), (1.0, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (0.1 + 0.2, "0.30000000000000004"),
        (1e-6, "0.000001"), (1.5e-6, "0.0000015"), (1e-7, "1e-7"), (-1.25e-7, "-1.25e-7"), (5e-324, "5e-324"),
        (1e16, "10000000000000000"), (123456789012345680000.0, "123456789012345680000"), (1e21, "1e+21"),
        (1.7976931348623157e308, "1.7976931348623157e+308"), (100, "100"), (2**53 - 1, "9007199254740991"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_javascript_writes_them(value, text):
    assert js_number(value) == text


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_no_number(value):
    with pytest.raises(ValueError, match="not a number in JSON"):
        js_number(value)
