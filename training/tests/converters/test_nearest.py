import numpy as np
import onnx
import pytest
from exactness import blobs, check
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.converters.search import search_of
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import run
from sepal_export.graphs.graph import Graph

NAMES = np.array(["a", "b", "c"])
X_iris, y_iris = load_iris(return_X_y=True)
X_diabetes, y_diabetes = (values[:200] for values in load_diabetes(return_X_y=True))
random = np.random.default_rng(0)
GRID, CODES = random.integers(0, 5, (250, 3)).astype(float), random.integers(0, 3, 250)


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


@pytest.mark.parametrize(
    "options",
    [{"weights": "distance"}, {"metric": "chebyshev"}, {"algorithm": "brute", "metric": "cosine"},
     {"algorithm": "ball_tree", "metric": "minkowski", "p": 3, "metric_params": {"w": [1, 2, 3, 4]}}],
    ids=str,
)  # fmt: skip
def test_classes(options):
    X, y = blobs(rows=200)
    assert check(scaled(KNeighborsClassifier(**options)), X, NAMES[y]).largest_error <= 1e-14


@pytest.mark.parametrize(("count", "weights"), [(5, "uniform"), (9, "distance")])
def test_ties_are_decided_as_in_a_search_tree(count, weights):
    """iris has many ties: lengths are rounded to the millimetre, and one flower occurs twice."""
    assert check(KNeighborsClassifier(count, weights=weights), X_iris, y_iris).largest_error <= 1e-14


@pytest.mark.parametrize(
    "options",
    [{}, {"n_neighbors": 1}, {"metric": "manhattan", "leaf_size": 5}, {"metric": "chebyshev"}, {"p": 3},
     {"algorithm": "ball_tree", "leaf_size": 10}, {"algorithm": "brute"}, {"algorithm": "brute", "p": 1}],
    ids=str,
)  # fmt: skip
def test_a_grid_on_which_every_row_is_tied(options):
    """If all distances of a row overflow, each of its neighbours is the first training row, as in the original."""
    random = np.random.default_rng(0)
    classifier = KNeighborsClassifier(**{"n_neighbors": 12, **options}).fit(GRID, CODES)
    rows = np.concatenate([GRID, GRID + 0.5, random.normal(2, 9, (100, 3)).round(), [[1e200, 0, -1e300]]])
    np.testing.assert_array_equal(np.sort(neighbours_of(classifier, rows)), np.sort(classifier.kneighbors(rows)[1]))


def neighbours_of(classifier, rows):
    """The positions of the nearest training rows, [N, K], that the graph finds."""
    graph = Graph()
    x, count = graph.input("X", np.float64, rows.shape[1]), classifier.n_neighbors
    search = search_of(classifier, x)
    _, places = search.nearest(x, count, np.arange(len(search.rows)).reshape(-1, 1))
    model = graph.to_model({"places": places}, {"places": (onnx.TensorProto.INT64, ["N", count])})
    [places] = run(model.SerializeToString())({"X": rows})
    return search.rows[places]


@pytest.mark.parametrize("metric", ["manhattan", "euclidean", "chebyshev"])
def test_rows_in_the_middle_behind_sums_are_in_doubt(metric):
    """Seed 68 of zoo/random.py: the last bits of a sum decide which of two training rows is nearer."""
    X, y = blobs(rows=40, classes=2)
    nearest = KNeighborsClassifier(4, algorithm="kd_tree", metric=metric)
    assert check(make_pipeline(PCA(1), PCA(1), nearest), X, y).largest_error <= 1e-14


@pytest.mark.parametrize("options", [{"weights": "distance"}, {"algorithm": "brute"}], ids=str)
def test_values(options):
    assert check(KNeighborsRegressor(**options), X_diabetes, y_diabetes).largest_error <= 1e-14


def test_many_features_are_searched_by_brute_force():
    X, y = (values[:200] for values in load_breast_cancer(return_X_y=True))
    model = scaled(KNeighborsClassifier())
    assert check(model, X, y).largest_error == 0
    assert model[-1]._fit_method == "brute"


@pytest.mark.parametrize("options", [{}, {"weights": "distance"}], ids=str)
def test_several_targets(options):
    X, y = blobs(rows=150)
    labels = np.stack([NAMES[y], NAMES[np.roll(y, 1)]], axis=1)
    parity = check(KNeighborsClassifier(**options), X, labels)
    assert parity.largest_error <= 1e-14
    values = np.stack([y_diabetes, y_diabetes**2], axis=1)
    assert check(KNeighborsRegressor(**options), X_diabetes, values).largest_error <= 1e-14


