"""Draws the orders in which features are added and taken away. functions/core/explain draws the same ones, so that the
service gives the explanations that the export proved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

MASK = 0xFFFFFFFF


def order_of(features: int, number: int) -> np.ndarray:
    """[F]: a permutation of the features that follows from `number` alone, by a Fisher-Yates shuffle."""
    order, random = list(range(features)), mulberry32(number + 1)
    for last in range(features - 1, 0, -1):
        other = int(next(random) * (last + 1))
        order[last], order[other] = order[other], order[last]
    return np.array(order)


def mulberry32(seed: int) -> Iterator[float]:
    """Yields pseudo-random numbers from 0 to below 1 that follow from the seed. This generator was chosen because it
    takes a few lines of 32-bit arithmetic in any language, and so also in the service."""
    state = seed & MASK
    while True:
        state = (state + 0x6D2B79F5) & MASK
        mixed = (state ^ state >> 15) * (state | 1) & MASK
        mixed ^= mixed + ((mixed ^ mixed >> 7) * (mixed | 61) & MASK) & MASK
        yield (mixed ^ mixed >> 14) / 2**32
