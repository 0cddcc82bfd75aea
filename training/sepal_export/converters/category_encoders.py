"""Encoders of category_encoders: a row of numbers for each category of a column. The fitted encoder itself is called
for each category, for an unknown one and for a missing one; the graph has the results as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sepal_export.converters.category_answers import Answers, Asking, one_of
from sepal_export.converters.encoders import is_missing, look_up, place_of_one, restrict
from sepal_export.graphs.graph import Value
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts, transform

# The position of a column and some columns of the output that depend on it → their values [N, W].
Making = Callable[[int, list[int]], Value]


@converts(
    "category_encoders.BackwardDifferenceEncoder", "category_encoders.BaseNEncoder", "category_encoders.BinaryEncoder",
    "category_encoders.CatBoostEncoder", "category_encoders.CountEncoder", "category_encoders.CountTargetEncoder",
    "category_encoders.GLMMEncoder", "category_encoders.GrayEncoder", "category_encoders.HelmertEncoder",
    "category_encoders.JamesSteinEncoder", "category_encoders.LeaveOneOutEncoder", "category_encoders.MEstimateEncoder",
    "category_encoders.OneHotEncoder", "category_encoders.OrdinalEncoder", "category_encoders.PolynomialEncoder",
    "category_encoders.PolynomialWrapper", "category_encoders.QuantileEncoder", "category_encoders.RankHotEncoder",
    "category_encoders.SumEncoder", "category_encoders.SummaryEncoder", "category_encoders.TargetEncoder",
    "category_encoders.WOEEncoder",
)  # fmt: skip
def encoder_by_column(encoder: Any, table: Table) -> Table:
    """`transform` without a target adds no noise: noise is only for the rows of the fit."""
    require_columns(one_of(encoder))
    asking = Asking(encoder, table)
    owners, answers = np.full(len(asking.generated), -1), {}
    for place in asking.encoded:
        answers[place] = asking.of_each(place, categories_of(encoder, asking.names[place]))
        is_changed = changed(answers[place], asking.base)
        if (owners[is_changed] >= 0).any():
            raise NotImplementedError("one of its output columns depends on two input columns; encode these one by one")
        owners[is_changed] = place
        refuse(asking.column(place), answers[place])
    # Output columns that never change can belong to any input column.
    owners[owners < 0] = next(iter(asking.encoded), -1)
    return assembled(asking, owners.tolist(), lambda place, some: encoded(asking.column(place), answers[place], some))


def require_columns(encoder: Any) -> None:
    if getattr(encoder, "composite_members_", None):
        raise NotImplementedError(
            "composite_cols reads several columns as one; join them in the training data, and encode the joined column"
        )
    if type(encoder).__name__ == "OrdinalEncoder" and callable(encoder.handle_unknown):
        raise NotImplementedError(
            "handle_unknown is Python code that gets each unknown value; use handle_unknown='value'"
        )


def categories_of(encoder: Any, name: Any) -> list[Any]:
    """The categories that the encoder learned for a column, and those that its fit added. A missing value may be among
    them."""
    inner = one_of(encoder)
    inner = inner.encoder_list[0] if hasattr(inner, "encoder_list") else inner
    learned = (getattr(inner, "ordinal_encoder", None) or inner).mapping
    if isinstance(learned, dict):
        index = learned[name].index
    else:
        index = next(entry["mapping"].index for entry in learned if entry["col"] == name)
    return [*getattr(inner, "min_group_lumping_", {}).get(name, ()), *index.tolist()]


def changed(answers: Answers, base: np.ndarray) -> np.ndarray:
    """[W]: which output columns depend on the column that was replaced."""
    rows = answers.rows[~answers.refused]
    return ((rows != base) & ~(np.isnan(rows) & np.isnan(base))).any(axis=0)


def refuse(column: Column, answers: Answers) -> None:
    """Refuses the rows that the encoder refuses. Unknown values of a feature are refused before, but missing ones are
    not."""
    taken = [value for value, out in zip(answers.values, answers.refused[1:], strict=True) if not out]
    present = objects([value for value in taken if not is_missing(value)])
    restrict(column, present, accepts_unknown=not answers.refused[0])
    is_refused = answers.refused.copy()
    is_refused[0] &= column.feature is None
    if is_refused.any():
        flags = look_up(column, objects(answers.values), is_refused[:, None].astype(np.float64))
        column.value.graph.refuse(flags.equals(1.0))


def objects(values: Sequence[Any]) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def encoded(column: Column, answers: Answers, some: list[int]) -> Value:
    """[N, len(some)]: these columns of the output. A category with the same output as an unknown one is left out of the
    table."""
    rows = np.where(answers.refused[:, None], 0.0, answers.rows)[:, some]
    is_named = ((rows != rows[0]) & ~(np.isnan(rows) & np.isnan(rows[0]))).any(axis=1)[1:]
    # The operator needs at least one.
    is_named[0] |= not is_named.any()
    rows, categories = rows[np.concatenate([[True], is_named])], objects(answers.values)[is_named]
    if len(some) > 1 and np.isin(rows, (0.0, 1.0)).all() and (rows.sum(axis=1) <= 1).all():
        place = look_up(column, categories, place_of_one(rows, accepts_unknown=True))
        return place.equals(np.arange(len(some), dtype=np.float64)).cast(np.float64)
    return look_up(column, categories, rows)


def assembled(asking: Asking, owners: Sequence[int], make: Making) -> Table:
    """The encoded columns and those that are passed through, in the original's order. `owners` says which input column
    each output column depends on."""
    generated = {name: index for index, name in enumerate(asking.generated)}
    segments: list[tuple[int | None, list[int]]] = []
    for name in asking.columns:
        index = generated.get(name)
        owner, entry = (None, asking.names.index(name)) if index is None else (owners[index], index)
        if not segments or segments[-1][0] != owner:
            segments.append((owner, []))
        segments[-1][1].append(entry)
    tables = [
        asking.table.select(entries) if owner is None else Table(matrix=make(owner, entries))
        for owner, entries in segments
    ]
    return Table.concat(tables, [len(entries) for _, entries in segments]).as_sparse(False)


@converts("category_encoders.HashingEncoder")
def hashing_encoder(encoder: Any, table: Table) -> Table:
    """Each column adds 1 to one column of the output, which a hash of the value chooses. The graph cannot compute the
    hash: it has a table of the values in the training data, and refuses other values."""
    asking = Asking(encoder, table)
    total = asking.base
    for place, values in zip(asking.encoded, reaching([asking.column(place) for place in asking.encoded]), strict=True):
        column = asking.column(place)
        if column.feature is None:
            raise NotImplementedError(
                "it hashes the output of an earlier step, whose possible values the export does not know; let it "
                "encode columns as clients send them"
            )
        # The model reads a missing string as an empty one.
        gap = "" if column.is_nullable else None
        found = sorted(value for value in set(values[:, 0].tolist()) if not is_missing(value) and value != gap)
        answers = asking.of_each(place, found, accepts_unknown=False)
        refuse(column, answers)
        rows = np.where(answers.refused[:, None], 0.0, answers.rows - asking.base)
        total = total + look_up(column, objects(answers.values), rows)
    every = list(range(len(asking.generated)))
    return assembled(asking, [-2] * len(every), lambda _, some: total if some == every else total.columns(some))


@converts("category_encoders.NestedCVWrapper")
def nested_wrapper(wrapper: Any, table: Table) -> Table:
    """The folds are only used for the rows of the fit."""
    return transform(wrapper.feature_encoder, table)
