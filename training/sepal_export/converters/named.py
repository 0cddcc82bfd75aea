"""A classifier that answers class indices, and a name for each class. The graph answers the indices, and the service
writes the names."""

from __future__ import annotations

from typing import Any

from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import convert, converts


@converts("sepal_export.NamedClasses")
def named_classes(estimator: Any, table: Table) -> Classification:
    return convert(estimator.estimator, table)
