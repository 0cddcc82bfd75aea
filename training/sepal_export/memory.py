"""How much memory a function needs that serves a model: `MemorySize` of the template.

What ONNX Runtime needs grows with what it reads, by other factors for trees than for constants. The factors were
measured in Node.js with onnxruntime-node 1.30, of models of up to 2.8 million splits (docs/exact-export.md).
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence

from sepal_export.registry import ConversionError

# Megabytes that the function needs with a model that is hardly any, at the requests that take most.
BASE = 410
# Bytes of memory for a byte of the model, at the most while the model is loaded: for a byte of trees, for one of any
# other constant, and once more for one of the largest operator.
TREES, CONSTANTS, LARGEST = 8.0, 3.0, 12.0
# What the template takes, in megabytes, and the step that numbers are rounded up to.
LEAST, MOST, STEP = 512, 10_240, 128


def memory_size(total: int, trees: Sequence[int]) -> int:
    """Megabytes for a model of `total` bytes, of which its operators of trees have those."""
    needed = TREES * sum(trees) + LARGEST * max(trees, default=0) + CONSTANTS * (total - sum(trees))
    return max(LEAST, STEP * -int(-(BASE + needed / 1e6) // STEP))


def check_memory(megabytes: int, name: str) -> None:
    if megabytes > MOST:
        raise ConversionError(
            f"a function that serves the ONNX model of {name} needs {megabytes:,} MB of memory, and {MOST:,} MB is the "
            "most that AWS Lambda has; use fewer or shallower trees, or fit it to fewer rows"
        )


def give_back() -> None:
    """Gives the system what is free of this process' memory, which the C library of Linux would keep: of a forest of
    110 MB, 240 MB after the conversion and 300 MB after the runtime has loaded it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)
