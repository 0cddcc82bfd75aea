"""Times at which parts of dates change: midnights, the ends of months, quarters and years, leap days, full hours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sepal_export.data.times import DAY, FIRST, LAST, RANGE, SECOND, fit_time

# How far beyond the training range the edges go, so that a range of one day has some, and a leap day.
AROUND = 4 * 366 * DAY
UNITS_IN_DAY = (3600 * SECOND, 60 * SECOND, SECOND)


def edges_of_dates(random: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    """[count] microseconds since 1970: each on an edge, or a microsecond beside it. Some are from all times that a
    client can send, the others near the range from `low` to `high`."""
    near = (max(low - AROUND, RANGE[0]), min(high + AROUND, RANGE[1]))
    makers: list[Callable[..., np.ndarray]] = [midnights, months, month_ends, quarters, years, leap_days, hours]
    values = np.empty(count)
    for place in range(2 * len(makers)):
        asked = np.arange(place, count, 2 * len(makers))
        ends = near if place < len(makers) else RANGE
        values[asked] = makers[place % len(makers)](random, *ends, len(asked))
    values[:2] = RANGE[:count]
    return fit_time(values + random.permutation(np.arange(count) % 3 - 1))


def midnights(random: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    return np.floor(random.uniform(low, high, count) / DAY) * DAY


def hours(random: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    """Full hours, minutes and seconds in turn."""
    units = np.resize(UNITS_IN_DAY, count)
    return np.floor(random.uniform(low, high, count) / units) * units


def months(random: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    return of_days(months_of(random.uniform(low, high, count)))


def month_ends(random: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    """Midnights at the beginning of months' last days."""
    return of_days(months_of(random.uniform(low, high, count))) - DAY


def quarters(random: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    months = months_of(random.uniform(low, high, count)).astype(np.int64)
    return of_days((months // 3 * 3).astype("datetime64[M]"))


def years(random: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    """In turn: New Year, New Year's Eve, and a day of the surrounding weeks, whose ISO 8601 week determines which year
    they belong to."""
    first = of_days(months_of(random.uniform(low, high, count)).astype("datetime64[Y]"))
    return first + np.choose(np.arange(count) % 3, [0, -1, random.integers(-7, 8, count)]) * DAY


def leap_days(random: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    """Midnights around 29 February, in leap years and in century years without a leap day."""
    first, last = (years_of(np.array([end]))[0] for end in (low, high))
    chosen = np.arange(first, last + 1)
    chosen = chosen[chosen % 4 == 0] if (chosen % 4 == 0).any() else chosen
    march = np.array([f"{year}-03-01" for year in random.choice(chosen, count)], dtype="datetime64[D]")
    return of_days(march) - random.integers(0, 3, count) * DAY


def months_of(microseconds: np.ndarray) -> np.ndarray:
    times = np.rint(microseconds).astype(np.int64).astype("datetime64[us]")
    return np.clip(times, FIRST, LAST).astype("datetime64[M]")


def years_of(microseconds: np.ndarray) -> np.ndarray:
    return months_of(microseconds).astype("datetime64[Y]").astype(np.int64) + 1970


def of_days(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[us]").astype(np.int64).astype(np.float64)
