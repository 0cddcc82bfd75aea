import numpy as np
import pytest
from exactness import blobs, check
from sklearn.ensemble import BaggingRegressor, GradientBoostingRegressor, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset

tree = DecisionTreeClassifier(max_depth=3, random_state=0)


def values() -> tuple[np.ndarray, np.ndarray]:
    X, y = blobs(150)
    X = X / np.abs(X).max(axis=0)
    return X, np.stack([X @ [1, 2, 0.5, 0] + 0.1 * y, 3 - 40 * X[:, 0] + y], axis=1)


def labels() -> tuple[np.ndarray, np.ndarray]:
    """Rows and three binary labels for each."""
    X, y = values()
    return X, np.stack([y[:, 0] > 0, y[:, 1] > 3, X[:, 2] > X[:, 1]], axis=1).astype(int)


@pytest.mark.parametrize(
    "part",
    [
        make_pipeline(StandardScaler(), Ridge()),
        DecisionTreeRegressor(max_depth=4),
        GradientBoostingRegressor(n_estimators=5),
        HistGradientBoostingRegressor(max_iter=5),
    ],
    ids=str,
)
def test_a_regressor_for_each_target(part):
    assert check(MultiOutputRegressor(part), *values()).largest_error <= 1e-14


@pytest.mark.parametrize("part", [LogisticRegression(), tree, LinearSVC()], ids=str)
def test_a_classifier_for_each_target(part):
    X, y = values()
    targets = np.stack([np.digitize(y[:, 0], [-0.5, 0.5]), (y[:, 1] > 3) * 5], axis=1)
    assert check(MultiOutputClassifier(part), X, targets).label_agreement == 1
    assert check(MultiOutputClassifier(part), X, np.array(["a", "b", "c", "d", "e", "f"])[targets]).label_agreement == 1


@pytest.mark.parametrize("order", [None, [1, 0], "random"])
def test_a_chain_of_regressors(order):
    chain = RegressorChain(DecisionTreeRegressor(max_depth=4), order=order, random_state=1)
    assert check(chain, *values()).largest_error == 0


def test_a_chain_fitted_to_what_its_parts_predict():
    assert check(RegressorChain(Ridge(), order=[1, 0], cv=3), *values()).largest_error <= 1e-14
    assert check(ClassifierChain(GaussianNB(), order=[2, 1, 0], cv=3), *labels()).largest_error <= 1e-11


@pytest.mark.parametrize("order", [None, [2, 0, 1]])
@pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_log_proba", "decision_function"])
def test_a_chain_of_classifiers(order, method):
    chain = ClassifierChain(LogisticRegression(), order=order, chain_method=method)
    assert check(chain, *labels()).largest_error <= 1e-13


def test_a_chain_names_the_classes_of_its_targets_in_their_order():
    X, y = labels()
    targets = np.stack([y[:, 0] * 3, y[:, 1] + 4, y[:, 2]], axis=1)
    model = make_pipeline(StandardScaler(), ClassifierChain(tree, order=[2, 0, 1])).fit(X, targets)
    assert to_onnx_model(model, read_dataset(X, None)).outputs.classes == ((0, 3), (4, 5), (0, 1))
    assert check(model, X, targets).label_agreement == 1


def test_a_chain_of_more_than_two_classes_has_no_probabilities():
    X, y = values()
    targets = np.stack([np.digitize(y[:, 0], [-0.5, 0.5]), (y[:, 1] > 3) * 5], axis=1)
    model = ClassifierChain(tree, order=[1, 0])
    assert check(model, X, targets).label_agreement == 1
    assert to_onnx_model(model, read_dataset(X, None)).outputs.fields == ("labels",)


def test_a_chain_of_classifiers_without_probabilities():
    X, y = labels()
    assert check(ClassifierChain(SVC()), X, y.astype(bool)).label_agreement == 1


@pytest.mark.parametrize(
    ("model", "of_labels"),
    [
        (MultiOutputClassifier(LogisticRegression()), True),
        (ClassifierChain(LogisticRegression()), True),
        (MultiOutputRegressor(Ridge()), False),
        (RegressorChain(Ridge()), False),
    ],
    ids=str,
)
def test_one_target_given_as_a_column(model, of_labels):
    X, y = labels() if of_labels else values()
    assert check(model, X, y[:, :1]).largest_error <= 1e-14
    assert to_onnx_model(model, read_dataset(X, None)).outputs.targets == ()


def test_bagging_of_several_targets():
    bagging = BaggingRegressor(DecisionTreeRegressor(max_depth=4), n_estimators=3, max_features=0.5, random_state=0)
    assert check(bagging, *values()).largest_error <= 1e-14


def test_many_targets():
    X, y = values()
    assert check(Ridge(), X, np.repeat(y, 25, axis=1) * np.arange(1, 51)).largest_error <= 1e-13
