"""How many rows of the model explanations may take, by how slow a row is. By what the graph holds and not by the clock:
the bytes of a package must not depend on what else the machine does."""

from __future__ import annotations

import math

from sepal_export.convert import Conversion

# Rows of the model that one explained row takes at most.
BUDGET, LEAST_BUDGET = 20_000, 1_000
# Background rows, and how many pairs of permutations the budget should be enough for.
LEAST_ROWS, MOST_ROWS, PAIRS = 10, 100, 8
# Golden rows that are explained, and what all of them may cost in rows of a small model: some seconds.
EXPLAINED, TOTAL = 20, 500_000
# What costs as much as a row of a small model: so many numbers of the graph, or features of a mixture.
NUMBERS, FEATURES = 10_000, 1_000
# How many rows of a small model a text costs, which is taken apart.
TEXT = 10
# A row that costs as many has a smaller budget.
SLOW = 20


def cost_of(conversion: Conversion) -> float:
    """Of a row, in rows of a small model: one that is compared with all rows of a training has as many numbers."""
    numbers = sum(math.prod(tensor.dims) for tensor in conversion.outline.graph.initializer)
    dataset = conversion.dataset
    return 1 + numbers / NUMBERS + len(dataset.features) / FEATURES + TEXT * len(dataset.texts)


def budget_of(cost: float) -> int:
    return max(LEAST_BUDGET, int(BUDGET * min(1.0, SLOW / cost)))


def background_of(features: int, budget: int) -> int:
    """How many rows."""
    return min(MOST_ROWS, max(LEAST_ROWS, budget // (2 * PAIRS * max(1, features - 1))))


def explained_of(cost: float, rows: int) -> int:
    """How many golden rows, each of which takes `rows` of the model."""
    return min(EXPLAINED, max(1, int(TOTAL / (cost * max(1, rows)))))
