"""XGBoost, which compares, adds and links in float32."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sepal_export.converters.encoders import look_up
from sepal_export.converters.float32 import expf
from sepal_export.converters.tree_ensemble import Mode, Tree, constant, sum_of_leaves, sum_of_trees
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Column, Several, Table, with_complement
from sepal_export.registry import converts

IDENTITY = {
    "binary:logitraw", "rank:map", "rank:ndcg", "rank:pairwise", "reg:absoluteerror", "reg:expectileerror",
    "reg:pseudohubererror", "reg:quantileerror", "reg:squarederror", "reg:squaredlogerror",
}  # fmt: skip
LOGISTIC = {"binary:logistic", "reg:logistic"}
EXPONENTIAL = {"count:poisson", "reg:gamma", "reg:tweedie", "survival:aft", "survival:cox"}
HINGE = "binary:hinge"
# Numbers beyond this are not categories.
MAX_CATEGORY = 2**24


@dataclass(frozen=True)
class Boosted:
    """A fitted booster: its JSON document, the float32 values [K] to which it adds everything, and the number that
    marks missing values besides NaN."""

    document: dict[str, Any]
    base: np.ndarray
    missing: np.float32

    @property
    def objective(self) -> str:
        return self.document["learner"]["objective"]["name"]

    @property
    def targets(self) -> int:
        return int(self.document["learner"]["learner_model_param"]["num_target"])

    @property
    def gradient_booster(self) -> dict[str, Any]:
        return self.document["learner"]["gradient_booster"]


@converts("xgboost.XGBClassifier", "xgboost.XGBRFClassifier")
def classifier(estimator: Any, table: Table) -> Classification | Several:
    if estimator.n_classes_ == 1:
        raise NotImplementedError("it was trained on one class; train it on two or more")
    boosted = read(estimator)
    margin = margin_of(boosted, estimator, table)
    graph = table.graph
    if boosted.targets > 1:
        return several(linked(margin, boosted.objective), boosted.targets)
    if len(boosted.base) > 1:
        if estimator.n_classes_ == 2:
            raise NotImplementedError(
                "it has a score for each of two classes, of which its predict makes two labels; use "
                "objective='binary:logistic'"
            )
        probabilities = softmax(margin)
        label = margin.argmax() if boosted.objective == "multi:softmax" else probabilities.argmax()
        return Classification(label, probabilities.widened())
    if boosted.objective not in {*LOGISTIC, HINGE}:
        raise NotImplementedError(
            f"with objective={boosted.objective!r} it answers no probabilities; use objective='binary:logistic'"
        )
    probability = linked(margin, boosted.objective)
    label = (probability > np.float32(0.5)).cast(np.int64).reshape(-1)
    return Classification(label, graph.concat([np.float32(1) - probability, probability]).widened())


def several(probabilities: Value, targets: int) -> Several:
    """[N, T] are the probabilities of each target's second class. That of the first is 1 minus it, in float64."""
    label, answer = (probabilities > np.float32(0.5)).cast(np.int64), probabilities.cast(np.float64)
    parts = [
        Classification(label.columns([target]).reshape(-1), with_complement(answer.columns([target])))
        for target in range(targets)
    ]
    return Several(tuple(parts))


@converts("xgboost.XGBRanker", "xgboost.XGBRegressor", "xgboost.XGBRFRegressor")
def regressor(estimator: Any, table: Table) -> Value:
    """[N, T]; for a ranker, the value that orders the rows."""
    boosted = read(estimator)
    return linked(margin_of(boosted, estimator, table), boosted.objective).widened()


def read(estimator: Any) -> Boosted:
    missing = np.float32(estimator.missing)
    booster = estimator.get_booster()
    return Boosted(json.loads(booster.save_raw("json")), base_of(booster), missing)


def base_of(booster: Any) -> np.ndarray:
    """The initial value of the booster's sums, [K]: the answer of a copy whose trees and weights are all zero. It
    equals base_score after a float32 link function, whose last bit could differ if it were computed here."""
    from xgboost import DMatrix

    document = json.loads(booster.save_raw("json"))
    model = model_in(document)
    for tree in model.get("trees", []):
        is_leaf = np.array(tree["left_children"]) < 0
        tree["split_conditions"] = np.where(is_leaf, 0.0, tree["split_conditions"]).tolist()
        for name in ("base_weights", "leaf_weights"):
            tree[name] = [0.0] * len(tree.get(name, []))
    if "weights" in model:
        model["weights"] = [0.0] * len(model["weights"])
    silent = type(booster)(params={"nthread": 1})
    silent.load_model(bytearray(json.dumps(document).encode()))
    row = DMatrix(np.zeros((1, booster.num_features())), nthread=1)
    return np.ravel(silent.predict(row, output_margin=True, validate_features=False))


