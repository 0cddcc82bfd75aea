"""Factors of a patsy formula, the parts between its `+`, `*` and `:`, such as `np.log(a)` and `C(b)`."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from sepal_export.converters.encoders import look_up, restrict
from sepal_export.estimators import class_name
from sepal_export.graphs.functions import FUNCTIONS
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Column, Table
from sepal_export.originals.formula_variables import Variables

OPERATIONS = {
    ast.Add: Value.__add__, ast.Sub: Value.__sub__, ast.Mult: Value.__mul__, ast.Div: Value.__truediv__,
    ast.Pow: Value.__pow__,
}  # fmt: skip
COMPARISONS = {ast.Lt: Value.__lt__, ast.LtE: Value.__le__, ast.Gt: Value.__gt__, ast.GtE: Value.__ge__}
ADVICE = "compute it before the fit, as a column of its own"


class Factor:
    """A factor of a formula: numbers, or categories."""

    def __init__(self, factor: Any, info: Any, variables: Variables, table: Table) -> None:
        self._info = info
        self._around = info.state["eval_env"].namespace
        self._names, self._whole = variables.names, variables.whole
        self._table = table
        self._text = factor.code
        # For functions such as center(x), the state holds what they learned from the data.
        self._stateful = info.state["transforms"]
        code = factor.code if info.type == "categorical" else info.state["eval_code"]
        self._tree = ast.parse(code, mode="eval").body

    def width(self, subterm: Any) -> int:
        contrast = next((c for f, c in subterm.contrast_matrices.items() if f.code == self._text), None)
        return 1 if contrast is None else contrast.matrix.shape[1]

    def values(self, contrast: Any) -> Value:
        """[N, 1] for numbers, [N, width] for categories by their contrast matrix."""
        if self._info.type == "numerical":
            if self._info.num_columns != 1:
                raise NotImplementedError(f"{self._text!r} in its formula makes several columns; {ADVICE}")
            return self._number(self._tree)
        column = self._categorical(self._tree)
        categories = np.array(self._info.categories, dtype=object)
        restrict(column, categories, accepts_unknown=False)
        none = np.full((1, contrast.matrix.shape[1]), np.nan)
        return look_up(column, categories, np.concatenate([none, contrast.matrix]))

    def _categorical(self, tree: ast.expr) -> Column:
        """The column `z`, or the first argument of `C(z, …)`."""
        if self._calls(tree, "C"):
            return self._categorical(tree.args[0])
        name = self._variable(tree)
        return Column(self._number(tree)) if name is None else self._table.plain_column(self._names.index(name))

    def _variable(self, tree: ast.expr) -> str | None:
        if self._calls(tree, "Q"):
            return tree.args[0].value
        return tree.id if isinstance(tree, ast.Name) and tree.id in self._names else None

    def _calls(self, tree: ast.expr, name: str) -> bool:
        """Whether it calls patsy's function of this name."""
        is_call = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == name
        return is_call and getattr(self._around.get(name), "__module__", "").startswith("patsy.")

    def _number(self, tree: ast.expr) -> Value:
        """[N, 1]."""
        name = self._variable(tree)
        if name is not None:
            column = self._table.plain_column(self._names.index(name))
            if column.is_string:
                raise NotImplementedError(f"{self._text!r} in its formula computes with strings; {ADVICE}")
            # Integers of a frame have no negative zero, which would change the sign of an infinite quotient.
            whole = name in self._whole
            return column.value.graph.where(column.value.equals(0.0), 0.0, column.value) if whole else column.value
        if self._calls(tree, "I"):
            return self._number(tree.args[0])
        match tree:
            case ast.BinOp() if type(tree.op) in OPERATIONS:
                return OPERATIONS[type(tree.op)](*self._operands(tree.left, tree.right))
            case ast.BinOp(op=ast.FloorDiv(), right=ast.Constant(value=int(by))) if by > 0 and self._is_whole(
                tree.left
            ):
                return self._table.graph.node("Floor", self._number(tree.left) / float(by))
            case ast.UnaryOp(op=ast.USub()):
                return -self._number(tree.operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
                return self._compared(type(op), *self._operands(left, right))
            case ast.Call(func=function, args=[base, exponent], keywords=[]) if self._function(function) is np.power:
                return Value.__pow__(*self._operands(base, exponent))
            case ast.Call(args=[argument]) | ast.Call(args=[argument], keywords=[_]):
                return self._called(tree, argument)
        raise NotImplementedError(f"{self._text!r} in its formula is Python code that no graph can compute; {ADVICE}")

    def _is_whole(self, tree: ast.expr) -> bool:
        return self._variable(tree) in self._whole

    def _operands(self, left: ast.expr, right: ast.expr) -> tuple[Value, Value]:
        graph = self._table.graph
        sides = [
            graph.constant(np.float64(side.value)) if isinstance(side, ast.Constant) else self._number(side)
            for side in (left, right)
        ]
        return sides[0], sides[1]

    def _compared(self, kind: type, left: Value, right: Value) -> Value:
        """0 or 1. The result changes where the difference of both sides is zero."""
        zero = np.zeros(1, dtype=int)
        self._table.graph.add_splits(left - right, zero, np.array([0.0 if kind in (ast.LtE, ast.Gt) else -5e-324]))
        return COMPARISONS[kind](left, right).cast(np.float64)

    def _called(self, tree: ast.Call, argument: ast.expr) -> Value:
        """Calls a function of numpy, or one of patsy that learned something from the rows of the fit."""
        match tree.func:
            case ast.Attribute(value=ast.Name(id=state), attr="transform") if state in self._stateful:
                options = {option.arg: ast.literal_eval(option.value) for option in tree.keywords}
                return self._learned(self._stateful[state], options, self._number(argument))
        function = self._function(tree.func)
        if tree.keywords or not isinstance(function, np.ufunc) or function not in FUNCTIONS:
            raise NotImplementedError(
                f"{self._text!r} in its formula is Python code that no graph can compute; {ADVICE}"
            )
        return FUNCTIONS[function](self._number(argument))

    def _function(self, tree: ast.expr) -> Any:
        """The object that a name, or an attribute of numpy, referred to where the formula was fitted; None for any
        other expression."""
        match tree:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if self._around.get(module) is np:
                return getattr(np, name)
            case ast.Name(id=name):
                return self._around.get(name)
        return None

    def _learned(self, transform: Any, options: dict[str, Any], x: Value) -> Value:
        match class_name(transform):
            case "patsy.Center":
                return x - np.asarray(transform._sum / transform._count, dtype=np.float64).reshape(1, 1)
            case "patsy.Standardize":
                variance = transform.current_M2 / (transform.current_n - options.get("ddof", 0))
                centred = x - transform.current_mean.astype(np.float64) if options.get("center", True) else x
                return centred / np.sqrt(variance.astype(np.float64)) if options.get("rescale", True) else centred
        raise NotImplementedError(f"{self._text!r} in its formula has no converter; {ADVICE}")
