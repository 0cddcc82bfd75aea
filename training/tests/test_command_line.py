"""`python -m sepal_export`: the files that it writes, its output and its exit code."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import joblib
import jsonschema
import numpy as np
import onnxruntime
import pytest
import sklearn
import skops.io
import tomllib
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

from sepal_export.__main__ import main, sepal

TRAINING = Path(__file__).parent.parent
SCHEMA = TRAINING.parent / "models" / "model.schema.json"
FILES = ["SHA256SUMS", "background.json", "golden.json", "model.json", "model.onnx"]

# Swaps the probabilities without changing the coefficients, so only a comparison of answers reveals it.
ALTERED = """
class Altered:
    def __init__(self, estimator):
        self.estimator = estimator

    def __call__(self, X):
        probabilities = type(self.estimator).predict_proba(self.estimator, X)
        return probabilities[:, ::-1]
"""


def iris():
    data = load_iris(as_frame=True)
    X = data.data.set_axis(["sepal_length", "sepal_width", "petal_length", "petal_width"], axis=1)
    return X.assign(spots=np.arange(150) % 7), data.target_names[data.target]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with saved estimators and CSV files of their rows."""
    folder = tmp_path_factory.mktemp("estimators")
    X, y = iris()
    estimator = make_pipeline(StandardScaler(), LogisticRegression())
    X.assign(species=y, id=range(150)).to_csv(folder / "iris.csv", index=False)
    skops.io.dump(estimator.fit(X, y), folder / "iris.skops")
    joblib.dump(estimator, folder / "iris.joblib")
    joblib.dump(KNeighborsClassifier(metric="canberra").fit(X, y), folder / "neighbours.joblib")
    diabetes = load_diabetes(as_frame=True, scaled=False)
    diabetes.frame.to_csv(folder / "diabetes.csv", index=False)
    skops.io.dump(make_pipeline(StandardScaler(), Ridge()).fit(diabetes.data, diabetes.target), folder / "ridge.skops")
    return folder


def run(*arguments, cwd, path=TRAINING):
    """Runs the command in a process of its own, in which every warning is an error."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "sepal_export", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """Runs the command in this process, which is faster. Returns the exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        code = main(list(map(str, arguments)))
        return code, *capsys.readouterr()

    return call


def of_iris(folder, model="iris.skops"):
    return [folder / model, "--data", folder / "iris.csv", "--target", "species", "--name", "iris"]


def test_a_package_is_written_under_models(folder, tmp_path):
    done = run(*of_iris(folder, "iris.joblib"), "--description", "Species of an iris", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "models" / "iris").iterdir()) == FILES
    manifest = json.loads((tmp_path / "models" / "iris" / "model.json").read_text())
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text()))
    assert (manifest["name"], manifest["version"]) == ("iris", "1.0.0")
    assert (manifest["description"], manifest["target"]["name"]) == ("Species of an iris", "species")
    warnings = done.stderr.splitlines()
    assert len(warnings) == 2
    assert "is a pickle, and reading one can run any code" in warnings[0]
    assert warnings[1].endswith("iris.csv: 'id'")


def test_what_it_prints_says_what_was_made(folder, call):
    code, out, err = call(*of_iris(folder), "--unit", "petal_length=cm", "--unit", "species=kind")
    assert (code, err.count("\n")) == (0, 1)
    lines = out.splitlines()
    assert lines[0] == "iris 1.0.0: species (one of 3) from 5 features"
    assert [line.split() for line in lines[2:5]] == [
        ["feature", "type", "unit", "missing", "values"],
        ["sepal_length", "float64", "refused", "4.3", "to", "7.9"],
        ["sepal_width", "float64", "refused", "2", "to", "4.4"],
    ]
    assert "petal_length  float64  cm    refused  1 to 6.9" in lines
    assert "spots         int64          refused  0 to 6" in lines
    assert "accuracy  0.96 ± 0.0133" in lines
    assert "stratified 5-fold cross-validation of 150 rows, shuffled with seed 0" in lines
    assert "same labels as the original on 20,000 rows, probabilities within 1e-15" in lines
    assert "    150  training" in lines
    assert "'spots': whole numbers only, as in the data; --dtype spots=float64 accepts fractions too" in lines
    assert lines[-2:] == ["wrote models/iris", f"serve it: npm start -- --model {Path('models/iris').resolve()}"]


