"""Features of passengers: families, fares, ages."""

import math

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

REGION = {"Cherbourg": 1, "Queenstown": 2, "southampton": 3}
EXPENSIVE = 50


def family(df):
    df = df.copy()
    df["size"] = df["siblings"] + df["parents"] + 1
    df["alone"] = (df["size"] == 1).astype(int)
    df["large"] = np.where(df["size"] > 4, 1, 0)
    return df


def age_band(df):
    band = np.where(df["age"] < 13, 0, np.where(df["age"] < 20, 1, np.where(df["age"] < 60, 2, 3)))
    return pd.DataFrame({"band": band, "unknown": df["age"].isnull().astype(int), "fare": df["fare"]})


def price_level(df):
    conditions = [df["fare"] <= 8, df["fare"].between(8, 20, inclusive="right"), df["fare"] > EXPENSIVE]
    df = df.copy()
    df["level"] = np.select(conditions, [0, 1, 3], default=2)
    return df


def codes(df):
    """Codes of the port and the sex, and a flag for southern ports."""
    return pd.DataFrame(
        {
            "port": df["port"].map(REGION).fillna(0),
            "south": df["port"].isin(["Cherbourg", "southampton"]).astype(int),
            "male": df["sex"].map({"male": 1, "female": 0}).fillna(-1).astype(int),
            "fare": df["fare"],
        }
    )


def stage(row):
    if pd.isna(row["age"]):
        return "unknown"
    if row["age"] < 16:
        return "child"
    elif row["sex"] == "female" and row["parents"] > 0:
        return "mother"
    elif row["age"] >= 60 or (row["cabin_class"] == 1 and row["fare"] > EXPENSIVE):
        return "senior"
    return "adult"


def with_stage(df):
    df = df.copy()
    df["stage"] = df.apply(stage, axis=1)
    return df


def weight_of(fare, cabin_class):
    if fare <= 0:
        return 0.0
    return fare / cabin_class if cabin_class > 1 else fare * 1.5


def weights(df):
    df = df.copy()
    df["weight"] = np.vectorize(weight_of, otypes=[float])(df["fare"], df["cabin_class"])
    return df


def points(df):
    """Adds up points row by row."""
    result = []
    for _, row in df.iterrows():
        score = 0
        if row["cabin_class"] == 1:
            score += 2
        if row["fare"] > EXPENSIVE:
            score += 1
        if row["siblings"] + row["parents"] == 0:
            score -= 1
        result.append(score)
    return df.assign(points=result)


def decade(age):
    return -1 if age != age else int(age // 10)


def decades(df):
    return pd.DataFrame({"decade": [decade(age) for age in df["age"]], "fare": df["fare"].tolist()})


def root_and_log(df):
    """Python's own mathematics, value by value."""
    df = df[["age", "fare"]].copy()
    df["age"] = df["age"].fillna(30).abs().apply(math.sqrt)
    df["fare"] = df["fare"].map(lambda fare: math.log(1 + fare) if fare > 0 else 0.0)
    return df


def letters(df):
    """How the strings begin, how long they are, and what they contain."""
    port = df["port"].fillna("unknown").str.lower().str.strip()
    cabin = df["cabin"].fillna("X")
    return pd.DataFrame(
        {
            "deck": cabin.str[0],
            "digits": cabin.str.len() - 1,
            "is_c": port.str.startswith("c").astype(int),
            "has_town": port.str.contains("town", regex=False).astype(int),
            "port": port,
        }
    )


class AgeByGroup(BaseEstimator, TransformerMixin):
    """Fills missing ages by the median of the same class and sex."""

    def fit(self, X, y=None):
        self.medians_ = X.groupby(["cabin_class", "sex"])["age"].median().to_dict()
        self.overall_ = X["age"].median()
        return self

    def transform(self, X):
        X = X.copy()
        X["age"] = X.apply(self._age, axis=1)
        return X[["age", "fare", "cabin_class"]]

    def _age(self, row):
        if not np.isnan(row["age"]):
            return row["age"]
        return self.medians_.get((row["cabin_class"], row["sex"]), self.overall_)
