"""Shows the progress of long work in one line of a terminal."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

SECONDS_BETWEEN = 0.2
CLEAR = "\r\x1b[K"


@dataclass
class Progress:
    """Silent unless `stream` is a terminal."""

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    _written: float = 0.0

    def begin(self, doing: str) -> None:
        """Begins work of unknown length."""
        self._show(doing)

    def update(self, doing: str, done: int, total: int, of: str = "rows") -> None:
        """Shows that `done` of `total` is done. Leaves out updates that follow too soon, but never the last one."""
        if done < total and time.monotonic() - self._written < SECONDS_BETWEEN:
            return
        self._show(f"{doing}: {done:,} of {total:,} {of}")

    def end(self) -> None:
        """Clears the line."""
        self._show("")

    def _show(self, text: str) -> None:
        if self.stream.isatty():
            self._written = time.monotonic()
            self.stream.write(CLEAR + text)
            self.stream.flush()
