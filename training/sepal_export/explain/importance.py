"""How much each feature moves the answers, over the rows that were explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sepal_export.explain.shapley import Explanation

# Of more numbers, the mean over those of an answer is told.
MOST = 2_000
# Digits that say something, and are the same on every CPU.
DIGITS = 6


def importance_of(explanations: Sequence[Explanation], numbers: Sequence[str], features: Sequence[str]) -> Any:
    """By number and feature, the mean size of the contributions; by "" and feature, where these are too many."""
    sizes = np.mean([np.abs(each.contributions) for each in explanations], axis=0).T
    if sizes.size > MOST:
        numbers, sizes = [""], sizes.mean(axis=0)[None]
    return {
        number: dict(zip(features, map(rounded, row.tolist()), strict=True))
        for number, row in zip(numbers, sizes, strict=True)
    }


def rounded(size: float) -> float:
    return float(f"{size:.{DIGITS}g}")
