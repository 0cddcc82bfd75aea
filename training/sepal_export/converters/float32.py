"""Functions of float32 as the C library computes them, for originals that compute in float32."""

from __future__ import annotations

import numpy as np

from sepal_export.graphs.graph import Value

# Like expf of glibc since 2.27: e^x = 2^(k/32) * 2^(r/32), a power of two from a table and a polynomial of degree
# three, all in float64 and rounded at the end.
STEPS = 32
SLOPE = float.fromhex("0x1.71547652b82fep+0") * STEPS
CUBIC = float.fromhex("0x1.c6af84b912394p-5") / STEPS**3
SQUARE = float.fromhex("0x1.ebfce50fac4f3p-3") / STEPS**2
LINEAR = float.fromhex("0x1.62e42ff0c52d6p-1") / STEPS
# Beyond these, the result is zero or infinity in float32.
LEAST, MOST = -105.0, 90.0
LOWEST = -160


def expf(x: Value) -> Value:
    """expf of float32, with the same bits as XGBoost on Linux. Other C libraries round a few results differently, which
    moves a probability to the next float32."""
    graph = x.graph
    graph.loosen(1e-6)
    scaled = x.cast(np.float64).clip(LEAST, MOST) * SLOPE
    whole = graph.node("Round", scaled)
    rest = scaled - whole
    place = whole.cast(np.int64)
    power = graph.constant(2.0 ** (np.arange(STEPS) / STEPS)).rows(graph.node("Mod", place, np.int64(STEPS)))
    # On integers, the operator's division rounds towards zero.
    octave = graph.node("Div", place - np.int64(LOWEST * STEPS), np.int64(STEPS))
    power = power * graph.constant(2.0 ** np.arange(LOWEST, -LOWEST)).rows(octave)
    polynomial = (rest * CUBIC + SQUARE) * (rest * rest) + (rest * LINEAR + 1.0)
    return (polynomial * power).cast(np.float32)
