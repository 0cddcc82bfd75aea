"""LightGBM, which computes in float64 and treats numbers from -1e-35 to 1e-35 as zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sepal_export.converters.encoders import look_up
from sepal_export.converters.linear_leaves import sum_of_linear_leaves
from sepal_export.converters.tree_ensemble import Tree, constant, sum_of_trees
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Column, Table, with_complement
from sepal_export.registry import converts

ZERO = float(np.float32(1e-35))
# The bits of a split's decision_type.
CATEGORICAL, DEFAULT_LEFT, ZERO_IS_MISSING, NAN_IS_MISSING = 1, 2, 4, 8
IDENTITY = {
    "custom", "fair", "huber", "lambdarank", "mape", "quantile", "rank_xendcg", "regression", "regression_l1",
}  # fmt: skip
EXPONENTIAL = {"poisson", "gamma", "tweedie"}
LOGISTIC = {"binary", "cross_entropy", "multiclassova"}


@dataclass(frozen=True)
class Saved:
    """A saved booster up to the best iteration: the lines of the model and of every tree, by key."""

    header: dict[str, str]
    trees: list[dict[str, str]]

    @property
    def objective(self) -> list[str]:
        """The objective and its options: `["binary", "sigmoid:1"]`."""
        return self.header.get("objective", "custom").split()

    @property
    def targets(self) -> int:
        return int(self.header["num_tree_per_iteration"])

    @property
    def feature_infos(self) -> list[str]:
        """[W], by feature: the range, as `[0:1]`, the categories, as `0:4:2`, or `none` for a constant."""
        return self.header["feature_infos"].split()

    @property
    def is_average(self) -> bool:
        return "average_output" in self.header


@converts("lightgbm.LGBMClassifier")
def classifier(estimator: Any, table: Table) -> Classification:
    if estimator.n_classes_ == 1:
        raise NotImplementedError("it was trained on one class; train it on two or more")
    if callable(estimator.objective_):
        raise NotImplementedError(
            "its objective is Python code, with which predict_proba returns raw scores in place of probabilities; use "
            "objective='binary' or 'multiclass'"
        )
    saved = read(estimator)
    scores = scores_of(saved, estimator, table)
    if saved.objective[0] not in {*LOGISTIC, "multiclass"}:
        raise NotImplementedError(
            f"with objective={saved.objective[0]!r} it answers no probabilities; use objective='binary' or 'multiclass'"
        )
    linked = link(scores, saved)
    probabilities = linked if saved.targets > 1 else with_complement(linked)
    # Probabilities can be equal although their scores differ.
    label = probabilities.argmax()
    has_decision = hasattr(estimator, "decision_function") and saved.targets != 2
    return Classification(label, probabilities, scores if has_decision else None)


@converts("lightgbm.LGBMRanker", "lightgbm.LGBMRegressor")
def regressor(estimator: Any, table: Table) -> Value:
    """[N, 1]; for a ranker, the value that orders the rows. [N, T] for an objective of classes, and for a custom one
    with several scores."""
    saved = read(estimator)
    return link(scores_of(saved, estimator, table), saved)


def read(estimator: Any) -> Saved:
    if estimator.get_params().get("pred_early_stop"):
        raise NotImplementedError("with pred_early_stop=True it answers from a part of its trees; leave it out")
    slope = estimator.get_params().get("sigmoid", 1.0)
    if float(f"{slope:g}") != slope:
        raise NotImplementedError(
            f"LightGBM stores only six digits of sigmoid={slope!r} in a model; use sigmoid={slope:g}"
        )
    text, _, _ = estimator.booster_.model_to_string().partition("end of trees")
    header, *trees = text.split("\nTree=")
    return Saved(lines_of(header), [lines_of(tree) for tree in trees])


def lines_of(text: str) -> dict[str, str]:
    entries = (line.partition("=") for line in text.splitlines())
    return {key: value for key, _, value in entries}


def scores_of(saved: Saved, estimator: Any, table: Table) -> Value:
    """[N, K]: the sums of the trees' values."""
    trees = [tree_of(tree, index % saved.targets) for index, tree in enumerate(saved.trees)]
    features = with_codes(saved, estimator, table).numbers
    x = prepared(saved, features)
    if any(tree["is_linear"] == "1" for tree in saved.trees):
        return sum_of_linear_leaves(x, features, saved.trees, trees, saved.targets)
    return sum_of_trees(x, trees, targets=saved.targets)


