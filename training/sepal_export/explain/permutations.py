"""The orders in which features are added and taken away, which functions/core/explain draws as well."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

MASK = 0xFFFFFFFF


def order_of(features: int, number: int) -> np.ndarray:
    """[F]: the order of this number, shuffled by Fisher and Yates."""
    order, random = list(range(features)), mulberry32(number + 1)
    for last in range(features - 1, 0, -1):
        other = int(next(random) * (last + 1))
        order[last], order[other] = order[other], order[last]
    return np.array(order)


def mulberry32(seed: int) -> Iterator[float]:
    """Numbers from 0 to below 1. Chosen as it has a few lines in any language, and 32 bits of state."""
    state = seed & MASK
    while True:
        state = (state + 0x6D2B79F5) & MASK
        mixed = (state ^ state >> 15) * (state | 1) & MASK
        mixed ^= mixed + ((mixed ^ mixed >> 7) * (mixed | 61) & MASK) & MASK
        yield (mixed ^ mixed >> 14) / 2**32
