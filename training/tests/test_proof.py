"""The tolerance of an export, and its message about rows that differ."""

import numpy as np
import pytest
from sklearn.cluster import Birch
from sklearn.naive_bayes import BernoulliNB
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler
from sklearn.svm import SVC

from sepal_export import ParityError, export

random = np.random.default_rng(0)
FAR = random.normal(size=(60, 3)) + np.array([0.0, 1e4, 0.0])
LABELS = (FAR[:, 0] > 0).astype(int)


def exported(estimator, X, y, folder):
    options = {"metrics": False, "say": lambda _: None}
    return export(estimator.fit(X, y), X, y, name="a", version="1", out=folder, **options)["parity"]


@pytest.mark.parametrize("estimator", [NearestCentroid(), SVC(kernel="linear", C=10.0)], ids=["squares", "products"])
def test_what_rounding_alone_makes_of_an_answer_is_allowed(estimator, tmp_path):
    """Seeds 308 and 608 of the first random pipelines. The tolerance is ten times the largest error."""
    parity = exported(estimator, FAR, LABELS, tmp_path)
    assert 1e-9 < parity["tolerance"] == 10 * parity["largest_error"] <= 1e-4
    assert parity["mismatches"] == 0


def test_what_is_near_0_is_as_exact_as_ever(tmp_path):
    parity = exported(NearestCentroid(), FAR - [0, 1e4, 0], LABELS, tmp_path)
    assert parity["tolerance"] == 1e-9


def test_training_rows_on_a_threshold_are_refused(tmp_path):
    """Seed 513: the scaled minimum of a feature is 0 or, depending on the last bit of a logarithm, just beside it."""
    random = np.random.default_rng(0)
    X = np.abs(random.lognormal(sigma=2, size=(80, 1)))
    estimator = make_pipeline(FunctionTransformer(np.arcsinh), MinMaxScaler(), BernoulliNB())
    with pytest.raises(ParityError, match=r"1 of 80 training rows lie on a threshold .* leave the step out that"):
        for scale in np.logspace(-3, 3, 40):
            exported(estimator, X * scale, (X[:, 0] > 1).astype(int), tmp_path)


def test_a_single_cluster_has_a_distance(tmp_path):
    """Seed 598 of the first random pipelines."""
    model = Birch(threshold=100.0, n_clusters=None)
    assert exported(model, FAR - [0, 1e4, 0], None, tmp_path)["mismatches"] == 0
