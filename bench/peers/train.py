"""Fits the logistic regression that every peer serves, as training/iris.py does, and pickles it.

python train.py model.pickle
"""

import pickle
import sys

from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main(out: str) -> None:
    iris = load_iris()
    estimator = make_pipeline(StandardScaler(), LogisticRegression())
    estimator.fit(iris.data, iris.target_names[iris.target])
    with open(out, "wb") as file:
        pickle.dump(estimator, file)


if __name__ == "__main__":
    main(sys.argv[1])
