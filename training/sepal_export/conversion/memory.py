"""Estimates the memory of a function that serves a model: `MemorySize` of the template.

The memory of ONNX Runtime grows with the model, with different factors for trees and constants. They were measured in
Node.js with onnxruntime-node 1.30, on models of up to 2.8 million splits. docs/exact-export.md has the formula.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence

from sepal_export.estimators import ConversionError

# Megabytes that the function needs with a tiny model, for the most demanding requests.
BASE = 410
# Peak bytes of memory per byte of the model while it is loaded: for trees, for other constants, and additionally for
# the largest tree operator.
TREES, CONSTANTS, LARGEST = 8.0, 3.0, 12.0
# The least and the most megabytes that the template accepts, and the step to round up to.
LEAST, MOST, STEP = 512, 10_240, 128


def memory_size(total: int, trees: Sequence[int]) -> int:
    """Megabytes for a model of `total` bytes, whose tree operators have the sizes `trees`."""
    needed = TREES * sum(trees) + LARGEST * max(trees, default=0) + CONSTANTS * (total - sum(trees))
    return max(LEAST, STEP * -int(-(BASE + needed / 1e6) // STEP))


def check_memory(megabytes: int, name: str) -> None:
    if megabytes > MOST:
        raise ConversionError(
            f"a function that serves the ONNX model of {name} needs {megabytes:,} MB of memory, and {MOST:,} MB is the "
            "most that AWS Lambda has; use fewer or shallower trees, or fit the estimator to fewer rows"
        )


def give_back() -> None:
    """Returns free memory of this process to the system. The C library of Linux would keep it: for a forest of 110 MB,
    240 MB after the conversion and 300 MB after the runtime has loaded it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)
