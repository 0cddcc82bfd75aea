"""Where in a pipeline a class may stand that has a converter."""

from __future__ import annotations

import importlib
from functools import cache

from sklearn.experimental import enable_halving_search_cv  # noqa: F401  lets all_estimators find these
from sklearn.utils import all_estimators

import sepal_export.converters  # noqa: F401  registers them
from sepal_export.registry import CONVERTERS, TRANSFORMERS

# Their probabilities, if they have any, come from an option, or from CalibratedClassifierCV around them.
UNCALIBRATED = {
    "sklearn.LinearSVC", "sklearn.NuSVC", "sklearn.PassiveAggressiveClassifier", "sklearn.Perceptron",
    "sklearn.RidgeClassifier", "sklearn.RidgeClassifierCV", "sklearn.SGDClassifier", "sklearn.SVC",
    "sklearn.VotingClassifier",
}  # fmt: skip
# Without a method of its own: it predicts what the estimator inside of it does.
PREDICTS_AS_ITS_PART = {"sklearn.FrozenEstimator"}


def predictors() -> set[str]:
    """What may be exported alone, or come last."""
    return {name for name in CONVERTERS if predicts(name)} - UNCALIBRATED


def transformers() -> set[str]:
    """What changes the rows for the steps after it."""
    return {name for name in CONVERTERS if not predicts(name)} | TRANSFORMERS.keys()


def predicts(name: str) -> bool:
    return name in PREDICTS_AS_ITS_PART or hasattr(class_of(name), "predict")


def class_of(name: str) -> type:
    package, _, kind = name.partition(".")
    return sklearn_classes()[kind] if package == "sklearn" else getattr(importlib.import_module(package), kind)


@cache
def sklearn_classes() -> dict[str, type]:
    return dict(all_estimators())
