"""Random Python: the parts that frames and arrays have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

CONSTANTS = [0, 1, 2, -1, 0.5, 3, 10, 0.1, 100, -2.5]
UNARY = [
    "np.log1p(np.abs({}))", "np.sqrt(np.abs({}))", "np.exp(-np.abs({}))", "np.sin({})", "np.cos({})", "np.tanh({})",
    "np.sign({})", "np.floor({})", "np.abs({})", "-{}", "np.square({})", "({} ** 2)", "np.arctan({})", "np.ceil({})",
    "np.cbrt({})", "np.trunc({})", "abs({})", "({} // 1)", "np.exp2(-np.abs({}))", "np.log(np.abs({}) + 1)",
]  # fmt: skip
BINARY = [
    "({} + {})", "({} - {})", "({} * {})", "({} / {})", "np.minimum({}, {})", "np.maximum({}, {})", "({} + 2 * {})",
    "({} - {}) ** 2", "{} / (1 + np.abs({}))", "np.hypot({}, {})", "np.arctan2({}, {})", "np.fmax({}, {})",
]  # fmt: skip
WITH_CONSTANT = ["({} + {})", "({} - {})", "({} * {})", "({} / {})", "({} % {})", "({} // {})"]
COMPARED = [">", ">=", "<", "<=", "==", "!="]


class Writer:
    """Writes expressions over columns. `values` maps each column to its values in the training data. Thresholds are
    taken from these values, so that rows lie on both sides of a threshold, and on it. `learned` are the statements of
    a class's fit; it is None if a function is written. `helpers` are the functions that the expressions call."""

    def __init__(self, random: np.random.Generator, values: dict[Any, np.ndarray], *, learns: bool, place: int) -> None:
        """`place` is part of the helpers' names, so that several writers for one module use different names."""
        self.random = random
        self.values = values
        self.place = place
        self.learned: list[str] | None = [] if learns else None
        self.helpers: list[str] = []
        self.named: list[str] = []

    def one_of(self, known: Sequence[Any]) -> Any:
        return known[int(self.random.integers(0, len(known)))]

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def constant(self) -> str:
        if self.learned is not None and self.chance(0.4):
            return self.learn(self.statistic())
        return repr(self.one_of(CONSTANTS))

    def limit(self) -> str:
        """A number to compare with, often one that occurs in the training data."""
        if self.chance(0.5):
            return self.constant()
        values = self.values[self.one_of(list(self.values))]
        return repr(float(self.one_of(values[~np.isnan(values)])))

    def limits(self, count: int) -> list[float]:
        """Different numbers in ascending order: `count` or fewer from the training data, and 0 and 1."""
        values = self.values[self.one_of(list(self.values))]
        drawn = {float(self.one_of(values[~np.isnan(values)])) for _ in range(count)} | {0.0, 1.0}
        return sorted(drawn)

    def learn(self, statement: str) -> str:
        name = f"self.learned_{len(self.learned)}_"
        self.learned.append(f"{name} = {statement}")
        return name

    def statistic(self) -> str:
        """An expression over the training rows `X`, which gives a number."""
        raise NotImplementedError

    def leaf(self) -> str:
        """A column."""
        raise NotImplementedError

    def column(self, known: list[Any], template: str) -> str:
        """One of the columns `known`, or one that an earlier line has assigned, preferably the last."""
        if self.named and self.chance(0.6):
            return self.named[-1] if self.chance(0.6) else self.one_of(self.named)
        return template.format(self.one_of(known))

    def number(self, depth: int) -> str:
        """An expression whose value is a number for each row."""
        if depth == 0 or (depth == 1 and self.chance(0.2)):
            return self.leaf()
        return self.one_of(self.makers())(depth - 1)

    def makers(self) -> list[Callable[[int], str]]:
        return [self.unary, self.binary, self.binary, self.with_constant, self.with_constant]

    def unary(self, depth: int) -> str:
        return self.one_of(UNARY).format(self.number(depth))

    def binary(self, depth: int) -> str:
        return f"({self.one_of(BINARY).format(self.number(depth), self.number(depth))})"

    def with_constant(self, depth: int) -> str:
        template = self.one_of(WITH_CONSTANT)
        constant = repr(self.one_of([2, 3, 0.5, 7])) if "%" in template or "/" in template else self.constant()
        return template.format(self.number(depth), constant)

    def flag(self, depth: int) -> str:
        """An expression whose value is a boolean for each row."""
        if depth == 0 or self.chance(0.5):
            return self.comparison(depth)
        joined = f"({self.flag(depth - 1)} {self.one_of(['&', '|'])} {self.flag(depth - 1)})"
        return self.one_of([joined, joined, f"(~{self.flag(depth - 1)})"])

    def comparison(self, depth: int) -> str:
        other = self.limit() if self.chance(0.7) else self.number(max(depth - 1, 0))
        return f"({self.number(depth)} {self.one_of(COMPARED)} {other})"

    def helper(self, name: str, lines: list[str]) -> str:
        """Returns the name of a new function of one argument."""
        full = f"{name}_{self.place}_{len(self.helpers)}"
        argument = "row" if name == "of_row" else "v"
        self.helpers.append("\n    ".join([f"def {full}({argument}):", *lines]))
        return full

    def of_value(self) -> str:
        """A function of one number."""
        results = ["v", "v * 2", "0", "1.5", "abs(v)", "math.sqrt(abs(v))", "min(v, 3)", "max(v, 0.5)", "-v", "v // 2"]
        results += ["math.exp(-abs(v))", "math.log(1 + abs(v))", "round(v)", "math.floor(v)", "1 if v > 0 else -1"]
        results = ["0 if v != v else " + each if each.startswith(("round", "math.f")) else each for each in results]
        return self.helper("of_value", self.chain("v", lambda: f"v {self.one_of(COMPARED)} {self.plain()}", results))

    def plain(self) -> str:
        """A limit that does not refer to `self`, because a helper stands outside of the class."""
        learned, self.learned = self.learned, None
        limit = self.limit()
        self.learned = learned
        return limit

    def chain(self, missing: str, condition: Callable[[], str], results: list[str]) -> list[str]:
        """The lines of a function: conditions with `if` and `elif`, and a last `return`."""
        lines = [f"if pd.isna({missing}):", "    return -1"] if self.chance(0.5) else []
        for place in range(int(self.random.integers(1, 4))):
            test = condition()
            if self.chance(0.3):
                test = f"{test} {self.one_of(['and', 'or'])} {condition()}"
            keyword = "elif" if place and self.chance(0.7) else "if"
            lines += [f"{keyword} {test}:", f"    return {self.one_of(results)}"]
        return [*lines, f"return {self.one_of(results)}"]
