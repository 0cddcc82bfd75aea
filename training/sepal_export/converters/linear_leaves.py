"""LightGBM's trees whose leaves are linear models of a few features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sepal_export.converters.tree_ensemble import Mode, Tree, leaves_of_trees, with_split
from sepal_export.graphs.graph import Value


@dataclass(frozen=True)
class Leaves:
    """The leaves of all trees, one tree after another. `value` [L] is used if a feature is missing. Otherwise `start`
    [L], and for each of at most F features its number and its factor [L, F]; unused places have -1 and 0."""

    value: np.ndarray
    start: np.ndarray
    feature: np.ndarray
    factor: np.ndarray


def sum_of_linear_leaves(
    x: Value, features: Value, saved: Sequence[dict[str, str]], trees: Sequence[Tree], targets: int
) -> Value:
    """[N, targets]. The trees compare `x`, and the leaves multiply `features`; both are [N, W]."""
    graph, leaves = x.graph, leaves_of(saved)
    # [N, T].
    place = leaves_of_trees(x, [with_split(tree) for tree in trees], Mode.LEQ, np.float64).transpose(1, 0)
    total, lacks = graph.constant(leaves.start).rows(place), None
    for feature, factor in zip(leaves.feature.T, leaves.factor.T, strict=True):
        column = graph.constant(feature).rows(place)
        value = graph.node("GatherElements", features, column.maximum(np.int64(0)), axis=1)
        is_none = column < np.int64(0)
        total = total + graph.where(is_none, 0.0, value * graph.constant(factor).rows(place))
        is_missing = value.isnan() & ~is_none
        lacks = is_missing if lacks is None else lacks | is_missing
    if lacks is not None:
        total = graph.where(lacks, graph.constant(leaves.value).rows(place), total)
    # Along the first axis, the runtime adds values one after another.
    by_tree = total.transpose(1, 0)
    owned = [np.arange(target, len(trees), targets) for target in range(targets)]
    return graph.concat([by_tree.rows(graph.constant(rows)).sum(axis=0).reshape(-1, 1) for rows in owned])


def leaves_of(saved: Sequence[dict[str, str]]) -> Leaves:
    parts = [leaves_of_tree(tree) for tree in saved]
    most = max(part.feature.shape[1] for part in parts)
    padded = [
        (np.pad(part.feature, ((0, 0), (0, most - part.feature.shape[1])), constant_values=-1),
         np.pad(part.factor, ((0, 0), (0, most - part.factor.shape[1]))))
        for part in parts
    ]  # fmt: skip
    return Leaves(
        value=np.concatenate([part.value for part in parts]),
        start=np.concatenate([part.start for part in parts]),
        feature=np.concatenate([feature for feature, _ in padded]),
        factor=np.concatenate([factor for _, factor in padded]),
    )


def leaves_of_tree(tree: dict[str, str]) -> Leaves:
    """The leaves of one tree, numbered consecutively. A tree with a single leaf has it twice (see with_split)."""
    value = np.array(tree["leaf_value"].split(), dtype=np.float64)
    if tree["is_linear"] != "1":
        start, counts = value, np.zeros(len(value), dtype=np.int64)
    else:
        start = np.array(tree["leaf_const"].split(), dtype=np.float64)
        counts = np.array(tree["num_features"].split(), dtype=np.int64)
    shape = (len(value), int(counts.max()))
    feature, factor = np.full(shape, -1), np.zeros(shape)
    is_one = np.arange(shape[1]) < counts[:, None]
    feature[is_one] = np.array(tree.get("leaf_features", "").split(), dtype=np.int64)
    factor[is_one] = np.array(tree.get("leaf_coeff", "").split(), dtype=np.float64)
    times = 2 if len(value) == 1 else 1
    return Leaves(*(np.repeat(entries, times, axis=0) for entries in (value, start, feature, factor)))
