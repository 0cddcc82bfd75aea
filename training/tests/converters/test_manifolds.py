import numpy as np
import pytest
from exactness import blobs, check, check_rows
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.manifold import Isomap, LocallyLinearEmbedding
from sklearn.neighbors import KNeighborsTransformer, RadiusNeighborsTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import ConversionError


@pytest.mark.parametrize(
    "transformer",
    [
        Isomap(n_neighbors=12),
        Isomap(n_neighbors=10, n_components=3, metric="manhattan"),
        KNeighborsTransformer(n_neighbors=3),
        KNeighborsTransformer(n_neighbors=3, mode="connectivity", algorithm="brute", metric="manhattan"),
        RadiusNeighborsTransformer(radius=0.7),
        RadiusNeighborsTransformer(radius=0.7, mode="connectivity"),
    ],
    ids=repr,
)
def test_embeddings_and_graphs(transformer):
    X, y = blobs(rows=100, columns=3)
    model = make_pipeline(StandardScaler(), transformer, LogisticRegression(max_iter=10_000))
    assert check(model, X, y).largest_error <= 1e-11


@pytest.mark.parametrize("neighbours", [5, 9])
def test_means_of_neighbours(neighbours):
    X, y = blobs(rows=100, columns=3)
    embedding = LocallyLinearEmbedding(n_neighbors=neighbours, n_components=3, method="modified", random_state=0)
    model = make_pipeline(StandardScaler(), embedding, LogisticRegression(max_iter=10_000))
    check_rows(model, X, y, within=1e-11)


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree"])
def test_neighbours_of_which_some_are_equally_far(algorithm):
    X = np.random.default_rng(0).integers(0, 5, (60, 2)).astype(float)
    model = make_pipeline(KNeighborsTransformer(n_neighbors=4, algorithm=algorithm, leaf_size=5), Ridge())
    check_rows(model, X, np.arange(60.0), within=1e-9)


def test_a_radius_in_place_of_a_number_is_refused():
    with pytest.raises(ConversionError, match="use n_neighbors"):
        X, y = blobs(rows=60, columns=3)
        model = make_pipeline(StandardScaler(), Isomap(n_neighbors=None, radius=5.0), LogisticRegression())
        check(model, X, np.asarray(y))
