"""Fitted estimators inside a step. Their own converters handle cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

from sepal_export import registry
from sepal_export.estimators import class_name, class_name_of, estimators_in
from sepal_export.following.arrays import Array
from sepal_export.following.calls import array
from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, Cell
from sepal_export.following.frames import Frame
from sepal_export.following.kinds import to
from sepal_export.following.pandas_calls import holds_cells
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.series import Series
from sepal_export.following.tables import column_of
from sepal_export.graphs.table import Classification, Column, Table

METHODS = ("transform", "predict", "predict_proba", "decision_function")


@contextmanager
def followed_inside(step: Any) -> Iterator[None]:
    """Within this context, the fitted parts of `step`, and the known classes that it inherits from, accept cells."""
    with ExitStack() as stack:
        for part in estimators_in(step):
            if part is not step and class_name(part) in registry.CONVERTERS:
                for name in METHODS:
                    if hasattr(part, name):
                        stack.enter_context(set_on(part, name, of_instance(part, name)))
        for parent in type(step).__mro__[1:]:
            if class_name_of(parent) in registry.CONVERTERS and "transform" in vars(parent):
                stack.enter_context(set_on(parent, "transform", of_parent(parent)))
        yield


@contextmanager
def set_on(owner: Any, name: str, value: Any) -> Iterator[None]:
    is_own = name in vars(owner)
    before = vars(owner).get(name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if is_own:
            setattr(owner, name, before)
        else:
            delattr(owner, name)


def of_instance(estimator: Any, name: str) -> Callable[..., Any]:
    original = getattr(estimator, name)
    return lambda X, *args, **options: (
        answer_of(estimator, name, X) if holds_cells(X) else original(X, *args, **options)
    )


def of_parent(parent: type) -> Callable[..., Any]:
    """`super().transform(X)`."""
    original = parent.transform
    converter = registry.CONVERTERS[class_name_of(parent)]

    def transform(self: Any, X: Any, *args: Any, **options: Any) -> Any:
        if not holds_cells(X):
            return original(self, X, *args, **options)
        return rows_of(converter(self, as_table(X)), self, X)

    return transform


def as_table(X: Any) -> Table:
    cells = list(X.cells.values()) if type(X) is Frame else [X.cell] if isinstance(X, Series) else None
    if cells is None:
        made = array(X)
        if made.block is not None:
            return Table(matrix=to(made.block, FLOAT).value)
        cells = made.cells.ravel().tolist()
    graph = next(cell.graph for cell in cells if isinstance(cell, Cell))
    columns: list[Column] = []
    for cell in cells:
        if not isinstance(cell, Cell):
            raise NotFollowed("it hands constants to a fitted estimator")
        columns.append(column_of(cell, graph))
    return Table(columns=columns)


def answer_of(estimator: Any, name: str, X: Any) -> Any:
    table = as_table(X)
    if name == "transform":
        return rows_of(registry.transform(estimator, table), estimator, X)
    answer = registry.convert(estimator, table)
    if name == "predict":
        return predicted(estimator, answer)
    value = getattr(answer, "probabilities" if name == "predict_proba" else "decision", None)
    if value is None:
        raise NotFollowed(f"it calls {name} of {type(estimator).__name__}")
    if name == "decision_function" and len(estimator.classes_) == 2:
        return Array(block=Cell(value, FLOAT), width=1)[:, 0]
    return Array(block=Cell(value, FLOAT), width=len(estimator.classes_))


def rows_of(answer: Any, estimator: Any, X: Any) -> Any:
    """The rows of an answer: an array like scikit-learn's transformers return, or a frame if they are set to."""
    table = answer if isinstance(answer, Table) else Table(matrix=answer)
    names = names_of(estimator, X)
    width = len(names)
    if not table.holds_strings:
        made = Array(block=Cell(table.numbers, FLOAT), width=width)
    else:
        columns = [table.column(place) for place in range(width)]
        kinds = [TEXT if column.is_string else FLOAT for column in columns]
        cells = [Cell(c.value, k, column=c, is_nullable=c.is_nullable) for c, k in zip(columns, kinds, strict=True)]
        made = array([[*cells]])
        made.rows = 0
    config = getattr(estimator, "_sklearn_output_config", {}).get("transform", "default")
    return Frame(dict(zip(names, made.cells[0].tolist(), strict=True))) if config == "pandas" else made


def names_of(estimator: Any, X: Any) -> list[str]:
    try:
        return list(estimator.get_feature_names_out())
    except Exception:  # some estimators know no names, and return as many columns as they got
        names = getattr(estimator, "feature_names_in_", None)
        return (
            list(X.columns)
            if type(X) is Frame
            else list(names)
            if names is not None
            else list(range(array(X).shape[-1]))
        )


def predicted(estimator: Any, answer: Any) -> Any:
    if isinstance(answer, Classification) or hasattr(answer, "label"):
        classes = np.asarray(getattr(estimator, "classes_", range(getattr(estimator, "n_clusters", 0) or 10_000)))
        label = answer.label.reshape(-1)
        graph = label.graph
        table = graph.constant(classes.astype(object) if classes.dtype.kind in "OU" else classes.astype(np.float64))
        value = table.rows(label).reshape(-1, 1)
        if classes.dtype.kind in "OU":
            cell = Cell(value, TEXT)
        else:
            cell = Cell(value, FLOAT) if classes.dtype.kind == "f" else Cell(value.cast(np.int64), INT)
            cell = to(cell, BOOL) if classes.dtype.kind == "b" else cell
    else:
        cell = Cell(answer.reshape(-1, 1), FLOAT)
    made = array([cell])
    made.rows = 0
    return made
