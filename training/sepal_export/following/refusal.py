"""The errors for Python code that cannot be followed: the file, the line, and what to write instead."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from sepal_export.own import PACKAGE, is_own

ADVICE = (
    "write it with what numpy and pandas do to each row by itself (docs/own-python.md lists it), or compute the column "
    "before training"
)


class NotFollowed(NotImplementedError):
    """Python code that cannot be followed, with advice."""

    def __init__(self, reason: str, advice: str = ADVICE) -> None:
        super().__init__(f"{reason}; {advice}")


class NoAttribute(NotFollowed, AttributeError):
    """An attribute that the original does not have either, so that `hasattr` returns False."""


def no_attribute(kind: type, name: str, what: str) -> NotFollowed:
    """The error for an attribute of a cell, or a class that holds cells, in place of a `kind`."""
    return (NotFollowed if hasattr(kind, name) else NoAttribute)(f"it uses {name!r} of {what}")


def looks_at_other_rows(what: str) -> NotFollowed:
    return NotFollowed(
        f"{what} looks at other rows than its own, and a request may have only one row",
        "compute it in fit, keep it in an attribute, and use that in transform",
    )


def place_of(error: BaseException) -> str:
    """`features.py, line 12`: the last place in the user's code before the error, or else in another package; empty
    if there is neither."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if is_own(frame.filename)]
    # Code of other packages, if none of the user's own is involved.
    others = [frame for frame in frames if not frame.filename.startswith(PACKAGE)]
    for frame in reversed(own or others):
        return f"{Path(frame.filename).name}, line {frame.lineno}"
    return ""


def as_refusal(error: Exception) -> NotImplementedError:
    """Converts any error while a step was followed to a refusal."""
    reason = str(error) if isinstance(error, NotFollowed) else f"{type(error).__name__}: {error}; {ADVICE}"
    place = place_of(error)
    return NotImplementedError(f"{place}: {reason}" if place else reason)


class IsATime(Exception):
    """Raised if the user's code parses a feature's strings as times: the feature is then one of times."""

    def __init__(self, feature: int, options: dict[str, Any]) -> None:
        super().__init__(f"the feature {feature} holds times")
        self.feature = feature
        self.options = options
