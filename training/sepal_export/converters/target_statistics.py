"""CatBoost's categories. CatBoost stores them as hashes, and replaces categories, and combinations of them, by
statistics of the target in training.

A graph cannot hash strings. So the strings come from the training rows, and CatBoost is asked for their hashes: the
graph finds a category among these strings, and its statistics in the model's tables by the hash. If a table has a hash
that no training row has, that category is unknown, and requests may only hold the categories of the training rows.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from onnx import numpy_helper

from sepal_export.converters.encoders import label
from sepal_export.converters.tree_ensemble import fold
from sepal_export.graphs.graph import ML, Value
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Column, Table

MULTIPLIER = np.uint64(0x4906BA494954CB65)
# Marks an empty place in a table.
NOBODY = 2**64 - 1
MAX_COMBINATIONS = 1_000_000
# Up to this, float64 holds all integers.
MAX_CODE = 2**53
MEANS = {"BinarizedTargetMeanValue", "FloatTargetMeanValue"}
COUNTS = {"Counter", "FeatureFreq"}
# Losses of several targets.
OF_TARGETS = {"MultiCrossEntropy", "MultiLogloss", "MultiRMSE", "MultiRMSEWithMissingValues"}


@dataclass(frozen=True)
class Part:
    """A part of a combination: a category, or a condition that is false or true. `hashes` [C] uint64 are those of its
    possible values. `value` [N, 1] float64 is the position of a row's value among them, or C for an unknown category.
    `rows` are the positions of the training rows' values."""

    value: Value
    hashes: np.ndarray
    rows: np.ndarray
    column: Column | None = None
    known: tuple[Any, ...] = ()

    @property
    def size(self) -> int:
        return len(self.hashes) + (self.column is not None)

    def restrict(self) -> None:
        """Restricts requests to the categories of the training rows."""
        if self.column is None:
            return
        if self.column.feature is None:
            raise NotImplementedError(
                "the rows that the export was given lack categories that it was trained on; give it all training rows"
            )
        self.value.graph.restrict(self.column.feature, list(self.known))

    def places_of(self, number: int) -> np.ndarray:
        """The positions with a hash as it is in the model's splits: 32 bits."""
        return np.flatnonzero((self.hashes & np.uint64(2**32 - 1)) == np.uint64(number % 2**32))


def with_statistics(
    estimator: Any, document: dict[str, Any], table: Table
) -> tuple[Value, dict[int, Part], list[np.ndarray]]:
    """[N, W + S]: the table with positions in place of categories, followed by the statistics; the categories by
    number; and the borders of each statistic."""
    information = document["features_info"]
    refuse_targets(document)
    width = len(information["categorical_features"]) + len(information.get("float_features", []))
    columns = [table.plain_column(index) for index in range(width)]
    categories = categories_of(estimator, information, columns)
    for entry in information["categorical_features"]:
        columns[entry["flat_feature_index"]] = Column(categories[entry["feature_index"]].value)
        for number in entry.get("values", []):
            if not len(categories[entry["feature_index"]].places_of(number)):
                categories[entry["feature_index"]].restrict()
    statistics = information.get("ctrs", [])
    make = Statistics(document, categories, columns)
    made = [make(entry) for entry in statistics]
    return table.graph.concat([Table(columns=columns).numbers, *made]), categories, statistics


def refuse_targets(document: dict[str, Any]) -> None:
    """Refuses models of several targets: the document names a statistic only by its features and kind, and keeps a
    single one of each name."""
    loss = document["model_info"]["params"]["loss_function"]["type"]
    kinds = {entry["ctr_type"] for entry in document["features_info"].get("ctrs", [])}
    if loss in OF_TARGETS and kinds - COUNTS:
        raise NotImplementedError(
            f"with loss_function={loss!r} it has statistics of each target, of which CatBoost's document of the model "
            "holds one; train a model for each target, or with one_hot_max_size=255"
        )


