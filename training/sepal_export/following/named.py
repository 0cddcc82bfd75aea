"""Finds what a step's code may use: functions, their modules, and the strings and numbers in it."""

from __future__ import annotations

import dis
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pandas as pd

from sepal_export.own import is_own

# The most strings and numbers that are collected from a step.
MOST_NAMED = 5_000


def own_modules(step: Any) -> Iterator[dict[str, Any]]:
    """The namespaces of the user's modules that the step may use."""
    seen = set()
    candidates = [vars(module) for module in list(sys.modules.values()) if is_of_the_user(module)]
    candidates += [function.__globals__ for function in functions_of(step)]
    for names in candidates:
        if id(names) not in seen:
            seen.add(id(names))
            yield names


def is_of_the_user(module: Any) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and is_own(file)


def functions_of(step: Any) -> Iterator[Callable[..., Any]]:
    """The user's functions: those of the step's class, those that it was given, and those that these call."""
    left = [value for parent in type(step).__mro__ for value in vars(parent).values()]
    left += list(vars(step).values())
    seen: set[int] = set()
    while left:
        value = left.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        value = getattr(value, "__func__", getattr(value, "fget", getattr(value, "func", value)))
        # scikit-learn wraps `transform` in a function of its own.
        value = inspect.unwrap(value) if callable(value) else value
        if hasattr(value, "__globals__") and is_own(value.__code__.co_filename):
            yield value
            left += [cell.cell_contents for cell in value.__closure__ or () if is_filled(cell)]
            left += globals_of(value)


def is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def codes_of(function: Callable[..., Any]) -> list[CodeType]:
    """The code of a function, and of those defined inside it."""
    found, left = [], [function.__code__]
    while left:
        code = left.pop()
        found.append(code)
        left += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found


def refuse_identity(step: Any) -> None:
    """Refuses `is` with True or False: a cell is never one of them, and Python does not let a cell answer this
    question."""
    for function in functions_of(step):
        for code in codes_of(function):
            steps = list(dis.get_instructions(code))
            for before, after in pairwise(steps):
                if (
                    after.opname == "IS_OP"
                    and before.opname.startswith("LOAD_CONST")
                    and before.argval in (True, False)
                ):
                    place = f"{Path(code.co_filename).name}, line {code.co_firstlineno}"
                    raise NotImplementedError(f"{place}: it asks whether a value `is {before.argval}`; write == for is")


def globals_of(function: Callable[..., Any]) -> list[Any]:
    """The objects that the function uses from its module and from other modules of the user."""
    names = {name for code in codes_of(function) for name in code.co_names}
    found = [function.__globals__[name] for name in names if name in function.__globals__]
    modules = [value for value in found if isinstance(value, ModuleType) and is_of_the_user(value)]
    return found + [getattr(module, name) for module in modules for name in names if hasattr(module, name)]


def named_in(step: Any, columns: Iterable[Any]) -> tuple[set[Any], set[Any]]:
    """Returns the strings and numbers in the step's code and attributes, and those of them that may be keys of a
    dictionary or members of a set: all constants of the code, and what is a key or member now, without the names of
    `columns`."""
    found: set[Any] = set()
    keys: set[Any] = set()
    left: list[tuple[Any, bool]] = [(value, False) for value in vars(step).values()]
    left += [(value, False) for parent in type(step).__mro__ for value in own_attributes(parent)]
    for function in functions_of(step):
        left += [(part, False) for part in (function.__defaults__ or (), *globals_of(function))]
        left += [(constant, True) for code in codes_of(function) for constant in code.co_consts]
    seen: set[int] = set()
    while left and len(found) < MOST_NAMED:
        value, is_key = left.pop()
        if isinstance(value, str | int | float):
            found.add(value)
            keys |= {value} if is_key else set()
        elif id(value) not in seen:
            seen.add(id(value))
            left += [(part, is_key or is_part_key) for part, is_part_key in parts_of(value)]
    return found, keys - set(columns)


def own_attributes(parent: type) -> list[Any]:
    """The attributes of a user's class that are not methods."""
    if not is_of_the_user(sys.modules.get(parent.__module__)):
        return []
    return [value for name, value in vars(parent).items() if not (name.startswith("__") or callable(value))]


def parts_of(value: Any) -> list[tuple[Any, bool]]:
    """The values inside, and whether each is a key."""
    if isinstance(value, dict):
        return [*((key, True) for key in value), *((part, False) for part in value.values())]
    if isinstance(value, list | tuple | set | frozenset):
        return [(part, isinstance(value, set | frozenset)) for part in value]
    if isinstance(value, pd.Series):
        return [*((key, True) for key in value.index.tolist()), *((part, False) for part in value.tolist())]
    return []
