import numpy as np
import pytest
from exactness import blobs, check, check_rows
from sklearn.decomposition import (
    NMF,
    DictionaryLearning,
    LatentDirichletAllocation,
    MiniBatchDictionaryLearning,
    MiniBatchNMF,
    SparseCoder,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset


def counts(rows=200, words=8):
    random = np.random.default_rng(0)
    y = random.integers(0, 2, rows)
    rates = random.gamma(1, 2, (2, words))
    return random.poisson(rates[y]).astype(float), y


def pipeline(transformer):
    return make_pipeline(transformer, LogisticRegression(max_iter=10_000))


@pytest.mark.parametrize(
    "transformer",
    [
        LatentDirichletAllocation(3, random_state=0, max_iter=3),
        LatentDirichletAllocation(5, random_state=0, max_iter=2, max_doc_update_iter=7, doc_topic_prior=0.01),
    ],
    ids=repr,
)
def test_topics(transformer):
    check_rows(pipeline(transformer), *counts(), within=1e-13)


def test_topics_far_from_the_training_rows():
    X, y = counts()
    model = pipeline(LatentDirichletAllocation(2, random_state=0, max_iter=2, max_doc_update_iter=2))
    assert check(model, X, y).largest_error <= 1e-12


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    "transformer",
    [
        NMF(3, tol=0, random_state=0, max_iter=20),
        NMF(3, tol=0, solver="mu", random_state=0, max_iter=20),
        NMF(3, tol=0, solver="mu", beta_loss="kullback-leibler", random_state=0, max_iter=20),
        MiniBatchNMF(3, tol=0, random_state=0, max_iter=20),
        MiniBatchNMF(2, tol=0, beta_loss="kullback-leibler", transform_max_iter=15, random_state=0, max_iter=20),
        NMF(2, tol=0, init="random", alpha_W=0.01, l1_ratio=0.5, random_state=0, max_iter=30),
    ],
    ids=repr,
)
def test_non_negative_factors(transformer):
    X, y = counts()
    assert check(pipeline(transformer), X, y).largest_error <= 1e-11


def test_a_row_of_topics_goes_on_until_its_own_end():
    transformer = LatentDirichletAllocation(2, random_state=0, max_iter=2, mean_change_tol=1e-9)
    check_rows(pipeline(transformer), *counts(rows=60), within=1e-13)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_an_end_that_depends_on_all_rows_is_refused():
    X, y = counts()
    model = pipeline(NMF(2, random_state=0)).fit(X, y)
    alone = np.concatenate([model[0].transform(row[None]) for row in X])
    assert np.abs(alone - model[0].transform(X)).max() > 1e-6
    with pytest.raises(ConversionError, match="use tol=0, which can be set after the fit too"):
        to_onnx_model(model, read_dataset(X, None))
    to_onnx_model(model.set_params(nmf__tol=0), read_dataset(X, None))


@pytest.mark.filterwarnings("ignore:Orthogonal matching pursuit ended prematurely")
def test_a_row_that_needs_fewer_atoms_ends_there():
    """Two of the atoms are equal. The first five rows combine none, one or two atoms; the others need more."""
    atoms = np.random.default_rng(0).normal(size=(5, 6))
    atoms = np.concatenate([atoms, atoms[:1]])
    rows = np.array([[0, 0], [1, 0], [0, -2], [3, 1], [1e-9, 0]]) @ atoms[:2]
    X = np.concatenate([rows, np.random.default_rng(1).normal(size=(55, 6))])
    check_rows(
        make_pipeline(SparseCoder(atoms, transform_n_nonzero_coefs=4), Ridge()), X, np.arange(60.0), within=1e-11
    )


@pytest.mark.parametrize(
    ("transformer", "way_out"),
    [
        (NMF(2, solver="mu", random_state=0), "use tol=0, which can be set"),
        (NMF(2, solver="mu", tol=0, alpha_W=0.1, max_iter=9, random_state=0), "use alpha_W=0, or NMF with solver='cd'"),
        (NMF(2, solver="mu", tol=0, beta_loss=1.5, max_iter=9, random_state=0), "beta_loss=1.5 has no converter; use"),
        (NMF(2, tol=0, shuffle=True, max_iter=9, random_state=0), "leave it out"),
        (MiniBatchNMF(2, random_state=0), "use tol=0, which can be set"),
        (SparseCoder(np.eye(8), transform_algorithm="lasso_cd"), "use transform_algorithm='omp' or 'threshold'"),
        (SparseCoder(np.eye(8), transform_n_nonzero_coefs=17), "use 16 at most"),
    ],
    ids=repr,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.filterwarnings("ignore:Orthogonal matching pursuit ended prematurely")
def test_refusals(transformer, way_out):
    X, y = counts()
    if getattr(transformer, "transform_n_nonzero_coefs", None):
        transformer.set_params(dictionary=np.eye(17, 8))
    with pytest.raises(ConversionError, match=way_out):
        to_onnx_model(pipeline(transformer).fit(X, y), read_dataset(X, None))


@pytest.mark.parametrize(
    "transformer",
    [
        DictionaryLearning(6, max_iter=3, random_state=0),
        MiniBatchDictionaryLearning(6, max_iter=3, transform_n_nonzero_coefs=3, split_sign=True, random_state=0),
        DictionaryLearning(6, max_iter=3, transform_algorithm="threshold", transform_alpha=0.1, random_state=0),
        SparseCoder(np.random.default_rng(1).normal(size=(9, 8)), transform_n_nonzero_coefs=2),
        SparseCoder(
            np.eye(8), transform_algorithm="threshold", transform_alpha=0.3, positive_code=True, split_sign=True
        ),
    ],
    ids=repr,
)
@pytest.mark.filterwarnings("ignore:Orthogonal matching pursuit ended prematurely")
def test_sparse_codes(transformer):
    X, y = blobs(columns=8)
    model = make_pipeline(StandardScaler(), transformer, LogisticRegression(max_iter=10_000))
    check_rows(model, X, y, within=1e-12)


def test_sparse_codes_far_from_the_training_rows():
    transformer = DictionaryLearning(6, max_iter=3, random_state=0)
    model = make_pipeline(StandardScaler(), transformer, LogisticRegression(max_iter=10_000))
    assert check(model, *blobs(columns=8)).largest_error <= 1e-10