def model_in(document: dict[str, Any]) -> dict[str, Any]:
    """Finds the model in the document; for DART it is one level deeper."""
    gradient_booster = document["learner"]["gradient_booster"]
    return gradient_booster.get("gbtree", gradient_booster)["model"]


def margin_of(boosted: Boosted, estimator: Any, table: Table) -> Value:
    """[N, K] float32, before the link function."""
    x = features_of(boosted, table)
    if boosted.gradient_booster["name"] == "gblinear":
        return linear_margin(x, boosted)
    trees = trees_of(boosted, getattr(estimator, "best_iteration", None))
    if any(tree.value.ndim > 1 for tree in trees):
        return sum_of_leaves(x, [constant(boosted.base), *trees], mode=Mode.LT, dtype=np.float32)
    bases = [constant(value, target) for target, value in enumerate(boosted.base)]
    return sum_of_trees(x, bases + trees, targets=len(boosted.base), mode=Mode.LT, dtype=np.float32)


def features_of(boosted: Boosted, table: Table) -> Value:
    """[N, W] float32. Values that a sparse matrix leaves out are missing, and categories are their codes."""
    kinds = boosted.document["learner"].get("feature_types", [])
    if "c" in kinds:
        return with_codes(boosted, table, np.array(kinds) == "c")
    x = table.numbers
    if table.is_sparse and x.graph.stores_zeros:
        raise NotImplementedError(
            "it takes a zero that its sparse rows store for a value, and one that they do not store for a missing "
            "value, and the model cannot tell these zeros apart; fit it after DictVectorizer(sparse=False), or "
            "HashingVectorizer(alternate_sign=False)"
        )
    x = (x.graph.where(x.equals(0.0), np.nan, x) if table.is_sparse else x).cast(np.float32)
    return x if np.isnan(boosted.missing) else x.graph.where(x.equals(boosted.missing), np.float32(np.nan), x)


def with_codes(boosted: Boosted, table: Table, is_category: np.ndarray) -> Value:
    """[N, W] float32. A category's code is its position among the training frame's categories, or the truncated number
    itself, up to MAX_CATEGORY; -1 for a negative number, which is no category."""
    if not np.isnan(boosted.missing):
        raise NotImplementedError(
            f"with missing={boosted.missing:g} a category may stand for a missing value; write NaN in its place, and "
            "leave out missing="
        )
    columns = [table.plain_column(index) for index in range(len(is_category))]
    for index, categories in known_categories(boosted.document).items():
        columns[index] = Column(code_of(columns[index], categories))
    x = Table(columns=columns).numbers.cast(np.float32)
    whole = x.graph.node("Clip", x.graph.node("Floor", x), np.float32(-1), np.float32(MAX_CATEGORY))
    return x.graph.where(~x.isnan() & x.graph.constant(is_category), whole, x)


def code_of(column: Column, categories: np.ndarray) -> Value:
    """XGBoost mistakes an unknown category for the next one in alphabetical order, or raises an error. So requests must
    not hold any."""
    if column.feature is None:
        raise NotImplementedError("its categories come from a step before it; give it the columns as they are")
    column.value.graph.restrict(column.feature, categories.tolist())
    return look_up(column, categories, np.append(np.nan, np.arange(len(categories)))[:, None])


def known_categories(document: dict[str, Any]) -> dict[int, np.ndarray]:
    """The training frame's categories by feature. Since XGBoost 3.1, its document has them."""
    stored = model_in(document).get("cats", {}).get("enc") or []
    return {index: categories_of(entry) for index, entry in enumerate(stored) if entry.get("values")}


