"""Finds what a fitted estimator accepts in each column of its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sepal_export.converters.category_answers import one_of
from sepal_export.converters.category_encoders import categories_of
from sepal_export.converters.xgboost import known_categories
from sepal_export.estimators import class_name

# For a column that is not one of the caller's features.
UNKNOWN = None
# By class: the attributes with inner estimators that get the same rows.
INNER = {
    "imblearn.BalancedBaggingClassifier": "estimators_",
    "imblearn.EasyEnsembleClassifier": "estimators_",
    "sklearn.BaggingClassifier": "estimators_",
    "sklearn.BaggingRegressor": "estimators_",
    "sklearn.FixedThresholdClassifier": "estimator_",
    "sklearn.FrozenEstimator": "estimator",
    "sklearn.MultiOutputClassifier": "estimators_",
    "sklearn.MultiOutputRegressor": "estimators_",
    "sklearn.OneVsOneClassifier": "estimators_",
    "sklearn.OneVsRestClassifier": "estimators_",
    "sklearn.StackingClassifier": "estimators_",
    "sklearn.StackingRegressor": "estimators_",
    "sklearn.TransformedTargetRegressor": "regressor_",
    "sklearn.TunedThresholdClassifierCV": "estimator_",
    "sklearn.VotingClassifier": "estimators_",
    "sklearn.VotingRegressor": "estimators_",
    "sklearn._CalibratedClassifier": "estimator",
    "category_encoders.NestedCVWrapper": "feature_encoder",
    "sepal_export.NamedClasses": "estimator",
}
# Encoders that hash values, or look for parts of them.
OF_NO_CATEGORIES = {"category_encoders.HashingEncoder", "category_encoders.MultiHotEncoder"}
VECTORIZERS = {"sklearn.CountVectorizer", "sklearn.HashingVectorizer", "sklearn.TfidfVectorizer"}
ACCEPTING = {"ignore", "infrequent_if_exist", "warn", "use_encoded_value"}
LIBRARIES = {"catboost", "imblearn", "lightgbm", "ngboost", "sklearn", "xgboost"}


@dataclass(frozen=True)
class Expected:
    """`categories` are those that an encoder learned, possibly with a missing one; None for numbers, or for texts if
    `is_text`. `accepts_unknown`: other values are accepted too. `is_chosen`: the categories were not learned from the
    rows. `is_pandas`: the column must have pandas' type category. `fills_missing`: missing values never reach the
    encoder. `estimator` gets the column as its column `index`."""

    categories: tuple[Any, ...] | None = None
    accepts_unknown: bool = True
    is_chosen: bool = False
    is_pandas: bool = False
    fills_missing: bool = False
    is_text: bool = False
    estimator: Any = field(default=None, compare=False, repr=False)
    index: int = field(default=0, compare=False, repr=False)

    @property
    def is_number(self) -> bool:
        return self.categories is None and not self.is_text


@dataclass(frozen=True)
class Place:
    """A feature on its way through a pipeline."""

    feature: int
    fills_missing: bool = False


Places = list[Place | None]
Found = Iterator[tuple[Place, Expected]]


def expected_of(estimator: Any, width: int) -> dict[int, list[Expected]]:
    """What is expected, by column. A column that is dropped, or used by an unknown estimator, is not listed."""
    found: dict[int, list[Expected]] = {}
    walk(estimator, [Place(feature) for feature in range(width)], found)
    return found


def walk(estimator: Any, places: Places, found: dict[int, list[Expected]]) -> Places:
    """Records what `estimator` accepts. Returns the columns that it passes on unchanged."""
    if isinstance(estimator, str) or estimator is None:
        return [] if estimator == "drop" else places
    if hasattr(estimator, "fit_resample"):
        # A sampler of imbalanced-learn is not used after the fit.
        return places
    if hasattr(estimator, "steps"):
        for _, step in estimator.steps:
            places = walk(step, places, found)
        return places
    if hasattr(estimator, "transformers_"):
        return side_by_side(estimator, places, found)
    inner = inner_of(estimator)
    if inner is not None:
        for part in inner:
            walk(part, places, found)
        return []
    index_of = {id(place): index for index, place in enumerate(places)}
    for place, expected in taken(estimator, places):
        by = {"estimator": estimator, "index": index_of[id(place)], "fills_missing": place.fills_missing}
        found.setdefault(place.feature, []).append(replace(expected, **by))
    return passed_on(estimator, places)


def side_by_side(estimator: Any, places: Places, found: dict[int, list[Expected]]) -> Places:
    """Walks a ColumnTransformer. Several of its transformers may use the same column."""
    after: Places = []
    for name, transformer, _ in estimator.transformers_:
        indices = estimator._transformer_to_input_indices[name]
        out = walk(transformer, [places[index] for index in indices] if places else [], found)
        span = estimator.output_indices_[name]
        width = span.stop - span.start
        after += out if len(out) == width else [UNKNOWN] * width
    return after


def inner_of(estimator: Any) -> list[Any] | None:
    """The inner estimators that get the same columns; None if the estimator uses the columns itself."""
    if hasattr(estimator, "transformer_list"):
        return [part for _, part in estimator.transformer_list]
    for name in ("best_estimator_", "calibrated_classifiers_", INNER.get(class_name(estimator), "")):
        parts = getattr(estimator, name, None) if name else None
        if parts is not None:
            return (parts if isinstance(parts, list) else [parts]) if all_columns(estimator) else []
    return None


def all_columns(estimator: Any) -> bool:
    """Whether the members of a bagging ensemble get all columns; they may get a part."""
    features = getattr(estimator, "estimators_features_", [])
    return all(np.array_equal(part, np.arange(estimator.n_features_in_)) for part in features)


def taken(estimator: Any, places: Places) -> Found:
    kind = class_name(estimator)
    if hasattr(estimator, "categories_"):
        yield from of_encoder(estimator, places)
    elif kind.startswith("sklearn.HistGradientBoosting"):
        yield from of_histogram(estimator, places)
    elif kind.startswith("lightgbm."):
        yield from of_lightgbm(estimator, places)
    elif kind.startswith("xgboost."):
        yield from of_xgboost(estimator, places)
    elif kind.startswith("category_encoders."):
        yield from of_category_encoder(estimator, places)
    elif kind in VECTORIZERS:
        yield from ((place, Expected(is_text=True)) for place in places if place is not UNKNOWN)
    elif takes_numbers(estimator):
        other = set(non_numbers(estimator))
        yield from ((place, Expected()) for i, place in enumerate(places) if place is not UNKNOWN and i not in other)


def takes_numbers(estimator: Any) -> bool:
    """Whether the estimator needs numbers. An imputer also takes strings, and so does Python code in a
    FunctionTransformer."""
    if class_name(estimator) in ("sklearn.SimpleImputer", "sklearn.MissingIndicator"):
        return False
    if class_name(estimator) == "sklearn.FunctionTransformer":
        return isinstance(estimator.func, np.ufunc)
    module = type(estimator).__module__
    return module.partition(".")[0] in LIBRARIES and not module.startswith("sklearn.feature_extraction")


def non_numbers(estimator: Any) -> Sequence[int]:
    """The columns of a booster that are categories or text."""
    if class_name(estimator).startswith("catboost."):
        return [*estimator.get_cat_feature_indices(), *estimator.get_text_feature_indices()]
    return []


def of_encoder(encoder: Any, places: Places) -> Found:
    accepts = getattr(encoder, "handle_unknown", "ignore") in ACCEPTING
    for place, categories in zip(places, encoder.categories_, strict=False):
        if place is not UNKNOWN:
            is_chosen = not isinstance(encoder.categories, str)
            yield place, Expected(to_tuple(categories), accepts_unknown=accepts, is_chosen=is_chosen)


def of_category_encoder(encoder: Any, places: Places) -> Found:
    """For encoders that store the categories of their fit. Columns that are passed through do not matter to them."""
    inner = one_of(encoder)
    if class_name(inner) in OF_NO_CATEGORIES:
        return
    accepts = inner.handle_unknown != "error"
    for place, name in zip(places, inner.feature_names_in_, strict=False):
        if place is not UNKNOWN and name in list(inner.cols):
            # The name of the group of rare categories is not a value of the fit's rows.
            joined = set(getattr(inner, "min_group_lumping_", {}).get(name, {}).values())
            known = [value for value in categories_of(encoder, name) if not is_missing(value) and value not in joined]
            missing = [] if inner.handle_missing == "error" else [np.nan]
            yield place, Expected((*known, *missing), accepts_unknown=accepts)


def to_tuple(categories: Any) -> tuple[Any, ...]:
    """A tuple of the categories. Dates stay dates; `tolist` would turn them into nanoseconds."""
    categories = np.asarray(categories)
    return tuple(categories.astype(object) if categories.dtype.kind != "M" else categories)


def of_histogram(estimator: Any, places: Places) -> Found:
    """What scikit-learn's internal encoder for categories expects, and numbers elsewhere."""
    is_category = estimator.is_categorical_
    chosen = np.zeros(len(places), dtype=bool) if is_category is None else is_category
    # Before scikit-learn 1.4, categories were numbers, and there was no encoder.
    preprocessor = getattr(estimator, "_preprocessor", None)
    learned = iter(preprocessor.named_transformers_["encoder"].categories_ if preprocessor else ())
    is_pandas = isinstance(estimator.categorical_features, str)
    for place, is_category in zip(places, chosen, strict=False):
        categories = to_tuple(next(learned)) if is_category and preprocessor else None
        if place is not UNKNOWN:
            yield place, Expected(categories, is_pandas=bool(is_category and is_pandas))


