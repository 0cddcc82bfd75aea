"""A frame of pandas whose columns hold cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array, filled_with, give_operators, uniform
from sepal_export.following.cells import DTYPES, NUMBERS, Cell
from sepal_export.following.reductions import OF_PANDAS
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows, no_attribute
from sepal_export.following.series import INDEX, NAMED_OPERATORS, OF_OTHER_ROWS, Row, Series, cell_of, named_operator

# Of a frame as of its columns, each by itself.
BY_COLUMN = {
    "abs", "astype", "clip", "isin", "isna", "isnull", "notna", "notnull", "round", "transform",
}  # fmt: skip
ROWS_CHANGE = {
    "dropna", "explode", "head", "melt", "merge", "nlargest", "pivot", "pivot_table", "query", "sample", "sort_index",
    "sort_values", "stack", "tail", "unstack",
}  # fmt: skip


class Frame:
    """`cells` are the values of the one row, by the names of the columns in their order; constants may be among them."""

    def __init__(self, cells: dict[Any, Any]) -> None:
        self.__dict__["cells"] = dict(cells)

    __class__ = property(lambda self: pd.DataFrame)  # type: ignore[assignment]
    index = INDEX
    ndim, empty = 2, False

    @property
    def columns(self) -> pd.Index:
        return pd.Index(list(self.cells))

    @property
    def shape(self) -> tuple[int, int]:
        return 1, len(self.cells)

    @property
    def size(self) -> int:
        return len(self.cells)

    @property
    def dtypes(self) -> pd.Series:
        return pd.Series({name: dtype_of(cell) for name, cell in self.cells.items()}, dtype=object)

    @property
    def values(self) -> Array:
        return self.as_array()

    @property
    def T(self) -> Any:
        raise NotFollowed("it transposes a frame", "use axis=1")

    @property
    def loc(self) -> Any:
        from sepal_export.following.places import ByLabel

        return ByLabel(self)

    at = loc

    @property
    def iloc(self) -> Any:
        from sepal_export.following.places import ByPosition

        return ByPosition(self)

    iat = iloc

    def as_array(self) -> Array:
        return Array(uniform(filled_with(list(self.cells.values()), self.shape)), rows=0)

    def to_numpy(self, dtype: Any = None, *_: Any, **__: Any) -> Array:
        return self.values if dtype is None else self.values.astype(dtype)

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.cells))

    def __contains__(self, name: Any) -> bool:
        return name in self.cells

    def keys(self) -> pd.Index:
        return self.columns

    def items(self) -> Iterator[tuple[Any, Series]]:
        for name, cell in list(self.cells.items()):
            yield name, Series(cell, name)

    def iterrows(self) -> Iterator[tuple[int, Row]]:
        yield 0, self.row()

    def itertuples(self, index: bool = True, name: str = "Pandas") -> Iterator[Any]:
        yield Tuple({**({"Index": 0} if index else {}), **self.cells})

    def row(self) -> Row:
        """As pandas has it: numbers beside numbers are of one kind."""
        cells = uniform(filled_with(list(self.cells.values()), (len(self.cells),))).tolist()
        return Row(dict(zip(self.cells, cells, strict=True)))

    def to_dict(self, orient: str = "dict", **_: Any) -> Any:
        if orient != "records":
            raise NotFollowed(f"to_dict with orient={orient!r}", "use orient='records'")
        return [dict(self.cells)]

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, list | pd.Index | np.ndarray) and type(key) is not Array:
            keys = list(key)
            if keys and all(isinstance(each, bool | np.bool_) for each in keys):
                return self.loc[:, keys]
            return Frame({name: self._named(name) for name in keys})
        if isinstance(key, slice):
            if key == slice(None):
                return self.copy()
            raise looks_at_other_rows("a slice of rows")
        if isinstance(key, Cell | Series | Array | Frame):
            raise NotFollowed("it leaves out rows by a condition", "use where, or np.where, and keep every row")
        return Series(self._named(key), key)

    def _named(self, name: Any) -> Any:
        if name not in self.cells:
            raise KeyError(name)
        return self.cells[name]

    def __setitem__(self, key: Any, value: Any) -> None:
        if type(key) is Frame:
            for name, condition in key.items():
                self.loc[condition, name] = value
            return
        if isinstance(key, Series | Array) and not isinstance(cell_of(key), str):
            self.loc[key, :] = value
            return
        if isinstance(key, list | pd.Index | np.ndarray):
            for name, cell in zip(key, columns_of(value, len(key)), strict=True):
                self.cells[name] = cell
            return
        self.cells[key] = column_of(value)

    def __delitem__(self, key: Any) -> None:
        del self.cells[key]

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "columns":
            cells = list(self.cells.values())
            self.__dict__["cells"] = dict(zip(list(value), cells, strict=True))
        elif name in self.cells:
            self.cells[name] = column_of(value)
        elif name not in ("index", "attrs"):
            raise NotFollowed(f"it sets {name!r} of a frame", "write frame['name'] = …")

    def copy(self, *_: Any, **__: Any) -> Frame:
        return Frame(self.cells)

    def assign(self, **columns: Any) -> Frame:
        made = self.copy()
        for name, value in columns.items():
            made[name] = value(made) if callable(value) else value
        return made

    def insert(self, loc: int, column: Any, value: Any, *_: Any) -> None:
        names = list(self.cells)
        cells = {**self.cells, column: column_of(value)}
        names.insert(loc, column)
        self.__dict__["cells"] = {name: cells[name] for name in names}

    def pop(self, item: Any) -> Series:
        return Series(self.cells.pop(item), item)

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key] if not isinstance(key, list) and key in self.cells else default

    def drop(
        self,
        labels: Any = None,
        axis: Any = 0,
        *,
        columns: Any = None,
        index: Any = None,
        inplace: bool = False,
        errors: str = "raise",
        **_: Any,
    ) -> Any:
        dropped = columns if columns is not None else labels if axis in (1, "columns") else None
        if dropped is None:
            raise NotFollowed("it drops rows", "keep every row")
        dropped = [dropped] if isinstance(dropped, str) or not np.iterable(dropped) else list(dropped)
        if errors == "raise" and set(dropped) - set(self.cells):
            raise KeyError(f"{sorted(set(dropped) - set(self.cells))} not found in axis")
        return self._in_place({name: cell for name, cell in self.cells.items() if name not in set(dropped)}, inplace)

    def _in_place(self, cells: dict[Any, Any], inplace: bool) -> Any:
        if not inplace:
            return Frame(cells)
        self.__dict__["cells"] = cells
        return None

    def rename(
        self, mapper: Any = None, *, columns: Any = None, axis: Any = None, inplace: bool = False, **_: Any
    ) -> Any:
        names = columns if columns is not None else mapper if axis in (1, "columns") else {}
        rename = names if callable(names) else lambda name: names.get(name, name)
        return self._in_place({rename(name): cell for name, cell in self.cells.items()}, inplace)

    def add_prefix(self, prefix: str, **_: Any) -> Frame:
        return self.rename(columns=lambda name: f"{prefix}{name}")

    def add_suffix(self, suffix: str, **_: Any) -> Frame:
        return self.rename(columns=lambda name: f"{name}{suffix}")

    def set_axis(self, labels: Any, axis: Any = 0, **_: Any) -> Frame:
        if axis not in (1, "columns"):
            return self.copy()
        return Frame(dict(zip(list(labels), self.cells.values(), strict=True)))

    def reset_index(self, *_: Any, drop: bool = False, inplace: bool = False, **__: Any) -> Any:
        if not drop:
            raise NotFollowed("reset_index makes a column of the rows' numbers", "use reset_index(drop=True)")
        return self._in_place(self.cells, inplace)

    def reindex(
        self, labels: Any = None, *, columns: Any = None, axis: Any = None, fill_value: Any = np.nan, **_: Any
    ) -> Frame:
        names = columns if columns is not None else labels if axis in (1, "columns") else None
        if names is None:
            return self.copy()
        return Frame({name: self.cells.get(name, fill_value) for name in names})

    def filter(self, items: Any = None, like: str | None = None, regex: str | None = None, axis: Any = None) -> Frame:
        names = pd.DataFrame(columns=list(self.cells)).filter(items=items, like=like, regex=regex, axis=1).columns
        return Frame({name: self.cells[name] for name in names})

    def select_dtypes(self, include: Any = None, exclude: Any = None) -> Frame:
        plain = [
            getattr(d, "original", d)
            for d in ([] if include is None else np.atleast_1d(np.array(include, dtype=object)))
        ]
        without = [
            getattr(d, "original", d)
            for d in ([] if exclude is None else np.atleast_1d(np.array(exclude, dtype=object)))
        ]
        empty = pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in self.dtypes.items()})
        return self[list(empty.select_dtypes(plain or None, without or None).columns)]

    def fillna(self, value: Any = None, *, method: Any = None, inplace: bool = False, **_: Any) -> Any:
        values = value if isinstance(value, dict) else dict(value) if type(value) is pd.Series else None
        cells = {}
        for name, column in self.items():
            given = value if values is None else values.get(name)
            is_given = given is not None or method is not None
            cells[name] = column.fillna(given, method=method).cell if is_given else column.cell
        return self._in_place(cells, inplace)

    def replace(self, to_replace: Any = None, value: Any = None, *, inplace: bool = False, **options: Any) -> Any:
        nested = isinstance(to_replace, dict) and any(isinstance(each, dict) for each in to_replace.values())
        cells = {
            name: column.replace(to_replace.get(name, {}) if nested else to_replace, value, **options).cell
            for name, column in self.items()
        }
        return self._in_place(cells, inplace)

    def where(self, condition: Any, other: Any = np.nan, **_: Any) -> Frame:
        return self._chosen("where", condition, other)

    def mask(self, condition: Any, other: Any = np.nan, **_: Any) -> Frame:
        return self._chosen("mask", condition, other)

    def _chosen(self, name: str, condition: Any, other: Any) -> Frame:
        condition = condition(self) if callable(condition) else condition
        cells = {}
        for column, series in self.items():
            held = condition[column] if type(condition) is Frame else condition
            cells[column] = getattr(series, name)(held, other[column] if type(other) is Frame else other).cell
        return Frame(cells)

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Frame:
        given = dtype if isinstance(dtype, dict) else dict.fromkeys(self.cells, dtype)
        return Frame({name: s.astype(given[name]).cell if name in given else s.cell for name, s in self.items()})

    def round(self, decimals: Any = 0, *_: Any, **__: Any) -> Frame:
        given = decimals if isinstance(decimals, dict) else dict.fromkeys(self.cells, decimals)
        return Frame({name: s.round(given[name]).cell if name in given else s.cell for name, s in self.items()})

    def clip(self, lower: Any = None, upper: Any = None, *, axis: Any = None, **_: Any) -> Frame:
        def limit(given: Any, name: Any) -> Any:
            return given[name] if isinstance(given, pd.Series | dict) and type(given) is not Series else given

        return Frame({name: s.clip(limit(lower, name), limit(upper, name)).cell for name, s in self.items()})

    def map(self, func: Any, na_action: Any = None, **options: Any) -> Frame:
        return Frame({name: column.apply(func, **options).cell for name, column in self.items()})

    applymap = map

    def apply(
        self,
        func: Any,
        axis: Any = 0,
        raw: bool = False,
        result_type: Any = None,
        args: tuple[Any, ...] = (),
        **options: Any,
    ) -> Any:
        from sepal_export.following.scopes import in_paths

        if axis in (0, "index"):
            made = {
                name: (getattr(s, func)() if isinstance(func, str) else func(s, *args, **options))
                for name, s in self.items()
            }
            if not all(isinstance(each, Series) for each in made.values()):
                raise looks_at_other_rows("apply with axis=0")
            return Frame({name: each.cell for name, each in made.items()})
        row = self.row()
        answer = in_paths(lambda: func(row.values if raw else row.copy(), *args, **options))
        if isinstance(answer, Row):
            return Frame(dict(answer.items()))
        if isinstance(answer, list | tuple) and result_type == "expand":
            return Frame(dict(enumerate(answer)))
        if isinstance(answer, list | tuple | dict | Array):
            raise NotFollowed("apply answers several values", "give it result_type='expand', or answer a pd.Series")
        return Series(answer)

    def pipe(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        return function(self, *args, **options)

    def join(self, other: Any, *_: Any, **__: Any) -> Frame:
        others = other if isinstance(other, list) else [other]
        return beside([self, *others])

    def dot(self, other: Any) -> Any:
        made = self.values.dot(getattr(other, "to_numpy", lambda: other)())
        return Series(made.cells.item()) if made.ndim == 1 else Frame(dict(enumerate(made.cells[0].tolist())))

    __matmul__ = dot

    def diff(self, periods: int = 1, axis: Any = 0) -> Frame:
        if axis not in (1, "columns"):
            raise looks_at_other_rows("diff of a frame")
        names = list(self.cells)
        first = dict.fromkeys(names[:periods], np.nan)
        rest = {b: (self[b] - self[a]).cell for a, b in zip(names, names[periods:], strict=False)}
        return Frame(first | rest)

    def eval(self, expr: str, *_: Any, **__: Any) -> Any:
        if "@" in expr or "=" in expr.replace("==", "").replace("<=", "").replace(">=", "").replace("!=", ""):
            raise NotFollowed("eval of an assignment", "write frame['name'] = …")
        return eval(expr.replace("`", ""), {"__builtins__": {}}, dict(self.items()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.cells:
            return self[name]
        if name in OF_PANDAS:
            return lambda axis=0, **options: self._reduced(name, axis, **options)
        if name in NAMED_OPERATORS:
            return lambda other, *args, **options: named_operator(name, self, other, **options)
        if name in BY_COLUMN:
            return lambda *args, **options: Frame({n: getattr(s, name)(*args, **options).cell for n, s in self.items()})
        if name in ROWS_CHANGE:
            raise NotFollowed(f"{name} changes which rows there are, or their order", "keep every row in its place")
        if name in OF_OTHER_ROWS or name in ("ffill", "bfill"):
            raise looks_at_other_rows(f"{name} of a frame")
        raise no_attribute(pd.DataFrame, name, "a frame")

    def _reduced(
        self, name: str, axis: Any = 0, *, skipna: bool = True, numeric_only: bool = False, **options: Any
    ) -> Series:
        if axis not in (1, "columns"):
            raise looks_at_other_rows(f"{name} of a frame's columns")
        cells = list(self.cells.values())
        if numeric_only:
            cells = [cell for cell in cells if not isinstance(cell, Cell) or cell.kind in NUMBERS]
        if not skipna:
            from sepal_export.following.reductions import METHODS

            options.setdefault("ddof", 1) if name in ("std", "var") else None
            return Series(METHODS[name](cells, **options))
        options = {key: value for key, value in options.items() if key == "ddof"}
        return Series(OF_PANDAS[name](cells, **options))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from sepal_export.following.ufuncs import applied

        return applied(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        from sepal_export.following.numpy_calls import called

        return called(function, args, options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NotFollowed("it hands a frame to code that computes with numbers alone")

    def __neg__(self) -> Any:
        return of_frames(lambda cell: -cell, self)

    def __abs__(self) -> Any:
        return of_frames(abs, self)

    def __invert__(self) -> Any:
        return Frame({name: (~column).cell for name, column in self.items()})

    def __bool__(self) -> bool:
        raise ValueError("The truth value of a DataFrame is ambiguous")

    __hash__ = None  # type: ignore[assignment]


give_operators(Frame)


class Tuple:
    """A row as itertuples gives it."""

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
    """What a column becomes that `value` is assigned to."""
    if isinstance(value, Series):
        return value.cell
    if type(value) is Frame:
        [cell] = value.cells.values()
        return cell
    if type(value) is Array or isinstance(value, list | tuple | np.ndarray | pd.Series):
        parts = (
            value.cells.ravel().tolist() if type(value) is Array else np.ravel(np.array(value, dtype=object)).tolist()
        )
        if len(parts) != 1:
            raise NotFollowed(f"it assigns {len(parts)} values to a column of one row")
        return parts[0]
    return value


def columns_of(value: Any, count: int) -> Sequence[Any]:
    """What several columns become that `value` is assigned to."""
    if type(value) is Frame:
        return list(value.cells.values())
    if type(value) is Array and value.ndim == 2:
        return value.cells[0].tolist()
    return [column_of(value)] * count


def beside(parts: Sequence[Any]) -> Frame:
    """As pd.concat with axis=1."""
    cells: dict[Any, Any] = {}
    for place, part in enumerate(parts):
        if isinstance(part, Series):
            cells[place if part.name is None else part.name] = part.cell
        elif type(part) is Frame:
            cells |= part.cells
        else:
            raise NotFollowed(f"it puts {type(part).__name__} beside a frame")
    return Frame(cells)


def of_frames(element: Callable[..., Any], *operands: Any) -> Frame:
    """Of frames column by column by their names; a column of constants beside one is by its names, too."""
    names = list(next(operand for operand in operands if type(operand) is Frame).cells)

    def part(operand: Any, place: int, name: Any) -> Any:
        if type(operand) is Frame:
            return operand.cells[name]
        if type(operand) is pd.Series or isinstance(operand, dict) or type(operand) is Row:
            return operand[name]
        if isinstance(operand, Series):
            raise NotFollowed("it computes a frame with a column", "give it axis=0, or compute column by column")
        if type(operand) is Array or isinstance(operand, np.ndarray | list):
            cells = np.broadcast_to(
                operand.cells if type(operand) is Array else np.array(operand, dtype=object), (1, len(names))
            )
            return cells[0][place]
        return operand

    return Frame(
        {name: element(*(part(operand, place, name) for operand in operands)) for place, name in enumerate(names)}
    )
