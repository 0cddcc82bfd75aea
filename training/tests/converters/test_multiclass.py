import numpy as np
import pytest
from exactness import blobs, check
from sklearn.ensemble import RandomForestClassifier, StackingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset

NAMES = np.array(["a", "b", "c", "d", "e"])
tree = DecisionTreeClassifier(max_depth=3, random_state=0)
forest = RandomForestClassifier(n_estimators=10, max_depth=4, random_state=0)
network = MLPClassifier((3,), max_iter=50, random_state=0)
PARTS = [make_pipeline(StandardScaler(), LogisticRegression()), LinearSVC(), tree, forest]
filter_warnings = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def overlapping(classes: int) -> tuple[np.ndarray, np.ndarray]:
    X, y = blobs(150, classes=classes)
    return X / np.abs(X).max(axis=0), y


def labels(count: int = 3) -> tuple[np.ndarray, np.ndarray]:
    X, y = overlapping(3)
    return X, np.stack([y > 1, X[:, 0] > 0.1, X[:, 2] > X[:, 1]], axis=1).astype(int)[:, :count]


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("part", [*PARTS, DecisionTreeRegressor(max_depth=3), LinearRegression()], ids=str)
def test_one_against_one(classes, part):
    X, y = overlapping(classes)
    parity = check(OneVsOneClassifier(part), X, NAMES[y])
    assert parity.label_agreement == 1
    assert parity.largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("part", PARTS, ids=str)
def test_output_codes(classes, part):
    X, y = overlapping(classes)
    assert check(OutputCodeClassifier(part, code_size=2, random_state=0), X, NAMES[y]).label_agreement == 1


def test_kernels_in_place_of_features_are_refused():
    X, y = blobs(60)
    with pytest.raises(ConversionError, match="it takes a matrix of kernels, not features"):
        check(OneVsOneClassifier(SVC(kernel="precomputed")), X @ X.T, y)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("part", [LinearSVC(), LinearRegression(), DecisionTreeRegressor(max_depth=3)], ids=str)
def test_one_against_the_rest_without_probabilities(classes, part):
    assert check(OneVsRestClassifier(part), *overlapping(classes)).label_agreement == 1


@pytest.mark.parametrize("part", [LogisticRegression(), LinearSVC(), tree, LinearRegression()], ids=str)
def test_several_labels(part):
    assert check(OneVsRestClassifier(part), *labels()).label_agreement == 1


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("constant", [0, 1])
@pytest.mark.parametrize("part", [LogisticRegression(), LinearSVC(), tree], ids=str)
@pytest.mark.filterwarnings("ignore:Label")
def test_a_label_that_always_holds_or_never(part, constant, place):
    """If the first label is constant, scikit-learn derives the threshold of all labels from it."""
    X, y = labels()
    y[:, place] = constant
    assert check(OneVsRestClassifier(part), X, y).label_agreement == 1


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("method", ["auto", "predict"])
@pytest.mark.parametrize("final", [forest, network], ids=["list", "array"])
@filter_warnings
def test_stacking_of_several_labels(count, method, final):
    parts = [("tree", tree), ("network", network), ("ridge", RidgeClassifier())]
    model = StackingClassifier(parts, final, cv=3, stack_method=method, passthrough=method == "predict")
    X, y = labels(count)
    assert check(model, X, y).label_agreement == 1
    # If the last estimator answers an array, predict_proba of scikit-learn fails.
    fields = to_onnx_model(model, read_dataset(X, None)).outputs.fields
    assert fields == (("labels", "probabilities") if final is forest else ("labels",))
