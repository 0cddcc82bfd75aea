"""Pipelines made by chance: steps, estimators, their options and what they stand in, all drawn by a seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
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
from sklearn.feature_selection import SelectKBest, VarianceThreshold, f_classif, f_regression
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from zoo import random_estimators
from zoo.data import Data
from zoo.random_data import data_of

KINDS = {"value": 0.3, "label": 0.4, "values": 0.1, "labels": 0.07, "outliers": 0.06, "clusters": 0.07}
STRINGS = make_column_selector(dtype_include=["object", "string"])
NUMBERS = make_column_selector(dtype_exclude=["object", "string"])


@dataclass(frozen=True)
class Drawn:
    """What a seed makes, not fitted."""

    data: Data
    estimator: Any


def drawn_by(seed: int, attempt: int) -> Drawn:
    random = np.random.default_rng([seed, attempt])
    kind = str(random.choice(list(KINDS), p=list(KINDS.values())))
    strings, gaps, positive = (bool(random.random() < share) for share in (0.35, 0.3, 0.2))
    target = "nothing" if kind in ("outliers", "clusters") else kind
    data = data_of(random, target, positive=positive, strings=strings, gaps=gaps)
    predictor = estimator_of(random, kind)
    steps = steps_of(random, kind, strings=strings, gaps=gaps, positive=positive)
    return Drawn(data, make_pipeline(*steps, predictor) if steps else predictor)


def steps_of(random: np.random.Generator, kind: str, *, strings: bool, gaps: bool, positive: bool) -> list[Any]:
    """What makes numbers of strings and fills gaps comes first, then anything."""
    imputer = imputer_of(random)
    if strings:
        filled = [SimpleImputer(strategy="most_frequent")] if gaps else []
        numbers = make_pipeline(imputer, StandardScaler()) if gaps else StandardScaler()
        words = make_pipeline(*filled, encoder_of(random, kind))
        first = [make_column_transformer((numbers, NUMBERS), (words, STRINGS))]
    else:
        # Some estimators take missing values themselves, and the others refuse the fit.
        first = [imputer] if gaps and random.random() < 0.8 else []
    return [*first, *(step_of(random, kind) for _ in range(int(random.choice([0, 1, 1, 2]))))]


def imputer_of(random: np.random.Generator) -> Any:
    if random.random() < 0.1:
        return KNNImputer(n_neighbors=int(random.integers(1, 5)))
    return SimpleImputer(
        strategy=str(random.choice(["mean", "median", "most_frequent"])), add_indicator=bool(random.random() < 0.3)
    )


def encoder_of(random: np.random.Generator, kind: str) -> Any:
    encoders = [
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
        OneHotEncoder(handle_unknown="ignore"),
        OneHotEncoder(drop="first", sparse_output=False),
        OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=0.2, sparse_output=False),
        OrdinalEncoder(),
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
    ]
    if kind in ("value", "label"):
        encoders.append(TargetEncoder(random_state=0))
    return encoders[int(random.integers(0, len(encoders)))]


def step_of(random: np.random.Generator, kind: str) -> Any:
    steps = [
        StandardScaler(),
        RobustScaler(),
        StandardScaler(with_mean=False),
        PowerTransformer(),
        QuantileTransformer(n_quantiles=20, output_distribution=str(random.choice(["uniform", "normal"]))),
        KBinsDiscretizer(
            n_bins=int(random.integers(2, 6)), encode=str(random.choice(["ordinal", "onehot-dense"])),
            strategy=str(random.choice(["uniform", "quantile"])), quantile_method="averaged_inverted_cdf",
        ),
        PolynomialFeatures(2, include_bias=bool(random.random() < 0.5)),
        SplineTransformer(n_knots=4, degree=int(random.integers(1, 4))),
        VarianceThreshold(),
        make_union(StandardScaler(), "passthrough"),
        *random_estimators.transformers(random),
    ]  # fmt: skip
    if kind in ("value", "label"):
        steps.append(SelectKBest(f_regression if kind == "value" else f_classif, k=1))
    return steps[int(random.integers(0, len(steps)))]


def estimator_of(random: np.random.Generator, kind: str) -> Any:
    if kind in ("outliers", "clusters"):
        return random_estimators.of(random, kind)
    if kind in ("values", "labels"):
        return of_several(random, kind)
    plain = random_estimators.of(random, kind)
    if random.random() < 0.6:
        return plain
    return around(random, plain, kind)


def of_several(random: np.random.Generator, kind: str) -> Any:
    one = random_estimators.of(random, "value" if kind == "values" else "label")
    wrappers = [MultiOutputRegressor, RegressorChain] if kind == "values" else [MultiOutputClassifier, ClassifierChain]
    if random.random() < 0.5:
        return wrappers[int(random.random() < 0.3)](one)
    # Many refuse several targets, which is no fault of theirs.
    return one


def around(random: np.random.Generator, plain: Any, kind: str) -> Any:
    """`plain` inside of another estimator."""
    other = random_estimators.of(random, kind)
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
    ][int(random.integers(0, 7))]()
