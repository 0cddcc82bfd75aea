"""Makes the rows of an export's proof: those to which the original and the ONNX model are most likely to give different
answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx

from sepal_export.data.dataset import LARGEST, Dataset, Feature, Rows
from sepal_export.data.predictions import run
from sepal_export.data.times import fit_time
from sepal_export.estimators import ConversionError
from sepal_export.graphs.compared import Compared, Edges
from sepal_export.graphs.graph import Splits
from sepal_export.progress import Progress
from sepal_export.proof.date_edges import edges_of_dates
from sepal_export.proof.doubts import Doubts
from sepal_export.proof.sampling import choose
from sepal_export.proof.verify import Thresholds
from sepal_export.text.mutations import mutated

Answer = Callable[[Rows], np.ndarray]
MIN_POINTS = 20_000
MAX_TRAINING = 2_000
BETWEEN = 5_000
WITH_MISSING = 1_000
WITH_UNKNOWN = 1_000
WITH_TEXTS = 4_000
AT_DATES = 2_000
# The most rows without a finite answer that are kept. If the original raises an error for them, it is asked about each
# of them alone.
REFUSED = 100
ATTEMPTS = 5
# The number of random rows that Edges gets. If several of them hit a threshold exactly, the model clips values to that
# threshold. Edges then does not count rows at this threshold as answered by chance.
SOME = 300
# The most rounding that is assumed, whatever the converters expect.
MOST_ROUNDING = 1e-3
# The largest share of rows that the original may answer by chance: rounding errors, the number of threads or the other
# rows of the call decide its answer to such a row.
MOST_UNDECIDED = 0.5
# How far random rows go beyond each end of the training range, as a multiple of that range.
BEYOND = 2.0
# The most thresholds for which rows are made. If there are more, sampling.py chooses this many of them.
MOST_THRESHOLDS = 20_000
# How many thresholds, or rows, are processed together.
CHUNK = 5_000
UNKNOWN = "\N{REFERENCE MARK} unknown"


class Points:
    """Makes rows of one data set. `known` maps the index of a column to the only values that its feature accepts.
    Columns whose features accept other values too are not in it."""

    def __init__(
        self,
        dataset: Dataset,
        known: dict[int, list[Any]],
        *,
        doubts: Doubts | None = None,
        rounding: float = 0.0,
        seed: int = 0,
    ) -> None:
        """`doubts` finds rows that the original answers by chance (see MOST_UNDECIDED). They are left out. `rounding`
        is the relative error of computed values if it is larger than usual, else 0 (see Graph.expect_rounding)."""
        self.dataset = dataset
        self.doubts = doubts
        # None until there is a model.
        self.edges: Edges | None = None
        self.rounding = min(rounding, MOST_ROUNDING)
        self.known = known
        self.random = np.random.default_rng(seed)
        # None until rows are made, and for a model without thresholds.
        self.tried: Thresholds | None = None
        self.undecided, self.asked = 0, 0
        rows = dataset.rows
        evenly = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MAX_TRAINING)).astype(int))
        self.training = rows.take(evenly)
        self.ranges = [
            None if feature.is_string else (np.nanmin(values), np.nanmax(values))
            for feature, values in zip(dataset.features, rows.columns, strict=True)
        ]

    def by_kind(
        self,
        model: onnx.ModelProto,
        splits: Sequence[Splits],
        published: Rows | None = None,
        *,
        answer: Answer | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Rows]:
        """Makes rows by kind: MIN_POINTS or more, unless the original answers many rows by chance or not at all.
        `published` are the rows that the package may show. `answer` returns the scores of rows; without it, `model` is
        run. `answer` is required if `model` lacks its trees (see Conversion.outline)."""
        progress = progress or Progress()
        answer = answer or run_alone(model, self.dataset)
        self.find_edges(model, splits)
        seen = {
            "training": self.training,
            "published": self.training.take(np.array([], dtype=int)) if published is None else published,
        }
        points = {
            "float64 neighbours": Rows.concat([self.step(self.training, side, np.float64) for side in (-1, 1)]),
            "float32 neighbours": Rows.concat([self.step(self.training, side, np.float32) for side in (-1, 0, 1)]),
            "between rows": self.between(BETWEEN),
            "thresholds": self.thresholds(model, splits, progress),
            "missing": self.with_missing(WITH_MISSING),
            "unknown categories": self.with_unknown(WITH_UNKNOWN),
            "texts": self.with_texts(WITH_TEXTS),
            "edges of dates": self.at_dates(AT_DATES),
        }
        # Training and published rows are compared even if they lie on a threshold: a model that answers training rows
        # differently must be refused.
        points = {kind: self.certain(rows) for kind, rows in seen.items()} | {
            kind: self.decided(rows) for kind, rows in points.items()
        }
        left = max(2_000, MIN_POINTS - sum(map(len, points.values())))
        points["random beyond"] = self.decided(self.uniform(left // 2, beyond=BEYOND))
        points["random inside"] = self.decided(self.uniform(left - left // 2, beyond=0))
        for _ in range(ATTEMPTS):
            # Replaces the rows that the original answers by chance.
            more = self.decided(self.uniform(max(0, MIN_POINTS - sum(map(len, points.values()))), beyond=0))
            points["random inside"] = Rows.concat([points["random inside"], more])
        answered = self.answered(points, Answered(answer, progress, sum(map(len, points.values()))))
        return {kind: rows for kind, rows in answered.items() if len(rows) > 0}

    def find_edges(self, model: onnx.ModelProto, splits: Sequence[Splits]) -> None:
        self.edges = Edges(model, splits, self.dataset, self.training, self.uniform(SOME, beyond=BEYOND), self.rounding)

    def answered(self, points: dict[str, Rows], is_answered: Answered) -> dict[str, Rows]:
        """Keeps the rows with a finite answer, and at most REFUSED of the rows without one. There can be many of these,
        for example if the original takes the logarithm of a feature with negative numbers. Random rows replace them."""
        masks = {kind: is_answered(rows) for kind, rows in points.items()}
        refused = Rows.concat([rows.take(~masks[kind]) for kind, rows in points.items()])
        if len(refused) == 0:
            return points
        kept = {kind: rows.take(masks[kind]) for kind, rows in points.items()}
        for _ in range(ATTEMPTS):
            more = self.uniform(max(0, MIN_POINTS - sum(map(len, kept.values()))), beyond=0)
            kept["random inside"] = Rows.concat([kept["random inside"], more.take(is_answered(more))])
        evenly = np.unique(np.linspace(0, len(refused) - 1, min(len(refused), REFUSED)).astype(int))
        return {**kept, "refused": refused.take(evenly)}

    def decided(self, rows: Rows) -> Rows:
        """Removes, and counts, the rows that the original answers by chance: those that `doubts` finds, and those on a
        threshold."""
        return self.without(rows, self.doubts, self.edges)

    def certain(self, rows: Rows) -> Rows:
        """Removes, and counts, the rows that `doubts` finds. Rows on a threshold stay."""
        return self.without(rows, self.doubts)

    def without(self, rows: Rows, *answered_by_chance: Doubts | Edges | None) -> Rows:
        is_undecided = np.zeros(len(rows), dtype=bool)
        for by_chance in filter(None, answered_by_chance):
            is_undecided |= by_chance(rows)
        self.undecided, self.asked = self.undecided + int(is_undecided.sum()), self.asked + len(rows)
        return rows.take(~is_undecided)

    def require_decided(self) -> None:
        """Raises ConversionError if the original answers so many rows by chance that the other rows prove little."""
        if self.undecided > MOST_UNDECIDED * self.asked:
            raise ConversionError(
                f"the original's answers to {self.undecided:,} of {self.asked:,} rows of the proof depend on rounding "
                "errors or on the other rows of the call, and the rest of the rows prove too little; use another "
                "estimator, such as a random forest"
            )

    def step(self, rows: Rows, side: int, dtype: type) -> Rows:
        """Rounds each number to `dtype` (to float32 for a float32 feature), and moves it to the next number of that
        type below (`side` -1) or above (1), or leaves it there (0). Times move by a microsecond. Integers, booleans,
        strings and known values stay."""
        return Rows(
            tuple(
                values
                if feature.is_whole or feature.is_string or column in self.known
                else fit_time(values + side)
                if feature.is_time
                else step(values, side, np.float32 if feature.dtype == "float32" else dtype)
                for column, (feature, values) in enumerate(zip(self.dataset.features, rows.columns, strict=True))
            )
        )

    def between(self, count: int) -> Rows:
        """Rows between pairs of training rows; half of them exactly in the middle, where both ends are equally near."""
        first, second = (self.sample(count) for _ in range(2))
        share = np.where(np.arange(count) % 2 == 0, 0.5, self.random.random(count))
        return self.mix(first, second, share)

    def mix(self, first: Rows, second: Rows, share: np.ndarray) -> Rows:
        """Numbers and times become `first` + share * (second - first). Strings, features in `known` and numbers that
        are missing in one of the two keep the values of `first`."""
        columns = []
        for column, feature in enumerate(self.dataset.features):
            a, b = first.columns[column], second.columns[column]
            if feature.is_string or column in self.known:
                columns.append(a)
                continue
            mixed = a + share * (b - a)
            columns.append(fit(feature, np.where(np.isnan(mixed), a, mixed)))
        return Rows(tuple(columns))

    def sample(self, count: int) -> Rows:
        return self.dataset.rows.take(self.random.integers(0, len(self.dataset.rows), count))

    def uniform(self, count: int, *, beyond: float) -> Rows:
        """Rows whose columns are drawn independently. Numbers are uniform in the training range, extended at each end
        by `beyond` times the range. Strings and features in `known` get values of training rows. Strings that a text
        vectorizer reads are also changed."""
        columns = []
        for column, feature in enumerate(self.dataset.features):
            if self.dataset.texts_of(column):
                some, others = self.sample(count).columns[column], self.sample(count).columns[column]
                columns.append(mutated(self.random, some, others))
                continue
            if feature.is_string or column in self.known:
                columns.append(self.sample(count).columns[column])
                continue
            low, high = self.ranges[column]
            margin = beyond * (high - low)
            columns.append(fit(feature, self.random.uniform(low - margin, high + margin, count)))
        return Rows(tuple(columns))

    def with_missing(self, count: int) -> Rows:
        """Rows that each lack at least one nullable value."""
        nullable = [column for column, feature in enumerate(self.dataset.features) if feature.nullable]
        rows = self.sample(count if nullable else 0)
        for place, column in enumerate(nullable):
            values = rows.columns[column].copy()
            lacks = (np.arange(count) % len(nullable) == place) | (self.random.random(count) < 0.2)
            values[lacks] = None if self.dataset.features[column].is_string else np.nan
            rows = rows.replace(column, values)
        return rows

    def with_unknown(self, count: int) -> Rows:
        """Rows that each have at least one category not seen in training, if that is accepted."""
        open_ = [
            column
            for column, feature in enumerate(self.dataset.features)
            if feature.is_string and column not in self.known and not self.dataset.texts_of(column)
        ]
        rows = self.sample(count if open_ else 0)
        for place, column in enumerate(open_):
            values = rows.columns[column].copy()
            values[(np.arange(count) % len(open_) == place) | (self.random.random(count) < 0.2)] = UNKNOWN
            rows = rows.replace(column, values)
        return rows

    def with_texts(self, count: int) -> Rows:
        """Rows with modified texts: capitals, other scripts, other whitespace, truncation and so on."""
        features = [index for index in range(len(self.dataset.features)) if self.dataset.texts_of(index)]
        rows, others = self.sample(count if features else 0), self.sample(count if features else 0)
        for feature in features:
            rows = rows.replace(feature, mutated(self.random, rows.columns[feature], others.columns[feature]))
        return rows

    def at_dates(self, count: int) -> Rows:
        """Rows with times at which parts of dates change (see date_edges.py)."""
        times = [column for column, feature in enumerate(self.dataset.features) if feature.is_time]
        rows = self.sample(count if times else 0)
        for column in times:
            edges = edges_of_dates(self.random, *self.ranges[column], len(rows))
            rows = rows.replace(column, self.random.permutation(edges))
        return rows

    def thresholds(self, model: onnx.ModelProto, splits: Sequence[Splits], progress: Progress) -> Rows:
        """Rows around the thresholds of the graph. If there are more than MOST_THRESHOLDS, sampling.py chooses some.

        For each threshold: the two closest rows whose compared values lie on either side of it, and these rows one
        step of float64 lower and higher (see `step`). If the compared value has rounding errors, there are two such
        pairs, a small distance below and above the threshold (see Compared.margin)."""
        total = thresholds_of(splits)
        splits = choose(splits, MOST_THRESHOLDS)
        parts, done, tried, chosen = [self.training.take(np.array([], dtype=int))], 0, 0, thresholds_of(splits)
        everywhere = Rows.concat([self.training, self.uniform(2_000, beyond=0), self.uniform(2_000, beyond=BEYOND)])
        for name in dict.fromkeys(split.value.name for split in splits):
            of_value = [split for split in splits if split.value.name == name]
            compared = Compared(model, name, self.dataset)
            # A value with many columns is computed for a part of the rows only, to limit the memory.
            some = np.unique(np.linspace(0, len(everywhere) - 1, min(len(everywhere), compared.most_rows)).astype(int))
            wide = everywhere.take(some)
            at_wide = compared(wide)
            columns = np.concatenate([np.full(len(split.thresholds), split.column) for split in of_value])
            limits = np.concatenate([split.thresholds.astype(np.float64) for split in of_value])
            numbers = np.arange(len(limits))
            if compared.margin:
                largest = np.nanmax(np.abs(at_wide[some < len(self.training)]), axis=0)
                margins = max(compared.margin, 10 * self.rounding) * np.maximum(largest[columns], np.abs(limits))
                # A value that is not exact gets two limits, one on each side of the threshold. An exact value gets the
                # threshold itself.
                numbers = np.concatenate([numbers, numbers[~compared.is_exact(columns)]])
                margins[compared.is_exact(columns)] = 0.0
                side = np.where(np.arange(len(numbers)) < len(limits), -1.0, 1.0)
                columns, limits = columns[numbers], limits[numbers] + side * margins[numbers]
            below, above = nearest(at_wide, columns, limits)
            is_found = (below >= 0) & (above >= 0)
            kept = [np.empty(0, dtype=int)]
            for places in in_chunks(np.flatnonzero(is_found)):
                ends = (wide.take(below[places]), wide.take(above[places]))
                rows, is_kept = self.around(compared, ends, columns[places], limits[places])
                parts.append(rows)
                kept.append(numbers[places[is_kept]])
                done += len(places)
                progress.update("making rows", done, max(done, chosen), "thresholds")
            tried += len(np.unique(np.concatenate(kept)))
        self.tried = Thresholds(tried, total) if total else None
        return Rows.concat(parts)

    def around(
        self, compared: Compared, ends: tuple[Rows, Rows], columns: np.ndarray, limits: np.ndarray
    ) -> tuple[Rows, np.ndarray]:
        """The rows on both sides of each limit, which lies between its two `ends`; and for which limits there are
        rows."""
        low, high = ends
        # Tries each row of `low` with the numbers of `high`. If that row is across the limit, it replaces the row of
        # `high`: the pair then differs in numbers only, and can be brought closer. Other pairs also differ in strings,
        # in features of `known` or in which values are missing, and stay as they are.
        numeric = self.mix(low, high, np.ones(len(limits)))
        crosses = compared.at(numeric, columns) > limits
        high = Rows(tuple(np.where(crosses, a, b) for a, b in zip(numeric.columns, high.columns, strict=True)))
        active = np.flatnonzero(crosses)
        half = np.full(len(limits), 0.5)
        for _ in range(100):
            if len(active) == 0:
                break
            some_low, some_high = low.take(active), high.take(active)
            middle = self.mix(some_low, some_high, half[active])
            moved = ~(same(middle, some_low) | same(middle, some_high))
            active, middle = active[moved], middle.take(moved)
            if len(active) == 0:
                break
            is_above = compared.at(middle, columns[active]) > limits[active]
            low, high = (
                put(low, active[~is_above], middle.take(~is_above)),
                put(high, active[is_above], middle.take(is_above)),
            )
        is_kept = np.ones(len(limits), dtype=bool)
        if compared.margin:
            # If the two rows are neighbours in float64 and their values are still far apart, the value jumps there, for
            # example because the number of iterations changes. Rounding decides where it jumps, so the pair is left
            # out. Rows that differ in coarser features stay, because those features cannot be brought closer.
            jumps = crosses & ~compared.is_exact(columns) & ~self.differ_coarsely(low, high)
            jumps &= compared.at(high, columns) - compared.at(low, columns) > compared.margin * np.abs(limits)
            low, high, is_kept = low.take(~jumps), high.take(~jumps), ~jumps
        sides = [self.step(rows, side, np.float64) for rows in (low, high) for side in (-1, 1)]
        return Rows.concat([low, high, *sides]), is_kept

    def differ_coarsely(self, first: Rows, second: Rows) -> np.ndarray:
        """[N]: which rows differ in a feature of another type than float64."""
        differ = np.zeros(len(first), dtype=bool)
        for feature, a, b in zip(self.dataset.features, first.columns, second.columns, strict=True):
            if feature.dtype != "float64":
                # A missing value is not equal to itself.
                differ |= (a != b) & ((a == a) | (b == b))
        return differ


class Answered:
    """Finds the rows with a finite answer."""

    def __init__(self, answer: Answer, progress: Progress, total: int) -> None:
        self._answer, self._progress = answer, progress
        self._done, self._total = 0, total

    def __call__(self, rows: Rows) -> np.ndarray:
        masks = [np.empty(0, dtype=bool)]
        for places in in_chunks(np.arange(len(rows))):
            chunk = rows.take(places)
            masks.append(np.isfinite(self._answer(chunk)).all(axis=1))
            self._done += len(chunk)
            self._progress.update("answering", self._done, max(self._done, self._total), "rows")
        return np.concatenate(masks)


def run_alone(model: onnx.ModelProto, dataset: Dataset) -> Answer:
    answers = run(model.SerializeToString())
    return lambda rows: answers(dataset.for_onnx(rows))[-1].reshape(len(rows), -1)


def in_chunks(places: np.ndarray) -> list[np.ndarray]:
    return [places[start : start + CHUNK] for start in range(0, len(places), CHUNK)]


def thresholds_of(splits: Sequence[Splits]) -> int:
    """The number of thresholds."""
    return sum(len(split.thresholds) for split in splits)


def nearest(values: np.ndarray, columns: np.ndarray, limits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each limit: the row with the nearest value at or below it in its column, and the row with the nearest value
    above it; -1 for none."""
    below, above = np.full(len(limits), -1), np.full(len(limits), -1)
    for column in np.unique(columns):
        asked = columns == column
        present = np.flatnonzero(~np.isnan(values[:, column]))
        order = present[np.argsort(values[present, column], kind="stable")]
        place = np.searchsorted(values[order, column], limits[asked], side="right")
        padded = np.concatenate([[-1], order, [-1]])
        below[asked], above[asked] = padded[place], padded[place + 1]
    return below, above


