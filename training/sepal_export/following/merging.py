"""`merge` and `join` of a frame with a table of constants, in which each row finds at most one row of the table."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame as ConstantFrame

from sepal_export.following.assigned import distinct
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.series import Series

ADVICE = "map each column of the table: df['key'].map(table.set_index('key')['value'])"


def merged(left: Any, right: Any, how: str = "inner", on: Any = None, **options: Any) -> Any:
    """Like `left.merge(right, how="left", on=…)`, which keeps every row in its place."""
    if type(right) is not ConstantFrame:
        advice = f"keep a table in fit, and {ADVICE}"
        raise NotFollowed("it merges with something other than a constant DataFrame", advice)
    if how != "left":
        raise NotFollowed(f"a merge with how={how!r} can drop, add or reorder rows", f"give it how='left', or {ADVICE}")
    if options:
        given = ", ".join(f"{name}=" for name in options)
        raise NotFollowed(f"it merges with {given}", f"give merge only the table, on= and how='left', or {ADVICE}")
    if one_name(on) is None:
        raise NotFollowed("it merges on other keys than one column", ADVICE)
    return looked_up(left, one_name(on), right.set_index(one_name(on)))


def joined(left: Any, right: Any, on: Any = None, how: str = "left", **options: Any) -> Any:
    """Like `left.join(right, on=…)`: by the index of the table."""
    if one_name(on) is None or how != "left" or options:
        raise NotFollowed("it joins a table other than by on= with one column, or with more options", ADVICE)
    return looked_up(left, one_name(on), right)


def one_name(on: Any) -> Any:
    return on[0] if isinstance(on, list | tuple) and len(on) == 1 else None if isinstance(on, list | tuple) else on


def looked_up(left: Any, key: Any, table: ConstantFrame) -> Any:
    """`left` with the columns of `table` added. Each row finds its row of `table` by the value of `left`'s column
    `key`, which is looked up in the index of `table`."""
    if table.index.has_duplicates or table.index.hasnans or table.index.nlevels > 1:
        raise NotFollowed(
            "it merges with a table that has a key twice, a missing key, or keys of several levels",
            "in fit, keep one row of each key with drop_duplicates, drop missing keys with dropna, and use one column "
            "as the key",
        )
    made = [(name, Series(left.cells[key]).map(table[name]).cell) for name in table.columns]
    return type(left)(distinct([*left.cells.items(), *made]))
