"""What a published pipeline is here: how it is built, and a table of the columns that it was fitted to."""

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
    """Puts what the function builds, an estimator that is not fitted yet, among the published pipelines."""

    def add(build: Callable[[], Any]) -> Callable[[], Any]:
        ENTRIES.append(Public(name, kind, table, build))
        return build

    return add
