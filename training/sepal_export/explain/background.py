"""The rows that stand for the training data in explanations: a feature outside of a coalition takes its values from
them.

With --publish-training-rows, they are training rows. Otherwise they are made like the golden rows, from what model.json
says of each feature and from medians: many rows are made, and those are chosen whose answers are distributed like the
answers to the training data. So the base of an explanation is near the model's mean answer to real rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sepal_export.conversion.convert import Conversion
from sepal_export.data.dataset import Rows
from sepal_export.data.predictions import OnnxModel, Predictions
from sepal_export.explain.effort import background_of
from sepal_export.proof.made import Maker

MADE, TRAINING = "made", "training"
# The most rows of a background, because the service reads all of it into memory.
MOST_ROWS = 1_000
# The number of rows that are made of each kind.
POOL = 1_000
# The most classes for which typical rows are made.
TYPICAL = 200


@dataclass(frozen=True)
class Background:
    """`answers` are those to the training data. Without a `maker`, training rows are taken. `count` is how many rows
    the caller wants; 0 means no explanations, None leaves the number to the budget."""

    answers: Predictions
    maker: Maker | None = None
    count: int | None = None

    @property
    def origin(self) -> str:
        return MADE if self.maker else TRAINING

    def rows(self, model: OnnxModel, conversion: Conversion, budget: int) -> Rows:
        """Rows to which the model's answer is finite, without those that the original answers by chance (see
        proof/doubts.py). There may be none."""
        count = self.count or background_of(len(conversion.dataset.features), budget)
        wanted = evenly(self.answers, count)
        training = conversion.dataset.rows
        pool = unlike(training, made_rows(self.maker, self.answers)) if self.maker else training.take(np.unique(wanted))
        numbers = model.last_output(pool)
        usable = np.isfinite(numbers).all(axis=1)
        if conversion.doubts:
            usable &= ~conversion.doubts(pool)
        pool, numbers = pool.take(usable), numbers[usable]
        return pool.take(nearest(self.answers.scores[wanted], numbers, scale_of(self.answers))) if self.maker else pool


def made_rows(maker: Maker, answers: Predictions) -> Rows:
    """Rows with independent columns, and mixtures of such rows with typical rows of each class. A class has as large a
    share of the mixtures as of `answers`, the answers to the training data."""
    groups = np.zeros(len(answers.scores), dtype=int) if answers.groups is None else answers.groups
    classes, counts = np.unique(groups, return_counts=True)
    typical = Rows.concat([maker.typical(groups == each) for each in classes[:TYPICAL]])
    owners = np.repeat(np.arange(len(typical)), np.ceil(counts[:TYPICAL] / len(groups) * POOL).astype(int))
    return Rows.concat([maker.independent(POOL), maker.mixed(typical.take(owners), POOL)])


def unlike(training: Rows, rows: Rows) -> Rows:
    """Leaves out made rows that equal a training row, unless more than half do, as with few columns of few values."""
    is_unlike = ~np.isin(hashes(rows), hashes(training))
    return rows.take(is_unlike) if is_unlike.sum() >= len(rows) / 2 else rows


def hashes(rows: Rows) -> np.ndarray:
    return pd.util.hash_pandas_object(pd.DataFrame(dict(enumerate(rows.columns))), index=False).to_numpy()


def nearest(wanted: np.ndarray, pool: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """For each of the `wanted` answers [B, W], the position of the nearest answer in `pool` [P, W] that is not taken
    yet. Fewer positions if the pool is smaller. `scale` [W] makes the columns comparable."""
    is_left, chosen = np.ones(len(pool), dtype=bool), []
    # In random order: the last ones only get what is left, and these must not always be the largest answers.
    for one in np.random.default_rng(0).permutation(len(wanted))[: len(pool)]:
        distances = (((wanted[one] - pool) / scale) ** 2).sum(axis=1)
        place = int(np.where(is_left, distances, np.inf).argmin())
        is_left[place] = False
        chosen.append(place)
    return np.array(chosen, dtype=int)


def evenly(answers: Predictions, count: int) -> np.ndarray:
    """Positions of `count` answers, taken evenly in their order: by size, or by class and, in a class, by certainty. If
    there are fewer answers, some occur more than once."""
    first = answers.scores[:, 0]
    keys = (first,) if answers.groups is None else (first, answers.certainty, answers.groups)
    order = np.lexsort(keys)
    return order[((np.arange(count) + 0.5) * len(order) / count).astype(int)]


def scale_of(answers: Predictions) -> np.ndarray:
    """[W]: the deviations of the numbers, or the largest number where their squares are too large for float64."""
    with np.errstate(over="ignore"):
        deviations = answers.scores.std(axis=0)
    largest = np.abs(answers.scores).max(axis=0)
    return np.where(deviations > 0, np.where(np.isfinite(deviations), deviations, largest), 1.0)
