"""The outputs that a package declares, and the answers of the original and the graph in that form."""

import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from exactness import blobs
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.covariance import EllipticEnvelope
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from sepal_export import ConversionError, export
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import Column, read_dataset
from sepal_export.data.outputs import outputs_of
from sepal_export.data.predictions import OnnxModel, predictions_of

SCHEMA = json.loads((Path(__file__).parents[2] / "models" / "model.schema.json").read_text())
X, Y3 = blobs(150)
X = X / np.abs(X).max(axis=0)
FRAME = pd.DataFrame(X, columns=list("abcd"))
TWO = (Y3 > 0).astype(int)
VALUES = np.stack([X @ [1, 2, 0.5, 0] + 0.1 * Y3, 3 - 40 * X[:, 0] + Y3], axis=1)
LABELS = np.stack([Y3 > 1, VALUES[:, 0] > 0, VALUES[:, 1] > 3], axis=1).astype(int)
COLOURS = np.array(["blue", "green", "red"])[Y3]
tree = DecisionTreeClassifier(max_depth=3, random_state=0)


def exported(estimator, X, y, out, **options):
    """The contents of model.json and golden.json, and the first message of the export."""
    said = []
    export(estimator, X, y, **{"name": "m", "version": "1", "out": out, "say": said.append, **options})
    manifest, golden = (json.loads((out / file).read_text()) for file in ("model.json", "golden.json"))
    jsonschema.validate(manifest, SCHEMA)
    return manifest, golden, said[0]


KINDS = {
    "probabilities": (LogisticRegression(), COLOURS, ("label", "probabilities"), [("blue",), ("green",), ("red",)]),
    "scores": (LinearSVC(), COLOURS, ("label", "scores"), [("blue",), ("green",), ("red",)]),
    "score of two": (make_pipeline(StandardScaler(), LinearSVC()), TWO, ("label", "scores"), [("1",)]),
    "score of two kernels": (SVC(decision_function_shape="ovo"), TWO, ("label", "scores"), [("1",)]),
    "pairs": (SVC(decision_function_shape="ovo"), Y3, ("label",), None),
    "pairs without probabilities": (GaussianProcessClassifier(multi_class="one_vs_one"), Y3, ("label",), None),
    "votes": (VotingClassifier([("a", LinearSVC()), ("b", tree)]), Y3, ("label",), None),
    "value": (GridSearchCV(Ridge(), {}), VALUES[:, 0], ("value",), [()]),
    "value as a column": (Ridge(), VALUES[:, :1], ("value",), [()]),
    "values": (LinearRegression(), VALUES, ("values",), [("target_0",), ("target_1",)]),
    "labels": (MultiOutputClassifier(LinearSVC()), LABELS, ("labels",), None),
    "labels that hold": (OneVsRestClassifier(LinearSVC()), LABELS.astype(bool), ("labels",), None),
    "labels and probabilities": (
        RandomForestClassifier(n_estimators=3, random_state=0),
        np.stack([Y3, TWO * 5], axis=1),
        ("labels", "probabilities"),
        [("target_0", "0"), ("target_0", "1"), ("target_0", "2"), ("target_1", "0"), ("target_1", "5")],
    ),
    "a target of one class": (
        tree,
        np.stack([TWO, np.ones_like(TWO)], axis=1),
        ("labels", "probabilities"),
        [("target_0", "0"), ("target_0", "1"), ("target_1", "1")],
    ),
    "outliers": (EllipticEnvelope(random_state=0), None, ("label", "score"), [()]),
    "clusters": (KMeans(3, n_init=1, random_state=0), None, ("label", "distances"), [("0",), ("1",), ("2",)]),
    "one cluster": (KMeans(1, n_init=1, random_state=0), None, ("label", "distances"), [("0",)]),
    "mixture": (GaussianMixture(2, random_state=0), None, ("label", "probabilities"), [("0",), ("1",)]),
    "mixture of one": (GaussianMixture(1, random_state=0), None, ("label", "probabilities"), [("0",)]),
}


