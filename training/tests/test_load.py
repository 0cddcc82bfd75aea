"""Loads estimators from files of joblib, pickle and skops, and refuses files that cannot be used."""

import pickle
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import joblib
import numpy as np
import pytest
import sklearn
import skops.io
import xgboost
from sklearn.cluster import DBSCAN
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.neighbors import LocalOutlierFactor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from sepal_export.loading.load import LoadError, load
from sepal_export.loading.origin import scikit_learn_of, to_install, xgboost_of
from sepal_export.versions import numbers_of

X, Y = load_iris(return_X_y=True)
FITTED = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)
# Must be as long as the installed version, because a pickle stores the length of a string.
OTHER = f"1.7{sklearn.__version__[3:]}"
OLDER = f"1.3{sklearn.__version__[3:]}"


@pytest.fixture
def warned():
    return []


@pytest.fixture
def read(warned):
    return lambda path, **options: load(Path(path), warn=warned.append, **options)


def dump_pickle(estimator, path, protocol=None):
    path.write_bytes(pickle.dumps(estimator, protocol=protocol))
    return path


def dump(estimator, path, **options):
    joblib.dump(estimator, path, **options)
    return path


def dump_skops(estimator, path):
    skops.io.dump(estimator, path)
    return path


def rewrite(path, old, new):
    """Replaces bytes in a file, or in each file of an archive."""
    if not zipfile.is_zipfile(path):
        path.write_bytes(path.read_bytes().replace(old, new))
        return path
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name).replace(old, new) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("model.joblib", dump),
        ("model", dump),
        ("model.joblib.gz", lambda estimator, path: dump(estimator, path, compress=("gzip", 3))),
        ("model.xz", lambda estimator, path: dump(estimator, path, compress=("xz", 3))),
        ("model.z", lambda estimator, path: dump(estimator, path, compress=3)),
        ("model.pkl", dump_pickle),
        ("model.bin", dump_pickle),
        ("oldest.pickle", lambda estimator, path: dump_pickle(estimator, path, protocol=0)),
        ("model.skops", dump_skops),
        ("model.zip", dump_skops),
    ],
)
def test_every_kind_of_file_is_read(name, write, tmp_path, read, warned):
    loaded = read(write(FITTED, tmp_path / name))
    assert loaded.fitted_by is None
    assert (loaded.estimator.predict(X) == FITTED.predict(X)).all()
    assert len(warned) == (0 if write is dump_skops else 1)


def test_the_warning_about_a_pickle_comes_before_its_code_runs(tmp_path):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(Printing()))

    def stop(text):
        assert "can run any code" in text
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(path, warn=stop)
    assert Printing.ran == 0


class Printing:
    ran = 0

    def __reduce__(self):
        return (run, ())


def run():
    Printing.ran += 1


def test_a_pickle_that_is_called_skops_is_not_run(tmp_path, read):
    with pytest.raises(LoadError, match="is not a skops file"):
        read(dump(Printing(), tmp_path / "model.skops"))
    assert Printing.ran == 0


def test_untrusted_types_of_a_skops_file_are_listed_and_refused(tmp_path, read):
    path = dump_skops(XGBClassifier(n_estimators=2).fit(X, Y), tmp_path / "model.skops")
    with pytest.raises(LoadError) as refusal:
        read(path, trusted=["xgboost.core.Booster"])
    assert "does not trust: xgboost.sklearn.XGBClassifier." in str(refusal.value)
    assert str(refusal.value).endswith("add: --trust xgboost.core.Booster,xgboost.sklearn.XGBClassifier")


def test_trusted_types_of_a_skops_file_are_read(tmp_path, read):
    path = dump_skops(RandomForestClassifier(3).fit(X, Y), tmp_path / "model.skops")
    assert read(path, trusted=["sklearn.tree._tree.Tree"]).estimator.score(X, Y) > 0.9


def test_skops_that_is_not_installed_is_asked_for(tmp_path, read, monkeypatch):
    path = dump_skops(FITTED, tmp_path / "model.skops")
    monkeypatch.setitem(sys.modules, "skops", None)
    monkeypatch.setitem(sys.modules, "skops.io", None)
    with pytest.raises(LoadError, match="pip install skops"):
        read(path)


@pytest.mark.parametrize("write", [dump, dump_skops])
def test_another_version_of_scikit_learn_is_one_warning(write, tmp_path, read, warned):
    path = rewrite(
        write(FITTED, tmp_path / f"model.{'skops' if write is dump_skops else 'joblib'}"),
        sklearn.__version__.encode(),
        OTHER.encode(),
    )
    loaded = read(path)
    assert loaded.fitted_by == OTHER
    assert warned[-1].startswith(f"{path} was fitted by scikit-learn {OTHER}, but {sklearn.__version__} is installed")
    assert sum(OTHER in text for text in warned) == 1


