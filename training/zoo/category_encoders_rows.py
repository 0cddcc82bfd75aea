"""Every class of category_encoders, before a model that takes numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import category_encoders
import numpy as np
from category_encoders.wrapper import NestedCVWrapper, PolynomialWrapper
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

from zoo import data
from zoo.entries import Entry

FAMILY = "category_encoders"
# Encoders that need two classes as their target, not a number.
OF_TWO_CLASSES = {"CountTargetEncoder", "GLMMEncoder", "WOEEncoder"}
OPTIONS: dict[str, dict[str, Any]] = {"HashingEncoder": {"max_process": 1}}
ENCODERS = (
    "BackwardDifferenceEncoder", "BaseNEncoder", "BinaryEncoder", "CatBoostEncoder", "CountEncoder",
    "CountTargetEncoder", "GLMMEncoder", "GrayEncoder", "HashingEncoder", "HelmertEncoder", "JamesSteinEncoder",
    "LeaveOneOutEncoder", "MEstimateEncoder", "OneHotEncoder", "OrdinalEncoder", "PolynomialEncoder",
    "QuantileEncoder", "RankHotEncoder", "SumEncoder", "SummaryEncoder", "TargetEncoder", "WOEEncoder",
)  # fmt: skip


@cache
def categories() -> data.Data:
    """Strings, some of them missing, two columns of whole numbers (one holds categories), and a value to predict."""
    table = data.mixed_values().X[["colour", "size", "count"]]
    return data.Data(table.assign(month=np.arange(len(table)) % 12), data.mixed_values().y)


@cache
def two_classes() -> data.Data:
    return data.Data(categories().X, (data.mixed().y == "yes").astype(int))


@cache
def three_classes() -> data.Data:
    return data.Data(categories().X, np.digitize(categories().y, np.quantile(categories().y, [0.3, 0.6])))


@cache
def tags() -> data.Data:
    """Several categories joined into one string, and a value to predict."""
    table = categories().X
    return data.Data(table[["count"]].assign(tags=table["colour"] + "|" + table["size"]), categories().y)


def members() -> Iterator[Entry]:
    for name in ENCODERS:
        encoder = getattr(category_encoders, name)(cols=["colour", "size", "month"], **OPTIONS.get(name, {}))
        if name in OF_TWO_CLASSES:
            yield entry(name, two_classes, encoder, LogisticRegression())
        else:
            yield entry(name, categories, encoder, LinearRegression())
    yield entry("MultiHotEncoder", tags, category_encoders.MultiHotEncoder(), LinearRegression())
    encoder = category_encoders.TargetEncoder(cols=["colour", "size", "month"])
    yield entry("PolynomialWrapper", three_classes, PolynomialWrapper(encoder), LogisticRegression(max_iter=1000))
    nested = NestedCVWrapper(encoder, random_state=0)
    yield entry("NestedCVWrapper", two_classes, nested, LogisticRegression())


def entry(name: str, source: Any, encoder: Any, model: Any) -> Entry:
    return Entry(f"category_encoders.{name}", source, make_pipeline(encoder, model), family=FAMILY)
