"""Records for which line of the user's code a node of the graph was made, so that `sepal show` can tell.

A node's doc_string has up to three lines: the file and the line's number, the code of that line and, if several nodes
compute one function of numpy or pandas, that function with its operands. An equals sign stands before the function if
the node may be its result. The last node with an equals sign is the result:

    features.py:12
    X["hour"] = X["at"].dt.hour
    = hour(v7)
"""

from __future__ import annotations

import linecache
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

from sepal_export.own import PACKAGE, is_own

# The most characters of a line of code that are shown.
MOST_CHARACTERS = 200
# The file at which the search from a node to the user's code ends.
FOLLOWING = str(Path(PACKAGE, "following", "follow.py"))
# Functions of several nodes, by file, and the names of their operands there.
FUNCTIONS = {
    str(Path(PACKAGE, "graphs", "calendars.py")): {"part_of": ("value",)},
    str(Path(PACKAGE, "graphs", "functions.py")): dict.fromkeys(
        ("log1p", "expm1", "cbrt", "sinh", "cosh", "arcsinh", "arccosh", "arctanh"),
        ("x",),
    ),
    str(Path(PACKAGE, "following", "arithmetic.py")): dict.fromkeys(
        ("floor_divided", "remainder", "whole_floor_divided", "whole_remainder"), ("a", "b")
    ),
    str(Path(PACKAGE, "following", "angles.py")): {
        **dict.fromkeys(("arctan", "arcsin", "arccos"), ("x",)),
        "arctan2": ("y", "x"),
        "hypot": ("a", "b"),
    },
}


@dataclass(frozen=True)
class Line:
    """`place` is `features.py:12`; `code` is that line. `function` is the function that the node is a part of, with the
    names of its operands in the graph, or empty. `answers` says whether the node may be its result."""

    place: str
    code: str
    function: str = ""
    answers: bool = False

    @property
    def text(self) -> str:
        function = f"= {self.function}" if self.answers else self.function
        return "\n".join([self.place, self.code, *([function] if function else [])])

    @staticmethod
    def read(text: str) -> Line | None:
        """Parses a doc_string; None if the node does not belong to a line of code."""
        place, *rest = text.split("\n")
        if not rest:
            return None
        function = rest[1] if len(rest) > 1 else ""
        return Line(place, rest[0], function.removeprefix("= "), function.startswith("= "))


def line_here() -> str:
    """The doc_string of the node that is being created. It holds only the name of a file, not its path. Empty if no
    user code is being followed."""
    frame, function, other = sys._getframe(1), ("", False), None
    while frame is not None and frame.f_code.co_filename != FOLLOWING:
        file = frame.f_code.co_filename
        if is_users(file):
            return line_of(frame, *function).text
        if not file.startswith(PACKAGE):
            # Code of another package, if none of the user's own is involved.
            other = other or frame
        elif frame.f_code.co_name in FUNCTIONS.get(file, ()):
            function = function_of(frame)
        frame = frame.f_back
    return line_of(other, *function).text if other and frame else ""


@cache
def is_users(file: str) -> bool:
    return is_own(file)


def line_of(frame: FrameType, function: str, answers: bool) -> Line:
    file, number = frame.f_code.co_filename, frame.f_lineno
    code = linecache.getline(file, number, frame.f_globals).strip()
    return Line(f"{Path(file).name}:{number}", code[:MOST_CHARACTERS], function, answers)


def function_of(frame: FrameType) -> tuple[str, bool]:
    """`hour(v7)`, and whether this line returns its result."""
    code, values = frame.f_code, frame.f_locals
    operands = [getattr(values.get(name), "name", "") for name in FUNCTIONS[code.co_filename][code.co_name]]
    called = values["name"] if code.co_name == "part_of" else code.co_name.removeprefix("whole_")
    return f"{called}({','.join(operands)})", answers_in(code, frame.f_lineno)


@cache
def answers_in(code: CodeType, line: int) -> bool:
    """Whether a line may return the function's result. A function may return early. For a return over several lines,
    the last one counts."""
    last = max(number for *_, number in code.co_lines() if number)
    return line == last or linecache.getline(code.co_filename, line).lstrip().startswith("return ")
