"""The answer to a row does not depend on its position in a batch, or on the other rows."""

import numpy as np
import pytest

from sepal_export.data.predictions import run
from sepal_export.graphs.graph import Graph
from sepal_export.graphs.neighbours import keep_apart

ROWS = 64
random = np.random.default_rng(0)


def graph_of(make, width, dtype=np.float64):
    graph = Graph()
    answer = make(graph.input("X", dtype, width))
    return graph.to_model({"y": answer}, {"y": ({np.float64: 11, np.float32: 1, np.int64: 7}[dtype], None)})


def operators(model):
    return [node.op_type for node in model.graph.node]


def width_of(x):
    return x.graph.inputs[0].type.tensor_type.shape.dim[1].dim_value


SUMS = {
    "of columns": (lambda x: x.sum(), lambda X: X.sum(axis=1, keepdims=True)),
    "without its axis": (lambda x: x.sum(keepdims=False), lambda X: X.sum(axis=1)),
    "of a further axis": (
        lambda x: (x.reshape(-1, width_of(x), 1) * np.arange(1.0, 6.0)).sum(axis=2, keepdims=False),
        lambda X: (X[:, :, None] * np.arange(1.0, 6.0)).sum(axis=2),
    ),
}


@pytest.mark.parametrize("width", [1, 2, 3, 5, 7, 8, 13, 301])
@pytest.mark.parametrize("kind", SUMS)
def test_a_row_has_the_same_sum_wherever_it_stands(kind, width):
    random = np.random.default_rng(0)
    make, expected = SUMS[kind]
    model = graph_of(make, width)
    keep_apart(model)
    assert "ReduceSum" not in operators(model)
    answer = run(model.SerializeToString())
    X = random.normal(size=(ROWS, width))
    alone = np.concatenate([answer({"X": X[[row, row]]})[0][:1] for row in range(ROWS)])
    order = random.integers(0, ROWS, 1000)
    np.testing.assert_array_equal(answer({"X": X[order]})[0], alone[order])
    np.testing.assert_allclose(alone, expected(X), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("width", [1, 2, 3, 4, 33])
@pytest.mark.parametrize("operator", ["Sin", "Cos"])
def test_a_wave_is_the_same_beside_larger_angles(operator, width):
    random = np.random.default_rng(0)
    model = graph_of(lambda x: x.graph.node(operator, x), width)
    before = operators(model)
    keep_apart(model)
    assert (operators(model) == before) == (width % 2 == 0)
    answer = run(model.SerializeToString())
    X = random.normal(size=(ROWS, width)) * 10.0 ** random.uniform(-2, 6, (ROWS, width))
    alone = np.concatenate([answer({"X": X[[row, row]]})[0][:1] for row in range(ROWS)])
    order = random.integers(0, ROWS, 1000)
    np.testing.assert_array_equal(answer({"X": X[order]})[0], alone[order])
    np.testing.assert_allclose(alone, {"Sin": np.sin, "Cos": np.cos}[operator](X), atol=1e-15, rtol=0)


def test_the_sum_of_float32_stays_one():
    model = graph_of(lambda x: x.sum(), 3, np.float32)
    keep_apart(model)
    [answer] = run(model.SerializeToString())({"X": np.array([[1, 2, 4]], np.float32)})
    assert answer.dtype == np.float32 and answer.tolist() == [[7]]


UNCHANGED = {
    "of whole numbers, which are exact": (lambda x: x.cast(np.int64).sum(), np.int64),
    "of rows": (lambda x: x.sum(axis=0), np.float64),
    "of an axis in between": (lambda x: x.reshape(-1, 3, 2).sum(axis=1), np.float64),
}


@pytest.mark.parametrize("kind", UNCHANGED)
def test_leaves_a_sum(kind):
    make, dtype = UNCHANGED[kind]
    graph = Graph()
    model = graph.to_model({"y": make(graph.input("X", np.float64, 6))}, {"y": (7 if dtype is np.int64 else 11, None)})
    before = model.SerializeToString()
    keep_apart(model)
    assert model.SerializeToString() == before
