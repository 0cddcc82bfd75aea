"""feature_engine's RelativeFeatures: an operation of pandas on two columns of a row."""

from __future__ import annotations

from typing import Any

from sepal_export.converters.feature_engine.frames import Frame, Name
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts

DIVISIONS = {"div", "truediv", "floordiv", "mod"}


@converts("feature_engine.RelativeFeatures")
def relative_features(estimator: Any, table: Table) -> Table:
    frame = Frame(estimator, table)
    if estimator.missing_values == "raise":
        frame.require([*estimator.variables_, *estimator.reference], finite=True)
    for operation in estimator.func:
        for reference in estimator.reference:
            values = [related(estimator, frame, operation, name, reference) for name in estimator.variables]
            names = [f"{name}_{operation}_{reference}" for name in estimator.variables]
            frame.put(names, frame.graph.concat(values))
    if estimator.drop_original:
        frame.drop([*estimator.variables, *estimator.reference])
    return frame.table()


def related(estimator: Any, frame: Frame, operation: str, name: Name, reference: Name) -> Value:
    """[N, 1]. Division by zero is refused, or gives the value that the estimator fills in."""
    graph, x, other = frame.graph, frame.numbers([name]), frame.numbers([reference])
    value = OPERATIONS[operation](x, other)
    if operation in DIVISIONS:
        is_zero = other.equals(0.0)
        if estimator.fill_value is None:
            graph.refuse(is_zero)
            return value
        return graph.where(is_zero, float(estimator.fill_value), value)
    largest = frame.largest_whole([name, reference])
    if largest is not None:
        # Integers overflow beyond the largest one, and have no negative powers.
        graph.refuse(value.abs() >= float(largest))
        if operation == "pow":
            graph.refuse(other < 0.0)
    return value


def divided(x: Value, other: Value) -> tuple[Value, Value]:
    """The quotient before rounding to an integer, and the remainder with the sign of the divisor, as in Python. The
    remainder of the ONNX operator has the sign of x."""
    graph = x.graph
    rest = graph.node("Mod", x, other, fmod=1)
    quotient = (x - rest) / other
    is_of_other_sign = (rest < 0.0) & (other > 0.0) | (rest > 0.0) & (other < 0.0)
    return graph.where(is_of_other_sign, quotient - 1.0, quotient), graph.where(is_of_other_sign, rest + other, rest)


def remainder(x: Value, other: Value) -> Value:
    return divided(x, other)[1]


def whole_quotient(x: Value, other: Value) -> Value:
    """The quotient rounded to the nearest integer."""
    quotient = divided(x, other)[0]
    floor = x.graph.node("Floor", quotient)
    return x.graph.where(quotient - floor > 0.5, floor + 1.0, floor)


OPERATIONS = {
    "add": Value.__add__,
    "div": Value.__truediv__,
    "floordiv": whole_quotient,
    "mod": remainder,
    "mul": Value.__mul__,
    "pow": Value.__pow__,
    "sub": Value.__sub__,
    "truediv": Value.__truediv__,
}
