"""A step of Python becomes a part of the graph."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from sepal_export.following.inner import followed_inside
from sepal_export.following.original import answered
from sepal_export.following.original import table_of as frame_of
from sepal_export.following.refusal import IsATime, as_refusal, is_own
from sepal_export.following.replaced import check_array, replaced
from sepal_export.following.scopes import in_paths
from sepal_export.following.tables import symbols_of, table_of
from sepal_export.registry import follows
from sepal_export.table import Table


@follows
def follow(step: Any, table: Table) -> Table:
    """What the step's own `transform` makes of the rows of `table`. Raises NotImplementedError, which says where in the
    user's code and what to write instead."""
    original = table.original
    if original is None:
        raise NotImplementedError(
            "it is Python of your own between the parts of an estimator, where nobody knows what it gets; put it into "
            "the pipeline before that estimator"
        )
    graph = table.graph
    answer = answered(step, original)
    copy = deepcopy(step)
    with graph.sharing():
        try:
            with replaced(list(own_modules(copy))), followed_inside(copy):
                made = in_paths(lambda: call(copy, symbols_of(table, original)))
                after = table_of(graph, made)
        except IsATime:
            raise
        except Exception as error:
            raise as_refusal(error) from error
    return checked(after, frame_of(answer), graph)


def call(step: Any, rows: Any) -> Any:
    """Its transform, without what scikit-learn puts around it."""
    function = type(step).transform
    if hasattr(step, "func") and type(step).__module__.startswith("sklearn."):
        rows = check_array(rows) if step.validate else rows
        return step.func(rows, **(step.kw_args or {}))
    return getattr(function, "__wrapped__", function)(step, rows)


def checked(table: Table, answer: Any, graph: Any) -> Table:
    """Its numbers are as many as the original's. One that is none, or infinite, is refused, where the original has none
    of these for the training rows: the steps after it are likely to raise an error."""
    count = len(table._columns) or answer.shape[1]
    if count != answer.shape[1]:
        raise NotImplementedError(f"it was followed to {count} columns, and answers {answer.shape[1]}")
    if graph.takes_missing:
        return table
    numbers = [place for place in range(count) if answer.dtypes.iloc[place].kind in "fiub"]
    for place in numbers:
        values = answer.iloc[:, place].to_numpy(dtype=float, na_value=np.nan)
        column = table.column(place)
        if column.is_string or column.is_time:
            continue
        if not np.isnan(values).any() and column.feature is None:
            graph.refuse(column.value.isnan())
        if not np.isinf(values).any() and column.feature is None:
            graph.refuse(column.value.graph.node("IsInf", column.value))
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
