"""Finds the values of a graph that correspond to lines of the user's code, and their names."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import onnx

from sepal_export.show.expressions import Expressions


@dataclass(frozen=True)
class Step:
    """Something that a line of the source does: it computes `value`, called `name`. If `name` is empty, it refuses the
    rows where `value` is true."""

    value: str
    name: str
    place: str
    code: str


class Steps:
    """Finds the steps of a model: `found`, in the order of the graph. `handed_on` has the names of the values that
    later estimators get."""

    def __init__(self, model: onnx.ModelProto, features: dict[str, list[str]]) -> None:
        self.expressions = Expressions(model, features)
        self._makers = self.expressions.makers
        # For each mask of rows that get no answer: the names of the results that reduce it to one boolean per row.
        self._refused = dict(self._find_refused())
        self._flags = {name for nodes in self._refused.values() for name in nodes}
        self._readers = self._find_readers([output.name for output in model.graph.output])
        self.found = list(self._find({column for columns in features.values() for column in columns}))
        self.expressions.names |= {step.value: step.name for step in self.found if step.name}
        self.handed_on = list(dict.fromkeys(self._find_handed_on()))

    def _find_refused(self) -> Iterator[tuple[str, set[str]]]:
        """Finds Greater(ReduceMax(Cast(mask)), 0), which Graph.refuse creates."""
        for name in self._makers:
            names = [name]
            for operator in ("Greater", "ReduceMax", "Cast"):
                maker = self._makers.get(names[-1])
                if maker is None or maker.op_type != operator:
                    break
                names.append(maker.input[0])
            else:
                yield names[-1], set(names[:-1])

    def _find_readers(self, outputs: Sequence[str]) -> dict[str, list[str]]:
        """For each value that the outputs depend on: the values computed directly from it. A function that the export
        writes as several nodes counts as one."""
        readers: dict[str, list[str]] = {name: [] for name in outputs}
        left = list(readers)
        while left:
            name = left.pop()
            for operand in self.expressions.operands(name) if name in self._makers else ():
                if operand not in readers:
                    readers[operand] = []
                    left.append(operand)
                readers[operand].append(name)
        return readers

    def _find(self, taken: set[str]) -> Iterator[Step]:
        """If a line has several values, the last one gets the name that the line assigns. The earlier ones get the same
        name with a number."""
        found = [step for name in self._makers for step in self._steps_at(name)]
        names = {step.value: unique(step.name, taken) for step in reversed(found) if step.name}
        return (replace(step, name=names[step.value] if step.name else "") for step in found)

    def _steps_at(self, name: str) -> Iterator[Step]:
        line = self.expressions.lines[name]
        if line is None or name not in self._readers or self._makes_one_flag(name):
            return
        if name in self._refused:
            yield Step(name, "", line.place, line.code)
        readers = [reader for reader in self._readers[name] if not self._makes_one_flag(reader)]
        # A value is shown if several values are computed from it, or one on another line.
        is_asked_for = len(readers) > 1 or any(self._place(reader) != line.place for reader in readers)
        if is_asked_for and not self._is_constant(name) and self.expressions.itself(name) == name:
            yield Step(name, target_of(line.code), line.place, line.code)

    def _makes_one_flag(self, name: str) -> bool:
        """Whether the value only serves to mark the rows that get no answer: it is one of the results that reduce a
        mask, or the check for infinity that the export adds to every column that the user's code returns
        (follow.checked)."""
        is_asked_of_all = self._makers[name].op_type == "IsInf" and self._place(name) is None
        return is_asked_of_all or name in self._flags

    def _is_constant(self, name: str) -> bool:
        return all(operand in self.expressions.constants for operand in self.expressions.operands(name))

    def _place(self, name: str) -> str | None:
        line = self.expressions.lines.get(name)
        return line and line.place

    def _find_handed_on(self) -> Iterator[str]:
        names = {step.value: step.name for step in self.found if step.name}
        names |= {name: columns[0] for name, columns in self.expressions.features.items() if len(columns) == 1}
        for name in self._makers:
            if name in self._readers and self._place(name) is None and not self._makes_one_flag(name):
                yield from (names[value] for value in self.expressions.operands(name) if value in names)


def target_of(code: str) -> str:
    """The name that a line of Python assigns: `ratio` for `X["ratio"] = …`, `ratio = …` and `ratio=…,`."""
    for text in (code, f"f({code.rstrip(',')})"):
        try:
            [statement] = ast.parse(text).body
        except (SyntaxError, ValueError):
            continue
        found = named_by(statement)
        if found:
            return found
    return "x"


def named_by(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
        target: Any = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        while isinstance(target, ast.Subscript):
            # For frame.loc[rows, column], the column.
            key = target.slice.elts[-1] if isinstance(target.slice, ast.Tuple) and target.slice.elts else target.slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier():
                return key.value
            target = target.value
        return target.id if isinstance(target, ast.Name) else None
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        keywords = [keyword.arg for keyword in statement.value.keywords if keyword.arg]
        return keywords[0] if len(keywords) == 1 else None
    return None


def unique(name: str, taken: set[str]) -> str:
    """Returns the name, with a number at its end if it is taken. Adds the returned name to `taken`."""
    numbered, count = name, 1
    while numbered in taken:
        count += 1
        numbered = f"{name}_{count}"
    taken.add(numbered)
    return numbered
