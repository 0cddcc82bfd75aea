"""Turns the results of `xgboost.train`, `lightgbm.train` and `catboost.CatBoost` into the scikit-learn estimators of
their libraries.

A booster only knows its objective. A booster with an objective for classes becomes a classifier of the codes 0, 1, …
"""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from sepal_export.estimators import ConversionError
from sepal_export.originals.wrappers import original

# Set on estimators whose parameters are not the ones that their boosters were fitted with.
LOST = "parameters_are_lost_"
XGBOOST_CLASSES = ("binary:", "multi:")
LIGHTGBM_CLASSES = {"binary", "multiclass", "multiclassova"}
LIGHTGBM_RANKS = {"lambdarank", "rank_xendcg"}
# The names that LightGBM gives to the columns of an array.
UNNAMED = "Column_{}"
CATBOOST_CLASSES = {"Logloss", "CrossEntropy", "MultiClass", "MultiClassOneVsAll"}
CATBOOST_RANKS = (
    "YetiRank",
    "PairLogit",
    "QueryRMSE",
    "QuerySoftMax",
    "QueryCrossEntropy",
    "LambdaMart",
    "StochasticRank",
)
# Losses for which `CatBoost.predict` returns the logarithm, and `CatBoostRegressor.predict` the value.
CATBOOST_LOGARITHMS = {"Poisson", "Tweedie"}


@original("xgboost.Booster")
def of_xgboost(booster: Any) -> Any:
    """Returns an XGBClassifier, XGBRanker or XGBRegressor with a copy of the booster. `Booster.predict` uses all
    rounds, but these classes use only those up to the best one. So the copy forgets which round is the best, unless one
    of these classes saved the booster."""
    import xgboost

    copy = booster.copy()
    saved_by = json.loads(copy.attr("scikit_learn") or "{}").get("_estimator_type")
    if saved_by is None and copy.attr("best_iteration") is not None:
        rounds = copy.num_boosted_rounds()
        best = int(copy.attr("best_iteration")) + 1
        if best < rounds:
            warnings.warn(
                f"early stopping found round {best} to be the best, but the export answers from all {rounds} rounds, "
                f"as Booster.predict does; to use the best rounds only, export booster[:{best}]",
                stacklevel=2,
            )
        copy.set_attr(best_iteration=None, best_score=None)
    objective = json.loads(copy.save_config())["learner"]["objective"]["name"]
    kind = saved_by or kind_of_xgboost(objective)
    makers = {
        "classifier": xgboost.XGBClassifier, "ranker": xgboost.XGBRanker, "regressor": xgboost.XGBRegressor,
    }  # fmt: skip
    estimator = makers[kind]()
    estimator.load_model(copy.save_raw("ubj"))
    setattr(estimator, LOST, True)
    return estimator


def kind_of_xgboost(objective: str) -> str:
    if objective.startswith(XGBOOST_CLASSES) and objective != "binary:logitraw":
        return "classifier"
    return "ranker" if objective.startswith("rank:") else "regressor"


@original("lightgbm.Booster")
def of_lightgbm(booster: Any) -> Any:
    """Returns an LGBMClassifier, LGBMRanker or LGBMRegressor with the booster. All of them, like `Booster.predict`, use
    the rounds up to the best one. LightGBM has no function for this, so the booster is put where `fit` would put it."""
    import lightgbm
    from sklearn.preprocessing import LabelEncoder

    objective = objective_of_lightgbm(booster)
    classes = max(2, booster.num_model_per_iteration())
    if objective in LIGHTGBM_CLASSES:
        estimator = lightgbm.LGBMClassifier()
        estimator._le = LabelEncoder().fit(np.arange(classes))
        estimator._classes, estimator._n_classes = np.arange(classes), classes
    elif objective in LIGHTGBM_RANKS:
        estimator = lightgbm.LGBMRanker()
    else:
        estimator = lightgbm.LGBMRegressor()
    setattr(estimator, LOST, True)
    names = booster.feature_name()
    estimator._Booster, estimator._objective = booster, objective
    estimator._n_features = estimator._n_features_in = len(names)
    estimator._best_iteration, estimator.fitted_ = booster.best_iteration, True
    estimator._fitted_with_feature_names = names != [UNNAMED.format(index) for index in range(len(names))]
    return estimator


def objective_of_lightgbm(booster: Any) -> str:
    """The name of its objective, as in the saved model."""
    header = booster.model_to_string(num_iteration=1).partition("\nTree=")[0]
    said = [line.partition("=")[2].split()[0] for line in header.splitlines() if line.startswith("objective=")]
    if not said or said[0] == "custom":
        raise ConversionError(
            "the objective of this lightgbm.Booster is Python code, which is not saved with it, so that the meaning "
            "of its scores is unknown; train it with one of LightGBM's own objectives"
        )
    return said[0]


@original("catboost.CatBoost")
def of_catboost(model: Any) -> Any:
    """Returns a CatBoostClassifier, CatBoostRanker or CatBoostRegressor with a copy of the model. For classes,
    `CatBoost.predict` returns the score, and the classifier the probabilities and the class that `CatBoost.predict`
    returns with `prediction_type`."""
    loss = loss_of_catboost(model)
    if loss in CATBOOST_LOGARITHMS:
        raise ConversionError(
            f"with loss_function={loss!r}, CatBoost.predict returns the logarithm of the value, and "
            "CatBoostRegressor.predict returns the value; to export a model that answers the value, save it with "
            "save_model('model.cbm'), and export that file"
        )
    return catboost_estimator(model, loss)


def catboost_estimator(model: Any, loss: str) -> Any:
    import catboost

    if loss in CATBOOST_CLASSES:
        estimator = catboost.CatBoostClassifier()
    else:
        estimator = catboost.CatBoostRanker() if loss.startswith(CATBOOST_RANKS) else catboost.CatBoostRegressor()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "model.cbm"))
        model.save_model(path)
        estimator.load_model(path)
    setattr(estimator, LOST, True)
    return estimator


def loss_of_catboost(model: Any) -> str:
    """The name of the loss: `Quantile` for `Quantile:alpha=0.1`."""
    said = model.get_all_params().get("loss_function") if model.is_fitted() else None
    if not isinstance(said, str):
        raise ConversionError(
            "the loss function of this CatBoost is Python code or unknown; fit it with one of CatBoost's own loss "
            "functions"
        )
    return said.partition(":")[0]
