"""Has the package shap explain the original estimator, to compare its Shapley values with those of the ONNX model."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from unittest.mock import patch

import numpy as np

from sepal_export.data.dataset import Rows
from sepal_export.explain.permutations import order_of
from sepal_export.explain.shapley import Answer, Explanation, Shapley


def is_there() -> bool:
    return importlib.util.find_spec("shap") is not None


def name_and_version() -> str:
    return f"shap {shap().__version__}"


def explained_by_shap(answer: Answer, shapley: Shapley, row: Rows) -> Explanation:
    """Shap's explanation of the `answer` to a row, with the background and by the method of `shapley`."""
    codes = Codes(Rows.concat([row, shapley.background]))
    table = codes.table
    masker = shap().maskers.Independent(table[1:], max_samples=len(table) - 1)
    options = {"silent": True}
    with same_orders(shapley.features):
        if shapley.is_exact:
            explainer = shap().explainers.Exact(lambda rows: answer(codes.rows(rows)), masker)
            options["max_evals"] = 2**shapley.features
        else:
            explainer = shap().explainers.Permutation(lambda rows: answer(codes.rows(rows)), masker)
            # Shap permutes only the features in which some background row differs from the row.
            varying = int((table[:1] != table[1:]).any(axis=0).sum())
            options["max_evals"] = shapley.pairs * (2 * varying + 1)
        explained = explainer(table[:1], **options)
    base = np.reshape(explained.base_values, -1)
    return Explanation(base, np.reshape(explained.values, (shapley.features, len(base))))


@dataclass(frozen=True)
class Codes:
    """Codes values as numbers, because shap takes no strings: the code of a value is its position in its column. `rows`
    turns the codes that shap asks about back into values."""

    known: Rows

    @property
    def table(self) -> np.ndarray:
        """[N, F] float64: equal values have equal positions, and missing ones are equal."""
        return np.stack([positions(values.tolist()) for values in self.known.columns], axis=1)

    def rows(self, table: np.ndarray) -> Rows:
        places = np.asarray(table).astype(np.int64)
        return Rows(tuple(values[column] for values, column in zip(self.known.columns, places.T, strict=True)))


def positions(values: Sequence[Any]) -> np.ndarray:
    """For each value, the position of the first value that equals it."""
    first: dict[Any, int] = {}
    keys = [None if value != value else value for value in values]
    return np.array([first.setdefault(key, place) for place, key in enumerate(keys)], dtype=np.float64)


@contextmanager
def same_orders(features: int) -> Iterator[None]:
    """Makes shap use the same permutations as Shapley. Shap shuffles with numpy's global generator, so `shuffle` is
    replaced. It also seeds that generator, so the generator's state is restored for the caller of the export."""
    numbers, state = count(), np.random.get_state()

    def shuffle(kept: np.ndarray) -> None:
        order = order_of(features, next(numbers))
        kept[:] = order[np.isin(order, kept)]

    try:
        with patch.object(np.random, "shuffle", shuffle), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(state)


def shap() -> Any:
    """Imports shap only when it is needed, because the import takes seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap as package
    return package
