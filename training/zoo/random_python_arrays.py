"""Random Python over arrays, in the style of users who do not use frames."""

from __future__ import annotations

from collections.abc import Callable

from zoo.random_python_text import Writer


class Arrays(Writer):
    """Writes expressions over `X` [N, F], whose columns are chosen by position."""

    def leaf(self) -> str:
        return self.column(list(self.values), "X[:, {}]")

    def statistic(self) -> str:
        place = self.one_of(list(self.values))
        of_all = ["np.nanmean(X, axis=0)", "np.nanmax(X, axis=0)", "np.nanmedian(X, axis=0)", "np.nanstd(X, axis=0)"]
        of_one = [f"np.nanpercentile(X[:, {place}], {self.one_of([5, 50, 90])})", f"float(np.nanmin(X[:, {place}]))"]
        return self.one_of([*(f"{each}[{place}]" for each in of_all), *of_one])

    def makers(self) -> list[Callable[[int], str]]:
        return [
            *super().makers(), self.where, self.where, self.select, self.clip, self.digitize, self.filled,
            self.as_number, self.of_values, self.of_columns, self.nan_to_num,
        ]  # fmt: skip

    def where(self, depth: int) -> str:
        other = self.constant() if self.chance(0.4) else self.number(depth)
        return f"np.where({self.flag(depth)}, {self.number(depth)}, {other})"

    def select(self, depth: int) -> str:
        flags = ", ".join(self.flag(depth) for _ in range(2))
        return f"np.select([{flags}], [{self.number(depth)}, {self.number(depth)}], default={self.constant()})"

    def clip(self, depth: int) -> str:
        low, *_, high = self.limits(2)
        return self.one_of(["np.clip({}, {}, {})", "({}).clip({}, {})"]).format(self.number(depth), low, high)

    def digitize(self, depth: int) -> str:
        right = ", right=True" if self.chance(0.3) else ""
        return f"np.digitize({self.number(depth)}, {self.limits(3)}{right})"

    def filled(self, depth: int) -> str:
        value = self.number(depth)
        return f"np.where(np.isnan({value}), {self.constant()}, {value})"

    def nan_to_num(self, depth: int) -> str:
        return f"np.nan_to_num({self.number(depth)}, nan={self.one_of([0.0, -1.0])})"

    def as_number(self, depth: int) -> str:
        return f"{self.flag(depth)}.astype({self.one_of(['int', 'float'])})"

    def of_values(self, depth: int) -> str:
        name, values = self.of_value(), self.number(depth)
        listed = f"np.array([{name}(v) for v in {values}], dtype=float)"
        return self.one_of([listed, f"np.vectorize({name}, otypes=[float])({values})"])

    def of_columns(self, _: int) -> str:
        some = sorted({int(self.one_of(list(self.values))) for _ in range(3)})
        return f"{self.one_of(['X[:, {}].sum(axis=1)', 'X[:, {}].max(axis=1)', 'X[:, {}].mean(axis=1)']).format(some)}"

    def flag(self, depth: int) -> str:
        if self.chance(0.15):
            return f"np.isnan({self.number(depth)})"
        if self.chance(0.1):
            return f"np.isin({self.leaf()}, {self.limits(2)})"
        return super().flag(depth)

    def lines(self, count: int) -> list[str]:
        """The lines of a function's body: `count` assignments, and the return value."""
        lines = []
        for place in range(count):
            lines.append(f"x{place} = {self.number(2)}")
            self.named.append(f"x{place}")
        kept = self.named[-3:]
        columns = ", ".join(kept)
        last = f"{kept[-1]}.reshape(-1, 1)"
        returned = [
            f"np.column_stack([{columns}])", f"np.c_[X, {columns}]", f"np.hstack([X[:, [0]], {last}])",
            f"np.stack([{columns}], axis=1)", f"np.concatenate([X, {last}], axis=1)", last,
        ]  # fmt: skip
        return [*lines, f"return {self.one_of(returned)}"]
