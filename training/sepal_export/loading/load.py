"""Loads an estimator from a file of joblib, pickle, skops, ONNX or a booster library, or from the folder of an MLflow
model."""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
import warnings
import zipfile
from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import dataclass, replace
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import joblib
import sklearn
from sklearn.base import is_classifier, is_regressor
from sklearn.exceptions import InconsistentVersionWarning, NotFittedError
from sklearn.utils.validation import check_is_fitted

import sepal_export.converters  # noqa: F401  registers the wrappers of other models
from sepal_export.data.dataset import Column
from sepal_export.estimators import ConversionError, class_name, modules_of
from sepal_export.loading.formats import Format, dump_of, format_of
from sepal_export.loading.mlflow_models import MlflowError, is_mlflow, read_mlflow
from sepal_export.loading.older import complete, refuse_change
from sepal_export.loading.origin import scikit_learn_of, to_install, xgboost_of
from sepal_export.loading.script import ScriptError, as_main
from sepal_export.originals.onnx_models import read_onnx
from sepal_export.originals.wrappers import as_estimator
from sepal_export.registry import REFUSED
from sepal_export.versions import numbers_of

PICKLES = {".joblib", ".pickle", ".pkl"}
# The first bytes of a pickle, uncompressed or compressed with gzip, zlib, bzip2, LZMA, xz or LZ4.
PICKLE_MAGIC = (
    b"\x80",
    b"\x1f\x8b",
    b"x\x01",
    b"x^",
    b"x\x9c",
    b"x\xda",
    b"BZh",
    b"]\x00\x00",
    b"\xfd7zXZ",
    b'\x04"M\x18',
)
NO_MODEL = (
    "not a file of joblib, pickle, skops, XGBoost, LightGBM or CatBoost, nor an ONNX file whose name ends with .onnx; "
    "load the estimator in Python with its own library, and save it with joblib.dump or pass it to sepal_export.export"
)
# Packages whose name differs from the module that is imported.
PACKAGES = {
    "category_encoders": "category-encoders",
    "feature_engine": "feature-engine",
    "imblearn": "imbalanced-learn",
    "sklearn": "scikit-learn",
}
# Compiled modules of scikit-learn that only report the last part of their name.
NAMELESS = {"_loss"}
# Libraries that read their own part of a file, and may fail if another version wrote it.
LIBRARIES = {"catboost", "lightgbm", "pandas", "xgboost"}


class LoadError(Exception):
    """A file from which no estimator can be loaded. The message says what to do."""


@dataclass(frozen=True)
class Loaded:
    """A fitted estimator. `fitted_by` is the version of scikit-learn that fitted it; None if that is the installed
    version or unknown. `columns` describe the features in order; empty if the file does not describe them."""

    estimator: Any
    fitted_by: str | None = None
    columns: tuple[Column, ...] = ()


def load(
    path: Path,
    *,
    trusted: Collection[str] = (),
    code: Path | None = None,
    warn: Callable[[str], None] = warnings.warn,
) -> Loaded:
    """Loads an estimator from a file, or from the folder of an MLflow model. Raises LoadError.

    Reading a skops file, an ONNX file or a booster's file runs no code. Every other file is a pickle (also joblib's),
    and reading it runs the code in it.

    `trusted` names the types that a skops file may hold besides those of scikit-learn and numpy. `code` is the script
    that ran as `__main__` when the estimator was saved."""
    if path.is_dir() and is_mlflow(path):
        try:
            model = read_mlflow(path)
        except MlflowError as error:
            raise LoadError(str(error)) from error
        return replace(load(model.file, trusted=trusted, code=code, warn=warn), columns=model.columns)
    if path.is_dir():
        raise LoadError(f"{path} is a folder, but not an MLflow model; name the file in it that holds the estimator")
    if not path.exists():
        raise LoadError(f"{path} does not exist")
    known = format_of(path)
    if is_skops(path):
        read = skops_reader(path, trusted)
    elif path.suffix == ".onnx":
        read = read_onnx
    elif known:
        read = booster_reader(known)
    elif is_pickle(path):
        warn(
            f"{path} is a pickle, and reading one can run any code; export only files from people whom you trust "
            "(a skops file runs none)"
        )
        read = joblib.load
    else:
        raise LoadError(f"{path} is {dump_of(path) or NO_MODEL}")
    try:
        with as_main(code) if code else nullcontext():
            loaded = read_by(read, path, warn)
    except ScriptError as error:
        raise LoadError(str(error)) from error
    check_estimator(loaded.estimator, path)
    refuse_newer_xgboost(loaded.estimator, path)
    return loaded


