"""Writes the files of a package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
BACKGROUND = "background.json"


def write_package(out: Path, files: Mapping[str, bytes]) -> None:
    """Removes the old digests first and writes the new ones last, because a package without digests counts as
    incomplete. Removes the background.json of an earlier export (the rows that explanations compare with) if this
    export has none."""
    sums = "".join(f"{digest(files[name])}  {name}\n" for name in sorted(files))
    out.mkdir(parents=True, exist_ok=True)
    for name in {SUMS, BACKGROUND} - files.keys():
        (out / name).unlink(missing_ok=True)
    for name, data in {**files, SUMS: sums.encode()}.items():
        (out / name).write_bytes(data)


def to_json(document: dict[str, Any], indent: int | None = None) -> bytes:
    return f"{json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False)}\n".encode()


def digest(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
