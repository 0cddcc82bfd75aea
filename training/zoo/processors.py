"""Work on all processors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def on_all(work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
    """What `work` gives for each task, in their order; a process for each processor does it. `work` is a function of a
    module, and a task what can be pickled, as a place in a list: estimators with functions cannot."""
    with ProcessPoolExecutor() as pool:
        yield from pool.map(work, tasks)
