"""Encoders of category_encoders: a row of numbers for each category of a column. What a fitted one answers to each
category, to an unknown one and to a missing one, it is asked itself; the graph looks it up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sepal_export.converters.category_answers import Answers, Asking, one_of
from sepal_export.converters.encoders import is_missing, look_up, place_of_one, restrict
from sepal_export.graph import Value
from sepal_export.reaching import reaching
from sepal_export.registry import converts, transform
from sepal_export.table import Column, Table

# Of the place of a column, and of columns of the answer that are made of it: [N, W].
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
    """Without the target its answer has no noise: that is for the rows of the fit alone."""
    require_columns(one_of(encoder))
    asking = Asking(encoder, table)
    owners, answers = np.full(len(asking.generated), -1), {}
    for place in asking.encoded:
        answers[place] = asking.of_each(place, categories_of(encoder, asking.names[place]))
        is_changed = changed(answers[place], asking.base)
        if (owners[is_changed] >= 0).any():
            raise NotImplementedError("one of the columns that it answers is made of two; encode them one by one")
        owners[is_changed] = place
        refuse(asking.column(place), answers[place])
    # What never changes may be made of any.
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
    """Those that it learned of a column, and those of which its fit made one. A missing one may be among them."""
    inner = one_of(encoder)
    inner = inner.encoder_list[0] if hasattr(inner, "encoder_list") else inner
    learned = (getattr(inner, "ordinal_encoder", None) or inner).mapping
    if isinstance(learned, dict):
        index = learned[name].index
    else:
        index = next(entry["mapping"].index for entry in learned if entry["col"] == name)
    return [*getattr(inner, "min_group_lumping_", {}).get(name, ()), *index.tolist()]


def changed(answers: Answers, base: np.ndarray) -> np.ndarray:
    """[W]: which columns of the answer depend on the one that was replaced."""
    rows = answers.rows[~answers.refused]
    return ((rows != base) & ~(np.isnan(rows) & np.isnan(base))).any(axis=0)


def refuse(column: Column, answers: Answers) -> None:
    """A feature's own values are checked before they come here, but for missing ones."""
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
    """[N, len(some)]: these columns of the answer. A category that gets what an unknown one does is left out."""
    rows = np.where(answers.refused[:, None], 0.0, answers.rows)[:, some]
    is_named = ((rows != rows[0]) & ~(np.isnan(rows) & np.isnan(rows[0]))).any(axis=1)[1:]
    # The operator needs one.
    is_named[0] |= not is_named.any()
    rows, categories = rows[np.concatenate([[True], is_named])], objects(answers.values)[is_named]
    if len(some) > 1 and np.isin(rows, (0.0, 1.0)).all() and (rows.sum(axis=1) <= 1).all():
        place = look_up(column, categories, place_of_one(rows, accepts_unknown=True))
        return place.equals(np.arange(len(some), dtype=np.float64)).cast(np.float64)
    return look_up(column, categories, rows)


def assembled(asking: Asking, owners: Sequence[int], make: Making) -> Table:
    """What is encoded, and what is passed on, in the original's order. `owners` are the places that each column of the
    answer is made of."""
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
    """Each column adds one to one of the columns of the answer. Which one that is of a value that was not in the
    training data, only the hash can say: such a value is refused."""
    asking = Asking(encoder, table)
    total = asking.base
    for place, values in zip(asking.encoded, reaching([asking.column(place) for place in asking.encoded]), strict=True):
        column = asking.column(place)
        if column.feature is None:
            raise NotImplementedError(
                "it hashes what a step before it computes, so that it cannot be told which values it will get; let it "
                "encode columns of the rows as they are"
            )
        # A missing string reaches it as an empty one.
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
    """Its folds are for the rows of the fit alone."""
    return transform(wrapper.feature_encoder, table)
