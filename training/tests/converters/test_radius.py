import numpy as np
import pytest
from exactness import blobs, check
from sklearn.neighbors import RadiusNeighborsClassifier, RadiusNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import ConversionError

NAMES = np.array(["a", "b", "c"])
X, y = blobs(rows=150)


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


@pytest.mark.parametrize(
    "options",
    [{"weights": "distance"}, {"metric": "manhattan", "outlier_label": "b"}, {"algorithm": "brute", "radius": 1.2}],
    ids=str,
)  # fmt: skip
def test_classes(options):
    parity = check(scaled(RadiusNeighborsClassifier(**options)), X, NAMES[y])
    assert parity.largest_error <= 1e-14
    # Without an outlier_label, the original refuses rows without neighbours.
    assert ("refused" in parity.points) == ("outlier_label" not in options)


@pytest.mark.parametrize("options", [{"weights": "distance"}], ids=str)
def test_values(options):
    assert check(scaled(RadiusNeighborsRegressor(**options)), X, X[:, 0] + y).largest_error <= 1e-14


@pytest.mark.filterwarnings("ignore:invalid value encountered in cast:RuntimeWarning")
def test_whole_numbers_have_no_nan():
    """To a row without neighbours, the original answers the smallest int64."""
    assert check(RadiusNeighborsRegressor(30), X, y).largest_error <= 1e-14


def test_several_targets():
    several = np.stack([NAMES[y], NAMES[np.roll(y, 1)]], axis=1)
    classifier = scaled(RadiusNeighborsClassifier(outlier_label="most_frequent"))
    assert check(classifier, X, several).largest_error <= 1e-14
    assert check(scaled(RadiusNeighborsRegressor(2)), X, X[:, :2]).largest_error <= 1e-14


def test_a_label_that_is_no_class_is_refused():
    classifier = RadiusNeighborsClassifier(30, outlier_label=7)
    with pytest.raises(
        ConversionError, match=r"outlier_label=7 is not one of its classes.*use outlier_label='most_freq"
    ):
        check(classifier, X, y)
    assert check(classifier.set_params(outlier_label="most_frequent"), X, y).largest_error <= 1e-14


def test_rows_at_the_radius_are_refused_where_rounding_decides():
    grid = np.random.default_rng(0).integers(0, 6, (100, 2)) / 10
    classifier = RadiusNeighborsClassifier(0.2, algorithm="brute")
    with pytest.raises(
        ConversionError, match=r"Radius.* exported: \d+ of 100 training rows lie at .*'kd_tree', .* or choose a radius"
    ):
        check(classifier, grid, y[:100])
    assert check(classifier.set_params(algorithm="kd_tree"), grid, y[:100]).largest_error <= 1e-14
