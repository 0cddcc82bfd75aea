"""Finds which versions of scikit-learn and XGBoost wrote a file, from its bytes without running it, and how to install
them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import sys
import zipfile
import zlib
from pathlib import Path

from sepal_export.versions import numbers_of

# The marker of each estimator's state in a pickle or skops file, followed by the version after a few bytes of markup.
VERSION = re.compile(rb"_sklearn_version.{1,200}?(\d+\.\d+(?:\.\d+)?(?:\.?(?:post|dev|rc|a|b)\d+)?)", re.DOTALL)
# In XGBoost's binary JSON: an array of three one-byte numbers.
XGBOOST_VERSION = re.compile(rb"version\[#L\0{7}\x03i(.)i(.)i(.)", re.DOTALL)
DECOMPRESS = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"]\x00\x00": lzma.decompress,
    b"\xfd7zXZ": lzma.decompress,
    b"x": zlib.decompress,
}
# By scikit-learn release (or its first two numbers): the newest Python 3 with wheels.
NEWEST_PYTHON = {
    "1.3.0": 11, "1.3": 12, "1.4": 12, "1.5": 12, "1.5.2": 13, "1.6": 13, "1.7": 13, "1.7.2": 14, "1.8": 14, "1.9": 14,
}  # fmt: skip
# The first scikit-learn without wheels for Python 3.10.
FIRST_WITHOUT_PYTHON_3_10 = (1, 8)
OLDEST_SCIKIT_LEARN = (1, 3)
# The first scikit-learn that runs with numpy 2.
FIRST_WITH_NUMPY_2 = (1, 4, 2)


def scikit_learn_of(path: Path) -> str | None:
    """The version that wrote the file; None if the file does not say it."""
    found = VERSION.search(content_of(path))
    return found[1].decode() if found else None


def xgboost_of(path: Path) -> str | None:
    """The version that wrote the first booster of the file; None if the file does not say it."""
    found = XGBOOST_VERSION.search(content_of(path))
    return ".".join(str(number[0]) for number in found.groups()) if found else None


def content_of(path: Path) -> bytes:
    """The contents, decompressed as far as the standard library can."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    content = path.read_bytes()
    for magic, decompress in DECOMPRESS.items():
        if content.startswith(magic):
            try:
                return decompress(content)
            except (EOFError, OSError, lzma.LZMAError, zlib.error):
                return content
    return content


def to_install(version: str, *, numpy: str = "", python: int = sys.version_info.minor) -> str:
    """Advice: the command that installs this scikit-learn, in an environment of another Python if the installed one is
    too new or too old for it; or to fit again if the version is not supported."""
    numbers = numbers_of(version)
    if numbers < OLDEST_SCIKIT_LEARN:
        return "fit and save the estimator again with scikit-learn 1.3, the oldest that is supported, or newer"
    numpy = numpy or ("numpy<2" if numbers < FIRST_WITH_NUMPY_2 else "")
    command = f"pip install 'scikit-learn=={version}'" + (f" '{numpy}'" if numpy else "")
    newest = NEWEST_PYTHON.get(version) or NEWEST_PYTHON.get(".".join(version.split(".")[:2]), python)
    if python > newest:
        return (
            f"make an environment of Python 3.{newest}, the newest that this version supports, and run in it: {command}"
        )
    if python == 10 and numbers >= FIRST_WITHOUT_PYTHON_3_10:
        return f"make an environment of Python 3.11 or newer, and run in it: {command}"
    return command
