"""`pd.get_dummies`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sepal_export.following.assigned import distinct
from sepal_export.following.casting import Categorized
from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, Cell
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.frames import Frame
from sepal_export.following.keys import candidates_of
from sepal_export.following.kinds import is_missing
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.series import Series
from sepal_export.following.sources import source_of
from sepal_export.following.types import as_kind


def get_dummies(
    data: Any,
    prefix: Any = None,
    prefix_sep: str = "_",
    dummy_na: bool = False,
    columns: Any = None,
    sparse: bool = False,
    drop_first: bool = False,
    dtype: Any = None,
) -> Frame:
    """A column per category if categories are given, or else per value in the training data. In the second case the
    original's result for a single row differs, unless a `reindex` follows that names the columns."""
    cells = {data.name: data.cell} if isinstance(data, Series) else data.cells
    coded = list(cells) if isinstance(data, Series) else [name for name, cell in cells.items() if is_coded(cell)]
    coded = coded if columns is None else list(columns)
    pairs = [(name, cell) for name, cell in cells.items() if name not in coded]
    dummies = []
    for place, name in enumerate(coded):
        given = prefix[place] if isinstance(prefix, list) else prefix[name] if isinstance(prefix, dict) else prefix
        before = given if given is not None else None if isinstance(data, Series) else name
        start = "" if before is None else f"{before}{prefix_sep}"
        flags = flags_of(cells[name], dummy_na, drop_first)
        made = [(label if before is None else f"{start}{label}", flag) for label, flag in flags]
        pairs += [(label, flag if dtype is None else as_kind(flag, dtype)) for label, flag in made]
        if not isinstance(cells[name], Categorized):
            dummies.append((start, cells[name], dtype))
    made = Frame(distinct(pairs))
    made.__dict__["dummies"] = tuple(dummies)
    return made


def flag_named(dummies: Iterable[tuple[str, Cell, Any]], name: Any) -> Cell | None:
    """Whether the row has the value at the end of a column's name, even if the training data does not have it.
    `dummies` are prefixes of names, cells, and types of the flags. None if the name does not match."""
    found = []
    for start, cell, dtype in dummies:
        value = value_named(cell, start, name)
        if value is not None:
            flag = ELEMENTS["equal"](cell, value)
            found.append(flag if dtype is None else as_kind(flag, dtype))
    if len(found) > 1:
        raise NotFollowed(f"{name!r} may be of either of two columns of pd.get_dummies", "give them other prefixes")
    return found[0] if found else None


def value_named(cell: Cell, start: str, name: Any) -> Any:
    """The value that gives this column name; None if there is none."""
    if not isinstance(name, str):
        return name if not start and cell.kind != TEXT and type(name) is (bool if cell.kind == BOOL else int) else None
    if not name.startswith(start) or (not start and cell.kind != TEXT):
        return None
    rest = name.removeprefix(start)
    if cell.kind == BOOL:
        return {"True": True, "False": False}.get(rest)
    if cell.kind == INT:
        return int(rest) if rest.removeprefix("-").isdecimal() and str(int(rest)) == rest else None
    return rest


def is_coded(cell: Any) -> bool:
    return isinstance(cell, Cell) and (cell.kind == TEXT or isinstance(cell, Categorized))


def flags_of(cell: Any, dummy_na: bool, drop_first: bool) -> list[tuple[Any, Cell]]:
    """By label: whether the value is that label."""
    is_known = isinstance(cell, Categorized)
    if not is_known and cell.kind == FLOAT:
        raise NotFollowed(
            "pd.get_dummies of a number that can have any value",
            "make it whole with astype(int), or compare it with each value",
        )
    if not is_known and (dummy_na or drop_first or cell.kind not in (TEXT, INT, BOOL)):
        raise looks_at_other_rows("pd.get_dummies of a column without given categories")
    labels = cell.categories if is_known else source_of(cell)[0].keys if cell.kind == TEXT else candidates_of(cell)
    flags = [(label, ELEMENTS["equal"](cell, label)) for label in labels]
    flags += [("nan", is_missing(cell))] if dummy_na else []
    return flags[1:] if drop_first else flags
