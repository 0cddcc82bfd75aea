"""KNNImputer: the mean of the nearest training rows' values replaces a missing one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export.converters.imputers import is_absent, is_missing, missing_indicator
from sepal_export.converters.search import BITS, any_of, differ
from sepal_export.graphs.graph import Value
from sepal_export.graphs.parts import each_row, either
from sepal_export.graphs.table import Table
from sepal_export.registry import converts, where

# How many times larger than its rounding error a squared distance must be so that dividing by it is safe.
TO_DIVIDE = 1e7


@converts("sklearn.KNNImputer")
def neighbours_imputer(imputer: Any, table: Table) -> Table:
    donors = Donors(imputer)
    x, valid = table.numbers, np.flatnonzero(imputer._valid_mask).tolist()
    refused = f"{where(table, imputer)} cannot be exported: {{}} lack a value, and other training rows"
    x.graph.doubt(
        each_row(x, [1], donors.is_tied)[0],
        f"{refused} with different values are as near to them as neighbour number {imputer.n_neighbors}, to within "
        "rounding errors, so that the original's choice of neighbours differs between machines; use SimpleImputer or "
        "IterativeImputer",
    )
    if imputer.weights == "distance":
        x.graph.doubt(
            each_row(x, [1], donors.is_near)[0],
            f"{refused} are so near to them that weights='distance' divides by rounding errors, which differ between "
            "machines; use weights='uniform'",
        )
    [filled] = each_row(x, [len(imputer._valid_mask)], donors.fill)
    if imputer.keep_empty_features:
        kept, answer = table, filled
    else:
        kept, answer = table.select(valid), filled.columns(valid)
    imputed = kept.with_numbers(answer) if is_absent(imputer.missing_values) else Table(matrix=answer)
    if imputer.add_indicator and len(imputer.indicator_.features_):
        return Table.concat([imputed, missing_indicator(imputer.indicator_, table)])
    return imputed


class Donors:
    """The training rows [S, F] of an imputer, with 0 for missing values, which `lacks` [S, F] marks."""

    def __init__(self, imputer: Any) -> None:
        if imputer.metric != "nan_euclidean":
            raise NotImplementedError("its metric is Python code; use metric='nan_euclidean'")
        if imputer.weights not in ("uniform", "distance"):
            raise NotImplementedError("its weights are Python code; use weights='uniform' or weights='distance'")
        self.imputer = imputer
        self.lacks = np.asarray(imputer._mask_fit_X)
        self.rows = np.where(self.lacks, 0.0, imputer._fit_X.astype(np.float64))
        # Computed like the original does, in the type of the training data.
        self.means = np.zeros(self.rows.shape[1])
        for column in self.columns():
            self.means[column] = np.ma.array(imputer._fit_X[:, column], mask=self.lacks[:, column]).mean()

    def columns(self) -> list[int]:
        """The features that had a value in training."""
        return np.flatnonzero(self.imputer._valid_mask).tolist()

    def squared_distances(self, row: Value) -> Value:
        """[F] → [S]: over the features that both rows have, scaled to all features; infinite if they have none in
        common. Added up like in scikit-learn: the parts of missing features are subtracted again."""
        graph, squares = row.graph, np.square(self.rows)
        lacks = is_missing(row, self.imputer.missing_values)
        x = graph.where(lacks, 0.0, row)
        is_lacking = lacks.cast(np.float64).reshape(1, -1)
        product = x.reshape(1, -1) @ np.ascontiguousarray(self.rows.T)
        distances = (product * -2.0 + (x * x).sum(axis=0) + squares.sum(axis=1)).maximum(0.0)
        distances = distances - (x * x).reshape(1, -1) @ np.ascontiguousarray(self.lacks.T.astype(np.float64))
        distances = (distances - is_lacking @ np.ascontiguousarray(squares.T)).maximum(0.0)
        common = (1.0 - is_lacking) @ np.ascontiguousarray((~self.lacks).T.astype(np.float64))
        shares = distances / common.maximum(1.0) * float(self.rows.shape[1])
        return graph.where(common.equals(0.0), np.inf, shares).reshape(-1)

    def fill(self, row: Value) -> list[Value]:
        """[F] → [F]."""
        distances = self.squared_distances(row)
        lacks = is_missing(row, self.imputer.missing_values)
        values = []
        for column in range(self.rows.shape[1]):
            here = np.array([column])
            if not self.imputer._valid_mask[column]:
                values.append(row.graph.constant(np.zeros(1)))
                continue
            values += either(
                lacks.rows(here).reshape(),
                1,
                [distances, row],
                lambda distances, _, column=column: [self.mean(distances, column)],
                lambda _, row, here=here: [row.rows(here)],
            )
        return [row.graph.concat(values, axis=0)]

    def of_column(self, distances: Value, column: int) -> tuple[Value, np.ndarray, int]:
        """The distances of the rows that have this column's value, their values, and how many are used."""
        donors = np.flatnonzero(~self.lacks[:, column])
        count = min(self.imputer.n_neighbors, len(donors))
        return distances.rows(donors), self.rows[donors, column], count

    def mean(self, distances: Value, column: int) -> Value:
        """[S] → [1]: the mean of the nearest rows that have the value; of all such rows if no distance is known."""
        distances, values, count = self.of_column(distances, column)
        graph = distances.graph
        least, places = graph.least(distances, count)
        is_known = least < np.inf
        weights = is_known.cast(np.float64)
        if self.imputer.weights == "distance":
            inverse = 1.0 / least.sqrt()
            is_here = inverse.equals(np.inf).cast(np.float64)
            weights = graph.where(any_of(is_here > 0.0), is_here, inverse)
        near = graph.constant(values).rows(places)
        mean = (near * weights).sum(axis=0) / weights.sum(axis=0)
        return graph.where(any_of(is_known), mean, self.means[column : column + 1])

    def is_tied(self, row: Value) -> list[Value]:
        """[F] → [1] bool: whether, for any column, the value is missing, and rounding decides which rows it is taken
        from."""

        def of_column(distances: Value, margin: Value, column: int) -> Value:
            distances, values, count = self.of_column(distances, column)
            if count == len(values):
                return distances.graph.constant(np.zeros(1, dtype=bool))
            least, _ = distances.graph.least(distances, count + 1)
            last = least.rows(np.array([count - 1]))
            is_tied = (least.rows(np.array([count])) - last <= margin) & (last < np.inf)
            return is_tied & differ((distances - last).abs() <= margin, values.reshape(-1, 1))

        return self.any_column(row, of_column)

    def is_near(self, row: Value) -> list[Value]:
        """[F] → [1] bool: whether, for any column, the value is missing, and the row nearly equals a row that the value
        is taken from."""

        def of_column(distances: Value, margin: Value, column: int) -> Value:
            distances, _, _ = self.of_column(distances, column)
            return -((-distances).max(axis=0)) <= margin * TO_DIVIDE

        return self.any_column(row, of_column)

    def any_column(self, row: Value, of_column: Callable[[Value, Value, int], Value]) -> list[Value]:
        lacks = is_missing(row, self.imputer.missing_values)
        x, features = row.graph.where(lacks, 0.0, row), self.rows.shape[1]
        longest = np.square(self.rows).sum(axis=1).max()
        margin = ((x * x).sum(axis=0) + longest) * (BITS * (features + 3) * features)
        distances = self.squared_distances(row)
        found = [lacks.rows(np.array([column])) & of_column(distances, margin, column) for column in self.columns()]
        return [any_of(row.graph.concat(found, axis=0))]