def test_the_printed_command_names_the_package_where_the_service_finds_it_by_its_name(folder, call):
    Path("local").mkdir()
    Path("local/server.ts").touch()
    assert call(*of_iris(folder), "--no-metrics")[1].endswith("serve it: npm start -- --model iris\n")
    out = call(*of_iris(folder), "--no-metrics", "--out", "models/it's mine")[1]
    [word] = shlex.split(out.rpartition("--model ")[2])
    assert Path(word) == Path("models/it's mine").resolve()


def test_options_reach_the_package(folder, call):
    options = [
        "--version",
        "2.1",
        "--out",
        "here",
        "--dtype",
        "spots=float64",
        "--unit",
        "species=kind",
        "--no-metrics",
    ]
    code, out, _ = call(*of_iris(folder), *options)
    manifest = json.loads(Path("here/model.json").read_text())
    assert code == 0
    assert manifest["version"] == "2.1"
    assert manifest["features"][-1]["dtype"] == "float64"
    assert manifest["target"] == {"name": "species", "unit": "kind"}
    assert manifest["metrics"] == {"protocol": "not measured: it was not asked for", "values": {}}
    assert "metrics not measured: it was not asked for" in out
    assert "whole numbers only" not in out
    assert out.endswith(f"serve it: npm start -- --model {Path('here').resolve()}\n")
    assert not Path("models").exists()


def test_a_regressor_is_written(folder, call):
    code, out, _ = call(
        folder / "ridge.skops", "--data", folder / "diabetes.csv", "--target", "target", "--name", "diabetes"
    )
    assert code == 0
    assert "same values as the original on 20," in out
    session = onnxruntime.InferenceSession("models/diabetes/model.onnx")
    golden = json.loads(Path("models/diabetes/golden.json").read_text())
    [values] = session.run(None, {"X": np.array(golden["instances"], dtype=np.float64)})
    np.testing.assert_allclose(values[:, 0], [answer["value"] for answer in golden["predictions"]], rtol=1e-12)


def test_an_estimator_of_an_array_is_written(folder, call, tmp_path):
    X, y = iris()
    X.assign(species=y).to_csv("rows.csv", index=False)
    skops.io.dump(make_pipeline(StandardScaler(), LogisticRegression()).fit(X.to_numpy(), y), "array.skops")
    code, out, err = call("array.skops", "--data", "rows.csv", "--target", "species", "--name", "array")
    assert (code, err) == (0, "")
    features = json.loads(Path("models/array/model.json").read_text())["features"]
    assert [feature["name"] for feature in features] == list(X.columns)
    assert {feature["dtype"] for feature in features} == {"float64"}
    assert "whole numbers only" not in out


@pytest.mark.parametrize(
    ("option", "file"), [(["--report"], "iris-report.html"), (["--report", "a/b.html"], "a/b.html")]
)
def test_a_report_is_written_where_it_is_asked_for(option, file, folder, call):
    code, out, _ = call(*of_iris(folder), *option)
    assert code == 0
    assert Path(file).read_text().startswith("<!doctype html>")
    assert f"wrote {file}\n" in out


