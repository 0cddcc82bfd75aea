"""What is computed of cells, element by element, as numpy and pandas compute it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from sepal_export.converters import functions
from sepal_export.following.cells import BOOL, DTYPES, FLOAT, INT, NUMBERS, SPAN, TEXT, TIME, Cell, lifted
from sepal_export.following.domains import carried
from sepal_export.following.forks import refuse_here
from sepal_export.following.refusal import NotFollowed
from sepal_export.graph import Graph, Value

Element = Callable[..., Cell]


def graph_of(*operands: Any) -> Graph:
    return next(operand.graph for operand in operands if isinstance(operand, Cell))


def cells_of(*operands: Any) -> list[Cell]:
    """Constants become cells."""
    graph = graph_of(*operands)
    return [operand if isinstance(operand, Cell) else lifted(graph, operand) for operand in operands]


def to(cell: Cell, kind: str) -> Cell:
    """What `astype` makes of it. Of a number that is none, or infinite, there is no whole number: the row is refused."""
    if cell.kind == kind:
        return cell
    if cell.domain is not None and kind in NUMBERS and not np.isnan(cell.domain.images.astype(float)).any():
        domain = cell.domain
        images = replace(domain, images=domain.images.astype(DTYPES[kind]))
        plain = to(Cell(cell.value, cell.kind), kind)
        return Cell(plain.value, kind, domain=images)
    value, graph = cell.value, cell.graph
    match (cell.kind, kind):
        case ("bool", "int"):
            return Cell(value.cast(np.int64), INT)
        case ("bool" | "int", "float"):
            return Cell(value.cast(np.float64), FLOAT)
        case ("float", "int"):
            is_none = ~((value - value).equals(0.0))
            refuse_here(is_none)
            return Cell(graph.where(is_none, 0.0, value).cast(np.int64), INT)
        case ("float", "bool"):
            return Cell(~value.equals(0.0), BOOL)
        case ("int", "bool"):
            return Cell(~value.equals(np.int64(0)), BOOL)
        case ("int" | "bool", "text"):
            return as_text(cell)
        case ("span" | "time", "int"):
            return to(Cell(value, FLOAT), INT)
    raise NotFollowed(f"it makes a {kind} of a {cell.kind}")


def as_text(cell: Cell) -> Cell:
    """As Python writes it."""
    if cell.kind == INT:
        return Cell(cell.graph.node("Cast", cell.value, to=8), TEXT)
    return where(cell, "True", "False")


def is_true(cell: Cell) -> Cell:
    if cell.kind == TEXT:
        return ELEMENTS["not_equal"](cell, "")
    if cell.kind not in NUMBERS:
        raise NotFollowed(f"it asks for the truth of a {cell.kind}")
    return to(cell, BOOL)


def common(*cells: Cell) -> tuple[str, list[Cell]]:
    """Numbers of the kind that holds all of them."""
    kinds = {cell.kind for cell in cells}
    if not kinds <= set(NUMBERS):
        raise NotFollowed(f"it computes with {' and '.join(sorted(kinds))}")
    kind = max(kinds, key=NUMBERS.index)
    return kind, [to(cell, kind) for cell in cells]


def where(condition: Any, then: Any, otherwise: Any) -> Cell:
    """As np.where has it, and Series.where."""
    condition, then, otherwise = cells_of(condition, then, otherwise)
    condition = to(condition, BOOL)
    pair = {then.kind, otherwise.kind}
    is_nullable = then.is_nullable or otherwise.is_nullable
    if TEXT in pair and pair != {TEXT}:
        raise NotFollowed("it answers a string for one row and a number for another")
    if pair & {TIME, SPAN} and len(pair) > 1:
        raise NotFollowed(f"it answers {' and '.join(sorted(pair))}")
    kind, pair = (then.kind, [then, otherwise]) if len(pair) == 1 else common(then, otherwise)
    return Cell(choice(condition.value, kind, *(cell.value for cell in pair)), kind, is_nullable=is_nullable)


def choice(condition: Value, kind: str, then: Value, otherwise: Value) -> Value:
    if kind != BOOL:
        return condition.graph.where(condition, then, otherwise)
    return (condition & then) | (~condition & otherwise)


def arithmetic(name: str, of_floats: Callable[[Value, Value], Value], of_ints: Callable | None = None) -> Element:
    """Of whole numbers as numpy computes them in int64, where `of_ints` says how."""

    def element(first: Any, second: Any) -> Cell:
        first, second = cells_of(first, second)
        if {first.kind, second.kind} & {TEXT, TIME, SPAN}:
            return of_times_and_texts(name, first, second)
        kind, (first, second) = common(first, second)
        if kind == BOOL and name in ("add", "multiply"):
            both = first.value | second.value if name == "add" else first.value & second.value
            return Cell(both, BOOL)
        if kind == BOOL and name == "subtract":
            raise NotFollowed("numpy subtracts no flags", "make numbers of them with astype(int)")
        if kind == FLOAT or of_ints is None:
            return Cell(of_floats(to(first, FLOAT).value, to(second, FLOAT).value), FLOAT)
        return of_ints(to(first, INT).value, to(second, INT).value)

    return element


def of_times_and_texts(name: str, first: Cell, second: Cell) -> Cell:
    """Sums of strings, and what may be computed with times and spans."""
    kinds, a, b = (first.kind, second.kind), first.value, second.value
    match (name, *kinds):
        case ("add", "text", "text"):
            together = a.graph.node("StringConcat", a, b)
            lacks = [is_missing(cell).value for cell in (first, second) if cell.is_nullable]
            value = a.graph.where(reduce(lambda x, y: x | y, lacks), TEXT_MISSING, together) if lacks else together
            return Cell(value, TEXT, is_nullable=bool(lacks))
        case ("subtract", "time", "time"):
            return Cell(a - b, SPAN)
        case ("add", "time", "span") | ("add", "span", "time"):
            return Cell(a + b, TIME)
        case ("subtract", "time", "span"):
            return Cell(a - b, TIME)
        case ("add", "span", "span"):
            return Cell(a + b, SPAN)
        case ("subtract", "span", "span"):
            return Cell(a - b, SPAN)
        case ("divide", "span", "span"):
            return Cell(a / b, FLOAT)
        case ("floor_divide", "span", "span"):
            return Cell(floor_divided(a, b), FLOAT)
    if kinds[0] == SPAN and kinds[1] in NUMBERS and name in ("divide", "multiply"):
        other = to(second, FLOAT).value
        # A span holds whole units; what is cut off below a microsecond is a nanosecond in the original.
        return Cell(a / other if name == "divide" else a * other, SPAN)
    raise NotFollowed(f"it computes {name} of {kinds[0]} and {kinds[1]}")


TEXT_MISSING = np.array("", dtype=object)


def floor_divided(a: Value, b: Value) -> Value:
    """Of float64, as numpy has it: by the remainder, so that no rounding counts one too many."""
    graph = a.graph
    quotient = (a - remainder(a, b)) / b
    whole = graph.node("Floor", quotient)
    nearest = graph.where((quotient - whole) > 0.5, whole + 1.0, whole)
    return graph.where(b.equals(0.0), a / b, nearest)


def remainder(a: Value, b: Value) -> Value:
    """Of float64, with the sign of the divisor."""
    graph = a.graph
    rest = graph.node("Mod", a, b, fmod=1)
    is_other = ~rest.equals(0.0) & ((b < 0.0) & (rest > 0.0) | (b > 0.0) & (rest < 0.0))
    return graph.where(is_other, rest + b, rest)


def whole_floor_divided(a: Value, b: Value) -> Cell:
    """Of int64. By zero pandas answers infinity, or NaN for zero itself; the runtime would end the process."""
    graph = a.graph
    is_zero = b.equals(np.int64(0))
    safe = graph.where(is_zero, np.int64(1), b)
    quotient = graph.node("Div", a - graph.node("Mod", a, safe), safe)
    if is_constant(b):
        return Cell(quotient, INT)
    return Cell(graph.where(is_zero, a.cast(np.float64) / 0.0, quotient.cast(np.float64)), FLOAT)


def whole_remainder(a: Value, b: Value) -> Cell:
    graph = a.graph
    is_zero = b.equals(np.int64(0))
    rest = graph.node("Mod", a, graph.where(is_zero, np.int64(1), b))
    return Cell(rest, INT) if is_constant(b) else Cell(graph.where(is_zero, np.nan, rest.cast(np.float64)), FLOAT)


def is_constant(value: Value) -> bool:
    return any(value.name == tensor.name for tensor in value.graph.tensors)


def power(base: Any, exponent: Any) -> Cell:
    """numpy has ways of its own for some exponents, whose last digits differ from the others'."""
    if not isinstance(exponent, Cell) and isinstance(base, Cell):
        number = float(exponent)
        if number in (1.0, 2.0, 3.0) and (number < 3 or base.kind == INT):
            return reduce(ELEMENTS["multiply"], [to(base, INT) if base.kind == BOOL else base] * int(number))
        if base.kind in (BOOL, INT) and isinstance(exponent, int | np.integer) and exponent > 3:
            return reduce(ELEMENTS["multiply"], [to(base, INT)] * int(exponent))
        if number == 0.5:
            return Cell(to(base, FLOAT).value.sqrt(), FLOAT)
        if number == -1.0:
            return Cell(1.0 / to(base, FLOAT).value, FLOAT)
    base, exponent = (to(cell, FLOAT).value for cell in cells_of(base, exponent))
    return Cell(base**exponent, FLOAT)


