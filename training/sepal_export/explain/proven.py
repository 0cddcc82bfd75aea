"""That the explanations are those of the original: shap computes them of it, and of no ONNX model."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from joblib import parallel_config

from sepal_export.convert import Conversion
from sepal_export.dataset import Rows
from sepal_export.explain import against_shap
from sepal_export.explain.shapley import Answer, Explanation, Shapley
from sepal_export.predictions import first_line, numbers_of
from sepal_export.verify import Parity, ParityError, errors_of, round_up_to_decade

TOLERANCE = 1e-9


class Original:
    """Answers mixtures as the estimator does, and remembers whether it answered any of them by chance."""

    def __init__(self, estimator: Any, conversion: Conversion) -> None:
        self._estimator = estimator
        self._conversion = conversion
        self.was_in_doubt = False

    def __call__(self, rows: Rows) -> np.ndarray:
        doubts = self._conversion.doubts
        self.was_in_doubt |= doubts is not None and bool(doubts(rows).any())
        with warnings.catch_warnings(), parallel_config(backend="sequential"):
            # On unknown categories, which are meant.
            warnings.simplefilter("ignore")
            X = self._conversion.dataset.for_original(rows)
            return numbers_of(self._estimator, X, self._conversion.outputs)


def prove(
    estimator: Any,
    conversion: Conversion,
    shapley: Shapley,
    rows: Rows,
    explanations: Sequence[Explanation],
    parity: Parity,
    *,
    allow_mismatch: bool,
) -> dict[str, Any] | None:
    """Compares the `explanations` of the first `rows` with shap's of the original; None where shap is not installed, or
    each row has a mixture that the original answers by chance. Raises ParityError where they differ, unless that is
    allowed."""
    if not against_shap.is_there():
        return None
    errors = []
    for place, explanation in enumerate(explanations):
        original = Original(estimator, conversion)
        expected = of_shap(original, shapley, rows.take(np.array([place])))
        if not original.was_in_doubt:
            errors.append(error_of(expected, explanation, parity.scale))
    if not errors:
        return None
    largest = max(errors)
    # A contribution is a difference of two answers.
    allowed = TOLERANCE if parity.tolerance <= TOLERANCE else 2 * parity.tolerance
    if not (largest <= allowed or allow_mismatch):
        raise ParityError(
            f"the explanations of the ONNX model differ from those that shap makes of the original by {largest:.3g} of "
            f"the largest answer, where {allowed:g} is allowed"
        )
    against = against_shap.name_and_version()
    described = {"rows": len(errors), "method": shapley.method, "against": against}
    return {**described, "largest_error": round_up_to_decade(largest)}


def of_shap(original: Answer, shapley: Shapley, row: Rows) -> Explanation:
    try:
        return against_shap.explained_by_shap(original, shapley, row)
    except Exception as error:  # whatever an original raises, or the user's own Python in it
        raise ParityError(f"shap cannot explain what the original answers: {first_line(error)}") from error


def error_of(expected: Explanation, actual: Explanation, scale: float) -> float:
    """As a share of the scale."""
    pairs = ((expected.base[None], actual.base[None]), (expected.contributions, actual.contributions))
    return float(max(errors_of(*pair, scale).max() for pair in pairs))
