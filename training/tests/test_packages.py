"""The committed packages are what the code produces, byte for byte."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import onnxruntime
import pytest
from sklearn.datasets import load_iris

TRAINING = Path(__file__).parent.parent
MODELS = TRAINING.parent / "models"
FILES = ["golden.json", "model.json", "model.onnx"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    out = tmp_path_factory.mktemp("package")
    subprocess.run([sys.executable, "iris.py", out], cwd=TRAINING, check=True)
    return out


@pytest.mark.parametrize("file", FILES)
def test_the_committed_fixture_is_what_its_training_writes(tmp_path, file):
    subprocess.run([sys.executable, "diabetes.py", tmp_path], cwd=TRAINING, check=True)
    committed = TRAINING.parent / "test" / "fixtures" / "diabetes" / file
    assert committed.read_bytes() == (tmp_path / file).read_bytes()


@pytest.mark.parametrize("file", FILES)
def test_the_committed_file_is_what_training_writes(trained, file):
    assert (MODELS / "iris" / file).read_bytes() == (trained / file).read_bytes()


def test_a_second_training_writes_the_same_bytes(trained, tmp_path):
    # Under this seed the converter's own order of operator sets is another.
    environment = {**os.environ, "PYTHONHASHSEED": "30"}
    subprocess.run([sys.executable, "iris.py", tmp_path], cwd=TRAINING, env=environment, check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
    for file in FILES:
        assert (tmp_path / file).read_bytes() == (trained / file).read_bytes()


def test_the_manifest_satisfies_its_schema(trained):
    schema = json.loads((MODELS / "model.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((trained / "model.json").read_text()), schema)


def test_golden_rows_are_all_of_iris(trained):
    golden = json.loads((trained / "golden.json").read_text())
    np.testing.assert_array_equal(golden["instances"], load_iris().data)
    assert len(golden["predictions"]) == 150


def test_onnxruntime_answers_the_golden_rows(trained):
    golden = json.loads((trained / "golden.json").read_text())
    session = onnxruntime.InferenceSession((trained / "model.onnx").read_bytes())
    labels, probabilities = session.run(["label", "probabilities"], {"X": np.array(golden["instances"])})
    assert labels.tolist() == [prediction["label"] for prediction in golden["predictions"]]
    expected = [list(prediction["probabilities"].values()) for prediction in golden["predictions"]]
    np.testing.assert_allclose(probabilities, expected, atol=1e-12, rtol=0)
