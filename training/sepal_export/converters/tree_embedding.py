"""Represents rows by the leaves that they end in."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.forests import tree_of, values_of
from sepal_export.converters.tree_ensemble import Mode, leaves_of_trees, with_split
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


@converts("sklearn.RandomTreesEmbedding")
def random_trees_embedding(estimator: Any, table: Table) -> Table:
    """One column per leaf of each tree: 1 if the row ends in it. In training every leaf was reached, so the original's
    encoder knows all of them."""
    trees = [tree_of(member, values_of(member)) for member in estimator.estimators_]
    leaves = leaves_of_trees(table.numbers, [with_split(tree) for tree in trees], Mode.LEQ, np.float64)
    owners, places, first = [], [], 0
    for index, tree in enumerate(trees):
        count = np.count_nonzero(tree.is_leaf)
        # The leaf of a tree without a split has a twin on its left, which no row reaches.
        skipped = 1 if count == 1 else 0
        owners += [index] * count
        places += range(first + skipped, first + skipped + count)
        first += skipped + count
    reached = leaves.transpose(1, 0).columns(owners).equals(np.array(places))
    return Table(matrix=reached.cast(np.float64), is_sparse=estimator.sparse_output)
