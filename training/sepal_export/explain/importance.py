"""Computes how much each feature moves the answers, on average over the rows that were explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sepal_export.explain.shapley import Explanation

# The most values that model.json lists. If there are more, each feature gets one: the mean over an answer's numbers.
MOST = 2_000
# Digits to keep. Later digits mean little, and may differ between CPUs.
DIGITS = 6


def importance_of(explanations: Sequence[Explanation], numbers: Sequence[str], features: Sequence[str]) -> Any:
    """The mean absolute contribution, by number of the answer and by feature. If these are more than MOST, the only
    number is "", the mean over all numbers."""
    sizes = np.mean([np.abs(each.contributions) for each in explanations], axis=0).T
    if sizes.size > MOST:
        numbers, sizes = [""], sizes.mean(axis=0)[None]
    return {
        number: dict(zip(features, map(rounded, row.tolist()), strict=True))
        for number, row in zip(numbers, sizes, strict=True)
    }


def rounded(size: float) -> float:
    return float(f"{size:.{DIGITS}g}")
