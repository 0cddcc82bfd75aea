import numpy as np
import pytest
from exactness import blobs, check
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.manifold import Isomap, LocallyLinearEmbedding
from sklearn.neighbors import KNeighborsTransformer, RadiusNeighborsTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import ConversionError
from sepal_export.convert import to_onnx_model
from sepal_export.dataset import read_dataset
from sepal_export.predictions import OnnxModel


@pytest.mark.parametrize(
    "transformer",
    [
        Isomap(n_neighbors=12),
        Isomap(n_neighbors=10, n_components=3, metric="manhattan"),
        LocallyLinearEmbedding(n_neighbors=4, n_components=3, random_state=0),
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


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree"])
def test_neighbours_of_which_some_are_equally_far(algorithm):
    X = np.random.default_rng(0).integers(0, 5, (60, 2)).astype(float)
    model = make_pipeline(KNeighborsTransformer(n_neighbors=4, algorithm=algorithm, leaf_size=5), Ridge())
    model.fit(X, np.arange(60.0))
    dataset = read_dataset(X, None)
    conversion = to_onnx_model(model, dataset)
    answers = OnnxModel(conversion.model.SerializeToString(), dataset, conversion.outputs).predict(dataset.rows)
    np.testing.assert_allclose(answers.scores[:, 0], model.predict(X), rtol=0, atol=1e-9)


def test_a_radius_in_place_of_a_number_is_refused():
    with pytest.raises(ConversionError, match="use n_neighbors"):
        X, y = blobs(rows=60, columns=3)
        model = make_pipeline(StandardScaler(), Isomap(n_neighbors=None, radius=5.0), LogisticRegression())
        check(model, X, np.asarray(y))
