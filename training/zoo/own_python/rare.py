"""Features that treat a rare value differently, which the training data lacks: a word that stands only in a table of
the code, a number whose multiple exceeds 64 bits, or a negative zero."""

import math
from typing import ClassVar

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

LEVELS = {"red": 1, "green": 2, "RED": 6, "C99": 8}
BIT = 1_000_003


def level_of(word):
    if word in LEVELS:
        return LEVELS[word]
    return 0


def level_or_default(word):
    try:
        return LEVELS[word]
    except KeyError:
        return -1


def levels_by_name(df):
    return df[["x"]].assign(level=[LEVELS.get(word, 0) for word in df["word"]])


def levels_by_row(df):
    return df[["x"]].assign(level=df.apply(lambda row: level_of(row["word"]), axis=1))


def levels_tried(df):
    return df[["x"]].assign(level=[level_or_default(word) for word in df["word"]])


def levels_written_here(df):
    levels = dict(red=1, green=2, RED=6, C99=8)  # noqa: C408  names that are no strings in the code
    return df[["x"]].assign(level=[levels.get(word, 0) for word in df["word"]])


def levels_of_numbers(df):
    return df[["x"]].assign(level=[{1: 5, 2: 7, 100: 9}.get(number, 0) for number in df["few"]])


class Levels(BaseEstimator, TransformerMixin):
    """The table is an attribute of the class, not of the object."""

    TABLE: ClassVar = {**LEVELS, "Green": 3}

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X[["x"]].assign(level=[self.TABLE.get(word, 0) for word in X["word"]])


def formatted(df):
    return df[["x"]].assign(few=[few + 3 * (f"{few}" == "100") for few in df["few"]])


def formatted_by_str_format(df):
    return df[["x"]].assign(few=[few + 3 * ("no {}".format(few) == "no 100") for few in df["few"]])  # noqa: UP032


def of_two_keys(df):
    table = {"RED-2": 6, "RED-3": 7}
    return df[["x"]].assign(
        few=[few + table.get(f"{word}-{few}", 0) for word, few in zip(df["word"], df["few"], strict=True)]
    )


def of_its_hash(df):
    return df[["x"]].assign(bucket=df["word"].apply(lambda word: hash(word) % 10))


def by_identity(df):
    return df[["x"]].assign(
        few=[few + 3 * (few > 90 and flag is True) for few, flag in zip(df["few"], df["flag"], strict=True)]
    )


def by_type(df):
    return df[["x"]].assign(few=[few + 3 if few > 90 and type(few) is int else few for few in df["few"]])


def bucket(df):
    return df[["x"]].assign(bucket=[number * BIT % 97 for number in df["many"]])


def squares(df):
    return df[["x"]].assign(size=df["many"].apply(lambda number: math.log1p(number * number)))


def narrow(df):
    return df[["x"]].assign(size=df["many"].astype("int32") * 2)


def bytes_of(df):
    return df[["x"]].assign(sum=df["many"].astype("uint8") + df["few"].astype("uint8"))


def singles(X):
    return X.astype("float32")


def halves(df):
    return df[["y"]].assign(x=df["x"].astype("float16"))


def flags(df):
    return df[["x"]].assign(
        flags=[flag + flag for flag in df["flag"]], opposite=[~flag for flag in df["flag"].tolist()]
    )


def thousands(df):
    return df[["x"]].assign(many=[round(number, -3) for number in df["many"]])


def of_some_rows(X):
    X = X.to_numpy()
    is_large = X[:, 0] > 0
    made = np.zeros(len(X))
    made[is_large] = X[is_large, 1]
    return np.c_[X[:, 0], made]


def angle(df):
    return df[["x"]].assign(angle=np.arctan2(df["y"], df["x"]))


def of_frames(X):
    """Changes frames only."""
    X = X.copy()
    if isinstance(X, pd.DataFrame):
        X["x"] = X["x"].where(X["x"] < 1_000, 0.0)
    return X


class Centred(BaseEstimator, TransformerMixin):
    """A scaler as many people have written it."""

    def fit(self, X, y=None):
        self.mean_ = X.mean()
        self.std_ = X.std()
        return self

    def transform(self, X):
        return (X - self.mean_) / self.std_


class Remembering(BaseEstimator, TransformerMixin):
    """Flags values that it has not seen before, also in earlier calls of transform."""

    def fit(self, X, y=None):
        self.seen_ = set(X["few"])
        return self

    def transform(self, X):
        few = [few + 3 * (few not in self.seen_) for few in X["few"]]
        self.seen_ |= set(X["few"])
        return X[["x"]].assign(few=few)
