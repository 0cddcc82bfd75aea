"""The export refuses exactly those models that are too slow to start on AWS Lambda."""

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.neural_network import MLPRegressor

from sepal_export import ConversionError, export
from sepal_export.conversion import start
from sepal_export.conversion.convert import MAX_BYTES
from sepal_export.conversion.memory import memory_size
from sepal_export.conversion.start import MOST, check_start, start_seconds

# The megabytes of memory at which Lambda gives a function a whole processor; less memory gets a share of one.
PROCESSOR = 1_769
random = np.random.default_rng(0)
X, Y = random.normal(size=(2_000, 4)), random.normal(size=2_000)


def fitted(trees):
    return ExtraTreesRegressor(trees, max_features=1, random_state=0).fit(X, Y)


def test_a_forest_that_may_not_start_in_time_is_not_exported(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "MOST", 0.55)
    write = {"name": "f", "version": "1", "metrics": False}
    export(fitted(2), X, Y, out=tmp_path / "small", **write)
    with pytest.raises(
        ConversionError,
        match=r"ExtraTreesRegressor may need 0\.6 seconds to start, and AWS Lambda allows 0\.55; use fewer or",
    ):
        export(fitted(30), X, Y, out=tmp_path / "large", **write)
    assert not (tmp_path / "large").exists()


def test_trees_take_longer_than_other_constants_of_as_many_bytes(monkeypatch, tmp_path):
    monkeypatch.setattr(start, "MOST", 0.55)
    network = MLPRegressor(hidden_layer_sizes=(400, 400), max_iter=1, random_state=0)
    with pytest.warns(UserWarning, match="Maximum iterations"):
        network.fit(X[:100], Y[:100])
    export(network, X[:100], Y[:100], name="n", version="1", out=tmp_path / "n", metrics=False)
    assert (tmp_path / "n" / "model.onnx").stat().st_size > 1e6


@pytest.mark.parametrize(("megabytes", "is_refused"), [(150, False), (170, False), (180, True)])
def test_forests_of_172_megabytes_are_the_largest(megabytes, is_refused):
    seconds = start_seconds(megabytes * 10**6, [10**6] * megabytes)
    assert (seconds > MOST) == is_refused
    if is_refused:
        with pytest.raises(ConversionError, match="AWS Lambda allows 10"):
            check_start(seconds, "RandomForestRegressor")
    else:
        check_start(seconds, "RandomForestRegressor")


@pytest.mark.parametrize("trees", [0.0, 0.5, 1.0])
def test_the_memory_that_a_model_needs_comes_with_enough_of_a_processor(trees):
    for total in range(10**6, MAX_BYTES + 1, 10**6):
        operators = [700_000] * int(trees * total / 700_000)
        seconds = start_seconds(total, operators)
        share = min(1.0, memory_size(total, operators) / PROCESSOR)
        assert seconds > MOST or seconds / share <= MOST
