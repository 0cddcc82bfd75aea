"""Free text, alone and beside columns of other kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.svm import LinearSVC
from xgboost import XGBClassifier

from zoo.public import tables_words
from zoo.public.entry import TEXT, public


# scikit-learn's tutorial on text, on the messages of souravramos/Spam-Classifier-API-Heroku.
@public("Spam, counts and Bayes", TEXT, tables_words.sms)
def sms() -> Any:
    return Pipeline([("vect", CountVectorizer()), ("tfidf", TfidfTransformer()), ("clf", MultinomialNB())])


# KakaMSilva/Classificacao-de-Reviews-de-Filmes-com-SciKit-Learn and the tutorial's solution, with SelectKBest.
@public("Reviews, a grid over pairs of words", TEXT, tables_words.reviews)
def reviews() -> Any:
    pipeline = Pipeline(
        [
            ("tfidf", TfidfVectorizer(stop_words="english", sublinear_tf=True, strip_accents="unicode", min_df=2)),
            ("kbest", SelectKBest(chi2, k=60)),
            ("clf", LinearSVC(random_state=0)),
        ]
    )
    return GridSearchCV(pipeline, {"tfidf__ngram_range": [(1, 1), (1, 2)], "clf__C": [0.1, 1]}, cv=3)


# udacity/cd0581-building-a-reproducible-model-workflow-exercises, sklearn_pipeline/column_transformer.py.
@public("Books, a title beside numbers", TEXT, tables_words.books)
def books() -> Any:
    columns = ColumnTransformer(
        [
            ("cat_transform", OneHotEncoder(), ["city"]),
            ("text_transform", TfidfVectorizer(), "title"),
            ("num_transform", make_pipeline(SimpleImputer(), StandardScaler()), ["expert_rating", "user_rating"]),
        ],
        remainder="drop",
    )
    return make_pipeline(columns, LogisticRegression())


# Haresh-my/fake-job-posting-classifier, train_model_clean.py: a vectorizer for each column, XGBoost.
@public("Fake jobs, three columns of text", TEXT, tables_words.jobs)
def jobs() -> Any:
    columns = ColumnTransformer(
        [
            ("desc", TfidfVectorizer(max_features=100), "description"),
            ("profile", TfidfVectorizer(max_features=100), "company_profile"),
            ("location", TfidfVectorizer(max_features=50), "location"),
            ("logo", OrdinalEncoder(), ["has_company_logo"]),
        ]
    )
    model = XGBClassifier(n_estimators=50, eval_metric="logloss", random_state=42)
    return Pipeline([("preprocess", columns), ("clf", model)])


class TextSelector(BaseEstimator, TransformerMixin):
    def __init__(self, field):
        self.field = field

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X[self.field]


class NumberSelector(BaseEstimator, TransformerMixin):
    def __init__(self, field):
        self.field = field

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X[[self.field]]


# vishnya/so_text, so_text.py: selectors, a decomposition of words, a scaled count.
@public("Questions, words decomposed beside a count", TEXT, tables_words.questions)
def questions() -> Any:
    text = Pipeline(
        [
            ("colext", TextSelector("Text")),
            ("tfidf", TfidfVectorizer(min_df=0.0025, max_df=0.9, ngram_range=(1, 2))),
            ("svd", TruncatedSVD(algorithm="randomized", n_components=20, random_state=0)),
        ]
    )
    words = Pipeline([("wordext", NumberSelector("TotalWords")), ("wscaler", StandardScaler())])
    features = FeatureUnion([("text", text), ("words", words)])
    return Pipeline([("features", features), ("clf", XGBClassifier(max_depth=3, n_estimators=60, learning_rate=0.1))])


class MessageLengthTransformer(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return np.array([len(x) for x in X]).reshape(-1, 1)


# The disaster response project of a nanodegree: words, and how long a message is.
@public("Disaster response, words and length", TEXT, tables_words.disaster)
def disaster() -> Any:
    features = FeatureUnion(
        [
            ("text_pipeline", Pipeline([("vect", CountVectorizer()), ("tfidf", TfidfTransformer())])),
            ("length", MessageLengthTransformer()),
        ]
    )
    return Pipeline([("features", features), ("clf", RandomForestClassifier(n_estimators=50, random_state=0))])
