import numpy as np
import pytest
from exactness import blobs, check
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NAMES = np.array(["a", "b", "c"])
X_iris, y_iris = load_iris(return_X_y=True)
X_diabetes, y_diabetes = (values[:200] for values in load_diabetes(return_X_y=True))
random = np.random.default_rng(0)
GRID, CODES = random.integers(0, 4, (500, 3)).astype(float), random.integers(0, 3, 500)


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


@pytest.mark.parametrize(
    "options",
    [{}, {"n_neighbors": 1}, {"weights": "distance"}, {"metric": "manhattan"}, {"metric": "chebyshev"}, {"p": 3},
     {"algorithm": "ball_tree"}, {"algorithm": "brute"}, {"algorithm": "brute", "metric": "cosine"},
     {"algorithm": "ball_tree", "metric": "minkowski", "metric_params": {"w": [1, 2, 3, 4]}}],
    ids=str,
)  # fmt: skip
def test_classes(options):
    X, y = blobs(rows=200)
    assert check(scaled(KNeighborsClassifier(**options)), X, NAMES[y]).largest_error <= 1e-14


@pytest.mark.parametrize("count", [3, 5, 9, 20])
@pytest.mark.parametrize("weights", ["uniform", "distance"])
def test_ties_are_decided_as_in_a_search_tree(count, weights):
    """In iris, lengths are given to the millimetre, and some flowers twice."""
    assert check(KNeighborsClassifier(count, weights=weights), X_iris, y_iris).largest_error <= 1e-14


@pytest.mark.parametrize("options", [{}, {"metric": "manhattan", "leaf_size": 5}, {"p": 3}], ids=str)
def test_a_grid_on_which_every_row_is_tied(options):
    assert check(KNeighborsClassifier(7, **options), GRID, CODES).largest_error == 0


@pytest.mark.parametrize(
    "options", [{}, {"weights": "distance"}, {"algorithm": "brute"}, {"metric": "manhattan"}], ids=str
)
def test_values(options):
    assert check(KNeighborsRegressor(**options), X_diabetes, y_diabetes).largest_error <= 1e-14


def test_many_features_are_searched_by_brute_force():
    X, y = (values[:200] for values in load_breast_cancer(return_X_y=True))
    model = scaled(KNeighborsClassifier())
    assert check(model, X, y).largest_error == 0
    assert model[-1]._fit_method == "brute"
