"""Which thresholds of a large model rows are made for: all of few, and of many a part by a stated rule.

First of every feature the threshold at which the answer jumps farthest, then the same of every tree. Then in turns: of
every feature of every tree the farthest jump, the second farthest and so on. Nothing is left to chance: an export is
the same once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sepal_export.graph import Splits


def choose(splits: Sequence[Splits], most: int) -> list[Splits]:
    """Of all thresholds, `most` by the rule above, or all if there are no more."""
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
    """Equal keys have equal numbers."""
    numbers: dict[object, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def trees_of(split: Splits) -> np.ndarray:
    return np.full(len(split.thresholds), -1) if split.trees is None else split.trees


def jumps_of(split: Splits) -> np.ndarray:
    """Of thresholds that no tree has, nothing is known: they are taken from all over their range, the ends first."""
    if split.jumps is not None:
        return split.jumps
    places = np.arange(len(split.thresholds))
    # How often a place can be halved says how coarse a grid it is on.
    grid = np.where(places == 0, len(places), places & -places).astype(float)
    grid[-1] = len(places)
    return grid


def places_within(groups: np.ndarray, jumps: np.ndarray) -> np.ndarray:
    """Of each threshold, its place among those of its group: 0 where the answer jumps farthest."""
    order = np.lexsort((-jumps, groups))
    ordered = groups[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    return places


def taken(split: Splits, mask: np.ndarray) -> Splits:
    of_trees = {} if split.trees is None else {"trees": split.trees[mask], "jumps": split.jumps[mask]}
    return replace(split, thresholds=split.thresholds[mask], **of_trees)
