"""Wraps results of statsmodels as estimators. They have `predict` and no other part of scikit-learn's interface."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from sepal_export.estimators import ConversionError, class_name
from sepal_export.originals.formula_variables import variables_of
from sepal_export.originals.wrappers import original

LINEAR = {"GLS", "GLSAR", "OLS", "QuantReg", "RLM", "WLS"}
OF_COUNTS = {"GeneralizedPoisson", "NegativeBinomial", "NegativeBinomialP", "Poisson"}
WITH_LINK = {"GEE", "GLM"}
OF_TWO_CLASSES = {"Logit", "Probit"}
OF_CLASSES = {"MNLogit"}
# The classes of results. They do not have a separate name for every model.
KINDS = (
    "Beta", "Binary", "Count", "GEE", "GLM", "GLMGam", "GeneralizedPoisson", "HurdleCount", "Logit", "MixedLM",
    "Multinomial", "NegativeBinomial", "NegativeBinomialP", "NominalGEE", "OLS", "Ordered", "OrdinalGEE", "Poisson",
    "Probit", "QuantReg", "RLM", "Regression", "Regularized", "TruncatedLFGeneric", "ZeroInflatedGeneralizedPoisson",
    "ZeroInflatedNegativeBinomial", "ZeroInflatedPoisson",
)  # fmt: skip
RESULTS = [
    f"statsmodels.{prefix}{kind}Results{suffix}"
    for kind in KINDS
    for prefix in ("", "L1")
    for suffix in ("", "Wrapper")
]
# Options that from_formula creates from the formula, so they must not be passed to it.
OF_FORMULA = ("formula", "missing_idx", "model_spec")


class Results(BaseEstimator):
    """Answers like `results.predict` for rows [N, F] in a frame or an array: those of `exog`, with or without a
    constant column, which is added if needed; for a formula, a frame of its variables."""

    LIBRARY = "statsmodels"

    def __init__(self, results: Any) -> None:
        self.results = results

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def fit(self, X: Any, y: Any) -> Results:
        """Fits like the results were fitted. Raises ValueError if that took more than X and y."""
        model = self.results.model
        options = {name: value for name, value in model._get_init_kwds().items() if value is not None}
        given = [name for name, value in options.items() if len(np.shape(value)) and np.ptp(value) > 0]
        if given:
            raise ValueError(f"it was fitted with {', '.join(given)} of the rows, which are not among the features")
        options = {name: value for name, value in options.items() if name not in OF_FORMULA and not np.ndim(value)}
        if self.design is None:
            again = type(model)(np.asarray(y), self.exog_of(X), **options)
        else:
            again = type(model).from_formula(model.formula, X.assign(**{model.endog_names: np.asarray(y)}), **options)
        how = {"q": self.results.q} if class_name(model) == "statsmodels.QuantReg" else {}
        return type(self)(again.fit(**how, **({"disp": 0} if "discrete" in type(model).__module__ else {})))

    def answers(self, X: Any) -> np.ndarray:
        """[N], or [N, K] for several classes."""
        if self.design is None:
            return np.asarray(self.results.predict(self.exog_of(X)))
        self.check_names(X, [self.feature_names_in_])
        try:
            return np.asarray(self.results.predict(X))
        except Exception as error:  # patsy's errors are not a ValueError
            raise ValueError(f"the formula has no value for some of the rows: {error}") from error

    @cached_property
    def design(self) -> Any:
        """How the columns are computed from a formula's variables; None without a formula."""
        model = self.results.model
        if not hasattr(model, "formula"):
            return None
        return getattr(model, "model_spec", None) or model.data.model_spec

    @cached_property
    def variables(self) -> Any:
        """The variables of the formula."""
        return variables_of(self.design, self.results.model.data)

    @cached_property
    def params(self) -> np.ndarray:
        """[W], or [W, K - 1] for K classes: the columns' parameters, without those that are not multiplied by a
        column."""
        params = np.asarray(self.results.params, dtype=np.float64)
        return params[: len(params) - getattr(self.results.model, "k_extra", 0)]

    @cached_property
    def column_names(self) -> list[str] | None:
        """The names of all columns; None if the fit got an array, or its data was removed."""
        index = getattr(self.results.params, "index", [])
        names = [str(name) for name in index[: len(self.params)]]
        return names if names and not isinstance(index, pd.RangeIndex) else None

    @cached_property
    def constant(self) -> tuple[int, float] | None:
        """The column that was constant in the fit, such as that of `add_constant`, and its value."""
        model = self.results.model
        place = getattr(model.data, "const_idx", None)
        if self.design is not None or place is None:
            return None
        return place, 1.0 if self.is_without_data else float(model.exog[0, place])

    @property
    def is_without_data(self) -> bool:
        """Whether `remove_data` also removed the names of the columns, and the value of the constant one."""
        return self.results.model.exog is None

    @property
    def feature_names_in_(self) -> np.ndarray:
        if self.design is not None:
            return np.array(self.variables.names, dtype=object)
        if self.column_names is None:
            raise AttributeError("it was fitted to an array")
        return np.array(self.without_constant(self.column_names), dtype=object)

    @property
    def n_features_in_(self) -> int:
        if self.design is not None:
            return len(self.feature_names_in_)
        return len(self.params) - (self.constant is not None and not self.is_without_data)

    def without_constant(self, columns: list[Any]) -> list[Any]:
        return [name for place, name in enumerate(columns) if self.constant is None or place != self.constant[0]]

    def exog_of(self, X: Any) -> np.ndarray:
        """[N, W], with the constant column."""
        if isinstance(X, pd.DataFrame) and self.column_names is not None:
            self.check_names(X, [self.without_constant(self.column_names), self.column_names])
        exog = np.asarray(X, dtype=np.float64)
        if self.constant is None or exog.shape[1] == len(self.params):
            return exog
        if self.is_without_data:
            raise ValueError(
                "its data was removed, and with it the value of its constant column; give it all columns, also that one"
            )
        return np.insert(exog, self.constant[0], self.constant[1], axis=1)

    def check_names(self, X: Any, known: list[Any]) -> None:
        names = [str(name) for name in X.columns] if isinstance(X, pd.DataFrame) else []
        if names not in [list(each) for each in known]:
            wanted = ", ".join(map(repr, known[0]))
            raise ValueError(f"it takes a frame of the columns {wanted}, in this order: give it X[[{wanted}]]")


