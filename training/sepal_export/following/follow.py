"""A step of Python becomes a part of the graph."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from types import CodeType
from typing import Any

import pandas as pd

from sepal_export.following.inner import followed_inside
from sepal_export.following.original import answered
from sepal_export.following.original import table_of as frame_of
from sepal_export.following.refusal import IsATime, as_refusal, is_own
from sepal_export.following.replaced import check_array, replaced
from sepal_export.following.scopes import in_paths
from sepal_export.following.tables import symbols_of, table_of
from sepal_export.registry import follows
from sepal_export.table import Table

# Of the strings and numbers that a step names.
MOST_NAMED = 5_000


@follows("transform")
def follow(step: Any, table: Table) -> Table:
    """What the step's own `transform` makes of the rows of `table`. Raises NotImplementedError, which says where in the
    user's code and what to write instead."""
    return followed(step, "transform", table)


def followed(step: Any, method: str, table: Table) -> Table:
    """What a method of the step makes of the rows."""
    original = table.original
    if original is None:
        raise NotImplementedError(
            "it is Python of your own between the parts of an estimator, where nobody knows what it gets; put it into "
            "the pipeline before that estimator"
        )
    graph = table.graph
    answer = answered(step, method, original)
    copy = deepcopy(step)
    graph.memory["named"], graph.memory["keys"] = named_in(copy)
    with graph.sharing():
        try:
            with replaced(list(own_modules(copy))), followed_inside(copy):
                made = in_paths(lambda: call(copy, method, symbols_of(table, original)))
                after = table_of(graph, made)
        except IsATime:
            raise
        except Exception as error:
            raise as_refusal(error) from error
    return checked(after, frame_of(answer), graph)


def call(step: Any, method: str, rows: Any) -> Any:
    """Its method, without what scikit-learn puts around it."""
    function = getattr(type(step), method)
    if hasattr(step, "func") and type(step).__module__.startswith("sklearn."):
        rows = check_array(rows) if step.validate else rows
        return step.func(rows, **(step.kw_args or {}))
    return getattr(function, "__wrapped__", function)(step, rows)


def checked(table: Table, answer: Any, graph: Any) -> Table:
    """Its columns are as many as the original's. Whether the steps after it take an infinite number is asked later."""
    count = len(table._columns) or answer.shape[1]
    if count != answer.shape[1]:
        raise NotImplementedError(f"it was followed to {count} columns, and answers {answer.shape[1]}")
    columns = [table.column(place) for place in range(count)] if table._columns else []
    values = [c.value for c in columns if not (c.is_string or c.is_time or c.feature is not None)]
    for value in values or ([] if table._columns else [table.numbers]):
        graph.infinite.append(graph.node("IsInf", value))
    return table


def own_modules(step: Any) -> Iterator[dict[str, Any]]:
    """The names of each module of the user's that the step may use."""
    seen = set()
    candidates = [vars(module) for module in list(sys.modules.values()) if is_of_the_user(module)]
    for function in functions_of(step):
        names = getattr(function, "__globals__", None)
        if names is not None and is_own(getattr(function.__code__, "co_filename", "")):
            candidates.append(names)
    for names in candidates:
        if id(names) not in seen:
            seen.add(id(names))
            yield names


def is_of_the_user(module: Any) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and is_own(file)


def functions_of(step: Any) -> Iterator[Callable[..., Any]]:
    """Of the step's class, and what it was given."""
    left = [value for parent in type(step).__mro__ for value in vars(parent).values()]
    left += list(vars(step).values())
    seen: set[int] = set()
    while left:
        value = left.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        value = getattr(value, "__func__", getattr(value, "fget", getattr(value, "func", value)))
        if hasattr(value, "__globals__"):
            yield value
            left += [cell.cell_contents for cell in value.__closure__ or () if cell_is_filled(cell)]
            left += [value.__globals__[name] for name in value.__code__.co_names if name in value.__globals__]


def cell_is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def named_in(step: Any) -> tuple[set[Any], set[Any]]:
    """The strings and numbers that the step's code and its attributes name, and those of them that are keys of a
    dictionary, or in a set."""
    found: set[Any] = set()
    keys: set[Any] = set()
    left: list[tuple[Any, bool]] = [(vars(step), False)]
    for function in functions_of(step):
        left += [(part, False) for part in (function.__code__, function.__defaults__ or (), *globals_of(function))]
    seen: set[int] = set()
    while left and len(found) < MOST_NAMED:
        value, is_key = left.pop()
        if isinstance(value, str | int | float):
            found.add(value)
            keys |= {value} if is_key else set()
        elif id(value) not in seen:
            seen.add(id(value))
            left += [(part, is_key or is_part_key) for part, is_part_key in parts_of(value)]
    return found, keys


def globals_of(function: Any) -> list[Any]:
    names = [name for name in function.__code__.co_names if name in function.__globals__]
    return [function.__globals__[name] for name in names]


def parts_of(value: Any) -> list[tuple[Any, bool]]:
    """What it holds, and whether that is a key."""
    if isinstance(value, dict):
        return [*((key, True) for key in value), *((part, False) for part in value.values())]
    if isinstance(value, list | tuple | set | frozenset):
        return [(part, isinstance(value, set | frozenset)) for part in value]
    if isinstance(value, pd.Series):
        return [*((key, True) for key in value.index.tolist()), *((part, False) for part in value.tolist())]
    if isinstance(value, CodeType):
        return [(part, False) for part in value.co_consts]
    return []
