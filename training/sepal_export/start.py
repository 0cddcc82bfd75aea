"""How long a function takes to start that serves a model. AWS Lambda gives up a start after 10 seconds.

Most of that time ONNX Runtime makes its own nodes of the trees that it reads. So the time is reckoned from the size of
the model, and not measured: it is then the same on every machine, whatever else that machine does.
"""

from __future__ import annotations

from collections.abc import Sequence

from sepal_export.registry import ConversionError

# Seconds of a whole processor until the first answer: of any model, for a megabyte of trees, and for one of all else.
# About twice what `npm run bench -- --large` measures (docs/operations.md), as Lambda's processors may be slower.
ANY, TREES, OTHER = 0.5, 0.055, 0.01
MOST = 10


def start_seconds(total: int, trees: Sequence[int]) -> float:
    """Of a model of `total` bytes, of which its operators of trees have those."""
    return ANY + (TREES * sum(trees) + OTHER * (total - sum(trees))) / 1e6


def check_start(seconds: float, name: str) -> None:
    if seconds > MOST:
        raise ConversionError(
            f"a function that serves the ONNX model of {name} may need {seconds:.1f} seconds to start, and AWS Lambda "
            f"allows {MOST}; use fewer or shallower trees, or fit it to fewer rows"
        )
