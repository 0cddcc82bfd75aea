import numpy as np
import pytest
from exactness import blobs, check
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.semi_supervised import LabelPropagation, LabelSpreading, SelfTrainingClassifier

from sepal_export import ConversionError


def partly_labelled() -> tuple[np.ndarray, np.ndarray]:
    X, y = blobs(150)
    y[::3] = -1
    return X / np.abs(X).max(axis=0), y


@pytest.mark.parametrize("spread", [1, 10, 1000])
@pytest.mark.parametrize("kind", [LabelPropagation, LabelSpreading])
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::sklearn.exceptions.ConvergenceWarning")
def test_labels_of_rows_nearby(kind, spread):
    """Far from all training rows, original and graph have no answer; in the middle between two, both have a tie."""
    X, y = partly_labelled()
    parity = check(kind(), X * spread, y)
    assert parity.label_agreement == 1
    assert parity.largest_error <= 1e-12


@pytest.mark.parametrize("kind", [LabelPropagation, LabelSpreading])
def test_labels_of_the_nearest_rows(kind):
    X, y = partly_labelled()
    parity = check(kind(kernel="knn"), X, y)
    assert parity.label_agreement == 1
    assert parity.largest_error <= 1e-14


def test_nearest_rows_at_the_same_distance():
    X, y = partly_labelled()
    assert check(LabelSpreading(kernel="knn", n_neighbors=5), X.round(1)[:, :2], y).label_agreement == 1


def test_other_kernels_are_refused():
    with pytest.raises(ConversionError, match="its kernel is Python code; use kernel='rbf' or kernel='knn'"):
        check(LabelSpreading(kernel=lambda X, Y: np.exp(-((X @ Y.T) ** 2))), *partly_labelled())


def test_self_training():
    model = SelfTrainingClassifier(make_pipeline(StandardScaler(), LogisticRegression()))
    assert check(model, *partly_labelled()).largest_error <= 1e-14
