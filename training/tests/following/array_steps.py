"""Follows a small function of an array, and compares the graph's answers with numpy's."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy import special
from sklearn.preprocessing import FunctionTransformer

from sepal_export.conversion.convert import input_table
from sepal_export.data.dataset import read_dataset
from sepal_export.following.follow import follow
from sepal_export.graphs.graph import Graph
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Column

WIDTH = 3
NASTY = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 2.0, -2.0, 3.0, -3.0, 7.0, -7.0, 0.1, -0.1, 0.3, 0.25,
    1e-9, -1e-9, 1e-20, 1e-300, -1e-300, 5e-324, 1e9, -1e9, 1e15 + 0.5, 2.0**52 + 1, 1e20, -1e20, 1e200, 1e300, -1e300,
    709.0, -745.0, 1000.0, 0.125, 2.675, 1.005, 12345.678, -12345.678, 1 / 3, np.pi, -1.57,
    np.nan, np.inf, -np.inf,
]  # fmt: skip
WHOLE = [
    0,
    1,
    -1,
    2,
    -2,
    3,
    -3,
    4,
    5,
    7,
    -7,
    10,
    -10,
    63,
    64,
    100,
    255,
    256,
    1000,
    -1000,
    12345,
    -12345,
    2**31,
    -(2**40),
]
KINDS = ("float", "int", "bool")


def rows_of(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows with which a function is followed, and rows [N, 3] to compare; all float64, as the service sends them."""
    random = np.random.default_rng(0)
    if kind != "float":
        return random.integers(-9, 10, (64, WIDTH)).astype(float), mixed(np.array(WHOLE, dtype=float), random)
    usual = random.normal(size=(64, WIDTH)) * 3
    return usual, np.vstack([usual, mixed(np.array(NASTY), random)])


def mixed(values: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Rows that hold each value in each column, beside other values and beside itself."""
    shuffled = [np.column_stack([random.permutation(values) for _ in range(WIDTH)]) for _ in range(6)]
    return np.vstack([*shuffled, np.repeat(values[:, None], WIDTH, axis=1)])


def function_of(code: str, kind: str) -> Callable[[np.ndarray], Any]:
    made_of = {"float": "X", "int": "X.astype(int)", "bool": "X > 0"}[kind]
    return eval(f"lambda X: (lambda X: {code})({made_of})", {"np": np, "math": math, "special": special})


def asked(
    function: Callable[[np.ndarray], Any], training: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The graph's answers [N, W], and whether it refuses each row [N]."""
    dataset = read_dataset(training, None)
    graph = Graph()
    table = follow(FunctionTransformer(function), input_table(graph, dataset))
    graph.rows = dict(fed(graph, rows))
    columns = [Column(table.numbers), *map(Column, (value.cast(np.float64) for value in graph.refused))]
    answer, *refused = reaching(columns)
    return answer, np.any([mask[:, 0] > 0 for mask in refused], axis=0) if refused else np.zeros(len(rows), bool)


def fed(graph: Graph, rows: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yields each input's name and values, in the form in which the service sends them."""
    values, place = rows.astype(np.float64), 0
    for entry in graph.inputs:
        width = entry.type.tensor_type.shape.dim[1].dim_value
        yield entry.name, values[:, place : place + width]
        place += width


def check(function: Callable[[np.ndarray], Any], kind: str, *, within: float = 0.0, may_refuse: bool = False) -> None:
    """Asserts that the graph answers as numpy: to the last bit, or with a relative error of at most
    `within` (absolute values below 0.001 count as 0.001). Rows may be refused only if
    `may_refuse` is true."""
    training, rows = rows_of(kind)
    with np.errstate(all="ignore"):
        expected = np.asarray(function(rows.copy())).astype(np.float64)
        answer, refused = asked(function, training, rows)
    expected = expected.reshape(len(rows), -1)
    assert answer.shape == expected.shape
    assert may_refuse or not refused.any(), rows[refused][:5]
    answer, expected, rows = answer[~refused], expected[~refused], rows[~refused]
    assert len(rows) > 20
    with np.errstate(all="ignore"):
        is_same = (answer == expected) | (np.isnan(answer) & np.isnan(expected))
        is_same |= np.abs(answer - expected) <= within * np.maximum(np.abs(expected), 1e-3)
    is_bad = ~is_same.all(axis=1)
    assert not is_bad.any(), [
        (*row, *case)
        for row, *case in zip(rows[is_bad].tolist(), answer[is_bad].tolist(), expected[is_bad].tolist(), strict=True)
    ][:6]
