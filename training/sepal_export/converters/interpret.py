"""interpret's explainable boosting machines: the sum of each term's score for the bins of a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sepal_export.converters.encoders import look_up
from sepal_export.converters.tree_ensemble import NEVER, Mode, Tree, sum_of_trees
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Column, Table, by_sign, with_complement
from sepal_export.registry import Answer, convert, converts

# A feature, and the index of its list of bins: terms of several features have coarser bins.
Key = tuple[int, int]


@converts("interpret.ExplainableBoostingClassifier", "interpret.DPExplainableBoostingClassifier")
def classifier(estimator: Any, table: Table) -> Classification:
    scores = scores_of(estimator, table)
    match estimator.link_:
        case "logit":
            return Classification(by_sign(scores), with_complement(odds(scores)), scores)
        case "mlogit":
            powers = (scores - scores.max()).exp()
            return Classification(scores.argmax(), powers / powers.sum(), scores)
        case link:
            raise NotImplementedError(
                f"its link {link!r} answers probabilities that do not sum to 1; fit it to two or more classes with "
                "objective='log_loss'"
            )


@converts("interpret.ExplainableBoostingRegressor", "interpret.DPExplainableBoostingRegressor")
def regressor(estimator: Any, table: Table) -> Value:
    scores = scores_of(estimator, table)
    match estimator.link_:
        case "identity":
            return scores
        case "log":
            return scores.exp()
        case link:
            raise NotImplementedError(f"its link {link!r} has no converter; use objective='rmse'")


@converts(
    "interpret.ClassificationTree", "interpret.LinearRegression", "interpret.LogisticRegression",
    "interpret.RegressionTree",
)  # fmt: skip
def wrapper(estimator: Any, table: Table) -> Answer:
    """The answer of the scikit-learn model inside."""
    if any(kind != "continuous" for kind in estimator.feature_types_in_):
        raise NotImplementedError(
            "it reads 'nominal' columns as strings, and fails for a row with a string that was not in its fit; "
            "encode these columns by OneHotEncoder, and call them 'continuous' in feature_types"
        )
    return convert(estimator._model(), table)


def odds(scores: Value) -> Value:
    """Scores → probabilities. The exponential may be infinite."""
    power = scores.exp()
    return scores.graph.where(power.equals(np.inf), 1.0, power / (power + 1.0))


def scores_of(estimator: Any, table: Table) -> Value:
    """[N, 1] for two classes or a value, [N, K] for more: the intercept plus each term's score."""
    intercept = np.atleast_1d(np.asarray(estimator.intercept_, dtype=np.float64))
    if not estimator.term_features_:
        raise NotImplementedError(
            "it has no terms, and answers all rows the same; use DummyClassifier or DummyRegressor"
        )
    bins = bins_of(estimator, table)
    total = intercept.reshape(1, -1)
    for features, scores in zip(estimator.term_features_, estimator.term_scores_, strict=True):
        sizes, place = scores.shape[: len(features)], None
        for feature, size in zip(features, sizes, strict=True):
            within = bins[key_of(estimator, feature, len(features))]
            # A category that the fit did not see falls into the last bin.
            within = table.graph.where(within < np.int64(0), np.int64(size - 1), within)
            place = within if place is None else place * np.int64(size) + within
        each = table.graph.constant(scores.reshape(-1, len(intercept)).astype(np.float64))
        total = each.rows(place) + total
    return total


def key_of(estimator: Any, feature: int, features: int) -> Key:
    """The list of bins depends on the number of features in the term."""
    return feature, min(len(estimator.bins_[feature]), features) - 1


def bins_of(estimator: Any, table: Table) -> dict[Key, Value]:
    """[N] int64 each: 0 for a missing value, -1 for an unknown category, and the bins from 1 on."""
    keys = sorted({key_of(estimator, f, len(features)) for features in estimator.term_features_ for f in features})
    kinds = estimator.feature_types_in_
    found = {
        (feature, level): categories_of(table.plain_column(feature), estimator.bins_[feature][level])
        for feature, level in keys
        if kinds[feature] != "continuous"
    }
    cuts = {(f, level): estimator.bins_[f][level] for f, level in keys if kinds[f] == "continuous"}
    return found | cut(table, cuts, estimator.feature_names_in_)


def cut(table: Table, cuts: dict[Key, np.ndarray], names: Sequence[str]) -> dict[Key, Value]:
    """Finds the bins from the cuts between them. A cut is the first value of the bin after it."""
    features = sorted({feature for feature, _ in cuts})
    if not features:
        return {}
    texts = [names[feature] for feature in features if table.column(feature).is_string]
    if texts:
        raise NotImplementedError(
            f"it read the strings of {texts[0]!r} as numbers; give its fit a column of numbers, or name the column "
            "'nominal' in feature_types"
        )
    trees = [tree_of(cuts[key], features.index(key[0]), target) for target, key in enumerate(cuts)]
    bins = sum_of_trees(table.select(features).numbers, trees, targets=len(trees), mode=Mode.LT).cast(np.int64)
    return {key: bins.columns([target]).reshape(-1) for target, key in enumerate(cuts)}


def tree_of(cuts: np.ndarray, column: int, target: int) -> Tree:
    """A tree whose leaves are the numbers of the bins. The root sends only missing values to a leaf of their own."""
    nodes: list[tuple[float, int, int, float]] = [(NEVER, 1, 2, 0.0), (NEVER, -1, -1, 0.0)]

    def grow(first: int, last: int) -> int:
        index, middle = len(nodes), (first + last + 1) // 2
        nodes.append((NEVER, -1, -1, float(first)))
        if first < last:
            nodes[index] = (cuts[middle - 2], grow(first, middle - 1), grow(middle, last), 0.0)
        return index

    grow(1, len(cuts) + 1)
    threshold, left, right, value = map(np.array, zip(*nodes, strict=True))
    missing_left = np.arange(len(nodes)) == 0
    return Tree(np.full(len(nodes), column), threshold, left, right, value, missing_left, target=target)


def categories_of(column: Column, bins: dict[str, int]) -> Value:
    """The numbers of the categories. interpret converts numbers to texts: 1.0 is the category '1'."""
    known = dict(bins) if column.is_string else {float(text): bins[text] for text in bins if is_number(text)}
    # An empty string is a category only if no string is missing.
    missing = {} if "" in known else {np.nan: 0}
    values = np.array([*missing, *known], dtype=object)
    return (
        look_up(column, values, np.array([-1, *missing.values(), *known.values()])[:, None]).cast(np.int64).reshape(-1)
    )


def is_number(text: str) -> bool:
    """Whether it is the text that interpret makes of a number."""
    try:
        number = float(text)
    except ValueError:
        return False
    return np.isfinite(number) and text == repr(number).removesuffix(".0")