def test_a_module_that_another_version_had_is_named(tmp_path, read):
    path = rewrite(dump(FITTED, tmp_path / "model.joblib"), b"linear_model._logistic", b"linear_model._logistix")
    missing = r"sklearn\.linear_model\._logistix, which the sklearn of this environment does not have"
    with pytest.raises(LoadError, match=rf"{missing}: .*scikit-learn other than"):
        read(path)


def test_a_class_that_another_version_had_is_named(tmp_path, read):
    path = rewrite(dump(FITTED, tmp_path / "model.joblib"), b"LogisticRegression", b"LogisticRegressiom")
    with pytest.raises(LoadError, match=r"needs LogisticRegressiom, which the module sklearn\.linear_model\._logistic"):
        read(path)


TRAIN = """
import sys, joblib
sys.path.insert(0, sys.argv[1])
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from my_features import Scaled

class Mine(LogisticRegression):
    pass

X, y = load_iris(return_X_y=True)
joblib.dump(Mine(max_iter=1000).fit(X, y), sys.argv[1] + "/script.joblib")
joblib.dump(Scaled(max_iter=1000).fit(X, y), sys.argv[1] + "/module.joblib")
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Saved estimators whose classes this process cannot import."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "my_features.py").write_text(
        "from sklearn.linear_model import LogisticRegression\n\n\nclass Scaled(LogisticRegression):\n    pass\n"
    )
    subprocess.run([sys.executable, "-c", TRAIN, folder], check=True)
    return folder


def of_another_version(path, version=OTHER):
    return rewrite(path, sklearn.__version__.encode(), version.encode())


def test_a_compiled_module_of_scikit_learn_is_no_package_to_install(tmp_path, read):
    estimator = GradientBoostingClassifier(n_estimators=2).fit(X, Y)
    path = of_another_version(dump_pickle(estimator, tmp_path / "model.pkl", protocol=0))
    with pytest.raises(LoadError) as refusal:
        read(rewrite(path, b"csklearn._loss._loss\n", b"c_loss\n"))
    assert "the module _loss, which the sklearn of this environment does not have" in str(refusal.value)
    assert str(refusal.value).endswith(f"is installed; pip install 'scikit-learn=={OTHER}'")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("model.joblib", dump),
        ("model.gz", lambda estimator, path: dump(estimator, path, compress=("gzip", 3))),
        ("model.z", lambda estimator, path: dump(estimator, path, compress=3)),
        ("model.bz2", lambda estimator, path: dump(estimator, path, compress=("bz2", 3))),
        ("model.lzma", lambda estimator, path: dump(estimator, path, compress=("lzma", 3))),
        ("model.xz", lambda estimator, path: dump(estimator, path, compress=("xz", 3))),
        *((f"{protocol}.pkl", partial(dump_pickle, protocol=protocol)) for protocol in range(6)),
        ("model.skops", dump_skops),
    ],
)
def test_the_version_is_read_from_every_kind_of_file(name, write, tmp_path):
    assert scikit_learn_of(write(FITTED, tmp_path / name)) == sklearn.__version__


def test_a_file_that_names_no_version_has_none(tmp_path):
    assert scikit_learn_of(dump({"weights": X}, tmp_path / "model.joblib")) is None
    assert scikit_learn_of(rewrite(dump(X, tmp_path / "rows.xz", compress=("xz", 3)), b"YZ", b"")) is None


@pytest.mark.parametrize(
    ("version", "python", "advice"),
    [
        ("1.3.0", 11, "pip install 'scikit-learn==1.3.0' 'numpy<2'"),
        ("1.3.2", 12, "pip install 'scikit-learn==1.3.2' 'numpy<2'"),
        ("1.4.1.post1", 11, "pip install 'scikit-learn==1.4.1.post1' 'numpy<2'"),
        ("1.4.2", 10, "pip install 'scikit-learn==1.4.2'"),
        ("1.5.2", 13, "pip install 'scikit-learn==1.5.2'"),
        (
            "1.5.1",
            13,
            "make an environment of Python 3.12, the newest that this version supports, and run in it: pip install",
        ),
        (
            "1.3.0",
            14,
            "make an environment of Python 3.11, the newest that this version supports, and run in it: pip install",
        ),
        ("1.8.0", 10, "make an environment of Python 3.11 or newer, and run in it: pip install 'scikit-learn==1.8.0'"),
        ("9.1.0", 14, "pip install 'scikit-learn==9.1.0'"),
        ("1.2.2", 11, "fit and save the estimator again with scikit-learn 1.3"),
        ("0.24.2", 11, "fit and save the estimator again with scikit-learn 1.3"),
    ],
)
def test_the_command_installs_on_the_python_in_use(version, python, advice):
    assert to_install(version, python=python).startswith(advice)


def test_numpy_2_is_asked_for_where_a_file_needs_it():
    assert to_install("1.5.2", numpy="numpy>=2", python=11) == "pip install 'scikit-learn==1.5.2' 'numpy>=2'"


def test_what_another_version_would_misread_in_silence_is_refused(tmp_path, read):
    """Before scikit-learn 1.4, leaves held weights of rows, which later versions take for probabilities."""
    inner = make_pipeline(StandardScaler(), RandomForestClassifier(3))
    search = GridSearchCV(inner, {"randomforestclassifier__max_depth": [2]}).fit(X, Y)
    with pytest.raises(LoadError) as refusal:
        read(of_another_version(dump(search, tmp_path / "model.joblib"), OLDER))
    assert "DecisionTreeClassifier changed its answers in 1.4; pip install" in str(refusal.value)


def in_booster(version):
    return b"version[#L" + bytes(7) + b"\x03i%ci%ci%c" % version


def test_a_booster_of_a_newer_xgboost_is_refused(tmp_path, read):
    path = dump(make_pipeline(XGBClassifier(n_estimators=2)).fit(X, Y), tmp_path / "model.joblib")
    assert read(path).estimator.score(X, Y) > 0.9
    assert xgboost_of(path) == xgboost.__version__
    with pytest.raises(LoadError, match=r"was saved with xgboost\S* 99\.0\.1, .*pip install 'xgboost\S*>=99\.0\.1'"):
        read(rewrite(path, in_booster(numbers_of(xgboost.__version__)), in_booster((99, 0, 1))))


def test_a_library_that_cannot_read_its_own_part_is_named(tmp_path, read):
    path = dump(XGBClassifier(n_estimators=2).fit(X, Y), tmp_path / "model.joblib")
    with pytest.raises(
        LoadError, match=r"a version of xgboost[a-z-]* other than the installed [\d.]+, and does not say which"
    ):
        read(rewrite(path, b"learner_model_param", b"learner_model_parax"))


def test_a_class_of_a_script_is_explained(trained, read):
    with pytest.raises(LoadError, match="needs Mine, which was defined in a script or a notebook"):
        read(trained / "script.joblib")


def test_a_module_that_is_not_installed_is_asked_for(trained, read):
    with pytest.raises(LoadError, match="the module my_features, which is not installed: pip install my_features"):
        read(trained / "module.joblib")


def test_a_package_is_asked_for_by_the_name_that_it_is_installed_by(tmp_path, read, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    path = rewrite(dump_pickle(FITTED, tmp_path / "model.pkl", protocol=0), b"sklearn.", b"imblearn.")
    with pytest.raises(LoadError, match="pip install imbalanced-learn"):
        read(path)


SCORES = cross_validate(FITTED, X, Y, return_estimator=True)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (SCORES, "holds a result of cross_validate"),
        ({"model": FITTED}, "holds a dict, not an estimator"),
        ([FITTED], "holds a list, not an estimator"),
        (np.zeros(3), "holds a numpy.ndarray, not an estimator"),
        (LogisticRegression, "holds the class LogisticRegression"),
        (StandardScaler().fit(X), "sklearn.StandardScaler, which predicts nothing; save the estimator that predicts"),
        (DBSCAN().fit(X), "sklearn.DBSCAN, which predicts nothing; it groups the rows of its fit, .* use KMeans"),
        (LocalOutlierFactor().fit(X), "which predicts nothing; fit it with novelty=True"),
        (LogisticRegression(), "holds a sklearn.LogisticRegression that is not fitted"),
        (make_pipeline(StandardScaler(), LogisticRegression()), "holds a sklearn.Pipeline that is not fitted"),
        (GridSearchCV(LogisticRegression(), {"C": [1]}), "holds a sklearn.GridSearchCV that is not fitted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_fitted_estimator_is_named(value, message, tmp_path, read):
    with pytest.raises(LoadError, match=message):
        read(dump(value, tmp_path / "model.joblib"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rows.csv", b"a,b\n1,2\n", "is not a file of joblib, pickle, skops"),
        ("weights.pt", b"PK\x03\x04", "is not a file of joblib, pickle, skops"),
        ("model.pkl", b"garbage", "cannot be read: ValueError"),
        ("model.joblib", b"", "cannot be read: EOFError"),
        ("model.joblib", pickle.dumps(FITTED)[:500], "cannot be read: (EOFError|UnpicklingError)"),
        ("model.skops", b"", "is not a skops file"),
    ],
)
def test_a_file_of_another_kind_is_refused(name, content, message, tmp_path, read):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LoadError, match=message):
        read(path)


def test_a_path_to_nothing_and_to_a_folder_is_refused(tmp_path, read):
    with pytest.raises(LoadError, match="does not exist"):
        read(tmp_path / "model.joblib")
    with pytest.raises(LoadError, match="is a folder, but not an MLflow model; name the file in it"):
        read(tmp_path)
