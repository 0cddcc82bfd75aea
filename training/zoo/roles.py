"""Where in a pipeline a class may stand that has a converter."""

from __future__ import annotations

import importlib
from functools import cache

from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401  lets all_estimators find these
from sklearn.utils import all_estimators

import sepal_export.converters  # noqa: F401  registers them
from sepal_export.registry import CONVERTERS, TRANSFORMERS

# Without a method of its own: it predicts what the estimator inside of it does.
PREDICTS_AS_ITS_PART = {"sklearn.FrozenEstimator"}
# By package: the modules that have its classes, where it has not all of them itself.
MODULES = {
    "category_encoders": ("wrapper",),
    "feature_engine": (
        "creation", "datetime", "discretisation", "encoding", "imputation", "outliers", "pipeline", "preprocessing",
        "scaling", "selection", "transformation", "wrappers",
    ),
    "imblearn": ("ensemble", "pipeline"),
    "interpret": ("glassbox", "privacy"),
}  # fmt: skip


def predictors() -> set[str]:
    """What may be exported alone, or come last."""
    return {name for name in CONVERTERS if not stands_for_another(name) and predicts(name)}


def transformers() -> set[str]:
    """What changes the rows for the steps after it."""
    return {name for name in CONVERTERS if not stands_for_another(name) and not predicts(name)} | TRANSFORMERS.keys()


def stands_for_another(name: str) -> bool:
    """Whether it is made of what has no interface of scikit-learn's (see originals/), and by nobody else."""
    return name.startswith("sepal_export.")


def predicts(name: str) -> bool:
    return name in PREDICTS_AS_ITS_PART or hasattr(class_of(name), "predict")


def class_of(name: str) -> type:
    package, _, kind = name.partition(".")
    if package == "sklearn":
        return sklearn_classes()[kind]
    modules = [importlib.import_module(f"{package}.{module}") for module in MODULES.get(package, ())]
    return next(
        getattr(module, kind) for module in (importlib.import_module(package), *modules) if hasattr(module, kind)
    )


@cache
def sklearn_classes() -> dict[str, type]:
    return dict(all_estimators())
