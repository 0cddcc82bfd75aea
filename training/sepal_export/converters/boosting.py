"""scikit-learn's gradient boosting on its own trees, and AdaBoost on estimators of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from sepal_export.converters.ensembles import loosen_as_measured, probabilities_of
from sepal_export.converters.forests import probabilities_of as leaf_probabilities
from sepal_export.converters.forests import tree_of, values_of
from sepal_export.converters.tree_ensemble import constant, sum_of_leaves, sum_of_trees
from sepal_export.estimators import class_name
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table, by_sign, with_complement
from sepal_export.registry import Answer, convert, converts
from sepal_export.versions import SKLEARN

TREE_CLASSIFIERS = {"sklearn.DecisionTreeClassifier", "sklearn.ExtraTreeClassifier"}
TREE_REGRESSORS = {"sklearn.DecisionTreeRegressor", "sklearn.ExtraTreeRegressor"}
# The initial probabilities are clipped to [EPSILON, 1 - EPSILON].
EPSILON = float(np.finfo(np.float64 if SKLEARN >= (1, 9) else np.float32).eps)
CONSTANT = {"sklearn.DummyClassifier", "sklearn.DummyRegressor"}


@converts("sklearn.GradientBoostingClassifier")
def gradient_boosting_classifier(estimator: Any, table: Table) -> Classification:
    raw = raw_prediction(estimator, table)
    graph = table.graph
    if len(estimator.classes_) > 2:
        return Classification(raw.argmax(), graph.softmax(raw), raw)
    logit = raw * 2.0 if estimator.loss == "exponential" else raw
    label, probabilities = by_sign(raw, or_zero=True), with_complement(graph.sigmoid(logit))
    if SKLEARN < (1, 4) and estimator.loss == "log_loss":
        label = probabilities.argmax()
    return Classification(label, probabilities, raw)


@converts("sklearn.GradientBoostingRegressor")
def gradient_boosting_regressor(estimator: Any, table: Table) -> Value:
    return raw_prediction(estimator, table)


def raw_prediction(estimator: Any, table: Table) -> Value:
    """[N, 1] for two classes and regression, [N, K] for more: the initial value plus the learning rate times each
    tree."""
    trees, targets = [], estimator.estimators_.shape[1]
    for stage in estimator.estimators_:
        trees += [
            tree_of(member, estimator.learning_rate * values_of(member), target) for target, member in enumerate(stage)
        ]
    first = estimator.init_
    if first == "zero" or (class_name(first) in CONSTANT and first.strategy not in ("stratified", "uniform")):
        known = estimator._raw_predict_init(np.zeros((1, estimator.n_features_in_), dtype=np.float32))[0]
        bases = [constant(value, target) for target, value in enumerate(known)]
        return sum_of_trees(table.numbers, bases + trees, targets=targets)
    with table.graph.at("init"):
        start = first_answer(estimator, Table(matrix=table.numbers.cast(np.float32).widened()))
    return start + sum_of_trees(table.numbers, trees, targets=targets)


def first_answer(estimator: Any, table: Table) -> Value:
    """[N, K]: the answer of the initial estimator, which gets the features rounded to float32 and may compute in
    float32."""
    first = estimator.init_
    loosen_as_measured(first, table.numbers)
    answer = convert(first, table)
    if isinstance(answer, Value):
        return answer.reshape(-1, 1)
    shares = probabilities_of(answer).clip(EPSILON, 1 - EPSILON)
    if len(estimator.classes_) > 2:
        logarithm = shares.log()
        return logarithm - logarithm.sum() / float(len(estimator.classes_))
    second = shares.columns([1])
    logit = (second / (1.0 - second)).log()
    return logit * 0.5 if estimator.loss == "exponential" else logit


@converts("sklearn.AdaBoostClassifier", "imblearn.RUSBoostClassifier")
def ada_boost_classifier(estimator: Any, table: Table) -> Classification:
    """Each member adds its weight to the class that it predicts. Since scikit-learn 1.3.1 it also subtracts a share of
    its weight from every other class. With SAMME.R, the default before scikit-learn 1.6, it adds to each class by its
    probability instead."""
    count = len(estimator.classes_)
    if count == 1:
        raise NotImplementedError("it was trained on one class; train it on two or more")
    by_probability = SKLEARN < (1, 6) and estimator.algorithm == "SAMME.R"
    decision = (logarithms if by_probability else votes)(estimator, table, count) / estimator.estimator_weights_.sum()
    graph = table.graph
    if count > 2:
        return Classification(decision.argmax(), graph.softmax(decision / float(count - 1)), decision)
    decision = decision.columns([1]) - decision.columns([0])
    halves = graph.concat([-decision, decision]) / 2.0
    return Classification(by_sign(decision), graph.softmax(halves), decision)


def logarithms(estimator: Any, table: Table, count: int) -> Value:
    """[N, K]: for each class, the sum over the members of K - 1 times the difference between the logarithm of its
    probability and the mean logarithm of all classes."""
    members = estimator.estimators_
    if not all_are(TREE_CLASSIFIERS, members):
        raise NotImplementedError("algorithm='SAMME.R' has a converter for trees only; use algorithm='SAMME'")
    trees = []
    for member in members:
        log = np.log(np.maximum(leaf_probabilities(member), np.finfo(np.float64).eps))
        trees.append(tree_of(member, (count - 1) * (log - (1.0 / count) * log.sum(axis=1, keepdims=True))))
    return sum_of_leaves(table.numbers, trees)


def votes(estimator: Any, table: Table, count: int) -> Value:
    """[N, K]: the sum of the members' votes. Which class a member predicts decides its votes for all classes."""
    members = estimator.estimators_
    rules = [votes_of_label(weight, count) for weight in estimator.estimator_weights_[: len(members)]]
    if all_are(TREE_CLASSIFIERS, members):
        labels = [leaf_probabilities(member).argmax(axis=1) for member in members]
        trees = [tree_of(member, rule[label]) for member, rule, label in zip(members, rules, labels, strict=True)]
        return sum_of_leaves(table.numbers, trees)
    parts = [
        table.graph.constant(rule).rows(member.label)
        for rule, member in zip(rules, converted(members, table), strict=True)
    ]
    return reduce(add, parts)


