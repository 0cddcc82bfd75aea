"""--code: takes classes and functions from the script that saved the pickle."""

import json
import subprocess
import sys

import pytest
from test_packages import TRAINING

from sepal_export.loading.load import LoadError, load
from sepal_export.loading.script import ScriptError, as_main, module_of

SCRIPT = """
import joblib
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

HOURS = 12 * 2
LEVELS = {}
for place, country in enumerate(["AT", "DE"]):
    LEVELS[country] = place + 1


class Derived(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = X.assign(level=X["country"].map(LEVELS).fillna(0), wave=np.sin(X["hour"] / HOURS))
        return X.drop(columns="country")


print("the script runs")
rng = np.random.default_rng(0)
X = pd.DataFrame({"hour": rng.integers(0, 24, 200), "country": rng.choice(["AT", "DE", "FR"], 200)})
y = np.where(rng.random(200) < 0.3 + 0.3 * (X["hour"] > 18), "late", "early")
pipeline = make_pipeline(Derived(), LogisticRegression()).fit(X, y)
X.assign(y=y).to_csv("rows.csv", index=False)
joblib.dump(pipeline, "model.joblib")
"""


def run(folder, *command):
    """Runs `sepal` in a folder that is not on Python's path, as the console command does."""
    code = (
        f"import sys; sys.path.insert(0, {str(TRAINING)!r}); from sepal_export.__main__ import sepal; sys.exit(sepal())"
    )
    return subprocess.run([sys.executable, "-c", code, *command], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("code")
    (folder / "train.py").write_text(SCRIPT)
    (folder / "refused.py").write_text(SCRIPT.replace('X["hour"] / HOURS', "pd.Timestamp.now().hour"))
    subprocess.run([sys.executable, "train.py"], cwd=folder, check=True, capture_output=True)
    return folder


def exported(folder, *more):
    known = ("model.joblib", "--data", "rows.csv", "--target", "y", "--name", "late", "--no-metrics")
    return run(folder, "export", *known, *more)


def test_without_the_script_the_error_asks_for_it(folder):
    done = exported(folder)
    assert done.returncode == 1
    assert "model.joblib needs Derived, which was defined in a script or a notebook" in done.stderr
    assert "--code train.py" in done.stderr


def test_a_model_of_a_script_is_exported_and_nothing_is_fitted_again(folder):
    saved = (folder / "model.joblib").stat().st_mtime_ns
    done = exported(folder, "--code", "train.py")
    assert done.returncode == 0, done.stderr
    assert "the script runs" not in done.stdout
    assert (folder / "model.joblib").stat().st_mtime_ns == saved
    manifest = json.loads((folder / "models" / "late" / "model.json").read_text())
    assert [feature["name"] for feature in manifest["features"]] == ["hour", "country"]
    assert manifest["parity"]["mismatches"] == 0
    shown = run(folder, "show", "models/late").stdout
    assert "train.py:20  " in shown
    assert "{'AT': 1, 'DE': 2, 'FR': nan}" in shown


def test_a_refusal_names_the_line_of_the_script(folder):
    done = exported(folder, "--code", "refused.py")
    assert done.returncode == 1
    assert "refused.py, line 20: it reads the clock" in done.stderr


def test_a_script_without_the_class_is_said_to_lack_it(folder, tmp_path):
    other = tmp_path / "other.py"
    other.write_text("import joblib\n")
    with pytest.raises(LoadError, match=r"needs Derived, which other\.py does not define outside of functions"):
        load(folder / "model.joblib", code=other, warn=print)


def test_main_is_itself_again_afterwards(folder):
    before = sys.modules["__main__"]
    with as_main(folder / "train.py") as module:
        assert sys.modules["__main__"] is module
    assert sys.modules["__main__"] is before


def module(tmp_path, text, name="some.py"):
    file = tmp_path / name
    file.write_text(text)
    return module_of(file)


def test_what_the_functions_read_is_made_and_nothing_else(tmp_path):
    made = module(
        tmp_path,
        "table = {}\n"
        "table['a'] = 1\n"
        "table.update(b=2)\n"
        "names = list(table)\n"
        "first = names.pop(0)\n"
        "other = open('nothing')\n"
        "def f(x):\n"
        "    other = x\n"
        "    return names, other\n"
        "f(open('nothing'))\n"
        "if __name__ == '__main__':\n"
        "    names = open('nothing')\n",
    )
    assert made.f(1) == (["b"], 1)
    assert not hasattr(made, "other")


def test_a_script_has_a_name_that_no_module_has(tmp_path):
    assert module(tmp_path, "def f(): pass", "json.py").f.__module__ == "json_script"
    assert module(tmp_path, "def f(): pass", "my-train.py").f.__module__ == "my_train"


def test_the_modules_beside_a_script_are_found(tmp_path):
    (tmp_path / "beside_it.py").write_text("VALUE = 7")
    assert module(tmp_path, "from beside_it import VALUE\ndef f(): return VALUE").f() == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def f(:", r"is not a Python script .*nbconvert"),
        ("value = 1 / 0\ndef f(): return value", r"some\.py, line 1: ZeroDivisionError: .*--code runs"),
    ],
)
def test_a_script_that_cannot_be_run_is_refused_with_its_error(tmp_path, text, message):
    with pytest.raises(ScriptError, match=message):
        module(tmp_path, text)


def test_a_script_that_does_not_exist_is_asked_for(tmp_path):
    with pytest.raises(ScriptError, match="give --code the script that fitted the estimator"):
        module_of(tmp_path / "none.py")
