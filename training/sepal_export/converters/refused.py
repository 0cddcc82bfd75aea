"""Estimators that users ask for and that have no exact ONNX model: why, and what to use instead."""

from sepal_export.registry import refuse

refuse(
    "its transform begins at the mean of all rows that it is given, so that its answer to a row depends on the rows "
    "beside it; use NMF with tol=0",
    "sklearn.MiniBatchNMF",
)

refuse(
    "it is a booster without the kind of its answer; use the library's classifier or regressor",
    "catboost.CatBoost",
    "lightgbm.Booster",
    "lightgbm.LGBMModel",
    "xgboost.Booster",
    "xgboost.XGBModel",
)

refuse(
    "what it fills in depends on all of its training rows; use SimpleImputer, with add_indicator=True if gaps mean "
    "something, or an estimator that takes missing values",
    "sklearn.KNNImputer",
    "sklearn.IterativeImputer",
)
