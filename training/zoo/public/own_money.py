"""Python of the user's own: customers, cars and loans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, StandardScaler

from zoo.public import tables_money
from zoo.public.entry import PYTHON, public


class TenureBucketTransformer(BaseEstimator, TransformerMixin):
    def __init__(self, bins=None, labels=None):
        self.bins = bins or [0, 12, 24, 48, 60, 72]
        self.labels = labels or ["0-12", "13-24", "25-48", "49-60", "61-72"]

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = X.copy()
        X["tenure_bucket"] = pd.cut(X["tenure"], bins=self.bins, labels=self.labels, include_lowest=True).astype(str)
        return X


def charges(df):
    out = df.copy()
    out["TotalCharges"] = out["TotalCharges"].fillna(0)
    out["AvgMonthlySpend"] = out["TotalCharges"] / out["tenure"].replace(0, 1)
    out["HasFiber"] = out["InternetService"].eq("Fiber optic").astype(int)
    out["IsNewCustomer"] = (out["tenure"] < 6).astype("int64")
    return out


# A telco package's feature transformers: buckets of tenure, spending per month, flags.
@public("Telco churn, buckets of tenure", PYTHON, tables_money.churn)
def churn() -> Any:
    numbers = ["tenure", "MonthlyCharges", "TotalCharges", "AvgMonthlySpend", "HasFiber", "IsNewCustomer"]
    columns = ColumnTransformer(
        [
            ("num", StandardScaler(), numbers),
            ("cat", OneHotEncoder(handle_unknown="ignore"), ["tenure_bucket", "Contract", "PaymentMethod", "Partner"]),
        ]
    )
    return Pipeline(
        [
            ("bucket", TenureBucketTransformer()),
            ("charges", FunctionTransformer(charges, validate=False)),
            ("columns", columns),
            ("model", LogisticRegression(max_iter=1000, class_weight="balanced")),
        ]
    )


class FreqFeature(BaseEstimator, TransformerMixin):
    def __init__(self):
        self.frequencies = {}

    def fit(self, X: pd.DataFrame, y=None):
        for col in X.columns:
            self.frequencies[col] = X[col].str.upper().value_counts(normalize=True).to_dict()
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        x_ = X.copy()
        for col in x_.columns:
            x_[col] = x_[col].str.upper().map(self.frequencies[col]).fillna(0)
        return x_


# andersbogsnes/ml_tooling, src/ml_tooling/transformers/freqfeature.py.
@public("Loan default, frequencies of categories", PYTHON, tables_money.loans)
def loans() -> Any:
    columns = ColumnTransformer(
        [
            ("freq", FreqFeature(), ["state", "loan_intent", "loan_grade", "home_ownership"]),
            ("num", SimpleImputer(strategy="median"), make_column_selector(dtype_include="number")),
        ]
    )
    model = LGBMClassifier(n_estimators=60, num_leaves=15, random_state=0, verbose=-1)
    return Pipeline([("columns", columns), ("model", model)])


class YearToAgeTransformer(BaseEstimator, TransformerMixin):
    def __init__(self, current_year=2024, year_col="year"):
        self.current_year = current_year
        self.year_col = year_col

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = X.copy()
        X["car_age"] = self.current_year - X[self.year_col]
        X["km_per_year"] = X["km_driven"] / (X["car_age"] + 1)
        X["brand"] = X["name"].apply(lambda name: name.split(" ")[0])
        return X.drop(columns=[self.year_col, "name"])


# custom_transformers.py of a used car estimator: a year to an age, the brand out of the name.
@public("Used cars, age and brand", PYTHON, tables_money.used_cars)
def used_cars() -> Any:
    categories = ["brand", "fuel", "transmission", "owner"]
    columns = ColumnTransformer(
        [
            ("num", make_pipeline(SimpleImputer(), MinMaxScaler()), make_column_selector(dtype_include=np.number)),
            ("cat", OneHotEncoder(handle_unknown="ignore"), categories),
        ]
    )
    model = GradientBoostingRegressor(n_estimators=80, random_state=3)
    return Pipeline([("age", YearToAgeTransformer()), ("columns", columns), ("model", model)])


NUMERIC = ["duration", "amount", "installment_rate", "age"]
CATEGORICAL = ["checking", "purpose", "savings", "housing"]


# A course's notebook in Russian and its copies: FeatureUnion of lambdas that select, a ratio beside them.
@public("German credit, lambdas that select", PYTHON, tables_money.german_credit)
def german_credit() -> Any:
    numeric = Pipeline(
        [
            ("selecting", FunctionTransformer(lambda data: data[NUMERIC])),
            ("imputing", SimpleImputer(strategy="mean")),
            ("scaling", StandardScaler(with_mean=False)),
        ]
    )
    monthly = Pipeline(
        [
            ("ratio", FunctionTransformer(lambda data: np.log1p(data[["amount"]].values / data[["duration"]].values))),
            ("scaling", StandardScaler()),
        ]
    )
    categorical = Pipeline(
        [
            ("selecting", FunctionTransformer(lambda data: data[CATEGORICAL].fillna("none"))),
            ("hot_encoding", OneHotEncoder(handle_unknown="ignore")),
        ]
    )
    features = FeatureUnion([("numeric", numeric), ("monthly", monthly), ("categorical", categorical)])
    return Pipeline([("feature_processing", features), ("model", LogisticRegression(max_iter=1000))])
