"""Proves the explanations: shap explains the original, and the ONNX model's explanations must be the same."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import parallel_config

from sepal_export.conversion.convert import Conversion
from sepal_export.data.dataset import Rows
from sepal_export.data.predictions import first_line, numbers_of
from sepal_export.explain import against_shap
from sepal_export.explain.shapley import Explanation, Shapley
from sepal_export.proof.points import Points
from sepal_export.proof.verify import Parity, ParityError, errors_of, round_up_to_decade

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Proof:
    """Compares explanations with shap's. `estimator` is the original, or None if there is none. `parity` says how close
    the ONNX model's answers are to the original's."""

    estimator: Any
    parity: Parity
    allow_mismatch: bool

    @property
    def tolerance(self) -> float:
        """The largest error of a contribution, as a share of the scale. A contribution is a mean of differences between
        two answers, so its error can be twice that of an answer."""
        return TOLERANCE if self.parity.tolerance <= TOLERANCE else 2 * self.parity.tolerance

    def of(
        self, conversion: Conversion, shapley: Shapley, rows: Rows, explanations: Sequence[Explanation]
    ) -> dict[str, Any] | None:
        """Compares the `explanations` of the first `rows` with shap's explanations of the original. Leaves out a row
        that differs if the original answers one of its mixtures by chance. Returns what model.json says of the
        comparison, or None if there is no original or shap is not installed. Raises ParityError if another row
        differs, unless that is allowed, and if shap cannot explain the original."""
        if self.estimator is None or not against_shap.is_there():
            return None
        original, errors = Original(self.estimator, conversion), []
        for place, explanation in enumerate(explanations):
            row = rows.take(np.array([place]))
            error = error_of(by_shap(original, shapley, row), explanation, self.parity.scale)
            if error <= self.tolerance or self.allow_mismatch:
                errors.append(error)
            elif not original.answers_by_chance(lambda watched, row=row: by_shap(watched, shapley, row)):
                raise ParityError(
                    "the explanations of the ONNX model differ from those that shap makes of the original by "
                    f"{error:.3g} of the largest answer, where {self.tolerance:g} is allowed"
                )
        described = {"rows": len(errors), "method": shapley.method, "against": against_shap.name_and_version()}
        return {**described, "largest_error": round_up_to_decade(max(errors, default=0.0))}


class Original:
    """Gives the estimator's numbers [N, W] for rows."""

    def __init__(self, estimator: Any, conversion: Conversion) -> None:
        self._estimator = estimator
        self._conversion = conversion

    def __call__(self, rows: Rows) -> np.ndarray:
        with warnings.catch_warnings(), parallel_config(backend="sequential"):
            # Silences warnings about unknown categories, which mixtures may hold on purpose.
            warnings.simplefilter("ignore")
            X = self._conversion.dataset.for_original(rows)
            return numbers_of(self._estimator, X, self._conversion.outputs)

    def answers_by_chance(self, ask: Callable[[Callable[[Rows], np.ndarray]], Any]) -> bool:
        """Whether chance, for example rounding errors, decides the original's answer to any row that `ask` asks about.
        `ask` gets a function that answers rows."""
        conversion, found = self._conversion, []
        points = Points(conversion.dataset, conversion.known, doubts=conversion.doubts, rounding=conversion.rounding)
        points.find_edges(conversion.outline, conversion.splits)

        def watched(rows: Rows) -> np.ndarray:
            found.append(len(points.decided(rows)) < len(rows))
            return self(rows)

        ask(watched)
        return any(found)


def by_shap(answer: Callable[[Rows], np.ndarray], shapley: Shapley, row: Rows) -> Explanation:
    try:
        return against_shap.explained_by_shap(answer, shapley, row)
    except Exception as error:  # whatever an original raises, or the user's own Python in it
        raise ParityError(f"shap cannot explain what the original answers: {first_line(error)}") from error


def error_of(expected: Explanation, actual: Explanation, scale: float) -> float:
    """The largest error of the base or of a contribution, as a share of the scale."""
    pairs = ((expected.base[None], actual.base[None]), (expected.contributions, actual.contributions))
    return float(max(errors_of(*pair, scale).max() for pair in pairs))