def same(first: Rows, second: Rows) -> np.ndarray:
    """Which rows are equal. Missing values equal each other."""
    equal = np.ones(len(first), dtype=bool)
    for a, b in zip(first.columns, second.columns, strict=True):
        equal &= (a == b) | ((a != a) & (b != b))
    return equal


def put(rows: Rows, places: np.ndarray, values: Rows) -> Rows:
    columns = []
    for column, new in zip(rows.columns, values.columns, strict=True):
        column = column.copy()
        column[places] = new
        columns.append(column)
    return Rows(tuple(columns))


def step(values: np.ndarray, side: int, dtype: type) -> np.ndarray:
    rounded = values.astype(dtype)
    return (rounded if side == 0 else np.nextafter(rounded, dtype(side * np.inf))).astype(np.float64)


def fit(feature: Feature, values: np.ndarray) -> np.ndarray:
    """The nearest values that the feature can hold."""
    if feature.dtype == "bool":
        return (values >= 0.5).astype(np.float64)
    if feature.is_time:
        return fit_time(values)
    values = values.clip(-LARGEST[feature.dtype], LARGEST[feature.dtype])
    if feature.dtype == "int64":
        return np.rint(values)
    return values.astype(np.float32).astype(np.float64) if feature.dtype == "float32" else values
