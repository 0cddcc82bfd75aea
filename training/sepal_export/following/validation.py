"""scikit-learn's input checks, for cells."""

from __future__ import annotations

from typing import Any

from sepal_export.following import numpy_calls
from sepal_export.following.cells import FLOAT, Cell
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.forks import refuse_here


def check_array(array: Any, *args: Any, **options: Any) -> Any:
    """scikit-learn's check_array. Refuses rows with a missing or infinite number, unless an option allows them."""
    made = numpy_calls.as_array(array)
    allowed = options.get("ensure_all_finite", options.get("force_all_finite", True))
    if allowed is True:
        for cell in made.cells.ravel().tolist():
            if isinstance(cell, Cell) and cell.kind == FLOAT:
                refuse_here(~ELEMENTS["isfinite"](cell).value)
    return made


def validate_data(estimator: Any, X: Any = None, *args: Any, **options: Any) -> Any:
    return X if options.get("skip_check_array") else check_array(X, **options)
