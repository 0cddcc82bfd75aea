"""Python's own numbers, numbers of few bits, and angles: the graph computes each as the original does."""

import math

import numpy as np
import pytest
from array_steps import check
from followed_frames import FRESH, NAMES, TRAINING, followed
from sklearn.preprocessing import FunctionTransformer

from sepal_export.conversion.convert import input_table
from sepal_export.data.dataset import read_dataset
from sepal_export.following.follow import follow
from sepal_export.graphs.graph import OTHERWISE, Graph, exactness_of

NAMES["math"] = math
# The graph answers every row as Python does.
SAME = [
    "[a + a for a in X.b]", "[~a for a in X.b.tolist()]", "X.b.map(lambda a: -1 if ~a == -1 else 2)",
    "[a * a - a for a in X.b]", "[a + a for a in X.b.values]", "[(a > 0) + (a > 1) for a in X.w]",
    "X.apply(lambda row: (row['i'] > 0) + (row['j'] > 1), axis=1)", "[str(a + a) for a in X.b]",
    "[round(a, -1) for a in X.i]", "[round(a, -3) for a in X.i]", "[round(a, -12) for a in X.i]",
    "[round(a + 50, -2) for a in X.i]", "[round(a, 2) for a in X.i]",
    "[1 / a if a else 0.0 for a in X.w]", "[a / b if b else 0 for a, b in zip(X.i, X.j)]",
    "[math.log1p(a * 2 * 10**15 * a) if a else 0 for a in X.i % 10]",
    "[a * 10**18 % 97 for a in X.i]", "[a * 10**18 > 77 for a in X.i]", "[a ** -1 if a else 0 for a in X.i]",
    "X.i * X.i * X.i * X.i * X.i", "[a * 1_000_003 % 97 for a in X.i]",
    "X.i.astype('int32')", "X.i.astype('int32') * 2", "X.i.astype('int32') // 2", "X.i.astype('int8') + X.j",
    "X.i.astype('uint8') - X.j.astype('uint8')", "-X.i.astype('int32')", "X.i.astype('int32').where(X.w > 0, 7) * 2",
    "X.i.astype('int32').astype('int64') * 2", "X.i.astype('uint8') & 255", "(X.i & 255) * 2", "~X.i.astype('uint16')",
    "X.w.astype('float16')", "X.w.astype('float16') * 3", "X.w.clip(-9e4, 9e4).astype('float16') / 3",
    "X.w.clip(-1e30, 1e30).astype('float32') * 0.1", "X.w.astype('float32') > 0.1", "X.f.astype('float32').fillna(0.1)",
    "X.f.astype('float32').astype('float64') * 0.1", "X.w.astype('float32') + X.g", "np.arctan2(X.w, X.f)",
    "[math.atan2(a, b) for a, b in zip(X.w, X.i)]", "[divmod(a, 7)[0] for a in X.w]", "[divmod(a, -7)[1] for a in X.i]",
    "[math.fmod(a, 3) for a in X.w]", "[math.copysign(a, -1) for a in X.w]",
    "[math.isclose(a, 1, rel_tol=.5) for a in X.w]",
    "[math.isclose(a, 0.1, abs_tol=.3) for a in X.w]", "[np.round(a, 1) for a in X.w]",
    "[np.clip(a, 0, 2) for a in X.w]",
    "X.i & 3", "[a & 3 for a in X.i]",
    "np.argsort(X[['f', 'w', 'g']].to_numpy(), axis=1, kind='stable')[:, 1]",
    "np.c_[X.w.astype('float32'), X.w][:, 0] * 0.1",
]  # fmt: skip
# In some rows these leave the range of int64.
SOME = [
    "[a * a * a for a in X.i]", "X.i.apply(lambda a: a ** 3)", "[a * a * a * 7 - 1 for a in X.i]",
    "[a * 10**18 if a < 0 else 1 for a in X.i]", "[a * 10**12 * 3 > 5 for a in X.i]",
    "[math.log1p(abs(a * 10**18)) for a in X.i]",
    "[math.sqrt(abs(a * a * a)) for a in X.i]",
    "[round(a * 100) / 100 for a in X.w]", "[int(a * 100) % 10 for a in X.w]",
]  # fmt: skip


@pytest.mark.parametrize("code", SAME)
def test_a_number_is_computed_as_its_type_computes_it(code):
    made = followed(f"X.assign(q={code})[['q']]")
    assert made.is_taken.all()
    assert not made.differences()


@pytest.mark.parametrize("code", SOME)
def test_rows_whose_whole_number_leaves_64_bits_are_refused(code):
    made = followed(f"X.assign(q={code})[['q']]")
    assert 100 < made.is_taken.sum() < len(made.is_taken)
    assert not made.differences()


@pytest.mark.parametrize("code", ["[1 / a for a in X.i + 0]", "[a // b for a, b in zip(X.j, X.i)]"])
def test_a_division_by_numbers_that_may_be_zero_is_followed(code):
    training = TRAINING.assign(i=1)
    fresh = FRESH.assign(i=FRESH.i.where(FRESH.i != 0, 1))
    assert not followed(f"X.assign(q={code})[['q']]", fresh, training).differences()
    with pytest.raises(ZeroDivisionError):
        followed(f"X.assign(q={code})[['q']]", FRESH, training)


HALVES = np.array([1 + 2.0**-11 + 2.0**-40, 1 + 2.0**-11 - 2.0**-40, 1 + 2.0**-11, 65519.999, 65520.0, 1e-8, 3e-8])


def test_float16_is_rounded_once():
    values = np.resize(np.concatenate([HALVES, -HALVES, np.random.default_rng(0).normal(size=86)]), len(FRESH))
    assert not followed("X.assign(q=X.w.astype('float16'))[['q']]", FRESH.assign(w=values)).differences()


def of_some_rows(X):
    is_large = X[:, 0] > 0
    made = np.zeros(len(X))
    made[is_large] = X[is_large, 1]
    made[~is_large] = np.sqrt(np.abs(X[~is_large, 2])) * 2 + X[~is_large, 0]
    return made


def doubled(X):
    X = X.copy()
    X[X < 0] *= 2
    return X


def exchanged(X):
    X = X.copy()
    is_large = X[:, 1] > 0
    X[is_large, 0] = X[is_large, 1]
    X[is_large, 1] = -X[is_large, 0]
    return X


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", [of_some_rows, doubled, exchanged])
def test_what_a_condition_picks_is_written_where_it_holds(function):
    check(function, "float")
    check(lambda X: function(X.astype(int)), "int")


@pytest.mark.parametrize("code", ["np.hypot(X, 2)", "np.arctan(X)", "np.arcsin(X)", "np.arccos(X)", "np.arctan2(X, 3)"])
def test_an_angle_counts_as_rounded_otherwise(code):
    graph = Graph()
    step = FunctionTransformer(eval(f"lambda X: {code}", {"np": np}))
    value = follow(step, input_table(graph, read_dataset(np.linspace(-0.9, 0.9, 40).reshape(20, 2), None))).numbers
    nodes = {name: node for node in graph.nodes for name in node.output}
    assert exactness_of(nodes[value.name]) == OTHERWISE
