"""Whose code a file holds: this package's, a library's, or the user's own."""

from __future__ import annotations

import sysconfig
from pathlib import Path

PACKAGE = str(Path(__file__).parent)
LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def is_own(file: str) -> bool:
    """Whether a file is the user's, and not this package's or a library's."""
    return not file.startswith((PACKAGE, *LIBRARIES, "<frozen"))