class StatsmodelsRegressor(RegressorMixin, Results):
    def predict(self, X: Any) -> np.ndarray:
        return self.answers(X)


class StatsmodelsClassifier(ClassifierMixin, Results):
    """A multinomial model, whose `predict` returns probabilities. The label is the first of the largest."""

    @cached_property
    def classes_(self) -> np.ndarray:
        model = self.results.model
        names = [model._ynames_map[place] for place in range(len(model._ynames_map))]
        y = model.data.orig_endog
        if y is None or np.ndim(y) != 1 or np.asarray(y).dtype.kind not in "biuf":
            return np.array(names)
        # statsmodels stores them as texts.
        return np.unique(np.asarray(y))

    def predict_proba(self, X: Any) -> np.ndarray:
        return self.answers(X)

    def predict(self, X: Any) -> np.ndarray:
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


@original(*RESULTS)
def estimator_of(results: Any) -> Results:
    """The estimator of results. Raises ConversionError if the model has no converter."""
    package, _, name = class_name(results.model).partition(".")
    known = LINEAR | OF_COUNTS | WITH_LINK | OF_TWO_CLASSES | OF_CLASSES
    if package != "statsmodels" or name not in known:
        raise ConversionError(
            f"the results of {name} cannot be exported: this model has no converter; "
            f"the models that have one are {', '.join(sorted(known))}"
        )
    return StatsmodelsClassifier(results) if name in OF_CLASSES else StatsmodelsRegressor(results)
