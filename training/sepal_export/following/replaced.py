"""What stands in place of numpy, pandas and Python's own functions while a step is followed.

numpy asks cells themselves what to do for most of its functions (NEP 13 and 18). The others, and the classes of pandas,
are replaced for as long as the step runs: in their modules, and in those of the user's that imported them by name. Each
does what it always did where no cell is among its arguments.
"""

from __future__ import annotations

import builtins
import datetime
import math
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sklearn.utils
import sklearn.utils.validation
from sklearn.metrics import pairwise

from sepal_export.following import numpy_calls, pandas_calls, products
from sepal_export.following.arrays import Array
from sepal_export.following.cells import FLOAT, INT, TEXT, TIME, Cell
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import cells_of, to
from sepal_export.following.mapping import Vectorized
from sepal_export.following.objects import filled_with
from sepal_export.following.pandas_calls import holds_cells
from sepal_export.following.python_numbers import as_python
from sepal_export.following.refusal import PACKAGE, NotFollowed, is_own
from sepal_export.following.scalars import length
from sepal_export.following.series import INDEX

NUMPY = str(Path(np.__file__).parent)


class NeedsBuiltins(NotFollowed):
    """Python's own function wants a number where only a cell is."""

    def __init__(self, name: str) -> None:
        super().__init__(f"it makes a {name} of a value of a row for code that takes numbers alone")


class Standing(type):
    """Of a class that stands for another: what is none of cells' is the other's own matter."""

    original: Any

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, cls.original) or cls.takes(value)

    def __subclasscheck__(cls, kind: type) -> bool:
        return kind is cls or issubclass(kind, cls.original)

    def __call__(cls, *args: Any, **options: Any) -> Any:
        options = {name: plain(value) for name, value in options.items()}
        if holds_cells(args) or holds_cells(options):
            return cls.made(*args, **options)
        if options.get("index") is INDEX:
            return cls.made_empty(*map(plain, args), **options)
        return cls.original(*map(plain, args), **options)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls.original, name)

    def __eq__(cls, other: Any) -> bool:
        return other is cls or other is cls.original

    def __hash__(cls) -> int:
        return hash(cls.original)

    def takes(cls, value: Any) -> bool:
        return False


def plain(value: Any) -> Any:
    """A class itself, and not what stands for it."""
    return value.original if isinstance(value, Standing) else value


def standing(original: type, made: Callable[..., Any], kind: str | None = None, **more: Any) -> Standing:
    def takes(value: Any) -> bool:
        if isinstance(value, Cell) and value.kind == kind == INT:
            raise NotFollowed("it asks whether a value is an int, which numpy's are not", "ask for its column's type")
        return isinstance(value, Cell) and value.kind == kind

    fields = {"original": original, "made": staticmethod(made), "takes": staticmethod(takes), **more}
    return Standing(original.__name__, (), fields)


def number(kind: str) -> Callable[[Any], Any]:
    def made(value: Any) -> Any:
        from sepal_export.following.types import as_kind

        cell = value if isinstance(value, Cell) else pandas_calls.array(value).cells.item()
        return as_python(as_kind(cell, {FLOAT: float, INT: int, TEXT: str}[kind]))

    return made


def of_the_clock(*_: Any, **__: Any) -> Any:
    raise NotFollowed("it reads the clock", "take the time as a feature, and send it with the row")


def of_chance(*_: Any, **__: Any) -> Any:
    raise NotFollowed("it draws random numbers, so that one row has many answers", "leave chance to fit")


def of_a_file(*_: Any, **__: Any) -> Any:
    raise NotFollowed(
        "it reads a file, which the service has not", "read it in fit, and keep what it holds in an attribute"
    )


def of_the_environment(*_: Any, **__: Any) -> Any:
    raise NotFollowed("it reads the environment of the process", "read it in fit, and keep it in an attribute")


