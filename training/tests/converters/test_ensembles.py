import numpy as np
import pytest
from exactness import blobs, check
from sklearn.datasets import load_diabetes
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge, RidgeClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

logistic = make_pipeline(StandardScaler(), LogisticRegression())
flat = make_pipeline(StandardScaler(), LogisticRegression(C=0.01))
tree = DecisionTreeClassifier(max_depth=4, random_state=0)
parts = [("logistic", logistic), ("flat", flat), ("tree", tree)]


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("weights", [None, [0.2, 0.3, 0.7]])
def test_soft_voting(classes, weights):
    parity = check(VotingClassifier(parts, voting="soft", weights=weights), *blobs(classes=classes))
    assert parity.largest_error <= 1e-14


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("weights", [None, [1, 2, 2, 1], [0.3, 0.3, 0.3, 1.1], [-1, 0, 0.5, 1]])
def test_hard_voting(classes, weights):
    voting = VotingClassifier([*parts, ("perceptron", Perceptron())], weights=weights)
    X, y = blobs(classes=classes)
    assert check(voting, X, np.array(["a", "b", "c"])[y]).label_agreement == 1


def test_a_dropped_part_has_no_vote():
    voting = VotingClassifier([*parts, ("none", "drop")], voting="soft")
    assert check(voting, *blobs()).largest_error <= 1e-14


@pytest.mark.parametrize("weights", [None, [1, 3]])
def test_voting_of_regressors(weights):
    voting = VotingRegressor(
        [("line", LinearRegression()), ("tree", DecisionTreeRegressor(max_depth=3))], weights=weights
    )
    assert check(voting, *load_diabetes(return_X_y=True)).largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("passthrough", [False, True])
def test_stacking(classes, passthrough):
    stacking = StackingClassifier(parts, LogisticRegression(C=0.1), passthrough=passthrough, cv=3)
    X, y = blobs(classes=classes)
    assert check(stacking, X / np.abs(X).max(axis=0), np.array(["a", "b", "c"])[y]).largest_error <= 1e-13


@pytest.mark.parametrize("method", ["predict", "decision_function"])
def test_stacking_of_labels_and_of_decisions(method):
    stacking = StackingClassifier(parts[:2], LogisticRegression(), stack_method=method, cv=3)
    assert check(stacking, *blobs()).largest_error <= 1e-13


def test_stacking_of_what_has_no_probabilities():
    voting = VotingClassifier([*parts, ("perceptron", Perceptron())])
    stacking = StackingClassifier([("ridge", RidgeClassifier()), ("voting", voting)], RidgeClassifier(), cv=3)
    assert check(stacking, *blobs()).largest_error <= 1e-12


def test_stacking_of_regressors():
    stacking = StackingRegressor([("line", LinearRegression()), ("ridge", Ridge(10))], Ridge(), cv=3)
    assert check(stacking, *load_diabetes(return_X_y=True)).largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 3])
def test_bagging(classes):
    bagging = BaggingClassifier(tree, n_estimators=7, max_features=0.5, random_state=0)
    assert check(bagging, *blobs(classes=classes)).largest_error <= 1e-15


def test_bagging_knows_classes_that_a_sample_lacks():
    X, y = blobs(rows=60)
    y[:3] = 3
    # LinearDiscriminantAnalysis takes no weights, so each part is fitted to a sample of the rows.
    bagging = BaggingClassifier(LinearDiscriminantAnalysis(), n_estimators=9, max_samples=0.3, random_state=0).fit(X, y)
    assert {len(part.classes_) for part in bagging.estimators_} == {3, 4}
    assert check(bagging, X, y).largest_error <= 1e-12


def test_bagging_of_votes():
    bagging = BaggingClassifier(make_pipeline(StandardScaler(), Perceptron()), n_estimators=5, random_state=0)
    assert check(bagging, *blobs()).largest_error <= 1e-15


def test_bagging_of_regressors():
    bagging = BaggingRegressor(DecisionTreeRegressor(max_depth=4), n_estimators=7, random_state=0)
    assert check(bagging, *load_diabetes(return_X_y=True)).largest_error <= 1e-13


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("part", [logistic, tree], ids=["decision", "probability"])
def test_one_against_the_rest(classes, part):
    assert check(OneVsRestClassifier(part), *blobs(classes=classes)).largest_error <= 1e-14
