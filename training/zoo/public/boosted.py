"""Boosting libraries behind a ColumnTransformer, stacks, and imbalanced-learn's pipelines."""

from __future__ import annotations

from typing import Any

import numpy as np
from catboost import CatBoostRegressor
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import Pipeline as ImbPipeline
from lightgbm import LGBMClassifier
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector
from sklearn.ensemble import (
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingRegressor,
)
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, RobustScaler, StandardScaler
from xgboost import XGBClassifier, XGBRegressor

from zoo.public import tables_money, tables_people, tables_places
from zoo.public.entry import BALANCED, PLAIN, public

NUMBERS = make_column_selector(dtype_include="number")
OTHERS = make_column_selector(dtype_exclude="number")


# zero-hacker/loan_payback, loan_payback.ipynb: one-hot categories, numbers as they are, XGBoost.
@public("German credit, XGBoost", PLAIN, tables_money.german_credit)
def german_credit() -> Any:
    columns = ColumnTransformer(
        [("cat", OneHotEncoder(handle_unknown="ignore"), OTHERS)],
        remainder="passthrough",
    )
    return Pipeline([("prep", columns), ("model", XGBClassifier(n_estimators=60, scale_pos_weight=2.3))])


# akash200314/Customer-Churn-Prediction-using-Machine-Learning-Pipelines-XGBoost-, on loans.
@public("Loan default, XGBoost", PLAIN, tables_money.loans)
def loans() -> Any:
    numeric = Pipeline([("imputer", SimpleImputer(strategy="median")), ("scaler", StandardScaler())])
    columns = ColumnTransformer(
        [("num", numeric, NUMBERS), ("cat", OneHotEncoder(handle_unknown="ignore"), OTHERS)],
    )
    model = XGBClassifier(n_estimators=60, max_depth=4, learning_rate=0.1, eval_metric="logloss", random_state=42)
    return Pipeline([("preprocessor", columns), ("classifier", model)])


# Khush7349/HOTEL-BOOKING-CANCELLATION-PREDICTION: robust scaling, one-hot, LightGBM as the best model.
@public("Hotel bookings, LightGBM", PLAIN, tables_places.hotels)
def hotels() -> Any:
    numeric = make_pipeline(SimpleImputer(strategy="constant", fill_value=0), RobustScaler())
    categorical = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="Unknown"), OneHotEncoder(handle_unknown="ignore")
    )
    columns = ColumnTransformer([("num", numeric, NUMBERS), ("cat", categorical, OTHERS)])
    return Pipeline([("prep", columns), ("lgbm", LGBMClassifier(n_estimators=60, random_state=42, verbose=-1))])


# src/components/data_transformation.py of the mlproject that a thousand people have typed after a video.
@public("Student performance, CatBoost", PLAIN, tables_people.students)
def students() -> Any:
    numeric = Pipeline([("imputer", SimpleImputer(strategy="median")), ("scaler", StandardScaler())])
    categorical = Pipeline(
        [
            ("imputer", SimpleImputer(strategy="most_frequent")),
            ("one_hot_encoder", OneHotEncoder()),
            ("scaler", StandardScaler(with_mean=False)),
        ]
    )
    columns = ColumnTransformer([("num_pipeline", numeric, NUMBERS), ("cat_pipelines", categorical, OTHERS)])
    model = CatBoostRegressor(iterations=60, depth=6, learning_rate=0.1, verbose=False, allow_writing_files=False)
    return Pipeline([("preprocessor", columns), ("model", model)])


