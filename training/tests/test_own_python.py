"""Tries the corpus of user-defined functions and classes, and shows that the comparison of a package with its original
finds differences."""

import inspect
import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from sepal_export.data.predictions import predictions_of
from sepal_export.originals.wrappers import as_estimator
from zoo.asked import packaged
from zoo.own_python.__main__ import difference, is_taken, outcome_of, rows_of
from zoo.own_python.case import Case
from zoo.own_python.cases import CASES
from zoo.own_python.frames import ORDERS, READINGS, UNSEEN
from zoo.own_python.rare_cases import RARE

# Simple cases that the export takes, which the tests below change.
KNOWN = Case("known", (FunctionTransformer(np.abs), StandardScaler(), LogisticRegression()), READINGS.array())
VALUES = Case("values", (FunctionTransformer(np.abs), Ridge()), READINGS.array())


def test_45_cases_may_be_exported_and_15_may_not():
    assert len({case.name for case in CASES}) == 60
    assert sum(case.unfair is None for case in CASES) == 45


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_original_is_fitted_and_answers_fresh_rows(case):
    fresh = case.fresh()
    # Users' code calls functions that pandas has deprecated.
    with warnings.catch_warnings(action="ignore"):
        estimator, data = case.fitted()
        answers = [predictions_of(estimator, rows).scores for rows in (data.X, fresh[:1_000])]
    assert len(fresh) == 2_000
    assert all(np.isfinite(scores).all() for scores in answers)
    assert len(np.unique(answers[1].round(9))) > 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_holds_python_whose_source_is_known(case):
    own = [part for part in parts_of(case.pipeline) if type(part).__module__.startswith("zoo.")]
    functions = [part.func for part in parts_of(case.pipeline) if isinstance(part, FunctionTransformer)]
    assert own or functions
    for thing in [*map(type, own), *(getattr(function, "func", function) for function in functions)]:
        assert inspect.getsource(thing)


# The rare cases that the export refuses. It takes the others.
REFUSED = {
    f"rare: {name}"
    for name in (
        "an f-string",
        "str.format",
        "a key of two columns",
        "is True",
        "type() is int",
        "hash()",
        "what was seen before",
    )
}


@pytest.mark.parametrize("case", RARE, ids=lambda case: case.name)
def test_a_rare_value_is_answered_as_the_original_answers_it_or_the_function_is_refused(case):
    outcome, why = outcome_of(case)
    assert (outcome, why) == ("exact", "") if case.name not in REFUSED else outcome == "refused"


def parts_of(pipeline):
    params = pipeline.get_params().values()
    return [part for part in params if hasattr(part, "transform")]


@pytest.mark.parametrize("case", [KNOWN, VALUES], ids=lambda case: case.name)
def test_an_exact_package_is_said_to_be_one(case):
    assert outcome_of(case) == ("exact", "")


def test_a_package_of_what_cannot_be_served_is_wrong():
    assert outcome_of(replace(KNOWN, unfair="none may be")) == ("WRONG", "a package was written, and none may be")


def test_a_package_whose_original_answers_otherwise_is_wrong():
    estimator, data = VALUES.fitted()
    package = packaged(estimator, data)
    estimator[-1].coef_[0] += 1e-3
    assert "rows; " in difference(package, VALUES.fresh())


def in_another_way(change):
    """Exports the model of VALUES, and gives the original another step, which also applies `change`. Returns what
    `difference` says of the package and this original."""
    estimator, data = VALUES.fitted()
    package = packaged(estimator, data)
    step = FunctionTransformer(lambda X: change(np.abs(X)))
    other = as_estimator(make_pipeline(step.fit(data.X), estimator[-1]))
    return difference(replace(package, estimator=other), VALUES.fresh())


def test_an_answer_that_depends_on_the_other_rows_is_found_by_asking_for_one_row():
    assert in_another_way(lambda X: X) is None
    assert in_another_way(lambda X: X + (len(X) == 1)).startswith("asked alone")


def test_rows_that_are_left_out_are_found():
    assert in_another_way(lambda X: X[X[:, 0] > 10]).startswith("the original answers")


def test_rows_that_the_original_refuses_are_found():
    def refuse(X):
        if (X[:, 0] > 70).any():
            raise TypeError("too large")
        return X

    assert in_another_way(refuse) == "the original refuses rows that the package answers: TypeError: too large"


def test_rows_without_an_answer_are_found():
    """The package has no answer to negative numbers, but the changed original replaces their logarithms by 0."""
    case = replace(VALUES, steps=(FunctionTransformer(np.log), Ridge()), source=READINGS.only("s3", "s4").array())
    estimator, data = case.fitted()
    package = packaged(estimator, data)
    assert difference(package, case.fresh()) is None
    step = FunctionTransformer(lambda X: np.nan_to_num(np.log(X)))
    other = as_estimator(make_pipeline(step.fit(data.X), estimator[-1]))
    with np.errstate(all="ignore"):
        assert difference(replace(package, estimator=other), case.fresh()).startswith("no answer to a row")


def test_a_frame_is_read_as_the_training_was_and_without_what_the_service_refuses():
    """In a tenth of the fresh rows, most countries are unseen words. The service refuses the rows with such a country.
    The service takes gaps only in columns that had some in training."""
    encoder = make_column_transformer((OneHotEncoder(), ["country"]), remainder=SimpleImputer())
    source = replace(ORDERS.only("amount", "quantity", "country"), gaps=("amount",))
    case = Case("frame", (encoder, Ridge()), source)
    estimator, data = case.fitted()
    package = packaged(estimator, data)
    fresh = case.fresh()
    rows = rows_of(package, fresh)
    taken = is_taken(package, rows)
    np.testing.assert_array_equal(rows.columns[0], fresh["amount"])
    np.testing.assert_array_equal(taken, fresh["country"] != UNSEEN)
    assert 1_800 < taken.sum() < 1_900
    assert difference(package, fresh) is None
