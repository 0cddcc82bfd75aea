"""The explanations of a package: their background, those of golden rows, and how they were proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sepal_export.conversion.convert import Conversion
from sepal_export.data.dataset import Rows
from sepal_export.data.outputs import Outputs
from sepal_export.data.predictions import OnnxModel
from sepal_export.explain.background import Background
from sepal_export.explain.effort import budget_of, cost_of, explained_of
from sepal_export.explain.importance import importance_of
from sepal_export.explain.proven import Proof
from sepal_export.explain.shapley import EXACT, Explanation, Shapley
from sepal_export.files import BACKGROUND, digest, to_json
from sepal_export.progress import Progress


@dataclass(frozen=True)
class Explained:
    """`described` is what model.json says of explanations, `file` the bytes of background.json, and `golden` the
    explanations that golden.json holds."""

    described: dict[str, Any]
    file: bytes
    golden: dict[str, Any]


def explain(
    model: OnnxModel, conversion: Conversion, golden: Rows, background: Background, proof: Proof, progress: Progress
) -> Explained | None:
    """Explains the first of the `golden` rows, as many as do not take long. Returns None if no explanations are wanted,
    if the answers have no number, if there are no background rows, or if the first row cannot be explained."""
    if background.count == 0 or conversion.outputs.numbers is None:
        return None
    progress.begin("explaining")
    cost = cost_of(conversion)
    budget = budget_of(cost)
    rows = background.rows(model, conversion, budget)
    if not len(rows):
        return None
    shapley = Shapley(model.last_output, rows, budget)
    some = golden.take(np.arange(min(len(golden), explained_of(cost, shapley.rows))))
    explanations = list(explained_first(shapley, some, progress))
    if not explanations:
        return None
    progress.begin("comparing explanations")
    dataset, outputs = conversion.dataset, conversion.outputs
    file = to_json({"instances": dataset.to_json(rows)})
    described = {
        "file": BACKGROUND,
        "sha256": digest(file),
        "rows": len(rows),
        "origin": background.origin,
        "budget": budget,
        "importance": importance_of(explanations, outputs.column_names, [feature.name for feature in dataset.features]),
        "parity": proof.of(conversion, shapley, some, explanations),
    }
    return Explained(described, file, to_golden(shapley, explanations, outputs))


def explained_first(shapley: Shapley, rows: Rows, progress: Progress) -> Iterator[Explanation]:
    """Explains the rows in order. Stops at the first row with a contribution or standard error that is not finite,
    because the model gives a mixture of it no finite answer, or one whose square overflows."""
    for place in range(len(rows)):
        explanation = shapley.explain(rows.take(np.array([place])))
        numbers = explanation.contributions if explanation.errors is None else explanation.errors
        if not np.isfinite(numbers).all():
            return
        yield explanation
        progress.update("explaining", place + 1, len(rows))


def to_golden(shapley: Shapley, explanations: Sequence[Explanation], outputs: Outputs) -> dict[str, Any]:
    """What golden.json holds. Each number of an answer has its base, and its contributions in the order of the
    features."""
    method = {"method": shapley.method} | ({} if shapley.method == EXACT else {"permutations": shapley.pairs})
    return {**method, "rows": [to_document(explanation, outputs.column_names) for explanation in explanations]}


def to_document(explanation: Explanation, numbers: Sequence[str]) -> dict[str, Any]:
    document = {
        "base": dict(zip(numbers, explanation.base.tolist(), strict=True)),
        "contributions": dict(zip(numbers, explanation.contributions.T.tolist(), strict=True)),
    }
    if explanation.errors is None:
        return document
    return {**document, "standard_errors": dict(zip(numbers, explanation.errors.T.tolist(), strict=True))}
