"""Fits the models that are explained, pickles each, and exports each as a package for Sepal.

PYTHONPATH=. training/run python ../bench/models/train_explain.py ../dist/bench/models
"""

import sys
from pathlib import Path

from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from train import ESTIMATORS, IRISES, NAMES, write

import churn


def main(out: Path) -> None:
    write(out / "explained-iris", ESTIMATORS["logistic"], *IRISES, NAMES)
    X, y = churn.generate()
    write(out / "explained-churn", churn.build(), X, y, list(X.columns))
    cancer = load_breast_cancer()
    forest = RandomForestClassifier(n_estimators=100, random_state=0)
    write(out / "explained-forest", forest, cancer.data, cancer.target_names[cancer.target], list(cancer.feature_names))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
