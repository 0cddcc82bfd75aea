"""Rows that the cases are fitted to, and fresh ones. They are random, by a seed, and rounded as people's data are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

UNSEEN = "never seen"
HOUR = pd.Timedelta(hours=1)


@dataclass(frozen=True)
class Source:
    """`draw` makes complete rows. The columns `gaps` then lose some values, in the training data and in fresh rows. In
    fresh rows, the columns `words` also hold a word that the training data lacks."""

    draw: Callable[[np.random.Generator, int], pd.DataFrame]
    rows: int = 400
    gaps: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    as_array: bool = False

    def only(self, *columns: str) -> Source:
        return replace(self, columns=columns)

    def complete(self) -> Source:
        return replace(self, gaps=())

    def array(self) -> Source:
        return replace(self, as_array=True)

    def training(self, *, labels: bool) -> tuple[Any, np.ndarray]:
        """X, a frame or an array [N, F], and y [N]."""
        random = np.random.default_rng(15)
        frame = self.draw(random, self.rows)
        signal = signal_of(frame) + random.normal(scale=0.3, size=len(frame))
        y = np.where(signal > np.median(signal), "yes", "no") if labels else np.round(10 * signal, 3)
        return self._formed(with_gaps(frame, self.gaps, random, 0.1)), y

    def fresh(self, seed: int, rows: int = 2_000) -> Any:
        """Rows like those of the training data, except for half of them. Of every ten, two are beyond its range, two
        have more gaps, and one has unseen words."""
        random = np.random.default_rng([15, seed])
        tenth = rows // 10
        parts = [
            with_gaps(self.draw(random, rows - 5 * tenth), self.gaps, random, 0.1),
            beyond(self.draw(random, 2 * tenth), random),
            with_gaps(self.draw(random, 2 * tenth), self.gaps, random, 0.5),
            with_unseen(self.draw(random, tenth), self.words, random),
        ]
        return self._formed(pd.concat(parts, ignore_index=True))

    def _formed(self, frame: pd.DataFrame) -> Any:
        frame = frame[list(self.columns)] if self.columns else frame
        return frame.to_numpy(dtype=np.float64) if self.as_array else frame


def with_gaps(frame: pd.DataFrame, columns: tuple[str, ...], random: np.random.Generator, share: float) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].mask(random.random(len(frame)) < share) for name in columns})


def with_unseen(frame: pd.DataFrame, columns: tuple[str, ...], random: np.random.Generator) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].mask(random.random(len(frame)) < 0.7, UNSEEN) for name in columns})


def beyond(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Multiplies numbers by 3 or by -1, and moves times by up to 6,000 hours."""
    changed = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            changed[name] = column + random.integers(-6_000, 6_000, len(frame)) * HOUR
        elif pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            changed[name] = column * random.choice([3, 3, -1], len(frame))
    return frame.assign(**changed)


def signal_of(frame: pd.DataFrame) -> np.ndarray:
    """A number for each row [N], which depends on every column. Each column gives one or more scores. The result is the
    sum of all scores and of the product of the first two."""
    scores = []
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            scores += [np.sin(column.dt.hour * np.pi / 12), column.dt.day_of_week >= 5, column.astype(np.int64)]
        elif pd.api.types.is_numeric_dtype(column):
            scores.append(column)
        else:
            scores.append(pd.Series(pd.factorize(column, sort=True)[0] % 7))
    scaled = [score.to_numpy(dtype=np.float64) for score in scores]
    scaled = [(score - score.mean()) / (score.std() or 1.0) for score in scaled]
    return sum(scaled) + scaled[0] * scaled[1]


def houses(random: np.random.Generator, rows: int) -> pd.DataFrame:
    """Districts, as in a census."""
    households = random.integers(40, 1_500, rows)
    total_rooms = (households * random.uniform(3, 8, rows)).round()
    return pd.DataFrame(
        {
            "longitude": random.uniform(-124.3, -114.3, rows).round(2),
            "latitude": random.uniform(32.5, 42.0, rows).round(2),
            "house_age": random.integers(1, 53, rows),
            "total_rooms": total_rooms,
            "total_bedrooms": (total_rooms * random.uniform(0.15, 0.3, rows)).round(),
            "population": (households * random.uniform(1.5, 5, rows)).astype(int),
            "households": households,
            "income": random.lognormal(1.3, 0.45, rows).round(4),
            "coast": random.choice(["<1H OCEAN", "INLAND", "NEAR BAY", "NEAR OCEAN"], rows),
        }
    )


