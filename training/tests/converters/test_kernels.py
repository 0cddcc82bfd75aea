import numpy as np
import pytest
from exactness import blobs, check
from scipy.sparse import csr_array
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_diabetes
from sklearn.ensemble import BaggingClassifier, StackingClassifier
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, NuSVC, NuSVR

from sepal_export import ConversionError
from sepal_export.converters.pairwise import MAX_DIFFERENCES

NAMES = np.array(["a", "b", "c", "d"])
KERNELS = [
    {"kernel": "linear"},
    {"kernel": "rbf"},
    {"kernel": "rbf", "gamma": 3.0},
    {"kernel": "poly", "degree": 2, "coef0": 0.5},
    {"kernel": "sigmoid", "gamma": "auto", "coef0": -0.1},
]
X_diabetes, y_diabetes = (values[:120] for values in load_diabetes(return_X_y=True))


def calibrated(classifier):
    return CalibratedClassifierCV(make_pipeline(StandardScaler(), classifier), cv=2, ensemble=False)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("options", KERNELS, ids=str)
def test_support_vector_classification(classes, options):
    X, y = blobs(rows=120, classes=classes)
    assert check(calibrated(SVC(**options)), X, NAMES[y]).largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("options", [{}, {"decision_function_shape": "ovo"}, {"break_ties": True}, KERNELS[0]], ids=str)
def test_labels_by_votes(classes, options):
    """Bagging answers the share of its estimators that predict each label."""
    X, y = blobs(rows=120, classes=classes)
    bagging = BaggingClassifier(make_pipeline(StandardScaler(), SVC(**options)), n_estimators=3, random_state=0)
    assert check(bagging, X, y).largest_error <= 1e-15


def test_votes_are_tied_on_some_rows():
    X, y = blobs(rows=120, classes=4)
    tied = [make_pipeline(StandardScaler(), SVC(break_ties=break_ties)).fit(X, y) for break_ties in (False, True)]
    rows = np.random.default_rng(0).uniform(X.min(axis=0), X.max(axis=0), (20_000, 4))
    assert (tied[0].predict(rows) != tied[1].predict(rows)).any()


def test_decisions_of_pairs_are_stacked():
    X, y = blobs(rows=120, classes=4)
    part = make_pipeline(StandardScaler(), SVC(decision_function_shape="ovo"))
    stacking = StackingClassifier([("pairs", part)], LogisticRegression(), stack_method="decision_function", cv=2)
    assert check(stacking, X, NAMES[y]).largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 3])
def test_nu_support_vector_classification(classes):
    X, y = blobs(rows=120, classes=classes)
    assert check(calibrated(NuSVC(nu=0.3)), X, y == 1 if classes == 2 else y).largest_error <= 1e-12


def test_support_vectors_without_a_scaler():
    X, y = blobs(rows=120)
    assert check(CalibratedClassifierCV(SVC(), cv=2), X, y).largest_error <= 1e-13


def test_support_vectors_of_many_features_are_compared_a_few_features_at_a_time():
    X, y = blobs(rows=200, columns=60, classes=2)
    model = calibrated(SVC(gamma=0.01))
    assert check(model, X, y).largest_error <= 1e-13
    support = model.calibrated_classifiers_[0].estimator[-1].support_vectors_
    assert support.size > 1.2 * MAX_DIFFERENCES


def test_support_vectors_fitted_on_sparse_rows():
    X, y = blobs(rows=120)
    X = np.maximum(X - np.median(X, axis=0), 0) / X.std(axis=0)
    model = CalibratedClassifierCV(SVC(), cv=2).fit(csr_array(X), y)
    model.fit = lambda X, y: model
    assert check(model, X, y).largest_error <= 1e-13


@pytest.mark.parametrize("options", KERNELS, ids=str)
@pytest.mark.parametrize("kind", [SVR, NuSVR])
def test_support_vector_regression(kind, options):
    regressor = make_pipeline(StandardScaler(), kind(C=10, **options))
    assert check(regressor, X_diabetes, y_diabetes).largest_error <= 1e-12


def test_support_vector_regression_without_a_scaler():
    assert check(SVR(C=100), X_diabetes * np.logspace(-2, 2, 10), y_diabetes).largest_error <= 1e-13


@pytest.mark.parametrize(
    "options", [*KERNELS[2:4], {"kernel": "laplacian"}, {"kernel": "cosine"}, {"kernel": "rbf"}], ids=str
)
def test_kernel_ridge(options):
    regressor = make_pipeline(StandardScaler(), KernelRidge(alpha=0.1, **options))
    assert check(regressor, X_diabetes, y_diabetes).largest_error <= 1e-12


def test_kernel_ridge_of_large_weights():
    """In some rows, single terms are over a hundred times as large as their sum, which costs digits."""
    assert check(KernelRidge(alpha=0.1), X_diabetes, y_diabetes).largest_error <= 1e-10


def test_kernel_ridge_without_a_scaler():
    X = X_diabetes * np.logspace(-2, 2, 10) + 30
    assert check(KernelRidge(alpha=1e-3, gamma=0.1, kernel="rbf"), X, y_diabetes).largest_error <= 1e-9


@pytest.mark.parametrize("shape", ["ovr", "ovo"])
@pytest.mark.parametrize("classes", [2, 3])
def test_a_support_vector_machine_without_probabilities_answers_its_decision(classes, shape):
    assert check(SVC(decision_function_shape=shape), *blobs(rows=60, classes=classes)).label_agreement == 1.0


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("kind", [SVC, NuSVC])
def test_probabilities_of_pairs_are_coupled(classes, kind):
    X, y = blobs(rows=120, classes=classes)
    options = {"nu": 0.2} if kind is NuSVC else {}
    classifier = make_pipeline(StandardScaler(), kind(probability=True, random_state=0, **options))
    assert check(classifier, X, y).largest_error <= 1e-10


@pytest.mark.parametrize(
    ("estimator", "way_out"),
    [
        (SVR(kernel=lambda a, b: a @ b.T), "kernel is Python code, .*; use kernel='rbf'"),
        (KernelRidge(kernel="chi2", gamma=1.0), "kernel='chi2' has no converter; use kernel='rbf'"),
    ],
    ids=["own", "chi-squared"],
)
def test_refusals(estimator, way_out):
    with pytest.raises(ConversionError, match=f"{type(estimator).__name__} cannot be exported: .*{way_out}"):
        check(estimator, np.abs(X_diabetes), y_diabetes)


def test_kernels_of_several_targets():
    parity = check(KernelRidge(), X_diabetes, np.stack([y_diabetes, 3 - 40 * y_diabetes], axis=1))
    assert parity.largest_error <= 1e-12


def test_without_support_vectors():
    X, y = X_diabetes, np.zeros(len(X_diabetes))
    assert check(SVR(), X, y).largest_error == 0
