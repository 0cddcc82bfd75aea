import numpy as np
import pytest
from exactness import blobs, check
from scipy.sparse import csr_array
from sklearn.cluster import BisectingKMeans, KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA, FactorAnalysis, FastICA, IncrementalPCA, KernelPCA, TruncatedSVD
from sklearn.kernel_approximation import Nystroem, RBFSampler
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

from sepal_export import ConversionError

NAMES = np.array(["a", "b", "c"])


@pytest.mark.parametrize(
    "transformer",
    [
        PCA(3),
        PCA(whiten=True),
        PCA(0.9),
        IncrementalPCA(2, whiten=True),
        TruncatedSVD(3),
        FastICA(3, random_state=0),
        FastICA(3, whiten="arbitrary-variance", random_state=0),
        FactorAnalysis(2),
        GaussianRandomProjection(3, random_state=0),
        SparseRandomProjection(3, density=0.5, random_state=0),
        KMeans(5, random_state=0),
        MiniBatchKMeans(5, random_state=0),
        BisectingKMeans(5, random_state=0),
        KernelPCA(2, kernel="rbf"),
        KernelPCA(2, kernel="poly", degree=2, gamma=0.1),
        KernelPCA(2, kernel="cosine"),
        Nystroem(n_components=20, random_state=0),
        Nystroem(kernel="sigmoid", gamma=0.1, coef0=0.1, n_components=20, random_state=0),
        RBFSampler(n_components=20, random_state=0),
        RBFSampler(gamma="scale", n_components=20, random_state=0),
    ],
    ids=repr,
)
def test_transformers(transformer):
    X, y = blobs(columns=5)
    model = make_pipeline(StandardScaler(), transformer, LogisticRegression(max_iter=10_000))
    assert check(model, X, NAMES[y]).largest_error <= 1e-11


@pytest.mark.parametrize(
    "transformer",
    [PCA(3, whiten=True), FactorAnalysis(2), FastICA(3, random_state=0), KMeans(5, random_state=0)],
    ids=repr,
)
def test_transformers_without_a_scaler(transformer):
    X, y = blobs(columns=5)
    assert check(make_pipeline(transformer, LinearRegression()), X + 100, y).largest_error <= 1e-12


@pytest.mark.parametrize("transformer", [PCA(3, whiten=True), TruncatedSVD(3), KMeans(5, random_state=0)], ids=repr)
def test_transformers_fitted_in_float32(transformer):
    X, y = blobs(columns=5)
    assert check(make_pipeline(transformer, LinearRegression()), X.astype(np.float32), y).largest_error <= 1e-12


def test_a_transformer_fitted_on_sparse_rows():
    X, y = blobs(columns=5)
    X = np.maximum(X - np.median(X, axis=0), 0) / X.std(axis=0)
    model = make_pipeline(Nystroem(n_components=20, random_state=0), LogisticRegression()).fit(csr_array(X), y)
    model.fit = lambda X, y: model
    assert check(model, X, y).largest_error <= 1e-10


def test_unit_rows_of_sparse_rows_that_are_next_to_nothing():
    """Seed 5418 of zoo/random.py: scikit-learn leaves rows shorter than 2e-15 unscaled, but only if they are dense."""
    X, y = blobs(columns=5)
    X = np.maximum(X - np.median(X, axis=0), 0) / X.std(axis=0)
    X[:3] = 0.0
    model = make_pipeline(KernelPCA(2, kernel="cosine"), LogisticRegression())
    assert check(model, csr_array(X), y).largest_error <= 1e-12


def test_a_transformer_alone_predicts_nothing():
    with pytest.raises(ConversionError, match=r"PCA predicts nothing: a classifier, .* must come last"):
        check(PCA(), *blobs())


@pytest.mark.parametrize(
    ("transformer", "way_out"),
    [
        (KernelPCA(2, kernel=lambda a, b: a @ b), "use kernel='rbf'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_refusals(transformer, way_out):
    X, y = blobs()
    name = type(transformer).__name__
    with pytest.raises(ConversionError, match=f"{name} in the step '{name.lower()}' cannot be exported: .*{way_out}"):
        check(make_pipeline(transformer, LogisticRegression()), np.abs(X) / np.abs(X).max(axis=0), y)
