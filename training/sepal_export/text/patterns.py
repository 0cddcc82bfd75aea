"""Converts Python's regular expressions to JavaScript with the flags `gu`: only those with the same meaning in both.

Python's own parser reads the pattern. Each part of the result is written in JavaScript, and parts without an equivalent
are refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import _constants as sre
from re import _parser as parser
from typing import Any

WORD, DIGIT = r"\p{L}\p{N}_", r"\p{Nd}"
# The characters for which str.isspace is true.
SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
UNICODE = {"WORD": WORD, "DIGIT": DIGIT, "SPACE": SPACE}
ASCII = {"WORD": "A-Za-z0-9_", "DIGIT": "0-9", "SPACE": r"\t-\r\x20"}
ANY = "[^]"
TAKEN_FLAGS = re.UNICODE | re.ASCII | re.DOTALL | re.VERBOSE
ADVICE = r"use what both languages read alike, such as r'(?u)\b\w\w+\b' or r'[^\s,;]+'"


def to_javascript(pattern: str) -> str:
    """The same expression for JavaScript with the flags `gu`. It never matches an empty text; if it has a capturing
    group, the group is the result of a match. Raises NotImplementedError if there is no equivalent."""
    try:
        tree = parser.parse(pattern)
    except re.error as error:
        raise NotImplementedError(
            f"its token_pattern {pattern!r} is not a regular expression: {error}; {ADVICE}"
        ) from error
    if tree.state.flags & ~TAKEN_FLAGS:
        raise refusal(pattern, "flags beyond (?u), (?a), (?s) and (?x)")
    writer = Writer(pattern, tree.state.flags)
    kept = [part for operator, part in tree if operator is sre.SUBPATTERN and part[0] is not None]
    if tree.state.groups - 1 > len(kept) or len(kept) > 1:
        raise refusal(pattern, "a capturing group inside another part, or several; write (?:…) for a group")
    least = min([tree.getwidth()[0], *(part[3].getwidth()[0] for part in kept)])
    if least == 0:
        raise refusal(pattern, "empty matches, which make empty terms; write + in place of * at its end")
    return writer.sequence(tree)


def refusal(pattern: str, what: str) -> NotImplementedError:
    return NotImplementedError(f"its token_pattern {pattern!r} has {what}; {ADVICE}")


class Writer:
    """Writes the parts of one pattern."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._is_dotall = bool(flags & re.DOTALL)
        self._sets = ASCII if flags & re.ASCII else UNICODE

    def sequence(self, parts: Sequence[tuple[Any, Any]]) -> str:
        return "".join(self.part(operator, value) for operator, value in parts)

    def part(self, operator: Any, value: Any) -> str:
        match str(operator):
            case "LITERAL":
                return literal(value)
            case "NOT_LITERAL":
                return f"[^{in_class(value)}]"
            case "ANY":
                return ANY if self._is_dotall else r"[^\n]"
            case "IN":
                return self.one_of(value)
            case "BRANCH":
                return f"(?:{'|'.join(map(self.sequence, value[1]))})"
            case "SUBPATTERN":
                return self.group(*value)
            case "MAX_REPEAT" | "MIN_REPEAT":
                return self.repeated(*value, is_lazy=operator is sre.MIN_REPEAT)
            case "AT":
                return self.at(str(value))
            case "ASSERT" | "ASSERT_NOT":
                return self.looking(*value, is_not=operator is sre.ASSERT_NOT)
        raise refusal(self._pattern, f"{str(operator).lower().replace('_', ' ')}, which JavaScript reads differently")

    def group(self, number: int | None, added: int, removed: int, parts: Any) -> str:
        if added or removed:
            raise refusal(self._pattern, "flags for a part of it")
        return f"({'' if number is not None else '?:'}{self.sequence(parts)})"

    def repeated(self, least: int, most: Any, parts: Any, *, is_lazy: bool) -> str:
        """Writes a repetition. JavaScript repeats a part that matches an empty text differently."""
        if parts.getwidth()[0] == 0:
            raise refusal(self._pattern, "a repeated part that may be empty")
        most = None if most is sre.MAXREPEAT else int(most)
        short = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
        times = short or (f"{{{least}}}" if least == most else f"{{{least},{'' if most is None else most}}}")
        once = f"(?:{self.sequence(parts)})" if is_long(parts) else self.sequence(parts)
        return f"{once}{times}{'?' if is_lazy else ''}"

    def at(self, place: str) -> str:
        word = f"[{self._sets['WORD']}]"
        match place.removeprefix("AT_"):
            case "BOUNDARY":
                return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
            case "NON_BOUNDARY":
                return f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"
            case "BEGINNING" | "BEGINNING_STRING":
                return "^"
            case "END":
                return r"(?=\n?$)"
            case "END_STRING":
                return "$"
        raise refusal(self._pattern, place.lower())

    def looking(self, direction: int, parts: Any, *, is_not: bool) -> str:
        return f"(?{'<' if direction < 0 else ''}{'!' if is_not else '='}{self.sequence(parts)})"

    def one_of(self, items: Sequence[tuple[Any, Any]]) -> str:
        """Writes a character class. In JavaScript, a class cannot contain a negated class, as in [^\\W\\d], so these
        are written beside it."""
        is_negated = items[0][0] is sre.NEGATE
        items = items[1:] if is_negated else items
        left_out = [
            f"[^{self._sets[name]}]" for name in map(category, items) if name.startswith("NOT_") for name in [name[4:]]
        ]
        inside = "".join(self.member(*item) for item in items if not category(item).startswith("NOT_"))
        if not left_out:
            return f"[{'^' if is_negated else ''}{inside}]"
        if not inside and len(left_out) == 1:
            return left_out[0].replace("[^", "[") if is_negated else left_out[0]
        either = "|".join([*([f"[{inside}]"] if inside else []), *left_out])
        return f"(?:(?!{either}){ANY})" if is_negated else f"(?:{either})"

    def member(self, operator: Any, value: Any) -> str:
        match str(operator):
            case "LITERAL":
                return in_class(value)
            case "RANGE":
                return f"{in_class(value[0])}-{in_class(value[1])}"
        return self._sets[category((operator, value))]


def category(item: tuple[Any, Any]) -> str:
    """`WORD`, `NOT_WORD` and so on; empty for anything else."""
    operator, value = item
    return str(value).removeprefix("CATEGORY_") if operator is sre.CATEGORY else ""


def is_long(parts: Any) -> bool:
    """Whether a repetition needs a group around its part."""
    one = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN, sre.BRANCH, sre.SUBPATTERN)
    return len(parts) != 1 or parts[0][0] not in one


def literal(code: int) -> str:
    character = chr(code)
    if character in r"^$\.*+?()[]{}|/":
        return f"\\{character}"
    return character if character.isascii() and character.isprintable() else f"\\u{{{code:x}}}"


def in_class(code: int) -> str:
    character = chr(code)
    is_plain = character.isascii() and (character.isalnum() or character == "_")
    return character if is_plain else f"\\u{{{code:x}}}"
