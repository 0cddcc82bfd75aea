"""Naive Bayes classifiers: the label is the class with the largest joint log likelihood."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import STRINGS, Classification, Table
from sepal_export.registry import converts


def classification(likelihood: Value) -> Classification:
    return Classification(likelihood.argmax(), (likelihood - log_sum_exp(likelihood)).exp())


def log_sum_exp(x: Value) -> Value:
    """[N, K] → [N, 1], added up like in scikit-learn: with m largest values, log1p(others / m) + log(m) + largest."""
    largest = x.max()
    is_largest = (x >= largest).cast(np.float64)
    count = is_largest.sum()
    others = ((x - largest).exp() * (1.0 - is_largest)).sum() / count
    return (others + 1.0).log() + count.log() + largest


@converts("sklearn.GaussianNB")
def gaussian(estimator: Any, table: Table) -> Classification:
    x = table.numbers
    parts = []
    for prior, mean, variance in zip(estimator.class_prior_, estimator.theta_, estimator.var_, strict=True):
        constant = np.float64(-0.5 * np.sum(np.log(2.0 * np.pi * variance)))
        difference = x - mean.astype(np.float64)
        distance = (difference * difference / variance.astype(np.float64)).sum()
        parts.append(constant - distance * 0.5 + np.float64(np.log(prior)))
    return classification(table.graph.concat(parts))


@converts("sklearn.MultinomialNB")
def multinomial(estimator: Any, table: Table) -> Classification:
    return classification(table.numbers @ estimator.feature_log_prob_.T + estimator.class_log_prior_)


@converts("sklearn.ComplementNB")
def complement(estimator: Any, table: Table) -> Classification:
    """The priors are used only if there is just one class."""
    likelihood = table.numbers @ estimator.feature_log_prob_.T
    return classification(likelihood if len(estimator.classes_) > 1 else likelihood + estimator.class_log_prior_)


@converts("sklearn.BernoulliNB")
def bernoulli(estimator: Any, table: Table) -> Classification:
    x = table.numbers
    if estimator.binarize is not None:
        width = estimator.n_features_in_
        x.graph.add_splits(x, np.arange(width), np.full(width, float(estimator.binarize)))
        x = (x > float(estimator.binarize)).cast(np.float64)
    present = estimator.feature_log_prob_
    absent = np.log(1 - np.exp(present))
    return classification(x @ (present - absent).T + (estimator.class_log_prior_ + absent.sum(axis=1)))


@converts("sklearn.CategoricalNB")
def categorical(estimator: Any, table: Table) -> Classification:
    """Feature i, truncated to an integer x_i, adds row x_i of its table [categories, K]."""
    graph = table.graph
    likelihood = None
    for index, log_prob in enumerate(estimator.feature_log_prob_):
        column = table.plain_column(index)
        if column.is_string:
            raise NotImplementedError(STRINGS)
        if column.feature is not None:
            graph.restrict(column.feature, [float(category) for category in range(log_prob.shape[1])])
        rows = graph.constant(log_prob.T).rows(column.value.cast(np.int64).reshape(-1))
        likelihood = rows if likelihood is None else likelihood + rows
    return classification(likelihood + estimator.class_log_prior_)
