"""Random pipelines: a seed determines the steps, estimators, options and enclosing estimators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_extraction import DictVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from zoo import random_estimators, random_libraries
from zoo.data import Data
from zoo.random_data import FORMS, data_of, in_form, strings_of
from zoo.random_steps import encoder_of, imputer_of, step_of

KINDS = {"value": 0.3, "label": 0.4, "values": 0.1, "labels": 0.07, "outliers": 0.06, "clusters": 0.07}


@dataclass(frozen=True)
class Drawn:
    """The unfitted estimator of a seed, and its data."""

    data: Data
    estimator: Any


def drawn_by(seed: int, attempt: int) -> Drawn:
    random = np.random.default_rng([seed, attempt])
    kind = str(random.choice(list(KINDS), p=list(KINDS.values())))
    strings, gaps, positive = (bool(random.random() < share) for share in (0.35, 0.3, 0.25))
    target = "nothing" if kind in ("outliers", "clusters") else kind
    data = data_of(random, target, positive=positive, strings=strings, gaps=gaps)
    if strings and kind in ("value", "label") and random.random() < 0.3:
        X = in_form(data.X, "categories")
        return Drawn(Data(X, data.y), random_libraries.of_categories(random, kind, X))
    form = str(random.choice(FORMS)) if random.random() < 0.3 else None
    return in_form_of(random, data, form if form and not gaps else None, kind, strings=strings, gaps=gaps)


def in_form_of(
    random: np.random.Generator, data: Data, form: str | None, kind: str, *, strings: bool, gaps: bool
) -> Drawn:
    predictor = estimator_of(random, kind)
    if form == "records":
        first = [DictVectorizer(sparse=bool(random.random() < 0.3))]
    elif strings:
        form = "polars" if form == "polars" else None
        first = [by_type(random, data.X, kind, gaps=gaps)]
    elif form == "sparse":
        first = [MaxAbsScaler()] if random.random() < 0.3 else []
    else:
        # Without an imputer, some estimators take the missing values, and others refuse the fit.
        first = [imputer_of(random)] if gaps and random.random() < 0.8 else []
    X = in_form(data.X, form) if form else data.X
    steps = [*first, *(step_of(random, kind) for _ in range(int(random.choice([0, 1, 1, 2]))))]
    if isinstance(predictor, random_libraries.ALONE):
        return Drawn(Data(X, data.y), predictor)
    return Drawn(Data(X, data.y), make_pipeline(*steps, predictor) if steps else predictor)


def by_type(random: np.random.Generator, X: Any, kind: str, *, gaps: bool) -> Any:
    """A ColumnTransformer that encodes strings and fills gaps."""
    strings = strings_of(X)
    numbers = [name for name in X.columns if name not in strings]
    filled = [SimpleImputer(strategy="most_frequent")] if gaps else []
    scaled = make_pipeline(imputer_of(random), StandardScaler()) if gaps else StandardScaler()
    words = make_pipeline(*filled, encoder_of(random, kind))
    return make_column_transformer((scaled, numbers), (words, strings), remainder="passthrough")


def estimator_of(random: np.random.Generator, kind: str) -> Any:
    if kind in ("outliers", "clusters"):
        return random_estimators.of(random, kind)
    if kind in ("values", "labels"):
        return of_several(random, kind)
    plain = random_estimators.of(random, kind)
    if random.random() < 0.6 or isinstance(plain, random_libraries.ALONE):
        return plain
    return around(random, plain, kind)


def of_several(random: np.random.Generator, kind: str) -> Any:
    one = random_estimators.of(random, "value" if kind == "values" else "label")
    wrappers = [MultiOutputRegressor, RegressorChain] if kind == "values" else [MultiOutputClassifier, ClassifierChain]
    if random.random() < 0.5:
        return wrappers[int(random.random() < 0.3)](one)
    # Many estimators do not support several targets. Then the fit fails, and another attempt follows.
    return one


def around(random: np.random.Generator, plain: Any, kind: str) -> Any:
    """`plain` inside of another estimator."""
    other = random_estimators.of(random, kind)
    if isinstance(other, random_libraries.ALONE):
        other = plain
    if kind == "value":
        return [
            lambda: TransformedTargetRegressor(plain, func=np.arcsinh, inverse_func=np.sinh),
            lambda: TransformedTargetRegressor(plain, transformer=StandardScaler()),
            lambda: BaggingRegressor(plain, n_estimators=3, random_state=0, max_features=1.0),
            lambda: AdaBoostRegressor(DecisionTreeRegressor(max_depth=3), n_estimators=4, random_state=0),
            lambda: VotingRegressor([("a", plain), ("b", other)]),
            lambda: StackingRegressor(
                [("a", plain), ("b", other)], Ridge(), cv=2, passthrough=bool(random.random() < 0.3)
            ),
        ][int(random.integers(0, 6))]()
    return [
        lambda: CalibratedClassifierCV(plain, method=str(random.choice(["sigmoid", "isotonic"])), cv=2),
        lambda: BaggingClassifier(plain, n_estimators=3, random_state=0),
        lambda: AdaBoostClassifier(DecisionTreeClassifier(max_depth=2), n_estimators=4, random_state=0),
        lambda: VotingClassifier([("a", plain), ("b", other)], voting=str(random.choice(["hard", "soft"]))),
        lambda: StackingClassifier([("a", plain), ("b", other)], LogisticRegression(), cv=2),
        lambda: OneVsRestClassifier(plain),
        lambda: OneVsOneClassifier(plain),
        lambda: OutputCodeClassifier(plain, random_state=0),
        lambda: make_sampling_pipeline(RandomUnderSampler(random_state=0), plain),
    ][int(random.integers(0, 9))]()
