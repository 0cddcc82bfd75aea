"""The variables of patsy's formulas, such as `a` and `b` of `y ~ np.log(a) + C(b)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sepal_export.estimators import class_name


@dataclass(frozen=True)
class Variables:
    """The columns of a frame that a formula reads, in the order of their first use, and which of them are integers."""

    names: list[str]
    whole: frozenset[str]


def require_patsy(design: Any) -> None:
    if class_name(design) != "patsy.DesignInfo":
        raise NotImplementedError(
            "its formula was read by formulaic, and only formulas of patsy can be exported; set "
            "SM_FORMULA_ENGINE=patsy in the environment of the fit"
        )


def variables_of(design: Any, data: Any) -> Variables:
    """`data` is the model's data, which includes the frame unless it was removed."""
    require_patsy(design)
    frame = getattr(data, "frame", None)
    kinds = {} if frame is None else {name: getattr(kind, "kind", "O") for name, kind in frame.dtypes.items()}
    found: dict[str, None] = {}
    for factor, info in design.factor_infos.items():
        around = info.state["eval_env"].namespace
        for name in names_in(ast.parse(factor.code, mode="eval")):
            if name in kinds or name not in around:
                found[name] = None
    return Variables(list(found), frozenset(name for name in found if kinds.get(name) in ("i", "u")))


def names_in(tree: ast.AST) -> Iterator[str]:
    """The names in the order of the text. `Q("my column")` names a column whose name is not a Python identifier."""
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "Q":
        yield tree.args[0].value
        return
    if isinstance(tree, ast.Name):
        yield tree.id
    for part in ast.iter_child_nodes(tree):
        yield from names_in(part)
