"""Python's own numbers, which values become once they are taken out of a column: integers are unlimited, booleans are
integers, and division by zero raises an error. numpy's numbers, the elements of arrays, follow other rules."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np

from sepal_export.following.cells import BOOL, FLOAT, INT, NUMBERS, Cell
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import cells_of, constant_of, is_constant, to
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.wide import EXACT, LIMIT, Wide, computed
from sepal_export.graphs.graph import Value

PYTHON, NUMPY = "Python", "numpy"
DIVISIONS = {"divide", "floor_divide", "remainder"}
COMPARISONS = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}


def as_python(value: Any) -> Any:
    """A value of a column as Python's own number."""
    return of_origin(value, PYTHON)


def as_numpy(value: Any) -> Any:
    return of_origin(value, NUMPY)


def of_origin(value: Any, origin: str) -> Any:
    if not isinstance(value, Cell) or value.kind not in NUMBERS or value.origin == origin:
        return value
    made = copy(value)
    made.origin = origin
    return made


def origin_of(operands: list[Any]) -> str | None:
    origins = {part.origin for part in operands if isinstance(part, Cell)}
    origins |= {NUMPY for part in operands if isinstance(part, np.generic)}
    return NUMPY if NUMPY in origins else PYTHON if origins == {PYTHON} else None


def operation(name: str, *operands: Any) -> Any:
    """Applies an operation to single values. `name` is the name of numpy's function for it, such as "subtract"."""
    from sepal_export.following.elements import ELEMENTS

    element = ELEMENTS[name]
    known = computed(name, list(operands))
    if known is not None:
        return as_python(known)
    if any(part is None or isinstance(part, str) for part in operands):
        return element(*operands)
    cells = cells_of(*operands)
    kinds = {cell.kind for cell in cells}
    if not kinds <= set(NUMBERS):
        return element(*operands)
    origin = origin_of(list(operands))
    given = list(operands)
    if kinds == {BOOL}:
        given = of_flags(name, origin, given)
    if origin == PYTHON:
        given = as_python_divides(name, given)
    size = size_made(name, given) if kinds <= {BOOL, INT} else None
    made = element(*given)
    if size is not None and made.kind == INT:
        sizes_of(made.value)[made.value.name] = min(size, LIMIT)
        made = wide(name, given, made.value) if size >= LIMIT and origin != NUMPY else made
    return of_origin(made, origin) if origin else made


def of_flags(name: str, origin: str | None, operands: list[Any]) -> list[Any]:
    """Python adds booleans as integers, numpy as booleans."""
    if name not in ("add", "subtract", "multiply", "invert", "negative", "absolute") or origin == NUMPY:
        return operands
    if origin is None and name in ("add", "invert"):
        raise NotFollowed(
            f"it computes {name} of booleans of one row, which Python treats as numbers and numpy does not",
            "write int(a) + int(b) to count the true ones, a or b for whether one is true, and not a for the opposite",
        )
    return operands if origin is None else [to(cell, INT) for cell in cells_of(*operands)]


def as_python_divides(name: str, operands: list[Any]) -> list[Any]:
    """Refuses rows in which a number is divided by zero, and rows with an integer that float64 does not hold exactly
    if Python would use all its digits. Returns the operands, those of a negative power as floats."""
    cells = cells_of(*operands)
    if name == "power" and cells[0].kind != FLOAT and is_negative(operands[1]):
        operands = [to(cells[0], FLOAT), float(operands[1])]
        refuse_here(operands[0].value.equals(0.0))
    if name in DIVISIONS and not (is_constant(cells[1].value) and constant_of(cells[1].value).all()):
        refuse_here(to(cells[1], FLOAT).value.equals(0.0))
    kinds = {cell.kind for cell in cells}
    if (name == "divide" and FLOAT not in kinds) or (name in COMPARISONS and kinds == {INT, FLOAT}):
        # Python uses all digits, numpy those that float64 has.
        for cell in cells:
            is_whole = cell.value.name in cell.graph.memory.get("whole", ())
            if cell.kind == INT and not is_whole and size_of(cell) > EXACT:
                refuse_here(to(cell, FLOAT).value.abs() > float(EXACT))
    return operands


def is_negative(exponent: Any) -> bool:
    return isinstance(exponent, int | np.integer) and exponent < 0


def size_made(name: str, operands: list[Any]) -> int | None:
    """The largest absolute value that the resulting integer can have; None for operations that are not computed here,
    or for a power whose exponent is not a positive constant."""
    cells = cells_of(*operands)
    sizes = [size_of(cell) for cell in cells]
    if name == "remainder":
        return sizes[1]
    if name in ("floor_divide", "negative", "absolute", "positive"):
        # Only -2**63 has no positive counterpart in int64, and it has been refused before.
        return min(sizes[0], LIMIT - 1)
    if name not in ("add", "subtract", "multiply", "power"):
        return None
    exponent = operands[1] if name == "power" else None
    if name == "power" and (isinstance(exponent, Cell) or exponent < 1):
        return None
    return sizes[0] ** int(exponent) if name == "power" else product_or_sum(name, *sizes)


def wide(name: str, operands: list[Any], whole: Value) -> Wide:
    """An integer that may exceed int64."""
    if name == "power":
        name, operands = ("multiply", 2 * operands[:1]) if operands[1] == 2 else (name, operands)
    cells = cells_of(*operands)
    a, b = (to(cell, FLOAT).value for cell in cells)
    near = a ** float(operands[1]) if name == "power" else of_floats(name, a, b)
    are_exact = name == "multiply" and all(map(is_exact, operands))
    return Wide(whole, near, tuple(to(cell, INT).value for cell in cells) if are_exact else None)


def is_exact(operand: Any) -> bool:
    """Whether float64 holds all its digits."""
    return size_of(operand) <= EXACT if isinstance(operand, Cell) else float(operand) == operand


def product_or_sum(name: str, a: int, b: int) -> int:
    return a * b if name == "multiply" else a + b


def of_floats(name: str, a: Value, b: Value) -> Value:
    return a * b if name == "multiply" else a + b if name == "add" else a - b


def sizes_of(value: Value) -> dict[str, int]:
    """By the name of an integer value: the largest absolute value that it can have."""
    return value.graph.memory.setdefault("sizes", {})


def size_of(cell: Cell) -> int:
    if cell.kind == BOOL:
        return 1
    if is_constant(cell.value):
        # One is added because the constant was converted to float64, which rounds 2**53 + 1 down to 2**53.
        return int(np.abs(constant_of(cell.value)).max()) + 1
    if cell.column is not None and cell.column.feature is not None:
        return EXACT
    if cell.domain is not None and not cell.domain.is_open:
        return int(np.abs(cell.domain.images.astype(float)).max())
    return sizes_of(cell.value).get(cell.value.name, LIMIT)
