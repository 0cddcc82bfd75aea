"""Fits and exports large models on made-up data: forests of about 10, 50 and 150 MB, and a neural network of 50 MB.

PYTHONPATH=. training/run python ../bench/models/train_large.py ../dist/bench/models
"""

import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.neural_network import MLPRegressor

from sepal_export import export

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(20_000, 8))
Y = RANDOM.normal(size=20_000)
# Each leaf holds one row: a tree takes 0.7 MB.
TREES = {"forest-10": 15, "forest-50": 75, "forest-150": 225}
# Two layers of equal size. Any shape would do, because only the size of the model matters here.
NETWORK = MLPRegressor(hidden_layer_sizes=(2_500, 2_500), max_iter=1, random_state=0)


def main(out: Path) -> None:
    for name, trees in TREES.items():
        write(out / name, ExtraTreesRegressor(trees, max_features=1, random_state=0).fit(X, Y))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Stochastic Optimizer: Maximum iterations")
        write(out / "network-50", NETWORK.fit(X[:100], Y[:100]))


def write(out: Path, estimator) -> None:
    if (out / "SHA256SUMS").exists():
        return
    export(estimator, X[:100], Y[:100], name=out.name, version="1.0.0", out=out, metrics=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
