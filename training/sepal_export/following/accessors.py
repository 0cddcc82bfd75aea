"""`.str`, `.dt` and `.cat` of a column."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sepal_export.following.casting import Categorized
from sepal_export.following.cells import SPAN, TEXT, TIME, Cell
from sepal_export.following.characters import PATTERNS, Part, flag_of, length, part, taken
from sepal_export.following.dates import METHODS, PARTS, of_span, whole_part
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.sources import accept_only, source_of
from sepal_export.following.texts import mapped

# Methods of strings for which pandas answers each string by itself.
OF_TEXTS = {
    "capitalize", "casefold", "center", "contains", "count", "endswith", "extract", "find", "fullmatch", "get",
    "isalnum", "isalpha", "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper", "len",
    "ljust", "lower", "lstrip", "match", "normalize", "pad", "removeprefix", "removesuffix", "repeat", "replace",
    "rfind", "rjust", "rstrip", "slice", "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
}  # fmt: skip


class Strings:
    def __init__(self, series: Any) -> None:
        if not isinstance(series.cell, Cell) or series.cell.kind != TEXT:
            raise AttributeError("Can only use .str accessor with string values")
        if isinstance(series.cell, Part):
            # A request may hold one row. If its string lacks this part, the column of parts holds no string, and pandas
            # refuses .str on it. So the model accepts only strings of the training data.
            accept_only(source_of(series.cell.source)[0])
        self.series = series

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "split":
            return lambda *args, **options: Parts(self.series, args, options)
        if name == "cat":
            return self._cat
        if name not in OF_TEXTS:
            raise NotFollowed(f"it uses .str.{name}")
        return lambda *args, **options: self._made(name, args, options)

    def _made(self, name: str, args: Any, options: Any) -> Any:
        if name == "extract":
            options = {**options, "expand": False}
        exact = self._exactly(name, args, options)
        if exact is not None:
            return self.series.with_cell(exact)
        return self.series.with_cell(mapped(self.series.cell, lambda texts: getattr(texts.str, name)(*args, **options)))

    def _exactly(self, name: str, args: Any, options: Any) -> Cell | None:
        """Computes the method in the graph for every string. None if the graph can only look up known strings in a
        table."""
        cell = self.series.cell
        if name in PATTERNS:
            return flag_of(cell, name, args, options)
        if name == "len":
            return length(cell)
        if name == "get":
            return taken(cell, *args, **options)
        if name == "slice":
            return taken(cell, slice(*args)) if args and not options else None
        return None

    def _cat(self, others: Any = None, sep: str | None = None, na_rep: Any = None, **_: Any) -> Any:
        if others is None:
            raise looks_at_other_rows(".str.cat without another column")
        made = self.series if na_rep is None else self.series.fillna(na_rep)
        for other in others if isinstance(others, list) else [others]:
            there = other if na_rep is None else other.fillna(na_rep)
            made = made + sep + there if sep else made + there
        return made

    def __getitem__(self, key: Any) -> Any:
        exact = taken(self.series.cell, key)
        if exact is not None:
            return self.series.with_cell(exact)
        return self.series.with_cell(mapped(self.series.cell, lambda texts: texts.str[key]))


class Parts:
    """The result of `.str.split`, of which one part or the number of parts is used."""

    def __init__(self, series: Any, args: Any, options: Any) -> None:
        self.series, self.args = series, args
        self.is_expanded = options.pop("expand", False)
        self.options = options

    @property
    def str(self) -> Parts:
        return self

    def _of(self, function: Any) -> Any:
        return self.series.with_cell(
            mapped(self.series.cell, lambda texts: function(texts.str.split(*self.args, **self.options)))
        )

    def __getitem__(self, key: Any) -> Any:
        exact = self._exactly(key) if isinstance(key, int) else None
        return exact if exact is not None else self._of(lambda parts: parts.str[key])

    def _exactly(self, place: int | None) -> Any:
        """Computes one part of every string in the graph; with `place` None, the number of parts. None if the graph can
        only look up known strings in a table."""
        delimiters = [*self.args, *self.options.values()]
        if len(delimiters) != 1 or set(self.options) - {"pat", "sep"}:
            return None
        made = part(self.series.cell, delimiters[0], place)
        return None if made is None else self.series.with_cell(made)

    get = __getitem__

    def len(self) -> Any:
        exact = self._exactly(None)
        return exact if exact is not None else self._of(lambda parts: parts.str.len())

    def apply(self, function: Any) -> Any:
        return self._of(lambda parts: parts.map(function, na_action="ignore"))

    map = apply


class Times:
    def __init__(self, series: Any) -> None:
        if not isinstance(series.cell, Cell) or series.cell.kind not in (TIME, SPAN):
            raise AttributeError("Can only use .dt accessor with datetimelike values")
        self.series = series

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        cell = self.series.cell
        if cell.kind == SPAN:
            made = of_span(cell, name)
            return (lambda: self.series.with_cell(made())) if callable(made) else self.series.with_cell(made)
        if name in PARTS:
            return self.series.with_cell(whole_part(cell, name))
        if name == "date":
            return self.series.with_cell(METHODS["date"](cell))
        if name == "isocalendar":
            return lambda: METHODS["isocalendar"](cell)
        if name == "tz_convert":
            return lambda tz: self.series.with_cell(METHODS["tz_localize"](cell, tz))
        if name in METHODS:
            return lambda *args, **options: self.series.with_cell(METHODS[name](cell, *args, **options))
        if name == "strftime":
            return lambda date_format: self.series.with_cell(formatted(cell, date_format))
        raise NotFollowed(f"it uses .dt.{name}")


def formatted(cell: Cell, date_format: str) -> Cell:
    raise NotFollowed(
        f"it makes strings of times by strftime({date_format!r})", "take the parts by .dt, such as .dt.month"
    )


class Categories:
    """The `.cat` of a column. Its codes can be followed only if the categories are given: pandas would derive them from
    all rows."""

    def __init__(self, series: Any) -> None:
        self.series = series

    @property
    def codes(self) -> Any:
        return self.series.with_cell(self._of_known().codes)

    @property
    def categories(self) -> Any:
        return pd.Index(self._of_known().categories)

    def _of_known(self) -> Categorized:
        if not isinstance(self.series.cell, Categorized):
            raise NotFollowed(
                ".cat takes the categories from the rows of the call, so a code depends on other rows",
                "give the categories: astype(pd.CategoricalDtype([…]))",
            )
        return self.series.cell
