"""`Cell` stands for one value of each row (a number, a boolean, a string, a time or a time span) that is known only in
a request. It holds the value of the ONNX graph that computes it."""

from __future__ import annotations

import datetime
import sys
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.forks import trails, truth_of
from sepal_export.following.refusal import NotFollowed
from sepal_export.graphs.graph import Graph, Value
from sepal_export.own import is_own

BOOL, INT, FLOAT, TEXT, TIME, SPAN = "bool", "int", "float", "text", "time", "span"
# In this order: if numbers of several kinds are mixed, all are converted to the last of these kinds, as numpy does.
NUMBERS = (BOOL, INT, FLOAT)
DTYPES = {
    BOOL: np.dtype(bool), INT: np.dtype(np.int64), FLOAT: np.dtype(np.float64), TEXT: np.dtype(object),
    TIME: np.dtype("datetime64[us]"), SPAN: np.dtype("timedelta64[us]"),
}  # fmt: skip


class Cell:
    """Values [N, W] of one kind. W is 1, except for columns of a matrix that are computed together. For a time, the
    value is float64 microseconds since 1970, NaN if missing; for a span, microseconds. If `is_nullable`, the string ""
    stands for a missing one. `column` is the Column whose value the cell holds unchanged, if there is one. `domain` are
    the numbers that the cell can be (see domains.py). For strings, `is_object` says that the original's column has the
    dtype object."""

    is_object = False
    # Whose rules arithmetic with this single value follows: "Python" for Python's own numbers, "numpy" for numpy's
    # scalars, None if it is not known which (see python_numbers.py).
    origin: str | None = None

    def __init__(
        self, value: Value, kind: str, *, column: Any = None, is_nullable: bool = False, domain: Any = None
    ) -> None:
        self.value, self.kind = value, kind
        self.domain = domain
        self.column, self.is_nullable = column, is_nullable

    @property
    def graph(self) -> Graph:
        return self.value.graph

    def __repr__(self) -> str:
        if is_own(sys._getframe(1).f_code.co_filename):
            return self._written()
        return f"<a {self.kind} of each row>"

    def __format__(self, how: str) -> str:
        return self._written()

    def __str__(self) -> str:
        return self._written()

    def _written(self) -> str:
        raise NotFollowed("it writes a value of a row into a string", "write 'a' + str(value) for f'a{value}'")

    def __bool__(self) -> bool:
        from sepal_export.following.comparing import is_true

        return truth_of(is_true(self))

    def __hash__(self) -> int:
        from sepal_export.following.keys import hash_of

        return hash_of(self)

    def __getattr__(self, name: str) -> Any:
        from sepal_export.following.scalars import attribute_of

        return attribute_of(self, name)

    def _only_in_request(self, what: str) -> Any:
        raise NotFollowed(f"it {what}, but the value is known only in a request")

    def __float__(self) -> float:
        return self._only_in_request("converts a value of a row to a float")

    def __int__(self) -> int:
        return self._only_in_request("converts a value of a row to an int")

    def __index__(self) -> int:
        return self._only_in_request("uses a value of a row as an index")

    def __len__(self) -> int:
        return self._only_in_request("takes the length of a value of a row")

    def __iter__(self) -> Any:
        raise TypeError(f"{self!r} is not iterable")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from sepal_export.following.ufuncs import applied

        return applied(ufunc, method, inputs, options)

    def __round__(self, digits: int | None = None) -> Cell:
        from sepal_export.following.python_numbers import NUMPY, as_numpy, as_python
        from sepal_export.following.rounding import rounded_as_python

        if self.origin == NUMPY and digits is not None:
            return as_numpy(self.round(digits))
        return as_python(rounded_as_python(self, digits))

    def __abs__(self) -> Cell:
        return operation("absolute", self)

    def __neg__(self) -> Cell:
        return operation("negative", self)

    def __pos__(self) -> Cell:
        return self

    def __invert__(self) -> Cell:
        return operation("invert", self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __floor__(self) -> Cell:
        return operation("floor", self).__trunc__()

    def __ceil__(self) -> Cell:
        return operation("ceil", self).__trunc__()

    def __trunc__(self) -> Cell:
        from sepal_export.following.kinds import to
        from sepal_export.following.python_numbers import as_python

        return as_python(to(self, INT))

    __eq__ = None
    __ne__ = None


OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "power", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "lshift": "left_shift", "rshift": "right_shift",
}  # fmt: skip
COMPARISONS = {
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal",
}  # fmt: skip


