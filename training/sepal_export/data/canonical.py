"""Writes numbers and documents exactly like the TypeScript service, so that both compute the same digest of a
document."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

# With more digits than this before the point, JavaScript writes a number with an exponent.
MAX_DIGITS = 21
# With this many zeros or more between the point and the first other digit, too.
MAX_ZEROS = 6
# The parts of model.json that may be edited without changing the model's input and output. Units of the features and
# the target may be edited too.
EDITABLE = ("$schema", "version", "description", "classes", "examples")
EDITABLE_OF_TARGET = ("unit", "classes")


def contract_of(manifest: dict[str, Any]) -> dict[str, str]:
    """The SHA-256, in hexadecimal, of each part of model.json that describes the model's input and output. Each feature
    is a part."""
    bound = {key: value for key, value in manifest.items() if key not in (*EDITABLE, "features")}
    if "target" in manifest:
        bound["target"] = without(EDITABLE_OF_TARGET, manifest["target"])
    if "targets" in manifest:
        bound["targets"] = [without(EDITABLE_OF_TARGET, target) for target in manifest["targets"]]
    if "explanations" in manifest:
        bound["explanations"] = without_names_of_numbers(manifest["explanations"])
    for index, feature in enumerate(manifest["features"]):
        bound[f"features/{index}"] = without(("unit",), feature)
    return {part: hashlib.sha256(canonical_json(value).encode()).hexdigest() for part, value in bound.items()}


def without(keys: Sequence[str], described: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in described.items() if key not in keys}


def without_names_of_numbers(explanations: dict[str, Any]) -> dict[str, Any]:
    """Replaces the importance by number with a sorted list. The numbers have names of classes, and these may be edited
    without changing the digest."""
    importance = sorted(map(canonical_json, explanations["importance"].values()), key=utf_16)
    return {**explanations, "importance": importance}


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, in the order of their UTF-16 code units as in JavaScript; without spaces, and with the
    escapes of JSON.stringify only."""
    if isinstance(value, dict):
        pairs = (f"{json_string(key)}:{canonical_json(value[key])}" for key in sorted(value, key=utf_16))
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(canonical_json, value))}]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return json_string(value) if isinstance(value, str) else js_number(value)


def utf_16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def json_string(text: str) -> str:
    """A string as JSON.stringify writes it. It escapes lone surrogates, which UTF-8 cannot represent."""
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def js_number(value: float | int) -> str:
    """A number as JSON.stringify writes it: 1.0 → 1, 1e-07 → 1e-7, 1e+16 → 10000000000000000. Raises ValueError for a
    number that is not finite."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a number in JSON")
    if number == 0:
        return "0"
    # repr gives the fewest digits that identify the number, as JavaScript does.
    negative, figures, exponent = Decimal(repr(number)).normalize().as_tuple()
    digits = "".join(map(str, figures))
    return "-" * negative + place_point(digits, len(digits) + int(exponent))


def place_point(digits: str, point: int) -> str:
    """Puts the point before the digit at position `point`."""
    if len(digits) <= point <= MAX_DIGITS:
        return digits.ljust(point, "0")
    if 0 < point <= MAX_DIGITS:
        return f"{digits[:point]}.{digits[point:]}"
    if -MAX_ZEROS < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
