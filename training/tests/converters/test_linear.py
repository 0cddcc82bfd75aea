import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cross_decomposition import CCA, PLSCanonical, PLSRegression
from sklearn.datasets import load_diabetes
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import (
    ARDRegression,
    BayesianRidge,
    ElasticNet,
    ElasticNetCV,
    GammaRegressor,
    HuberRegressor,
    Lars,
    LarsCV,
    Lasso,
    LassoCV,
    LassoLars,
    LassoLarsCV,
    LassoLarsIC,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    MultiTaskElasticNet,
    MultiTaskElasticNetCV,
    MultiTaskLasso,
    MultiTaskLassoCV,
    OrthogonalMatchingPursuit,
    OrthogonalMatchingPursuitCV,
    PassiveAggressiveClassifier,
    PassiveAggressiveRegressor,
    Perceptron,
    PoissonRegressor,
    QuantileRegressor,
    RANSACRegressor,
    Ridge,
    RidgeClassifier,
    RidgeClassifierCV,
    RidgeCV,
    SGDClassifier,
    SGDRegressor,
    TheilSenRegressor,
    TweedieRegressor,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC, LinearSVR

from sepal_export import ConversionError

NAMES = np.array(["a", "b", "c"])
diabetes = load_diabetes(return_X_y=True)


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("names", [NAMES, np.array([7, -1, 4])], ids=["strings", "integers"])
def test_logistic_regression(classes, names):
    X, y = blobs(classes=classes)
    assert check(scaled(LogisticRegression()), X, names[y]).largest_error <= 1e-14


@pytest.mark.parametrize("classes", [2, 3])
def test_logistic_regression_without_a_scaler(classes):
    X, y = blobs(classes=classes)
    assert check(LogisticRegression(max_iter=10_000), X, y).largest_error <= 1e-14


def test_logistic_regression_of_booleans():
    X, y = blobs(classes=2)
    assert check(scaled(LogisticRegression(fit_intercept=False)), X, y == 1).largest_error <= 1e-14


def test_logistic_regression_fitted_in_float32():
    X, y = blobs()
    assert check(scaled(LogisticRegression()), X.astype(np.float32), y).largest_error <= 1e-14


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_logistic_regression_by_cross_validation():
    assert check(scaled(LogisticRegressionCV(Cs=3, cv=3)), *blobs()).largest_error <= 1e-14


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("loss", ["log_loss", "modified_huber"])
def test_stochastic_gradient_descent(classes, loss):
    X, y = blobs(classes=classes)
    assert check(scaled(SGDClassifier(loss=loss, random_state=0)), X, NAMES[y]).largest_error <= 1e-13


def test_stochastic_gradient_descent_where_all_probabilities_are_zero():
    X, y = blobs(classes=3)
    model = scaled(SGDClassifier(loss="modified_huber", alpha=1e-3, random_state=0))
    assert check(model, X, y).largest_error <= 1e-13
    assert (model.decision_function(X) < -1).all(axis=1).any()


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    "classifier",
    [
        SGDClassifier(random_state=0),
        Perceptron(),
        RidgeClassifier(),
        RidgeClassifierCV(),
        LinearSVC(random_state=0),
        LinearSVC(multi_class="crammer_singer", random_state=0),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_classifiers_that_only_decide_are_exact_once_calibrated(classes, classifier):
    X, y = blobs(classes=classes)
    assert check(CalibratedClassifierCV(scaled(classifier), cv=3), X, NAMES[y]).largest_error <= 1e-13


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_passive_aggressive_estimators():
    classifier = CalibratedClassifierCV(scaled(PassiveAggressiveClassifier(random_state=0)), cv=3)
    assert check(classifier, *blobs()).largest_error <= 1e-13
    assert check(scaled(PassiveAggressiveRegressor(random_state=0)), *diabetes).largest_error <= 1e-14


def test_coefficients_may_be_sparse():
    X, y = blobs()
    model = CalibratedClassifierCV(LinearSVC(C=1e-3), cv=3).fit(X, y)
    for part in model.calibrated_classifiers_:
        part.estimator.sparsify()
    assert check(fitted(model), X, y).largest_error <= 1e-13


def fitted(model):
    model.fit = lambda X, y: model
    return model


def test_a_classifier_without_probabilities_answers_its_decision():
    for classes in (2, 3):
        parity = check(LinearSVC(), *blobs(classes=classes))
        assert parity.label_agreement == 1.0


@pytest.mark.parametrize("classifier", [RidgeClassifier(), RidgeClassifierCV()])
def test_several_labels_at_once(classifier):
    X, y = blobs()
    assert check(classifier, X, np.eye(3, dtype=int)[y]).label_agreement == 1


@pytest.mark.parametrize(
    "regressor",
    [
        LinearRegression(),
        LinearRegression(fit_intercept=False),
        Ridge(),
        RidgeCV(),
        Lasso(0.1),
        LassoCV(cv=3),
        ElasticNet(0.01),
        ElasticNetCV(cv=3),
        Lars(),
        LarsCV(cv=3),
        LassoLars(0.1),
        LassoLarsCV(cv=3),
        LassoLarsIC(),
        OrthogonalMatchingPursuit(),
        OrthogonalMatchingPursuitCV(cv=3),
        BayesianRidge(),
        ARDRegression(),
        HuberRegressor(max_iter=1000),
        TheilSenRegressor(max_subpopulation=50, random_state=0),
        RANSACRegressor(random_state=0),
        QuantileRegressor(alpha=0.01),
        SGDRegressor(random_state=0),
        LinearSVR(),
        PoissonRegressor(),
        GammaRegressor(),
        TweedieRegressor(power=1.5),
        TweedieRegressor(power=0),
        TweedieRegressor(power=1.5, link="identity", max_iter=3),
        PLSRegression(3),
        PLSCanonical(1),
        CCA(1),
        DummyRegressor(),
        DummyRegressor(strategy="quantile", quantile=0.3),
        DummyRegressor(strategy="constant", constant=5),
    ],
    ids=repr,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_regression(regressor):
    assert check(scaled(regressor), *diabetes).largest_error <= 1e-14


@pytest.mark.parametrize(
    "regressor", [LinearRegression(), PoissonRegressor(solver="newton-cholesky"), PLSRegression(3)], ids=repr
)
def test_regression_without_a_scaler(regressor):
    X, y = diabetes
    assert check(regressor, X * np.logspace(-2, 2, X.shape[1]) + 3, y).largest_error <= 1e-12


def test_values_far_outside_of_training_may_dwarf_the_scale():
    X, y = diabetes
    model = scaled(PoissonRegressor(solver="newton-cholesky", alpha=0))
    parity = check(model, X, np.exp(6 * y / y.max() - 2))
    assert parity.largest_error <= 1e-13
    assert model.predict(X * 5).max() > 1e4 * parity.scale


@pytest.mark.parametrize(
    "regressor",
    [
        LinearRegression(),
        Ridge(),
        RidgeCV(),
        Lasso(0.1),
        ElasticNet(0.01),
        Lars(),
        LassoLars(0.1),
        OrthogonalMatchingPursuit(),
        MultiTaskLasso(),
        MultiTaskLassoCV(cv=3),
        MultiTaskElasticNet(),
        MultiTaskElasticNetCV(cv=3),
        RANSACRegressor(random_state=0),
        PLSRegression(3),
        PLSCanonical(1),
        CCA(1),
        DummyRegressor(),
        DummyRegressor(strategy="constant", constant=[[5], [-1]]),
    ],
    ids=repr,
)
def test_several_targets(regressor):
    X, y = diabetes
    targets = np.stack([y, 3 - 40 * y + 500 * X[:, 0]], axis=1)
    assert check(scaled(regressor), X, targets).largest_error <= 1e-13


def test_partial_least_squares_before_another_regressor():
    X, y = blobs()
    scores = PLSRegression(3).fit(X, y)
    pipeline = make_pipeline(scores, LogisticRegression().fit(scores.transform(X), y))
    assert check(fitted(pipeline), X, y).largest_error <= 1e-14


@pytest.mark.parametrize("strategy", ["prior", "most_frequent", "constant"])
def test_a_constant_classifier(strategy):
    X, y = blobs()
    assert check(DummyClassifier(strategy=strategy, constant="b"), X, NAMES[y]).largest_error == 0


def test_a_constant_takes_strings():
    X = pd.DataFrame({"colour": ["red", "blue", None] * 20, "size": np.arange(60.0)})
    assert check(DummyClassifier(), X, np.arange(60) % 4).largest_error == 0


@pytest.mark.parametrize("strategy", ["prior", "most_frequent", "constant"])
def test_a_constant_classifier_of_several_targets(strategy):
    X, y = blobs()
    model = DummyClassifier(strategy=strategy, constant=["b", "1"])
    assert check(model, X, np.stack([NAMES[y], (y > 0).astype(int).astype(str)], axis=1)).largest_error == 0


@pytest.mark.parametrize("strategy", ["uniform", "stratified"])
def test_a_random_classifier_is_refused(strategy):
    with pytest.raises(ConversionError, match=f"DummyClassifier .* strategy='{strategy}' answers at random"):
        check(scaled(DummyClassifier(strategy=strategy)), *blobs())


@pytest.mark.parametrize("increasing", [True, False])
def test_isotonic_regression(increasing):
    random = np.random.default_rng(0)
    X = random.normal(size=(300, 1)).round(2)
    y = X[:, 0] ** 3 + random.normal(size=300)
    model = IsotonicRegression(increasing=increasing, out_of_bounds="clip")
    parity = check(model, X, y)
    assert parity.largest_error == 0
    assert parity.points["thresholds"] > 300 if increasing else len(model.X_thresholds_) > 1


def test_isotonic_regression_of_one_piece():
    X = np.linspace(0, 1, 50).reshape(-1, 1)
    assert check(IsotonicRegression(out_of_bounds="clip"), X, np.ones(50)).largest_error == 0
