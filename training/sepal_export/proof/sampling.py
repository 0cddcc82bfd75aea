"""Chooses the thresholds of a large model for which rows are made: all if they are few, else a part by a fixed rule.

First the threshold with the largest jump of each feature, then that of each tree. Then in turns: the largest jump of
every feature in every tree, the second largest and so on. Nothing is random, so that repeated exports are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sepal_export.graphs.graph import Splits


def choose(splits: Sequence[Splits], most: int) -> list[Splits]:
    """Returns `most` thresholds by the rule above, or all if there are no more."""
    sizes = [len(split.thresholds) for split in splits]
    if sum(sizes) <= most:
        return list(splits)
    ends = np.cumsum(sizes)[:-1]
    columns = np.repeat(numbers_of([(split.value.name, split.column) for split in splits]), sizes)
    trees = np.concatenate([trees_of(split) for split in splits])
    jumps = np.concatenate([jumps_of(split) for split in splits])
    turns = places_within(columns * (trees.max() + 2) + trees + 1, jumps)
    order = np.lexsort((-jumps, turns, places_within(trees, jumps) > 0, places_within(columns, jumps) > 0))
    is_chosen = np.zeros(len(order), dtype=bool)
    is_chosen[order[:most]] = True
    return [taken(split, mask) for split, mask in zip(splits, np.split(is_chosen, ends), strict=True) if mask.any()]


def numbers_of(keys: Sequence[object]) -> list[int]:
    """Numbers the keys; equal keys get equal numbers."""
    numbers: dict[object, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def trees_of(split: Splits) -> np.ndarray:
    return np.full(len(split.thresholds), -1) if split.trees is None else split.trees


def jumps_of(split: Splits) -> np.ndarray:
    """The jumps of thresholds. For thresholds outside of trees they are unknown; these are taken from all over the
    range, the ends first."""
    if split.jumps is not None:
        return split.jumps
    places = np.arange(len(split.thresholds))
    # The number of times that a position can be halved shows how coarse its grid is.
    grid = np.where(places == 0, len(places), places & -places).astype(float)
    grid[-1] = len(places)
    return grid


def places_within(groups: np.ndarray, jumps: np.ndarray) -> np.ndarray:
    """The rank of each threshold in its group: 0 for the largest jump."""
    order = np.lexsort((-jumps, groups))
    ordered = groups[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    return places


def taken(split: Splits, mask: np.ndarray) -> Splits:
    of_trees = {} if split.trees is None else {"trees": split.trees[mask], "jumps": split.jumps[mask]}
    return replace(split, thresholds=split.thresholds[mask], **of_trees)
