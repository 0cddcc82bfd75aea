import numpy as np
import pytest
from exactness import blobs, check
from sklearn.covariance import EllipticEnvelope
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import SGDOneClassSVM
from sklearn.neighbors import LocalOutlierFactor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import OneClassSVM

from sepal_export import ConversionError

SEED = {"random_state": 0}


@pytest.mark.parametrize(
    "detector",
    [
        IsolationForest(n_estimators=30, **SEED),
        # With `contamination`, the offset is the score of a training row or lies between two scores.
        IsolationForest(n_estimators=30, contamination=0.1, **SEED),
        IsolationForest(n_estimators=20, max_features=2, max_samples=50, bootstrap=True, **SEED),
        IsolationForest(n_estimators=5, max_samples=1, **SEED),
        IsolationForest(n_estimators=5, max_samples=2, **SEED),
        OneClassSVM(nu=0.1),
        OneClassSVM(kernel="poly", degree=2, coef0=1.0, nu=0.2),
        OneClassSVM(kernel="linear", nu=0.2),
        SGDOneClassSVM(**SEED),
        EllipticEnvelope(**SEED),
        EllipticEnvelope(contamination=0.25, **SEED),
    ],
    ids=str,
)
def test_an_outlier_detector_is_exact(detector):
    X, y = blobs(201)
    scaled = (
        detector
        if "Forest" in str(detector) or "Envelope" in str(detector)
        else make_pipeline(StandardScaler(), detector)
    )
    parity = check(scaled, X, y)
    assert parity.label_agreement == 1.0
    assert parity.mismatches == 0


def test_a_forest_takes_missing_values():
    X, y = blobs(200)
    X[np.random.default_rng(0).random(X.shape) < 0.1] = np.nan
    assert check(IsolationForest(n_estimators=20, **SEED), X, y).label_agreement == 1.0


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
@pytest.mark.parametrize("contamination", ["auto", 0.1])
def test_a_local_outlier_factor_is_exact(algorithm, contamination):
    X, y = blobs(200)
    detector = LocalOutlierFactor(10, novelty=True, algorithm=algorithm, contamination=contamination)
    assert check(detector, X, y).label_agreement == 1.0


def test_duplicates_have_no_distance():
    X = np.repeat(np.arange(20.0)[:, np.newaxis], 3, axis=0)
    assert check(LocalOutlierFactor(2, novelty=True), X, None).label_agreement == 1.0


def test_a_local_outlier_factor_without_novelty_predicts_nothing():
    with pytest.raises(ConversionError, match="predicts nothing"):
        check(LocalOutlierFactor(), *blobs(50))
