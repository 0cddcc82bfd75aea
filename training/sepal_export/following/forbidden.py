"""Refuses what changes between calls, or does not exist where a model is served: clocks, random numbers, files, the
environment."""

from __future__ import annotations

import sys
from typing import Any

from sepal_export.following.refusal import NotFollowed
from sepal_export.own import PACKAGE, is_own

CHANCE = (
    "choice", "default_rng", "gauss", "normal", "permutation", "rand", "randint", "randn", "random", "random_sample",
    "RandomState", "sample", "seed", "shuffle", "standard_normal", "uniform",
)  # fmt: skip
FILES = ("read_csv", "read_excel", "read_feather", "read_json", "read_parquet", "read_pickle", "read_sql")
CLOCKS = ("gmtime", "localtime", "monotonic", "perf_counter", "time")


def of_the_clock(*_: Any, **__: Any) -> Any:
    raise NotFollowed("it reads the clock", "take the time as a feature, and send it with the row")


def of_chance(*_: Any, **__: Any) -> Any:
    raise NotFollowed("it draws random numbers, so that one row has many answers", "draw them only in fit")


def of_a_file(*_: Any, **__: Any) -> Any:
    raise NotFollowed(
        "it reads a file, which the service does not have", "read it in fit, and keep what it holds in an attribute"
    )


def of_the_environment(*_: Any, **__: Any) -> Any:
    raise NotFollowed("it uses the environment of the process", "read it in fit, and keep it in an attribute")


class Environment:
    """Replaces os.environ. Libraries may still use it."""

    def __init__(self, original: Any) -> None:
        self._original = original

    def _for(self, frame: Any) -> Any:
        # The user's code calls some functions of Python, such as len, through this package (see shadows.py).
        while frame.f_code.co_filename.startswith(PACKAGE):
            frame = frame.f_back
        return of_the_environment() if is_own(frame.f_code.co_filename) else self._original

    def __getitem__(self, name: str) -> str:
        return self._for(sys._getframe(1))[name]

    def __setitem__(self, name: str, value: str) -> None:
        self._for(sys._getframe(1))[name] = value

    def __delitem__(self, name: str) -> None:
        del self._for(sys._getframe(1))[name]

    def __contains__(self, name: str) -> bool:
        return name in self._for(sys._getframe(1))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._for(sys._getframe(1)), name)

    def __iter__(self) -> Any:
        return iter(self._for(sys._getframe(1)))

    def __len__(self) -> int:
        return len(self._for(sys._getframe(1)))