@pytest.mark.parametrize(("estimator", "y", "fields", "keys"), KINDS.values(), ids=KINDS)
def test_the_graph_answers_what_the_original_is_said_to(estimator, y, fields, keys):
    estimator.fit(X) if y is None else estimator.fit(X, y)
    outputs = outputs_of(estimator, X[:1])
    assert outputs.fields == fields
    assert outputs.numbers is None if keys is None else outputs.keys == keys
    dataset = read_dataset(X, None)
    conversion = to_onnx_model(estimator, dataset)
    assert [output.name for output in conversion.model.graph.output] == list(fields)
    answers = OnnxModel(conversion.model.SerializeToString(), conversion.dataset, outputs).predict(dataset.rows)
    original = predictions_of(estimator, X)
    assert answers.scores.shape == (150, outputs.width) == original.scores.shape
    np.testing.assert_array_equal(answers.labels, original.labels)
    np.testing.assert_allclose(answers.scores, original.scores, atol=1e-9)
    assert [list(answer) for answer in answers.to_json()[:1]] == [list(fields)]


def test_answers_name_the_targets_and_their_classes():
    model = MultiOutputClassifier(tree).fit(X, np.stack([COLOURS, TWO.astype(str)], axis=1))
    outputs = outputs_of(model, X[:1]).named(["colour", "size"])
    [answer] = predictions_of(model, X[:1], outputs).to_json()
    colour, size = model.predict(X[:1])[0]
    assert answer["labels"] == {"colour": colour, "size": size}
    [by_colour], [by_size] = model.predict_proba(X[:1])
    assert answer["probabilities"] == {
        "colour": dict(zip(["blue", "green", "red"], by_colour, strict=True)),
        "size": dict(zip("01", by_size, strict=True)),
    }


def test_probabilities_of_labels_that_hold_are_told_with_their_complement():
    model = ClassifierChain(LogisticRegression()).fit(X, LABELS)
    answers = predictions_of(model, X)
    np.testing.assert_array_equal(answers.scores[:, 1::2], model.predict_proba(X))
    np.testing.assert_allclose(answers.scores[:, ::2] + answers.scores[:, 1::2], 1)


def test_labels_fitted_as_a_sparse_matrix_are_answered_as_any():
    dense, sparse = (OneVsRestClassifier(LinearSVC()).fit(X, y) for y in (LABELS, csr_matrix(LABELS)))
    np.testing.assert_array_equal(predictions_of(sparse, X).labels, predictions_of(dense, X).labels)


def test_rows_with_the_same_labels_are_a_group():
    answers = predictions_of(tree.fit(X, LABELS), X)
    pairs = {(group, *labels) for group, labels in zip(answers.groups, answers.labels.tolist(), strict=True)}
    assert len(pairs) == len({labels[0] for labels in pairs}) == len({labels[1:] for labels in pairs}) > 3


def test_what_predicts_nothing_is_refused():
    with pytest.raises(ConversionError, match="PCA predicts nothing"):
        outputs_of(PCA(2).fit(X), X[:1])


@pytest.mark.parametrize("y", [VALUES, VALUES.tolist(), pd.DataFrame(VALUES, columns=["height", "weight"])])
def test_values_of_several_targets(y, tmp_path, few_points):
    names = {} if isinstance(y, pd.DataFrame) else {"target": ["height", Column("weight", unit="kg")]}
    manifest, golden, said = exported(Ridge().fit(X, y), X, y, tmp_path, **names)
    assert [target["name"] for target in manifest["targets"]] == ["height", "weight"]
    assert manifest["targets"][1]["unit"] == ("kg" if names else None)
    assert manifest["targets"][1]["baseline"]["max"] == VALUES[:, 1].max()
    assert not {"target", "classes"} & set(manifest)
    assert list(manifest["metrics"]["values"]) == ["r2"]
    assert manifest["parity"]["label_agreement"] is None
    answer = golden["predictions"][0]["values"]
    np.testing.assert_allclose(list(answer.values()), Ridge().fit(X, VALUES).predict([golden["instances"][0]])[0])
    assert said.startswith("m 1: height, weight from 4 features")


