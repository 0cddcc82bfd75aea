"""ONNX models of other exporters: the package answers the same, and states that it has no original."""

import json

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from sepal_export import ConversionError, export
from sepal_export.loading.load import LoadError, load
from sepal_export.originals.onnx_models import read_onnx

X, Y = load_iris(return_X_y=True)
SPECIES = np.array(["setosa", "versicolor", "virginica"])[Y]
NAMES = ["a", "b", "c", "d"]
MIXED = pd.DataFrame({"colour": list("rgb") * 50, "size": np.arange(150) % 7, "length": X[:, 0]})
ONE = [None, 1]
TYPES = [("colour", StringTensorType(ONE)), ("size", Int64TensorType(ONE)), ("length", FloatTensorType(ONE))]
ENCODER = OneHotEncoder(handle_unknown="ignore")
ENCODED = make_pipeline(
    make_column_transformer((ENCODER, ["colour"]), (StandardScaler(), ["size", "length"])), LogisticRegression()
)


def of(estimator, y, **options):
    return to_onnx(estimator.fit(X, y), X[:1].astype(np.float32), **options)


@pytest.fixture
def package(tmp_path):
    """A function that exports an ONNX model and returns its model.json."""

    def package(model, rows=X, y=None, names=NAMES):
        path = tmp_path / "model.onnx"
        path.write_bytes(model.SerializeToString())
        estimator = load(path).estimator
        manifest = export(
            estimator,
            rows,
            y,
            features=names,
            name="theirs",
            version="1",
            out=tmp_path / "package",
            say=lambda text: None,
        )
        return manifest, json.loads((tmp_path / "package" / "golden.json").read_text())

    return package


def served(folder, manifest, rows):
    """The answers of the package's model to the rows, by output."""
    session = onnxruntime.InferenceSession((folder / "package" / "model.onnx").read_bytes())
    return dict(zip(manifest["outputs"], session.run(None, {"X": rows}), strict=True))


@pytest.mark.parametrize("options", [{}, {"options": {"zipmap": False}}], ids=["dictionaries", "a matrix"])
def test_a_classifier_answers_its_labels_and_probabilities(options, package, tmp_path):
    model = of(make_pipeline(StandardScaler(), LogisticRegression()), SPECIES, **options)
    manifest, golden = package(model, y=SPECIES)
    assert manifest["classes"] == ["setosa", "versicolor", "virginica"]
    assert manifest["parity"] is None
    assert golden["tolerance"] == 1e-6
    assert manifest["metrics"]["protocol"].endswith("an ONNX model cannot be fitted)")
    theirs = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"X": X.astype(np.float32)})
    ours = served(tmp_path, manifest, X)
    assert np.array(manifest["classes"])[ours["label"]].tolist() == theirs[0].tolist()
    probabilities = theirs[1]
    if isinstance(probabilities, list):
        probabilities = [[row[name] for name in manifest["classes"]] for row in probabilities]
    np.testing.assert_array_equal(ours["probabilities"], np.asarray(probabilities, dtype=np.float64))


def test_columns_of_several_types_are_inputs_of_their_own(package):
    model = to_onnx(ENCODED.fit(MIXED, SPECIES), initial_types=TYPES)
    manifest, golden = package(model, MIXED, SPECIES, names=None)
    assert [(each["name"], each["dtype"]) for each in manifest["features"]] == [
        ("colour", "string"), ("size", "int64"), ("length", "float64"),
    ]  # fmt: skip
    assert {each["label"] for each in golden["predictions"]} <= set(SPECIES)


def test_a_whole_number_is_not_cut_from_a_fraction(package):
    model = to_onnx(ENCODED.fit(MIXED, SPECIES), initial_types=TYPES)
    with pytest.raises(ValueError, match="the feature 'size' is declared as int64, but holds other values too"):
        package(model, MIXED.assign(size=MIXED["size"] + 0.5), SPECIES, names=["colour", "size", "length"])


@pytest.mark.parametrize(
    ("model", "task", "outputs"),
    [
        (of(LinearSVC(), Y), "classification", ["label", "scores"]),
        (of(LinearSVC(), Y > 0), "classification", ["label", "scores"]),
        (of(RandomForestClassifier(3), Y, options={"zipmap": False}), "classification", ["label", "probabilities"]),
        (of(LinearRegression(), X[:, 0]), "regression", ["value"]),
        (of(LinearRegression(), X[:, :2]), "regression", ["values"]),
        (
            of(IsolationForest(n_estimators=3), None, target_opset={"": 15, "ai.onnx.ml": 3}),
            "outliers",
            ["label", "score"],
        ),
    ],
    ids=["scores", "scores of two", "forest", "value", "values", "outliers"],
)
def test_its_outputs_say_what_it_answers(model, task, outputs, package):
    manifest, golden = package(model, rows=None)
    assert (manifest["task"], list(manifest["outputs"])) == (task, outputs)
    assert manifest["parity"] is None
    assert len(golden["predictions"]) == 200


def test_what_is_fixed_to_one_row_is_refused(tmp_path):
    model = of(LogisticRegression(max_iter=1000), Y)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(ConversionError, match="takes 1 row at a time; export it with a first dimension of any length"):
        read_onnx(tmp_path / "model.onnx")


def graph_of(nodes, outputs, initializers=()):
    inputs = [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["N", 4])]
    graph = helper.make_graph(nodes, "theirs", inputs, outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def numbers(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])


def test_an_answer_that_depends_on_other_rows_is_refused(package):
    model = graph_of(
        [helper.make_node("ReduceMean", ["X"], ["mean"]), helper.make_node("Sub", ["X", "mean"], ["y"])],
        [numbers("y", 4)],
    )
    with pytest.raises(ConversionError, match="its ReduceMean reaches over all rows"):
        package(model)


def test_outputs_that_are_no_answers_are_named(package):
    model = graph_of(
        [helper.make_node("Identity", ["X"], ["y"]), helper.make_node("Neg", ["X"], ["z"])],
        [numbers("y", 4), numbers("z", 4)],
    )
    with pytest.raises(LoadError, match="its outputs are 'y', 'z'; expected a label and probabilities"):
        package(model)


def test_a_label_whose_classes_are_not_known_is_refused(package):
    label = helper.make_tensor_value_info("label", TensorProto.INT64, ["N", 4])
    model = graph_of([helper.make_node("Cast", ["X"], ["label"], to=TensorProto.INT64)], [label])
    with pytest.raises(LoadError, match="does not contain the labels that it may answer"):
        package(model)


@pytest.mark.parametrize("content", [b"", b"\x08\x0a\x12\x05", b"no model"])
def test_a_file_that_is_no_onnx_model_is_refused(content, tmp_path):
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(LoadError, match="is not an ONNX model"):
        load(tmp_path / "model.onnx")


def test_a_model_of_several_files_is_refused(tmp_path):
    model = of(RandomForestClassifier(3), Y)
    weights = onnx.numpy_helper.from_array(np.ones((4, 4), np.float32), "w")
    model.graph.initializer.append(weights)
    onnx.save(model, tmp_path / "model.onnx", save_as_external_data=True, size_threshold=0)
    with pytest.raises(LoadError, match="parts of it are in other files; make one file of them"):
        load(tmp_path / "model.onnx")