def operation(name: str, *operands: Any) -> Any:
    """Applies an operation to single values. `name` is the name of numpy's function for it, such as "subtract"."""
    from sepal_export.following import python_numbers

    return python_numbers.operation(name, *operands)


PLAIN = (bool, int, float, str, np.generic, datetime.date, datetime.timedelta)


def is_plain(value: Any) -> bool:
    """Whether a value is a constant that can be combined with a cell."""
    return value is None or value is pd.NaT or value is pd.NA or isinstance(value, PLAIN)


def binary(name: str, *, is_swapped: bool = False) -> Any:
    def method(self: Cell, other: Any) -> Any:
        if not (isinstance(other, Cell) or is_plain(other)):
            return NotImplemented
        if name in ("equal", "not_equal") and isinstance(other, str | int | float):
            from sepal_export.following.keys import resolved

            value = resolved(self) if trails else None
            if value is not None:
                return (value == other) == (name == "equal")
        return operation(name, *((other, self) if is_swapped else (self, other)))

    return method


for _sign, _name in OPERATORS.items():
    setattr(Cell, f"__{_sign}__", binary(_name))
    setattr(Cell, f"__r{_sign}__", binary(_name, is_swapped=True))
for _sign, _name in COMPARISONS.items():
    setattr(Cell, f"__{_sign}__", binary(_name))


def kind_of(constant: Any) -> str:
    """The kind of a number, a string, a time, or an array of them."""
    if constant is None or constant is pd.NA:
        return FLOAT
    if constant is pd.NaT:
        return TIME
    kinds = {"b": BOOL, "i": INT, "u": INT, "f": FLOAT, "U": TEXT, "M": TIME, "m": SPAN}
    letter = getattr(getattr(constant, "dtype", None), "kind", None)
    if letter in kinds:
        return kinds[letter]
    types = ((bool, BOOL), (int, INT), (float, FLOAT), (str, TEXT), (datetime.timedelta, SPAN), (datetime.date, TIME))
    for kind, name in types:
        if isinstance(constant, kind):
            return name
    raise NotFollowed(
        f"it computes with a value of the type {type(constant).__name__}, and the model can only compute with bool, "
        "int, float, str, times and time spans"
    )


def lifted(graph: Graph, constant: Any) -> Cell:
    """A constant as a cell, the same for each row."""
    kind = kind_of(constant)
    if kind in (TIME, SPAN):
        return Cell(graph.constant(np.array([[microseconds_of(constant)]])), kind)
    if kind == TEXT:
        return Cell(graph.constant(np.array(constant, dtype=object).reshape(1, -1)), kind)
    array = np.asarray(np.nan if constant is None or constant is pd.NA else constant, dtype=DTYPES[kind])
    return Cell(graph.constant(array.reshape(1, -1)), kind)


def microseconds_of(constant: Any) -> float:
    """The microseconds of a time since 1970, or of a span; NaN for a missing one. A time with a zone counts in UTC."""
    if constant is pd.NaT or (isinstance(constant, np.datetime64 | np.timedelta64) and np.isnat(constant)):
        return np.nan
    if isinstance(constant, datetime.timedelta | np.timedelta64):
        return float(pd.Timedelta(constant).to_timedelta64().astype("timedelta64[us]").astype(np.int64))
    time = pd.Timestamp(constant)
    time = time.tz_convert("UTC").tz_localize(None) if time.tz else time
    return float(time.to_datetime64().astype("datetime64[us]").astype(np.int64))