def comparison(name: str, compare: Callable[[Value, Value], Value], *, of_missing: bool = False) -> Element:
    """`of_missing` is what it answers where one of the two is missing."""

    def element(first: Any, second: Any) -> Cell:
        first, second = cells_of(first, second)
        if {first.kind, second.kind} <= set(NUMBERS):
            kind, (first, second) = common(first, second)
            if kind == BOOL:
                first, second = to(first, INT), to(second, INT)
            tell(first, second)
            return Cell(compare(first.value, second.value), BOOL)
        if first.kind != second.kind and {first.kind, second.kind} == {TIME, TEXT}:
            raise NotFollowed("it compares a time with a string", "compare it with pd.Timestamp('2024-01-01')")
        if first.kind != second.kind:
            # No string is a number.
            return same_for_all(first, second, name == "not_equal")
        if first.kind != TEXT:
            tell(first, second)
            return Cell(compare(first.value, second.value), BOOL)
        if name not in ("equal", "not_equal"):
            raise NotFollowed("it asks which of two strings comes first")
        return of_texts(first, second, name, of_missing)

    return element


def same_for_all(first: Cell, second: Cell, answer: bool) -> Cell:
    cell = first if not is_constant(first.value) else second
    is_itself = cell.value.equals(cell.value)
    return Cell(is_itself | ~is_itself if answer else is_itself & ~is_itself, BOOL)


