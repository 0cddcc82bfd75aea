"""Estimators fitted by another version of scikit-learn: what the installed version would misread, and what they
lack."""

from __future__ import annotations

import inspect
from operator import attrgetter
from typing import Any

import sklearn

from sepal_export.estimators import ConversionError, class_name, estimators_in
from sepal_export.loading.origin import to_install
from sepal_export.versions import SKLEARN, numbers_of

# By class: the first version of scikit-learn that silently answers differently from the same state.
ANSWERS_CHANGED = {
    "sklearn.AdaBoostClassifier": "1.6",
    "sklearn.CCA": "1.5",
    "sklearn.DecisionTreeClassifier": "1.4",
    "sklearn.ExtraTreeClassifier": "1.4",
    "sklearn.PLSCanonical": "1.5",
    "sklearn.PLSRegression": "1.5",
}
# By class: attributes that a newer scikit-learn reads, and the older attributes that hold the same.
RENAMED: dict[str, dict[str, str]] = {
    "sklearn.ClassifierChain": {"estimator": "base_estimator"},
    "sklearn.RegressorChain": {"estimator": "base_estimator"},
    "sklearn.RidgeClassifier": {"classes_": "_label_binarizer.classes_"},
    "sklearn.RidgeClassifierCV": {"classes_": "_label_binarizer.classes_"},
    "sklearn.SimpleImputer": {"_fill_dtype": "_fit_dtype"},
}


def refuse_change(estimator: Any, fitted_by: str | None = None) -> None:
    """Raises ConversionError if the installed scikit-learn would misread a part of the estimator without an error.
    `fitted_by` is the version that fitted it, if known."""
    for part in estimators_in(estimator):
        name = class_name(part)
        if name in ANSWERS_CHANGED and is_misread(part, name, fitted_by):
            change = ANSWERS_CHANGED[name]
            by = fitted_by or f"older than {change}"
            raise ConversionError(
                f"it was fitted by scikit-learn {by}, but {sklearn.__version__} is installed, and "
                f"{name.removeprefix('sklearn.')} changed its answers in {change}; "
                f"{to_install(fitted_by) if fitted_by else 'export it where it was fitted'}"
            )


def is_misread(part: Any, name: str, fitted_by: str | None) -> bool:
    change = numbers_of(ANSWERS_CHANGED[name])
    if name == "sklearn.AdaBoostClassifier" and change <= SKLEARN:
        # Before 1.6, SAMME.R added logarithms of probabilities. SAMME has not changed.
        return vars(part).get("algorithm") == "SAMME.R"
    return fitted_by is not None and (numbers_of(fitted_by) < change) != (change > SKLEARN)


def complete(estimator: Any) -> None:
    """Adds what an older scikit-learn did not store: newer parameters, whose defaults mean the old behaviour, and
    renamed attributes. Without them, some methods raise AttributeError."""
    for part in list(estimators_in(estimator)):
        if class_name(part).partition(".")[0] != "sklearn":
            continue
        for name, parameter in inspect.signature(type(part).__init__).parameters.items():
            if parameter.default is not inspect.Parameter.empty and name not in vars(part):
                setattr(part, name, parameter.default)
        for name, older in RENAMED.get(class_name(part), {}).items():
            # A part of which a clone was fitted, as in ColumnTransformer, has neither attribute.
            if not hasattr(part, name) and hasattr(part, older.partition(".")[0]):
                setattr(part, name, attrgetter(older)(part))