def link(scores: Value, saved: Saved) -> Value:
    """Scores → the answer of `predict`."""
    name, *options = saved.objective
    if saved.is_average:
        scores = scores / float(len(saved.trees) // saved.targets)
    if name in IDENTITY:
        return scores.abs() * scores if "sqrt" in options else scores
    if name in EXPONENTIAL:
        return scores.exp()
    if name in LOGISTIC:
        return scores.graph.sigmoid(scores * slope_of(options))
    if name == "cross_entropy_lambda":
        return (scores.exp() + 1.0).log()
    if name == "multiclass":
        powers = (scores - scores.max()).exp()
        return powers / powers.sum()
    known = ", ".join(sorted((IDENTITY - {"custom"}) | EXPONENTIAL | {"cross_entropy", "cross_entropy_lambda"}))
    raise NotImplementedError(f"its objective {name!r} has no converter; those that have one are {known}")


def slope_of(options: Sequence[str]) -> float:
    """The slope of the sigmoid."""
    return next((float(option.partition(":")[2]) for option in options if option.startswith("sigmoid:")), 1.0)


def tree_of(tree: dict[str, str], target: int) -> Tree:
    """The splits, followed by the leaves. In the children of splits, leaves have negative numbers."""
    values = numbers(tree["leaf_value"])
    if len(values) == 1:
        return constant(values[0], target)
    splits = len(values) - 1
    decision, threshold = integers(tree["decision_type"]), numbers(tree["threshold"])
    none = np.full(len(values), -1)
    # In a feature without missing values, LightGBM treats NaN as 0.
    knows_missing = decision & (ZERO_IS_MISSING | NAN_IS_MISSING) > 0
    missing_left = np.where(knows_missing, decision & DEFAULT_LEFT > 0, threshold >= 0)
    return Tree(
        feature=np.append(integers(tree["split_feature"]), none),
        threshold=np.append(around_zero(threshold), none),
        left=np.append(children(tree["left_child"], splits), none),
        right=np.append(children(tree["right_child"], splits), none),
        value=np.append(np.zeros(splits), values),
        missing_left=np.append(missing_left & (decision & CATEGORICAL == 0), none > 0),
        categories=categories_of(tree, decision, threshold),
        target=target,
    )


def numbers(text: str) -> np.ndarray:
    return np.array(text.split(), dtype=np.float64)


def integers(text: str) -> np.ndarray:
    return np.array(text.split(), dtype=np.int64)


def children(text: str, splits: int) -> np.ndarray:
    numbers = integers(text)
    return np.where(numbers < 0, splits + ~numbers, numbers)


def around_zero(threshold: np.ndarray) -> np.ndarray:
    """The thresholds with which a plain comparison gives LightGBM's result. For LightGBM, numbers from -ZERO to ZERO
    are zero."""
    is_near = np.abs(threshold) <= ZERO
    return np.where(is_near, np.where(threshold < 0, np.nextafter(-ZERO, -1), ZERO), threshold)


def categories_of(tree: dict[str, str], decision: np.ndarray, threshold: np.ndarray) -> dict[int, np.ndarray]:
    """The categories that go left, by split. The threshold is the position of their bits."""
    splits = np.flatnonzero(decision & CATEGORICAL)
    if not len(splits):
        return {}
    bounds, words = integers(tree["cat_boundaries"]), integers(tree["cat_threshold"]).astype("<u4")
    places = threshold[splits].astype(int)
    return {
        int(split): np.flatnonzero(np.unpackbits(words[start:end].view(np.uint8), bitorder="little"))
        for split, start, end in zip(splits, bounds[places], bounds[places + 1], strict=True)
    }


def prepared(saved: Saved, x: Value) -> Value:
    """[N, W], the trees' input: integers in place of categories, and NaN in place of zeros in features for which zero
    counts as missing. A frame's categories are already codes here."""
    kinds = kinds_of_features(saved)
    is_category, is_zero_missing = kinds == CATEGORICAL, kinds == ZERO_IS_MISSING
    if is_category.any():
        x = x.graph.where(x.graph.constant(is_category), whole(x), x)
    if is_zero_missing.any():
        x = x.graph.where((x.abs() <= ZERO) & x.graph.constant(is_zero_missing), np.nan, x)
    return x


def kinds_of_features(saved: Saved) -> np.ndarray:
    """[W]: CATEGORICAL, ZERO_IS_MISSING or NAN_IS_MISSING; 0 for none of them, and -1 if no split compares the
    feature."""
    kinds = np.full(len(saved.feature_infos), -1)
    for tree in saved.trees:
        decision = integers(tree["decision_type"])
        found = np.where(decision & CATEGORICAL, CATEGORICAL, decision & ~DEFAULT_LEFT)
        for feature, kind in zip(integers(tree["split_feature"]), found, strict=True):
            if kinds[feature] not in (-1, kind):
                raise NotImplementedError(
                    "its trees differ in what a missing value is; train it in a single fit, without init_model"
                )
            kinds[feature] = kind
    return kinds


def whole(x: Value) -> Value:
    """LightGBM truncates a category to an integer, and sends those beyond the integer range to the right."""
    bounded = x.clip(-1.0, 2.0**31)
    return x.graph.where(x.isnan(), x, bounded.cast(np.int64).cast(np.float64))


def with_codes(saved: Saved, estimator: Any, table: Table) -> Table:
    """The table with codes for a frame's categories, which the booster stores in the order of the columns."""
    categories = estimator.booster_.pandas_categorical
    if not categories:
        return table
    columns = [table.plain_column(index) for index in range(len(saved.feature_infos))]
    # Strings are categories, even if the trees compare their codes as numbers.
    places = [
        place
        for place, info in enumerate(saved.feature_infos)
        if columns[place].is_string or (info != "none" and not info.startswith("["))
    ]
    if len(places) != len(categories):
        raise NotImplementedError(
            "some of its categorical columns are ordered, constant or numbers, or not of pandas' type category; put an "
            "OrdinalEncoder before it in a Pipeline, and name the columns in categorical_feature"
        )
    for place, values in zip(places, categories, strict=True):
        codes = np.append(np.nan, np.arange(len(values)))
        columns[place] = Column(look_up(columns[place], np.array(values, dtype=object), codes[:, None]))
    return Table(columns=columns)