def votes_of_label(weight: float, count: int) -> np.ndarray:
    """[K, K]: what a member adds to each class, by the class that it predicts."""
    others = -1 / (count - 1) * weight if SKLEARN >= (1, 3, 1) else 0.0
    return np.where(np.eye(count, dtype=bool), weight, others)


@converts("sklearn.AdaBoostRegressor")
def ada_boost_regressor(estimator: Any, table: Table) -> Value:
    """The median of the members' answers, weighted by the members' weights."""
    weights = estimator.estimator_weights_[: len(estimator.estimators_)]
    values = answers(estimator.estimators_, table)
    # If the first member's answer to a row is NaN, the median must be NaN too.
    return weighted_median(values, weights) + values.columns([0]) * 0.0


def answers(members: Sequence[Any], table: Table) -> Value:
    """[N, M]."""
    if all_are(TREE_REGRESSORS, members):
        trees = [tree_of(member, values_of(member), target) for target, member in enumerate(members)]
        return sum_of_trees(table.numbers, trees, targets=len(trees))
    return table.graph.concat([answer.reshape(-1, 1) for answer in converted(members, table)])


def weighted_median(values: Value, weights: np.ndarray) -> Value:
    """[N, M] → [N, 1]: the first of the sorted values at which the cumulative weight reaches half."""
    graph = values.graph
    order = graph.argsort(values, len(weights))
    up_to = graph.node("CumSum", graph.constant(weights).rows(order), np.int64(1))
    is_half = up_to >= up_to.columns([len(weights) - 1]) * 0.5
    first = is_half.cast(np.int64).argmax().reshape(-1, 1)
    return graph.node("GatherElements", values, graph.node("GatherElements", order, first, axis=1), axis=1)


def converted(members: Sequence[Any], table: Table) -> list[Answer]:
    found = []
    for index, member in enumerate(members):
        with table.graph.at(f"estimator {index}"):
            found.append(convert(member, table))
    return found


def all_are(names: set[str], members: Sequence[Any]) -> bool:
    return all(class_name(member) in names for member in members)
