"""What `check` does in each environment: exports pipelines, or reads the pickles that another environment left.

python pipelines.py export FOLDER    # writes FOLDER/NAME.joblib, NAME.csv and NAME.npy (the answers) too
python pipelines.py read FOLDER      # each must be read as it was saved, or refused with a command that helps
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import joblib
import numpy as np
import pandas as pd
import sklearn
from lightgbm import LGBMClassifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    AdaBoostClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

import churn
import iris
from sepal_export import export
from sepal_export.__main__ import main
from sepal_export.data.predictions import predictions_of
from sepal_export.loading.load import load
from sepal_export.versions import SKLEARN, numbers_of
from zoo import data

SEED = {"random_state": 0}
TARGET = "answer"


def of_mixed(encoder: Any, estimator: Any) -> Any:
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), ["weight", "count"]),
            (make_pipeline(SimpleImputer(strategy="most_frequent"), encoder), ["colour", "size"]),
            remainder="passthrough",
        ),
        estimator,
    )


# Maps a name to an estimator, and to the data that it is fitted to.
PIPELINES = {
    "logistic": (make_pipeline(StandardScaler(), LogisticRegression()), data.iris),
    "tree": (DecisionTreeClassifier(**SEED), data.iris),
    "forest": (RandomForestClassifier(20, **SEED), data.wine),
    "extra-trees": (ExtraTreesRegressor(10, max_depth=8, **SEED), data.diabetes),
    "boosting": (GradientBoostingClassifier(n_estimators=20, **SEED), data.breast_cancer),
    "boosting-of-values": (GradientBoostingRegressor(n_estimators=20, **SEED), data.diabetes),
    "histogram": (HistGradientBoostingClassifier(max_iter=20, **SEED), data.gaps),
    "histogram-of-values": (HistGradientBoostingRegressor(max_iter=20, **SEED), data.diabetes),
    "ada-boost": (AdaBoostClassifier(n_estimators=10, **SEED), data.iris),
    "calibrated": (CalibratedClassifierCV(make_pipeline(StandardScaler(), SVC()), cv=3), data.iris),
    "components": (make_pipeline(StandardScaler(), PCA(5, **SEED), LogisticRegression()), data.wine),
    "least-squares": (PLSRegression(2), data.diabetes),
    "one-hot": (of_mixed(OneHotEncoder(handle_unknown="ignore"), LogisticRegression()), data.mixed),
    "ordinal": (of_mixed(OrdinalEncoder(), HistGradientBoostingClassifier(max_iter=20, **SEED)), data.mixed),
    "target": (of_mixed(TargetEncoder(**SEED), LogisticRegression()), data.mixed),
    "xgboost": (XGBClassifier(n_estimators=20, n_jobs=1), data.gaps),
    "lightgbm": (LGBMClassifier(n_estimators=20, n_jobs=1, verbose=-1), data.gaps),
}


def frame_of(X: Any) -> pd.DataFrame:
    return X if isinstance(X, pd.DataFrame) else pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])


def export_all(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "scikit-learn").write_text(sklearn.__version__)
    with contextlib.redirect_stdout(io.StringIO()):
        iris.main(folder / "iris")
        churn.main(folder / "churn")
    for name, (estimator, of) in PIPELINES.items():
        X, y = frame_of(of().X), of().y
        estimator.fit(X, y)
        manifest = export(estimator, X, y, name=name, version="1.0.0", out=folder / name, metrics=False)
        print(f"{name}: exported, within {manifest['parity']['largest_error']:.0e}")
        joblib.dump(estimator, folder / f"{name}.joblib")
        X.assign(**{TARGET: y}).to_csv(folder / f"{name}.csv", index=False)
        np.save(folder / f"{name}.npy", predictions_of(estimator, X).scores)


def read_all(folder: Path) -> None:
    written_by = (folder / "scikit-learn").read_text()
    outcomes = {name: read(folder, name, written_by) for name in PIPELINES}
    for name, outcome in outcomes.items():
        print(f"{name}: {outcome}")
    if numbers_of(written_by) < SKLEARN and "exported" not in outcomes.values():
        sys.exit("none could be read")


def read(folder: Path, name: str, written_by: str) -> str:
    """Exports the pickle by the command line. Then loads it, and compares its answers with the saved ones."""
    path, errors = folder / f"{name}.joblib", io.StringIO()
    with TemporaryDirectory() as out, contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        options = ["--data", f"{folder / name}.csv", "--target", TARGET, "--name", name, "--no-metrics"]
        code = main([str(path), *options, "--out", f"{out}/{name}"])
    if code:
        # The refusal advises another scikit-learn, or for a file that does not name one, another numpy or XGBoost.
        lines = (f"pip install 'scikit-learn=={written_by}'", "pip install 'numpy>=2'", "pip install 'xgboost")
        assert any(line in errors.getvalue() for line in lines), (name, errors.getvalue())
        return "refused, with what to install"
    estimator = load(path, warn=lambda text: None).estimator
    answers = predictions_of(estimator, frame_of(PIPELINES[name][1]().X)).scores
    np.testing.assert_allclose(answers, np.load(folder / f"{name}.npy"), rtol=0, atol=1e-9, err_msg=name)
    return "exported"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    {"export": export_all, "read": read_all}[sys.argv[1]](Path(sys.argv[2]))
