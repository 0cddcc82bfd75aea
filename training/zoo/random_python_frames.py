"""Random Python over frames."""

from __future__ import annotations

from collections.abc import Callable

from zoo.random_python_text import COMPARED, Writer

PARTS = ["hour", "month", "dayofweek", "day", "year", "quarter", "dayofyear", "minute"]
WORDS = {"colour": ["red", "green", "blue", "dark red"], "size": ["S", "M", "L", "XL"]}


class Frames(Writer):
    """Writes expressions over `df`: numbers, the words of WORDS, the booleans `flag`, and the times `time`."""

    def leaf(self) -> str:
        return self.column(list(self.values), "df['{}']")

    def statistic(self) -> str:
        column = f"X[{self.one_of(list(self.values))!r}]"
        return column + self.one_of([".mean()", ".median()", ".quantile(0.9)", ".min()", ".std()", ".quantile(0.05)"])

    def makers(self) -> list[Callable[[int], str]]:
        return [
            *super().makers(), self.where, self.masked, self.select, self.clip, self.cut, self.filled, self.as_number,
            self.of_rows, self.of_values, self.of_columns, self.of_word, self.of_word, self.of_time, self.of_time,
        ]  # fmt: skip

    def series(self, depth: int) -> str:
        """An expression whose value is a Series, because arrays lack its methods."""
        inner = self.number(depth)
        return inner if inner.startswith("df[") and inner.count("[") == 1 else f"pd.Series({inner}, index=df.index)"

    def where(self, depth: int) -> str:
        other = self.constant() if self.chance(0.4) else self.number(depth)
        return f"np.where({self.flag(depth)}, {self.number(depth)}, {other})"

    def masked(self, depth: int) -> str:
        method = self.one_of(["where", "mask"])
        return f"{self.series(depth)}.{method}({self.flag(depth)}, {self.constant()})"

    def select(self, depth: int) -> str:
        flags = ", ".join(self.flag(depth) for _ in range(2))
        return f"np.select([{flags}], [{self.number(depth)}, {self.constant()}], default={self.constant()})"

    def clip(self, depth: int) -> str:
        low, *_, high = self.limits(2)
        bounds = self.one_of([f"{low}, {high}", f"lower={low}", f"upper={high}"])
        return f"{self.series(depth)}.clip({bounds})"

    def cut(self, depth: int) -> str:
        right = ", right=False" if self.chance(0.3) else ""
        bins = [-float("inf"), *self.limits(2), float("inf")]
        edges = str(bins).replace("inf", "np.inf")
        of_array = f"np.digitize({self.number(depth)}, {self.limits(3)})"
        return self.one_of([f"pd.cut({self.series(depth)}, {edges}, labels=False{right})", of_array])

    def filled(self, depth: int) -> str:
        other = self.constant() if self.chance(0.7) else self.leaf()
        return f"{self.series(depth)}.fillna({other})"

    def as_number(self, depth: int) -> str:
        return f"{self.flag(depth)}.astype({self.one_of(['int', 'float'])})"

    def of_rows(self, _: int) -> str:
        """An expression that applies a function or a lambda to each row."""
        a, b = (f"row[{self.one_of(list(self.values))!r}]" for _ in range(2))
        results = [a, f"{a} * 2", f"{a} - {b}", f"abs({b})", f"math.sqrt(abs({a}))", f"max({a}, 1.5)", "0", "2.5"]
        results += [f"{a} / (1 + abs({b}))", f"{b} if {b} > 0 else 0"]
        if self.chance(0.3):
            return f"df.apply(lambda row: {self.one_of(results[:6])}, axis=1)"
        return f"df.apply({self.helper('of_row', self.chain(a, self.of_row, results))}, axis=1)"

    def of_row(self) -> str:
        """A condition on one row."""
        number = f"row[{self.one_of(list(self.values))!r}]"
        word = self.one_of(list(WORDS))
        return self.one_of([
            f"{number} {self.one_of(COMPARED)} {self.plain()}",
            f"{number} {self.one_of(COMPARED)} {self.plain()}",
            f"row[{word!r}] == {self.one_of(WORDS[word])!r}",
            f"row[{word!r}] in {WORDS[word][:2]}",
            "row['flag']",
            f"pd.notna({number})",
        ])  # fmt: skip

    def of_values(self, depth: int) -> str:
        method = self.one_of(["apply", "map"])
        return f"{self.series(depth)}.{method}({self.of_value()})"

    def of_columns(self, _: int) -> str:
        some = sorted({self.one_of(list(self.values)) for _ in range(3)})
        ends = [".sum(axis=1)", ".mean(axis=1)", ".max(axis=1)", ".min(axis=1)", ".isna().sum(axis=1)"]
        return f"df[{some}]{self.one_of(ends)}"

    def of_word(self, _: int) -> str:
        word = self.one_of(list(WORDS))
        codes = {each: int(self.random.integers(-3, 9)) for each in WORDS[word][: int(self.random.integers(2, 5))]}
        column = f"df[{word!r}]"
        known = [
            f"{column}.map({codes}).fillna({self.constant()})",
            f"{column}.map(lambda each: {codes}.get(each, 0))",
            f"{column}.fillna('none').str.len()",
            f"{column}.map({codes})",
        ]
        if self.learned is not None:
            grouped = f"X.groupby({word!r})[{self.one_of(list(self.values))!r}].mean()"
            shares = f"X[{word!r}].value_counts(normalize=True)"
            learned = self.learn(self.one_of([grouped, shares, f"{shares}.to_dict()"]))
            known += [f"{column}.map({learned}).fillna(0)"] * 3
        return self.one_of(known)

    def of_time(self, _: int) -> str:
        since = f"(df['time'] - pd.Timestamp('{self.one_of(['2021-01-01', '2022-07-15', '1999-12-31 12:00'])}'))"
        part = f"df['time'].dt.{self.one_of(PARTS)}"
        circle = f"np.{self.one_of(['sin', 'cos'])}(2 * np.pi * df['time'].dt.hour / 24)"
        return self.one_of([part, part, f"{since}.dt.days", f"{since}.dt.total_seconds() / 3600", circle])

    def comparison(self, depth: int) -> str:
        word = self.one_of(list(WORDS))
        low, *_, high = self.limits(2)
        known = [
            f"df[{word!r}].isin({WORDS[word][1:3]})",
            f"(df[{word!r}] == {self.one_of(WORDS[word])!r})",
            f"df[{word!r}].fillna('').str.startswith({self.one_of(WORDS[word])[0]!r})",
            f"df[{word!r}].str.upper().isin(['RED', 'S'])",
            "df['flag']",
            "(df['time'].dt.dayofweek >= 5)",
            "df['time'].isna()",
            f"{self.series(depth)}.between({low}, {high})",
            f"{self.series(depth)}.isna()",
        ]
        return self.one_of(known) if self.chance(0.5) else super().comparison(depth)

    def lines(self, count: int) -> list[str]:
        """The lines of a function's body: `count` assignments, and the return value."""
        lines = ["df = df.copy()"]
        for place in range(count):
            lines.append(f"df['x{place}'] = {self.number(2)}")
            self.named.append(f"df['x{place}']")
        kept, others = [f"x{place}" for place in range(count)][-3:], list(self.values)[:1]
        renamed = f"df[{kept}].rename(columns={{'{kept[0]}': 'renamed'}})"
        dropped = f"df.drop(columns={[*WORDS, 'time']})"
        series = ", ".join(f"'{name}_of': df['{name}']" for name in kept)
        returned = [
            f"df[{[*others, *kept]}]",
            f"pd.DataFrame({{{series}}})",
            dropped,
            renamed,
            f"df[{kept}].to_numpy()",
        ]
        if self.chance(0.2):
            named = f"np.where({self.flag(1)}, 'low', 'high')"
            return [*lines, f"return df[{kept}].assign(word={named})"]
        return [*lines, f"return {self.one_of(returned)}"]
