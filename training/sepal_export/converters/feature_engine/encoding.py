"""The encoders of feature_engine: they replace a category by a number, by columns or by another category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from sepal_export.converters.encoders import is_missing, keys_of, look_up, restrict
from sepal_export.converters.feature_engine.frames import Frame, Name
from sepal_export.graphs.graph import ML, Value
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts


@converts(
    "feature_engine.CountFrequencyEncoder", "feature_engine.DecisionTreeEncoder", "feature_engine.MeanEncoder",
    "feature_engine.OrdinalEncoder", "feature_engine.WoEEncoder",
)  # fmt: skip
def encoder_of_numbers(encoder: Any, table: Table) -> Table:
    frame = Frame(encoder, table)
    require(encoder, frame)
    for name, numbers in encoder.encoder_dict_.items():
        frame.put([name], encoded(encoder, frame, name, numbers))
    return frame.table()


def require(encoder: Any, frame: Frame) -> None:
    """Refuses missing values, unless the encoder has an option for them that accepts them."""
    if getattr(encoder, "missing_values", "raise") == "raise":
        frame.require(encoder.variables_)


def encoded(encoder: Any, frame: Frame, name: Name, numbers: Mapping[Any, float]) -> Value:
    """[N, 1]. A category that is unknown, missing or without a number is NaN in the original. By its option `unseen`,
    the original then keeps, fills or refuses it."""
    column = frame.category(name)
    unseen = float(encoder._unseen) if encoder.unseen == "encode" else np.nan
    known = {category: number for category, number in numbers.items() if not is_missing(number)}
    # If no category of a column has a number, the encoder has no table for it.
    categories = as_objects(known or dict.fromkeys(numbers, np.nan))
    rows = np.array([unseen, *(known.values() or [unseen] * len(numbers))], dtype=np.float64)[:, None]
    restrict(column, categories, accepts_unknown=encoder.unseen != "raise")
    value = look_up(column, categories, rows)
    if encoder.unseen == "raise" and (column.feature is None or frame.may_lack(name)):
        frame.graph.refuse(value.isnan())
    return value


def as_objects(categories: Any) -> np.ndarray:
    return np.array([*categories, None], dtype=object)[:-1]


@converts("feature_engine.OneHotEncoder")
def one_hot_encoder(encoder: Any, table: Table) -> Table:
    frame = Frame(encoder, table)
    frame.require(encoder.variables_)
    for name in encoder.variables_:
        categories = as_objects(encoder.encoder_dict_[name])
        if len(categories):
            place = look_up(frame.category(name), categories, np.arange(-1.0, len(categories))[:, None])
            hot = place.equals(np.arange(len(categories), dtype=np.float64)).cast(np.float64)
            frame.add([f"{name}_{category}" for category in categories], hot)
    frame.drop(encoder.variables_)
    return frame.table()


@converts("feature_engine.RareLabelEncoder")
def rare_label_encoder(encoder: Any, table: Table) -> Table:
    frame = Frame(encoder, table)
    require(encoder, frame)
    for name in encoder.variables_:
        frame.put_column(name, with_rare(frame.category(name), encoder.encoder_dict_[name], encoder.replace_with))
    return frame.table()


def with_rare(column: Column, kept: list[Any], other: Any) -> Column:
    """Replaces categories that are not in `kept` by another one; missing values stay missing."""
    if isinstance(other, str) != column.is_string:
        raise NotImplementedError(
            "its replace_with is a string and the column holds numbers, or the other way round, and a column cannot "
            "hold both; make the column strings before the fit"
        )
    kept = [category for category in kept if not is_missing(category)]
    if not column.is_string:
        x = column.value
        is_kept = look_up(column, as_objects(kept), np.array([[0.0], *[[1.0]] * len(kept)])) if kept else x * 0.0
        return Column(x.graph.where(is_kept.equals(1.0) | x.isnan(), x, np.float64(other)))
    texts = [*kept, ""] if column.is_nullable else kept
    return Column(strings(column, texts, texts, other), is_string=True, is_nullable=column.is_nullable)


def strings(column: Column, keys: list[Any], texts: list[str], other: str) -> Value:
    """[N, 1] of strings: a text for each key, and `other` for everything else."""
    tensors = {
        name: helper.make_tensor(name, TensorProto.STRING, [len(entries)], [entry.encode() for entry in entries])
        for name, entries in {"values": texts, "default": [other]}.items()
    }
    graph = column.value.graph
    keys_tensor = keys_of(column, as_objects(keys).tolist()) if keys else numpy_helper.from_array(np.array([""]))
    answer = graph.node(
        "LabelEncoder",
        column.value,
        domain=ML,
        keys_tensor=keys_tensor,
        values_tensor=tensors["values"],
        default_tensor=tensors["default"],
    )
    if column.is_string:
        graph.tell_apart(answer, [text for text in keys if text])
    return answer
