"""The arithmetic of explanations, on functions whose Shapley values are known."""

from math import factorial

import numpy as np
import pytest

from sepal_export.data.dataset import Rows
from sepal_export.explain.against_shap import explained_by_shap, positions
from sepal_export.explain.permutations import mulberry32, order_of
from sepal_export.explain.shapley import EXACT, PERMUTATIONS, Shapley, mixtures

RANDOM = np.random.default_rng(0)


def rows_of(*shape):
    return Rows(tuple(RANDOM.normal(size=shape).T))


def linear(rows):
    """Two numbers for each row, neither of which depends on the first feature."""
    weights = np.arange(2 * len(rows.columns)).reshape(len(rows.columns), 2) * [1, -1.0]
    weights[0, 1] = 0
    return np.stack(rows.columns, axis=1) @ weights


def interacting(rows):
    first, second, *others = rows.columns
    return np.stack([first * second + sum(others), np.sin(first + sum(rows.columns))], axis=1)


def test_the_numbers_are_those_of_mulberry32_in_javascript():
    """functions/core/explain draws the same numbers."""
    random = mulberry32(1)
    assert [next(random) for _ in range(3)] == [0.6270739405881613, 0.002735721180215478, 0.5274470399599522]


@pytest.mark.parametrize(("features", "orders"), [(5, [[4, 2, 1, 0, 3], [2, 4, 0, 1, 3]]), (1, [[0], [0]])])
def test_the_orders_are_those_of_javascript(features, orders):
    assert [order_of(features, number).tolist() for number in range(2)] == orders


@pytest.mark.parametrize(
    ("features", "background", "budget", "method", "pairs", "rows"),
    [
        (1, 10, 1, EXACT, None, 0),
        (4, 100, 20_000, EXACT, None, 1_400),
        (7, 100, 20_000, EXACT, None, 12_600),
        (8, 100, 20_000, PERMUTATIONS, 14, 19_600),
        (8, 78, 20_000, EXACT, None, 19_812),
        (30, 43, 20_000, PERMUTATIONS, 8, 19_952),
        (4, 100, 1, PERMUTATIONS, 2, 1_200),
    ],
)
def test_the_method_follows_from_the_budget(features, background, budget, method, pairs, rows):
    shapley = Shapley(linear, rows_of(background, features), budget)
    assert (shapley.method, shapley.rows) == (method, rows)
    assert method == EXACT or shapley.pairs == pairs


@pytest.mark.parametrize("budget", [10_000, 100], ids=[EXACT, PERMUTATIONS])
def test_what_a_feature_of_a_sum_contributes_is_its_own_difference_from_the_mean(budget):
    background, row = rows_of(20, 4), rows_of(1, 4)
    explanation = Shapley(linear, background, budget).explain(row)
    np.testing.assert_allclose(explanation.base, linear(background).mean(axis=0), atol=1e-14)
    for feature, (own, others) in enumerate(zip(row.columns, background.columns, strict=True)):
        weights = linear(Rows(tuple(np.array([float(place == feature)]) for place in range(4))))[0]
        np.testing.assert_allclose(explanation.contributions[feature], weights * (own - others.mean()), atol=1e-13)
    np.testing.assert_allclose(explanation.contributions[0], 0, atol=1e-14)
    if explanation.errors is not None:
        # In a linear function, every order of the features yields the same contributions.
        assert explanation.errors.max() < 1e-13


@pytest.mark.parametrize(("features", "budget"), [(1, 1), (2, 10_000), (6, 10_000), (6, 1), (12, 1_000)])
def test_base_and_contributions_sum_to_the_answer(features, budget):
    background, row = rows_of(30, features), rows_of(1, features)
    answer = interacting if features > 1 else linear
    explanation = Shapley(answer, background, budget).explain(row)
    sums = explanation.base + explanation.contributions.sum(axis=0)
    np.testing.assert_allclose(sums, answer(row)[0], rtol=0, atol=1e-12)


def test_exact_values_are_those_of_the_definition():
    """The expected values are the mean over all orders of the features."""
    from itertools import permutations

    background, row = rows_of(5, 4), rows_of(1, 4)
    expected = np.zeros((4, 2))
    for order in permutations(range(4)):
        mask = np.zeros(4, dtype=bool)
        before = interacting(background).mean(axis=0)
        for feature in order:
            mask[feature] = True
            after = interacting(mixtures(row, background, mask[None])).mean(axis=0)
            expected[feature] += (after - before) / factorial(4)
            before = after
    explanation = Shapley(interacting, background, 10_000).explain(row)
    np.testing.assert_allclose(explanation.contributions, expected, atol=1e-14)
    assert explanation.errors is None


def test_a_standard_error_says_how_far_estimates_are_off():
    background, row = rows_of(10, 6), rows_of(1, 6)
    exact = Shapley(interacting, background, 10_000).explain(row)
    estimated = Shapley(interacting, background, 600).explain(row)
    off = np.abs(estimated.contributions - exact.contributions)
    assert 0 < off.max() < 5 * estimated.errors.max()


def test_the_same_row_is_explained_the_same():
    background, row = rows_of(10, 8), rows_of(1, 8)
    first, second = (Shapley(interacting, background, 1_000).explain(row) for _ in range(2))
    assert (first.contributions == second.contributions).all()


def test_mixtures_are_of_strings_too():
    row = Rows((np.array([1.0]), np.array(["own"], dtype=object)))
    background = Rows((np.array([2.0, np.nan]), np.array([None, "other"], dtype=object)))
    mixed = mixtures(row, background, np.array([[True, False], [False, True]]))
    assert mixed.columns[0][:3].tolist() == [1, 1, 2]
    assert np.isnan(mixed.columns[0][3])
    assert mixed.columns[1].tolist() == [None, "other", "own", "own"]


@pytest.mark.parametrize(("features", "budget"), [(1, 10), (5, 10_000), (5, 100), (20, 2_000)])
def test_shap_says_the_same(features, budget):
    pytest.importorskip("shap")
    background, row = rows_of(15, features), rows_of(1, features)
    # The last feature is constant, and shap leaves constant features out of its orders.
    background = background.replace(features - 1, np.full(15, row.columns[-1][0])) if features > 1 else background
    answer = interacting if features > 1 else linear
    shapley = Shapley(answer, background, budget)
    state = np.random.get_state()[1].tolist()
    expected, actual = explained_by_shap(answer, shapley, row), shapley.explain(row)
    np.testing.assert_allclose(actual.base, expected.base, atol=1e-12)
    np.testing.assert_allclose(actual.contributions, expected.contributions, atol=1e-12)
    # The random state of the calling program is unchanged.
    assert np.random.get_state()[1].tolist() == state


def test_shap_gets_a_number_for_each_value():
    assert positions(["b", None, "a", "b", None]).tolist() == [0, 1, 2, 0, 1]
    assert positions([2.5, np.nan, 1.0, np.nan]).tolist() == [0, 1, 2, 1]
