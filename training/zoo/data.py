"""Data sets that scikit-learn ships, and generated tables of mixed types. None is downloaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets


@dataclass(frozen=True)
class Data:
    """`y` is None for outlier detectors and clusterers, which are fitted without a target."""

    X: Any
    y: np.ndarray | None


def named(load: Callable) -> Data:
    bunch = load()
    return Data(bunch.data, bunch.target_names[bunch.target])


@cache
def iris() -> Data:
    return named(datasets.load_iris)


@cache
def wine() -> Data:
    bunch = datasets.load_wine()
    return Data(bunch.data, bunch.target)


@cache
def breast_cancer() -> Data:
    return named(datasets.load_breast_cancer)


@cache
def benign() -> Data:
    """Breast cancer with labels that are booleans, and measurements in float32."""
    bunch = datasets.load_breast_cancer(as_frame=True)
    return Data(bunch.data.astype(np.float32), bunch.target.to_numpy() == 1)


@cache
def digits() -> Data:
    bunch = datasets.load_digits()
    return Data(bunch.data, bunch.target)


@cache
def diabetes() -> Data:
    return Data(*datasets.load_diabetes(return_X_y=True, scaled=False))


@cache
def gaps() -> Data:
    """Wine with a tenth of its values missing."""
    X, y = wine().X.copy(), wine().y
    X[np.random.default_rng(1).random(X.shape) < 0.1] = np.nan
    return Data(X, y)


@cache
def fifty() -> Data:
    """Fifty classes."""
    X, y = datasets.make_classification(
        2_000, 12, n_informative=10, n_redundant=0, n_classes=50, n_clusters_per_class=1, class_sep=2, random_state=0
    )
    return Data(X, np.array([f"class {number:02}" for number in range(50)])[y])


@cache
def mixed() -> Data:
    """Numbers with gaps, whole numbers, booleans and strings with gaps; two classes."""
    random = np.random.default_rng(3)
    rows = 1_000
    colour = random.choice(["red", "green", "blue", "none of these"], rows).astype(object)
    size = random.choice(["S", "M", "L"], rows)
    weight = np.round(random.lognormal(1, 0.6, rows), 3)
    count = random.poisson(4, rows)
    fresh = random.random(rows) < 0.5
    score = (colour == "red") * 1.5 + (size == "L") - 0.4 * weight + 0.3 * count * fresh
    y = np.where(score + random.normal(size=rows) > np.median(score), "yes", "no")
    colour[random.random(rows) < 0.1] = np.nan
    weight[random.random(rows) < 0.1] = np.nan
    return Data(pd.DataFrame({"colour": colour, "size": size, "weight": weight, "count": count, "fresh": fresh}), y)


@cache
def mixed_values() -> Data:
    """The same columns with a value to predict."""
    table = mixed().X
    y = 3 * table["count"] + table["weight"].fillna(2) ** 2 + 5 * (table["size"] == "L") + 2 * table["fresh"]
    return Data(table, y.to_numpy() + np.random.default_rng(4).normal(size=len(table)))


@cache
def iris_alone() -> Data:
    return Data(iris().X, None)


@cache
def two_irises() -> Data:
    """The two species that are hard to tell apart."""
    X, y = iris().X[50:], iris().y[50:]
    return Data(X, y)


@cache
def two_codes() -> Data:
    return Data(two_irises().X, (two_irises().y == "virginica").astype(int))


@cache
def rare_iris() -> Data:
    """Irises with few rows of one species."""
    rows = np.r_[:50, 50:70, 100:150]
    return Data(iris().X[rows], iris().y[rows])


@cache
def iris_with_gaps() -> Data:
    X = iris().X.copy()
    X[np.random.default_rng(2).random(X.shape) < 0.1] = np.nan
    return Data(X, iris_values().y)


@cache
def iris_values() -> Data:
    """The number of the species, as a value."""
    return Data(iris().X, np.repeat([0.0, 1.0, 2.0], 50))


@cache
def iris_codes() -> Data:
    """The number of the species, as a class or a rank."""
    return Data(iris().X, np.repeat([0, 1, 2], 50))


@cache
def counts() -> Data:
    return Data(np.floor(iris().X), iris().y)


@cache
def diabetes_of_four() -> Data:
    return Data(diabetes().X[:200, 2:6], diabetes().y[:200])


@cache
def one_column() -> Data:
    return Data(diabetes().X[:200, 2:3], diabetes().y[:200])


@cache
def two_values() -> Data:
    X, y = diabetes_of_four().X, diabetes_of_four().y
    return Data(X, np.stack([y, X[:, 0] * 2 + y / 10], axis=1))


@cache
def two_labels() -> Data:
    """The species, by its number, and whether its sepals are long."""
    X = iris().X
    return Data(X, np.stack([np.repeat([0, 1, 2], 50), (X[:, 0] > 5.8).astype(int)], axis=1))


@cache
def two_flags() -> Data:
    """Whether petals are long, and whether sepals are."""
    X = iris().X
    return Data(X, np.stack([X[:, 2] > 4.5, X[:, 0] > 5.8], axis=1).astype(int))


@cache
def products() -> Data:
    """A kernel: the product of each pair of rows."""
    X = iris_values().X[::3]
    return Data(X @ X.T, iris_values().y[::3])


@cache
def images() -> Data:
    bunch = datasets.load_digits()
    return Data(bunch.images[:50], bunch.target[:50])


@cache
def strings() -> Data:
    """Two columns of strings, and a value."""
    table = mixed().X[["size"]].assign(taste=np.where(mixed().X["fresh"], "sour", "sweet"))
    return Data(table, mixed_values().y)


@cache
def records() -> Data:
    """Rows as dictionaries, as DictVectorizer takes them."""
    return Data(strings().X.assign(count=mixed().X["count"]).to_dict("records"), mixed_values().y)
