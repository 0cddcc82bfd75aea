"""Converts trees in plain arrays to the TreeEnsemble operator, which compares and adds in the trees' own number
type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

import numpy as np
from onnx import numpy_helper

from sepal_export.graphs.graph import ML, Value

SUM = 1
NEVER = -np.inf
# The most splits of one operator, unless a single tree has more. A larger operator exceeds the processor's caches, so
# that starting and scoring many rows take longer (bench/NOTES.md).
MAX_SPLITS = 25_000
# The smallest number that rounds to infinity in float32.
TOO_LARGE = 2.0**128 - 2.0**103


class Mode(IntEnum):
    """How a row's value is compared with a node's threshold. If the comparison is true, the row goes left."""

    LEQ = 0
    LT = 1
    MEMBER = 6


@dataclass(frozen=True)
class Tree:
    """One tree as arrays [n] over its nodes, the root first. A node with a negative `left` is a leaf.

    A missing value goes right unless `missing_left` of the node is set. `categories` has, for nodes that test for
    categories in place of a threshold, the values that go left. These are integers, and only integers and missing
    values may reach such a node. `value` belongs to leaves: [n], to be added to `target`, or [n, K]. `rounded` is the
    number of features that the original rounds to float32 and refuses if they become infinite; 0 if it does not.
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    missing_left: np.ndarray | None = None
    categories: Mapping[int, Sequence[int]] = field(default_factory=dict)
    target: int = 0
    rounded: int = 0

    @property
    def is_leaf(self) -> np.ndarray:
        return self.left < 0

    @property
    def leaf_values(self) -> np.ndarray:
        return self.value[self.is_leaf]


def constant(value: float, target: int = 0) -> Tree:
    """A tree with one leaf. As the first tree, it is the initial value of the sum."""
    none = np.array([-1])
    return Tree(none, np.array([NEVER]), none, none, np.array([value]), target=target)


def fold(threshold: np.ndarray) -> np.ndarray:
    """The float64 thresholds t' for which x <= t' equals float32(x) <= t for every float64 x."""
    threshold = np.asarray(threshold, dtype=np.float64)
    with np.errstate(over="ignore"):
        below = threshold.astype(np.float32)
        below = np.where(below > threshold, np.nextafter(below, np.float32(-np.inf)), below)
        above = np.nextafter(below, np.float32(np.inf)).astype(np.float64)
    # Beyond the largest float32, numbers round as if this were the next one.
    above = np.where(above == np.inf, 2.0**128, above)
    middle = (below.astype(np.float64) + above) / 2
    # The exact middle rounds to the number whose last bit is 0.
    is_even = below.view(np.uint32) % 2 == 0
    return np.where(is_even, middle, np.nextafter(middle, -np.inf))


def sum_of_trees(
    x: Value, trees: Sequence[Tree], *, targets: int = 1, mode: Mode = Mode.LEQ, dtype: type = np.float64
) -> Value:
    """[N, W] of `dtype` → [N, targets]: the values of each target's trees, added in their order."""
    trees = [with_split(tree) for tree in with_refusal(trees)]
    if len(in_groups(trees)) > 1:
        return sum_of_groups(x, trees, targets, mode, dtype)
    weights = [tree.leaf_values for tree in trees]
    owners = [np.full(len(values), tree.target) for tree, values in zip(trees, weights, strict=True)]
    return tree_ensemble(x, trees, np.concatenate(weights), np.concatenate(owners), targets, mode, dtype)


def sum_of_groups(x: Value, trees: Sequence[Tree], targets: int, mode: Mode, dtype: type) -> Value:
    """Like sum_of_trees. Each tree's answer is a row of its own, because no operator can add to the result of another
    one."""
    answers = by_tree(x, trees, [tree.leaf_values for tree in trees], mode, dtype).transpose(1, 0)
    sums = []
    for target in range(targets):
        own = [index for index, tree in enumerate(trees) if tree.target == target]
        # [T, N]: along the first axis, the runtime adds values one after another. It would turn the sum of a transposed
        # tensor into a sum along the second axis, but not that of a Gather.
        some = answers.rows(x.graph.constant(np.array(own, dtype=np.int64)))
        sums.append(some.sum(axis=0, keepdims=False).reshape(-1, 1))
    return x.graph.concat(sums)


