"""Large trees are left out of the graph during the conversion, and are in the finished model."""

import numpy as np
import onnx
import pytest
from exactness import blobs
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor, StackingRegressor
from sklearn.linear_model import Ridge
from sklearn.tree import DecisionTreeRegressor

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.converters import tree_ensemble
from sepal_export.data.dataset import read_dataset
from sepal_export.graphs.bulk import varint
from sepal_export.proof.points import Points

X, Y = blobs()


@pytest.mark.parametrize("estimator", [RandomForestClassifier(5), Ridge()], ids=["trees", "none"])
def test_the_bytes_are_those_that_the_whole_model_is_written_as(estimator):
    content = to_onnx_model(estimator.fit(X, Y), read_dataset(X, None)).content
    assert onnx.load_model_from_string(content).SerializeToString(deterministic=True) == content


def test_the_outline_holds_the_trees_that_come_before_a_threshold():
    first = DecisionTreeRegressor(max_depth=4)
    stacked = StackingRegressor([("tree", first)], final_estimator=DecisionTreeRegressor(max_depth=4))
    conversion = to_onnx_model(stacked.fit(X, Y), read_dataset(X, None))
    sizes = [node.ByteSize() for node in conversion.outline.graph.node if node.op_type == "TreeEnsemble"]
    whole = [node.ByteSize() for node in conversion.model.graph.node if node.op_type == "TreeEnsemble"]
    assert sizes[0] == whole[0]
    assert sizes[1] < whole[1]
    assert len(Points(conversion.dataset, {}).by_kind(conversion.model, conversion.splits)["thresholds"]) > 100


@pytest.mark.parametrize(("number", "expected"), [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02")])
def test_numbers_are_written_as_in_the_format(number, expected):
    assert varint(number).hex() == expected


@pytest.mark.parametrize("targets", [1, 3])
def test_the_trees_of_several_operators_are_added_in_their_order(targets, monkeypatch):
    from exactness import check
    from lightgbm import LGBMClassifier, LGBMRegressor

    monkeypatch.setattr(tree_ensemble, "MAX_SPLITS", 40)
    forest = RandomForestRegressor(40, random_state=0) if targets == 1 else RandomForestClassifier(40, random_state=0)
    parity = check(forest, X, Y + np.pi if targets == 1 else Y)
    assert parity.largest_error == 0
    booster = (LGBMRegressor if targets == 1 else LGBMClassifier)(n_estimators=40, verbose=-1)
    assert check(booster, X, Y).largest_error < 1e-14
