"""The export's estimate of a model's memory agrees with what onnxruntime uses."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesRegressor

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.conversion.memory import BASE, LEAST, STEP, check_memory, memory_size
from sepal_export.converters import tree_ensemble
from sepal_export.data.dataset import read_dataset
from sepal_export.estimators import ConversionError
from sepal_export.originals.onnx_models import read_onnx

# Prints by how many megabytes the peak memory grew while a process loaded and ran a model of 8 columns.
LOAD = """
import resource, sys
import numpy as np
from sepal_export.data.predictions import run
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
from pathlib import Path
before = peak()
content = Path(sys.argv[1]).read_bytes()
run(content)({"X": np.zeros((8, 8))})
print(peak() - before)
"""
random = np.random.default_rng(0)
X = random.normal(size=(80_000, 8))
Y = random.normal(size=80_000)


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes on Linux alone")
@pytest.mark.parametrize(("trees", "rows"), [(1, 80_000), (12, 20_000)], ids=["one operator", "several"])
def test_a_forest_takes_no_more_than_is_said_and_not_much_less(trees, rows, tmp_path):
    forest = ExtraTreesRegressor(trees, max_features=1, random_state=0).fit(X[:rows], Y[:rows])
    conversion = to_onnx_model(forest, read_dataset(X[:rows], None))
    (tmp_path / "model.onnx").write_bytes(conversion.content)
    printed = subprocess.run([sys.executable, "-c", LOAD, tmp_path / "model.onnx"], capture_output=True, check=True)
    said, taken = conversion.memory_size - BASE, float(printed.stdout)
    # `said` is without BASE, the memory of a function with a tiny model. `taken` is without the memory before loading.
    assert said - STEP - 60 < taken + 60
    assert taken < said + 40


def test_trees_in_an_onnx_model_of_somebody_elses_take_what_trees_take(tmp_path, monkeypatch):
    monkeypatch.setattr(tree_ensemble, "MAX_SPLITS", 1_000_000)
    forest = ExtraTreesRegressor(12, max_features=1, random_state=0).fit(X[:20_000], Y[:20_000])
    conversion = to_onnx_model(forest, read_dataset(X[:20_000], None))
    (tmp_path / "theirs.onnx").write_bytes(conversion.content)
    theirs = to_onnx_model(read_onnx(tmp_path / "theirs.onnx"), read_dataset(X[:100], None))
    assert theirs.memory_size == conversion.memory_size == 640


def test_a_small_model_needs_what_the_template_takes_at_least():
    assert memory_size(1_000, [500]) == LEAST


def test_memory_is_rounded_up_to_a_step():
    assert memory_size(100_000_000, []) == 768
    assert memory_size(100_000_000, [50_000_000]) == 1664


def test_what_no_function_holds_is_refused():
    check_memory(10_240, "Ridge")
    with pytest.raises(
        ConversionError, match="that serves the ONNX model of Ridge needs 10,368 MB of memory, and 10,240"
    ):
        check_memory(10_368, "Ridge")
