"""Columns that the outputs do not depend on are removed from a graph; its answers keep every bit."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import AdaBoostRegressor, BaggingClassifier
from sklearn.feature_selection import RFE, SelectFromModel, SelectKBest, VarianceThreshold, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MinMaxScaler,
    OneHotEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    StandardScaler,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import Rows, read_dataset
from sepal_export.data.predictions import run
from sepal_export.graphs.dependence import Dependence
from sepal_export.graphs.graph import Graph
from sepal_export.graphs.narrow import MATRIX, Narrowing

ROWS = 120
random = np.random.default_rng(0)
X = random.normal(size=(ROWS, 5)) * np.logspace(-1, 2, 5)
Y = (X[:, 1] / 0.5 + X[:, 3] / 20 > 0).astype(int)
INPUT = random.normal(size=(50, 5)) * 3


def narrow(make, width=5):
    """Narrows a graph, and asserts that its answers to INPUT stay the same. Returns the columns that it uses, and the
    narrowed model."""
    graph = Graph()
    answer = make(graph.input(MATRIX, np.float64, width))
    model = graph.to_model({"y": answer}, {"y": (11, None)})
    dependence = Dependence(model)
    narrowed = Narrowing(model, dependence, None).model
    used = dependence.features
    before = run(model.SerializeToString())({MATRIX: INPUT[:, :width]})[0]
    after = run(narrowed.SerializeToString())({MATRIX: INPUT[:, used]})[0]
    np.testing.assert_array_equal(before, after)
    return used, narrowed


MEAN, EDGES = np.arange(5.0), np.arange(15.0).reshape(5, 3)
# Maps a name to a function of five columns, and to the columns that must be kept: those on which its answer depends, or
# the first if it depends on none.
GRAPHS = {
    "a column of each": (lambda x: (x - MEAN).columns([3, 1]), [1, 3]),
    "a column twice": (lambda x: x.columns([2, 2, 0]).exp(), [0, 2]),
    "a column of columns": (lambda x: x.columns([4, 2, 1]).columns([2, 0]), [1, 4]),
    "a part of what stands side by side": (
        lambda x: x.graph.concat([x.columns([0]), x + 1.0, x.columns([3])]).columns([0, 2, 6]),
        [0, 1, 3],
    ),
    "two that are asked for different columns": (
        lambda x: (lambda scaled: scaled.columns([1]) * scaled.columns([3]))((x / (MEAN + 1)).abs()),
        [1, 3],
    ),
    "a condition": (
        lambda x: x.graph.where(x > MEAN, x, x.graph.constant(-MEAN)).columns([2]),
        [2],
    ),
    "the same number for all": (lambda x: x.clip(-1, 1).columns([4]), [4]),
    "one column for all": (lambda x: (x * x.columns([0])).columns([3]), [0, 3]),
    "a sum": (lambda x: x.sum() + x.columns([1]), [0, 1, 2, 3, 4]),
    "a product": (lambda x: (x @ np.ones((5, 2))).columns([1]), [0, 1, 2, 3, 4]),
    "bins": (
        lambda x: (x.reshape(0, 5, 1) >= EDGES).cast(np.float64).sum(2, keepdims=False).columns([4, 0]),
        [0, 4],
    ),
    "the order of some": (lambda x: x.graph.argsort(x.columns([1, 4]), 2).cast(np.float64), [1, 4]),
    "a column of an order": (lambda x: x.graph.argsort(x, 5).columns([1]).cast(np.float64), [0, 1, 2, 3, 4]),
    "the number of rows": (
        lambda x: x.graph.node("Expand", np.zeros(1), x.graph.node("Shape", x.columns([4]), end=1)),
        [0],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GRAPHS)
def test_what_the_answer_depends_on(case):
    make, used = GRAPHS[case]
    assert narrow(make)[0] == used


def test_what_is_computed_of_an_unused_column_is_left_out():
    _, model = narrow(lambda x: ((x - MEAN) / (MEAN + 7)).columns([1, 3]))
    assert [node.op_type for node in model.graph.node] == ["Sub", "Div", "Identity"]
    assert sorted(tuple(tensor.dims) for tensor in model.graph.initializer) == [(2,), (2,)]


def test_a_graph_of_which_all_is_used_stays_as_it_is():
    graph = Graph()
    x = graph.input(MATRIX, np.float64, 5)
    model = graph.to_model({"y": ((x - MEAN) @ np.ones((5, 2))).columns([1])}, {"y": (11, None)})
    kept = Narrowing(model, Dependence(model), None).model
    assert [node.op_type for node in kept.graph.node] == ["Sub", "MatMul", "Gather", "Identity"]
    assert list(kept.graph.initializer[:2]) == list(model.graph.initializer[:2])


def test_a_threshold_moves_with_its_column():
    graph = Graph()
    x = graph.input(MATRIX, np.float64, 5) - MEAN
    graph.add_splits(x, np.array([0, 3]), np.array([0.25, 0.75]))
    model = graph.to_model({"y": x.columns([3, 1])}, {"y": (11, None)})
    narrowing = Narrowing(model, Dependence(model), None)
    assert [(split.column, split.thresholds.tolist()) for split in narrowing.splits(graph.splits)] == [(1, [0.75])]


def selected(*steps, k=2, last=None):
    """A pipeline of `steps`, a selection of the k best columns, and `last` (a LogisticRegression by default)."""
    return make_pipeline(*steps, SelectKBest(k=k), LogisticRegression() if last is None else last)


BINS = KBinsDiscretizer(3, encode="ordinal", quantile_method="averaged_inverted_cdf")
ONE_EACH = BaggingClassifier(DecisionTreeClassifier(), n_estimators=2, max_features=1, random_state=3)
BOTH = make_union(SelectKBest(k=1), make_pipeline(StandardScaler(), SelectKBest(k=2)))
# Maps a name to an estimator, and to the columns of X that must be kept. None: not known, but fewer than all.
ESTIMATORS = {
    "k best": (selected(), [1, 3]),
    "k best of scaled": (selected(StandardScaler()), [1, 3]),
    "k best of imputed": (selected(SimpleImputer(add_indicator=True)), [1, 3]),
    "k best of powers": (selected(PowerTransformer()), [1, 3]),
    "k best of quantiles": (selected(QuantileTransformer(n_quantiles=20)), [1, 3]),
    "k best of bins": (selected(BINS), [1, 3]),
    "k best of clipped": (selected(MinMaxScaler(clip=True)), [1, 3]),
    "k best of a function": (selected(FunctionTransformer(np.arcsinh)), [1, 3]),
    "k best, twice": (selected(SelectKBest(k=3), StandardScaler()), [1, 3]),
    "k best before a tree": (selected(StandardScaler(), last=DecisionTreeClassifier()), [1, 3]),
    "k best of components": (selected(PCA(3), k=1), [0, 1, 2, 3, 4]),
    "k best of products": (selected(PolynomialFeatures(2, include_bias=False), k=1), None),
    "an order of trees": (selected(last=AdaBoostRegressor(DecisionTreeRegressor(max_depth=2), n_estimators=4)), [1, 3]),
    "by a model": (make_pipeline(SelectFromModel(Lasso(0.05), max_features=2), LogisticRegression()), None),
    "by elimination": (RFE(LogisticRegression(), n_features_to_select=2), None),
    "by variance": (make_pipeline(VarianceThreshold(1), LogisticRegression()), None),
    "side by side": (make_pipeline(BOTH, LogisticRegression()), [1, 3]),
    "of one array": (make_pipeline(make_column_transformer((StandardScaler(), [3, 1])), LogisticRegression()), [1, 3]),
    "some trees each": (ONE_EACH, None),
    "zero weights": (Lasso(1e6), [0, 1, 2, 3, 4]),
    "nothing at all": (DummyClassifier(), [0]),
}


@pytest.mark.parametrize("case", ESTIMATORS)
def test_the_columns_that_an_estimator_uses(case):
    random = np.random.default_rng(0)
    estimator, used = ESTIMATORS[case]
    estimator.fit(X, Y)
    dataset = read_dataset(X, None)
    conversion = to_onnx_model(estimator, dataset)
    kept = list(conversion.dataset.places)
    assert kept == (used or kept) and (used or len(kept) < 5)
    answers = run(conversion.model.SerializeToString())(conversion.dataset.for_onnx(conversion.dataset.rows))
    predict = getattr(estimator, "predict_proba", estimator.predict)
    changed = X.copy()
    unused = [column for column in range(5) if column not in kept]
    changed[:, unused] = random.permutation(X)[:, unused]
    np.testing.assert_allclose(answers[-1].reshape(ROWS, -1), predict(changed).reshape(ROWS, -1), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_any_columns_may_be_dropped_between_any_steps(seed):
    """A nested pipeline takes random columns, in random order, of a frame of strings and numbers."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(X, columns=list("abcde")).assign(
        s=draw.choice(["u", "v", "w"], ROWS), t=draw.choice(["x", "y"], ROWS)
    )
    frame = frame[draw.permutation(frame.columns)]
    numbers = draw.choice(list("abcde"), draw.integers(1, 6), replace=False).tolist()
    strings = draw.choice(["s", "t"], draw.integers(0, 3), replace=False).tolist()
    inner = make_pipeline(
        SimpleImputer(), StandardScaler(), SelectKBest(f_regression, k=draw.integers(1, len(numbers) + 1))
    )
    estimator = make_pipeline(
        make_column_transformer((OneHotEncoder(handle_unknown="ignore"), strings), (inner, numbers)),
        SelectKBest(f_regression, k=1) if draw.random() < 0.5 else "passthrough",
        Ridge(),
    ).fit(frame, X[:, 1] + X[:, 3])
    conversion = to_onnx_model(estimator, read_dataset(frame, None))
    rows = conversion.dataset.rows
    [values] = run(conversion.model.SerializeToString())(conversion.dataset.for_onnx(rows))
    expected = estimator.predict(conversion.dataset.for_original(rows))
    np.testing.assert_allclose(values[:, 0], expected, rtol=1e-12)
    assert {feature.name for feature in conversion.dataset.features} <= {*numbers, *strings}
    assert [entry.name for entry in conversion.model.graph.input] == (
        [MATRIX] if conversion.dataset.is_matrix else [feature.name for feature in conversion.dataset.features]
    )
    assert isinstance(rows, Rows)


@pytest.mark.parametrize("values", [["u", "v"], [1.0, 2.0]])
def test_a_feature_may_be_called_as_the_matrix_is(values):
    frame = pd.DataFrame({"t": ["x", "y"] * 60, "X": values * 60})
    encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["X"]))
    estimator = make_pipeline(encode, Ridge()).fit(frame, X[:, 1])
    conversion = to_onnx_model(estimator, read_dataset(frame, None))
    [values] = run(conversion.model.SerializeToString())(conversion.dataset.for_onnx(conversion.dataset.rows))
    np.testing.assert_allclose(values[:, 0], estimator.predict(frame), rtol=1e-12)