def of_texts(first: Cell, second: Cell, name: str, of_missing: bool) -> Cell:
    equal = first.value.equals(second.value)
    for cell in (first, second):
        if cell.is_nullable:
            equal = equal & ~is_missing(cell).value
        if is_constant(cell.value):
            from sepal_export.following.texts import text_of

            first.graph.tell_apart(equal, [text_of(cell)])
    return Cell(~equal if name == "not_equal" else equal, BOOL)


def tell(first: Cell, second: Cell) -> None:
    """The proof makes rows on both sides of where a comparison changes its answer."""
    a, b = (cell.value if cell.kind in (TIME, SPAN) else to(cell, FLOAT).value for cell in (first, second))
    if is_constant(a) and is_constant(b):
        return
    if is_constant(a) or is_constant(b):
        value, limits = (b, a) if is_constant(a) else (a, b)
        limits = constant_of(limits).ravel()
        places = np.arange(len(limits))
    else:
        value, limits, places = a - b, np.zeros(1), np.zeros(1, dtype=int)
    finite = np.isfinite(limits)
    if finite.any():
        value.graph.add_splits(value, places[finite], limits[finite])


def constant_of(value: Value) -> np.ndarray:
    from onnx import numpy_helper

    return next(numpy_helper.to_array(t) for t in value.graph.tensors if t.name == value.name).astype(np.float64)


