"""The rows that stand for the training data in explanations: a feature that is not told yet has their values.

They are made, as the golden rows are, of what model.json says of each feature, and of medians. Of many made ones those
are taken whose answers lie as the answers to the training data do, so that the base of an explanation is the model's
mean answer, and not one to rows that nobody has.
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
# What a package holds of it at most: it is read whole.
MOST_ROWS = 1_000
# Of each kind, so many are made.
POOL = 1_000
# Of classes, so many have typical rows.
TYPICAL = 200


@dataclass(frozen=True)
class Background:
    """`answers` are those to the training data. Without a `maker`, rows of it stand for themselves. `count` is how many
    rows are wanted, where somebody says it; 0 of no explanations."""

    answers: Predictions
    maker: Maker | None = None
    count: int | None = None

    @property
    def origin(self) -> str:
        return MADE if self.maker else TRAINING

    def rows(self, model: OnnxModel, conversion: Conversion, budget: int) -> Rows:
        """Those that the model answers, and the original not by chance. There may be none."""
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
    """Rows whose columns are independent, and mixtures of those with typical ones of the classes, each as often as it
    is predicted. `answers` are those to the training data."""
    groups = np.zeros(len(answers.scores), dtype=int) if answers.groups is None else answers.groups
    classes, counts = np.unique(groups, return_counts=True)
    typical = Rows.concat([maker.typical(groups == each) for each in classes[:TYPICAL]])
    owners = np.repeat(np.arange(len(typical)), np.ceil(counts[:TYPICAL] / len(groups) * POOL).astype(int))
    return Rows.concat([maker.independent(POOL), maker.mixed(typical.take(owners), POOL)])


def unlike(training: Rows, rows: Rows) -> Rows:
    """Of made rows those that nobody's row is equal to, unless columns are so few and coarse that most are."""
    is_unlike = ~np.isin(hashes(rows), hashes(training))
    return rows.take(is_unlike) if is_unlike.sum() >= len(rows) / 2 else rows


def hashes(rows: Rows) -> np.ndarray:
    return pd.util.hash_pandas_object(pd.DataFrame(dict(enumerate(rows.columns))), index=False).to_numpy()


def nearest(wanted: np.ndarray, pool: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Positions in `pool` [P, W]: for each of the `wanted` answers [B, W], the nearest one that is not taken yet; fewer
    where the pool is smaller. `scale` [W] makes the numbers alike."""
    is_left, chosen = np.ones(len(pool), dtype=bool), []
    # None comes first always: the last ones get what is left.
    for one in np.random.default_rng(0).permutation(len(wanted))[: len(pool)]:
        distances = (((wanted[one] - pool) / scale) ** 2).sum(axis=1)
        place = int(np.where(is_left, distances, np.inf).argmin())
        is_left[place] = False
        chosen.append(place)
    return np.array(chosen, dtype=int)


def evenly(answers: Predictions, count: int) -> np.ndarray:
    """Positions of so many answers, taken evenly from the smallest to the largest: by class, and of a class by how sure
    it is. Where there are fewer answers, some are taken again."""
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
