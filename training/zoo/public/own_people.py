"""Published pipelines with Python code of their own, on data of passengers, patients and employees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from catboost import CatBoostClassifier
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler

from zoo.public import tables_people
from zoo.public.entry import PYTHON, public


class FilterName(BaseEstimator, TransformerMixin):
    def __init__(self, column):
        self.column = column

    def fit(self, X, y=None):
        return self

    def transform(self, X, y=None):
        X_transformed = X.copy()
        column = self.column
        X_transformed[column] = X_transformed[column].str.split(", ", expand=True)[1].str.split(".", expand=True)[0]
        X_transformed.loc[~X_transformed[column].isin(["Mr", "Miss", "Mrs"]), column] = "Other"
        return X_transformed


class FamilySize(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = X.copy()
        X["FamilySize"] = X["SibSp"] + X["Parch"] + 1
        X["IsAlone"] = 0
        X.loc[X["FamilySize"] == 1, "IsAlone"] = 1
        X["FarePerPerson"] = X["Fare"] / X["FamilySize"]
        return X


# AdamSobieraj/PYTHON-Pipeline, FilterName.py: the title out of the name, and the family's size.
@public("Titanic, title of the name", PYTHON, tables_people.titanic)
def titanic_title() -> Any:
    columns = ColumnTransformer(
        [
            ("num", SimpleImputer(strategy="median"), ["Age", "Fare", "FamilySize", "FarePerPerson", "IsAlone"]),
            ("cat", OneHotEncoder(handle_unknown="ignore"), ["Name", "Sex", "Pclass"]),
        ]
    )
    model = RandomForestClassifier(n_estimators=60, max_depth=6, random_state=1)
    return Pipeline([("name", FilterName("Name")), ("family", FamilySize()), ("columns", columns), ("model", model)])


def split_cabin(df):
    df = df.copy()
    df[["Deck", "Num", "Side"]] = df["Cabin"].str.split("/", expand=True)
    df["Num"] = df["Num"].astype(float)
    spending = ["RoomService", "FoodCourt", "Spa"]
    df["TotalSpent"] = df[spending].sum(axis=1)
    df["NoSpending"] = (df["TotalSpent"] == 0).astype(int)
    df["AgeGroup"] = pd.cut(df["Age"], bins=[-1, 12, 18, 25, 50, 120], labels=[0, 1, 2, 3, 4]).astype(float)
    return df.drop(columns=["Cabin"])


# Notebooks on the Spaceship Titanic: deck, number and side of the cabin, what was spent, groups of ages.
@public("Spaceship Titanic, cabin and spending", PYTHON, tables_people.spaceship)
def spaceship() -> Any:
    categories = ["HomePlanet", "Destination", "Deck", "Side"]
    columns = ColumnTransformer(
        [
            ("cat", make_pipeline(SimpleImputer(strategy="most_frequent"), OrdinalEncoder()), categories),
            ("num", SimpleImputer(strategy="median"), ["Age", "Num", "TotalSpent", "NoSpending", "AgeGroup"]),
        ],
        remainder="passthrough",
    )
    model = CatBoostClassifier(iterations=60, depth=5, verbose=0, allow_writing_files=False)
    return make_pipeline(FunctionTransformer(split_cabin), columns, model)


class Winsorizer(BaseEstimator, TransformerMixin):
    def __init__(self, lower_quantile=0.01, upper_quantile=0.99):
        self.lower_quantile = lower_quantile
        self.upper_quantile = upper_quantile

    def fit(self, X, y=None):
        self.lower_bounds_ = X.quantile(self.lower_quantile)
        self.upper_bounds_ = X.quantile(self.upper_quantile)
        return self

    def transform(self, X):
        return X.clip(self.lower_bounds_, self.upper_bounds_, axis=1)


# Humza134/ml-projects, heart_disease_pr/winsorizer.py.
@public("Heart disease, a Winsorizer", PYTHON, tables_people.heart)
def heart() -> Any:
    numbers = ["age", "trestbps", "chol", "thalach", "oldpeak"]
    columns = ColumnTransformer(
        [
            ("num", Pipeline([("winsorize", Winsorizer(0.05, 0.95)), ("scale", StandardScaler())]), numbers),
            ("cat", OneHotEncoder(drop="first"), ["sex", "cp", "exang"]),
        ],
        remainder="passthrough",
    )
    return Pipeline([("prep", columns), ("model", LogisticRegression(max_iter=1000))])


class OutlierHandler(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        for col_index in range(X.shape[1]):
            column = X[:, col_index]
            Q1 = np.percentile(column, 25)
            Q3 = np.percentile(column, 75)
            IQR = Q3 - Q1
            outliers = (column < Q1 - 1.5 * IQR) | (column > Q3 + 1.5 * IQR)
            X[outliers, col_index] = np.median(column)
        return X


# elifsare/HR-Analytics-Employee-Attrition-Performance, pipeline.py: OutlierHandler computes the quartiles from the rows
# of one call, so that the answer to a row depends on the rows beside it.
@public("Attrition, outliers of the batch", PYTHON, tables_people.attrition)
def attrition() -> Any:
    numeric = Pipeline(
        [
            ("imputer", SimpleImputer(strategy="mean")),
            ("outlier_handler", OutlierHandler()),
            ("scaler", StandardScaler()),
        ]
    )
    columns = ColumnTransformer(
        [
            ("num", numeric, make_column_selector(dtype_include="number")),
            ("cat", OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
        ]
    )
    return Pipeline([("prep", columns), ("model", LogisticRegression(max_iter=1000))])