def is_missing(cell: Cell) -> Cell:
    if cell.kind == TEXT:
        lacks = cell.value.equals(TEXT_MISSING)
        return Cell(lacks if cell.is_nullable else lacks & ~lacks, BOOL)
    if cell.kind in (BOOL, INT):
        return same_for_all(cell, cell, False)
    return Cell(cell.value.isnan(), BOOL)


def fill(cell: Cell, value: Any) -> Cell:
    """What `fillna` leaves of it."""
    if cell.kind in (BOOL, INT) or (cell.kind == TEXT and not cell.is_nullable):
        return cell
    filled = where(is_missing(cell), value, cell)
    given = value if isinstance(value, Cell) else lifted(cell.graph, value)
    if cell.kind == TEXT and isinstance(value, str):
        from sepal_export.following.texts import exactly

        return exactly(cell, filled.value, lambda texts: texts.fillna(value))
    # The other way round it would be nullable still.
    return Cell(filled.value, filled.kind, is_nullable=given.is_nullable)


def logical(name: str, of_flags: Callable[[Value, Value], Value]) -> Element:
    def element(first: Any, second: Any) -> Cell:
        first, second = cells_of(first, second)
        if name.startswith("bitwise") and {first.kind, second.kind} != {BOOL}:
            raise NotFollowed(f"it computes {name} of {first.kind} and {second.kind}", "compare them with 0 first")
        return Cell(of_flags(is_true(first).value, is_true(second).value), BOOL)

    return element


def xor(a: Value, b: Value) -> Value:
    return (a & ~b) | (~a & b)


def extreme(picks_other: str, *, ignores_missing: bool = False) -> Element:
    """The larger or smaller of two: the other one where `picks_other` compares so. NaN is the answer where one is NaN,
    unless it `ignores_missing`."""

    def element(first: Any, second: Any) -> Cell:
        first, second = cells_of(first, second)
        if first.kind in (TIME, SPAN) and first.kind == second.kind:
            kind = first.kind
        else:
            kind, (first, second) = common(first, second)
        if kind == BOOL:
            return Cell(first.value | second.value if picks_other == "Less" else first.value & second.value, BOOL)
        tell(first, second)
        # NaN compares with nothing, so that the first one's is kept.
        a, b = (second.value, first.value) if is_constant(first.value) else (first.value, second.value)
        graph = a.graph
        chosen = graph.where(graph.node(picks_other, a, b), b, a)
        if kind == INT:
            return Cell(chosen, INT)
        if ignores_missing:
            chosen = graph.where(a.isnan(), b, chosen)
        elif may_be_missing(b):
            chosen = graph.where(b.isnan(), b, chosen)
        return Cell(chosen, kind)

    return element


def may_be_missing(value: Value) -> bool:
    return not is_constant(value) or bool(np.isnan(constant_of(value)).any())


def of_number(of_float: Callable[[Value], Value], *, keeps_whole: bool = False) -> Element:
    """A function of one number. One that `keeps_whole` numbers leaves int64 as it is."""

    def element(operand: Any) -> Cell:
        [cell] = cells_of(operand)
        if cell.kind == INT and keeps_whole:
            return cell
        if cell.kind == SPAN and of_float is ABSOLUTE:
            return Cell(of_float(cell.value), SPAN)
        if cell.kind not in NUMBERS:
            raise NotFollowed(f"it computes a function of numbers of a {cell.kind}")
        return Cell(of_float(to(cell, FLOAT).value), FLOAT)

    return element