def people(random: np.random.Generator, rows: int) -> pd.DataFrame:
    """Passengers of a ship."""
    decks = [f"{letter}{number}" for letter in "ABCDEF" for number in (7, 22, 104)]
    return pd.DataFrame(
        {
            "age": random.gamma(6, 5, rows).clip(0.5, 90).round(),
            "fare": random.lognormal(2.9, 0.9, rows).round(2),
            "siblings": random.poisson(0.6, rows),
            "parents": random.poisson(0.4, rows),
            "cabin_class": random.integers(1, 4, rows),
            "sex": random.choice(["male", "female"], rows),
            "port": random.choice(
                ["Cherbourg", "Queenstown", "southampton", "Belfast "], rows, p=[0.3, 0.2, 0.48, 0.02]
            ),
            "cabin": random.choice(decks, rows),
            "member": random.random(rows) < 0.3,
        }
    )


def trips(random: np.random.Generator, rows: int) -> pd.DataFrame:
    """Rides in a taxi."""
    start = pd.Timestamp("2023-01-01") + pd.to_timedelta(random.integers(0, 730 * 86_400, rows), unit="s")
    return pd.DataFrame(
        {
            "pickup": start,
            "dropoff": start + pd.to_timedelta(random.integers(60, 7_200, rows), unit="s"),
            "from_lat": random.uniform(40.6, 40.9, rows).round(5),
            "from_lon": random.uniform(-74.1, -73.7, rows).round(5),
            "to_lat": random.uniform(40.6, 40.9, rows).round(5),
            "to_lon": random.uniform(-74.1, -73.7, rows).round(5),
            "passengers": random.integers(1, 7, rows),
            "vendor": random.choice(["A", "B", "C"], rows),
        }
    )


def orders(random: np.random.Generator, rows: int) -> pd.DataFrame:
    """Orders of a shop: the day of the order is a text, and that of the signup a time."""
    days = pd.Timestamp("2022-01-01") + pd.to_timedelta(random.integers(0, 1_000, rows), unit="D")
    return pd.DataFrame(
        {
            "ordered": days.strftime("%Y-%m-%d"),
            "signup": pd.Timestamp("2015-06-01") + pd.to_timedelta(random.integers(0, 2_400, rows), unit="D"),
            "amount": random.lognormal(3.5, 1, rows).round(2),
            "quantity": random.integers(1, 12, rows),
            "discount": random.choice([0.0, 0.05, 0.1, 0.25], rows),
            "country": random.choice(["DE", "FR", "IT", "AT", "CH", "LI"], rows, p=[0.4, 0.25, 0.2, 0.1, 0.03, 0.02]),
            "channel": random.choice(["web", "app", "shop"], rows),
            "coupon": random.random(rows) < 0.2,
        }
    )


def readings(random: np.random.Generator, rows: int) -> pd.DataFrame:
    """Readings of five sensors."""
    level = random.normal(20, 4, rows)
    columns = [level + random.normal(scale=2, size=rows), random.gamma(2, 3, rows), random.normal(size=rows)]
    columns += [random.uniform(0, 100, rows), random.lognormal(1, 1, rows)]
    return pd.DataFrame({f"s{place}": values.round(3) for place, values in enumerate(columns)})


HOUSES = Source(houses, rows=500, gaps=("total_bedrooms",), words=("coast",))
PEOPLE = Source(people, gaps=("age", "port", "cabin"), words=("port", "sex"))
TRIPS = Source(trips, rows=450)
ORDERS = Source(orders, rows=500, gaps=("signup",), words=("country", "channel"))
READINGS = Source(readings, rows=300)
GAPPY_READINGS = replace(READINGS, gaps=("s0", "s1", "s3"))
