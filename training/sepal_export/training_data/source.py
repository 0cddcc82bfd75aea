"""A file of rows, read like for the fit: with pandas' defaults and the given options."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.errors import EmptyDataError, ParserError


def read_stream(path: Path) -> pd.DataFrame:
    """Reads what `pyarrow.ipc.new_stream` writes; `new_file` writes Feather."""
    from pyarrow import ipc

    with ipc.open_stream(path.read_bytes()) as stream:
        return stream.read_pandas()


# The first bytes of formats that store the types of their columns.
TYPED: dict[bytes, tuple[str, Callable[..., pd.DataFrame]]] = {
    b"PAR1": ("Parquet", pd.read_parquet),
    b"ARROW1": ("Feather", pd.read_feather),
    b"FEA1": ("Feather", pd.read_feather),
    b"\xff\xff\xff\xff": ("Arrow", read_stream),
}


class DataError(Exception):
    """Rows that cannot be those that the estimator was fitted on. The message says what is wrong, `advice` what to do,
    and `lacking` how many columns are missing, or that nothing could be read."""

    def __init__(self, message: str, *, advice: str = "", lacking: float = math.inf) -> None:
        super().__init__(message)
        self.advice = advice
        self.lacking = lacking


@dataclass(frozen=True)
class Source:
    """A CSV, Parquet, Feather or Arrow file. `options` are those of pandas.read_csv. `dtypes` are those of some
    columns: "category", or a type of features. `features` are the estimator's columns in its order, if it does not know
    their names."""

    path: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ()

    def having(self, options: Mapping[str, Any], dtypes: Mapping[str, str]) -> Source:
        """The same file, read with these options as well."""
        return replace(self, options={**self.options, **options}, dtypes={**self.dtypes, **dtypes})

    @property
    def kind(self) -> str:
        return next((kind for magic, (kind, _) in TYPED.items() if self.first_bytes().startswith(magic)), "CSV")

    def read(self) -> pd.DataFrame:
        """Reads the file. Raises DataError."""
        frame = self.read_csv() if self.kind == "CSV" else self.read_typed()
        if len(frame) == 0:
            raise DataError(f"{self.path} has no rows; expected a header row and rows")
        return frame.set_axis([str(name) for name in frame.columns], axis=1)

    def read_texts(self, names: Iterable[str], frame: pd.DataFrame) -> pd.DataFrame:
        """Columns of `frame`, which was read from this file, as texts: `007` is not 7."""
        names = list(names)
        if self.kind != "CSV" or not names:
            return frame[names].apply(lambda column: column.map(str, na_action="ignore"))
        return self.read_csv(dtype=dict.fromkeys(names, str))[names]

    def has_index(self) -> bool:
        """Whether the first column has no name, as in a frame written with its index."""
        try:
            return str(self.having({"nrows": 0}, {}).read_csv().columns[0]).startswith("Unnamed: ")
        except DataError:
            return False

    def first_bytes(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                return file.read(8)
        except FileNotFoundError as error:
            raise DataError(f"{self.path} does not exist") from error

    def read_csv(self, **how: Any) -> pd.DataFrame:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return pd.read_csv(self.path, **engine_for(self.options.get("sep", ",")), **self.options, **how)
        except UnicodeError as error:
            encoding = self.options.get("encoding", "utf-8")
            raise DataError(
                f"{self.path} is not in {encoding}", advice="name its encoding, such as: --encoding cp1252"
            ) from error
        except EmptyDataError as error:
            raise DataError(f"{self.path} is empty; expected a header row and rows") from error
        except LookupError as error:
            raise DataError(f"{self.path} cannot be read: {error}") from error
        except (OSError, ParserError, TypeError, ValueError) as error:
            raise DataError(f"{self.path} cannot be read as CSV: {str(error).strip()}") from error

    def read_typed(self) -> pd.DataFrame:
        if self.options:
            raise DataError(
                f"{self.path} is a file of {self.kind}, which knows the types of its columns; leave out "
                f"{', '.join(map(flag, self.options))}"
            )
        [read] = {read for kind, read in TYPED.values() if kind == self.kind}
        try:
            return read(self.path)
        except ImportError as error:
            raise DataError(
                f"reading {self.kind} needs pyarrow, which is not installed; pip install pyarrow, or save it as CSV"
            ) from error
        except (OSError, ValueError) as error:
            raise DataError(f"{self.path} cannot be read as {self.kind}: {str(error).strip()}") from error


def engine_for(sep: str) -> dict[str, Any]:
    """The parser for a separator: one of pandas' parsers supports regular expressions, and only the other infers the
    types of a long column at once rather than piece by piece."""
    return {"engine": "python"} if len(sep) > 1 and sep != r"\s+" else {"low_memory": False}


def flag(option: str) -> str:
    return "--no-keep-default-na" if option == "keep_default_na" else f"--{option.replace('_', '-')}"
