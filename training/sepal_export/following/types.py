"""Types by the names that `astype` and `dtype=` accept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import BOOL, FLOAT, INT, NUMBERS, SPAN, TEXT, TIME, Cell
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import to
from sepal_export.following.narrow import NAMES, narrowed, widened
from sepal_export.following.refusal import NotFollowed

WIDTHS = {"int8": 7, "int16": 15, "int32": 31, "uint8": 8, "uint16": 16, "uint32": 32}


def kind_named(dtype: Any) -> str | None:
    """The kind of a type; None for types that leave values unchanged: object, category."""
    if isinstance(dtype, Cell):
        raise NotFollowed("a type depends on a value")
    dtype = getattr(dtype, "original", dtype)
    if dtype is None:
        return None
    if isinstance(dtype, pd.CategoricalDtype) or (isinstance(dtype, str) and dtype == "category"):
        return None
    if isinstance(dtype, str) and dtype in ("str", "string", "Int64", "Float64", "boolean"):
        return {"Int64": INT, "Float64": FLOAT, "boolean": BOOL}.get(dtype, TEXT)
    if isinstance(dtype, pd.StringDtype):
        return TEXT
    kind = np.dtype(dtype).kind
    kinds = {"b": BOOL, "i": INT, "u": INT, "f": FLOAT, "U": TEXT, "M": TIME, "m": SPAN, "O": None}
    if kind not in kinds:
        raise NotFollowed(f"it makes {dtype} of a value")
    return kinds[kind]


def as_kind(cell: Cell, dtype: Any) -> Cell:
    """Converts a cell like `astype(dtype)`."""
    kind = kind_named(dtype)
    dtype = getattr(dtype, "original", dtype)
    if kind is None or (kind == cell.kind and kind in (TEXT, TIME, SPAN)):
        return cell
    if cell.kind == TEXT and kind in NUMBERS:
        from sepal_export.following.texts import mapped

        return mapped(cell, lambda texts: texts.map(lambda text: as_number(text, kind)))
    name = np.dtype(dtype).name if not isinstance(dtype, str) or dtype not in ("str", "string") else ""
    made = to(cell, kind)
    if name in NAMES:
        if cell.kind == FLOAT and name in WIDTHS:
            # The result of converting a larger number depends on the processor.
            refuse_beyond(made, name)
        return narrowed(made, name)
    if name == "uint64":
        refuse_here(made.value < np.int64(0))
    return widened(made) if name in ("int64", "float64") else made


def refuse_beyond(cell: Cell, name: str) -> None:
    """Refuses rows whose integer does not fit into the type of this name."""
    limit, low = 2 ** WIDTHS[name], 0 if name.startswith("u") else -(2 ** WIDTHS[name])
    refuse_here((cell.value >= np.int64(limit)) | (cell.value < np.int64(low)))


def as_number(text: Any, kind: str) -> Any:
    """The number, or the truth value, of a string; None if Python cannot convert it."""
    try:
        return int(text) if kind == INT else bool(text) if kind == BOOL else float(text)
    except (TypeError, ValueError):
        return None
