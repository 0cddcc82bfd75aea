"""The rows that pass through the graph, from one transformer to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sepal_export.graphs.graph import Graph, Value

STRINGS = "it takes numbers, and strings reach it; put an encoder before it, such as OrdinalEncoder"
TIMES = "it takes numbers, and times reach it; derive numbers from them, such as the hour, in a FunctionTransformer"


@dataclass(frozen=True)
class Column:
    """One column [N, 1]: float64 with NaN for a missing value, or strings with "". Times are float64 microseconds since
    1970 in the column's own time zone."""

    value: Value
    is_string: bool = False
    # The feature whose values these are, unchanged from the client.
    feature: int | None = None
    # Whether a string may be missing. If none was in training, "" is an ordinary string.
    is_nullable: bool = False
    # Why no client could send it. Code that computes with it gets a ValueError with this reason.
    unusable: str | None = None
    # The key of the values in the original's records, if it takes records.
    key: Key | None = None
    is_time: bool = False
    # Whether its strings are derived from what a client sends.
    is_derived: bool = False


@dataclass(frozen=True)
class Key:
    """A key of records. `may_be_absent`: a missing value is a missing key. `seen` are the strings under it in the
    training data."""

    name: str
    may_be_absent: bool
    seen: tuple[str, ...] = ()


class Table:
    """N rows, stored as columns, some of which may be strings, or as one matrix [N, W] float64."""

    def __init__(
        self,
        *,
        columns: Sequence[Column] = (),
        matrix: Value | None = None,
        features: Sequence[int | None] = (),
        is_sparse: bool = False,
    ) -> None:
        """`features` are those of the matrix's columns, if these come unchanged from the client. `is_sparse`: the
        original's rows are a sparse matrix, whose zeros XGBoost treats as missing."""
        self._columns = tuple(columns)
        self._matrix = matrix
        self._features = tuple(features)
        self.is_sparse = is_sparse
        self._original: Callable[[], Any] | None = None

    @property
    def original(self) -> Any:
        """Some training rows in the original's form at this place: a frame, a column, an array or a sparse matrix. None
        if unknown, for example between the parts of an estimator."""
        return self._original() if self._original else None

    def of(self, original: Callable[[], Any] | None) -> Table:
        """The same table with the original's rows at this place. `original` is called at most once, when they are
        needed."""
        self._original = cache(original) if original else None
        return self

    @property
    def is_empty(self) -> bool:
        return self._matrix is None and not self._columns

    @property
    def graph(self) -> Graph:
        if self.is_empty:
            raise NotImplementedError("none of the columns is left for one of its steps; leave that step out")
        return (self._matrix or self._columns[0].value).graph

    @property
    def numbers(self) -> Value:
        """All columns as one matrix [N, W] float64. Raises NotImplementedError if a column holds strings or times, and
        ValueError if one is unusable."""
        if self._matrix is None:
            columns = [self.column(index) for index in range(len(self._columns))]
            if self.holds_strings:
                raise NotImplementedError(STRINGS)
            if self.holds_times:
                raise NotImplementedError(TIMES)
            self._matrix = self.graph.concat([column.value for column in columns])
        return self._matrix

    @property
    def holds_strings(self) -> bool:
        return any(column.is_string for column in self._columns)

    @property
    def holds_times(self) -> bool:
        return any(column.is_time for column in self._columns)

    @property
    def features(self) -> tuple[int | None, ...]:
        """The feature of each column; empty if none is known."""
        return tuple(column.feature for column in self._columns) if self._columns else self._features

    def column(self, index: int) -> Column:
        """The column. Raises ValueError if it is unusable."""
        if self._columns:
            column = self._columns[index]
            if column.unusable:
                raise ValueError(column.unusable)
            return column
        feature = self._features[index] if self._features else None
        return Column(self._matrix.columns([index]), feature=feature)

    def plain_column(self, index: int) -> Column:
        """The column, for code that accepts numbers and strings. Raises NotImplementedError if it holds times."""
        column = self.column(index)
        if column.is_time:
            raise NotImplementedError(TIMES)
        return column

    def select(self, indices: Sequence[int]) -> Table:
        """The columns of these positions, in this order."""
        if self._columns:
            return Table(columns=[self._columns[index] for index in indices], is_sparse=self.is_sparse)
        features = [self._features[index] for index in indices] if self._features else ()
        if list(indices) == list(range(len(self._features))):
            return self
        return Table(matrix=self._matrix.columns(indices), features=features, is_sparse=self.is_sparse)

    def with_numbers(self, matrix: Value) -> Table:
        """A table of the same features with only missing values replaced, so that its columns still count as these
        features."""
        return Table(matrix=matrix, features=self.features, is_sparse=self.is_sparse)

    def as_sparse(self, is_sparse: bool) -> Table:
        table = Table(columns=self._columns, matrix=self._matrix, features=self._features, is_sparse=is_sparse)
        table._original = self._original
        return table

    @staticmethod
    def concat(tables: Sequence[Table], widths: Sequence[int] = ()) -> Table:
        """Joins tables side by side. For strings and times beside a matrix, and for the features of matrices, pass the
        tables' `widths`."""
        kept = [index for index, table in enumerate(tables) if not table.is_empty]
        tables, widths = [tables[index] for index in kept], [widths[index] for index in kept if widths]
        if len(tables) < 2:
            return tables[0] if tables else Table()
        is_sparse = any(table.is_sparse for table in tables)
        if all(table._columns for table in tables):
            return Table(columns=[column for table in tables for column in table._columns], is_sparse=is_sparse)
        if widths and any(table.holds_strings or table.holds_times for table in tables):
            columns = [table.column(i) for table, width in zip(tables, widths, strict=True) for i in range(width)]
            return Table(columns=columns, is_sparse=is_sparse)
        pairs = zip(tables, widths, strict=True) if widths else ()
        features = [feature for table, width in pairs for feature in (table.features or (None,) * width)]
        matrix = tables[0].graph.concat([table.numbers for table in tables])
        return Table(matrix=matrix, features=features, is_sparse=is_sparse)


