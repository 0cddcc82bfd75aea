"""The rows that a package shows with their answers: the examples of model.json, and those of golden.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sepal_export.data.canonical import contract_of
from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.predictions import OnnxModel, Predictions
from sepal_export.proof.verify import Parity, compare

GOLDEN_ROWS = 200
MAX_EXAMPLES = 5
# The golden rows have at least this many rows of each class, or all of them if the class has fewer. With more than 33
# classes the number is lower, but at least one, so that about half of the golden rows can be the first rows of all.
OF_EACH_CLASS = 3


@dataclass(frozen=True)
class Shown:
    """Rows and their answers. The first `typical` rows are good examples for people: one for each class, made of
    medians and the most frequent values, or the first training row of the class."""

    rows: Rows
    answers: Predictions
    typical: int

    def examples(self, dataset: Dataset) -> list[dict[str, Any]]:
        """The examples as model.json holds them: one row in each."""
        rows = [0] if self.answers.labels is None else self._one_of_each_class()
        return [
            {"instances": instances, "predictions": predictions}
            for instances, predictions in (self._to_json(dataset, np.array([row])) for row in rows)
        ]

    def golden(
        self, dataset: Dataset, manifest: dict[str, Any], parity: Parity, explanations: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """What golden.json holds; `explanations` are of its first rows."""
        instances, predictions = self._to_json(dataset, self._golden())
        return {
            "sha256": manifest["sha256"],
            "contract": contract_of(manifest),
            **classes_in(manifest),
            "tolerance": parity.tolerance,
            "scale": parity.scale,
            "instances": instances,
            "predictions": predictions,
            **({"explanations": explanations} if explanations else {}),
        }

    @property
    def golden_rows(self) -> Rows:
        return self.rows.take(self._golden())

    def _to_json(self, dataset: Dataset, rows: np.ndarray) -> tuple[list[list[Any]], list[dict[str, Any]]]:
        return dataset.to_json(self.rows.take(rows)), self.answers.take(rows).to_json()

    def _one_of_each_class(self) -> list[int]:
        """For each of the first five classes, its typical row or, without one, the row of which the model is surest."""
        chosen = []
        groups, certainty = self.answers.groups, self.answers.certainty
        for label in np.unique(groups)[:MAX_EXAMPLES]:
            rows = np.flatnonzero(groups == label)
            surest = certainty[rows].argmax()
            chosen.append(int(rows[0] if rows[0] < self.typical else rows[surest]))
        return chosen

    def _golden(self) -> np.ndarray:
        """The first rows, and later ones of classes that would have too few rows otherwise."""
        order, labels = np.arange(len(self.rows)), self.answers.groups
        if labels is None:
            return order[:GOLDEN_ROWS]
        classes = np.unique(labels)
        wanted = max(1, min(OF_EACH_CLASS, GOLDEN_ROWS // 2 // len(classes)))
        rank = np.zeros(len(order), dtype=int)
        for label in classes:
            rank[labels == label] = np.arange(np.count_nonzero(labels == label))
        return np.sort(np.argsort(rank >= wanted, kind="stable")[:GOLDEN_ROWS])


def answer(estimator: Any, model: OnnxModel, dataset: Dataset, rows: Rows, typical: int, parity: Parity) -> Shown:
    """Returns the rows that have an answer. The answers are the original's; if the model was allowed to differ, they
    are the model's, because the service only starts a model that gives the answers of its examples."""
    compared = compare(estimator, model, dataset, "published", rows, parity.scale, parity.tolerance)
    answers = compared.actual if parity.mismatches else compared.expected
    is_answered = np.isfinite(answers.scores).all(axis=1)
    if not is_answered.any():
        raise ValueError(
            f"{type(estimator).__name__} has no finite answer to any row that could be made of medians and ranges; "
            "set publish_training_rows=True to publish rows of X instead"
        )
    return Shown(rows.take(is_answered), answers.take(is_answered), int(is_answered[:typical].sum()))


def classes_in(manifest: dict[str, Any]) -> dict[str, Any]:
    """The classes that the answers of golden.json name; with several targets, those of each target."""
    if "classes" in manifest:
        return {"classes": manifest["classes"]}
    if manifest["task"] != "classification":
        return {}
    return {"targets": [{key: target[key] for key in ("name", "classes")} for target in manifest["targets"]]}


def training_rows(dataset: Dataset, labels: np.ndarray | None) -> tuple[Rows, int]:
    """Returns the first row of each class (by the predicted `labels`), then others taken evenly. Also returns how many
    are the first of a class."""
    first = np.array([0]) if labels is None else np.sort(np.unique(labels, return_index=True)[1])
    evenly = np.unique(np.linspace(0, len(dataset.rows) - 1, min(len(dataset.rows), GOLDEN_ROWS)).astype(int))
    return dataset.rows.take(np.concatenate([first, np.setdiff1d(evenly, first)])), len(first)
