"""Estimates the start time of a function that serves a model. AWS Lambda aborts a start after 10 seconds.

ONNX Runtime spends most of a long start on building its own nodes from the trees, so the time grows with the size of
the trees. It is computed from the sizes in the model rather than measured, so that it is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

from sepal_export.estimators import ConversionError

# Seconds of a whole processor until the first answer: for any model, per megabyte of trees, and per megabyte of the
# rest. About twice what `npm run bench -- --large` measures (docs/operations.md), because Lambda's processors may be
# slower.
ANY, TREES, OTHER = 0.5, 0.055, 0.01
MOST = 10


def start_seconds(total: int, trees: Sequence[int]) -> float:
    """Seconds for a model of `total` bytes, whose tree operators have the sizes `trees`."""
    return ANY + (TREES * sum(trees) + OTHER * (total - sum(trees))) / 1e6


def check_start(seconds: float, name: str) -> None:
    if seconds > MOST:
        raise ConversionError(
            f"a function that serves the ONNX model of {name} may need {seconds:.1f} seconds to start, and AWS Lambda "
            f"allows {MOST}; use fewer or shallower trees, or fit the estimator to fewer rows"
        )