def is_skops(path: Path) -> bool:
    """Whether it is a skops file, by its name or its content. A file named .skops is never read as a pickle, whatever
    it holds, because that would run its code."""
    if path.suffix == ".skops":
        return True
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "schema.json" in archive.namelist()


def is_pickle(path: Path) -> bool:
    """Whether it is a pickle, by its first bytes or its name: the oldest pickle format can begin with any letter."""
    with path.open("rb") as file:
        return file.read(8).startswith(PICKLE_MAGIC) or path.suffix in PICKLES


def skops_reader(path: Path, trusted: Collection[str]) -> Callable[[Path], Any]:
    try:
        import skops.io
    except ModuleNotFoundError as error:
        raise LoadError("reading a skops file needs skops, which is not installed: pip install skops") from error
    try:
        types = skops.io.get_untrusted_types(file=path)
    except Exception as error:  # a reader can raise anything for a wrong file
        raise LoadError(f"{path} is not a skops file: {reason(error)}") from error
    untrusted = sorted(set(types) - set(trusted))
    if untrusted:
        raise LoadError(
            f"{path} holds objects of types that skops does not trust: {', '.join(untrusted)}. If you trust this file "
            f"and the packages that define these types, add: --trust {','.join(types)}"
        )
    return lambda file: skops.io.load(file, trusted=types)


def booster_reader(known: Format) -> Callable[[Path], Any]:
    if importlib.util.find_spec(known.package) is None:
        raise LoadError(
            f"reading {known.name} needs {known.package}, which is not installed: pip install {known.package}"
        )
    return known.read


def read_by(read: Callable[[Path], Any], path: Path, warn: Callable[[str], None]) -> Loaded:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            estimator, failure = as_estimator(read(path)), None
        except ConversionError as error:
            raise LoadError(f"{path}: {error}") from error
        except Exception as error:  # a pickle can raise anything
            estimator, failure = None, error
    versions = [
        entry.message.original_sklearn_version
        for entry in caught
        if isinstance(entry.message, InconsistentVersionWarning)
    ]
    fitted_by = versions[0] if versions else None
    if failure is not None:
        raise LoadError(explain(failure, path)) from failure
    for entry in caught:
        if issubclass(entry.category, UserWarning) and not issubclass(entry.category, InconsistentVersionWarning):
            warn(reason(entry.message))
    if fitted_by:
        try:
            refuse_change(estimator, fitted_by)
        except ConversionError as error:
            raise LoadError(f"{path}: {error}") from error
        complete(estimator)
        warn(
            f"{path} was fitted by scikit-learn {fitted_by}, but {sklearn.__version__} is installed and may answer "
            f"differently. The export is compared with the answers of {sklearn.__version__}. Better: "
            f"{to_install(fitted_by)}"
        )
    return Loaded(estimator, fitted_by)


def refuse_newer_xgboost(estimator: Any, path: Path) -> None:
    """Raises LoadError if a newer XGBoost saved the booster. An older XGBoost reads such a booster without an error,
    but may answer differently."""
    if "xgboost" not in modules_of(estimator):
        return
    package = packages_distributions()["xgboost"][0]
    written_by, in_use = xgboost_of(path), version(package)
    if written_by and numbers_of(written_by)[:2] > numbers_of(in_use)[:2]:
        raise LoadError(
            f"{path} was saved with {package} {written_by}, but {in_use} is installed and may answer differently; "
            f"pip install '{package}>={written_by}'"
        )


def explain(error: Exception, path: Path) -> str:
    made_by = scikit_learn_of(path)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"{path} needs {explain_module(error.name, made_by)}"
    lost = re.match(r"Can't get attribute '(.+?)' on <module '(.+?)'", str(error))
    if lost and lost[2].rpartition(".")[2] == "__main__":
        return (
            f"{path} needs {lost[1]}, which was defined in a script or a notebook and is not in the file; name the "
            "script that fitted the estimator: --code train.py (first turn a notebook into a script with `jupyter "
            "nbconvert --to script`)"
        )
    if lost and lost[2] == sys.modules["__main__"].__name__:
        return (
            f"{path} needs {lost[1]}, which {Path(sys.modules['__main__'].__file__).name} does not define outside of "
            "functions; give --code the script that fitted the estimator"
        )
    if lost:
        advice = of_another_version(lost[2].partition(".")[0], made_by)
        return f"{path} needs {lost[1]}, which the module {lost[2]} of this environment does not have: {advice}"
    raised_in = "numpy" if "is not a known BitGenerator module" in str(error) else package_of(error)
    if raised_in or is_other(made_by):
        return f"{path} cannot be read ({reason(error)}): {of_another_version(raised_in or 'sklearn', made_by)}"
    return f"{path} cannot be read: {reason(error)}"


