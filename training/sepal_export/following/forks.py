"""Runs a piece of Python once for each path through it, and joins the results.

A condition is only known when there are rows. If Python needs its truth value, the run continues as if it were true,
and is repeated later as if it were false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from sepal_export.following.refusal import IsATime, NotFollowed

MOST_PATHS = 200


@dataclass
class Trail:
    """The truth values that one run gets, and its conditions [N, 1] bool, in order."""

    answers: list[bool]
    conditions: list[Any] = field(default_factory=list)
    # By the name of a value: a condition keeps its truth value during a run.
    known: dict[str, bool] = field(default_factory=dict)
    # By the name of a value: the value chosen for a look-up in a dictionary.
    values: dict[str, Any] = field(default_factory=dict)

    def ask(self, condition: Any) -> bool:
        name = condition.value.name
        if name not in self.known:
            place = len(self.conditions)
            if place == len(self.answers):
                self.answers.append(True)
            self.conditions.append(condition)
            self.known[name] = self.answers[place]
        return self.known[name]


@dataclass(frozen=True)
class Path:
    """The result of a run, or the error that it raised, for these truth values of its conditions."""

    conditions: list[Any]
    answers: list[bool]
    result: Any = None
    error: Exception | None = None


trails: list[Trail] = []


def truth_of(condition: Any) -> bool:
    """The truth value of the condition on the current path."""
    if not trails:
        raise NotFollowed("it asks for the truth of a value that only a request has")
    return trails[-1].ask(condition)


def path_here() -> list[Any]:
    """The conditions [N, 1] that lead to the current place, as values of the graph."""
    asked = [(c, answer) for trail in trails for c, answer in zip(trail.conditions, trail.answers, strict=False)]
    return [condition.value if answer else ~condition.value for condition, answer in asked]


def reaching_here(where: Any) -> Any:
    """[N, 1] bool: the rows that reach this place and for which `where` is true."""
    return reduce(lambda a, b: a & b, path_here(), where)


def refuse_here(where: Any) -> None:
    """Refuses rows that reach this place and for which `where` [N, 1] bool is true: the original raises an error for
    them."""
    where.graph.refuse(reaching_here(where))


def paths_of(run: Callable[[], Any], most: int = MOST_PATHS) -> list[Path]:
    """All paths, depth first. Raises NotFollowed if there are more than `most`."""
    paths: list[Path] = []
    answers: list[bool] = []
    outer = dict(trails[-1].known) if trails else {}
    while True:
        trail = Trail(list(answers), known=dict(outer))
        trails.append(trail)
        try:
            path = Path(trail.conditions, trail.answers, result=run())
        except (NotImplementedError, IsATime):
            raise
        except Exception as error:  # the user's code may raise anything for some rows
            path = Path(trail.conditions, trail.answers, error=error)
        finally:
            trails.pop()
        paths.append(path)
        answers = next_answers(trail.answers[: len(trail.conditions)])
        if not answers:
            return paths
        if len(paths) == most:
            raise NotFollowed(
                f"it has more than {most} paths",
                "write conditions on columns with np.where, clip or np.select, which make no paths",
            )


def next_answers(answers: list[bool]) -> list[bool]:
    """The truth values of the next path; empty after the last."""
    answers = list(answers)
    while answers and not answers[-1]:
        answers.pop()
    return [*answers[:-1], False] if answers else []


def joined(paths: list[Path], where: Callable[[Any, Any, Any], Any], refuse: Callable[[list], None]) -> Any:
    """Joins the results of all paths. `where(condition, then, otherwise)` joins two results. `refuse` gets the
    conditions and truth values of a path that raised. If all paths raised, raises the error of the first."""
    answered = [path for path in paths if path.error is None]
    if not answered:
        raise paths[0].error
    for path in paths:
        if path.error is not None:
            refuse(list(zip(path.conditions, path.answers, strict=False)))
    return joined_from(answered, 0, where)


def joined_from(paths: list[Path], depth: int, where: Callable[[Any, Any, Any], Any]) -> Any:
    if len(paths) == 1:
        return paths[0].result
    # If all paths of one side raised an error, only the other side has results to join.
    sides = {answer: [path for path in paths if path.answers[depth] == answer] for answer in (True, False)}
    if not sides[True] or not sides[False]:
        return joined_from(sides[True] or sides[False], depth + 1, where)
    condition = paths[0].conditions[depth]
    then, otherwise = (joined_from(sides[answer], depth + 1, where) for answer in (True, False))
    return where(condition, then, otherwise)
