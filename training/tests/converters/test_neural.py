import numpy as np
import pytest
from exactness import blobs, check
from sklearn.datasets import load_diabetes
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NAMES = np.array(["a", "b", "c"])
ACTIVATIONS = ["identity", "logistic", "tanh", "relu"]
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def scaled(kind, **options):
    return make_pipeline(StandardScaler(), kind(**{"max_iter": 50, "random_state": 0, **options}))


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_classification(classes, activation):
    X, y = blobs(classes=classes)
    model = scaled(MLPClassifier, activation=activation, hidden_layer_sizes=(20, 10))
    assert check(model, X, NAMES[y]).largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 3])
def test_classification_by_lbfgs_whose_probabilities_are_extreme(classes):
    X, y = blobs(classes=classes)
    model = scaled(MLPClassifier, solver="lbfgs", hidden_layer_sizes=(30,), max_iter=500)
    assert check(model, X, y == 1 if classes == 2 else y).largest_error <= 1e-11


def test_classification_without_a_scaler():
    assert check(MLPClassifier((10,), early_stopping=True, random_state=0), *blobs()).largest_error <= 1e-12


def test_classification_fitted_in_float32():
    X, y = blobs()
    assert check(MLPClassifier((10,), random_state=0), X.astype(np.float32), y).largest_error <= 1e-12


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_regression(activation):
    X, y = load_diabetes(return_X_y=True)
    assert check(scaled(MLPRegressor, activation=activation), X, y).largest_error <= 1e-13


def test_poisson_regression():
    X, y = load_diabetes(return_X_y=True)
    assert check(scaled(MLPRegressor, loss="poisson"), X, y).largest_error <= 1e-13


def test_several_targets():
    X, y = load_diabetes(return_X_y=True)
    assert check(scaled(MLPRegressor), X, np.stack([y, 3 - y * 40], axis=1)).largest_error <= 1e-14


def test_several_labels():
    X, y = blobs()
    parity = check(scaled(MLPClassifier), X, np.eye(3, dtype=int)[y][:, [0, 0, 2]])
    assert parity.label_agreement == 1
    assert parity.largest_error <= 1e-14