def explain_module(module: str, made_by: str | None) -> str:
    top = "sklearn" if module in NAMELESS else module.partition(".")[0]
    if importlib.util.find_spec(top) is not None:
        advice = of_another_version(top, made_by)
        return f"the module {module}, which the {top} of this environment does not have: {advice}"
    package = PACKAGES.get(top, top)
    return (
        f"the module {top}, which is not installed: pip install {package}, or, if it is a file of your own, add its "
        "folder to PYTHONPATH"
    )


def is_other(version: str | None) -> bool:
    return version not in (None, sklearn.__version__)


def of_another_version(top: str, made_by: str | None) -> str:
    """Says that another version of the package of the module `top` saved the file, and what to do."""
    packages = packages_distributions().get(top)
    if not packages:
        return "fit and save the estimator again with the module as it is now"
    package, in_use = packages[0], version(packages[0])
    needs_numpy_2 = top == "numpy" and in_use.startswith("1.")
    if is_other(made_by) and (needs_numpy_2 or top == "sklearn"):
        advice = to_install(made_by, numpy="numpy>=2" if needs_numpy_2 else "")
        return f"the estimator was fitted by scikit-learn {made_by}, but {sklearn.__version__} is installed; {advice}"
    if needs_numpy_2:
        return f"the file was saved with numpy 2, but {in_use} is installed; pip install 'numpy>=2'"
    return (
        f"the file was saved with a version of {package} other than the installed {in_use}, and does not say which; "
        "install the version that `pip freeze` shows where the file was saved, or fit and save the estimator again"
    )


def package_of(error: Exception) -> str:
    """The library of LIBRARIES whose code raised the error; empty for any other code."""
    frames = [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)]
    top = frames[-1].partition(".")[0] if frames else ""
    return top if top in LIBRARIES else ""


def reason(error: Exception | Warning) -> str:
    """The reason in one line."""
    text = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def predicts(estimator: Any) -> bool:
    """Whether it predicts: a classifier, a regressor, a ranker, an outlier detector, a clusterer or a mixture. A
    Pipeline does if its last step does. A clusterer that only labels its own training rows does not."""
    return is_classifier(estimator) or is_regressor(estimator) or hasattr(estimator, "predict")


def check_estimator(estimator: Any, path: Path) -> None:
    kind = class_name(estimator).removeprefix("builtins.")
    if isinstance(estimator, type):
        raise LoadError(f"{path} holds the class {estimator.__qualname__}, not an estimator; save a fitted one")
    if isinstance(estimator, dict) and "test_score" in estimator:
        raise LoadError(
            f"{path} holds a result of cross_validate, whose estimators were each fitted to a part of the rows; fit "
            "the estimator to all rows, and save that"
        )
    if isinstance(estimator, dict | list | tuple):
        raise LoadError(f"{path} holds a {kind}, not an estimator; save the fitted estimator alone")
    if not hasattr(estimator, "get_params"):
        raise LoadError(f"{path} holds a {kind}, not an estimator with scikit-learn's interface; save one with it")
    if not predicts(estimator):
        raise LoadError(f"{path} holds a {kind}, which predicts nothing; {to_predict(estimator)}")
    try:
        check_is_fitted(estimator)
    except NotFittedError as error:
        raise LoadError(f"{path} holds a {kind} that is not fitted; fit it before you save it") from error
    check_steps(estimator, path)


def to_predict(estimator: Any) -> str:
    if getattr(estimator, "novelty", None) is False:
        return "fit it with novelty=True, so that it predicts rows that it was not fitted to"
    return REFUSED.get(class_name(estimator), "save the estimator that predicts, or a Pipeline that ends with it")


def check_steps(estimator: Any, path: Path) -> None:
    """Raises LoadError if a step of a Pipeline is of a class in REFUSED. This is checked before the rows are read: for
    example, a text step that does not fit the table would otherwise cause a misleading error about the table."""
    for name, step in getattr(getattr(estimator, "best_estimator_", estimator), "steps", ()):
        if class_name(step) in REFUSED:
            reason = REFUSED[class_name(step)]
            raise LoadError(f"{type(step).__name__} in the step {name!r} of {path} cannot be exported: {reason}")