def test_a_report_without_matplotlib_is_refused_at_once(folder, call, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    code, out, err = call(*of_iris(folder), "--report")
    assert (code, out) == (1, "")
    assert err == "error: a report needs matplotlib, which is not installed: pip install matplotlib\n"


@pytest.fixture(scope="module")
def altered(folder):
    """Saves an altered estimator; returns the PYTHONPATH with which a process can load its class."""
    (folder / "altered.py").write_text(ALTERED)
    script = (
        "import joblib, altered; estimator = joblib.load('iris.joblib'); last = estimator[-1]; "
        "last.predict_proba = altered.Altered(last); joblib.dump(estimator, 'altered.joblib')"
    )
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    subprocess.run([sys.executable, "-c", script], cwd=folder, env=environment, check=True)
    return f"{TRAINING}{os.pathsep}{folder}"


def test_an_export_that_answers_otherwise_is_refused(folder, altered, tmp_path):
    done = run(*of_iris(folder, "altered.joblib"), cwd=tmp_path, path=altered)
    assert (done.returncode, done.stdout) == (3, "")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
    assert lines[0].startswith("error: the ONNX model differs from the original on ")
    assert lines[1] == "rows | original | onnx | difference | row"
    assert len(lines) > 20
    assert lines[-1] == "nothing was written; to write it anyway, add --allow-mismatch"
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_answers_otherwise_can_be_allowed(folder, altered, tmp_path):
    done = run(*of_iris(folder, "altered.joblib"), "--allow-mismatch", "--no-metrics", cwd=tmp_path, path=altered)
    assert done.returncode == 0, done.stderr
    assert "differs from the original on " in done.stdout
    assert "this was allowed" in done.stdout
    assert json.loads((tmp_path / "models" / "iris" / "model.json").read_text())["parity"]["mismatches"] > 0


def test_another_version_of_scikit_learn_is_a_warning_and_parity_decides(folder, call):
    other = f"0{sklearn.__version__[1:]}"
    content = (folder / "iris.joblib").read_bytes().replace(sklearn.__version__.encode(), other.encode())
    Path("older.joblib").write_bytes(content)
    code, out, err = call(*of_iris(folder, Path("older.joblib").resolve()))
    assert code == 0
    assert "same labels as the original" in out
    [line] = [line for line in err.splitlines() if other in line]
    assert line.startswith("warning: ")
    assert sklearn.__version__ in line


def test_an_estimator_that_another_version_left_incomplete_is_refused(folder, call):
    X, y = iris()
    estimator = LogisticRegression(max_iter=1000).fit(X, y)
    del estimator.coef_
    estimator.fitted_ = True
    # Must be as long as the installed version, because a pickle stores the length of a string.
    other = f"1.7{sklearn.__version__[3:]}"
    joblib.dump(estimator, "older.joblib")
    Path("older.joblib").write_bytes(
        Path("older.joblib").read_bytes().replace(sklearn.__version__.encode(), other.encode())
    )
    code, out, err = call(*of_iris(folder, Path("older.joblib").resolve()))
    assert (code, out) == (1, "")
    assert "the estimator cannot answer the rows of" in err
    assert f"it was fitted by scikit-learn {other}; pip install 'scikit-learn=={other}'" in err


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "nothing.joblib"}, "nothing.joblib does not exist"),
        ({"model": "iris.csv"}, "iris.csv is not a file of joblib, pickle, skops"),
        (
            {"model": "neighbours.joblib"},
            "KNeighborsClassifier cannot be exported: its metric 'canberra' has no converter",
        ),
        ({"--data": "nothing.csv"}, "nothing.csv does not exist"),
        ({"--target": "kind"}, "has no column 'kind' for the target; it has 'sepal_length', "),
        ({"--target": "id"}, "holds '0', '1', '2', '3', '4' and 145 more, which the estimator does not know"),
        ({"--name": "my iris"}, "the name 'my iris' cannot be used"),
        ({"--version": "1/2"}, "the version '1/2' cannot be used"),
        (
            {"--unit": "petals=cm"},
            "--unit or --dtype names 'petals' (cm), but there is no such feature; the features are 'sepal_",
        ),
        ({"--dtype": "petals=float64"}, "has no column 'petals' to be of type float64"),
        ({"--out": "iris.csv"}, "File exists"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_what_cannot_be_used_is_one_line_without_a_traceback(changes, message, folder, call):
    arguments = {"model": "iris.skops", "--data": "iris.csv", "--target": "species", "--name": "iris"} | changes
    for option in ("model", "--data", "--out"):
        if option in arguments:
            arguments[option] = folder / arguments[option]
    code, out, err = call(arguments.pop("model"), *(word for option in arguments.items() for word in option))
    assert (code, out) == (1, "")
    [error] = [line for line in err.splitlines() if not line.startswith("warning: ")]
    assert error.startswith("error: ")
    assert message in error
    assert not Path("models").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "the following arguments are required: MODEL, --name"),
        (["--dtype", "spots"], "'spots' is not of the form COLUMN=VALUE"),
        (
            ["--dtype", "spots=double"],
            "'double' is not a type; expected one of float32, float64, int64, bool, string, timestamp and category",
        ),
        (["--verbose"], "unrecognized arguments: --verbose"),
    ],
)
def test_a_wrong_command_line_says_how_it_is_used(options, message, folder, call, capsys):
    with pytest.raises(SystemExit) as end:
        call(*([*of_iris(folder), *options] if options else []))
    assert end.value.code == 2
    assert message in capsys.readouterr().err


