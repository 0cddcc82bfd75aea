"""patsy's formulas, `y ~ np.log(a) + C(b)`: the columns that statsmodels makes of a frame's."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import product
from operator import mul
from typing import Any

import numpy as np

from sepal_export.converters.encoders import look_up, restrict
from sepal_export.converters.functions import FUNCTIONS
from sepal_export.graph import Value
from sepal_export.registry import class_name
from sepal_export.table import Column, Table

OPERATIONS = {
    ast.Add: Value.__add__, ast.Sub: Value.__sub__, ast.Mult: Value.__mul__, ast.Div: Value.__truediv__,
    ast.Pow: Value.__pow__,
}  # fmt: skip
COMPARISONS = {ast.Lt: Value.__lt__, ast.LtE: Value.__le__, ast.Gt: Value.__gt__, ast.GtE: Value.__ge__}
ADVICE = "compute it before the fit, as a column of its own"


def linear_of_formula(design: Any, names: Sequence[str], params: np.ndarray, table: Table) -> Value:
    """[N, K]: the columns that the formula makes of the variables `names`, which are the table's, times `params`
    [W, K]. Raises NotImplementedError for what no graph can compute, by its text."""
    require_patsy(design)
    factors = {factor: Factor(factor, info, names, table) for factor, info in design.factor_infos.items()}
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


def require_patsy(design: Any) -> None:
    if class_name(design) != "patsy.DesignInfo":
        raise NotImplementedError(
            "its formula was read by formulaic; fit it with SM_FORMULA_ENGINE=patsy in the environment"
        )


def products(subterm: Any, factors: dict[Any, Factor]) -> list[Value]:
    """A column [N, 1] for each way to take one of each factor; that of the first factor changes fastest."""
    parts = []
    for factor in subterm.factors:
        values = factors[factor].values(subterm.contrast_matrices.get(factor))
        parts.append([values.columns([index]) for index in range(factors[factor].width(subterm))])
    return [reduce(mul, combination[::-1]) for combination in product(*parts[::-1])]


def variables_of(design: Any, data: Any) -> list[str]:
    """The columns of a frame that the formula reads, in the order of their first use. `data` is the model's."""
    require_patsy(design)
    frame = getattr(data, "frame", None)
    columns = set() if frame is None else set(frame.columns)
    found: dict[str, None] = {}
    for factor in design.factor_infos:
        around = design.factor_infos[factor].state["eval_env"].namespace
        for name in names_in(ast.parse(factor.code, mode="eval")):
            if name in columns or name not in around:
                found[name] = None
    return list(found)


def names_in(tree: ast.AST) -> Iterator[str]:
    """In the order of the text. `Q("my column")` names a column that no variable of Python's can be called."""
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "Q":
        yield tree.args[0].value
        return
    if isinstance(tree, ast.Name):
        yield tree.id
    for part in ast.iter_child_nodes(tree):
        yield from names_in(part)


