"""`DataFrame.eval`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import reduce
from typing import Any

from sepal_export.following.refusal import NotFollowed

ALLOWED = (
    ast.BinOp, ast.UnaryOp, ast.Compare, ast.Name, ast.Constant, ast.Expression, ast.operator, ast.unaryop, ast.cmpop,
    ast.boolop, ast.BoolOp, ast.Load,
)  # fmt: skip
WITHOUT = (ast.In, ast.NotIn, ast.Is, ast.IsNot)


class AsColumns(ast.NodeTransformer):
    """Rewrites `and`, `or`, `not` and chained comparisons as pandas reads them: per row."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        sign = ast.BitAnd() if isinstance(node.op, ast.And) else ast.BitOr()
        return reduce(lambda a, b: ast.BinOp(a, sign, b), [self.visit(value) for value in node.values])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        operator = ast.Invert() if isinstance(node.op, ast.Not) else node.op
        return ast.UnaryOp(operator, self.visit(node.operand))

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        sides = [self.visit(side) for side in (node.left, *node.comparators)]
        pairs = [ast.Compare(a, [op], [b]) for a, op, b in zip(sides, node.ops, sides[1:], strict=False)]
        return reduce(lambda a, b: ast.BinOp(a, ast.BitAnd(), b), pairs)


def evaluated(expression: str, columns: Mapping[Any, Any]) -> Any:
    """Evaluates the expression. `columns` are by name."""
    # pandas gives `&` the precedence of `and`.
    plain = expression.strip().replace("&", " and ").replace("|", " or ")
    try:
        # In a string, `&` and `|` must not be replaced, so an expression with quotes and one of these is refused.
        tree = (
            ast.parse(plain, mode="eval") if plain == expression.strip() or '"' not in plain.replace("'", '"') else None
        )
    except SyntaxError:
        tree = None
    if tree is None or not all(isinstance(n, ALLOWED) and not isinstance(n, WITHOUT) for n in ast.walk(tree)):
        raise NotFollowed(f"eval of {expression!r}", "write it in Python: frame['a'] + frame['b']")
    code = compile(ast.fix_missing_locations(AsColumns().visit(tree)), "<eval>", "eval")
    return eval(code, {"__builtins__": {}}, dict(columns))
