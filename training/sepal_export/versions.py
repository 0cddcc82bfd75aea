"""The scikit-learn in use, where an older one computes otherwise."""

import re

import sklearn

# (1, 3, 0) and so on.
SKLEARN = tuple(int(number) for number in re.findall(r"\d+", sklearn.__version__)[:3])