def categories_of(estimator: Any, information: dict[str, Any], columns: Sequence[Column]) -> dict[int, Part]:
    """The categories by their number."""
    entries = information["categorical_features"]
    asked = [columns[entry["flat_feature_index"]] for entry in entries]
    found = [np.unique(values[:, 0], return_inverse=True) for values in reaching(asked)]
    texts = [[text_of(value) for value in values.tolist()] for values, _ in found]
    hash_of = hashes_of(estimator, sorted({text for some in texts for text in some}))
    parts = {}
    for entry, column, (values, rows), some in zip(entries, asked, found, texts, strict=True):
        places = np.append(len(values), np.arange(len(values)))
        hashes = np.array([hash_of[text] for text in some], dtype=np.uint32)
        parts[entry["feature_index"]] = Part(
            value=label(column, values.astype(object), places, ()),
            hashes=hashes.view(np.int32).astype(np.int64).view(np.uint64),
            rows=rows,
            column=column,
            known=tuple(value if column.is_string else int(value) for value in values.tolist()),
        )
    return parts


def text_of(value: str | float) -> str:
    """CatBoost converts numbers and booleans to the digits of integers."""
    return value if isinstance(value, str) else str(int(value))


def hashes_of(estimator: Any, texts: list[str]) -> dict[str, int]:
    """The hashes, from CatBoost itself: a model saved together with rows has their hashes in its document."""
    from catboost import Pool

    categories = estimator.get_cat_feature_indices()
    names = estimator.feature_names_
    rows = {name: texts if index in categories else np.zeros(len(texts)) for index, name in enumerate(names)}
    pool = Pool(pd.DataFrame(rows, columns=names), cat_features=categories)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.json")
        estimator.save_model(str(path), format="json", pool=pool)
        document = json.loads(path.read_text("utf-8"))
    return {entry["value"]: entry["hash"] for entry in document["features_info"]["cat_features_hash"]}


class Statistics:
    """Computes the columns [N, 1] of a model's statistics."""

    def __init__(self, document: dict[str, Any], categories: dict[int, Part], columns: Sequence[Column]) -> None:
        self._tables = document.get("ctr_data", {})
        self._floats = {entry["feature_index"]: entry for entry in document["features_info"].get("float_features", [])}
        self._categories = categories
        self._columns = columns
        # Caches, by combination and statistic, and by feature and border.
        self._buckets: dict[str, Value] = {}
        self._conditions: dict[tuple[int, float], Part] = {}

    def __call__(self, statistic: dict[str, Any]) -> Value:
        name = statistic["identifier"]
        stored = self._tables[name]
        entries = np.array(stored["hash_map"], dtype=object).reshape(-1, stored["hash_stride"])
        entries = entries[[int(entry) != NOBODY for entry in entries[:, 0]]]
        if name not in self._buckets:
            parts = [self._part(element) for element in statistic["elements"]]
            self._buckets[name] = bucket_of(parts, np.array([int(entry) for entry in entries[:, 0]], dtype=np.uint64))
        values = values_of(statistic, stored, entries[:, 1:].astype(np.float64))
        bucket = self._buckets[name]
        return bucket.graph.constant(values).rows(bucket.reshape(-1)).reshape(-1, 1)

    def _part(self, element: dict[str, Any]) -> Part:
        kind = element["combination_element"]
        if kind == "cat_feature_value":
            return self._categories[element["cat_feature_index"]]
        if kind == "cat_feature_exact_value":
            category = self._categories[element["cat_feature_index"]]
            places = category.places_of(element["value"])
            holds = category.value.equals(np.float64(places[0] if len(places) else -1))
            return condition(holds.cast(np.float64), np.isin(category.rows, places))
        key = (element["float_feature_index"], element["border"])
        if key not in self._conditions:
            self._conditions[key] = self._above(*key)
        return self._conditions[key]

    def _above(self, index: int, border: float) -> Part:
        entry, limit = self._floats[index], fold([border])
        column = self._columns[entry["flat_feature_index"]]
        column.value.graph.add_splits(column.value, np.array([0]), limit)
        above = column.value > limit
        if entry["nan_value_treatment"] == "AsTrue":
            above = above | column.value.isnan()
        holds = above.cast(np.float64)
        [rows] = reaching([Column(holds)])
        return condition(holds, rows[:, 0] > 0)


