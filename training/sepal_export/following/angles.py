"""Angles. The runtime has no operators for them in float64."""

from __future__ import annotations

import numpy as np

from sepal_export.graphs.graph import OTHERWISE, Value


def arctan(x: Value) -> Value:
    """arctan in float64, which the runtime does not have. The half-angle formula, applied three times, reduces the
    angle to an eighth, for which the remainder of the series is below the last digit."""
    graph = x.graph
    size = x.abs()
    is_large = size > 1.0
    y = graph.where(is_large, 1.0 / graph.where(is_large, size, 1.0), size)
    for _ in range(3):
        y = y / ((y * y + 1.0).sqrt() + 1.0)
    square, total = y * y, graph.constant(np.float64(0.0))
    for power_ in range(19, 0, -2):
        total = total * square + (1.0 if power_ % 4 == 1 else -1.0) / power_
    angle = y * total * 8.0
    angle = graph.where(is_large, np.pi / 2 - angle, angle)
    return graph.mark(graph.where(x < 0.0, -angle, angle), OTHERWISE)


def arctan2(y: Value, x: Value) -> Value:
    """arctan2, in which zeros have signs, and two infinite numbers have an angle."""
    graph = y.graph
    height, width = y.abs(), x.abs()
    is_alike = height.equals(width)
    angle = arctan(graph.where(is_alike, graph.node("Sign", height), height / width))
    angle = graph.where(is_below(x), np.pi - angle, angle)
    return graph.mark(graph.where(is_below(y), -angle, angle), OTHERWISE)


def is_below(x: Value) -> Value:
    """Whether the sign is negative, also for -0.0."""
    return (x < 0.0) | ((1.0 / x) < 0.0)


def arcsin(x: Value) -> Value:
    return arctan2(x, ((1.0 - x) * (x + 1.0)).sqrt())


def arccos(x: Value) -> Value:
    return arctan2(((1.0 - x) * (x + 1.0)).sqrt(), x)


def hypot(a: Value, b: Value) -> Value:
    """Computed as the larger number times a root, because the square of the larger number could be infinite."""
    graph = a.graph
    a, b = a.abs(), b.abs()
    large, small = graph.where(a > b, a, b), graph.where(a > b, b, a)
    share = small / graph.where(large.equals(0.0), 1.0, large)
    is_infinite = graph.node("IsInf", a) | graph.node("IsInf", b)
    made = graph.where(is_infinite, np.inf, large * (share * share + 1.0).sqrt())
    return graph.mark(made, OTHERWISE)
