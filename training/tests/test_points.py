"""The rows of the proof lie on both sides of the thresholds at which answers change."""

import numpy as np
import pandas as pd
import pytest

from sepal_export.data.dataset import Rows, read_dataset
from sepal_export.graphs.graph import Graph
from sepal_export.proof.points import MIN_POINTS, REFUSED, UNKNOWN, Points
from sepal_export.proof.verify import Thresholds

random = np.random.default_rng(0)
frame = pd.DataFrame(
    {
        "double": random.normal(size=90),
        "single": random.normal(size=90).astype(np.float32),
        "whole": random.integers(-5, 20, 90),
        "flag": random.random(90) < 0.5,
        "colour": random.choice(["red", "green"], 90),
        "gaps": np.where(random.random(90) < 0.2, np.nan, random.normal(size=90)),
    }
)
dataset = read_dataset(frame, None)
DOUBLE, SINGLE, WHOLE, FLAG, COLOUR, GAPS = range(6)


def model_of(compare, dataset=dataset, width=1):
    """A graph that compares a value with a threshold, and the splits. `compare` makes the value from the inputs, and
    returns it with its thresholds. The graph compares with the first; the splits hold all."""
    graph = Graph()
    inputs = [graph.input(f.name, str if f.is_string else np.float64, width) for f in dataset.features]
    value, thresholds = compare(inputs)
    graph.add_splits(value, np.zeros(len(thresholds), dtype=int), np.array(thresholds))
    above = (value > float(thresholds[0])).cast(np.float64)
    return graph.to_model({"y": above}, {"y": (11, ["N", 1])}), graph.splits


def by_kind(compare=lambda inputs: (inputs[DOUBLE], [0.25]), known=None):
    return Points(dataset, known or {}).by_kind(*model_of(compare))


def test_there_are_enough_of_every_kind():
    points = by_kind()
    assert set(points) == {
        "training", "float64 neighbours", "float32 neighbours", "between rows", "thresholds", "missing",
        "unknown categories", "random inside", "random beyond",
    }  # fmt: skip
    assert sum(map(len, points.values())) >= MIN_POINTS


def test_values_keep_the_types_of_their_features():
    for kind, rows in by_kind().items():
        assert np.array_equal(rows.columns[SINGLE], rows.columns[SINGLE].astype(np.float32)), kind
        assert np.array_equal(rows.columns[WHOLE], np.rint(rows.columns[WHOLE])), kind
        assert set(rows.columns[FLAG]) <= {0, 1}, kind
        assert not np.isnan(rows.columns[DOUBLE]).any(), kind


def test_a_value_is_missing_only_where_it_may_be():
    points = by_kind()
    assert np.isnan(points["missing"].columns[GAPS]).mean() > 0.9
    assert not any(np.isnan(rows.columns[column]).any() for rows in points.values() for column in (DOUBLE, WHOLE))


def test_categories_are_unknown_only_where_that_is_accepted():
    assert set(by_kind()["unknown categories"].columns[COLOUR]) == {UNKNOWN}
    closed = by_kind(known={COLOUR: ["green", "red"]})
    assert "unknown categories" not in closed
    assert {value for rows in closed.values() for value in rows.columns[COLOUR]} == {"red", "green"}


def test_a_threshold_lies_between_two_neighbouring_numbers():
    values = by_kind()["thresholds"].columns[DOUBLE]
    assert 0.25 in values
    assert np.nextafter(0.25, 1) in values
    assert np.nextafter(0.25, 0) in values


def test_a_threshold_is_mapped_back_through_what_precedes_the_comparison():
    mean, scale = 0.1, 3.7
    values = np.unique(by_kind(lambda inputs: ((inputs[DOUBLE] - mean) / scale, [0.2]))["thresholds"].columns[DOUBLE])
    compared = (values - mean) / scale
    last, first = values[compared <= 0.2].max(), values[compared > 0.2].min()
    assert np.nextafter(last, np.inf) == first


def test_a_threshold_of_whole_numbers_lies_between_two_of_them():
    values = by_kind(lambda inputs: (inputs[WHOLE], [7.5]))["thresholds"].columns[WHOLE]
    assert set(values) == {7, 8}


