"""Columns prepared by scikit-learn's own transformers, and a model of scikit-learn behind them."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
)
from sklearn.feature_selection import SelectPercentile, chi2
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, RidgeCV
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    SplineTransformer,
    StandardScaler,
)
from sklearn.svm import SVC

from zoo.public import tables_money, tables_people, tables_places
from zoo.public.entry import PLAIN, public

NUMBERS = make_column_selector(dtype_include="number")
OTHERS = make_column_selector(dtype_exclude="number")


# scikit-learn's gallery, compose/plot_column_transformer_mixed_types.py.
@public("Titanic, mixed types", PLAIN, tables_people.titanic)
def titanic() -> Any:
    numeric = Pipeline([("imputer", SimpleImputer(strategy="median")), ("scaler", StandardScaler())])
    categorical = Pipeline(
        [
            ("encoder", OneHotEncoder(handle_unknown="ignore")),
            ("selector", SelectPercentile(chi2, percentile=50)),
        ]
    )
    preprocessor = ColumnTransformer(
        [("num", numeric, ["Age", "Fare"]), ("cat", categorical, ["Embarked", "Sex", "Pclass"])]
    )
    return Pipeline([("preprocessor", preprocessor), ("classifier", LogisticRegression())])


# Anassbzdd/ml-pipeline-adult-income: scaling, PCA and a grid over a forest.
@public("Adult income, PCA and a grid over a forest", PLAIN, tables_people.adult)
def adult() -> Any:
    numeric = Pipeline([("imputer", SimpleImputer()), ("scaler", StandardScaler()), ("pca", PCA(n_components=0.95))])
    categorical = Pipeline(
        [
            ("imputer", SimpleImputer(strategy="most_frequent")),
            ("encoder", OneHotEncoder(handle_unknown="ignore", sparse_output=False)),
        ]
    )
    preprocessor = ColumnTransformer([("num", numeric, NUMBERS), ("cat", categorical, OTHERS)])
    pipeline = Pipeline([("pre", preprocessor), ("clf", RandomForestClassifier(n_estimators=60, random_state=42))])
    return GridSearchCV(pipeline, {"clf__max_depth": [5, 10]}, cv=3)


# FarazMuhammad028/AI-ML-Internship-Tasks, Task-2: the exercise of many internships.
@public("Telco churn, a grid over logistic regression", PLAIN, tables_money.churn)
def churn() -> Any:
    numeric = ["tenure", "MonthlyCharges", "TotalCharges"]
    categorical = ["gender", "Partner", "InternetService", "Contract", "PaperlessBilling", "PaymentMethod"]
    preprocessor = ColumnTransformer(
        [
            ("num", Pipeline([("imputer", SimpleImputer(strategy="mean")), ("scaler", StandardScaler())]), numeric),
            ("cat", OneHotEncoder(handle_unknown="ignore", drop="if_binary"), categorical),
        ]
    )
    pipeline = Pipeline([("preprocessor", preprocessor), ("classifier", LogisticRegression(max_iter=1000))])
    return GridSearchCV(pipeline, {"classifier__C": [0.01, 0.1, 1, 10]}, cv=3)


# A deployed package's classifier_model/pipeline.py: one-hot, scaling and a support vector machine.
@public("Heart disease, SVC", PLAIN, tables_people.heart)
def heart() -> Any:
    columns = make_column_transformer(
        (OneHotEncoder(), ["sex", "cp", "exang"]),
        (StandardScaler(), ["age", "trestbps", "chol", "thalach", "oldpeak"]),
    )
    return make_pipeline(columns, SVC(gamma="scale"))


# A Kaggle notebook on heart disease: KNN, a forest and logistic regression vote.
@public("Heart disease, a soft vote", PLAIN, tables_people.heart)
def heart_vote() -> Any:
    columns = make_column_transformer((OneHotEncoder(drop="first"), OTHERS), (StandardScaler(), NUMBERS))
    voters = [
        ("knn", KNeighborsClassifier(n_neighbors=7)),
        ("rf", RandomForestClassifier(n_estimators=50, random_state=0)),
        ("lr", LogisticRegression(max_iter=1000)),
    ]
    return make_pipeline(columns, VotingClassifier(voters, voting="soft"))


# carlosfrodrigues/millesime, app/services/python/generate_model.py, after EliteDataScience's tutorial.
@public("Wine quality, a grid over a scaled forest", PLAIN, tables_money.wine)
def wine() -> Any:
    pipeline = make_pipeline(StandardScaler(), RandomForestRegressor(n_estimators=60, random_state=123))
    grid = {"randomforestregressor__max_features": ["sqrt", "log2"], "randomforestregressor__max_depth": [None, 5]}
    return GridSearchCV(pipeline, grid, cv=3)


# devendrakushwah80/insurance-premium-predictor-polynomial-regression, with one-hot columns beside.
@public("Insurance, polynomial regression", PLAIN, tables_people.insurance)
def insurance() -> Any:
    polynomial = Pipeline([("scaler", StandardScaler()), ("poly", PolynomialFeatures(degree=2, include_bias=False))])
    columns = ColumnTransformer(
        [
            ("num", polynomial, ["age", "bmi", "children"]),
            ("cat", OneHotEncoder(drop="first"), ["sex", "smoker", "region"]),
        ]
    )
    return Pipeline([("prep", columns), ("model", LinearRegression())])


# scikit-learn's gallery, ensemble/plot_gradient_boosting_categorical.py, on bank marketing.
@public("Bank marketing, histogram boosting of ordinal codes", PLAIN, tables_money.bank)
def bank() -> Any:
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    columns = make_column_transformer((encoder, OTHERS), remainder="passthrough", verbose_feature_names_out=False)
    model = HistGradientBoostingClassifier(categorical_features=range(5), max_iter=60, random_state=42)
    return make_pipeline(columns, model)


# hill-ashton/python_machinelearning, rainfall-prediction-classifier.py: the final project of a course.
@public("Rain in Australia, a grid over a forest", PLAIN, tables_places.rain)
def rain() -> Any:
    numeric = Pipeline([("imputer", SimpleImputer(strategy="median")), ("scaler", StandardScaler())])
    categorical = Pipeline(
        [
            ("imputer", SimpleImputer(strategy="constant", fill_value="missing")),
            ("onehot", OneHotEncoder(handle_unknown="ignore")),
        ]
    )
    preprocessor = ColumnTransformer([("num", numeric, NUMBERS), ("cat", categorical, OTHERS)])
    pipeline = Pipeline(
        [("preprocessor", preprocessor), ("classifier", RandomForestClassifier(n_estimators=50, random_state=42))]
    )
    return GridSearchCV(pipeline, {"classifier__min_samples_split": [2, 5]}, cv=3)


# scikit-learn's gallery, applications/plot_cyclical_feature_engineering.py: periodic splines and interactions.
@public("Bike sharing, periodic splines", PLAIN, tables_places.bikes)
def bikes() -> Any:
    def periodic(period: int, knots: int) -> Any:
        edges = np.linspace(0, period, knots + 1).reshape(knots + 1, 1)
        return SplineTransformer(degree=3, n_knots=knots + 1, knots=edges, extrapolation="periodic", include_bias=True)

    splines = ColumnTransformer(
        [
            ("categorical", OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["weather", "season"]),
            ("month", periodic(12, 6), ["month"]),
            ("weekday", periodic(7, 3), ["weekday"]),
            ("hour", periodic(24, 12), ["hour"]),
        ],
        remainder=MinMaxScaler(),
    )
    interactions = make_pipeline(
        ColumnTransformer([("hour", periodic(24, 8), ["hour"]), ("workingday", "passthrough", ["workingday"])]),
        PolynomialFeatures(degree=2, interaction_only=True, include_bias=False),
    )
    both = FeatureUnion([("marginal", splines), ("interactions", interactions)])
    return make_pipeline(both, RidgeCV(alphas=np.logspace(-6, 6, 25)))


# Notebooks on regularized models of house prices: logarithms of areas and of the price, Lasso.
@public("Ames, Lasso of logarithms", PLAIN, tables_places.ames)
def ames() -> Any:
    skewed = ["LotArea", "1stFlrSF", "2ndFlrSF"]
    columns = ColumnTransformer(
        [
            ("log", Pipeline([("log", FunctionTransformer(np.log1p)), ("scale", StandardScaler())]), skewed),
            ("num", make_pipeline(SimpleImputer(), StandardScaler()), ["LotFrontage", "OverallQual", "YearBuilt"]),
            ("cat", OneHotEncoder(handle_unknown="ignore"), ["MSZoning", "Neighborhood"]),
        ]
    )
    pipeline = make_pipeline(columns, Lasso(alpha=0.0005, max_iter=10_000))
    return TransformedTargetRegressor(pipeline, func=np.log, inverse_func=np.exp)
