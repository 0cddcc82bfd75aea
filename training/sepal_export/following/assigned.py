"""The columns of a frame that result from assignment, concatenation, or operations on frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from pandas import Series as Constants

from sepal_export.following.arrays import Array
from sepal_export.following.cells import DTYPES, Cell
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.rows import Row
from sepal_export.following.series import Series


def is_frame(value: Any) -> bool:
    from sepal_export.following.frames import Frame

    return type(value) is Frame


def distinct(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """A dictionary by column name. Refuses repeated names."""
    pairs = list(pairs)
    cells = dict(pairs)
    if len(cells) < len(pairs):
        raise NotFollowed("two columns of a frame have the same name", "rename one of them")
    return cells


class Tuple:
    """A row of itertuples."""

    def __init__(self, cells: dict[Any, Any]) -> None:
        self._cells = cells

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("_cells", {}):
            return self._cells[name]
        raise AttributeError(name)

    def __getitem__(self, place: int) -> Any:
        return list(self._cells.values())[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cells.values())

    def _asdict(self) -> dict[Any, Any]:
        return dict(self._cells)


def dtype_of(cell: Any) -> Any:
    return DTYPES[cell.kind] if isinstance(cell, Cell) else np.asarray(cell).dtype


def column_of(value: Any) -> Any:
    """The column after `value` is assigned to it."""
    if isinstance(value, Series):
        return value.cell
    if is_frame(value):
        [cell] = value.cells.values()
        return cell
    if type(value) is Array or isinstance(value, list | tuple | np.ndarray | Constants):
        parts = (
            value.cells.ravel().tolist() if type(value) is Array else np.ravel(np.array(value, dtype=object)).tolist()
        )
        if len(parts) != 1:
            raise NotFollowed(f"it assigns {len(parts)} values to a column of one row")
        return parts[0]
    return value


def columns_of(value: Any, count: int) -> Sequence[Any]:
    """The columns after `value` is assigned to several of them."""
    if is_frame(value):
        return list(value.cells.values())
    if type(value) is Array and value.ndim == 2:
        return value.cells[0].tolist()
    return [column_of(value)] * count


def beside(parts: Sequence[Any]) -> Any:
    """Like pd.concat with axis=1."""
    from sepal_export.following.frames import Frame

    pairs: list[tuple[Any, Any]] = []
    for place, part in enumerate(parts):
        if isinstance(part, Series):
            pairs.append((place if part.name is None else part.name, part.cell))
        elif type(part) is Frame:
            pairs += part.cells.items()
        else:
            raise NotFollowed(f"it puts {type(part).__name__} beside a frame")
    return Frame(distinct(pairs))


def of_frames(element: Callable[..., Any], *operands: Any) -> Any:
    """An operation on frames, by column name. A Series of constants, a dictionary and a row of a frame are
    matched by their names, too."""
    from sepal_export.following.frames import Frame

    names = list(next(operand for operand in operands if type(operand) is Frame).cells)
    if any(type(operand) is Frame and set(operand.cells) != set(names) for operand in operands):
        raise NotFollowed("it combines frames with different columns", "give both the same columns")
    made = {}
    for place, name in enumerate(names):
        made[name] = element(*(operand_at(operand, place, name, len(names)) for operand in operands))
    return Frame(made)


def operand_at(operand: Any, place: int, name: Any, count: int) -> Any:
    """The operand for one column of a frame."""
    if is_frame(operand):
        return operand.cells[name]
    if type(operand) is Constants or isinstance(operand, dict) or type(operand) is Row:
        if name not in operand:
            raise NotFollowed(f"it computes a frame with values by name, and {name!r} has none")
        return operand[name]
    if isinstance(operand, Series):
        raise NotFollowed("it computes a frame with a column", "use .add, .sub, .mul or .div with axis=0")
    if type(operand) is Array or isinstance(operand, np.ndarray | list):
        cells = operand.cells if type(operand) is Array else np.array(operand, dtype=object)
        return np.broadcast_to(cells, (1, count))[0][place]
    return operand
