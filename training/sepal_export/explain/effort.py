"""How many rows of the model explanations may take, by how slow a row is. By what the graph holds and not by the clock:
the bytes of a package must not depend on what else the machine does."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sepal_export.conversion.convert import Conversion
from sepal_export.graphs.graph import Splits

# Rows of the model that one explained row takes at most.
BUDGET, LEAST_BUDGET = 20_000, 1_000
# Background rows, and how many pairs of permutations the budget should be enough for.
LEAST_ROWS, MOST_ROWS, PAIRS = 10, 100, 8
# Golden rows that are explained, and what all of them may cost in rows of a small model, if they are not the least.
EXPLAINED, LEAST_EXPLAINED, TOTAL = 20, 3, 500_000
# What costs as much as a row of a small model, some 2 µs: so many factors of a product of matrices, numbers that a row
# is compared with, nodes of trees that it comes by, or features of a mixture.
FACTORS, NUMBERS, NODES, FEATURES = 20_000, 150, 200, 1_000
PRODUCTS = {"Gemm", "MatMul"}
# How many rows of a small model a text costs, which is taken apart.
TEXT = 10
# How many an iteration until it converges costs.
LOOP = 100
# A row that costs as many has a smaller budget.
SLOW = 20


def cost_of(conversion: Conversion) -> float:
    """Of a row, in rows of a small model."""
    dataset, graph = conversion.dataset, conversion.outline.graph
    compared = {name for node in graph.node if node.op_type not in PRODUCTS for name in node.input}
    numbers = sum(
        math.prod(tensor.dims) / (NUMBERS if tensor.name in compared else FACTORS) for tensor in graph.initializer
    )
    nodes = nodes_of(conversion.splits) / NODES
    loops = LOOP * sum(node.op_type == "Loop" for node in graph.node)
    return 1 + numbers + nodes + loops + len(dataset.features) / FEATURES + TEXT * len(dataset.texts)


def nodes_of(splits: Sequence[Splits]) -> float:
    """How many a row comes by, in balanced trees with these thresholds."""
    of_trees = [each for each in splits if each.trees is not None and len(each.trees)]
    if not of_trees:
        return 0
    trees = 1 + max(int(each.trees.max()) for each in of_trees)
    return trees * math.log2(1 + sum(len(each.thresholds) for each in of_trees) / trees)


def budget_of(cost: float) -> int:
    return max(LEAST_BUDGET, int(BUDGET * min(1.0, SLOW / cost)))


def background_of(features: int, budget: int) -> int:
    """How many rows."""
    return min(MOST_ROWS, max(LEAST_ROWS, budget // (2 * PAIRS * max(1, features - 1))))


def explained_of(cost: float, rows: int) -> int:
    """How many golden rows, each of which takes `rows` of the model."""
    return min(EXPLAINED, max(LEAST_EXPLAINED, int(TOTAL / (cost * max(1, rows)))))