def by_the_user(original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    """`instead` where the user's own code calls, and the original for libraries."""

    def function(*args: Any, **options: Any) -> Any:
        called = instead if is_own(sys._getframe(1).f_code.co_filename) else original
        return called(*args, **options)

    return function


def of_cells(original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    def function(*args: Any, **options: Any) -> Any:
        if holds_cells(args) or holds_cells(options):
            return instead(*args, **{name: plain(value) for name, value in options.items()})
        return original(*map(plain, args), **{name: plain(value) for name, value in options.items()})

    return function


def from_outside(original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    """numpy's own functions, and what is written here, make arrays of objects that cells are among."""
    made = of_cells(original, instead)

    def function(*args: Any, **options: Any) -> Any:
        file = sys._getframe(1).f_code.co_filename
        return (original if file.startswith((NUMPY, PACKAGE)) else made)(*args, **options)

    return function


def filled(value: float) -> Callable[..., Any]:
    """An array of constants, into which cells may be written."""

    def made(shape: Any, *args: Any, **options: Any) -> Any:
        given = args[0] if value is None and args else options.get("fill_value", value)
        sizes = tuple(shape) if np.iterable(shape) else (shape,)
        dtype = options.get("dtype") or (args[:1] or [None])[0] if value is not None else options.get("dtype")
        given = given if dtype is None or isinstance(given, Cell) else np.full((), given, dtype=plain(dtype))[()]
        return Array(filled_with([given] * int(np.prod(sizes)), sizes), rows=0 if sizes[:1] == (1,) else None)

    return made


class SideBySide:
    """np.c_, and np.r_ along the last axis."""

    def __init__(self, original: Any) -> None:
        self.original = original

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        if not holds_cells(list(parts)):
            return self.original[key]
        if type(self.original).__name__ == "RClass":
            return numpy_calls.joined(parts, 0)
        return numpy_calls.column_stack([as_column(part) for part in parts])


def as_column(part: Any) -> Any:
    made = numpy_calls.array(part)
    return made if made.ndim else Array(made.cells.reshape(1), rows=0)


OF_MATH = {
    "acos": "arccos", "asin": "arcsin", "atan": "arctan", "atan2": "arctan2", "copysign": "copysign", "cos": "cos",
    "cosh": "cosh", "degrees": "degrees", "exp": "exp", "expm1": "expm1", "fabs": "absolute", "fmod": "fmod",
    "hypot": "hypot", "isfinite": "isfinite",
    "isinf": "isinf", "isnan": "isnan", "log": "log", "log10": "log10", "log1p": "log1p", "log2": "log2",
    "pow": "power", "radians": "radians", "sin": "sin", "sinh": "sinh", "sqrt": "sqrt", "tan": "tan", "tanh": "tanh",
}  # fmt: skip
# What Python's own functions raise an error for.
UNDEFINED = {"log": 0.0, "log10": 0.0, "log2": 0.0, "log1p": -1.0}


def of_math(name: str) -> Callable[..., Any]:
    def made(*operands: Any) -> Any:
        cells = [part if isinstance(part, Cell) else pandas_calls.array(part).cells.item() for part in operands]
        x = cells[0]
        if name in UNDEFINED and isinstance(x, Cell):
            refuse_here(to(x, FLOAT).value <= UNDEFINED[name])
        if name == "sqrt":
            refuse_here(to(x, FLOAT).value < 0.0)
        if name == "log" and len(cells) == 2:
            return as_python(ELEMENTS["divide"](ELEMENTS["log"](x), math.log(cells[1])))
        if name == "fmod":
            refuse_where_undefined(*cells)
        if name != "isnan":
            cells = [to(cell, FLOAT) if isinstance(cell, Cell) else float(cell) for cell in cells]
        return as_python(ELEMENTS[OF_MATH[name]](*cells))

    return made


def refuse_where_undefined(a: Any, b: Any) -> None:
    """math.fmod of an infinite number, and by zero."""
    a, b = (to(cell, FLOAT).value for cell in cells_of(a, b))
    refuse_here(b.equals(0.0) | ((a - a).isnan() & ~(a.isnan() | b.isnan())))


def near(a: Any, b: Any, *, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> Any:
    """math.isclose: of the larger of both, where np.isclose looks at the second one alone."""
    a, b = cells_of(a, b)
    size = lambda cell: ELEMENTS["absolute"](to(cell, FLOAT))  # noqa: E731
    distance = size(ELEMENTS["subtract"](to(b, FLOAT), to(a, FLOAT)))
    allowed = ELEMENTS["maximum"](
        ELEMENTS["multiply"](ELEMENTS["maximum"](size(a), size(b)), float(rel_tol)), float(abs_tol)
    )
    is_near = ELEMENTS["logical_and"](ELEMENTS["less_equal"](distance, allowed), ELEMENTS["isfinite"](distance))
    return as_python(ELEMENTS["logical_or"](is_near, ELEMENTS["equal"](a, b)))


def check_array(array: Any, *args: Any, **options: Any) -> Any:
    """scikit-learn's: an array of numbers, of which none may be missing."""
    made = numpy_calls.as_array(array)
    allowed = options.get("ensure_all_finite", options.get("force_all_finite", True))
    if allowed is True:
        for cell in made.cells.ravel().tolist():
            if isinstance(cell, Cell) and cell.kind == FLOAT:
                refuse_here(~ELEMENTS["isfinite"](cell).value)
    return made


def validate_data(estimator: Any, X: Any = None, *args: Any, **options: Any) -> Any:
    return X if options.get("skip_check_array") else check_array(X, **options)


def pairs() -> Iterator[tuple[Any, str, Any]]:
    """Each (module, name, what stands there)."""
    # numpy asks no cell that is in a list.
    for name in ("array", "asarray", "asanyarray", "ascontiguousarray", "take", *numpy_calls.OF_NUMPY):
        yield np, name, from_outside(getattr(np, name), partial(numpy_calls.by_name, name))
    for name, value in (("zeros", 0.0), ("ones", 1.0), ("empty", 0.0), ("full", None)):
        yield np, name, by_the_user(getattr(np, name), filled(value))
    yield np, "c_", SideBySide(np.c_)
    yield np, "r_", SideBySide(np.r_)
    yield np, "vectorize", by_the_user(np.vectorize, Vectorized)
    for name, function in pandas_calls.CALLS.items():
        yield pd, name, of_cells(getattr(pd, name), function)
    yield pd, "DataFrame", standing(pd.DataFrame, pandas_calls.frame, made_empty=staticmethod(pandas_calls.frame))
    yield pd, "Series", standing(pd.Series, pandas_calls.series, made_empty=staticmethod(pandas_calls.series))
    clock = {"now": of_the_clock, "today": of_the_clock, "utcnow": of_the_clock}
    clock = {name: staticmethod(function) for name, function in clock.items()}
    yield pd, "Timestamp", standing(pd.Timestamp, lambda cell, *_, **__: cell, TIME, **clock)
    yield datetime, "datetime", standing(datetime.datetime, lambda cell, *_, **__: cell, TIME, **clock)
    today = {"today": staticmethod(of_the_clock)}
    yield datetime, "date", standing(datetime.date, lambda cell, *_, **__: cell, TIME, **today)
    for name in OF_MATH:
        yield math, name, of_cells(getattr(math, name), of_math(name))
    yield math, "isclose", of_cells(math.isclose, near)
    for name in ("floor", "ceil", "trunc"):
        yield math, name, of_cells(getattr(math, name), lambda x, name=name: as_python(to(ELEMENTS[name](x), INT)))
    for name in ("time", "monotonic", "perf_counter", "localtime", "gmtime"):
        yield time, name, by_the_user(getattr(time, name), of_the_clock)
    for module in (np.random, random):
        for name in (
            "rand",
            "randn",
            "random",
            "normal",
            "uniform",
            "randint",
            "choice",
            "permutation",
            "shuffle",
            "default_rng",
            "RandomState",
            "seed",
            "gauss",
            "sample",
            "standard_normal",
            "random_sample",
        ):
            if hasattr(module, name):
                yield module, name, by_the_user(getattr(module, name), of_chance)
    for name in ("read_csv", "read_json", "read_parquet", "read_pickle", "read_excel", "read_feather", "read_sql"):
        yield pd, name, by_the_user(getattr(pd, name), of_a_file)
    yield builtins, "open", by_the_user(open, of_a_file)
    yield os, "getenv", by_the_user(os.getenv, of_the_environment)
    yield os, "environ", Environment(os.environ)
    for function in (products.rbf_kernel, products.euclidean_distances):
        yield pairwise, function.__name__, of_cells(getattr(pairwise, function.__name__), function)
    for module in (sklearn.utils, sklearn.utils.validation):
        yield module, "check_array", of_cells(sklearn.utils.check_array, check_array)
    # A method of every estimator before scikit-learn 1.6, which is not followed.
    if hasattr(sklearn.utils.validation, "validate_data"):
        yield sklearn.utils.validation, "validate_data", of_cells(sklearn.utils.validation.validate_data, validate_data)


class Environment:
    def __init__(self, original: Any) -> None:
        self._original = original

    def _for(self, frame: Any) -> Any:
        return of_the_environment() if is_own(frame.f_code.co_filename) else self._original

    def __getitem__(self, name: str) -> str:
        return self._for(sys._getframe(1))[name]

    def __contains__(self, name: str) -> bool:
        return name in self._for(sys._getframe(1))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._for(sys._getframe(1)), name)

    def __iter__(self) -> Any:
        return iter(self._original)

    def __len__(self) -> int:
        return len(self._original)


def length_or(original: Callable[[Any], int]) -> Callable[[Any], Any]:
    return lambda value: length(value) if isinstance(value, Cell) else original(value)


def type_or(original: type) -> Callable[..., Any]:
    def function(*args: Any, **options: Any) -> Any:
        if isinstance(args[0], Cell):
            raise NotFollowed("it asks for the type of a value", "ask for its column's type")
        return original(*args, **options)

    return function


def no_hash(*_: Any) -> Any:
    raise NotFollowed("hash() of a string is another one in each process", "use zlib.crc32 before training")


# In the user's own modules, before Python's.
SHADOWS = {
    "float": standing(float, number(FLOAT), FLOAT, dtype=np.dtype(float)),
    "int": standing(int, number(INT), INT, dtype=np.dtype(int)),
    "hash": no_hash,
    "len": length_or(len),
    "type": type_or(type),
    "str": standing(str, number(TEXT), TEXT),
}


@contextmanager
def replaced(modules: list[dict[str, Any]]) -> Iterator[None]:
    """For as long as it lasts. `modules` are the names of the user's own modules."""
    with ExitStack() as stack:
        stands = {}
        for module, name, value in list(pairs()):
            stands[id(getattr(module, name))] = value
            stack.enter_context(set_for_now(vars(module) if module is not builtins else vars(builtins), name, value))
        for names in modules:
            for name, value in list(names.items()):
                if id(value) in stands and not isinstance(value, str | int | float):
                    stack.enter_context(set_for_now(names, name, stands[id(value)]))
            for name, value in SHADOWS.items():
                stack.enter_context(set_for_now(names, name, names.get(name, value)))
        yield


MISSING = object()


@contextmanager
def set_for_now(names: dict[str, Any], name: str, value: Any) -> Iterator[None]:
    before = names.get(name, MISSING)
    names[name] = value
    try:
        yield
    finally:
        if before is MISSING:
            names.pop(name, None)
        else:
            names[name] = before
