"""Computes Shapley values of all numbers of an answer, only by asking for answers: exactly if there are few features,
else estimated from pairs of permutations. functions/core/explain computes the same values in the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import factorial

import numpy as np

from sepal_export.data.dataset import Rows
from sepal_export.explain.permutations import order_of

EXACT, PERMUTATIONS = "exact", "permutations"
# From rows [N] to the numbers of their answers [N, W].
Answer = Callable[[Rows], np.ndarray]
# The most rows that are answered at once, unless one background is larger.
CHUNK = 8_192


@dataclass(frozen=True)
class Explanation:
    """Explains the answer to one row. `base` [W] is the mean answer to the background, and `contributions` [F, W] are
    what each feature adds to it. `errors` [F, W] are the standard errors of estimated contributions; None if the
    contributions are exact."""

    base: np.ndarray
    contributions: np.ndarray
    errors: np.ndarray | None = None


@dataclass(frozen=True)
class Shapley:
    """Explains the answers of a model. To explain one row, the model answers that row, the `background`, and mixtures
    of both: at most `budget` of them, or as many as two pairs of permutations need. A standard error needs two
    pairs."""

    answer: Answer
    background: Rows
    budget: int

    @property
    def features(self) -> int:
        return len(self.background.columns)

    @property
    def is_exact(self) -> bool:
        return (2**self.features - 2) * len(self.background) <= self.budget

    @property
    def method(self) -> str:
        return EXACT if self.is_exact else PERMUTATIONS

    @property
    def pairs(self) -> int:
        """How many pairs of permutations the budget is enough for, but at least two."""
        return max(2, self.budget // (2 * (self.features - 1) * len(self.background)))

    @property
    def rows(self) -> int:
        """How many mixtures the model answers to explain one row."""
        coalitions = 2**self.features - 2 if self.is_exact else 2 * (self.features - 1) * self.pairs
        return coalitions * len(self.background)

    @cached_property
    def base(self) -> np.ndarray:
        return self.answer(self.background).mean(axis=0)

    def explain(self, row: Rows) -> Explanation:
        """Explains the only row of `row`. If the answer to a mixture of it and the background is not finite, some
        contributions are not finite either."""
        whole = self.answer(row)[0]
        return self._exact(row, whole) if self.is_exact else self._by_permutations(row, whole)

    def _exact(self, row: Rows, whole: np.ndarray) -> Explanation:
        count = self.features
        coalitions = np.arange(2**count)
        masks = (coalitions[:, None] >> np.arange(count) & 1).astype(bool)
        between = self._values(row, masks[1:-1])
        values = np.concatenate([self.base[None], between, whole[None]])
        sizes = masks.sum(axis=1)
        weights = np.array([factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)])
        contributions = []
        for feature in range(count):
            without = coalitions[~masks[:, feature]]
            steps = values[without | 1 << feature] - values[without]
            contributions.append(weights[sizes[without]] @ steps)
        return Explanation(self.base, np.stack(contributions))

    def _by_permutations(self, row: Rows, whole: np.ndarray) -> Explanation:
        """Adds the row's features in a random order, then takes them away in the same order. A feature's contribution
        is the mean of the changes that both ways make."""
        orders = [order_of(self.features, number) for number in range(self.pairs)]
        masks = np.concatenate([np.concatenate([added, ~added]) for added in map(added_in, orders)])
        values = self._values(row, masks).reshape(self.pairs, 2, self.features - 1, -1)
        of_pairs = np.empty((self.pairs, self.features, values.shape[-1]))
        for order, (there, back), steps in zip(orders, values, of_pairs, strict=True):
            up = np.diff(np.concatenate([self.base[None], there, whole[None]]), axis=0)
            down = -np.diff(np.concatenate([whole[None], back, self.base[None]]), axis=0)
            steps[order] = (up + down) / 2
        # Squares of answers beyond 1e154 overflow, and make the errors infinite. Such rows are not explained.
        with np.errstate(over="ignore"):
            errors = of_pairs.std(axis=0, ddof=1) / np.sqrt(self.pairs)
        return Explanation(self.base, of_pairs.mean(axis=0), errors)

    def _values(self, row: Rows, masks: np.ndarray) -> np.ndarray:
        """[M, W]: for each of the `masks` [M, F], the mean answer to the background rows with the row's values where
        the mask is true."""
        width, rows = len(self.base), len(self.background)
        values, at_once = np.empty((len(masks), width)), max(1, CHUNK // rows)
        for start in range(0, len(masks), at_once):
            some = masks[start : start + at_once]
            answers = self.answer(mixtures(row, self.background, some))
            values[start : start + at_once] = answers.reshape(len(some), rows, width).mean(axis=1)
        return values


def added_in(order: np.ndarray) -> np.ndarray:
    """[F - 1, F]: masks of the first feature in the order, of the first two, and so on, without the mask of all."""
    masks = np.zeros((len(order) - 1, len(order)), dtype=bool)
    for step, feature in enumerate(order[:-1]):
        masks[step:, feature] = True
    return masks


def mixtures(row: Rows, background: Rows, masks: np.ndarray) -> Rows:
    """For each mask, the whole background with the row's values where the mask is true."""
    return Rows(
        tuple(
            np.where(mask[:, None], own, others[None]).reshape(-1)
            for mask, own, others in zip(masks.T, row.columns, background.columns, strict=True)
        )
    )