# Complexe09/house-price-regression-ensemble: ridge, a forest and XGBoost under a ridge.
@public("Ames, a stack", PLAIN, tables_places.ames)
def ames_stack() -> Any:
    columns = ColumnTransformer(
        [
            ("num", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
            (
                "cat",
                make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")),
                OTHERS,
            ),
        ]
    )
    models = [
        ("ridge", RidgeCV()),
        ("rf", RandomForestRegressor(n_estimators=40, random_state=42)),
        ("xgb", XGBRegressor(n_estimators=60, learning_rate=0.05, random_state=42)),
    ]
    stack = StackingRegressor(models, final_estimator=RidgeCV(), cv=3)
    return TransformedTargetRegressor(make_pipeline(columns, stack), func=np.log1p, inverse_func=np.expm1)


# SculptTechProject/CarWorth-ML, src/pipeline.py: boosting of the price's logarithm.
@public("Used cars, boosting of a logarithm", PLAIN, tables_money.used_cars)
def used_cars() -> Any:
    columns = ColumnTransformer(
        [
            ("num", SimpleImputer(strategy="median"), NUMBERS),
            ("cat", OneHotEncoder(handle_unknown="ignore", sparse_output=False), OTHERS),
        ]
    )
    model = HistGradientBoostingRegressor(max_iter=80, random_state=42)
    return TransformedTargetRegressor(make_pipeline(columns, model), func=np.log1p, inverse_func=np.expm1)


# CoDS-GCS/CatDB, Experiments: what is generated for the Airlines table.
@public("Flight delays, a forest of few leaves", PLAIN, tables_places.airlines)
def airlines() -> Any:
    columns = ColumnTransformer(
        [
            ("cat", Pipeline([("onehot", OneHotEncoder(handle_unknown="ignore", sparse_output=False))]), OTHERS),
            ("num", Pipeline([("scaler", StandardScaler())]), NUMBERS),
        ]
    )
    model = RandomForestClassifier(n_estimators=60, max_leaf_nodes=500, random_state=0)
    return Pipeline([("preprocessor", columns), ("classifier", model)])


# The usual answer on a forum to zeros that stand for gaps: missing_values=0, then neighbours.
@public("Pima diabetes, neighbours for zeros", PLAIN, tables_people.pima)
def pima() -> Any:
    zeros = ["Glucose", "BloodPressure", "SkinThickness", "Insulin", "BMI"]
    columns = ColumnTransformer([("zeros", KNNImputer(missing_values=0), zeros)], remainder="passthrough")
    return Pipeline([("impute", columns), ("scale", StandardScaler()), ("model", LogisticRegression(max_iter=1000))])


# oddjerome/CreditCardFraud, app.py: SMOTE and a forest, on columns prepared as in a fraud package's builders.
@public("Card fraud, SMOTE and a forest", BALANCED, tables_money.card_fraud)
def card_fraud() -> Any:
    columns = ColumnTransformer(
        [
            ("num", StandardScaler(), ["amount", "age", "hour_of_day", "time_since_signup"]),
            ("cat", OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["source", "browser"]),
        ]
    )
    model = RandomForestClassifier(n_estimators=60, max_depth=10, class_weight="balanced", random_state=42)
    return ImbPipeline([("preprocessor", columns), ("smote", SMOTE(random_state=42)), ("classifier", model)])


# src/employee_attrition_mlops/pipelines.py: imputation, scaling, SMOTE, logistic regression, a grid.
@public("Attrition, SMOTE in a grid", BALANCED, tables_people.attrition)
def attrition() -> Any:
    numeric = Pipeline([("imputer", SimpleImputer(strategy="median")), ("scaler", StandardScaler())])
    categorical = Pipeline(
        [("imputer", SimpleImputer(strategy="most_frequent")), ("onehot", OneHotEncoder(drop="first"))]
    )
    columns = ColumnTransformer([("num", numeric, NUMBERS), ("cat", categorical, OTHERS)])
    pipeline = ImbPipeline(
        [
            ("preprocess", columns),
            ("smote", SMOTE(random_state=42)),
            ("clf", LogisticRegression(solver="liblinear", random_state=42)),
        ]
    )
    return GridSearchCV(pipeline, {"clf__C": [0.1, 1.0]}, cv=3)


# challenge/model.py of a flight delay exercise: categories one-hot, RandomOverSampler, XGBoost.
@public("Flight delays, oversampling and XGBoost", BALANCED, tables_places.flights)
def flights() -> Any:
    columns = ColumnTransformer(
        [
            ("num", Pipeline([("imputer", SimpleImputer()), ("scaler", StandardScaler())]), ["distance"]),
            ("cat", OneHotEncoder(handle_unknown="ignore"), ["airline", "origin"]),
        ]
    )
    model = XGBClassifier(n_estimators=50, learning_rate=0.05, random_state=1)
    return ImbPipeline([("prep", columns), ("over", RandomOverSampler(random_state=1)), ("model", model)])
