"""Angles of sines, which onnxruntime has in float32 alone."""

from __future__ import annotations

import numpy as np

from sepal_export.converters.quantiles import polynomial
from sepal_export.graph import Value

# (arcsin(x) - x) / x³ as a rational function of x², for x below a half: that of C libraries since fdlibm; the highest
# power first.
ABOVE = (
    3.47933107596021167570e-05, 7.91534994289814532176e-04, -4.00555345006794114027e-02, 2.01212532134862925881e-01,
    -3.25565818622400915405e-01, 1.66666666666666657415e-01,
)  # fmt: skip
BELOW = (
    7.70381505559019352791e-02, -6.88283971605453293030e-01, 2.02094576023350569471e00, -2.40339491173441421878e00, 1.0,
)  # fmt: skip


def arcsin(x: Value) -> Value:
    """NaN beyond 1. Above a half it is that of half the way to 1, from the other side."""
    graph, size = x.graph, x.abs()
    is_small = size < 0.5
    rest = (1.0 - size) * 0.5
    square = graph.where(is_small, size * size, rest)
    slope = square * polynomial(square, *ABOVE) / polynomial(square, *BELOW)
    root = rest.sqrt()
    large = np.pi / 2 - (root + root * slope) * 2.0
    return graph.node("Sign", x) * graph.where(is_small, size + size * slope, large)
