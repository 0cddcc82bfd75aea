"""Joins the paths of a piece of the user's code at the end of that piece. Otherwise each of its paths would be run with
each path of every other piece."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from pandas import DataFrame as ConstantFrame
from pandas import Series as Constants

from sepal_export.following.arrays import Array
from sepal_export.following.assigned import distinct
from sepal_export.following.cells import Cell
from sepal_export.following.forks import joined, path_here, paths_of
from sepal_export.following.frames import Frame
from sepal_export.following.kinds import where
from sepal_export.following.objects import filled_with
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.rows import Row
from sepal_export.following.series import Series
from sepal_export.graphs.graph import Value


def in_paths(run: Callable[[], Any]) -> Any:
    """The joined result of a piece of Python over all its paths. The proof has rows for each path."""
    paths, before = paths_of(run), path_here()
    for path in paths if len(paths) > 1 else ():
        masks = [*before, *masks_of(list(zip(path.conditions, path.answers, strict=False)))]
        masks[0].graph.paths.append(reduce(lambda a, b: a & b, masks))
    return joined(paths, chosen, refuse)


def masks_of(conditions: list[tuple[Cell, bool]]) -> list[Value]:
    return [cell.value if answer else ~cell.value for cell, answer in conditions]


def refuse(conditions: list[tuple[Cell, bool]]) -> None:
    """For a path that raised: refuses the rows that take it, as the original does."""
    if not conditions:
        return
    masks = [*path_here(), *masks_of(conditions)]
    masks[0].graph.refuse(reduce(lambda a, b: a & b, masks))


def chosen(condition: Cell, then: Any, otherwise: Any) -> Any:
    """Chooses between two results of the same form."""
    if then is otherwise:
        return then
    then, otherwise = with_symbols(then), with_symbols(otherwise)
    kinds = (type(then), type(otherwise))
    if kinds == (Series, Series):
        return Series(chosen(condition, then.cell, otherwise.cell), then.name)
    if kinds == (Row, Row):
        return Row({name: chosen(condition, then[name], otherwise[name]) for name in then.index})
    if kinds == (Frame, Frame):
        if list(then.columns) != list(otherwise.columns):
            raise NotFollowed("it returns different columns for different rows")
        return Frame({name: chosen(condition, then.cells[name], otherwise.cells[name]) for name in then.cells})
    if kinds == (Array, Array) and then.shape == otherwise.shape:
        pairs = zip(then.cells.ravel().tolist(), otherwise.cells.ravel().tolist(), strict=True)
        return Array(filled_with([chosen(condition, *pair) for pair in pairs], then.shape), rows=then.rows)
    if kinds[0] is kinds[1] and kinds[0] in (list, tuple) and len(then) == len(otherwise):
        return kinds[0](chosen(condition, a, b) for a, b in zip(then, otherwise, strict=True))
    if kinds == (dict, dict) and list(then) == list(otherwise):
        return {name: chosen(condition, then[name], otherwise[name]) for name in then}
    if any(kind in (Series, Row, Frame, Array, list, tuple, dict) for kind in kinds):
        raise NotFollowed("it returns results of different types, shapes or keys for different rows")
    if not isinstance(then, Cell) and not isinstance(otherwise, Cell) and is_equal(then, otherwise):
        return then
    return where(condition, missing_as_text(then, otherwise), missing_as_text(otherwise, then))


def with_symbols(answer: Any) -> Any:
    """Converts results that hold only constants (objects of pandas and numpy) to the form with cells."""
    kind = type(answer)
    if kind is ConstantFrame and len(answer) == 1:
        return Frame(distinct((name, answer.iloc[0:1, place].item()) for place, name in enumerate(answer.columns)))
    if kind is Constants:
        [first, *others] = answer.index if len(answer) else [""]
        is_column = not others and not isinstance(first, str)
        return Series(answer.item(), answer.name) if is_column else Row(dict(answer.items()))
    if kind is np.ndarray and answer.ndim:
        return Array(filled_with(answer.ravel().tolist(), answer.shape), rows=0 if answer.shape[0] == 1 else None)
    return answer


def is_equal(first: Any, second: Any) -> bool:
    return type(first) is type(second) and (first == second or (first != first and second != second))


def missing_as_text(value: Any, other: Any) -> Any:
    """None and NaN beside a string count as a missing string."""
    is_text = isinstance(other, str) or (isinstance(other, Cell) and other.kind == "text")
    if not is_text or isinstance(value, Cell | str):
        return value
    if value is None or value != value:
        graph = other.graph if isinstance(other, Cell) else None
        if graph is None:
            raise NotFollowed(
                "it returns a string for some rows and None or NaN for others", "return '' in place of None or NaN"
            )
        return Cell(graph.constant(np.array([[""]], dtype=object)), "text", is_nullable=True)
    return value
