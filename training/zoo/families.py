"""Entries for every class of scikit-learn that predicts or transforms rows, and for classes of other libraries, in
families. docs/zoo.md counts the classes of each family.

The list of classes comes from scikit-learn itself, so a class of a new version is counted, whether it can be exported
or not.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from catboost import CatBoostRanker
from imblearn.combine import SMOTEENN
from imblearn.ensemble import (
    BalancedBaggingClassifier,
    BalancedRandomForestClassifier,
    EasyEnsembleClassifier,
    RUSBoostClassifier,
)
from imblearn.over_sampling import ADASYN, SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from imblearn.under_sampling import RandomUnderSampler
from interpret.glassbox import (
    ClassificationTree,
    ExplainableBoostingClassifier,
    ExplainableBoostingRegressor,
    RegressionTree,
)
from interpret.privacy import DPExplainableBoostingClassifier, DPExplainableBoostingRegressor
from lightgbm import LGBMRanker
from ngboost import NGBClassifier, NGBRegressor, NGBSurvival
from sklearn.base import BaseEstimator
from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401  lets all_estimators find these
from sklearn.feature_selection import RFE, RFECV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.model_selection import HalvingGridSearchCV, HalvingRandomSearchCV, RandomizedSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor
from sklearn.utils import all_estimators
from xgboost import XGBRanker, XGBRFClassifier, XGBRFRegressor

from zoo import category_encoders_rows, data, feature_engine_rows, texts
from zoo.entries import Entry

SEED = {"random_state": 0}
LOGISTIC, RIDGE = LogisticRegression(), Ridge()
# Arguments of a class: those that it requires, and those that it needs for a quick fit or for a fit to small data.
OPTIONS: dict[str, dict[str, Any]] = {
    "AdaBoostClassifier": {"n_estimators": 10},
    "AdaBoostRegressor": {"n_estimators": 10},
    "BernoulliRBM": {"n_components": 4},
    "Birch": {"threshold": 1.0},
    "CCA": {"n_components": 1},
    "CalibratedClassifierCV": {"estimator": LinearSVC(**SEED)},
    "ClassifierChain": {"estimator": LOGISTIC},
    "ColumnTransformer": {"transformers": [("scaled", StandardScaler(), [0, 1]), ("as it is", "passthrough", [2, 3])]},
    "DictionaryLearning": {"n_components": 4, "transform_algorithm": "threshold", "max_iter": 20},
    "DummyRegressor": {"strategy": "median"},
    "ExtraTreesClassifier": {"n_estimators": 10},
    "ExtraTreesRegressor": {"n_estimators": 10},
    "FeatureHasher": {"n_features": 8},
    "FeatureUnion": {"transformer_list": [("scaled", StandardScaler()), ("as it is", "passthrough")]},
    "FixedThresholdClassifier": {"estimator": LOGISTIC, "threshold": 0.3},
    "FunctionTransformer": {"func": np.log1p},
    "GaussianRandomProjection": {"n_components": 3},
    "GenericUnivariateSelect": {"param": 50},
    "GradientBoostingClassifier": {"n_estimators": 10},
    "GradientBoostingRegressor": {"n_estimators": 10},
    "HistGradientBoostingClassifier": {"max_iter": 10},
    "HistGradientBoostingRegressor": {"max_iter": 10},
    "IsolationForest": {"n_estimators": 20},
    "IsotonicRegression": {"out_of_bounds": "clip"},
    "IterativeImputer": {"max_iter": 2},
    "LatentDirichletAllocation": {"n_components": 3, "max_iter": 5},
    "LocalOutlierFactor": {"novelty": True},
    "MLPClassifier": {"hidden_layer_sizes": (8,)},
    "MLPRegressor": {"hidden_layer_sizes": (8,)},
    "MiniBatchDictionaryLearning": {"n_components": 4, "transform_algorithm": "threshold"},
    "MiniBatchNMF": {"n_components": 3, "tol": 0, "max_iter": 50},
    "MiniBatchSparsePCA": {"n_components": 3},
    "MultiOutputClassifier": {"estimator": LOGISTIC},
    "MultiOutputRegressor": {"estimator": RIDGE},
    "NMF": {"n_components": 3, "tol": 0, "max_iter": 50},
    "NuSVC": {"nu": 0.1},
    "Nystroem": {"n_components": 20},
    "OneVsOneClassifier": {"estimator": LOGISTIC},
    "OneVsRestClassifier": {"estimator": LOGISTIC},
    "OutputCodeClassifier": {"estimator": LOGISTIC},
    "PCA": {"n_components": 3},
    "PLSCanonical": {"n_components": 1},
    "PLSSVD": {"n_components": 1},
    "PolynomialCountSketch": {"n_components": 8},
    "QuantileTransformer": {"n_quantiles": 50},
    "RFE": {"estimator": LOGISTIC},
    "RFECV": {"estimator": LOGISTIC},
    "RadiusNeighborsClassifier": {"radius": 3.0, "outlier_label": "most_frequent"},
    "RadiusNeighborsRegressor": {"radius": 500.0},
    "RandomForestClassifier": {"n_estimators": 10},
    "RandomForestRegressor": {"n_estimators": 10},
    "RandomTreesEmbedding": {"n_estimators": 5, "max_depth": 3},
    "RBFSampler": {"n_components": 20},
    "RegressorChain": {"estimator": RIDGE},
    "SelectFromModel": {"estimator": LOGISTIC},
    "SelectKBest": {"k": 2},
    "SelfTrainingClassifier": {"estimator": LOGISTIC},
    "SequentialFeatureSelector": {"estimator": LOGISTIC},
    "SparseCoder": {"dictionary": np.eye(4), "transform_algorithm": "threshold"},
    "SparsePCA": {"n_components": 3, "max_iter": 20},
    "SparseRandomProjection": {"n_components": 3},
    "StackingClassifier": {"estimators": [("lr", LOGISTIC), ("nb", GaussianNB())]},
    "StackingRegressor": {"estimators": [("ridge", RIDGE), ("tree", DecisionTreeRegressor(max_depth=3, **SEED))]},
    "TruncatedSVD": {"n_components": 2},
    "TunedThresholdClassifierCV": {"estimator": LOGISTIC},
    "VotingClassifier": {"estimators": [("lr", LOGISTIC), ("nb", GaussianNB())]},
    "VotingRegressor": {"estimators": [("ridge", RIDGE), ("tree", DecisionTreeRegressor(max_depth=3, **SEED))]},
}
# Transformers that are not tried as steps before a regressor: they read text, change targets, or have no transform for
# new rows.
NO_TRANSFORMERS_OF_ROWS = {
    "HashingVectorizer", "LabelBinarizer", "LabelEncoder", "MultiLabelBinarizer", "TSNE", "TfidfTransformer",
}  # fmt: skip
OF_SEVERAL_TARGETS_ALONE = {
    "ClassifierChain", "MultiOutputClassifier", "MultiOutputRegressor", "MultiTaskElasticNet", "MultiTaskElasticNetCV",
    "MultiTaskLasso", "MultiTaskLassoCV", "RegressorChain",
}  # fmt: skip
# Classes that the export is expected to refuse.
REFUSED: set[str] = {"PatchExtractor"}
# Data for classes that cannot be fitted to the default data.
DATA: dict[str, Callable[[], data.Data]] = {
    "CategoricalNB": data.counts,
    "DictVectorizer": data.records,
    "FeatureHasher": data.records,
    "FixedThresholdClassifier": data.two_irises,
    "IsotonicRegression": data.one_column,
    "IterativeImputer": data.iris_with_gaps,
    "KNNImputer": data.gaps,
    "KernelCenterer": data.products,
    "MissingIndicator": data.iris_with_gaps,
    "OneHotEncoder": data.strings,
    "OrdinalEncoder": data.strings,
    "PatchExtractor": data.images,
    "SelfTrainingClassifier": data.two_codes,
    "SimpleImputer": data.iris_with_gaps,
    "TargetEncoder": data.strings,
    "TunedThresholdClassifierCV": data.two_irises,
}


@cache
def members() -> tuple[Entry, ...]:
    with warnings.catch_warnings():
        # Silences warnings about deprecated classes, and about classes for one target that are fitted to two.
        warnings.simplefilter("ignore")
        return (
            *of_type("classifiers", "classifier", data.iris),
            *of_type("regressors", "regressor", data.diabetes_of_four),
            *several_targets(),
            *outlier_detectors(),
            *clusterers(),
            *transformers(),
            *other_libraries(),
            *category_encoders_rows.members(),
            *feature_engine_rows.members(),
            *texts.members(),
            *others(),
        )


def entry(family: str, name: str, source: Callable[[], data.Data], estimator: Any) -> Entry:
    return Entry(name, source, estimator, refused=name in REFUSED, family=family)


def of_type(family: str, kind: str, source: Callable) -> Iterator[Entry]:
    for name, _ in all_estimators(type_filter=kind):
        if name not in OF_SEVERAL_TARGETS_ALONE:
            yield entry(family, name, DATA.get(name, source), made(name))


def several_targets() -> Iterator[Entry]:
    """Every classifier and regressor that fits two targets, and answers both."""
    sources = (("regressor", data.two_values), ("classifier", data.two_labels), ("classifier", data.two_flags))
    seen = set()
    for kind, source in sources:
        for name, _ in all_estimators(type_filter=kind):
            estimator = made(name)
            if name not in seen and fits_two(estimator, source()):
                seen.add(name)
                yield entry("with several targets", f"{name}, two targets", source, estimator)


def fits_two(estimator: Any, source: data.Data) -> bool:
    try:
        return np.asarray(estimator.fit(source.X, source.y).predict(source.X)).shape == (len(source.X), 2)
    except Exception:  # whatever an estimator raises about a second target
        return False


def outlier_detectors() -> Iterator[Entry]:
    for name, kind in all_estimators():
        if any(parent.__name__ == "OutlierMixin" for parent in kind.__mro__):
            yield entry("outlier detectors", name, data.iris_alone, made(name))


def clusterers() -> Iterator[Entry]:
    for name, kind in all_estimators(type_filter="cluster"):
        if hasattr(kind, "predict"):
            yield entry("clusterers and mixtures", name, data.iris_alone, made(name))
    for mixture in (GaussianMixture(3, **SEED), BayesianGaussianMixture(n_components=3, max_iter=500, **SEED)):
        yield entry("clusterers and mixtures", type(mixture).__name__, data.iris_alone, mixture)


def transformers() -> Iterator[Entry]:
    """Each transformer that is not a predictor too, before a linear regression, whose answers reveal its errors."""
    for name, kind in all_estimators(type_filter="transformer"):
        if name not in NO_TRANSFORMERS_OF_ROWS and not hasattr(kind, "predict"):
            source, transformer = DATA.get(name, data.iris_values), made(name)
            if name == "PLSSVD":
                # The fit_transform of PLSSVD also returns the target's scores, which no pipeline takes.
                transformer = FrozenEstimator(transformer.fit(source().X, source().y))
            # The model of MiniBatchNMF refuses a negative value, because the original's answer to it depends on the
            # other rows. The scaler clips new values, so none is negative.
            before = [MinMaxScaler(clip=True)] if name == "MiniBatchNMF" else []
            yield entry("transformers", name, source, make_pipeline(*before, transformer, LinearRegression()))


def other_libraries() -> Iterator[Entry]:
    family, forest = "imbalanced-learn, interpret, statsmodels and ngboost", {"n_estimators": 10, **SEED}
    samplers = (SMOTE(**SEED), ADASYN(**SEED), RandomOverSampler(**SEED), RandomUnderSampler(**SEED), SMOTEENN(**SEED))
    for sampler in samplers:
        pipeline = make_sampling_pipeline(StandardScaler(), sampler, LogisticRegression())
        yield entry(family, f"Pipeline with {type(sampler).__name__}", data.rare_iris, pipeline)
    for kind in (BalancedBaggingClassifier, BalancedRandomForestClassifier, EasyEnsembleClassifier, RUSBoostClassifier):
        yield entry(family, kind.__name__, data.rare_iris, kind(**forest))
    boosted = {"max_rounds": 20, "outer_bags": 2, "n_jobs": 1, **SEED}
    yield entry(family, "ExplainableBoostingClassifier", data.two_irises, ExplainableBoostingClassifier(**boosted))
    yield entry(
        family, "ExplainableBoostingClassifier, three classes", data.iris,
        ExplainableBoostingClassifier(interactions=0, **boosted),
    )  # fmt: skip
    yield entry(family, "ExplainableBoostingRegressor", data.diabetes_of_four, ExplainableBoostingRegressor(**boosted))
    for name in ("GLM", "OLS", "Logit"):
        source = data.two_codes if name == "Logit" else data.diabetes_of_four
        yield entry(family, f"statsmodels {name}", source, Statsmodel(name))
    rounds = {"n_estimators": 10, "verbose": False, **SEED}
    yield entry(family, "NGBRegressor", data.diabetes_of_four, NGBRegressor(**rounds))
    yield entry(family, "NGBClassifier", data.two_codes, NGBClassifier(**rounds))


def others() -> Iterator[Entry]:
    """Entries for classes with a converter that belong to none of the other families."""
    family, options, rounds = "searches, rankers and other classes", {"C": [0.1, 1.0]}, {"n_estimators": 5}
    searches = (
        HalvingGridSearchCV(LOGISTIC, options),
        HalvingRandomSearchCV(LOGISTIC, options, **SEED),
        RandomizedSearchCV(LOGISTIC, options, n_iter=2, **SEED),
    )
    for search in searches:
        yield entry(family, type(search).__name__, data.iris, search)
    for kind in (RFE, RFECV):
        yield entry(family, kind.__name__, data.iris, kind(LOGISTIC))
    yield entry(family, "XGBRFClassifier", data.two_codes, XGBRFClassifier(**rounds))
    yield entry(family, "XGBRFRegressor", data.diabetes_of_four, XGBRFRegressor(**rounds))
    quiet = {"verbose": False, "allow_writing_files": False}
    rankers = (XGBRanker(**rounds), LGBMRanker(verbose=-1, **rounds), CatBoostRanker(iterations=5, **quiet))
    for ranker in rankers:
        groups = {"group_id" if isinstance(ranker, CatBoostRanker) else "group": None}
        yield entry(family, type(ranker).__name__, data.iris_codes, FittedWith(ranker, groups))
    survival = FittedWith(NGBSurvival(n_estimators=5, verbose=False), {"E": 1})
    yield entry(family, "NGBSurvival", data.diabetes_of_four, survival)
    private = {"max_rounds": 5, "n_jobs": 1, **SEED}
    yield entry(family, "DPExplainableBoostingClassifier", data.two_irises, DPExplainableBoostingClassifier(**private))
    yield entry(
        family, "DPExplainableBoostingRegressor", data.diabetes_of_four, DPExplainableBoostingRegressor(**private)
    )
    yield entry(family, "ClassificationTree", data.two_irises, ClassificationTree(**SEED))
    yield entry(family, "RegressionTree", data.diabetes_of_four, RegressionTree(**SEED))


class FittedWith(BaseEstimator):
    """Its `fit` passes further arguments to the `fit` of `estimator`, and returns that estimator. `arguments` maps
    a name to the value that all rows get, or to None: then all rows are of one group."""

    def __init__(self, estimator: Any, arguments: dict[str, Any]) -> None:
        self.estimator = estimator
        self.arguments = arguments

    def fit(self, X: Any, y: Any) -> Any:
        groups = {"group": [len(X)], "group_id": np.zeros(len(X), dtype=int)}
        given = {
            name: groups[name] if value is None else np.full(len(X), value) for name, value in self.arguments.items()
        }
        return self.estimator.fit(X, y, **given)


class Statsmodel(BaseEstimator):
    """Its `fit` returns the results object, as the `fit` of statsmodels does."""

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(self, X: Any, y: Any) -> Any:
        import statsmodels.api as sm

        options = {"disp": False} if self.name == "Logit" else {}
        return getattr(sm, self.name)(y, sm.add_constant(X)).fit(**options)


def made(name: str) -> Any:
    kind = dict(all_estimators())[name]
    options = OPTIONS.get(name, {})
    seeded = "random_state" in kind._get_param_names() and "random_state" not in options
    return kind(**options, **(SEED if seeded else {}))
