"""Estimators that users ask for and that have no exact ONNX model: why, and what to use instead."""

from sepal_export.registry import refuse

refuse(
    "it is a booster without the kind of its answer; use the library's classifier or regressor",
    "catboost.CatBoost",
    "lightgbm.Booster",
    "lightgbm.LGBMModel",
    "xgboost.Booster",
    "xgboost.XGBModel",
)
