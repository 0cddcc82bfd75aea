"""Methods of a frame along each row, with axis=1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import FLOAT, INT, Cell
from sepal_export.following.choices import chosen
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import is_missing, where
from sepal_export.following.objects import filled_with, uniform
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.ufuncs import of_elements


def lacks(cell: Any) -> Any:
    return is_missing(cell) if isinstance(cell, Cell) else bool(pd.isna(cell))


def carried_on(cells: Sequence[Any]) -> list[Any]:
    """Each value or, if it is missing, the last one before it."""
    made = list(cells[:1])
    for cell in cells[1:]:
        made.append(chosen(lacks(cell), made[-1], cell))
    return made


def running(name: str, start: float) -> Callable[[Sequence[Any]], list[Any]]:
    """A cumulative operation that skips missing values, and is missing where the value is."""

    def made(cells: Sequence[Any]) -> list[Any]:
        so_far, answers = None, []
        for cell in cells:
            there = chosen(lacks(cell), start, cell) if is_float(cell) else cell
            so_far = there if so_far is None else of_elements(name, so_far, there)
            answers.append(chosen(lacks(cell), np.nan, so_far) if is_float(cell) else so_far)
        return answers

    return made


def is_float(cell: Any) -> bool:
    return isinstance(cell, float) or (isinstance(cell, Cell) and cell.kind == FLOAT)


def place_of(name: str) -> Callable[[Sequence[Any]], Any]:
    """Finds the position of the first largest, or smallest, value. pandas raises an error for a row without values."""

    def made(cells: Sequence[Any]) -> Any:
        best, place = cells[0], 0
        for number, cell in enumerate(cells[1:], 1):
            is_better = of_elements("logical_or", of_elements(name, cell, best), lacks(best))
            place = where(is_better, number, place) if isinstance(is_better, Cell) else number if is_better else place
            best = chosen(is_better, cell, best)
        if isinstance(best, Cell) and best.kind == FLOAT:
            refuse_here(is_missing(best).value)
        return place

    return made


RUNNING = {
    "bfill": lambda cells: carried_on(cells[::-1])[::-1],
    "cummax": running("maximum", -np.inf),
    "cummin": running("minimum", np.inf),
    "cumprod": running("multiply", 1.0),
    "cumsum": running("add", 0.0),
    "ffill": carried_on,
}
PLACES = {"idxmax": place_of("greater"), "idxmin": place_of("less")}


def along_row(frame: Any, name: str, options: dict[str, Any]) -> Any:
    """The result of the frame's method `name` with axis=1."""
    from sepal_export.following.series import Series

    cells = list(frame.cells.values())
    if name not in (*RUNNING, *PLACES):
        raise NotFollowed(
            f"{name} of the values of a row is not supported",
            "write it with comparisons of the columns, such as df['a'] > df['b']",
        )
    if options:
        raise NotFollowed(
            f"{name} of the values of a row does not support {', '.join(options)}",
            "leave the option out, or compute the columns before training",
        )
    if not all(map(is_number, cells)) or not cells:
        raise NotFollowed(
            f"{name} of the values of a row supports only columns of numbers", "choose these columns, or convert others"
        )
    cells = uniform(filled_with(cells, (len(cells),))).tolist()
    if name in RUNNING:
        return type(frame)(dict(zip(frame.cells, RUNNING[name](cells), strict=True)))
    place, names = PLACES[name](cells), list(frame.cells)
    if not isinstance(place, Cell):
        return Series(names[place])
    made = names[0]
    for number, each in enumerate(names[1:], 1):
        made = where(of_elements("equal", place, number), each, made)
    return Series(made)


def is_number(cell: Any) -> bool:
    if isinstance(cell, Cell):
        return cell.kind in (INT, FLOAT)
    return isinstance(cell, int | float | np.number) and not isinstance(cell, bool)
