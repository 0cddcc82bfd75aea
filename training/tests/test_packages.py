"""The code produces the committed packages, byte for byte."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import onnxruntime
import pytest

TRAINING = Path(__file__).parent.parent
MODELS = TRAINING.parent / "models"
FILES = ["SHA256SUMS", "background.json", "golden.json", "model.json", "model.onnx"]


# Maps the script that writes a package to the folder in which the package is committed.
COMMITTED = {
    "iris.py": MODELS / "iris",
    "churn.py": MODELS / "churn",
    "diabetes.py": TRAINING.parent / "test" / "fixtures" / "diabetes",
}


def train(script, out, **variables):
    subprocess.run([sys.executable, script, out], cwd=TRAINING, env={**os.environ, **variables}, check=True)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    out = tmp_path_factory.mktemp("package")
    train("iris.py", out)
    return out


@pytest.mark.parametrize("script", COMMITTED)
def test_a_committed_package_is_what_its_training_writes(tmp_path, script):
    train(script, tmp_path)
    for file in FILES:
        assert (COMMITTED[script] / file).read_bytes() == (tmp_path / file).read_bytes(), file


def test_a_second_training_writes_the_same_bytes(trained, tmp_path):
    train("iris.py", tmp_path, PYTHONHASHSEED="30")
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
    for file in FILES:
        assert (tmp_path / file).read_bytes() == (trained / file).read_bytes()


@pytest.mark.parametrize("package", COMMITTED.values(), ids=lambda path: path.name)
def test_a_manifest_satisfies_its_schema(package):
    schema = json.loads((MODELS / "model.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((package / "model.json").read_text()), schema)


def test_the_rows_of_iris_are_made_and_read_like_measurements(trained):
    golden = json.loads((trained / "golden.json").read_text())
    manifest = json.loads((trained / "model.json").read_text())
    assert golden["instances"][:3] == [row for example in manifest["examples"] for row in example["instances"]]
    np.testing.assert_array_equal(golden["instances"], np.round(golden["instances"], 1))
    assert len(golden["predictions"]) == 200


def test_onnxruntime_answers_the_golden_rows(trained):
    golden = json.loads((trained / "golden.json").read_text())
    session = onnxruntime.InferenceSession((trained / "model.onnx").read_bytes())
    labels, probabilities = session.run(["label", "probabilities"], {"X": np.array(golden["instances"])})
    manifest = json.loads((trained / "model.json").read_text())
    assert [manifest["classes"][label] for label in labels] == [entry["label"] for entry in golden["predictions"]]
    expected = [list(prediction["probabilities"].values()) for prediction in golden["predictions"]]
    np.testing.assert_allclose(probabilities, expected, atol=1e-12, rtol=0)
