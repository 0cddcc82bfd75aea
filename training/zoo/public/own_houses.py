"""Python of the user's own: houses and their rooms, and classes that became common by a book (Géron, Hands-On Machine
Learning)."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, TransformerMixin, clone
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, RobustScaler, StandardScaler
from xgboost import XGBRegressor

from zoo.public import tables_places
from zoo.public.entry import PYTHON, public

rooms_ix, bedrooms_ix, population_ix, households_ix = 3, 4, 5, 6


class CombinedAttributesAdder(BaseEstimator, TransformerMixin):
    def __init__(self, add_bedrooms_per_room=True):
        self.add_bedrooms_per_room = add_bedrooms_per_room

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        rooms_per_household = X[:, rooms_ix] / X[:, households_ix]
        population_per_household = X[:, population_ix] / X[:, households_ix]
        if self.add_bedrooms_per_room:
            bedrooms_per_room = X[:, bedrooms_ix] / X[:, rooms_ix]
            return np.c_[X, rooms_per_household, population_per_household, bedrooms_per_room]
        else:
            return np.c_[X, rooms_per_household, population_per_household]


class DataFrameSelector(BaseEstimator, TransformerMixin):
    def __init__(self, attribute_names):
        self.attribute_names = attribute_names

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X[self.attribute_names].values


# The book's first edition, and HJinS/tensorflow_practice or jawaharbabugit/IceXtreme of its hundreds of copies.
@public("California, CombinedAttributesAdder behind selectors", PYTHON, tables_places.california)
def california() -> Any:
    numbers = ["longitude", "latitude", "housing_median_age", "total_rooms", "total_bedrooms", "population"]
    num_pipeline = Pipeline(
        [
            ("selector", DataFrameSelector([*numbers, "households", "median_income"])),
            ("imputer", SimpleImputer(strategy="median")),
            ("attribs_adder", CombinedAttributesAdder()),
            ("std_scaler", StandardScaler()),
        ]
    )
    cat_pipeline = Pipeline(
        [("selector", DataFrameSelector(["ocean_proximity"])), ("encoder", OneHotEncoder(sparse_output=False))]
    )
    full_pipeline = FeatureUnion([("num_pipeline", num_pipeline), ("cat_pipeline", cat_pipeline)])
    return Pipeline([("prep", full_pipeline), ("model", RandomForestRegressor(n_estimators=50, random_state=42))])


class ClusterSimilarity(BaseEstimator, TransformerMixin):
    def __init__(self, n_clusters=10, gamma=1.0, random_state=None):
        self.n_clusters = n_clusters
        self.gamma = gamma
        self.random_state = random_state

    def fit(self, X, y=None, sample_weight=None):
        self.kmeans_ = KMeans(self.n_clusters, n_init=10, random_state=self.random_state)
        self.kmeans_.fit(X, sample_weight=sample_weight)
        return self

    def transform(self, X):
        return rbf_kernel(X, self.kmeans_.cluster_centers_, gamma=self.gamma)

    def get_feature_names_out(self, names=None):
        return [f"Cluster {i} similarity" for i in range(self.n_clusters)]


def column_ratio(X):
    return X[:, [0]] / X[:, [1]]


def ratio_name(function_transformer, feature_names_in):
    return ["ratio"]


def ratio_pipeline():
    return make_pipeline(
        SimpleImputer(strategy="median"),
        FunctionTransformer(column_ratio, feature_names_out=ratio_name),
        StandardScaler(),
    )


# The book's third edition, 02_end_to_end_machine_learning_project.ipynb.
@public("California, ratios and similarity to clusters", PYTHON, tables_places.california)
def california_ratios() -> Any:
    log_pipeline = make_pipeline(
        SimpleImputer(strategy="median"),
        FunctionTransformer(np.log, feature_names_out="one-to-one"),
        StandardScaler(),
    )
    cat_pipeline = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    preprocessing = ColumnTransformer(
        [
            ("bedrooms", ratio_pipeline(), ["total_bedrooms", "total_rooms"]),
            ("rooms_per_house", ratio_pipeline(), ["total_rooms", "households"]),
            ("people_per_house", ratio_pipeline(), ["population", "households"]),
            ("log", log_pipeline, ["total_bedrooms", "total_rooms", "population", "households", "median_income"]),
            ("geo", ClusterSimilarity(n_clusters=6, gamma=1.0, random_state=42), ["latitude", "longitude"]),
            ("cat", cat_pipeline, make_column_selector(dtype_include=[object, "string"])),
        ],
        remainder=make_pipeline(SimpleImputer(strategy="median"), StandardScaler()),
    )
    return make_pipeline(preprocessing, LinearRegression())


def add_house_features(df):
    df = df.copy()
    df["TotalSF"] = df["TotalBsmtSF"] + df["1stFlrSF"] + df["2ndFlrSF"]
    df["HouseAge"] = df["YrSold"] - df["YearBuilt"]
    df["IsNew"] = (df["HouseAge"] <= 2).astype(int)
    df["HasPool"] = df["PoolArea"].apply(lambda x: 1 if x > 0 else 0)
    df["Has2ndFloor"] = np.where(df["2ndFlrSF"] > 0, 1, 0)
    df["QualArea"] = df["OverallQual"] * df["TotalSF"]
    quality = {"Fa": 1, "TA": 2, "Gd": 3, "Ex": 4}
    for col in ["ExterQual", "BsmtQual", "FireplaceQu"]:
        df[col] = df[col].map(quality).fillna(0)
    return df.drop(columns=["YearBuilt", "YrSold", "GarageFinish"])


# Notebooks on the Ames houses: TotalSF, ages, flags and qualities as numbers, in one function.
@public("Ames, features of a function", PYTHON, tables_places.ames)
def ames() -> Any:
    numeric = make_column_selector(dtype_include=np.number)
    preprocessor = ColumnTransformer(
        [
            ("num", SimpleImputer(strategy="median"), numeric),
            ("cat", OneHotEncoder(handle_unknown="ignore"), ["MSZoning", "Neighborhood"]),
        ]
    )
    return Pipeline(
        [
            ("features", FunctionTransformer(add_house_features)),
            ("preprocessor", preprocessor),
            ("model", XGBRegressor(n_estimators=80, learning_rate=0.1, max_depth=4, random_state=0)),
        ]
    )


class AveragingModels(BaseEstimator, RegressorMixin, TransformerMixin):
    def __init__(self, models):
        self.models = models

    def fit(self, X, y):
        self.models_ = [clone(x) for x in self.models]
        for model in self.models_:
            model.fit(X, y)
        return self

    def predict(self, X):
        predictions = np.column_stack([model.predict(X) for model in self.models_])
        return np.mean(predictions, axis=1)


# Stacked regressions on Kaggle, copied in lisaong or Amacorp/-Getting-to-the-top-4-in-house-prices-in-kaggle.
@public("Ames, AveragingModels", PYTHON, tables_places.ames)
def averaging() -> Any:
    lasso = make_pipeline(RobustScaler(), Lasso(alpha=0.0005, random_state=1))
    elastic = make_pipeline(RobustScaler(), ElasticNet(alpha=0.0005, l1_ratio=0.9, random_state=3))
    ridge = KernelRidge(alpha=0.6, kernel="polynomial", degree=2, coef0=2.5)
    boosting = GradientBoostingRegressor(n_estimators=60, learning_rate=0.05, max_depth=4, random_state=5)
    columns = ColumnTransformer(
        [("num", make_pipeline(SimpleImputer(), StandardScaler()), make_column_selector(dtype_include="number"))]
    )
    return make_pipeline(columns, AveragingModels(models=(elastic, boosting, ridge, lasso)))
