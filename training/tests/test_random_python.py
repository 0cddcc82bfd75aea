"""Exports randomly generated functions and classes: `npm run test:random-python` exports more of them."""

import inspect
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import FunctionTransformer

from sepal_export.data.predictions import predictions_of
from zoo.random import fitted_by, outcome_of
from zoo.random_python import definition, drawn_by, imported

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_makes_what_can_be_fitted(seed):
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        estimator, data = fitted_by(seed, drawn_by)
        assert np.isfinite(predictions_of(estimator, data.X).scores).all()


def test_a_seed_makes_the_same_python_every_time():
    first, second = drawn_by(7, 0), drawn_by(7, 0)
    assert source_of(first) == source_of(second) != source_of(drawn_by(8, 0))
    np.testing.assert_array_equal(first.data.y, second.data.y)
    pd.testing.assert_frame_equal(pd.DataFrame(first.data.X), pd.DataFrame(second.data.X))


def source_of(drawn):
    step = drawn.estimator[0]
    return inspect.getsource(step.func if isinstance(step, FunctionTransformer) else type(step))


def test_python_has_a_file_and_a_line():
    module = imported("\n\n" + definition("half", "X", ["return X / 2"], None), "python_of_a_test")
    assert module.half(3) == 1.5
    lines, line = inspect.getsourcelines(module.half)
    assert (lines[0], line) == ("def half(X):\n", 3)


def test_seeds_are_of_functions_and_classes_of_frames_and_arrays():
    drawn = [drawn_by(seed, 0) for seed in SEEDS]
    is_function = {isinstance(each.estimator[0], FunctionTransformer) for each in drawn}
    is_frame = {isinstance(each.data.X, pd.DataFrame) for each in drawn}
    assert is_function == is_frame == {True, False}


@pytest.mark.parametrize("seed", [0, 3])
def test_nothing_is_written_that_is_wrong(seed):
    assert not outcome_of(seed, drawn_by).startswith(("wrong", "broken", "unfit"))
