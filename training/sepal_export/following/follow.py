"""Translates a step of Python code into a part of the graph."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from sepal_export.following.inner import followed_inside
from sepal_export.following.named import named_in, own_modules, refuse_identity
from sepal_export.following.original import answered
from sepal_export.following.original import table_of as frame_of
from sepal_export.following.refusal import IsATime, as_refusal
from sepal_export.following.replaced import replaced
from sepal_export.following.scopes import in_paths
from sepal_export.following.tables import symbols_of, table_of
from sepal_export.following.validation import check_array
from sepal_export.graphs.table import Table
from sepal_export.registry import follows


@follows("transform")
def follow(step: Any, table: Table) -> Table:
    """Runs the step's own `transform` on the rows of `table`. Raises NotImplementedError that says where in the user's
    code the problem is, and what to write instead."""
    return followed(step, "transform", table)


def followed(step: Any, method: str, table: Table) -> Table:
    """Runs a method of the step on the rows."""
    original = table.original
    if original is None:
        raise NotImplementedError(
            "it is Python of your own between the parts of an estimator, and the export does not know which rows it "
            "gets there; put it into the pipeline before that estimator"
        )
    graph = table.graph
    refuse_identity(step)
    answer = answered(step, method, original)
    copy = deepcopy(step)
    named, graph.memory["keys"] = named_in(copy, getattr(original, "columns", ()))
    # Collected over all steps: proven_paths makes rows of these values when every step has been followed.
    graph.memory.setdefault("named", set()).update(named)
    with graph.sharing():
        try:
            with replaced(list(own_modules(copy))), followed_inside(copy):
                made = in_paths(lambda: call(copy, method, symbols_of(table, original)))
                after = table_of(graph, made)
        except IsATime:
            raise
        except Exception as error:
            raise as_refusal(error) from error
    return checked(after, frame_of(answer), graph)


def call(step: Any, method: str, rows: Any) -> Any:
    """Calls the method without scikit-learn's wrapper."""
    function = getattr(type(step), method)
    if hasattr(step, "func") and type(step).__module__.startswith("sklearn."):
        rows = check_array(rows) if step.validate else rows
        return step.func(rows, **(step.kw_args or {}))
    return getattr(function, "__wrapped__", function)(step, rows)


def checked(table: Table, answer: Any, graph: Any) -> Table:
    """Checks that the number of columns is that of the original. Records where numbers are infinite: whether later
    steps accept infinity is checked when every step has been followed."""
    count = len(table._columns) or answer.shape[1]
    if count != answer.shape[1]:
        raise NotImplementedError(f"its translation has {count} columns, but it returns {answer.shape[1]} itself")
    columns = [table.column(place) for place in range(count)] if table._columns else []
    values = [c.value for c in columns if not (c.is_string or c.is_time or c.feature is not None)]
    for value in values or ([] if table._columns else [table.numbers]):
        graph.infinite.append(graph.node("IsInf", value))
    return table
