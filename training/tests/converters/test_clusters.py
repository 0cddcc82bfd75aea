import numpy as np
import pytest
from exactness import blobs, check
from sklearn.cluster import AffinityPropagation, Birch, BisectingKMeans, KMeans, MeanShift, MiniBatchKMeans
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import ConversionError

SEED = {"random_state": 0}


@pytest.mark.parametrize(
    "clusterer",
    [
        KMeans(4, n_init=1, **SEED),
        KMeans(1, n_init=1, **SEED),
        MiniBatchKMeans(5, n_init=1, **SEED),
        BisectingKMeans(6, **SEED),
        BisectingKMeans(1, **SEED),
        MeanShift(),
        AffinityPropagation(**SEED),
        Birch(n_clusters=3),
        Birch(n_clusters=None),
    ],
    ids=str,
)
@pytest.mark.parametrize("scaled", [False, True])
def test_a_clusterer_is_exact(clusterer, scaled):
    X, y = blobs(150)
    parity = check(make_pipeline(StandardScaler(), clusterer) if scaled else clusterer, X, y)
    assert parity.label_agreement == 1.0


@pytest.mark.parametrize("kind", ["full", "tied", "diag", "spherical"])
@pytest.mark.parametrize(
    "mixture", [GaussianMixture(3, **SEED), BayesianGaussianMixture(n_components=3, max_iter=2000, **SEED)], ids=str
)
def test_a_mixture_is_exact(mixture, kind):
    X, y = blobs(200)
    assert check(mixture.set_params(covariance_type=kind), X, y).label_agreement == 1.0


def test_a_mixture_with_a_dirichlet_distribution():
    X, y = blobs(200)
    mixture = BayesianGaussianMixture(
        n_components=4, max_iter=2000, weight_concentration_prior_type="dirichlet_distribution", **SEED
    )
    assert check(mixture, X, y).label_agreement == 1.0


def test_a_row_at_a_center_and_one_in_the_middle():
    X = np.array([[0.0], [0.0], [4.0], [4.0], [8.0], [8.0]])
    assert check(KMeans(3, n_init=1, **SEED), X, None).label_agreement == 1.0


def test_a_training_row_in_the_middle_is_answered_by_chance():
    X = np.array([[0.1], [0.3], [0.2]])
    clusterer = MeanShift(bandwidth=0.05, seeds=np.array([[0.1], [0.3]]))
    with pytest.raises(ConversionError, match="1 of 3 training rows are equally near to two clusters"):
        check(clusterer, X, None)
