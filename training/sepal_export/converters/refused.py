"""Estimators that users ask for and that have no exact ONNX model: why, and what to use instead."""

from sepal_export.registry import refuse

refuse(
    "it predicts several values at once; train one model for each, such as Lasso or ElasticNet",
    "sklearn.MultiTaskElasticNet",
    "sklearn.MultiTaskElasticNetCV",
    "sklearn.MultiTaskLasso",
    "sklearn.MultiTaskLassoCV",
)

refuse(
    "it is a booster without the kind of its answer; use the library's classifier or regressor",
    "catboost.CatBoost",
    "lightgbm.Booster",
    "lightgbm.LGBMModel",
    "xgboost.Booster",
    "xgboost.XGBModel",
)