def sum_of_leaves(x: Value, trees: Sequence[Tree], *, mode: Mode = Mode.LEQ, dtype: type = np.float64) -> Value:
    """[N, W] of `dtype` → [N, K]: the values [K] of the leaves that a row ends in, added in the order of the trees."""
    trees = [with_split(tree) for tree in with_refusal(trees)]
    table = np.concatenate([tree.leaf_values for tree in trees]).astype(dtype)
    if np.all(np.count_nonzero(table, axis=1) <= 1) and len(in_groups(trees)) == 1:
        # Zeros of a leaf need no addition.
        owners = np.abs(table).argmax(axis=1)
        return tree_ensemble(x, trees, table.sum(axis=1), owners, table.shape[1], mode, dtype)
    # [T, N, K]: along the first axis, the runtime adds values one after another.
    return x.graph.constant(table).rows(leaves_of_trees(x, trees, mode, dtype)).sum(axis=0, keepdims=False)


def leaves_of_trees(x: Value, trees: Sequence[Tree], mode: Mode, dtype: type) -> Value:
    """[N, W] of `dtype` → [T, N] int64: the leaf that a row ends in, numbered across all trees."""
    counts = [np.count_nonzero(tree.is_leaf) for tree in trees]
    numbers = np.split(np.arange(sum(counts)), np.cumsum(counts)[:-1])
    return by_tree(x, trees, numbers, mode, dtype).cast(np.int64).transpose(1, 0)


def by_tree(x: Value, trees: Sequence[Tree], weights: Sequence[np.ndarray], mode: Mode, dtype: type) -> Value:
    """[N, W] of `dtype` → [N, T]: for each tree, the one of its `weights` for the leaf that a row ends in."""
    parts = []
    for group in in_groups(trees):
        some = weights[group]
        owners = np.repeat(np.arange(len(some)), [len(values) for values in some])
        parts.append(tree_ensemble(x, trees[group], np.concatenate(some), owners, len(some), mode, dtype))
    return x.graph.concat(parts)