def signed(operator: str) -> Element:
    """Of whole numbers a whole number."""

    def element(operand: Any) -> Cell:
        [cell] = cells_of(operand)
        if cell.kind == BOOL and operator == "Neg":
            raise NotFollowed("numpy has no negative of a flag", "use ~ for not")
        kind = {BOOL: INT, TEXT: FLOAT}.get(cell.kind, cell.kind)
        cell = cell if cell.kind in (TIME, SPAN) else to(cell, kind)
        return Cell(cell.graph.node(operator, cell.value), kind)

    return element


def invert(operand: Any) -> Cell:
    [cell] = cells_of(operand)
    if cell.kind != BOOL:
        raise NotFollowed(f"it computes ~ of a {cell.kind}", "compare it with 0 first")
    return Cell(~cell.value, BOOL)


def arctan(x: Value) -> Value:
    """The runtime has none of float64. The series about a quarter of the angle, which half-angle formulas give; what it
    leaves out is below the last digit, and a step of Newton's mends the rest."""
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
    return graph.where(x < 0.0, -angle, angle)


def arctan2(y: Value, x: Value) -> Value:
    graph = y.graph
    both_zero = x.equals(0.0) & y.equals(0.0)
    angle = arctan(y / graph.where(both_zero, 1.0, x))
    turned = graph.where(y < 0.0, angle - np.pi, angle + np.pi)
    return graph.where(x < 0.0, turned, angle)


def arcsin(x: Value) -> Value:
    return arctan2(x, ((1.0 - x) * (x + 1.0)).sqrt())


def arccos(x: Value) -> Value:
    return arctan2(((1.0 - x) * (x + 1.0)).sqrt(), x)


def hypot(a: Value, b: Value) -> Value:
    """Of the larger of the two times a root, as its square may be infinite."""
    graph = a.graph
    a, b = a.abs(), b.abs()
    large, small = graph.where(a > b, a, b), graph.where(a > b, b, a)
    share = small / graph.where(large.equals(0.0), 1.0, large)
    return large * (share * share + 1.0).sqrt()


def rounded(operand: Any, digits: int = 0) -> Cell:
    """As numpy rounds, and pandas."""
    [cell] = cells_of(operand)
    if cell.kind in (BOOL, INT) and digits >= 0:
        return cell
    return Cell(functions.round_to(to(cell, FLOAT).value, digits), FLOAT)


def rounded_as_python(cell: Cell, digits: int | None) -> Cell:
    """Of the exact decimal value, ties to the even one; without digits a whole number."""
    if cell.kind in (BOOL, INT):
        return to(cell, INT)
    if not digits:
        whole = Cell(cell.graph.node("Round", cell.value), FLOAT)
        return to(whole, INT) if digits is None else whole
    if digits < 0:
        raise NotFollowed("it rounds to tens")
    scale = 10.0**digits
    product = cell.value * scale
    error = product_error(cell.value, scale, product)
    below = cell.graph.node("Floor", product)
    # What the product is beyond a half, to the last bit.
    beyond = ((product - below) - 0.5) + error
    half_even = cell.graph.node("Round", below + 0.5)
    whole = cell.graph.where(beyond > 0.0, below + 1.0, cell.graph.where(beyond < 0.0, below, half_even))
    is_whole = product.abs() >= 2.0**52
    return Cell(cell.graph.where(is_whole, cell.value, whole / scale), FLOAT)


def product_error(a: Value, b: float, product: Value) -> Value:
    """What a * b is more than `product`, by halves of their digits (Dekker)."""
    split = 2.0**27 + 1
    high_a = a * split - (a * split - a)
    low_a = a - high_a
    high_b = b * split - (b * split - b)
    low_b = b - high_b
    return low_a * low_b - (((product - high_a * high_b) - low_a * high_b) - high_a * low_b)


