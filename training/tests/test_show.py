"""`sepal show` prints the expressions that the graph computes in place of a pipeline's own Python code."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from test_packages import TRAINING

from sepal_export import export
from sepal_export.following.accessors import OF_TEXTS
from sepal_export.following.dates import METHODS, PARTS
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.numpy_calls import CALLS
from sepal_export.following.reductions import OF_NUMPY
from sepal_export.graphs.functions import FUNCTIONS
from sepal_export.graphs.lines import FUNCTIONS as OF_SEVERAL_NODES
from sepal_export.graphs.lines import Line
from sepal_export.show.command import ShowError, shown
from sepal_export.show.steps import target_of

MODELS = TRAINING.parent / "models"


class Derived(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        self.median_ = 30.0
        return self

    def transform(self, X):
        X = X.assign(ratio=X["price"].fillna(self.median_) / X["items"])
        X["hour"] = X["ordered"].dt.hour
        X["log"] = np.log1p(X["ratio"])
        X["wave"] = np.sin(X["ratio"])
        X["is_dear"] = (X["ratio"] > 20) & X["country"].isin(["AT", "DE"])
        X["level"] = X["country"].map({"AT": 1, "DE": 2, "FR": 3})
        X["late"] = np.where(X["hour"] >= 20, 1, 0)
        return X.drop(columns=["ordered", "country", "price"])


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("show") / "orders"
    rng = np.random.default_rng(0)
    ordered = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 525_600, 200), unit="min")
    X = pd.DataFrame(
        {
            "ordered": ordered,
            "price": rng.gamma(2, 30, 200).round(2),
            "items": rng.integers(1, 6, 200),
            "country": rng.choice(["AT", "DE", "FR"], 200),
        }
    )
    X.loc[::9, "price"] = np.nan
    y = np.arange(200) % 2
    pipeline = make_pipeline(Derived(), StandardScaler(), LogisticRegression()).fit(X, y)
    export(pipeline, X, y, name="orders", version="1.0.0", out=folder, metrics=False)
    return folder


def steps(lines):
    """Maps each source line, without its number, to its expressions."""
    found = {}
    for line in lines:
        match = re.fullmatch(r"test_show\.py:\d+ +(.*?) +# (.*)", line)
        if match:
            found.setdefault(match[2], []).append(match[1])
    return found


def test_each_step_is_shown_with_its_line_of_the_source(package):
    found = steps(shown(package))
    assert found['X = X.assign(ratio=X["price"].fillna(self.median_) / X["items"])'] == [
        "X = (30 if isnan(price) else price) / items"
    ]
    assert found['X["hour"] = X["ordered"].dt.hour'] == [
        "hour_2 = hour(ordered)",
        "no answer where not fits_int64(hour_2)",
        "hour = int(hour_2)",
    ]
    assert found['X["log"] = np.log1p(X["ratio"])'] == ["log = log1p(X)"]
    assert found['X["wave"] = np.sin(X["ratio"])'] == ["wave = sin(X)"]
    assert found['X["is_dear"] = (X["ratio"] > 20) & X["country"].isin(["AT", "DE"])'] == [
        "is_dear = X > 20 and (country == 'AT' or country == 'DE')"
    ]
    assert found['X["level"] = X["country"].map({"AT": 1, "DE": 2, "FR": 3})'] == [
        "level = {'AT': 1, 'DE': 2, 'FR': 3}.get(country, nan)"
    ]
    assert found['X["late"] = np.where(X["hour"] >= 20, 1, 0)'] == ["late = 1 if hour >= 20 else 0"]


def test_the_file_is_taken_in_place_of_its_folder(package):
    assert list(shown(package / "model.onnx")) == list(shown(package))


def test_what_goes_on_to_the_estimators_is_named(package):
    *_, last = shown(package)
    assert last == "The estimators after these steps get items, X, hour, log, wave, is_dear, level, late."


def test_no_folder_of_this_machine_is_published(package):
    content = (package / "model.onnx").read_bytes()
    assert b"test_show.py:" in content
    assert str(TRAINING).encode() not in content


def test_a_node_that_a_later_pass_rewrites_keeps_its_source_line(package):
    """A pass rewrites the sine to compute two columns at once (see graphs/neighbours.py), and keeps its source line."""
    nodes = onnx.load(package / "model.onnx").graph.node
    assert {Line.read(node.doc_string).code for node in nodes if node.op_type == "Sin"} == {
        'X["wave"] = np.sin(X["ratio"])'
    }


@pytest.mark.parametrize("name", ["iris", "churn"])
def test_a_model_without_python_of_its_own_has_no_line_in_it(name):
    model = onnx.load(MODELS / name / "model.onnx")
    assert {node.doc_string for node in model.graph.node} == {""}
    [line] = shown(MODELS / name)
    assert "has no translated Python. Its inputs are " in line
    assert line.endswith("petal_width." if name == "iris" else "paperless.")


def test_columns_of_a_matrix_have_their_names(tmp_path):
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.gamma(2, 30, (100, 3)), columns=["a", "b", "c"])
    step = FunctionTransformer(lambda X: np.column_stack([np.log1p(X["b"]), X["c"] // X["a"]]))
    export(make_pipeline(step, Ridge()).fit(X, X["a"]), X, X["a"], name="m", version="1.0.0", out=tmp_path)
    words = " ".join(line.partition("#")[0] for line in shown(tmp_path))
    assert "log1p(b)" in words
    assert "c // a" in words


QUOTIENTS = {"X // 7.5": lambda X: X // 7.5, "X // abs(X)": lambda X: X // X.abs()}


@pytest.mark.parametrize("words", QUOTIENTS)
def test_floor_division_is_shown_as_an_operator_for_constant_and_other_divisors(tmp_path, words):
    X = pd.DataFrame(np.random.default_rng(1).gamma(2, 30, (100, 1)), columns=["a"])
    estimator = make_pipeline(FunctionTransformer(QUOTIENTS[words]), Ridge()).fit(X, X["a"])
    export(estimator, X, X["a"], name="m", version="1.0.0", out=tmp_path)
    assert f" = {words} " in " ".join(shown(tmp_path))


def test_each_function_named_in_graphs_lines_exists_with_these_parameters():
    for file, functions in OF_SEVERAL_NODES.items():
        path = Path(file).relative_to(TRAINING).with_suffix("")
        module = importlib.import_module(".".join(path.parts))
        for name, operands in functions.items():
            function = getattr(module, name)
            assert function.__module__ == module.__name__
            assert list(inspect.signature(function).parameters)[: len(operands)] == list(operands)


def test_a_long_expression_is_cut_unless_it_is_asked_for(tmp_path):
    X = pd.DataFrame(np.random.default_rng(1).gamma(2, 30, (100, 2)), columns=["a", "b"])
    step = FunctionTransformer(lambda X: X.assign(total=sum(X["a"] * place + X["b"] for place in range(20))))
    export(make_pipeline(step, Ridge()).fit(X, X["a"]), X, X["a"], name="m", version="1.0.0", out=tmp_path)
    short, whole = (next(iter(shown(tmp_path, is_long=is_long))) for is_long in (False, True))
    assert "…" in short.partition("#")[0]
    assert "…" not in whole.partition("#")[0]
    assert "a * 19" in whole


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ('X["ratio"] = X["a"] / X["b"]', "ratio"),
        ('X.loc[X["a"] > 3, "flag"] = 1', "flag"),
        ("ratio = a / b", "ratio"),
        ('ratio=X["a"] / X["b"],', "ratio"),
        ("return a / b", "x"),
        ("if a > b:", "x"),
    ],
)
def test_a_value_gets_the_name_that_its_source_line_assigns(code, name):
    assert target_of(code) == name


def test_a_path_without_a_model_is_refused_with_a_message(tmp_path):
    with pytest.raises(ShowError, match="does not exist; name the folder of a package"):
        shown(tmp_path)
    file = tmp_path / "model.onnx"
    file.write_bytes(b"text")
    with pytest.raises(ShowError, match="is not an ONNX model; name the folder"):
        shown(file)


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "from sepal_export.__main__ import sepal; raise SystemExit(sepal())"],
        ["-m", "sepal_export"],
    ],
)
def test_show_works_from_the_command_line(package, command):
    done = subprocess.run(
        [sys.executable, *command, "show", str(package)], cwd=TRAINING, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == list(shown(package))
    wrong = subprocess.run([sys.executable, *command, "show", "nothing"], cwd=TRAINING, capture_output=True, text=True)
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("error: nothing does not exist")


def documented(row):
    """The names of functions in one row of the table in docs/own-python.md."""
    page = (TRAINING.parent / "docs" / "own-python.md").read_text("utf-8")
    [line] = [line for line in page.splitlines() if line.startswith(f"| {row} |")]
    return set(re.findall(r"`([\w.]+)`", line.replace(row, "")))


def test_the_page_names_functions_that_are_followed():
    known = CALLS.keys() | ELEMENTS.keys() | OF_NUMPY.keys() | {function.__name__ for function in FUNCTIONS}
    for row in ("numpy, of each value", "numpy, along a row"):
        assert documented(row) - known - {"axis"} == set()
    assert documented("strings, by `.str`") - OF_TEXTS - {"split"} == set()
    assert documented("times, by `.dt`") - set(PARTS) - METHODS.keys() == set()
