"""Random columns that resemble those of public tables. The same seed gives the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd


class Draw:
    """Every method returns one column [N], drawn with the next random numbers."""

    def __init__(self, seed: int, rows: int) -> None:
        self.random = np.random.default_rng(seed)
        self.rows = rows

    def normal(self, mean: float, deviation: float, decimals: int = 1) -> np.ndarray:
        return np.round(self.random.normal(mean, deviation, self.rows), decimals)

    def between(self, low: float, high: float, decimals: int = 2) -> np.ndarray:
        return np.round(self.random.uniform(low, high, self.rows), decimals)

    def skewed(self, median: float, sigma: float = 0.6, decimals: int = 2) -> np.ndarray:
        """Positive numbers with a long tail, such as prices, incomes and areas."""
        return np.round(median * self.random.lognormal(0, sigma, self.rows), decimals)

    def whole(self, low: int, high: int) -> np.ndarray:
        """Whole numbers from `low` to `high`, both inclusive."""
        return self.random.integers(low, high + 1, self.rows)

    def count(self, mean: float) -> np.ndarray:
        return self.random.poisson(mean, self.rows)

    def flag(self, share: float = 0.5) -> np.ndarray:
        return self.random.random(self.rows) < share

    def one_of(self, values: Sequence[Any], weights: Sequence[float] | None = None) -> np.ndarray:
        """One of the values for each row, as objects; without weights, the first values are the most frequent ones."""
        share = np.array(weights if weights is not None else 1 / np.arange(1, len(values) + 1), dtype=float)
        places = self.random.choice(len(values), self.rows, p=share / share.sum())
        return np.array(values, dtype=object)[places]

    def yes_no(self, share: float = 0.5) -> np.ndarray:
        return np.where(self.flag(share), "Yes", "No").astype(object)

    def times(self, first: str, days: int, every: str = "min") -> pd.Series:
        """Local times without a zone, each a whole number of `every` after `first`, within `days`."""
        steps = pd.Timedelta(days=days) // pd.Timedelta(1, every)
        return pd.Series(pd.Timestamp(first) + pd.to_timedelta(self.random.integers(0, steps, self.rows), unit=every))

    def sentences(self, words: str, least: int, most: int) -> np.ndarray:
        """Sentences of `least` to `most` of the words. Some begin with a capital letter; some words end with a mark."""
        marks = ["", "", "", "", ",", ".", "!"]
        texts = [
            " ".join(
                word + mark
                for word, mark in zip(self.random.choice(words.split(), n), self.random.choice(marks, n), strict=True)
            )
            for n in self.random.integers(least, most + 1, self.rows)
        ]
        return np.array([text.capitalize() if place % 3 else text for place, text in enumerate(texts)], dtype=object)

    def gaps(self, values: Any, share: float) -> Any:
        """The column without some of its values."""
        return pd.Series(values).mask(pd.Series(self.flag(share)))

    def labels(self, signal: Any, names: Sequence[Any] = (0, 1), share: float = 0.4, noise: float = 0.5) -> np.ndarray:
        """Labels by the noisy signal. Of two names, the `share` of rows with the highest signal gets the second. More
        than two names get equal shares."""
        noisy = self._noisy(signal, noise)
        cuts = [1 - share] if len(names) == 2 else np.linspace(0, 1, len(names) + 1)[1:-1]
        return np.array(names)[np.searchsorted(np.quantile(noisy, cuts), noisy)]

    def amounts(self, signal: Any, median: float, spread: float = 0.4, decimals: int = 2) -> np.ndarray:
        """Positive amounts, such as prices, that depend on the signal."""
        return np.round(median * np.exp(spread * self._noisy(signal, 0.3)), decimals)

    def _noisy(self, signal: Any, noise: float) -> np.ndarray:
        values = np.asarray(signal, dtype=float)
        return (values - values.mean()) / (values.std() or 1.0) + self.random.normal(0, noise, self.rows)
