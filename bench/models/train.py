"""Fits the models of the batches and the tables, pickles each, and exports each as a package for Sepal.

PYTHONPATH=. training/run python ../bench/models/train.py ../dist/bench/models logistic churn
"""

import pickle
import sys
from pathlib import Path

from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import churn
from sepal_export import export

NAMES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
IRIS = load_iris()
IRISES = (IRIS.data, IRIS.target_names[IRIS.target])
ESTIMATORS = {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "forest": RandomForestClassifier(n_estimators=100, random_state=0),
    "boosted": HistGradientBoostingClassifier(max_iter=100, random_state=0),
}


def main(out: Path, *names: str) -> None:
    for name in names:
        if name == "churn":
            X, y = churn.generate()
            write(out / name, churn.build(), X, y, list(X.columns))
        else:
            write(out / name, ESTIMATORS[name], *IRISES, NAMES)


def write(out: Path, estimator, X, y, features) -> None:
    estimator.fit(X, y)
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "model.pickle", "wb") as file:
        pickle.dump(estimator, file)
    export(estimator, X, y, name=out.name, version="1.0.0", features=features, out=out, metrics=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