def condition(holds: Value, rows: np.ndarray) -> Part:
    return Part(holds, np.array([0, 1], dtype=np.uint64), rows.astype(np.int64))


def bucket_of(parts: Sequence[Part], hashes: np.ndarray) -> Value:
    """[N, 1] int64: the position of a row's combination in `hashes`; len(hashes) if it is not there."""
    sizes = [part.size for part in parts]
    if np.prod(sizes, dtype=object) > MAX_CODE:
        raise NotImplementedError(
            f"it combines features of {', '.join(map(str, sizes))} categories, more than can be counted; train it with "
            f"max_ctr_complexity={len(parts) - 1}"
        )
    codes = np.unique(reduce(lambda code, part: code * part.size + part.rows, parts, np.int64(0)))
    codes, places = found_among(hashes, codes, parts)
    if len(np.unique(places)) < len(hashes):
        combinations = int(np.prod([len(part.hashes) for part in parts], dtype=object))
        if combinations > MAX_COMBINATIONS:
            raise NotImplementedError(
                "the rows that the export was given lack combinations of categories that it was trained on; give it "
                "all training rows"
            )
        every = np.indices([len(part.hashes) for part in parts]).reshape(len(parts), -1)
        codes = reduce(lambda code, pair: code * pair[0] + pair[1], zip(sizes, every, strict=True), np.int64(0))
        codes, places = found_among(hashes, codes, parts)
        if len(np.unique(places)) < len(hashes):
            for part in parts:
                part.restrict()
    code = reduce(lambda code, part: code * float(part.size) + part.value, parts[1:], parts[0].value)
    return code.graph.node(
        "LabelEncoder",
        code,
        domain=ML,
        keys_tensor=numpy_helper.from_array(codes.astype(np.float64)),
        values_tensor=numpy_helper.from_array(places.astype(np.float64)),
        default_tensor=numpy_helper.from_array(np.array([float(len(hashes))])),
    ).cast(np.int64)


def found_among(hashes: np.ndarray, codes: np.ndarray, parts: Sequence[Part]) -> tuple[np.ndarray, np.ndarray]:
    """The codes of combinations whose hash is in `hashes`, and their positions there."""
    left, digits = codes, []
    for part in reversed(parts):
        left, digit = np.divmod(left, part.size)
        digits.append(digit)
    total = np.zeros(len(codes), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part, digit in zip(parts, reversed(digits), strict=True):
            total = MULTIPLIER * (total + MULTIPLIER * part.hashes[digit])
    order = np.argsort(hashes)
    places = order[np.searchsorted(hashes[order], total).clip(max=len(hashes) - 1)]
    is_found = hashes[places] == total
    return codes[is_found], places[is_found]


def values_of(statistic: dict[str, Any], stored: dict[str, Any], entries: np.ndarray) -> np.ndarray:
    """[B + 1] float64, computed in float32: the value of each combination in the table, and then of one that is not
    there."""
    kind, border = statistic["ctr_type"], statistic["target_border_idx"]
    nothing = 0.0
    if kind in MEANS:
        good, total = entries[:, 0], entries[:, 1]
    elif kind in COUNTS:
        nothing = stored["counter_denominator"]
        good, total = entries[:, 0], np.full(len(entries), nothing)
    else:
        good = entries[:, border] if kind == "Buckets" else entries[:, border + 1 :].sum(axis=1)
        total = entries.sum(axis=1)
    good, total = (np.append(values, last).astype(np.float32) for values, last in ((good, 0.0), (total, nothing)))
    share = (good + np.float32(statistic["prior_numerator"])) / (total + np.float32(statistic["prior_denomerator"]))
    return ((share + np.float32(statistic["shift"])) * np.float32(statistic["scale"])).astype(np.float64)