def test_labels_of_several_targets(tmp_path, few_points):
    y = pd.DataFrame({"colour": COLOURS, "size": np.array(["big", "small"])[TWO]})
    manifest, golden, said = exported(tree.fit(FRAME, y), FRAME, y, tmp_path, publish_training_rows=True)
    assert [target["classes"] for target in manifest["targets"]] == [["blue", "green", "red"], ["big", "small"]]
    assert golden["targets"] == [
        {"name": "colour", "classes": ["blue", "green", "red"]},
        {"name": "size", "classes": ["big", "small"]},
    ]
    assert list(manifest["metrics"]["values"]) == ["accuracy", "exact_match"]
    labels = [example["predictions"][0]["labels"] for example in manifest["examples"]]
    assert len({tuple(answer.values()) for answer in labels}) == len(labels) > 2
    answered = [list(answer["labels"].values()) for answer in golden["predictions"]]
    assert answered == tree.predict(pd.DataFrame(golden["instances"], columns=list("abcd"))).tolist()
    assert said.startswith("m 1: colour (one of 3), size (one of 2) from 4 features")


def test_a_frame_of_one_column_names_the_target(tmp_path, few_points):
    y = pd.DataFrame({"height": VALUES[:, 0]})
    assert exported(Ridge().fit(FRAME, y), FRAME, y, tmp_path)[0]["target"]["name"] == "height"


@pytest.mark.parametrize(
    ("y", "target", "message"),
    [
        (VALUES, ["h", "h"], "the targets need names that differ, and are called h, h"),
        (VALUES, ["h", "i", "j"], "expected a name for each of 2 targets, in their order, and got 3: h, i, j"),
        (VALUES, "h", "expected a name for each of 2 targets, in their order, and got 1: h"),
        (VALUES[:, 0], ["h", "i"], "expected a name for the target, and got 2: h, i"),
    ],
)
def test_names_that_are_not_those_of_the_targets(y, target, message, tmp_path):
    with pytest.raises(ValueError, match=re.escape(message)):
        exported(Ridge().fit(X, y), X, y, tmp_path, target=target)


@pytest.mark.parametrize(
    ("model", "fitted", "y", "message"),
    [
        (tree, LABELS, LABELS[:, :1], "y has 1 column, but the estimator predicts 3; give y as fit got it"),
        (Ridge(), VALUES, np.repeat(VALUES, 2, axis=1), "y has 4 columns, but the estimator predicts 2"),
        (Ridge(), VALUES, VALUES * [np.nan, 1], "y lacks 150 values; leave out the rows without a value"),
    ],
    ids=["fewer", "more", "missing"],
)
def test_a_y_of_other_targets(model, fitted, y, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        exported(model.fit(X, fitted), X, y, tmp_path)


def test_a_label_that_is_no_class_of_its_target(tmp_path):
    with pytest.raises(
        ValueError, match=r"y holds 2, which is not one of the classes that the estimator answers \(0, 1\)"
    ):
        exported(tree.fit(X, LABELS), X, LABELS + np.array([0, 0, 1]), tmp_path)


@pytest.mark.parametrize(("model", "y"), [(Ridge(), VALUES), (tree, LABELS)], ids=str)
def test_without_right_answers_nothing_is_measured(model, y, tmp_path, few_points):
    manifest, *_ = exported(model.fit(X, y), X, None, tmp_path)
    assert manifest["metrics"] == {"protocol": "not measured: the data has no target", "values": {}}
    assert all(target.get("baseline") is None for target in manifest["targets"])


def test_rows_without_a_label_are_no_measure(tmp_path, few_points):
    y = np.where(np.arange(150) % 3 == 0, -1, Y3)
    manifest, *_ = exported(SelfTrainingClassifier(LogisticRegression()).fit(X, y), X, y, tmp_path)
    assert manifest["classes"] == [0, 1, 2]
    assert manifest["metrics"]["protocol"] == "not measured: it was fitted to rows of which some had no label"