def categories_of(stored: dict[str, Any]) -> np.ndarray:
    """Numbers, or strings, which are stored as one text and the position where each begins."""
    if "offsets" not in stored:
        return np.array(stored["values"], dtype=object)
    letters = np.array(stored["values"], dtype=np.int8)
    if (letters < 0).any():
        raise NotImplementedError(
            "its categories have letters beyond ASCII, of which XGBoost keeps a part only, so that its own answers "
            "depend on what else is in a frame; spell them in ASCII, or put an OrdinalEncoder before it in a Pipeline"
        )
    text = letters.tobytes().decode("ascii")
    return np.array([text[start:end] for start, end in pairwise(stored["offsets"])], dtype=object)


def trees_of(boosted: Boosted, best_iteration: int | None) -> list[Tree]:
    """The trees up to the best iteration if training stopped early."""
    model = model_in(boosted.document)
    count = len(model["trees"]) if best_iteration is None else model["iteration_indptr"][best_iteration + 1]
    # DART's weights are in the model from XGBoost 3.4 on.
    weights = boosted.gradient_booster.get("weight_drop") or model.get("weight_drop", [None] * count)
    return [
        tree_of(tree, target, boosted.base[target], weight)
        for tree, target, weight in zip(model["trees"][:count], model["tree_info"], weights, strict=False)
    ]


def tree_of(tree: dict[str, Any], target: int, base: np.float32, weight: float | None) -> Tree:
    """A leaf's value is in place of its threshold or, for several targets, in a separate table."""
    targets = int(tree["tree_param"]["size_leaf_vector"])
    numbers = np.array(tree["split_conditions"], dtype=np.float32)
    left, right = np.array(tree["left_children"]), np.array(tree["right_children"])
    missing_left = np.array(tree["default_left"], dtype=bool)
    is_category = np.array(tree["split_type"], dtype=bool)
    value = numbers if weight is None else weighted(numbers, base, np.float32(weight))
    if targets > 1:
        # The position of a leaf's values is in place of its right child. Before XGBoost 3.2, every node has values.
        of_leaves = np.array(tree.get("leaf_weights", tree["base_weights"]), dtype=np.float32).reshape(-1, targets)
        value = of_leaves[np.where(left < 0, right, 0)] if "leaf_weights" in tree else of_leaves
    return Tree(
        feature=np.array(tree["split_indices"]),
        threshold=numbers,
        # Rows in one of the categories go right.
        left=np.where(is_category, right, left),
        right=np.where(is_category, left, right),
        value=value,
        missing_left=missing_left ^ is_category,
        categories=members_of(tree),
        target=target,
    )


def members_of(tree: dict[str, Any]) -> dict[int, np.ndarray]:
    """The categories that nodes test for, by node."""
    places = zip(tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"], strict=True)
    return {node: np.array(tree["categories"][start : start + size]) for node, start, size in places}


def weighted(values: np.ndarray, base: np.float32, weight: np.float32) -> np.ndarray:
    """DART uses the difference between a tree's answer and the base as its value, which rounds it."""
    return ((values + base) - base) * weight


def linear_margin(x: Value, boosted: Boosted) -> Value:
    """Adds features one after another; a missing one adds nothing."""
    weights = np.array(boosted.gradient_booster["model"]["weights"], dtype=np.float32).reshape(-1, len(boosted.base))
    present = x.graph.where(x.isnan(), np.float32(0), x)
    margin = present.columns([0]) * weights[:1] + (weights[-1:] + boosted.base)
    for feature in range(1, len(weights) - 1):
        margin = margin + present.columns([feature]) * weights[feature : feature + 1]
    return margin


def linked(margin: Value, objective: str) -> Value:
    """[N, K] float32 → the same for the answer."""
    if objective in IDENTITY:
        return margin
    if objective in LOGISTIC:
        return sigmoid(margin)
    if objective in EXPONENTIAL:
        return expf(margin)
    if objective == HINGE:
        return (margin > np.float32(0)).cast(np.float32)
    known = ", ".join(sorted(LOGISTIC | IDENTITY | EXPONENTIAL))
    raise NotImplementedError(f"its objective {objective!r} has no converter; those that have one are {known}")


def sigmoid(x: Value) -> Value:
    """The logistic function. XGBoost limits the exponent to keep the exponential finite."""
    return np.float32(1) / (expf((-x).minimum(np.float32(88.7))) + np.float32(1))


def softmax(x: Value) -> Value:
    """Only the sum is float64."""
    powers = expf(x - x.max())
    return powers / powers.cast(np.float64).sum().cast(np.float32)
