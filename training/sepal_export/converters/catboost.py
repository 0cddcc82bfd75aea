"""CatBoost, which rounds features to float32, compares them with float32 borders, and adds in float64."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sepal_export.converters.target_statistics import with_statistics
from sepal_export.converters.tree_ensemble import Tree, fold, sum_of_leaves, sum_of_trees
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Several, Table, with_complement
from sepal_export.registry import converts

# Losses for which the answer is the exponential of the score.
EXPONENTIAL = {"Poisson", "Tweedie"}
# Losses of several targets, each of which is true or false.
OF_LABELS = {"MultiLogloss", "MultiCrossEntropy"}


@dataclass(frozen=True)
class Question:
    """The condition of a split: a column is above a border, or is one of some categories."""

    column: int
    border: float = 0.0
    missing_left: bool = False
    is_of: np.ndarray | None = None


@converts("catboost.CatBoostClassifier")
def classifier(estimator: Any, table: Table) -> Classification | Several:
    document = read(estimator)
    scores = scores_of(estimator, document, table)
    graph = table.graph
    if loss_of(document) in OF_LABELS:
        return several(scores, border_of(estimator), targets_of(document))
    known = document["model_info"].get("class_params")
    if known and known["class_to_label"] != list(range(len(estimator.classes_))):
        raise NotImplementedError("its class_names or classes_count are of classes that no row had; leave them out")
    if targets_of(document) == 1:
        label = (scores > border_of(estimator)).cast(np.int64).reshape(-1)
        return Classification(label, with_complement(graph.sigmoid(scores)))
    probabilities = graph.sigmoid(scores) if loss_of(document) == "MultiClassOneVsAll" else graph.softmax(scores)
    return Classification(scores.argmax(), probabilities)


def several(scores: Value, border: float, targets: int) -> Several:
    """[N, T]: whether each target is true."""
    probabilities = scores.graph.sigmoid(scores)
    parts = [
        Classification(
            (scores.columns([target]) > border).cast(np.int64).reshape(-1),
            with_complement(probabilities.columns([target])),
        )
        for target in range(targets)
    ]
    return Several(tuple(parts))


@converts("catboost.CatBoostRanker", "catboost.CatBoostRegressor")
def regressor(estimator: Any, table: Table) -> Value:
    """[N, T]; for a ranker, the value that orders the rows."""
    document = read(estimator)
    scores = scores_of(estimator, document, table)
    if loss_of(document) == "RMSEWithUncertainty":
        # The mean and the variance.
        return table.graph.concat([scores.columns([0]), (scores.columns([1]) * 2.0).exp()])
    return scores.exp() if loss_of(document) in EXPONENTIAL else scores


def read(estimator: Any) -> dict[str, Any]:
    """The model's document in JSON."""
    kinds = {
        "text": estimator.get_text_feature_indices(),
        "embedding": estimator.get_embedding_feature_indices(),
    }
    for kind, features in kinds.items():
        if features:
            raise NotImplementedError(
                f"it was trained with {kind} features; turn them into numbers before it in a Pipeline"
            )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.json")
        estimator.save_model(str(path), format="json")
        document = json.loads(path.read_text("utf-8"))
    return document


def loss_of(document: dict[str, Any]) -> str:
    return document["model_info"]["params"]["loss_function"]["type"]


def targets_of(document: dict[str, Any]) -> int:
    return len(document["scale_and_bias"][1])


def border_of(estimator: Any) -> float:
    """The score above which the second class is predicted."""
    return -float(np.log(1 / estimator.get_probability_threshold() - 1))


def scores_of(estimator: Any, document: dict[str, Any], table: Table) -> Value:
    """[N, K]."""
    x, questions = asked_of(estimator, document, table)
    if "oblivious_trees" in document:
        trees = [symmetric_tree(tree, questions, targets_of(document)) for tree in document["oblivious_trees"]]
    else:
        trees = [nested_tree(tree, questions) for tree in document["trees"]]
    scores = sum_of_trees(x, trees) if targets_of(document) == 1 else sum_of_leaves(x, trees)
    scale, bias = document["scale_and_bias"]
    return scores * float(scale) + np.array(bias, dtype=np.float64)


