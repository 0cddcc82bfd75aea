"""Estimators that users ask for but that have no exact ONNX model: the reason, and what to use instead."""

from sepal_export.registry import refuse

refuse(
    "it is a booster without the kind of its answer; use the library's classifier or regressor",
    "catboost.CatBoost",
    "lightgbm.Booster",
    "lightgbm.LGBMModel",
    "xgboost.Booster",
    "xgboost.XGBModel",
)

refuse(
    "it groups the rows of its fit, and has no predict for others; use KMeans, or fit a classifier to its labels",
    "sklearn.AgglomerativeClustering",
    "sklearn.DBSCAN",
    "sklearn.HDBSCAN",
    "sklearn.OPTICS",
    "sklearn.SpectralBiclustering",
    "sklearn.SpectralClustering",
    "sklearn.SpectralCoclustering",
)
refuse(
    "it places the rows of its fit, and has no transform for others; use PCA or Isomap",
    "sklearn.ClassicalMDS",
    "sklearn.MDS",
    "sklearn.SpectralEmbedding",
    "sklearn.TSNE",
)
refuse(
    "it answers densities, distances or neighbours, and has neither predict nor transform; use an outlier detector, a "
    "mixture or KNeighborsClassifier",
    "sklearn.EmpiricalCovariance",
    "sklearn.GraphicalLasso",
    "sklearn.GraphicalLassoCV",
    "sklearn.KernelDensity",
    "sklearn.LedoitWolf",
    "sklearn.MinCovDet",
    "sklearn.NearestNeighbors",
    "sklearn.OAS",
    "sklearn.ShrunkCovariance",
)
refuse(
    "it changes the target, and no rows; give y to fit as it is, which classifiers encode themselves",
    "sklearn.LabelBinarizer",
    "sklearn.LabelEncoder",
    "sklearn.MultiLabelBinarizer",
)
refuse(
    "it reads images, of which a row has no fixed number of columns, and has no converter; compute its features before "
    "the fit",
    "sklearn.PatchExtractor",
)