def test_the_command_of_the_package_needs_nothing_of_the_repository(folder, tmp_path):
    """Runs the copied package alone, as from a wheel. versions/check builds the wheel itself."""
    scripts = tomllib.loads((TRAINING / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"sepal": "sepal_export.__main__:sepal"}
    shutil.copytree(TRAINING / "sepal_export", tmp_path / "packages" / "sepal_export")
    command = "import sys; from sepal_export.__main__ import sepal; sys.exit(sepal())"
    made = subprocess.run(
        [sys.executable, "-W", "error", "-c", command, "export", *map(str, of_iris(folder)), "--no-metrics"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "packages")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in (tmp_path / "models" / "iris").iterdir()) == FILES


@pytest.mark.parametrize(("words", "code"), [([], 0), (["--help"], 0), (["serve"], 2)])
def test_the_command_says_how_it_is_used(words, code, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["sepal", *words])
    assert sepal() == code
    assert "usage: sepal export" in capsys.readouterr().err


@pytest.fixture
def people(call):
    """A file with an e-mail address in each row, and two pipelines: one drops the address, one encodes it."""
    X, y = iris()
    X = X.assign(email=[f"person{row}@example.test" for row in range(150)])
    X.assign(species=y).to_csv("people.csv", index=False)
    others = (StandardScaler(), ["petal_length", "petal_width"])
    for name, parts in {"drops": [others], "knows": [others, (OneHotEncoder(), ["email"])]}.items():
        joblib.dump(make_pipeline(make_column_transformer(*parts), LogisticRegression()).fit(X, y), f"{name}.joblib")
    return lambda name, *options: call(
        f"{name}.joblib", "--data", "people.csv", "--target", "species", "--name", name, "--no-metrics", *options
    )


def test_it_says_what_is_published_and_what_is_not(people):
    code, out, _ = people("drops")
    assert code == 0
    published = out[out.index("published with the model") :].splitlines()
    assert published[1:6] == [
        "  smallest and largest value, mean, deviation and deciles of petal_length, petal_width",
        "  how often a value is missing, the number of rows, and the scores",
        "  examples: made of the above, and no row of the training data",
        "in the package, but served by no route: up to 200 golden rows, made of the above, and no row of the "
        "training data",
        "  and the 100 rows of the background that explanations compare with",
    ]
    assert published[6].startswith(
        "not in the package, because the model does not use them: sepal_length, sepal_width, spots"
    )
    assert published[6].endswith("email; a client may send them to /predict?ignore=*")
    assert "person" not in "".join(path.read_text("latin-1") for path in Path("models/drops").iterdir())


def test_rows_of_the_file_are_published_on_request(people):
    code, out, _ = people("drops", "--publish-training-rows")
    assert code == 0
    assert "golden rows, rows of the training data" in out
    [first] = json.loads(Path("models/drops/model.json").read_text())["examples"][0]["instances"]
    assert first == [1.4, 0.2]


@pytest.mark.filterwarnings("default:all values of the feature")
def test_a_column_whose_values_it_publishes_for_the_model_s_sake_is_warned_of(people):
    code, _, err = people("knows")
    assert code == 0
    [line] = [line for line in err.splitlines() if "email" in line]
    assert line.startswith("warning: all values of the feature 'email' are published, 150 different ones in 150 rows")


@pytest.fixture(scope="module")
def others(folder):
    """A model of two targets, an outlier detector, a clustering and a booster, and their rows."""
    X, y = iris()
    joblib.dump(
        RandomForestClassifier(3, random_state=0).fit(X, np.stack([y == "setosa", y == "virginica"], 1)),
        folder / "two.joblib",
    )
    joblib.dump(IsolationForest(n_estimators=3, random_state=0).fit(X), folder / "outliers.joblib")
    joblib.dump(KMeans(3, n_init=1, random_state=0).fit(X), folder / "clusters.joblib")
    joblib.dump(
        XGBClassifier(n_estimators=3).fit(X, np.unique(y, return_inverse=True)[1]).get_booster(), folder / "codes.pkl"
    )
    X.to_csv(folder / "rows.csv", index=False)
    X.assign(a=y == "setosa", b=y == "virginica").to_csv(folder / "two.csv", index=False)
    return folder


def written(name="m"):
    return json.loads(Path("models", name, "model.json").read_text())


def test_several_targets_are_named_one_by_one(others, call):
    code, _, err = call(others / "two.joblib", "--data", others / "two.csv", "--target", "a", "--target", "b",
                        "--name", "m", "--no-metrics", "--unit", "petal_width=cm")  # fmt: skip
    assert code == 0, err
    assert [(each["name"], each["classes"]) for each in written()["targets"]] == [
        ("a", [False, True]),
        ("b", [False, True]),
    ]


def test_targets_in_another_order_than_that_of_the_fit_are_told_apart(others, call):
    """Both targets are booleans, so that only the answers reveal the wrong order."""
    code, _, err = call(others / "two.joblib", "--data", others / "two.csv", "--target", "b", "--target", "a",
                        "--name", "m")  # fmt: skip
    assert code == 1
    assert "; its fit had the targets in another order: --target a --target b" in err


@pytest.mark.parametrize(("model", "task"), [("outliers", "outliers"), ("clusters", "clustering")])
def test_what_is_fitted_without_a_target_needs_none(model, task, others, call):
    code, _, err = call(others / f"{model}.joblib", "--data", others / "rows.csv", "--name", "m")
    assert code == 0, err
    assert written()["task"] == task
    assert "measured: no right answers are known" in written()["metrics"]["protocol"].replace("not ", "")


def test_a_target_that_is_not_named_is_asked_for(others, call):
    code, _, err = call(others / "two.joblib", "--data", others / "two.csv", "--name", "m")
    assert code == 1
    assert "add its name: --target NAME" in err


def test_rows_without_their_target_are_proven_and_not_measured(folder, others, call):
    options = ["--data", others / "rows.csv", "--target", "species", "--name", "m"]
    code, out, err = call(folder / "iris.joblib", *options)
    assert code == 0
    assert f"warning: {others / 'rows.csv'} has no column 'species', so the model is not measured" in err
    assert "metrics not measured: the data has no target" in out
    assert written()["features"][0]["baseline"]["max"] == 7.9


@pytest.mark.parametrize("labels", ["setosa versicolor virginica", "0 1 2"])
def test_codes_get_names_which_the_file_may_hold(labels, others, call):
    X, y = iris()
    classes = labels.split()
    X.assign(species=[classes[code] for code in np.unique(y, return_inverse=True)[1]]).to_csv("named.csv", index=False)
    names = ["setosa=0", "versicolor=1", "virginica=2"]
    code, _, err = call(
        others / "codes.pkl", "--class-names", *names, "--data", "named.csv", "--target", "species", "--name", "m"
    )
    assert code == 0, err
    assert written()["classes"] == ["setosa", "versicolor", "virginica"]
    assert written()["metrics"]["values"]["accuracy"]["mean"] > 0.9


def test_a_model_that_knows_its_features_needs_no_rows(folder, call):
    code, out, err = call(folder / "iris.joblib", "--target", "species", "--name", "m", "--dtype", "spots=int64",
                          "--unit", "petal_width=cm")  # fmt: skip
    assert code == 0, err
    assert "same labels as the original on 2" in out
    assert [(each["dtype"], each["unit"]) for each in written()["features"]][-2:] == [
        ("float64", "cm"),
        ("int64", None),
    ]
    assert all(each["baseline"] is None for each in written()["features"])


def test_a_model_that_does_not_know_them_is_given_names(call):
    X, y = iris()
    joblib.dump(LogisticRegression(max_iter=2000).fit(X.to_numpy(), y), "array.joblib")
    code, _, err = call("array.joblib", "--target", "species", "--name", "m")
    assert code == 1
    assert "add: --data FILE, with the rows of its fit, or --features NAME,…" in err
    code, _, err = call("array.joblib", "--target", "species", "--name", "m", "--features", "a,b,c,d,e")
    assert code == 0, err
    assert [each["name"] for each in written()["features"]] == list("abcde")
