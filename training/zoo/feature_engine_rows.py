"""An entry for each transformer of feature_engine that has a converter, and for some that the export refuses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from feature_engine import creation, datetime, discretisation, encoding, imputation, outliers, preprocessing, selection
from feature_engine import transformation as functions
from feature_engine.pipeline import make_pipeline
from feature_engine.scaling import MeanNormalizationScaler
from feature_engine.wrappers import SklearnTransformerWrapper
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from zoo.data import Data
from zoo.entries import Entry

FAMILY = "feature_engine"
ROWS = 400
SEED = {"random_state": 0}
R2 = {"scoring": "r2"}


@cache
def numbers() -> Data:
    """Positive numbers; the last two columns nearly repeat earlier ones, for selections to drop."""
    random = np.random.default_rng(5)
    X = pd.DataFrame(random.random((ROWS, 4)) * 0.98 + 0.01, columns=["length", "width", "depth", "share"])
    X = X.assign(twice=X["length"] * 2 + random.normal(size=ROWS) * 0.01, again=X["width"])
    return Data(X, (3 * X["length"] + X["width"] ** 2).to_numpy() + random.normal(size=ROWS) / 5)


@cache
def number_gaps() -> Data:
    X = numbers().X[["length", "width", "depth"]]
    return Data(X.mask(np.random.default_rng(6).random(X.shape) < 0.1), numbers().y)


@cache
def categories() -> Data:
    random = np.random.default_rng(7)
    colours = random.choice(["red", "green", "blue", "grey"], ROWS, p=[0.4, 0.3, 0.27, 0.03])
    X = pd.DataFrame({"colour": colours, "size": random.choice(["S", "M", "L"], ROWS), "weight": random.random(ROWS)})
    return Data(X, ((colours == "red") * 2.0 + (X["size"] == "L") + X["weight"]).to_numpy() + random.normal(size=ROWS))


@cache
def two_categories() -> Data:
    return Data(categories().X, (categories().y > np.median(categories().y)).astype(int))


@cache
def category_gaps() -> Data:
    X = categories().X
    return Data(X.assign(colour=X["colour"].mask(np.random.default_rng(8).random(ROWS) < 0.1)), categories().y)


@cache
def times() -> Data:
    random = np.random.default_rng(9)
    start = pd.Timestamp("2021-01-01") + pd.to_timedelta(random.integers(0, 10**8, ROWS), unit="s")
    X = pd.DataFrame({"start": start, "end": start + pd.to_timedelta(random.integers(0, 10**7, ROWS), unit="s")})
    return Data(X, X["start"].dt.month.to_numpy() + random.normal(size=ROWS))


@cache
def members() -> tuple[Entry, ...]:
    return (*of_numbers(), *of_categories(), *of_times(), *selections(), *refused())


def entry(source: Any, transformer: Any, *others: Any, predictor: Any = None, refused: bool = False) -> Entry:
    """An entry of `transformer`, `others` and a predictor. `others` turn its output into what the predictor takes."""
    predictor = predictor or HistGradientBoostingRegressor(max_iter=20, random_state=0)
    estimator = make_pipeline(transformer, *others, predictor)
    return Entry(f"feature_engine {type(transformer).__name__}", source, estimator, refused=refused, family=FAMILY)


def of_numbers() -> Iterator[Entry]:
    for imputer in (imputation.MeanMedianImputer(), imputation.ArbitraryNumberImputer(), imputation.EndTailImputer()):
        yield entry(number_gaps, imputer)
    yield entry(number_gaps, imputation.AddMissingIndicator())
    yield entry(numbers, imputation.DropMissingData())
    for kind in (
        functions.ArcSinhTransformer, functions.ArcsinTransformer, functions.BoxCoxTransformer,
        functions.LogCpTransformer, functions.LogTransformer, functions.PowerTransformer,
        functions.ReciprocalTransformer, functions.YeoJohnsonTransformer, MeanNormalizationScaler,
    ):  # fmt: skip
        yield entry(numbers, kind(variables=["length", "share"]), predictor=LinearRegression())
    bins = (
        discretisation.ArbitraryDiscretiser({"length": [-np.inf, 0.3, 0.6, np.inf]}),
        discretisation.DecisionTreeDiscretiser(**SEED),
        discretisation.EqualFrequencyDiscretiser(),
        discretisation.EqualWidthDiscretiser(),
        discretisation.GeometricWidthDiscretiser(),
    )
    caps = (outliers.Winsorizer(add_indicators=True), outliers.ArbitraryOutlierCapper({"length": 0.8}))
    two, geo = ["length", "width"], ["length", "width", "depth", "share"]
    made = (
        creation.CyclicalFeatures(),
        creation.DecisionTreeFeatures(two, **SEED),
        creation.GeoDistanceFeatures(*geo),
        creation.MathFeatures(two, ["sum", "mean", "std"]),
        creation.RelativeFeatures(two, ["depth"], ["div", "sub"]),
    )
    others = (preprocessing.MatchVariables(verbose=False), SklearnTransformerWrapper(StandardScaler()))
    for transformer in (*bins, *caps, *made, *others):
        # The graph's trigonometric functions may differ from the original's in the last bit. This could move a row
        # across a threshold of a tree, so a linear model follows.
        is_rounded = isinstance(transformer, creation.CyclicalFeatures | creation.GeoDistanceFeatures)
        yield entry(numbers, transformer, predictor=LinearRegression() if is_rounded else None)


def of_categories() -> Iterator[Entry]:
    after = encoding.OrdinalEncoder("arbitrary", missing_values="ignore", unseen="encode")
    for encoder in (
        encoding.CountFrequencyEncoder(), encoding.DecisionTreeEncoder(**SEED), encoding.MeanEncoder(),
        encoding.OneHotEncoder(), encoding.OrdinalEncoder(), encoding.StringSimilarityEncoder(),
    ):  # fmt: skip
        yield entry(categories, encoder)
    boosting = HistGradientBoostingClassifier(max_iter=20, random_state=0)
    yield entry(two_categories, encoding.WoEEncoder(), predictor=boosting)
    yield entry(categories, encoding.RareLabelEncoder(n_categories=2), after)
    yield entry(category_gaps, imputation.CategoricalImputer(), after)
    yield entry(categories, preprocessing.MatchCategories(), after)


def of_times() -> Iterator[Entry]:
    kinds = (datetime.DatetimeFeatures, datetime.DatetimeOrdinal)
    for kind in kinds:
        yield entry(times, kind())
    yield entry(times, datetime.DatetimeSubtraction(["end"], ["start"], drop_original=True))


def selections() -> Iterator[Entry]:
    tree = DecisionTreeRegressor(max_depth=3, **SEED)
    for selector in (
        selection.DropConstantFeatures(), selection.DropCorrelatedFeatures(), selection.DropDuplicateFeatures(),
        selection.DropFeatures(["share"]), selection.DropHighPSIFeatures(),
        selection.MRMR(max_features=2, regression=True, **SEED), selection.ProbeFeatureSelection(tree, **R2),
        selection.RecursiveFeatureAddition(tree, **R2), selection.RecursiveFeatureElimination(tree, **R2),
        selection.SelectByShuffling(tree, **R2, **SEED), selection.SelectBySingleFeaturePerformance(tree, **R2),
        selection.SelectByTargetMeanPerformance(**R2, regression=True), selection.SmartCorrelatedSelection(),
    ):  # fmt: skip
        yield entry(numbers, selector)
    after = encoding.OrdinalEncoder("arbitrary", unseen="encode")
    boosting = HistGradientBoostingClassifier(max_iter=20, random_state=0)
    yield entry(two_categories, selection.SelectByInformationValue(["colour", "size"]), after, predictor=boosting)


def refused() -> Iterator[Entry]:
    yield entry(numbers, outliers.OutlierTrimmer(), refused=True)
    yield entry(number_gaps, imputation.RandomSampleImputer(**SEED), refused=True)
