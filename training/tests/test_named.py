"""Gives names to classes that were codes when the model was fitted."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression, Ridge

from sepal_export import export
from sepal_export.originals.named import with_class_names

X, Y = load_iris(return_X_y=True, as_frame=True)
FITTED = LogisticRegression(max_iter=1000).fit(X, Y)
NAMES = {"virginica": "2", "setosa": "0", "versicolor": "1"}


def test_a_model_answers_with_the_names(tmp_path):
    named = with_class_names(FITTED, NAMES)
    y = np.array(["setosa", "versicolor", "virginica"])[Y]
    manifest = export(named, X, y, name="iris", version="1", out=tmp_path, say=lambda text: None)
    assert manifest["classes"] == ["setosa", "versicolor", "virginica"]
    assert manifest["parity"]["mismatches"] == 0
    assert "cross-validation" in manifest["metrics"]["protocol"]
    assert manifest["metrics"]["values"]["accuracy"]["mean"] > 0.9
    assert {example["predictions"][0]["label"] for example in manifest["examples"]} == set(y)


@pytest.mark.parametrize(
    "names",
    [{"no": "0", "yes": "1"}, {"no": "0", "yes": "1", "perhaps": "3"}, {"no": "0", "yes": "1", "perhaps": "1"}],
)
def test_each_class_gets_one_name(names):
    with pytest.raises(ValueError, match="name each class once: --class-names NAME=0 NAME=1 NAME=2"):
        with_class_names(FITTED, names)


def test_values_have_no_names():
    with pytest.raises(ValueError, match="Ridge is not a classifier"):
        with_class_names(Ridge().fit(X, Y), NAMES)
