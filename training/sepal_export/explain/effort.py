"""Decides how many rows the model may answer for explanations: fewer if the model is slow. That is estimated from the
graph and not measured, because a package's bytes must not depend on what else the machine does."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sepal_export.conversion.convert import Conversion
from sepal_export.graphs.graph import Splits

# How many rows the model may answer to explain one row: for a fast model, and at least.
BUDGET, LEAST_BUDGET = 20_000, 1_000
# The least and the most rows of a background, and the pairs of permutations that the budget should be enough for.
LEAST_ROWS, MOST_ROWS, PAIRS = 10, 100, 8
# The most and the least golden rows that are explained, and what more than the least may cost, in rows of a small
# model.
EXPLAINED, LEAST_EXPLAINED, TOTAL = 20, 3, 500_000
# How many of each cost as much as one row of a small model, some 2 µs: factors of a matrix product, numbers that a row
# is compared with, nodes of trees on its path, and features that are mixed.
FACTORS, NUMBERS, NODES, FEATURES = 20_000, 150, 200, 1_000
PRODUCTS = {"Gemm", "MatMul"}
# Splitting a text into terms costs as much as this many rows of a small model.
TEXT = 10
# A loop until convergence costs as much as this many.
LOOP = 100
# If a row costs more than this many, the budget is smaller.
SLOW = 20


def cost_of(conversion: Conversion) -> float:
    """The cost of a row, in rows of a small model."""
    dataset, graph = conversion.dataset, conversion.outline.graph
    compared = {name for node in graph.node if node.op_type not in PRODUCTS for name in node.input}
    numbers = sum(
        math.prod(tensor.dims) / (NUMBERS if tensor.name in compared else FACTORS) for tensor in graph.initializer
    )
    nodes = nodes_of(conversion.splits) / NODES
    loops = LOOP * sum(node.op_type == "Loop" for node in graph.node)
    return 1 + numbers + nodes + loops + len(dataset.features) / FEATURES + TEXT * len(dataset.texts)


def nodes_of(splits: Sequence[Splits]) -> float:
    """The number of nodes on the path of a row, in balanced trees with these thresholds."""
    of_trees = [each for each in splits if each.trees is not None and len(each.trees)]
    if not of_trees:
        return 0
    trees = 1 + max(int(each.trees.max()) for each in of_trees)
    return trees * math.log2(1 + sum(len(each.thresholds) for each in of_trees) / trees)


def budget_of(cost: float) -> int:
    return max(LEAST_BUDGET, int(BUDGET * min(1.0, SLOW / cost)))


def background_of(features: int, budget: int) -> int:
    """The number of rows of the background."""
    return min(MOST_ROWS, max(LEAST_ROWS, budget // (2 * PAIRS * max(1, features - 1))))


def explained_of(cost: float, rows: int) -> int:
    """The number of golden rows to explain, if the model answers `rows` rows to explain one."""
    return min(EXPLAINED, max(LEAST_EXPLAINED, int(TOTAL / (cost * max(1, rows)))))