def in_groups(trees: Sequence[Tree]) -> list[slice]:
    """Divides trees into consecutive groups of up to MAX_SPLITS splits. Loading an operator takes more memory than it
    needs afterwards: 2.8 million splits in one operator took 2.3 GB and 6 seconds; in groups 1.0 GB and 2 seconds."""
    sizes = np.cumsum([len(tree.left) // 2 for tree in trees])
    starts = [0]
    for index in range(1, len(trees)):
        before = sizes[starts[-1] - 1] if starts[-1] else 0
        if sizes[index] - before > MAX_SPLITS:
            starts.append(index)
    return [slice(start, end) for start, end in pairwise([*starts, len(trees)])]


def with_refusal(trees: Sequence[Tree]) -> list[Tree]:
    """The trees and, if they refuse numbers that are too large, a last tree that adds NaN to the first target for these
    and 0 otherwise. It tests each feature in turn: not too large, and not too small."""
    count = 2 * max(tree.rounded for tree in trees)
    if count == 0:
        return list(trees)
    places = np.arange(count)
    leaf, is_upper = np.full(count + 2, -1), places % 2 == 0
    goes_on = np.where(places + 1 < count, places + 1, count)
    value = np.zeros((count + 2, *trees[-1].value.shape[1:]))
    value.reshape(count + 2, -1)[count + 1, 0] = np.nan
    missing = np.append(is_upper, [False, False])
    left, right, feature, threshold = leaf.copy(), leaf.copy(), leaf.copy(), np.zeros(count + 2)
    left[:count], right[:count] = np.where(is_upper, goes_on, count + 1), np.where(is_upper, count + 1, goes_on)
    feature[:count] = places // 2
    threshold[:count] = np.where(is_upper, np.nextafter(TOO_LARGE, 0.0), -TOO_LARGE)
    return [*trees, Tree(feature, threshold, left, right, value, missing)]


def with_split(tree: Tree) -> Tree:
    """Adds a second leaf to a tree with one leaf, because the runtime handles a tree without splits wrongly."""
    if len(tree.left) > 1:
        return tree
    left, right = np.array([1, -1, -1]), np.array([2, -1, -1])
    value = np.repeat(tree.value, 3, axis=0)
    return Tree(np.zeros(3, dtype=int), np.full(3, NEVER), left, right, value, target=tree.target)


def tree_ensemble(
    x: Value, trees: Sequence[Tree], weights: np.ndarray, owners: np.ndarray, targets: int, mode: Mode, dtype: type
) -> Value:
    """Creates the operator: [N, W] → [N, targets]. `weights` are those of the leaves of all trees, `owners` their
    targets."""
    nodes, roots, members = nodes_of_all(trees, mode)
    thresholds = nodes["threshold"].astype(dtype)
    add_splits(x, nodes, thresholds)
    attributes = {
        "n_targets": targets,
        "aggregate_function": SUM,
        "post_transform": 0,
        "tree_roots": roots,
        "nodes_featureids": nodes["feature"].tolist(),
        "nodes_modes": numpy_helper.from_array(nodes["mode"].astype(np.uint8)),
        "nodes_splits": numpy_helper.from_array(thresholds),
        "nodes_truenodeids": nodes["true"].tolist(),
        "nodes_trueleafs": nodes["true_is_leaf"].astype(int).tolist(),
        "nodes_falsenodeids": nodes["false"].tolist(),
        "nodes_falseleafs": nodes["false_is_leaf"].astype(int).tolist(),
        "leaf_targetids": owners.tolist(),
        "leaf_weights": numpy_helper.from_array(weights.astype(dtype)),
    }
    if nodes["missing_left"].any():
        attributes["nodes_missing_value_tracks_true"] = nodes["missing_left"].astype(int).tolist()
    if members:
        ended = [np.append(values, np.nan).astype(dtype) for values in members]
        attributes["membership_values"] = numpy_helper.from_array(np.concatenate(ended))
    return x.graph.bulky_node("TreeEnsemble", x, domain=ML, **attributes)


def nodes_of_all(trees: Sequence[Tree], mode: Mode) -> tuple[dict[str, np.ndarray], list[int], list[np.ndarray]]:
    """The splitting nodes of all trees, one tree after another; which of them are roots; and the categories of those
    that test for categories, in the same order."""
    parts, roots, leaves = [], [0], 0
    for index, tree in enumerate(trees):
        part = nodes_of(tree, mode, roots[-1], leaves)
        parts.append(part | {"tree": np.full(len(part["feature"]), index, dtype=np.int32)})
        roots.append(roots[-1] + len(part["feature"]))
        leaves += np.count_nonzero(tree.is_leaf)
    nodes = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    members = [np.unique(tree.categories[node]) for tree in trees for node in sorted(tree.categories)]
    return nodes, roots[:-1], [values for values in members if len(values)]


def nodes_of(tree: Tree, mode: Mode, first_split: int, first_leaf: int) -> dict[str, np.ndarray]:
    """The splitting nodes of one tree. `true` and `false` are numbers of splits or of leaves, across all trees."""
    is_leaf, size = tree.is_leaf, len(tree.left)
    place = np.where(is_leaf, first_leaf + np.cumsum(is_leaf), first_split + np.cumsum(~is_leaf)) - 1
    modes, threshold = np.full(size, int(mode)), tree.threshold.astype(np.float64)
    for node, values in tree.categories.items():
        # The runtime does not accept an empty set.
        modes[node], threshold[node] = (Mode.MEMBER, 0.0) if len(values) else (mode, NEVER)
    missing_left = np.zeros(size, dtype=bool) if tree.missing_left is None else tree.missing_left
    left, right = tree.left[~is_leaf], tree.right[~is_leaf]
    return {
        "feature": tree.feature[~is_leaf],
        "threshold": threshold[~is_leaf],
        "mode": modes[~is_leaf],
        "missing_left": missing_left[~is_leaf],
        "jump": jumps_of(tree)[~is_leaf].astype(np.float32),
        "true": place[left],
        "true_is_leaf": is_leaf[left],
        "false": place[right],
        "false_is_leaf": is_leaf[right],
    }


def jumps_of(tree: Tree) -> np.ndarray:
    """[n]: the range of the values of the leaves below each node, for the target with the largest range."""
    low = np.where(tree.is_leaf[:, None], tree.value.reshape(len(tree.left), -1), np.inf)
    high = np.where(tree.is_leaf[:, None], low, -np.inf)
    levels, nodes = [], np.array([0])
    while len(nodes := nodes[~tree.is_leaf[nodes]]):
        levels.append(nodes)
        nodes = np.concatenate([tree.left[nodes], tree.right[nodes]])
    for nodes in reversed(levels):
        left, right = tree.left[nodes], tree.right[nodes]
        low[nodes], high[nodes] = np.minimum(low[left], low[right]), np.maximum(high[left], high[right])
    # Nodes that are not below the root were not visited, and keep infinite bounds. No row reaches them.
    return np.where(np.isfinite(low), high - low, 0.0).max(axis=1)


def add_splits(x: Value, nodes: dict[str, np.ndarray], thresholds: np.ndarray) -> None:
    """Registers the last values that go left, at which the verification tests."""
    last = np.where(nodes["mode"] == Mode.LT, np.nextafter(thresholds, thresholds.dtype.type(-np.inf)), thresholds)
    # The original refuses rows beyond this, so there is nothing to test.
    compared = (nodes["mode"] != Mode.MEMBER) & (np.abs(last) < np.nextafter(TOO_LARGE, 0.0))
    features, trees, jumps = (nodes[name][compared] for name in ("feature", "tree", "jump"))
    x.graph.add_splits(x, features, last[compared].astype(np.float64), trees, jumps)