def product_and_sum(of: str) -> Callable[[Value, Value], Cell]:
    return lambda a, b: Cell(a.graph.node(of, a, b), INT)


ABSOLUTE: Callable[[Value], Value] = lambda x: x.abs()  # noqa: E731
ELEMENTS: dict[str, Element] = {
    "absolute": signed("Abs"),
    "add": arithmetic("add", lambda a, b: a + b, product_and_sum("Add")),
    "arccos": of_number(arccos),
    "arcsin": of_number(arcsin),
    "arctan": of_number(arctan),
    "arctan2": arithmetic("arctan2", arctan2),
    "bitwise_and": logical("bitwise_and", lambda a, b: a & b),
    "bitwise_or": logical("bitwise_or", lambda a, b: a | b),
    "bitwise_xor": logical("bitwise_xor", xor),
    "divide": arithmetic("divide", lambda a, b: a / b),
    "equal": comparison("equal", lambda a, b: a.equals(b)),
    "floor_divide": arithmetic("floor_divide", floor_divided, whole_floor_divided),
    "fmax": extreme("Less", ignores_missing=True),
    "fmin": extreme("Greater", ignores_missing=True),
    "fmod": arithmetic("fmod", lambda a, b: a.graph.node("Mod", a, b, fmod=1)),
    "greater": comparison("greater", lambda a, b: a > b),
    "greater_equal": comparison("greater_equal", lambda a, b: a >= b),
    "hypot": arithmetic("hypot", hypot),
    "invert": invert,
    "isfinite": lambda x: Cell((to(x, FLOAT).value - to(x, FLOAT).value).equals(0.0), BOOL),
    "isinf": lambda x: Cell(to(x, FLOAT).value.graph.node("IsInf", to(x, FLOAT).value), BOOL),
    "isnan": is_missing,
    "less": comparison("less", lambda a, b: a < b),
    "less_equal": comparison("less_equal", lambda a, b: a <= b),
    "logical_and": logical("logical_and", lambda a, b: a & b),
    "logical_not": lambda x: invert(is_true(x)),
    "logical_or": logical("logical_or", lambda a, b: a | b),
    "logical_xor": logical("logical_xor", xor),
    "maximum": extreme("Less"),
    "minimum": extreme("Greater"),
    "multiply": arithmetic("multiply", lambda a, b: a * b, product_and_sum("Mul")),
    "negative": signed("Neg"),
    "not_equal": comparison("not_equal", lambda a, b: ~a.equals(b), of_missing=True),
    "positive": lambda x: x,
    "power": power,
    "float_power": lambda a, b: power(to(a, FLOAT) if isinstance(a, Cell) else float(a), b),
    "remainder": arithmetic("remainder", remainder, whole_remainder),
    "sign": signed("Sign"),
    "square": lambda x: ELEMENTS["multiply"](x, x),
    "subtract": arithmetic("subtract", lambda a, b: a - b, product_and_sum("Sub")),
}


def carrying(name: str, element: Element) -> Element:
    return lambda *operands: carried(name, getattr(np, name), element(*operands), operands)


WHOLE = {"ceil", "floor", "trunc", "rint"}
OWN = {"isfinite", "isnan", "abs"}
for _function, _of_float in functions.FUNCTIONS.items():
    if _function.__name__ not in ELEMENTS and _function.__name__ not in OWN:
        ELEMENTS[_function.__name__] = of_number(_of_float, keeps_whole=_function.__name__ in WHOLE)
for _name in list(ELEMENTS):
    if hasattr(np, _name):
        ELEMENTS[_name] = carrying(_name, ELEMENTS[_name])
ELEMENTS["abs"] = ELEMENTS["fabs"] = ELEMENTS["absolute"]
