"""A package on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
BACKGROUND = "background.json"


def write_package(out: Path, files: Mapping[str, bytes]) -> None:
    """The digests come last: a package without them is not complete. A background that an earlier export wrote, and
    this one has not, goes."""
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
