"""patsy's formulas, such as `y ~ np.log(a) + C(b)`: the columns that statsmodels computes from a frame."""

from __future__ import annotations

from functools import reduce
from itertools import product
from operator import mul
from typing import Any

import numpy as np

from sepal_export.converters.formula_factors import Factor
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.originals.formula_variables import Variables


def linear_of_formula(design: Any, variables: Variables, params: np.ndarray, table: Table) -> Value:
    """[N, K]: the columns that the formula computes from the variables in the table, times `params` [W, K]. Raises
    NotImplementedError with the text of the part that a graph cannot compute."""
    factors = {factor: Factor(factor, info, variables, table) for factor, info in design.factor_infos.items()}
    columns, rows, intercept = [], [], np.zeros(params.shape[1])
    place = 0
    for subterms in design.term_codings.values():
        for subterm in subterms:
            width = subterm.num_columns
            if subterm.factors:
                columns += products(subterm, factors)
                rows.append(params[place : place + width])
            else:
                intercept = intercept + params[place]
            place += width
    if not columns:
        raise NotImplementedError(
            "its formula has no variable, so that it answers all rows the same; use DummyRegressor"
        )
    return table.graph.concat(columns) @ np.concatenate(rows) + intercept


def products(subterm: Any, factors: dict[Any, Factor]) -> list[Value]:
    """A column [N, 1] for each combination of the factors' columns; the first factor's changes fastest."""
    parts = []
    for factor in subterm.factors:
        values = factors[factor].values(subterm.contrast_matrices.get(factor))
        parts.append([values.columns([index]) for index in range(factors[factor].width(subterm))])
    return [reduce(mul, combination[::-1]) for combination in product(*parts[::-1])]
