"""Estimators that users ask for and that have no exact ONNX model: why, and what to use instead."""

from sepal_export.registry import refuse

refuse(
    "neighbours at equal distances are chosen by the shape of its search tree, which no graph can follow; use a random "
    "forest, or an SVC with probabilities by CalibratedClassifierCV",
    "sklearn.KNeighborsClassifier",
    "sklearn.KNeighborsRegressor",
    "sklearn.RadiusNeighborsClassifier",
    "sklearn.RadiusNeighborsRegressor",
)

refuse(
    "it transforms each row by an iteration that a graph cannot follow; use PCA, TruncatedSVD or FactorAnalysis",
    "sklearn.DictionaryLearning",
    "sklearn.LatentDirichletAllocation",
    "sklearn.MiniBatchDictionaryLearning",
    "sklearn.MiniBatchNMF",
    "sklearn.MiniBatchSparsePCA",
    "sklearn.NMF",
    "sklearn.SparsePCA",
)

refuse(
    "its approximation of a kernel has no converter; use Nystroem or RBFSampler",
    "sklearn.AdditiveChi2Sampler",
    "sklearn.PolynomialCountSketch",
    "sklearn.SkewedChi2Sampler",
)

refuse(
    "it orders the rows of a group, which is neither a classifier's nor a regressor's answer; train a regressor of the "
    "same library on the relevance",
    "catboost.CatBoostRanker",
    "lightgbm.LGBMRanker",
    "xgboost.XGBRanker",
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
