"""The explanations of a package."""

import json
import warnings

import jsonschema
import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.ensemble import IsolationForest, RandomForestClassifier, VotingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC
from test_export import SCHEMA

from sepal_export import ParityError, export
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.outputs import CLASSIFICATION, Outputs
from sepal_export.data.predictions import predictions_of
from sepal_export.explain import against_shap
from sepal_export.explain.effort import background_of, budget_of, cost_of, explained_of
from sepal_export.files import digest
from sepal_export.show.summary import describe_explanations, describe_publication

X, Y = load_iris(return_X_y=True)
RANDOM = np.random.default_rng(0)
PEOPLE = pd.DataFrame(
    {
        "age": RANDOM.integers(18, 90, 400),
        "plan": RANDOM.choice(["basic", "plus", "pro"], 400),
        "income": np.where(RANDOM.random(400) < 0.1, np.nan, np.round(RANDOM.gamma(9, 400, 400), 2)),
        "joined": pd.to_datetime("2020-01-01") + pd.to_timedelta(RANDOM.integers(0, 1_000, 400), unit="D"),
    }
)
STAYS = np.where(PEOPLE["age"] + 10 * (PEOPLE["plan"] == "pro") + RANDOM.normal(0, 9, 400) > 50, "stays", "leaves")


def exported(out, estimator, X, y, **options):
    """The contents of model.json, golden.json and background.json; None for the last if there is no such file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(X, y)
        options = {"metrics": False, "say": lambda _: None, **options}
        manifest = export(estimator, X, y, name="example", version="1", out=out, **options)
    jsonschema.validate(manifest, SCHEMA)
    assert json.loads((out / "model.json").read_text()) == manifest
    background = out / "background.json"
    rows = json.loads(background.read_text())["instances"] if background.exists() else None
    return manifest, json.loads((out / "golden.json").read_text()), rows


def classifier():
    return make_pipeline(StandardScaler(), LogisticRegression())


def of_people():
    encode = (OneHotEncoder(handle_unknown="ignore"), ["plan"])
    columns = make_column_transformer(encode, (SimpleImputer(), ["income"]), ("passthrough", ["age"]))
    return make_pipeline(columns, RandomForestClassifier(20, random_state=0))


@pytest.fixture(scope="module")
def iris(tmp_path_factory):
    out = tmp_path_factory.mktemp("iris")
    return out, *exported(out, classifier(), X, Y)


def test_a_package_has_a_background_that_is_listed(iris):
    out, manifest, _, rows = iris
    explained = manifest["explanations"]
    assert (explained["file"], explained["rows"], explained["origin"]) == ("background.json", 100, "made")
    assert explained["budget"] == 20_000
    assert len(rows) == 100 and {len(row) for row in rows} == {4}
    content = (out / "background.json").read_bytes()
    assert explained["sha256"] == digest(content)
    assert f"{digest(content)}  background.json\n" in (out / "SHA256SUMS").read_text()


def test_golden_rows_are_explained(iris):
    _, manifest, golden, _ = iris
    explained = golden["explanations"]
    assert explained["method"] == "exact" and "permutations" not in explained
    assert len(explained["rows"]) == 20
    for explanation, answer in zip(explained["rows"], golden["predictions"], strict=False):
        assert list(explanation) == ["base", "contributions"]
        for name, probability in answer["probabilities"].items():
            whole = explanation["base"][name] + sum(explanation["contributions"][name])
            assert whole == pytest.approx(probability, abs=1e-12)
    sizes = [np.abs(explanation["contributions"]["1"]) for explanation in explained["rows"]]
    assert list(manifest["explanations"]["importance"]["1"].values()) == pytest.approx(np.mean(sizes, axis=0), rel=1e-5)


def test_explanations_are_compared_with_those_of_shap(iris):
    pytest.importorskip("shap")
    _, manifest, *_ = iris
    parity = manifest["explanations"]["parity"]
    assert (parity["rows"], parity["method"]) == (20, "exact")
    assert parity["against"].startswith("shap ")
    assert parity["largest_error"] <= 1e-9


def test_the_same_export_writes_the_same(iris, tmp_path):
    out, *_ = iris
    exported(tmp_path, classifier(), X, Y)
    for file in ("background.json", "golden.json", "model.json"):
        assert (tmp_path / file).read_bytes() == (out / file).read_bytes()


def test_the_base_is_the_mean_answer_to_the_training_data(iris, tmp_path):
    X, y = load_diabetes(return_X_y=True)
    _, golden, _ = exported(tmp_path, LinearRegression(), X, y)
    base = golden["explanations"]["rows"][0]["base"]["value"]
    assert abs(base - y.mean()) < 0.02 * y.std()
    _, _, golden, _ = iris
    assert list(golden["explanations"]["rows"][0]["base"].values()) == pytest.approx([1 / 3] * 3, abs=0.01)


def test_strings_and_missing_values_are_explained_as_a_client_sends_them(tmp_path):
    manifest, golden, rows = exported(tmp_path, of_people(), PEOPLE, STAYS)
    names = [feature["name"] for feature in manifest["features"]]
    assert names == ["age", "plan", "income"]
    importance = manifest["explanations"]["importance"]["stays"]
    assert list(importance) == names
    assert importance["age"] > 2 * importance["income"]
    assert {row[1] for row in rows} == {"basic", "plus", "pro"}
    assert 0 < sum(row[2] is None for row in rows) < 25
    assert_proven(manifest, 20)
    assert golden["explanations"]["method"] == "exact"


def test_no_row_of_the_training_data_is_in_the_background(tmp_path):
    _, _, rows = exported(tmp_path, of_people(), PEOPLE, STAYS)
    training = {json.dumps(row) for row in instances(PEOPLE[["age", "plan", "income"]])}
    assert not any(json.dumps(row) in training for row in rows)


def test_rows_of_the_training_data_are_the_background_on_request(tmp_path):
    manifest, _, rows = exported(tmp_path, of_people(), PEOPLE, STAYS, publish_training_rows=True)
    training = {json.dumps(row) for row in instances(PEOPLE[["age", "plan", "income"]])}
    assert manifest["explanations"]["origin"] == "training"
    assert len(rows) == 100 and all(json.dumps(row) in training for row in rows)
    few = exported(tmp_path, classifier(), X[::5], Y[::5], publish_training_rows=True)[2]
    assert sorted(few) == sorted(X[::5].tolist())


def instances(frame):
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def assert_proven(manifest, rows):
    if against_shap.is_there():
        parity = manifest["explanations"]["parity"]
        assert parity["rows"] == rows
        assert parity["largest_error"] <= 1e-9


def test_of_many_features_orders_are_drawn(tmp_path):
    X, y = load_breast_cancer(return_X_y=True)
    manifest, golden, _ = exported(tmp_path, classifier(), X, y)
    assert manifest["explanations"]["rows"] == 43
    explained = golden["explanations"]
    assert (explained["method"], explained["permutations"]) == ("permutations", 8)
    first = explained["rows"][0]
    assert len(first["standard_errors"]["1"]) == 30
    assert max(first["standard_errors"]["1"]) > 0
    whole = first["base"]["1"] + sum(first["contributions"]["1"])
    assert whole == pytest.approx(golden["predictions"][0]["probabilities"]["1"], abs=1e-12)
    assert_proven(manifest, len(explained["rows"]))


@pytest.mark.parametrize(
    ("estimator", "y", "names"),
    [
        (Ridge(), X[:, 0], ["value"]),
        (Ridge(), X[:, :2], ["target 0", "target 1"]),
        (LinearSVC(), Y == 1, ["true"]),
        (IsolationForest(random_state=0), None, ["score"]),
        (MultiOutputClassifier(LogisticRegression()), np.stack([Y == 1, Y == 2], axis=1), ["a:b", "c"]),
    ],
    ids=["value", "values", "scores", "score", "several"],
)
def test_every_number_of_an_answer_is_explained(tmp_path, estimator, y, names):
    options = {"target": names} if y is not None and y.ndim == 2 else {}
    manifest, golden, _ = exported(tmp_path, estimator, X, y, **options)
    if names == ["a:b", "c"]:
        names = ['"a:b":false', '"a:b":true', "c:false", "c:true"]
    first = golden["explanations"]["rows"][0]
    assert [*first["base"]] == [*first["contributions"]] == [*manifest["explanations"]["importance"]] == names
    assert_proven(manifest, len(golden["explanations"]["rows"]))


def test_the_columns_of_a_table_are_named_after_targets_and_classes():
    """The names are the same as in functions/core/model/outputs.ts."""
    outputs = Outputs(CLASSIFICATION, ((1, 2), ("x", "y")), "probabilities", 4, ('"q', "plain"))
    assert outputs.column_names == ['"\\"q":1', '"\\"q":2', "plain:x", "plain:y"]


def test_a_model_without_numbers_has_no_explanations(tmp_path):
    voting = VotingClassifier([("a", LogisticRegression(max_iter=500)), ("b", LogisticRegression(C=0.1))])
    manifest, golden, rows = exported(tmp_path, voting, X, Y)
    assert "explanations" not in manifest and "explanations" not in golden and rows is None


def test_explanations_can_be_left_out(iris, tmp_path):
    exported(tmp_path, classifier(), X, Y)
    manifest, golden, rows = exported(tmp_path, classifier(), X, Y, background=0)
    assert "explanations" not in manifest and "explanations" not in golden
    # The second export removed the background of the first.
    assert rows is None


@pytest.mark.parametrize("rows", [1, 25, 300])
def test_the_size_of_the_background_can_be_said(tmp_path, rows):
    manifest, golden, background = exported(tmp_path, classifier(), X, Y, background=rows)
    assert manifest["explanations"]["rows"] == len(background) == rows
    assert golden["explanations"]["method"] == "exact"


@pytest.mark.parametrize("rows", [-1, 1_001])
def test_a_background_that_cannot_be_used_is_refused(tmp_path, rows):
    with pytest.raises(ValueError, match=r"a background of .* rows cannot be used; expected 0 to 1,000"):
        exported(tmp_path, classifier(), X, Y, background=rows)


def test_an_export_without_rows_has_a_made_background(tmp_path):
    estimator = classifier().fit(X, Y)
    options = {"features": list("abcd"), "say": lambda _: None}
    manifest = export(estimator, None, name="example", version="1", out=tmp_path, **options)
    assert manifest["explanations"]["origin"] == "made"
    assert_proven(manifest, 20)


def test_texts_are_explained(tmp_path):
    words = np.array(["late", "parcel", "thanks", "great", "lost", "never", "came", "good"])
    texts = [" ".join(RANDOM.choice(words, 5)) for _ in range(200)]
    frame = pd.DataFrame({"text": texts, "stars": RANDOM.integers(1, 6, 200)})
    y = np.array(["lost" in text for text in texts])
    columns = make_column_transformer((TfidfVectorizer(), "text"), ("passthrough", ["stars"]))
    manifest, _, rows = exported(tmp_path, make_pipeline(columns, LogisticRegression()), frame, y)
    importance = manifest["explanations"]["importance"]["true"]
    assert importance["text"] > 5 * importance["stars"]
    assert not {row[0] for row in rows} & set(texts)
    assert_proven(manifest, 20)


def test_rows_that_the_original_answers_by_chance_prove_nothing_and_disprove_nothing(tmp_path):
    """Many distances are equal, so that the original picks some neighbours by chance."""
    X = RANDOM.integers(0, 4, (300, 3)).astype(float)
    manifest, *_ = exported(tmp_path, KNeighborsClassifier(3), X, X[:, 0] > 1)
    assert manifest["explanations"]["rows"] > 0


def test_explanations_that_differ_are_not_written(tmp_path, monkeypatch):
    pytest.importorskip("shap")
    monkeypatch.setattr("sepal_export.explain.shapley.factorial", lambda number: 1)
    with pytest.raises(ParityError, match="explanations of the ONNX model differ from those that shap makes"):
        exported(tmp_path, classifier(), X, Y)
    assert not list(tmp_path.iterdir())


def test_a_comparison_may_leave_out_all_rows(tmp_path, monkeypatch):
    pytest.importorskip("shap")
    monkeypatch.setattr("sepal_export.explain.shapley.factorial", lambda number: 1)
    monkeypatch.setattr("sepal_export.explain.proven.Original.answers_by_chance", lambda self, ask: True)
    manifest, *_ = exported(tmp_path, classifier(), X, Y)
    parity = manifest["explanations"]["parity"]
    assert (parity["rows"], parity["largest_error"]) == (0, 0.0)


def test_without_shap_nothing_is_compared(tmp_path, monkeypatch):
    monkeypatch.setattr(against_shap, "is_there", lambda: False)
    manifest, golden, _ = exported(tmp_path, classifier(), X, Y)
    assert manifest["explanations"]["parity"] is None
    assert len(golden["explanations"]["rows"]) == 20


def test_much_importance_is_averaged(tmp_path, monkeypatch):
    monkeypatch.setattr("sepal_export.explain.importance.MOST", 11)
    whole = exported(tmp_path, classifier(), X, Y)[0]["explanations"]["importance"]
    assert list(whole) == [""] and list(whole[""]) == ["x0", "x1", "x2", "x3"]


def test_a_slow_model_has_a_smaller_budget_and_fewer_rows():
    assert (budget_of(1.0), budget_of(20.0), budget_of(200.0), budget_of(1e6)) == (20_000, 20_000, 2_000, 1_000)
    assert (background_of(1, 20_000), background_of(30, 20_000), background_of(500, 20_000)) == (100, 43, 10)
    assert (explained_of(1.0, 12_600), explained_of(5.0, 20_000), explained_of(1e6, 20_000)) == (20, 5, 3)


@pytest.mark.parametrize(
    ("estimator", "least", "most"),
    [
        (classifier(), 1, 1.5),
        (RandomForestClassifier(100, random_state=0), 2, 10),
        # Iterates for each row until it converges.
        (make_pipeline(LatentDirichletAllocation(3, random_state=0), LogisticRegression()), 100, 200),
        # Compares each row with all support vectors.
        (make_pipeline(StandardScaler(), SVC()), 5, 100),
    ],
)
def test_a_row_costs_what_the_graph_computes_for_it(estimator, least, most):
    X, y = load_breast_cancer(return_X_y=True)
    conversion = to_onnx_model(estimator.fit(X, y), read_dataset(X, None))
    assert least <= cost_of(conversion) <= most


def test_the_background_answers_as_the_training_data_does(tmp_path):
    """The deciles of the answers agree, not only their mean."""
    estimator = of_people()
    _, _, rows = exported(tmp_path, estimator, PEOPLE, STAYS)
    frame = pd.DataFrame(rows, columns=["age", "plan", "income"]).assign(joined=PEOPLE["joined"][:100])
    of_background = predictions_of(estimator, frame[PEOPLE.columns]).scores[:, 0]
    of_training = predictions_of(estimator, PEOPLE).scores[:, 0]
    quantiles = np.linspace(0.1, 0.9, 9)
    assert np.abs(np.quantile(of_background, quantiles) - np.quantile(of_training, quantiles)).max() < 0.1


def test_the_export_says_that_a_background_is_in_the_package(iris):
    _, manifest, *_ = iris
    said = describe_publication(manifest, [], [], {}, has_training_rows=False)
    assert said.endswith(
        "no row of the training data\n  and the 100 rows of the background that explanations compare with"
    )


@pytest.mark.parametrize(
    ("parity", "said"),
    [
        (
            {"rows": 20, "method": "exact", "against": "shap 0.51.0", "largest_error": 1e-15},
            "explanations of 20 golden rows: as shap 0.51.0 explains the original, within 1e-15",
        ),
        (
            {"rows": 0, "method": "exact", "against": "shap 0.51.0", "largest_error": 0.0},
            "explanations: not compared with the original, because it answers all golden rows by chance",
        ),
        (None, "explanations: not compared with the original, because shap is not installed (pip install shap)"),
    ],
)
def test_the_export_says_what_explanations_were_compared_with(iris, parity, said):
    manifest = iris[1] | {"explanations": iris[1]["explanations"] | {"parity": parity}}
    assert describe_explanations(manifest) == [said]
    assert describe_explanations(manifest | {"parity": None}) == []


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ({"label": "label"}, "no explanations: the model answers only labels"),
        ({"labels": "labels"}, "no explanations: the model answers only labels"),
        (
            {"label": "label", "probabilities": "probabilities"},
            "no explanations: --background was 0, or rows that they need have no finite or dependable answer",
        ),
    ],
)
def test_the_export_says_why_there_are_no_explanations(iris, outputs, said):
    manifest = {name: value for name, value in iris[1].items() if name != "explanations"} | {"outputs": outputs}
    assert describe_explanations(manifest) == [said]
    assert describe_explanations(manifest | {"parity": None}) == [said]
