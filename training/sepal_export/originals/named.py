"""A classifier of codes whose classes have names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, is_classifier

from sepal_export.data.classes import name_of


class NamedClasses(ClassifierMixin, BaseEstimator):
    """Answers like `estimator`, with `names` [K] in place of its classes, which are the `codes` [K] in ascending order.
    Its `fit` takes names too."""

    def __init__(self, estimator: Any, codes: tuple[Any, ...], names: tuple[str, ...]) -> None:
        self.estimator = estimator
        self.codes = codes
        self.names = names

    @property
    def classes_(self) -> np.ndarray:
        return np.array(self.names)

    def __getattr__(self, name: str) -> Any:
        """Passes on what a classifier may have: `predict_proba`, `decision_function`, the names of its features."""
        if name in ("predict_proba", "decision_function", "feature_names_in_", "n_features_in_"):
            return getattr(self.estimator, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def fit(self, X: Any, y: Any) -> NamedClasses:
        codes = dict(zip(self.names, self.codes, strict=True))
        self.estimator.fit(X, np.array([codes[name] for name in np.asarray(y).tolist()]))
        return self

    def predict(self, X: Any) -> np.ndarray:
        return self.classes_[np.searchsorted(self.codes, np.ravel(self.estimator.predict(X)))]


def with_class_names(estimator: Any, given: Mapping[str, str]) -> NamedClasses:
    """`given` maps names to the codes of classes, as JSON writes them. Raises ValueError unless each class gets a name
    of its own, and if `estimator` is not a classifier."""
    if not is_classifier(estimator):
        raise ValueError(f"{type(estimator).__name__} is not a classifier, so it has no classes to name")
    names = {code: name for name, code in given.items()}
    classes = np.asarray(estimator.classes_).tolist()
    codes = [name_of(value) for value in classes]
    if len(names) < len(given) or set(names) != set(codes):
        raise ValueError(
            f"the classes of {type(estimator).__name__} are {', '.join(codes)}, but the names are for "
            f"{', '.join(given.values())}; name each class once: "
            f"--class-names {' '.join(f'NAME={code}' for code in codes)}"
        )
    return NamedClasses(estimator, tuple(classes), tuple(names[code] for code in codes))
