import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from sepal_export import ConversionError

NAMES = np.array(["a", "b", "c"])


def counts(classes=3, rows=400, columns=6, seed=0):
    """Counts of words, [rows, columns], and their classes."""
    random = np.random.default_rng(seed)
    y = random.integers(0, classes, rows)
    return random.poisson(random.gamma(2, 2, (classes, columns))[y]), y


def categories(classes=3, seed=0):
    X, y = counts(classes, columns=4, seed=seed)
    return np.minimum(X, [1, 3, 5, 9]), y


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("options", [{}, {"var_smoothing": 1e-3}])
def test_gaussian(classes, options):
    X, y = blobs(classes=classes)
    assert check(GaussianNB(**options), X, NAMES[y]).largest_error <= 1e-13
    assert check(make_pipeline(StandardScaler(), GaussianNB(**options)), X, y).largest_error <= 1e-13


def test_gaussian_with_priors_and_booleans():
    X, y = blobs(classes=2)
    assert check(GaussianNB(priors=[0.9, 0.1]), X, y == 1).largest_error <= 1e-13


def test_gaussian_fitted_in_float32():
    X, y = blobs()
    assert check(GaussianNB(), X.astype(np.float32), y).largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    "classifier",
    [
        MultinomialNB(),
        MultinomialNB(alpha=0.01, fit_prior=False),
        MultinomialNB(class_prior=[0.2, 0.8]),
        ComplementNB(),
        ComplementNB(norm=True),
        BernoulliNB(),
        BernoulliNB(binarize=3, alpha=0.01),
    ],
    ids=repr,
)
def test_of_counts(classes, classifier):
    X, y = counts(classes)
    if getattr(classifier, "class_prior", None) is not None:
        classifier = MultinomialNB(class_prior=np.linspace(0.2, 0.8, classes) / np.linspace(0.2, 0.8, classes).sum())
    assert check(classifier, X, NAMES[y]).largest_error <= 1e-12


@pytest.mark.parametrize("classifier", [MultinomialNB(), ComplementNB(), BernoulliNB(binarize=0.5)], ids=repr)
def test_of_shares(classifier):
    X, y = blobs()
    assert check(make_pipeline(MinMaxScaler(), classifier), X, y).largest_error <= 1e-13


def test_bernoulli_is_proven_on_both_sides_of_its_threshold():
    X, y = blobs()
    parity = check(make_pipeline(StandardScaler(), BernoulliNB(binarize=0.25)), X, y)
    assert parity.points["thresholds"] >= 4
    assert parity.largest_error <= 1e-14


def test_bernoulli_of_what_is_binary():
    X, y = counts()
    assert check(BernoulliNB(binarize=None), (X > 2).astype(float), y).largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("options", [{}, {"alpha": 0.1, "fit_prior": False}, {"min_categories": 12}])
def test_categorical(classes, options):
    X, y = categories(classes)
    assert check(CategoricalNB(**options), X, NAMES[y]).largest_error <= 1e-14


def test_categorical_of_a_frame():
    X, y = categories()
    frame = pd.DataFrame(X, columns=list("pqrs"))
    assert check(CategoricalNB(), frame, y).largest_error <= 1e-14


def test_categorical_of_strings_is_refused():
    X, y = categories()
    with pytest.raises(ConversionError, match="CategoricalNB cannot be exported: it takes numbers"):
        check(CategoricalNB(), pd.DataFrame(X).astype(str), y)
