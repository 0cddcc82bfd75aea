"""The entries of the zoo: each is an estimator and the data that it is fitted to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from catboost import CatBoostClassifier, CatBoostRegressor
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import (
    BayesianRidge,
    ElasticNet,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from xgboost import XGBClassifier, XGBRegressor

from zoo import data


@dataclass(frozen=True)
class Entry:
    name: str
    data: Callable[[], data.Data]
    estimator: Any
    # Whether the export is expected to refuse the estimator.
    refused: bool = False
    # The family under which the table counts the estimator's class; empty if it is not counted.
    family: str = ""


def scaled(estimator: Any) -> Any:
    return make_pipeline(StandardScaler(), estimator)


def of_mixed(estimator: Any, *, encoder: Any = None) -> Any:
    """A pipeline of the usual preprocessing for tables of mixed types, and the estimator."""
    strings = make_column_selector(dtype_include=["object", "string"])
    numbers = make_column_selector(dtype_exclude=["object", "string"])
    encode = encoder or OneHotEncoder(handle_unknown="ignore")
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            (make_pipeline(SimpleImputer(strategy="most_frequent"), encode), strings),
        ),
        estimator,
    )


SEED = {"random_state": 0}

ENTRIES = [
    Entry("LogisticRegression", data.iris, scaled(LogisticRegression())),
    Entry("LogisticRegression", data.digits, scaled(LogisticRegression(max_iter=1000))),
    Entry("LogisticRegression, encoded columns", data.mixed, of_mixed(LogisticRegression())),
    Entry(
        "LogisticRegression of polynomials",
        data.wine,
        make_pipeline(StandardScaler(), PolynomialFeatures(2), LogisticRegression()),
    ),
    Entry(
        "GridSearchCV of LogisticRegression",
        data.breast_cancer,
        GridSearchCV(scaled(LogisticRegression()), {"logisticregression__C": [0.1, 1]}, cv=3),
    ),
    Entry("SGDClassifier", data.breast_cancer, scaled(SGDClassifier(loss="log_loss", **SEED))),
    Entry("LinearSVC, calibrated", data.wine, CalibratedClassifierCV(scaled(LinearSVC(**SEED)), cv=3)),
    Entry(
        "RidgeClassifier, isotonic calibration",
        data.wine,
        CalibratedClassifierCV(scaled(RidgeClassifier()), method="isotonic", cv=3),
    ),
    Entry("SVC, calibrated", data.iris, CalibratedClassifierCV(scaled(SVC()), cv=3)),
    Entry("GaussianNB", data.wine, GaussianNB()),
    Entry("LinearDiscriminantAnalysis", data.breast_cancer, LinearDiscriminantAnalysis()),
    Entry("QuadraticDiscriminantAnalysis", data.iris, QuadraticDiscriminantAnalysis()),
    Entry("MLPClassifier", data.iris, scaled(MLPClassifier((16, 8), max_iter=3000, **SEED))),
    Entry("DecisionTreeClassifier", data.iris, DecisionTreeClassifier(**SEED)),
    Entry(
        "DecisionTreeClassifier, bins",
        data.wine,
        make_pipeline(KBinsDiscretizer(5, quantile_method="averaged_inverted_cdf"), DecisionTreeClassifier(**SEED)),
    ),
    Entry("RandomForestClassifier, scaled", data.wine, scaled(RandomForestClassifier(100, **SEED))),
    Entry("RandomForestClassifier, missing values", data.gaps, RandomForestClassifier(50, **SEED)),
    Entry("RandomForestClassifier", data.fifty, RandomForestClassifier(30, max_depth=8, **SEED)),
    Entry(
        "RandomForestClassifier, encoded columns", data.mixed, of_mixed(RandomForestClassifier(50, max_depth=8, **SEED))
    ),
    Entry("ExtraTreesClassifier", data.digits, ExtraTreesClassifier(30, max_depth=8, **SEED)),
    Entry(
        "RandomForestClassifier after PCA",
        data.digits,
        make_pipeline(PCA(10, **SEED), RandomForestClassifier(20, max_depth=6, **SEED)),
    ),
    Entry(
        "GradientBoostingClassifier, scaled",
        data.breast_cancer,
        scaled(GradientBoostingClassifier(n_estimators=50, **SEED)),
    ),
    Entry(
        "GradientBoostingClassifier, boolean labels", data.benign, GradientBoostingClassifier(n_estimators=30, **SEED)
    ),
    Entry(
        "HistGradientBoostingClassifier, scaled", data.wine, scaled(HistGradientBoostingClassifier(max_iter=30, **SEED))
    ),
    Entry(
        "HistGradientBoostingClassifier, missing values", data.gaps, HistGradientBoostingClassifier(max_iter=30, **SEED)
    ),
    Entry(
        "HistGradientBoostingClassifier, ordinal columns",
        data.mixed,
        of_mixed(HistGradientBoostingClassifier(max_iter=40, **SEED), encoder=OrdinalEncoder()),
    ),
    Entry("AdaBoostClassifier", data.iris, AdaBoostClassifier(n_estimators=30, **SEED)),
    Entry(
        "VotingClassifier",
        data.wine,
        VotingClassifier(
            [("lr", scaled(LogisticRegression())), ("rf", RandomForestClassifier(30, **SEED)), ("nb", GaussianNB())],
            voting="soft",
        ),
    ),
    Entry(
        "StackingClassifier",
        data.breast_cancer,
        StackingClassifier(
            [("rf", RandomForestClassifier(20, max_depth=5, **SEED)), ("svc", scaled(SVC()))],
            LogisticRegression(),
            cv=3,
        ),
    ),
    Entry(
        "RandomForestClassifier, calibrated",
        data.iris,
        CalibratedClassifierCV(RandomForestClassifier(20, **SEED), method="isotonic", cv=3),
    ),
    Entry("XGBClassifier, scaled", data.wine, scaled(XGBClassifier(n_estimators=40, n_jobs=1))),
    Entry("XGBClassifier, missing values", data.gaps, XGBClassifier(n_estimators=30, n_jobs=1)),
    Entry("LGBMClassifier, scaled", data.breast_cancer, scaled(LGBMClassifier(n_estimators=40, n_jobs=1, verbose=-1))),
    Entry(
        "LGBMClassifier, encoded columns",
        data.mixed,
        of_mixed(LGBMClassifier(n_estimators=40, n_jobs=1, verbose=-1)).set_output(transform="default"),
    ),
    Entry(
        "CatBoostClassifier",
        data.iris,
        CatBoostClassifier(iterations=50, depth=4, thread_count=1, verbose=False, allow_writing_files=False),
    ),
    Entry("Ridge", data.diabetes, scaled(Ridge())),
    Entry(
        "ElasticNet of a logarithm",
        data.diabetes,
        TransformedTargetRegressor(scaled(ElasticNet(alpha=0.01)), func=np.log1p, inverse_func=np.expm1),
    ),
    Entry("BayesianRidge after PowerTransformer", data.diabetes, make_pipeline(PowerTransformer(), BayesianRidge())),
    Entry("PoissonRegressor", data.diabetes, make_pipeline(RobustScaler(), PoissonRegressor())),
    Entry("SVR", data.diabetes, scaled(SVR(C=100))),
    Entry(
        "GaussianProcessRegressor",
        data.diabetes,
        scaled(GaussianProcessRegressor(RBF(3.0, "fixed") + WhiteKernel(1.0, "fixed"), normalize_y=True)),
    ),
    Entry("MLPRegressor", data.diabetes, scaled(MLPRegressor(hidden_layer_sizes=(16,), max_iter=5000, **SEED))),
    Entry("DecisionTreeRegressor", data.diabetes, DecisionTreeRegressor(max_depth=6, **SEED)),
    Entry("RandomForestRegressor, scaled", data.diabetes, scaled(RandomForestRegressor(50, **SEED))),
    Entry("BaggingRegressor", data.diabetes, BaggingRegressor(n_estimators=10, **SEED)),
    Entry("GradientBoostingRegressor", data.diabetes, GradientBoostingRegressor(loss="huber", **SEED)),
    Entry(
        "HistGradientBoostingRegressor, encoded columns",
        data.mixed_values,
        of_mixed(HistGradientBoostingRegressor(max_iter=60, **SEED)),
    ),
    Entry("XGBRegressor", data.diabetes, XGBRegressor(n_estimators=40, n_jobs=1)),
    Entry("LGBMRegressor", data.diabetes, LGBMRegressor(n_estimators=40, n_jobs=1, verbose=-1)),
    Entry(
        "CatBoostRegressor",
        data.diabetes,
        CatBoostRegressor(iterations=60, depth=5, thread_count=1, verbose=False, allow_writing_files=False),
    ),
    Entry("KNeighborsClassifier", data.iris, KNeighborsClassifier()),
    Entry("KNNImputer", data.gaps, make_pipeline(KNNImputer(), LogisticRegression())),
    Entry(
        "FunctionTransformer that looks at other rows",
        data.iris,
        make_pipeline(FunctionTransformer(lambda X: X - X.mean(axis=0)), LogisticRegression()),
        refused=True,
    ),
    Entry("LinearSVC", data.iris, scaled(LinearSVC(**SEED))),
]
