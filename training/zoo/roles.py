"""The positions in a pipeline that a class with a converter may take."""

from __future__ import annotations

import importlib
from functools import cache

from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401  lets all_estimators find these
from sklearn.utils import all_estimators

import sepal_export.converters  # noqa: F401  registers them
from sepal_export.registry import CONVERTERS, TRANSFORMERS

# Classes without a predict method of their own. They predict if their inner estimator does.
PREDICTS_AS_ITS_PART = {"sklearn.FrozenEstimator"}
# Maps a package to the modules that hold its classes, if the package itself does not export them all.
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
    """The classes that may be exported alone, or be the last step."""
    return {name for name in CONVERTERS if not stands_for_another(name) and predicts(name)}


def transformers() -> set[str]:
    """The classes that transform rows for later steps."""
    return {name for name in CONVERTERS if not stands_for_another(name) and not predicts(name)} | TRANSFORMERS.keys()


def stands_for_another(name: str) -> bool:
    """Whether the class is our own wrapper for models without scikit-learn's interface (see originals/)."""
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
