"""Writes numbers, counts and lists of names for messages, summaries and reports."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

NAMES_SHOWN = 6


def label(metric: str) -> str:
    return {"r2": "R²"}.get(metric, metric.replace("_", " "))


def rounded(number: float, digits: int = 5) -> str:
    """Rounds to significant digits, without an exponent if that is readable."""
    if number != 0 and not 1e-4 <= abs(number) < 1e9:
        return power(float(f"{number:.{digits}g}"))
    decimals = digits - 1 - math.floor(math.log10(abs(number))) if number else 0
    text = f"{round(number, decimals):,.{max(0, decimals)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def power(number: float) -> str:
    """The number, with a short exponent if it has one: 1e-9 in place of 1e-09."""
    return re.sub(r"e([+-])0+", lambda sign: f"e{sign[1].strip('+')}", f"{number:g}")


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def in_words(names: Sequence[str]) -> str:
    left = len(names) - NAMES_SHOWN
    return f"{', '.join(names[:NAMES_SHOWN])} and {left} more" if left > 0 else ", ".join(names)
