"""A published pipeline: a function that builds it, and one that makes a table with the columns that it is fitted to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zoo.data import Data
from zoo.public.draw import Draw

PLAIN, PYTHON, PACKAGES, TEXT, BALANCED = "plain", "own Python", "other packages", "text", "imbalanced"

Table = Callable[[Draw], Data]


@dataclass(frozen=True)
class Public:
    name: str
    kind: str
    table: Table
    build: Callable[[], Any]

    def data(self, seed: int, rows: int) -> Data:
        return self.table(Draw(seed, rows))


ENTRIES: list[Public] = []


def public(name: str, kind: str, table: Table) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Adds a function to ENTRIES, which builds the estimator of a published pipeline without fitting it."""

    def add(build: Callable[[], Any]) -> Callable[[], Any]:
        ENTRIES.append(Public(name, kind, table, build))
        return build

    return add
