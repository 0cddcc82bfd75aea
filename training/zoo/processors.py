"""Runs tasks in parallel on all processors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def on_all(work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
    """Yields the results of `work` in the order of the tasks, with one process for each processor. `work` is a function
    of a module, and tasks must be picklable, such as positions in a list. Estimators that hold functions are not."""
    with ProcessPoolExecutor() as pool:
        yield from pool.map(work, tasks)
