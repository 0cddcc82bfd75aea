import numpy as np
import pytest
from exactness import blobs, check
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import run

NAMES = np.array(["a", "b", "c"])
CLASSIFIERS = [
    LinearDiscriminantAnalysis(),
    LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"),
    LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.3),
    QuadraticDiscriminantAnalysis(),
    QuadraticDiscriminantAnalysis(reg_param=0.2),
    NearestCentroid(),
    NearestCentroid(priors="empirical", shrink_threshold=0.1),
]


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=repr)
def test_classification(classes, classifier):
    X, y = blobs(classes=classes)
    assert check(classifier, X, NAMES[y]).largest_error <= 1e-12
    assert check(make_pipeline(StandardScaler(), classifier), X, y).largest_error <= 1e-13


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=repr)
def test_classification_of_wine(classifier):
    assert check(make_pipeline(StandardScaler(), classifier), *load_wine(return_X_y=True)).largest_error <= 1e-12


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=repr)
def test_decisions(classes, classifier):
    X, y = blobs(classes=classes)
    assert check(CalibratedClassifierCV(classifier, cv=3), X, y).largest_error <= 1e-11


def test_priors():
    X, y = blobs(classes=2)
    for classifier in (LinearDiscriminantAnalysis(), QuadraticDiscriminantAnalysis(), NearestCentroid()):
        assert check(classifier.set_params(priors=[0.9, 0.1]), X, y == 1).largest_error <= 1e-12


def test_centroids_of_a_feature_that_does_not_vary_within_the_classes():
    X, y = blobs()
    X[:, 1] = y
    with pytest.warns(UserWarning, match="zero standard deviation"):
        assert check(NearestCentroid(), X, y).largest_error <= 1e-12


def test_fitted_in_float32():
    X, y = blobs()
    for classifier in CLASSIFIERS:
        assert check(classifier, X.astype(np.float32), y).largest_error <= 1e-12


@pytest.mark.parametrize("options", [{}, {"n_components": 1}, {"solver": "eigen"}])
def test_projection_before_another_classifier(options):
    pipeline = make_pipeline(LinearDiscriminantAnalysis(**options), LogisticRegression())
    assert check(pipeline, *blobs()).largest_error <= 1e-12


@pytest.mark.parametrize("priors", ["uniform", [0.6, 0.3, 0.1]])
def test_centroids_by_manhattan_distances_answer_labels_alone(priors):
    classifier = make_pipeline(StandardScaler(), NearestCentroid(metric="manhattan", priors=priors))
    assert check(classifier, *blobs()).label_agreement == 1


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_centroids_that_are_equally_far_from_a_row_far_away(classes):
    X, y = blobs(rows=100, columns=6, classes=classes)
    classifier = NearestCentroid().fit(X, y)
    far = np.array([[5.0e14, 1.6, -0.96, -0.56, -5.8e11, -9.1e9]])
    rows = np.concatenate([far, far * np.random.default_rng(0).normal(size=(500, 6))])
    labels, _ = run(to_onnx_model(classifier, read_dataset(X, None)).model.SerializeToString())({"X": rows})
    np.testing.assert_array_equal(labels, classifier.predict(rows))
