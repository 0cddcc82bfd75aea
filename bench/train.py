"""Fits the models of the batches, pickles each, and exports each as a package for Sepal.

PYTHONPATH=. training/run python ../bench/train.py ../dist/bench/models
"""

import pickle
import sys
from pathlib import Path

from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import export

NAMES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
ESTIMATORS = {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "forest": RandomForestClassifier(n_estimators=100, random_state=0),
    "boosted": HistGradientBoostingClassifier(max_iter=100, random_state=0),
}


def main(out: Path) -> None:
    iris = load_iris()
    X, y = iris.data, iris.target_names[iris.target]
    for name, estimator in ESTIMATORS.items():
        estimator.fit(X, y)
        (out / name).mkdir(parents=True, exist_ok=True)
        with open(out / name / "model.pickle", "wb") as file:
            pickle.dump(estimator, file)
        export(estimator, X, y, name=name, version="1.0.0", features=NAMES, out=out / name, metrics=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
