"""A classifier whose classes have names. The service writes the names in place of positions."""

from __future__ import annotations

from typing import Any

from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import convert, converts


@converts("sepal_export.NamedClasses")
def named_classes(estimator: Any, table: Table) -> Classification:
    return convert(estimator.estimator, table)