class Factor:
    """A part of a formula between its `+`, `*` and `:`: numbers, or categories."""

    def __init__(self, factor: Any, info: Any, names: Sequence[str], table: Table) -> None:
        self._info = info
        self._around = info.state["eval_env"].namespace
        self._names = list(names)
        self._table = table
        self._text = factor.code
        # Where it says center(x), the state has what center learned.
        self._stateful = info.state["transforms"]
        code = factor.code if info.type == "categorical" else info.state["eval_code"]
        self._tree = ast.parse(code, mode="eval").body

    def width(self, subterm: Any) -> int:
        contrast = next((c for f, c in subterm.contrast_matrices.items() if f.code == self._text), None)
        return 1 if contrast is None else contrast.matrix.shape[1]

    def values(self, contrast: Any) -> Value:
        """[N, 1] of numbers, [N, width] of categories by the matrix of their contrasts."""
        if self._info.type == "numerical":
            if self._info.num_columns != 1:
                raise self._refusal("makes several columns")
            return self._number(self._tree)
        column = self._categorical(self._tree)
        categories = np.array(self._info.categories, dtype=object)
        restrict(column, categories, accepts_unknown=False)
        none = np.full((1, contrast.matrix.shape[1]), np.nan)
        return look_up(column, categories, np.concatenate([none, contrast.matrix]))

    def _categorical(self, tree: ast.expr) -> Column:
        """Of `z`, or of the first argument of `C(z, …)`."""
        if self._calls(tree, "C"):
            return self._categorical(tree.args[0])
        name = self._variable(tree)
        return Column(self._number(tree)) if name is None else self._table.column(self._names.index(name))

    def _variable(self, tree: ast.expr) -> str | None:
        if self._calls(tree, "Q"):
            return tree.args[0].value
        return tree.id if isinstance(tree, ast.Name) and tree.id in self._names else None

    def _calls(self, tree: ast.expr, name: str) -> bool:
        """Whether it calls the function of patsy's of this name."""
        is_call = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == name
        return is_call and getattr(self._around.get(name), "__module__", "").startswith("patsy.")

    def _number(self, tree: ast.expr) -> Value:
        """[N, 1]."""
        name = self._variable(tree)
        if name is not None:
            column = self._table.column(self._names.index(name))
            if column.is_string:
                raise self._refusal("computes with strings")
            return column.value
        if self._calls(tree, "I"):
            return self._number(tree.args[0])
        match tree:
            case ast.BinOp() if type(tree.op) in OPERATIONS:
                return OPERATIONS[type(tree.op)](*self._operands(tree.left, tree.right))
            case ast.UnaryOp(op=ast.USub()):
                return -self._number(tree.operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
                return self._compared(type(op), *self._operands(left, right))
            case ast.Call(args=[argument]) | ast.Call(args=[argument], keywords=[_]):
                return self._called(tree, argument)
        raise self._refusal("is Python code that no graph can compute")

    def _operands(self, left: ast.expr, right: ast.expr) -> tuple[Value, Value]:
        graph = self._table.graph
        sides = [
            graph.constant(np.float64(side.value)) if isinstance(side, ast.Constant) else self._number(side)
            for side in (left, right)
        ]
        return sides[0], sides[1]

    def _compared(self, kind: type, left: Value, right: Value) -> Value:
        """0 or 1. The difference is zero where the answer jumps."""
        zero = np.zeros(1, dtype=int)
        self._table.graph.add_splits(left - right, zero, np.array([0.0 if kind in (ast.LtE, ast.Gt) else -5e-324]))
        return COMPARISONS[kind](left, right).cast(np.float64)

    def _called(self, tree: ast.Call, argument: ast.expr) -> Value:
        """A function of numpy, or one that has learned something of the rows of the fit."""
        match tree.func:
            case ast.Attribute(value=ast.Name(id=state), attr="transform") if state in self._stateful:
                options = {option.arg: ast.literal_eval(option.value) for option in tree.keywords}
                return self._learned(self._stateful[state], options, self._number(argument))
            case ast.Attribute(value=ast.Name(id=module), attr=name) if self._around.get(module) is np:
                function = getattr(np, name)
            case ast.Name(id=name):
                function = self._around.get(name)
            case _:
                function = None
        if tree.keywords or not isinstance(function, np.ufunc) or function not in FUNCTIONS:
            raise self._refusal("is Python code that no graph can compute")
        return FUNCTIONS[function](self._number(argument))

    def _learned(self, transform: Any, options: dict[str, Any], x: Value) -> Value:
        match class_name(transform):
            case "patsy.Center":
                return x - np.asarray(transform._sum / transform._count, dtype=np.float64).reshape(1, 1)
            case "patsy.Standardize":
                variance = transform.current_M2 / (transform.current_n - options.get("ddof", 0))
                centred = x - transform.current_mean.astype(np.float64) if options.get("center", True) else x
                return centred / np.sqrt(variance.astype(np.float64)) if options.get("rescale", True) else centred
        raise self._refusal("has no converter")

    def _refusal(self, reason: str) -> NotImplementedError:
        return NotImplementedError(f"{self._text!r} in its formula {reason}; {ADVICE}")
