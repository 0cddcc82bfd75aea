import pytest
from exactness import blobs, check
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

logistic = make_pipeline(StandardScaler(), LogisticRegression())
tree = DecisionTreeClassifier(max_depth=4, random_state=0)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
@pytest.mark.parametrize("part", [logistic, tree], ids=["decision", "probability"])
def test_calibration(classes, method, part):
    assert check(CalibratedClassifierCV(part, method=method, cv=3), *blobs(classes=classes)).largest_error <= 1e-11


def test_calibration_gives_probabilities_to_what_has_none():
    calibrated = CalibratedClassifierCV(make_pipeline(StandardScaler(), Perceptron()), cv=3)
    assert check(calibrated, *blobs()).largest_error <= 1e-13


def test_calibration_of_a_frozen_estimator():
    X, y = blobs()
    calibrated = CalibratedClassifierCV(FrozenEstimator(logistic.fit(X, y)))
    assert check(calibrated, X, y).largest_error <= 1e-13


@pytest.mark.parametrize("positive", [None, 0, 1])
@pytest.mark.parametrize("method", ["predict_proba", "decision_function"])
def test_a_fixed_threshold(positive, method):
    fixed = FixedThresholdClassifier(logistic, threshold=0.3, pos_label=positive, response_method=method)
    assert check(fixed, *blobs(classes=2)).largest_error <= 1e-14


def test_a_tuned_threshold():
    assert check(TunedThresholdClassifierCV(logistic, cv=3), *blobs(classes=2)).largest_error <= 1e-14
