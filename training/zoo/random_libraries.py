"""Estimators with options drawn by chance. They come from libraries other than scikit-learn, or take columns of
categories without an encoder."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import xgboost
from catboost import CatBoostClassifier, CatBoostRegressor
from imblearn import ensemble as imbalanced
from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor
from lightgbm import LGBMClassifier, LGBMRegressor
from ngboost import NGBClassifier, NGBRegressor
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from xgboost import XGBClassifier, XGBRegressor, XGBRFClassifier, XGBRFRegressor

from sepal_export.data.forms import is_polars
from zoo.families import Statsmodel

SEED = {"random_state": 0}


class Trained(BaseEstimator):
    """Its `fit` returns a booster, as `train` of XGBoost and LightGBM does."""

    def __init__(self, library: str) -> None:
        self.library = library

    def fit(self, X: Any, y: Any) -> Any:
        if self.library == "xgboost":
            return xgboost.train({"max_depth": 3, "nthread": 1}, xgboost.DMatrix(X, y), 4)
        if is_polars(X) and any(str(kind) == "String" for kind in X.dtypes):
            raise ValueError("LightGBM ends the process at a polars frame with strings")
        options = {"verbose": -1, "num_leaves": 7, "num_threads": 1}
        return lightgbm.train(options, lightgbm.Dataset(X, y, params={"verbose": -1}), 4)


# Their `fit` returns no estimator of scikit-learn, so no pipeline can hold them.
ALONE = (Statsmodel, Trained)


def booster_options(random: np.random.Generator) -> dict[str, Any]:
    return {"n_estimators": int(random.integers(1, 10)), "max_depth": int(random.integers(1, 5)), "n_jobs": 1, **SEED}


def of_xgboost(random: np.random.Generator) -> dict[str, Any]:
    return {
        "booster": str(random.choice(["gbtree", "gbtree", "dart"])),
        "tree_method": str(random.choice(["hist", "exact"])),
        "subsample": float(random.choice([1.0, 0.7])),
        **booster_options(random),
    }


def of_lightgbm(random: np.random.Generator) -> dict[str, Any]:
    return {
        "boosting_type": str(random.choice(["gbdt", "gbdt", "dart"])),
        "min_child_samples": 3,
        "linear_tree": bool(random.random() < 0.1),
        "verbose": -1,
        **booster_options(random),
    }


def of_catboost(random: np.random.Generator) -> dict[str, Any]:
    return {
        "iterations": 5, "depth": int(random.integers(1, 5)), "thread_count": 1, "verbose": False,
        "allow_writing_files": False, "grow_policy": str(random.choice(["SymmetricTree", "Depthwise"])), **SEED,
    }  # fmt: skip


def of_interpret() -> dict[str, Any]:
    return {"outer_bags": 1, "max_rounds": 20, "interactions": 1, "n_jobs": 1, **SEED}


def regressors(random: np.random.Generator) -> list[Any]:
    return [
        XGBRegressor(
            objective=str(random.choice(["reg:squarederror", "reg:absoluteerror", "count:poisson"])),
            **of_xgboost(random),
        ),
        LGBMRegressor(objective=str(random.choice(["l2", "l1", "poisson", "huber"])), **of_lightgbm(random)),
        CatBoostRegressor(loss_function=str(random.choice(["RMSE", "MAE", "Poisson"])), **of_catboost(random)),
        XGBRFRegressor(**booster_options(random)),
        NGBRegressor(n_estimators=4, verbose=False, **SEED),
        ExplainableBoostingRegressor(**of_interpret()),
        Statsmodel(str(random.choice(["OLS", "GLM"]))),
        Trained(str(random.choice(["xgboost", "lightgbm"]))),
    ]


def classifiers(random: np.random.Generator) -> list[Any]:
    return [
        XGBClassifier(**of_xgboost(random)),
        LGBMClassifier(**of_lightgbm(random)),
        CatBoostClassifier(**of_catboost(random)),
        XGBRFClassifier(**booster_options(random)),
        NGBClassifier(n_estimators=4, verbose=False, **SEED),
        ExplainableBoostingClassifier(**of_interpret()),
        imbalanced.BalancedRandomForestClassifier(4, max_depth=3, **SEED),
        imbalanced.BalancedBaggingClassifier(n_estimators=3, **SEED),
        imbalanced.EasyEnsembleClassifier(2, **SEED),
        imbalanced.RUSBoostClassifier(n_estimators=3, **SEED),
    ]


def of_categories(random: np.random.Generator, kind: str, X: pd.DataFrame) -> Any:
    """An estimator that takes columns of categories without an encoder."""
    names = [name for name in X.columns if X[name].dtype == "category"]
    if kind == "value":
        known = [
            lambda: XGBRegressor(enable_categorical=True, **of_xgboost(random)),
            lambda: LGBMRegressor(**of_lightgbm(random)),
            lambda: CatBoostRegressor(cat_features=names, **of_catboost(random)),
            lambda: HistGradientBoostingRegressor(max_iter=5, **SEED),
            lambda: ExplainableBoostingRegressor(**of_interpret()),
        ]
    else:
        known = [
            lambda: XGBClassifier(enable_categorical=True, **of_xgboost(random)),
            lambda: LGBMClassifier(**of_lightgbm(random)),
            lambda: CatBoostClassifier(cat_features=names, **of_catboost(random)),
            lambda: HistGradientBoostingClassifier(max_iter=5, **SEED),
            lambda: ExplainableBoostingClassifier(**of_interpret()),
        ]
    return known[int(random.integers(0, len(known)))]()
