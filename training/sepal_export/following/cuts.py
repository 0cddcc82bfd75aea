"""`pd.cut`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.bins import places_among
from sepal_export.following.calls import array
from sepal_export.following.casting import Categorized
from sepal_export.following.cells import FLOAT, TEXT, Cell
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.kinds import to, where
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.series import Series


def cut(
    x: Any,
    bins: Any,
    right: bool = True,
    labels: Any = None,
    retbins: bool = False,
    precision: int = 3,
    include_lowest: bool = False,
    duplicates: str = "raise",
    ordered: bool = True,
) -> Any:
    """Cuts into bins with given edges."""
    if np.ndim(bins) == 0:
        raise looks_at_other_rows("pd.cut with a number of bins")
    if retbins:
        raise NotFollowed("it uses pd.cut with retbins=True", "leave retbins out, and use the edges that you give")
    if duplicates == "drop":
        bins = np.unique(np.asarray(bins, dtype=np.float64))
    edges = np.asarray(bins, dtype=np.float64)
    cell = x.cell if isinstance(x, Series) else array(x).cells.item()
    value = to(cell, FLOAT)
    place = to(places_among(value, edges, is_right=not right), FLOAT)
    if include_lowest:
        # The first edge then belongs to the first bin. If bins are open on the right, the last edge belongs to none.
        place = where(ELEMENTS["equal"](value, edges[0]), 1.0, place)
    is_inside = ELEMENTS["bitwise_and"](ELEMENTS["greater"](place, 0), ELEMENTS["less"](place, len(edges)))
    is_inside = ELEMENTS["bitwise_and"](is_inside, ELEMENTS["equal"](value, value))
    code = where(is_inside, place - 1.0, np.nan)
    name = x.name if isinstance(x, Series) else None
    if labels is False:
        return Series(code, name)
    if labels is None:
        labels = pd.cut([], edges, right=right, include_lowest=include_lowest, precision=precision).categories
    return Series(labelled(code, list(labels)), name)


def labelled(code: Cell, labels: list[Any]) -> Cell:
    """The label of the bin; missing outside of all bins."""
    graph = code.graph
    are_numbers = all(isinstance(label, int | float | np.number) for label in labels)
    kind = FLOAT if are_numbers else TEXT
    values = np.array([*map(float, labels), np.nan]) if are_numbers else np.array([*map(str, labels), ""], dtype=object)
    place = graph.where(code.value.isnan(), float(len(labels)), code.value).cast(np.int64).reshape(-1)
    cell = Cell(graph.constant(values).rows(place).reshape(-1, 1), kind)
    return Categorized(cell, list(dict.fromkeys(labels if are_numbers else map(str, labels))))