def asked_of(estimator: Any, document: dict[str, Any], table: Table) -> tuple[Value, list[Question]]:
    """The values [N, W] that the trees compare, and the trees' conditions, in the order of CatBoost's numbers for
    them."""
    information = document["features_info"]
    categories, statistics, x = {}, [], None
    if information.get("categorical_features"):
        x, categories, statistics = with_statistics(estimator, document, table)
    questions = []
    for entry in information.get("float_features", []):
        # Missing values count as below all numbers, unless the model says that they are above.
        missing_left = entry["nan_value_treatment"] != "AsTrue"
        column = entry["flat_feature_index"]
        questions += [Question(column, limit, missing_left) for limit in fold(entry["borders"] or [])]
    for entry in information.get("categorical_features", []):
        category = categories[entry["feature_index"]]
        column = entry["flat_feature_index"]
        questions += [Question(column, is_of=category.places_of(value)) for value in entry.get("values", [])]
    width = len(information.get("float_features", [])) + len(categories)
    for index, entry in enumerate(statistics):
        questions += [Question(width + index, border) for border in entry["borders"]]
    return table.numbers if x is None else x, questions


def symmetric_tree(tree: dict[str, Any], questions: list[Question], targets: int) -> Tree:
    """All nodes of a level have the same condition. The conditions' results are the bits of the leaf's number, the
    first level being the lowest bit. Nodes are stored level by level, so that node i has the children 2i+1 and 2i+2."""
    splits = tree["splits"] or []
    depth = len(splits)
    places = np.arange(2**depth)
    numbers = sum(((places >> (depth - 1 - level) & 1) << level for level in range(depth)), start=0 * places)
    nodes = np.arange(2**depth - 1)
    return tree_of(
        [splits[(node + 1).bit_length() - 1] for node in nodes.tolist()],
        left=2 * nodes + 1,
        right=2 * nodes + 2,
        values=np.array(tree["leaf_values"], dtype=np.float64).reshape(-1, targets)[numbers],
        questions=questions,
    )


def nested_tree(tree: dict[str, Any], questions: list[Question]) -> Tree:
    """Reads a tree of nested nodes, numbered in the order in which they are found: first the splits, then the
    leaves."""
    splits, leaves, left = [], [], [tree]
    while left:
        node = left.pop()
        (splits if "split" in node else leaves).append(node)
        left += [node["right"], node["left"]] if "split" in node else []
    places = {id(node): place for place, node in enumerate(splits + leaves)}
    return tree_of(
        [node["split"] for node in splits],
        left=np.array([places[id(node["left"])] for node in splits], dtype=int),
        right=np.array([places[id(node["right"])] for node in splits], dtype=int),
        values=np.array([np.atleast_1d(node["value"]) for node in leaves], dtype=np.float64),
        questions=questions,
    )


def tree_of(
    splits: list[dict[str, Any]], left: np.ndarray, right: np.ndarray, values: np.ndarray, questions: list[Question]
) -> Tree:
    """Builds a tree of the splits followed by the leaves with values [L, K]. Rows above a border, or in one of the
    split's categories, go right."""
    asked = [questions[split["split_index"]] for split in splits]
    is_category = np.array([question.is_of is not None for question in asked], dtype=bool)
    none = np.full(len(values), -1)
    value = np.concatenate([np.zeros((len(splits), values.shape[1])), values])
    return Tree(
        feature=np.append([question.column for question in asked], none).astype(int),
        threshold=np.append([question.border for question in asked], none),
        left=np.append(np.where(is_category, right, left), none),
        right=np.append(np.where(is_category, left, right), none),
        value=value[:, 0] if value.shape[1] == 1 else value,
        missing_left=np.append([question.missing_left for question in asked], none > 0).astype(bool),
        categories={place: asked[place].is_of for place in np.flatnonzero(is_category).tolist()},
    )
