"""Transformers of category_encoders and feature_engine."""

from __future__ import annotations

from typing import Any

import category_encoders as ce
from feature_engine.creation import CyclicalFeatures
from feature_engine.datetime import DatetimeFeatures
from feature_engine.encoding import OneHotEncoder, OrdinalEncoder, RareLabelEncoder
from feature_engine.imputation import AddMissingIndicator, CategoricalImputer, MeanMedianImputer
from feature_engine.selection import DropFeatures
from feature_engine.transformation import LogTransformer
from feature_engine.wrappers import SklearnTransformerWrapper
from lightgbm import LGBMRegressor
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import Binarizer, MinMaxScaler, StandardScaler

from zoo.public import tables_money, tables_people, tables_places
from zoo.public.entry import PACKAGES, public


# A config's ENCODER_DICT of category_encoders beside a logistic regression: weights of evidence for a score.
@public("Loan default, weights of evidence", PACKAGES, tables_money.loans)
def loans() -> Any:
    categories = ["home_ownership", "loan_intent", "loan_grade", "state"]
    return Pipeline(
        [
            ("woe", ce.WOEEncoder(cols=categories)),
            ("imputer", SimpleImputer(strategy="median")),
            ("scaler", StandardScaler()),
            ("model", LogisticRegression(max_iter=1000)),
        ]
    )


# yuanjie-ai/tql-Python, CategoricalEncoding/README.md: make_pipeline of a target encoder and a model.
@public("Adult income, target means", PACKAGES, tables_people.adult_in_numbers)
def adult() -> Any:
    columns = ColumnTransformer(
        [
            ("target", ce.TargetEncoder(smoothing=10), ["workclass", "education", "marital-status", "occupation"]),
            ("binary", ce.BinaryEncoder(), ["sex"]),
            ("num", StandardScaler(), ["age", "hours-per-week", "education-num"]),
        ]
    )
    return make_pipeline(columns, LogisticRegression(max_iter=1000))


# Kaggle-Notebooks, Faster-Hyperparameter-Tuning-with-Scikit-Learn-Pipelines: codes and counts for boosting.
@public("Ames, codes and means of CatBoost's kind", PACKAGES, tables_places.ames)
def ames_codes() -> Any:
    return Pipeline(
        [
            ("ordinal", ce.OrdinalEncoder(cols=["ExterQual", "BsmtQual", "FireplaceQu", "GarageFinish"])),
            ("catboost", ce.CatBoostEncoder(cols=["MSZoning", "Neighborhood"])),
            ("model", LGBMRegressor(n_estimators=80, num_leaves=15, random_state=0, verbose=-1)),
        ]
    )


class TemporalVariableTransformer(BaseEstimator, TransformerMixin):
    def __init__(self, variables, reference_variable):
        if not isinstance(variables, list):
            raise ValueError("variables should be a list")
        self.variables = variables
        self.reference_variable = reference_variable

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = X.copy()
        for feature in self.variables:
            X[feature] = X[self.reference_variable] - X[feature]
        return X


class Mapper(BaseEstimator, TransformerMixin):
    def __init__(self, variables, mappings):
        if not isinstance(variables, list):
            raise ValueError("variables should be a list")
        self.variables = variables
        self.mappings = mappings

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = X.copy()
        for feature in self.variables:
            X[feature] = X[feature].map(self.mappings)
        return X


# The course on deploying models: regression_model/pipeline.py of Arnold-git/MLOp and of everybody who took it.
@public("Ames, the deployment course", PACKAGES, tables_places.ames)
def ames_course() -> Any:
    qualities = {"Po": 1, "Fa": 2, "TA": 3, "Gd": 4, "Ex": 5, "Missing": 0, "NA": 0}
    finishes = {"Missing": 0, "NA": 0, "Unf": 1, "RFn": 2, "Fin": 3}
    categories = ["MSZoning", "Neighborhood"]
    return Pipeline(
        [
            ("missing_imputation", CategoricalImputer(imputation_method="missing", variables=["FireplaceQu"])),
            (
                "frequent_imputation",
                CategoricalImputer(imputation_method="frequent", variables=["BsmtQual", "GarageFinish"]),
            ),
            ("missing_indicator", AddMissingIndicator(variables=["LotFrontage"])),
            ("mean_imputation", MeanMedianImputer(imputation_method="mean", variables=["LotFrontage"])),
            ("elapsed_time", TemporalVariableTransformer(variables=["YearBuilt"], reference_variable="YrSold")),
            ("drop_features", DropFeatures(features_to_drop=["YrSold"])),
            ("log", LogTransformer(variables=["LotFrontage", "1stFlrSF", "LotArea"])),
            ("binarizer", SklearnTransformerWrapper(transformer=Binarizer(threshold=0), variables=["PoolArea"])),
            ("mapper_qual", Mapper(variables=["ExterQual", "BsmtQual", "FireplaceQu"], mappings=qualities)),
            ("mapper_garage", Mapper(variables=["GarageFinish"], mappings=finishes)),
            ("rare_label_encoder", RareLabelEncoder(tol=0.01, n_categories=1, variables=categories)),
            ("categorical_encoder", OrdinalEncoder(encoding_method="ordered", variables=categories)),
            ("scaler", MinMaxScaler()),
            ("Lasso", Lasso(alpha=0.001, random_state=0)),
        ]
    )


class ExtractLetterTransformer(BaseEstimator, TransformerMixin):
    def __init__(self, variables):
        self.variables = variables

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = X.copy()
        for feature in self.variables:
            X[feature] = X[feature].str[0]
        return X


# classification_model/pipeline.py of the same course: the cabin's first letter, rare labels, one-hot columns.
@public("Titanic, the deployment course", PACKAGES, tables_people.titanic)
def titanic_course() -> Any:
    categories = ["Sex", "Cabin", "Embarked"]
    return Pipeline(
        [
            ("drop", DropFeatures(features_to_drop=["Name"])),
            ("extract_letter", ExtractLetterTransformer(variables=["Cabin"])),
            ("categorical_imputation", CategoricalImputer(imputation_method="missing", variables=categories)),
            ("missing_indicator", AddMissingIndicator(variables=["Age"])),
            ("median_imputation", MeanMedianImputer(imputation_method="median", variables=["Age", "Fare"])),
            ("rare_label_encoder", RareLabelEncoder(tol=0.05, n_categories=1, variables=categories)),
            ("categorical_encoder", OneHotEncoder(drop_last=True, variables=categories)),
            ("scaler", StandardScaler()),
            ("Logit", LogisticRegression(C=0.0005, random_state=0)),
        ]
    )


# feature_engine's user guide on datetime and cyclical features, on the demand for electricity.
@public("Energy, datetime and cyclical features", PACKAGES, tables_places.energy)
def energy() -> Any:
    parts = ["month", "day_of_week", "hour", "weekend"]
    return Pipeline(
        [
            ("datetime_features", DatetimeFeatures(variables=["date_time"], features_to_extract=parts)),
            ("cyclical", CyclicalFeatures(variables=["date_time_month", "date_time_hour"], drop_original=False)),
            ("imputer", MeanMedianImputer(imputation_method="median", variables=["temperature"])),
            ("model", RandomForestRegressor(n_estimators=50, random_state=57)),
        ]
    )
