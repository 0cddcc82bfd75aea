"""Makes synthetic rows in place of training rows, for the examples and golden.json.

They are made from what model.json publishes about each feature anyway, and from medians and most frequent values of
many rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sepal_export.data.dataset import Dataset, Feature, Rows, frequencies
from sepal_export.data.times import grain_of
from sepal_export.proof.points import fit
from sepal_export.text.made import Phrases

# A median or most frequent value of fewer rows could reveal a person's value.
MIN_ROWS = 10
INDEPENDENT, MIXED, TYPICAL = 200, 1_000, 200
# Enough to be seen among the golden rows.
SHARE = 0.05
MAX_DECIMALS = 6
# The most decimals that numpy can round to.
MOST_DECIMALS = 300
# Replaces strings whose values are not published; and a category that the model does not know.
TEXT, UNKNOWN = "some text", "another value"


class Maker:
    """Makes rows of a data set. `described` is what model.json says of its features. With `shows_terms`, made texts
    consist of terms that many training texts have; otherwise of words that come from no text. At least a `share` of the
    rows lacks the value of each nullable feature, and has an unknown category of each feature that accepts one."""

    def __init__(
        self,
        dataset: Dataset,
        described: Sequence[dict[str, Any]],
        *,
        shows_terms: bool = True,
        share: float = SHARE,
        seed: int = 0,
    ) -> None:
        self._random = np.random.default_rng(seed)
        self._share = share
        self._features = list(zip(dataset.features, described, strict=True))
        self._rows = dataset.rows
        self._phrases = {
            index: Phrases(dataset, index, self._random, shows_terms=shows_terms)
            for index in range(len(dataset.features))
            if dataset.texts_of(index)
        }
        self._present = [present(values) for values in dataset.rows.columns]
        self._decimals = [
            0 if feature.is_string or feature.is_time else decimals_of(feature, values)
            for feature, values in zip(dataset.features, self._present, strict=True)
        ]

    def pool(self, labels: np.ndarray | None) -> tuple[Rows, int]:
        """Returns a typical row per class (by the predicted `labels` of the training rows) or of all rows; rows with
        independent columns; and mixtures of both. Also returns how many are typical."""
        groups = [np.ones(len(self._rows), dtype=bool)]
        if labels is not None:
            groups = [labels == label for label in np.unique(labels)[:TYPICAL]]
        typical = Rows.concat([self.typical(group) for group in groups])
        return Rows.concat([typical, self.independent(INDEPENDENT), self.mixed(typical, MIXED)]), len(typical)

    def typical(self, group: np.ndarray) -> Rows:
        """[1]: medians and most frequent categories of the rows in a mask, or of all rows if those are few."""
        columns = []
        for index, (feature, described) in enumerate(self._features):
            if index in self._phrases:
                columns.append(np.array([self._phrases[index].typical(group), None], dtype=object)[:-1])
                continue
            some = present(self._rows.columns[index][group])
            some = some if len(some) >= MIN_ROWS else self._present[index]
            if described["categories"] or feature.is_string:
                columns.append(np.array([most_frequent(some, described)], dtype=object if feature.is_string else None))
            else:
                columns.append(self._rounded(index, np.array([np.median(some)])))
        return Rows(tuple(columns))

    def independent(self, count: int) -> Rows:
        """Numbers between the smallest and largest, distributed by their deciles; categories by their frequencies;
        missing values and unknown categories if they are accepted."""
        return Rows(tuple(self._column(index, count) for index in range(len(self._features))))

    def mixed(self, typical: Rows, count: int) -> Rows:
        """A third of the values from independent rows, the rest from typical ones."""
        others, owners = self.independent(count), np.arange(count) % len(typical)
        return Rows(
            tuple(
                np.where(self._random.random(count) < 1 / 3, values, column[owners])
                for values, column in zip(others.columns, typical.columns, strict=True)
            )
        )

    def _column(self, index: int, count: int) -> np.ndarray:
        feature, described = self._features[index]
        baseline = described["baseline"]
        shares = self._random.permutation(np.linspace(0, 1, count))
        if index in self._phrases:
            values = self._phrases[index].some(count)
        elif described["categories"] or feature.is_string:
            values = self._drawn(feature, described, shares)
        elif feature.dtype == "bool":
            values = (shares < baseline["mean"]).astype(np.float64)
        else:
            quantiles = [baseline["min"], *baseline["deciles"], baseline["max"]]
            values = self._rounded(index, np.interp(shares, np.linspace(0, 1, len(quantiles)), quantiles))
        if feature.nullable:
            lacks = self._random.permutation(np.arange(count)) < max(self._share, baseline["missing"]) * count
            values[lacks] = None if feature.is_string else np.nan
        return values

    def _drawn(self, feature: Feature, described: dict[str, Any], shares: np.ndarray) -> np.ndarray:
        """Categories by their frequencies. If unknown ones are accepted, UNKNOWN is as frequent as all categories that
        are not listed, and at least as frequent as `share` says."""
        if described["categories"] is None:
            return np.full(len(shares), TEXT, dtype=object)
        values, weights = list(described["categories"]["values"]), list(described["categories"]["frequencies"])
        if sum(weights) == 0:
            weights = [1 / len(values)] * len(values)
        if described["categories"]["unknown"] == "accepted":
            values, weights = [*values, UNKNOWN], [*weights, max(self._share, 1 - sum(weights))]
        ends = np.cumsum(weights) / np.sum(weights)
        places = np.searchsorted(ends, shares, side="left").clip(max=len(values) - 1)
        return np.array(values, dtype=object if feature.is_string else np.float64)[places]

    def _rounded(self, index: int, values: np.ndarray) -> np.ndarray:
        """Rounds to the precision of the training data, within its range; times are whole days or seconds."""
        feature, described = self._features[index]
        low, high = described["baseline"]["min"], described["baseline"]["max"]
        if feature.is_time:
            grain = grain_of(self._present[index])
            return fit(feature, (np.rint(values / grain) * grain).clip(low, high))
        return fit(feature, np.round(values, self._decimals[index]).clip(low, high) + 0.0)


def present(values: np.ndarray) -> np.ndarray:
    return values[[value is not None for value in values]] if values.dtype == object else values[~np.isnan(values)]


def most_frequent(values: np.ndarray, described: dict[str, Any]) -> Any:
    """The most frequent category of the values."""
    if described["categories"] is None:
        return TEXT
    counts = frequencies(values)
    return max(described["categories"]["values"], key=lambda value: counts.get(value, 0))


def decimals_of(feature: Feature, values: np.ndarray) -> int:
    """The number of decimals of the values, none of which is missing. For numbers with endless decimals, enough for
    three digits of their deviation."""
    dtype = np.float32 if feature.dtype == "float32" else np.float64
    for decimals in range(MAX_DECIMALS + 1):
        if np.array_equal(np.round(values, decimals).astype(dtype), values.astype(dtype)):
            return decimals
    spread = values.std() or np.abs(values).max()
    return int(np.clip(2 - np.floor(np.log10(spread)), 0, MOST_DECIMALS))
