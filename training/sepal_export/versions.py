"""The scikit-learn in use, where an older one computes otherwise."""

import re

import sklearn


def numbers_of(version: str) -> tuple[int, ...]:
    """(1, 3, 0) of 1.3.0, to be compared with others."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


SKLEARN = numbers_of(sklearn.__version__)
