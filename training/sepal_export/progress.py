"""One line on a terminal that says how far long work is."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

SECONDS_BETWEEN = 0.2


@dataclass
class Progress:
    """Silent unless `stream` is a terminal."""

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    _written: float = 0.0

    def update(self, doing: str, done: int, total: int) -> None:
        if not self.stream.isatty():
            return
        now = time.monotonic()
        if done < total and now - self._written < SECONDS_BETWEEN:
            return
        self._written = now
        self.stream.write(f"\r\x1b[K{doing} {done:,} of {total:,} rows" if done < total else "\r\x1b[K")
        self.stream.flush()