def test_rows_that_are_no_numbers_have_no_answer():
    X = np.abs(X_diabetes)
    model = make_pipeline(FunctionTransformer(np.log1p), KNeighborsRegressor()).fit(X, y_diabetes)
    answers = run(to_onnx_model(model, read_dataset(X, None)).model.SerializeToString())
    [values] = answers({"X": np.stack([X[0], -X[0] - 2])})
    assert np.isfinite(values[0])
    assert np.isnan(values[1])


@pytest.mark.parametrize(
    ("options", "way_out"),
    [
        ({"algorithm": "brute"}, {"algorithm": "kd_tree"}),
        ({"algorithm": "brute", "weights": "distance"}, {"algorithm": "kd_tree"}),
        ({"algorithm": "brute", "metric": "cosine", "weights": "distance"}, {"weights": "uniform"}),
        ({"metric": "canberra"}, {"metric": "euclidean"}),
        ({"weights": np.square}, {"weights": "uniform"}),
    ],
    ids=str,
)
def test_refusals_and_their_way_out(options, way_out):
    classifier = KNeighborsClassifier(**options)
    [(option, value)] = way_out.items()
    with pytest.raises(ConversionError, match=rf"KNeighborsClassifier cannot be exported: .*{option}=.*'{value}'"):
        check(classifier, X_iris / 3, y_iris)
    to_onnx_model(classifier.set_params(**way_out).fit(X_iris / 3, y_iris), read_dataset(X_iris / 3, None))


def test_a_tie_is_no_doubt_where_all_of_the_tied_have_one_value():
    random = np.random.default_rng(0)
    X = np.repeat(random.normal(size=(60, 2)), 3, axis=0)
    y = np.repeat(random.normal(size=60), 3)
    assert check(KNeighborsRegressor(2, algorithm="brute"), X, y).largest_error <= 1e-14
    y[0] += 1
    with pytest.raises(
        ConversionError, match=r"3 of 180 training rows have neighbours with different .* number 2, .*thread"
    ):
        check(KNeighborsRegressor(2, algorithm="brute"), X, y)


def test_brute_force_sorts_what_is_float32():
    classifier = KNeighborsClassifier(algorithm="brute", p=1)
    with pytest.raises(ConversionError, match=r"\d+ of 250 training rows have neighbours with different .*'kd_tree'"):
        check(classifier, GRID.astype(np.float32), CODES)
    X, y = blobs(rows=100)
    assert check(classifier, X.astype(np.float32), y).largest_error == 0


def test_values_of_float32():
    assert check(KNeighborsRegressor(), X_diabetes, y_diabetes.astype(np.float32)).largest_error <= 1e-6


def test_labels_of_the_same_weight_are_refused_where_the_order_of_a_sum_decides():
    random = np.random.default_rng(0)
    classifier = KNeighborsClassifier(20, weights="distance")
    with pytest.raises(ConversionError, match=r"\d+ of 250 training rows have two labels .*n_neighbors below 8"):
        check(classifier, GRID, CODES)
    rows = np.concatenate([GRID + 0.5, random.integers(0, 9, (1500, 3)) / 2])
    for way_out in ({"weights": "uniform"}, {"weights": "distance", "n_neighbors": 7}):
        classifier.set_params(**way_out).fit(GRID, CODES)
        model = to_onnx_model(classifier, read_dataset(GRID, None)).model
        np.testing.assert_array_equal(run(model.SerializeToString())({"X": rows})[0], classifier.predict(rows))


def test_labels_of_the_same_weight_are_in_doubt_beside_a_neighbour_at_distance_1():
    """The largest weight is 1, as for a row that equals training rows. But here, the weights are rounded."""
    X = np.array([1.0, 3.0, 7.0, 10.0])
    X, y = np.concatenate([X, -X])[:, np.newaxis], np.repeat([0, 1], 4)
    classifier = KNeighborsClassifier(8, weights="distance", algorithm="kd_tree").fit(X, y)
    dataset = read_dataset(X, None)
    doubts = to_onnx_model(classifier, dataset).doubts
    rows = read_dataset(np.array([[0.0], [0.5], [1.0]]), None).rows
    assert doubts(rows).tolist() == [True, False, False]
