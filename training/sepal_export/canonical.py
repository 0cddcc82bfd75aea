"""Numbers as the service writes them."""

from __future__ import annotations

import math
from decimal import Decimal

# From here on JavaScript writes a number with an exponent.
MAX_DIGITS = 21
MAX_ZEROS = 6


def js_number(value: float | int) -> str:
    """As JavaScript's JSON.stringify writes it: 1.0 → 1, 1e-07 → 1e-7, 1e+16 → 10000000000000000. Raises ValueError
    for what is not finite."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number of JSON")
    if number == 0:
        return "0"
    # repr's digits are the fewest that tell the number from all others, as JavaScript's are.
    negative, figures, exponent = Decimal(repr(number)).normalize().as_tuple()
    digits = "".join(map(str, figures))
    return "-" * negative + place_point(digits, len(digits) + int(exponent))


def place_point(digits: str, point: int) -> str:
    """The point stands before the digit of this position."""
    if len(digits) <= point <= MAX_DIGITS:
        return digits.ljust(point, "0")
    if 0 < point <= MAX_DIGITS:
        return f"{digits[:point]}.{digits[point:]}"
    if -MAX_ZEROS < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
