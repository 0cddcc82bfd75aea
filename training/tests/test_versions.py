"""The versions that the export needs, and its messages if something is missing."""

import re
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, StackingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import RidgeClassifier

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import run
from sepal_export.loading.older import complete

TRAINING = Path(__file__).parent.parent


def test_the_oldest_versions_that_are_tried_are_the_least_that_are_asked_for():
    """Except numpy and scipy, whose oldest versions do not support the Python of that test."""
    tried = dict(re.findall(r"^([\w-]+)==(.+)$", (TRAINING / "versions/oldest.in").read_text(), re.MULTILINE))
    project = (TRAINING / "pyproject.toml").read_text().partition("dependencies = [")[2].partition("]")[0]
    asked = dict(re.findall(r'"([\w-]+)>=([\d.]+)(?:"|; python_version >=)', project))
    assert asked.keys() <= tried.keys()
    for name in asked.keys() - {"numpy", "scipy"}:
        assert re.fullmatch(rf"{asked[name]}(\.0)*", tried[name]), name


def test_an_attribute_that_a_version_does_not_have_is_named():
    X, y = load_iris(return_X_y=True)
    estimator = HistGradientBoostingClassifier(max_iter=2).fit(X, y)
    del estimator._baseline_prediction
    with pytest.raises(ConversionError, match="its converter reads '_baseline_prediction', which this version of"):
        to_onnx_model(estimator, read_dataset(X, None))


@pytest.mark.parametrize(
    "estimator", [make_column_transformer((SimpleImputer(), [0])), StackingClassifier([("a", RidgeClassifier())])]
)
def test_what_was_cloned_to_be_fitted_is_not_completed(estimator):
    """Seeds 0 and 69 of zoo/random.py."""
    complete(estimator.fit(*load_iris(return_X_y=True)))


def test_an_operator_that_onnxruntime_does_not_have_is_named():
    """onnxruntime has no Erf for float64."""
    x, y = (helper.make_tensor_value_info(name, onnx.TensorProto.DOUBLE, ["N", 1]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Erf", ["x"], ["y"])], "model", [x], [y])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    with pytest.raises(ConversionError, match=r"onnxruntime \S+ cannot run the model .*Erf.*pip install --upgrade"):
        run(model.SerializeToString())({"x": np.zeros((1, 1))})
