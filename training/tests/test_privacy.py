"""A package holds no values of the training data that the model does not need."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, VotingClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from sklearn.tree import DecisionTreeClassifier

from sepal_export import export

SCHEMA = json.loads((Path(__file__).parents[2] / "models" / "model.schema.json").read_text())
random = np.random.default_rng(0)
ROWS = 300
EMAILS = [f"person{number}@example.test" for number in random.permutation(ROWS)]
IDS = (random.permutation(ROWS) * 7 + 1_234_567).tolist()
PEOPLE = pd.DataFrame(
    {
        "email": EMAILS,
        "age": random.integers(18, 90, ROWS),
        "id": IDS,
        "plan": random.choice(["basic", "plus"], ROWS, p=[0.7, 0.3]),
        "joined": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 700, ROWS), "D"),
        "income": np.round(random.gamma(4, 12_000, ROWS), 2),
        "note": [f"called on day {number} about {random.integers(1e9)}" for number in range(ROWS)],
    }
)
Y = np.where(PEOPLE["age"] + PEOPLE["income"] / 2000 + random.normal(0, 8, ROWS) > 75, "stays", "leaves")
NUMBERS = PEOPLE[["age", "id", "income"]].to_numpy(dtype=float)


def package(out, estimator, X, y=Y, **options):
    """Fits and exports the estimator. Returns the content of model.json and the bytes of all files."""
    manifest = export(
        estimator.fit(X, y), X, y, **{"name": "a", "version": "1", "out": out, "metrics": False, **options}
    )
    jsonschema.validate(manifest, SCHEMA)
    return manifest, b"".join(path.read_bytes() for path in sorted(Path(out).iterdir()))


def names_of(manifest):
    return [feature["name"] for feature in manifest["features"]]


def categories_of(manifest, name):
    [feature] = [feature for feature in manifest["features"] if feature["name"] == name]
    return feature["categories"]


def columns(*parts, remainder="drop"):
    return make_pipeline(make_column_transformer(*parts, remainder=remainder), LogisticRegression(max_iter=1000))


ENCODE = (OneHotEncoder(handle_unknown="ignore"), ["plan"])
SCALE = (StandardScaler(), ["age", "income"])
# Maps each way of ignoring columns of PEOPLE to an estimator that does so, and to the columns that the estimator uses.
UNUSED = {
    "remainder": (columns(ENCODE, SCALE), ["age", "plan", "income"]),
    "remainder, numbers alone": (columns(SCALE), ["age", "income"]),
    "drop": (
        columns(("drop", ["email", "id", "joined", "note"]), ENCODE, SCALE, remainder="passthrough"),
        ["age", "plan", "income"],
    ),
    "in the middle": (
        make_pipeline(
            ColumnTransformer([("keep", "passthrough", ["age", "id", "income"])]),
            StandardScaler(),
            ColumnTransformer([("keep", "passthrough", [0, 2])]),
            LogisticRegression(),
        ),
        ["age", "income"],
    ),
    "nested": (
        make_pipeline(
            ColumnTransformer([("outer", columns(ENCODE, SCALE)[:-1], ["email", "plan", "age", "income"])]),
            LogisticRegression(),
        ),
        ["age", "plan", "income"],
    ),
    "selected": (
        make_pipeline(
            make_column_transformer((make_pipeline(SimpleImputer(), StandardScaler()), ["id", "age", "income"])),
            SelectKBest(f_classif, k=2),
            LogisticRegression(),
        ),
        ["age", "income"],
    ),
    "encoded and selected": (
        make_pipeline(
            make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["email"]), SCALE),
            SelectKBest(f_classif, k=2),
            LogisticRegression(),
        ),
        ["age", "income"],
    ),
    "binned and selected": (
        make_pipeline(
            make_column_transformer((KBinsDiscretizer(4, encode="ordinal"), ["id", "age", "income"])),
            SelectKBest(f_classif, k=2),
            DecisionTreeClassifier(max_depth=3),
        ),
        ["age", "income"],
    ),
    "side by side": (
        make_pipeline(
            FeatureUnion([("a", columns(ENCODE)[:-1]), ("b", columns(SCALE)[:-1])]), LogisticRegression()
        ),
        ["age", "plan", "income"],
    ),
    "voted": (
        VotingClassifier([("a", columns(ENCODE)), ("b", columns(SCALE))], voting="soft"),
        ["age", "plan", "income"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSED)
def test_a_column_that_the_estimator_does_not_use_is_nowhere_in_the_package(tmp_path, case):
    estimator, used = UNUSED[case]
    manifest, content = package(tmp_path, estimator, PEOPLE)
    assert names_of(manifest) == used
    assert manifest["parity"]["rows"] >= 20_000
    for value in [*EMAILS, *IDS, *PEOPLE["note"], "email", '"id"', "joined", "note"]:
        assert str(value).encode() not in content


def test_features_that_are_all_numbers_are_one_input(tmp_path):
    manifest, _ = package(tmp_path, columns(SCALE), PEOPLE)
    assert manifest["inputs"] == [{"name": "X", "dtype": "float64", "shape": [None, 2]}]


def test_a_column_of_an_array_is_left_out_too(tmp_path):
    estimator = make_pipeline(StandardScaler(), SelectKBest(f_classif, k=2), LogisticRegression())
    manifest, content = package(tmp_path, estimator, NUMBERS, features=["age", "id", "income"])
    assert names_of(manifest) == ["age", "income"]
    assert np.float64(NUMBERS[:, 1].mean()).tobytes() not in content


def test_a_column_of_an_array_of_objects_is_left_out_too(tmp_path):
    X = PEOPLE[["email", "age", "plan", "joined"]].to_numpy(dtype=object)
    estimator = columns((OneHotEncoder(), [2]), (StandardScaler(), [1]))
    manifest, content = package(tmp_path, estimator, X, features=["email", "age", "plan", "joined"])
    assert names_of(manifest) == ["age", "plan"]
    assert not any(email.encode() in content for email in EMAILS)


def test_a_column_that_a_fitted_tree_happens_not_to_split_on_is_a_feature(tmp_path):
    manifest, _ = package(tmp_path, DecisionTreeClassifier(max_depth=1), NUMBERS, features=["age", "id", "income"])
    assert names_of(manifest) == ["age", "id", "income"]


def test_the_original_gets_varying_values_of_what_it_does_not_use(tmp_path):
    seen = []

    class Pipe(type(columns(SCALE))):
        def predict_proba(self, X):
            seen.append(X)
            return super().predict_proba(X)

    Pipe.__module__, Pipe.__qualname__ = "sklearn.pipeline", "Pipeline"
    package(tmp_path, Pipe(columns(SCALE).steps), PEOPLE)
    assert all(list(frame.columns) == list(PEOPLE.columns) for frame in seen)
    assert all((frame.dtypes == PEOPLE.dtypes).loc[["email", "id", "joined"]].all() for frame in seen)
    largest = max(seen, key=len)
    assert largest["email"].nunique() > 250 and set(largest["email"]) <= set(EMAILS)


@pytest.mark.parametrize("unusable", ["joined", "empty", "huge"])
def test_a_column_of_no_type_that_a_model_takes_is_refused_only_where_it_is_used(tmp_path, unusable):
    # In this zone an hour is repeated when summer time ends.
    local = PEOPLE["joined"].dt.tz_localize("Europe/Berlin")
    values = {"joined": local, "empty": [None] * ROWS, "huge": [2**60] * ROWS}
    frame = PEOPLE[["age", "income"]].assign(**{unusable: values[unusable]})
    assert names_of(package(tmp_path, columns(SCALE), frame)[0]) == ["age", "income"]
    with pytest.raises(ValueError, match=f"the feature '{unusable}' "):
        package(tmp_path, columns((OneHotEncoder(), [unusable]), SCALE), frame)


def test_what_a_fold_does_not_know_of_a_column_that_is_not_selected_is_nowhere_in_the_package(tmp_path):
    people = [f"person {row}" for row in range(100)]
    X = pd.DataFrame({"x": np.linspace(-1, 1, 100), "name": people})
    columns = make_column_transformer((StandardScaler(), ["x"]), (OneHotEncoder(), ["name"]))
    estimator = make_pipeline(columns, SelectKBest(k=1), LogisticRegression()).fit(X, X.x > 0)
    with pytest.warns(UserWarning, match="Found unknown categories"):
        export(estimator, X, X.x > 0, name="m", version="1", out=tmp_path)
    assert [path.name for path in tmp_path.iterdir() if b"person" in path.read_bytes()] == []


def test_a_string_that_is_mostly_distinct_has_no_categories(tmp_path):
    frame = PEOPLE[["email", "age", "plan"]]
    estimator = columns((OneHotEncoder(handle_unknown="ignore"), ["email", "plan"]), (StandardScaler(), ["age"]))
    manifest, _ = package(tmp_path, estimator, frame)
    assert categories_of(manifest, "email") is None
    assert categories_of(manifest, "plan")["values"] == ["basic", "plus"]
    texts = "".join((tmp_path / name).read_text() for name in ("model.json", "golden.json"))
    assert not any(email in texts for email in EMAILS)


def test_values_that_only_the_model_holds_are_told_of(tmp_path):
    X = pd.DataFrame({"name": [f"person {row}" for row in range(100)], "x": np.linspace(-1, 1, 100)})
    columns = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["name"]), remainder="passthrough")
    estimator, said = make_pipeline(columns, LogisticRegression()).fit(X, X.x > 0), []
    export(estimator, X, X.x > 0, name="m", version="1", out=tmp_path, metrics=False, say=said.append)
    assert b"person 7" in (tmp_path / "model.onnx").read_bytes()
    assert (
        "\n  no value of name: most rows have one of their own; only model.onnx holds them, which no route returns"
        in said[0]
    )


def test_a_string_that_is_mostly_distinct_and_may_be_no_other_is_warned_of(tmp_path):
    frame = PEOPLE[["email", "age"]]
    with pytest.warns(
        UserWarning, match="'email' are published, 300 different .* in 300 rows.*handle_unknown='ignore'"
    ):
        manifest, _ = package(tmp_path, columns((OneHotEncoder(), ["email"]), (StandardScaler(), ["age"])), frame)
    assert len(categories_of(manifest, "email")["values"]) == ROWS


def test_whole_numbers_that_are_mostly_distinct_and_may_be_no_other_are_warned_of(tmp_path):
    with pytest.warns(UserWarning, match="'id'"):
        package(tmp_path, columns((OrdinalEncoder(), ["id"]), SCALE), PEOPLE)


CITIES = np.array(["Ulm"] * 120 + ["Bern"] * 100 + ["Graz"] * 70 + [f"hamlet {number}" for number in range(10)])


@pytest.mark.parametrize(
    ("encoder", "values"),
    [
        (OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=20), ["Bern", "Graz", "Ulm"]),
        (OneHotEncoder(handle_unknown="ignore", max_categories=3), ["Bern", "Ulm"]),
        (
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=20),
            ["Bern", "Graz", "Ulm"],
        ),
        (OneHotEncoder(handle_unknown="ignore", categories=[["Bern", "Rome", "Ulm"]]), ["Bern", "Rome", "Ulm"]),
        (OneHotEncoder(handle_unknown="ignore", drop="first", categories=[["Bern", "Ulm"]]), ["Bern", "Ulm"]),
        (make_pipeline(SimpleImputer(missing_values="Graz", strategy="most_frequent"),
                       OneHotEncoder(handle_unknown="ignore", categories=[["Bern", "Ulm"]])), ["Bern", "Graz", "Ulm"]),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Found unknown categories")
def test_the_categories_are_those_that_the_encoders_tell_apart(tmp_path, encoder, values):
    frame = PEOPLE[["age"]].assign(city=CITIES)
    manifest, _ = package(tmp_path, columns((encoder, ["city"]), (StandardScaler(), ["age"])), frame)
    categories = categories_of(manifest, "city")
    assert categories["values"] == values
    assert categories["unknown"] == "accepted"
    assert categories["frequencies"] == pytest.approx([np.mean(value == CITIES) for value in values])
    texts = "".join((tmp_path / name).read_text() for name in ("model.json", "golden.json"))
    assert "hamlet" not in texts


def test_what_an_encoder_takes_for_unknown_is_not_in_the_graph(tmp_path):
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=20)
    _, content = package(tmp_path, columns((encoder, ["city"])), PEOPLE[["age"]].assign(city=CITIES))
    assert b"Graz" in content and b"hamlet" not in content


def test_a_category_whose_column_is_not_selected_is_not_in_the_graph(tmp_path):
    y = np.where(CITIES == "Ulm", "stays", Y)
    encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["city"]))
    estimator = make_pipeline(encode, SelectKBest(f_classif, k=1), LogisticRegression())
    frame = pd.DataFrame({"city": CITIES})
    package(tmp_path, estimator, frame, y)
    content = (tmp_path / "model.onnx").read_bytes()
    assert b"Ulm" in content and b"Bern" not in content and b"hamlet" not in content


def test_the_categories_of_two_encoders_are_joined(tmp_path):
    frame = PEOPLE[["age"]].assign(city=CITIES)
    some = [OneHotEncoder(handle_unknown="ignore", categories=[[name]]) for name in ("Ulm", "Bern")]
    manifest, _ = package(tmp_path, columns(*((one, ["city"]) for one in some), (StandardScaler(), ["age"])), frame)
    assert categories_of(manifest, "city")["values"] == ["Bern", "Ulm"]


def test_a_target_encoder_s_categories_are_published_unless_they_are_mostly_distinct(tmp_path):
    frame = PEOPLE[["email", "age"]].assign(city=CITIES)
    estimator = columns((TargetEncoder(), ["email", "city"]), (StandardScaler(), ["age"]))
    manifest, _ = package(tmp_path, estimator, frame)
    assert categories_of(manifest, "email") is None
    assert "Ulm" in categories_of(manifest, "city")["values"]


MIXED = make_pipeline(
    make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["plan", "note"]),
        (make_pipeline(SimpleImputer(), StandardScaler()), ["age", "income"]),
    ),
    GradientBoostingClassifier(n_estimators=20, random_state=0),
)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    out = tmp_path_factory.mktemp("mixed")
    X = PEOPLE.assign(income=PEOPLE["income"].mask(PEOPLE.index % 9 == 0))
    manifest, _ = package(out, MIXED, X)
    return X, manifest, json.loads((out / "golden.json").read_text())


def test_no_example_is_a_row_of_the_training_data(mixed):
    X, manifest, golden = mixed
    names = names_of(manifest)
    assert names == ["age", "plan", "income", "note"]
    training = {json.dumps(row) for row in X[names].astype(object).where(X[names].notna(), None).to_numpy().tolist()}
    rows = [row for example in manifest["examples"] for row in example["instances"]] + golden["instances"]
    assert not any(json.dumps(row) in training for row in rows)
    assert not {row[3] for row in rows} & set(X["note"])


def test_there_is_an_example_of_each_class_with_the_original_s_answer(mixed):
    X, manifest, _ = mixed
    assert [example["predictions"][0]["label"] for example in manifest["examples"]] == ["leaves", "stays"]
    for example in manifest["examples"]:
        [row], [answer] = example["instances"], example["predictions"]
        frame = pd.DataFrame([dict(zip(names_of(manifest), row, strict=True))]).reindex(columns=X.columns)
        assert MIXED.predict(frame)[0] == answer["label"]
        assert MIXED.predict_proba(frame)[0].tolist() == pytest.approx(list(answer["probabilities"].values()))


def test_an_example_reads_as_the_training_data_does(mixed):
    _, manifest, _ = mixed
    for example in manifest["examples"]:
        [[age, plan, income, note]] = example["instances"]
        assert type(age) is int and 18 <= age <= 90
        assert plan in ("basic", "plus")
        assert income == round(income, 2)
        assert "\ufffd" not in note


def test_golden_rows_are_of_every_kind(mixed):
    _, manifest, golden = mixed
    assert len(golden["instances"]) == len(golden["predictions"]) == 200
    ages, plans, incomes, _ = zip(*golden["instances"], strict=True)
    assert {"basic", "plus"} < set(plans)
    assert None in incomes and None not in ages
    assert {answer["label"] for answer in golden["predictions"]} == {"leaves", "stays"}
    assert min(ages) == 18 and max(ages) >= 85
    assert golden["sha256"] == manifest["sha256"]
    assert golden["classes"] == manifest["classes"]
    assert (golden["tolerance"], golden["scale"]) == (1e-9, 1.0)


def test_rows_of_the_training_data_are_published_on_request(tmp_path):
    X = PEOPLE[["age", "income"]]
    manifest, _ = package(
        tmp_path, make_pipeline(StandardScaler(), LogisticRegression()), X, publish_training_rows=True
    )
    golden = json.loads((tmp_path / "golden.json").read_text())
    training = X.to_numpy().tolist()
    assert len(golden["instances"]) == 200
    assert all(row in training for row in golden["instances"])
    assert [example["instances"][0] in training for example in manifest["examples"]] == [True, True]


def test_the_median_of_few_rows_is_not_an_example(tmp_path):
    """If a class is predicted for three rows only, the median of a feature would be a value of one of them."""
    random = np.random.default_rng(0)
    X = np.concatenate([random.normal(0, 1, (200, 2)), [[30.123, 40.456], [31.789, 41.012], [32.345, 42.678]]])
    y = np.repeat(["many", "rare"], [200, 3])
    manifest, _ = package(tmp_path, make_pipeline(StandardScaler(), LogisticRegression()), X, y)
    rows = {example["predictions"][0]["label"]: example["instances"][0] for example in manifest["examples"]}
    assert set(rows) == {"many", "rare"}
    assert not set(rows["rare"]) & set(X[-3:].ravel().tolist())


def test_a_package_lists_the_digests_of_its_files(tmp_path):
    package(tmp_path, make_pipeline(StandardScaler(), LogisticRegression()), NUMBERS)
    import subprocess

    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=True)
    files = ["background.json", "golden.json", "model.json", "model.onnx"]
    assert done.stdout.splitlines() == [f"{file}: OK" for file in files]
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert [line[64:] for line in lines] == [f"  {file}" for file in files]
    manifest = json.loads((tmp_path / "model.json").read_text())
    golden = json.loads((tmp_path / "golden.json").read_text())
    from sepal_export.data.canonical import contract_of

    assert golden["contract"] == contract_of(manifest)


def test_the_report_shows_nothing_of_a_column_that_is_not_used(tmp_path):
    pytest.importorskip("matplotlib")
    package(tmp_path, columns(ENCODE, SCALE), PEOPLE, report=tmp_path / "report.html", metrics=True)
    page = (tmp_path / "report.html").read_text()
    assert not any(str(value) in page for value in [*EMAILS, *IDS, "email", "joined"])
    assert "income" in page


def test_the_report_shows_no_categories_that_are_not_published(tmp_path):
    pytest.importorskip("matplotlib")
    frame = PEOPLE[["email", "age"]]
    estimator = columns((OneHotEncoder(handle_unknown="ignore"), ["email"]), (StandardScaler(), ["age"]))
    package(tmp_path, estimator, frame, report=tmp_path / "report.html")
    assert not any(email in (tmp_path / "report.html").read_text() for email in EMAILS)
