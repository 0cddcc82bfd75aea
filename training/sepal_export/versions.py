"""The installed version of scikit-learn, for code that must compute differently for older ones."""

import re

import sklearn


def numbers_of(version: str) -> tuple[int, ...]:
    """(1, 3, 0) for 1.3.0, for comparisons."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


SKLEARN = numbers_of(sklearn.__version__)
