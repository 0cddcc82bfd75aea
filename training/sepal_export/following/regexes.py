"""Regular expressions that mean the same in Python and in RE2, which the runtime uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

try:
    from re import _parser as parser
except ImportError:  # before Python 3.11
    import sre_parse as parser

# RE2's limit.
MOST_REPEATS = 1_000
ANYTHING = "(?s:.*)"


def literal(text: str) -> str:
    """A pattern that matches exactly this text."""
    return "".join(rf"\x{{{ord(character):X}}}" for character in text)


def in_re2(pattern: Any) -> str | None:
    r"""The pattern in RE2's syntax. None if Python and RE2 could differ, or if RE2 lacks it: for example `\d`, `\w`,
    `$`, any flag, or looking ahead."""
    if not isinstance(pattern, str):
        return None
    try:
        parsed = parser.parse(pattern)
    except re.error:
        return None
    return None if parsed.state.flags & ~re.UNICODE else sequence(parsed)


def sequence(items: Any) -> str | None:
    parts = [one(*item) for item in items]
    return None if None in parts else "".join(parts)


def one(operator: Any, argument: Any) -> str | None:
    """One element of a pattern. None if Python and RE2 could differ in it, or if RE2 lacks it."""
    match str(operator):
        case "LITERAL":
            return literal(chr(argument))
        case "NOT_LITERAL":
            return f"[^{literal(chr(argument))}]"
        case "ANY":
            return r"[^\n]"
        case "IN":
            return one_of(argument)
        case "BRANCH":
            return either([sequence(part) for part in argument[1]])
        case "SUBPATTERN":
            _, added, removed, inner = argument
            return None if added or removed else either([sequence(inner)])
        case "MAX_REPEAT" | "MIN_REPEAT":
            return repeated(*argument)
        case "AT" if str(argument) in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
            return r"\A"
    return None


def one_of(members: Sequence[tuple[Any, Any]]) -> str | None:
    """A class of characters, without `\\d` and similar ones."""
    parts = []
    for operator, argument in members:
        match str(operator):
            case "NEGATE":
                parts.append("^")
            case "LITERAL":
                parts.append(literal(chr(argument)))
            case "RANGE":
                parts.append("-".join(literal(chr(end)) for end in argument))
            case _:
                return None
    return f"[{''.join(parts)}]"


def either(parts: Sequence[str | None]) -> str | None:
    return None if None in parts else f"(?:{'|'.join(parts)})"


def repeated(least: int, most: Any, inner: Any) -> str | None:
    """A repetition. Greedy or not, there is a match in the same cases."""
    part = sequence(inner)
    is_endless = most is parser.MAXREPEAT
    # RE2's limit holds for the product of nested repetitions, so a repetition within another is refused. A brace that
    # is not of \x{…} shows one.
    if (
        part is None
        or "{" in part.replace(r"\x{", "")
        or least > MOST_REPEATS
        or not (is_endless or most <= MOST_REPEATS)
    ):
        return None
    return f"(?:{part}){{{least},{'' if is_endless else most}}}"