def of_lightgbm(estimator: Any, places: Places) -> Found:
    """The categories of a frame, if it is clear which columns they belong to."""
    learned = estimator.booster_.pandas_categorical or []
    infos = estimator.booster_.dump_model(num_iteration=1)["feature_infos"]
    names = estimator.booster_.feature_name()
    chosen = [index for index, name in enumerate(names) if infos.get(name, {}).get("values")]
    if learned and len(chosen) != len(learned):
        return
    categories = dict(zip(chosen, learned, strict=True)) if learned else {}
    for index, place in enumerate(places):
        if place is not UNKNOWN:
            known = categories.get(index)
            yield place, Expected(None if known is None else (*known, np.nan), is_pandas=known is not None)


def of_xgboost(estimator: Any, places: Places) -> Found:
    """The categories of a frame, and numbers elsewhere."""
    try:
        known = known_categories(json.loads(estimator.get_booster().save_raw("json")))
    except NotImplementedError:
        # The conversion reports the reason.
        return
    for index, place in enumerate(places):
        if place is not UNKNOWN:
            categories = known.get(index)
            is_pandas = categories is not None
            yield place, Expected((*categories, np.nan) if is_pandas else None, not is_pandas, is_pandas=is_pandas)


def passed_on(estimator: Any, places: Places) -> Places:
    """The columns that an imputer, an identity function or a selection passes on."""
    if class_name(estimator) == "sklearn.SimpleImputer":
        return imputed(estimator, places)
    if class_name(estimator) == "sklearn.FunctionTransformer" and estimator.func is None:
        return places
    if class_name(estimator).startswith("category_encoders."):
        return beside_encoded(estimator, places)
    if hasattr(estimator, "get_support") and places:
        return [places[index] for index in estimator.get_support(indices=True)]
    return []


def beside_encoded(encoder: Any, places: Places) -> Places:
    """The columns that are not encoded, by their names in the encoder's output."""
    if not hasattr(encoder, "get_feature_names_out"):
        return []
    pairs = zip(encoder.feature_names_in_, places, strict=False)
    kept = {name: place for name, place in pairs if name not in list(encoder.cols)}
    return [kept.get(name, UNKNOWN) for name in encoder.get_feature_names_out()]


def imputed(imputer: Any, places: Places) -> Places:
    """The columns after an imputer. If it replaces actual values such as '?', nothing is known about its output."""
    if imputer.add_indicator or len(places) != len(imputer.statistics_) or not is_missing(imputer.missing_values):
        return []
    filled = [place and replace(place, fills_missing=True) for place in places]
    if imputer.keep_empty_features:
        return filled
    return [place for place, fill in zip(filled, imputer.statistics_, strict=True) if not is_missing(fill)]


def is_missing(value: Any) -> bool:
    # pandas' NA cannot be compared.
    return value is None or type(value).__name__ == "NAType" or value != value
