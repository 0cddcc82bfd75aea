"""Exports a few of the random pipelines of `npm run test:random`."""

import warnings

import numpy as np
import pytest

from zoo.random import outcome_of
from zoo.random_pipelines import drawn_by

# Quick pipelines of many kinds. Seeds that once revealed an error have tests of their own elsewhere.
SEEDS = [4, 5, 13, 14, 17, 21, 28, 38, 45, 48, 50, 53, 54, 56]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_package_answers_what_its_original_answers(seed):
    assert outcome_of(seed) == "exported"


def test_a_seed_makes_the_same_pipeline_every_time():
    with warnings.catch_warnings(action="ignore"):
        first, second = drawn_by(7, 0), drawn_by(7, 0)
    assert str(first.estimator) == str(second.estimator)
    np.testing.assert_array_equal(first.data.X, second.data.X)