@dataclass(frozen=True)
class Classification:
    """A classifier's answers. `label` [N] int64 is the position in `classes_`; `probabilities` are [N, K]; `decision`
    is the result of decision_function, [N, 1] for two classes and [N, K] for more."""

    label: Value
    probabilities: Value | None = None
    decision: Value | None = None


@dataclass(frozen=True)
class Several:
    """The answers of a classifier of several targets, by target. `is_one_array`: its predict_proba returns [N, T] for
    the second class of each, and not a list of [N, K]."""

    parts: tuple[Classification, ...]
    is_one_array: bool = False


@dataclass(frozen=True)
class Outliers:
    """An outlier detector's answers. `label` [N] int64 is 0 for an inlier and 1 for an outlier; `score` [N, 1] is the
    result of decision_function, below 0 for an outlier."""

    label: Value
    score: Value


@dataclass(frozen=True)
class Clusters:
    """A clusterer's answers: `label` [N] int64, and the `distances` [N, K] to the clusters, the result of its
    transform. A mixture has the `probabilities` [N, K] of its components."""

    label: Value
    distances: Value | None = None
    probabilities: Value | None = None


def by_sign(decision: Value, *, or_zero: bool = False) -> Value:
    """[N, 1] → [N] int64: 1 if the decision is above zero, as scikit-learn labels two classes. With `or_zero`, zero
    counts as above."""
    above = decision >= np.float64(0) if or_zero else decision > np.float64(0)
    return above.cast(np.int64).reshape(-1)


def labels_above(scores: Value, limit: float, targets: int, *, are_probabilities: bool = False) -> Several:
    """[N, T] → whether each target's score is above the limit, as in scikit-learn's multilabel answers."""
    columns = [scores.columns([target]) for target in range(targets)]
    return Several(
        tuple(
            Classification(
                (column > np.float64(limit)).cast(np.int64).reshape(-1),
                with_complement(column) if are_probabilities else None,
                None if are_probabilities else column,
            )
            for column in columns
        ),
        is_one_array=True,
    )


def with_complement(probability: Value) -> Value:
    """[N, 1], the probability of the second class, → [N, 2]."""
    return probability.graph.concat([np.float64(1) - probability, probability])