def test_a_threshold_of_an_exponential_is_approached_to_a_margin():
    """The last bits of an exponential depend on the machine, so rows keep a small distance from its threshold."""
    rows = by_kind(lambda inputs: ((inputs[DOUBLE] * inputs[DOUBLE]).exp(), [2.0]))["thresholds"]
    distance = np.abs(np.exp(rows.columns[DOUBLE] ** 2) - 2)
    assert 1e-10 < distance.min() < 1e-6


@pytest.mark.parametrize("column", [SINGLE, WHOLE])
def test_a_threshold_is_approached_as_far_as_the_steps_of_a_feature_allow(column):
    """The exponential of two neighbouring numbers of a coarse type differs by more than the margin."""
    points = Points(dataset, {})
    rows = points.by_kind(*model_of(lambda inputs: (inputs[column].exp(), [1.6])))["thresholds"]
    values = np.exp(rows.columns[column])
    assert (values <= 1.6).any()
    assert (values > 1.6).any()
    assert points.tried == Thresholds(1, 1)


def test_a_threshold_at_which_a_value_jumps_is_not_counted_as_tried():
    points = Points(dataset, {})
    jump = lambda inputs: (inputs[DOUBLE].exp() * 1e-12 + (inputs[DOUBLE] > 0.25).cast(np.float64), [0.5])  # noqa: E731
    assert "thresholds" not in points.by_kind(*model_of(jump))
    assert points.tried == Thresholds(0, 1)


@pytest.mark.parametrize("threshold", [-1e9, 1e9])
def test_a_threshold_that_no_row_reaches_is_left_out(threshold):
    assert "thresholds" not in by_kind(lambda inputs: (inputs[DOUBLE], [threshold]))


def test_the_same_rows_are_made_every_time():
    for first, second in zip(by_kind().values(), by_kind().values(), strict=True):
        for a, b in zip(first.columns, second.columns, strict=True):
            assert pd.Series(a).equals(pd.Series(b))


def test_a_column_of_one_value_is_no_obstacle():
    constant = read_dataset(np.ones((5, 1)), ["X"])
    points = Points(constant, {}).by_kind(*model_of(lambda inputs: (inputs[0], [0.5]), constant))
    assert sum(map(len, points.values())) >= MIN_POINTS


def test_few_rows_are_kept_that_have_no_finite_answer():
    graph = Graph()
    x = graph.input("X", np.float64, 1)
    model = graph.to_model({"y": x.log()}, {"y": (11, ["N", 1])})
    points = Points(read_dataset(np.linspace(1, 2, 50)[:, None], ["X"]), {}).by_kind(model, [])
    assert (points.pop("refused").columns[0] <= 0).sum() == REFUSED
    assert all((rows.columns[0] > 0).all() for rows in points.values())
    assert sum(map(len, points.values())) >= MIN_POINTS


@pytest.mark.parametrize(("values", "largest"), [([0, 2**53 - 1], 2**53 - 1), ([-1e150, 1e150], 1e150)])
def test_random_rows_are_numbers_that_a_client_can_send(values, largest):
    dataset = read_dataset(pd.DataFrame({"x": values}), None)
    rows = Points(dataset, {}).uniform(100, beyond=2)
    assert np.abs(rows.columns[0]).max() <= largest


def rows_on_an_edge(compare, thresholds):
    """The number of random points that lie on an edge, and the number of rows that were left out."""
    points = Points(dataset, {})
    model, splits = model_of(lambda inputs: (compare(inputs), thresholds))
    rows = points.by_kind(model, splits)
    random_rows = Rows.concat([rows[kind] for kind in ("between rows", "random inside", "random beyond")])
    return points.edges(random_rows).sum(), points.undecided


def test_rows_on_a_threshold_of_a_logarithm_are_left_out():
    """On these thresholds, the last bits of a logarithm would decide the answer."""
    middle = np.log(dataset.rows.columns[DOUBLE][:30] ** 2)
    shown, left_out = rows_on_an_edge(lambda inputs: (inputs[DOUBLE] * inputs[DOUBLE]).log(), list(middle))
    assert shown == 0
    assert left_out >= 30


def test_what_is_exact_has_no_edge():
    assert rows_on_an_edge(lambda inputs: inputs[DOUBLE] * 2.0, list(dataset.rows.columns[DOUBLE] * 2)) == (0, 0)


def test_the_end_of_a_clipped_range_is_no_edge():
    clipped = lambda inputs: (inputs[DOUBLE].exp() - 1.0).clip(0.0, 0.5)  # noqa: E731
    assert rows_on_an_edge(clipped, [0.0, 0.5]) == (0, 0)
