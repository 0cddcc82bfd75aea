"""Parts of dates, computed in the graph with integers: the attributes of pandas' `.dt` for a column of times."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sepal_export.data.times import DAY, SECOND
from sepal_export.graphs.graph import Value

MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
# If a year begins on the first of March, its leap day is at the end, and every month but the last has the same length
# in each year. Such days are counted from 0000-03-01.
DAYS_TO_1970 = 719_468
DAYS_IN_400_YEARS, DAYS_IN_100_YEARS, DAYS_IN_4_YEARS = 146_097, 36_524, 1461
# By month, from January: the days in it (28 for February), and the days before it.
DAYS_IN_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
DAYS_BEFORE = np.cumsum(DAYS_IN_MONTH) - DAYS_IN_MONTH
# Other names that pandas has for the same parts.
SAME = {
    "dayofweek": "weekday",
    "day_of_week": "weekday",
    "day_of_year": "dayofyear",
    "daysinmonth": "days_in_month",
}
# Days from 1970-01-01 to 1970-01-05, the first Monday.
DAYS_TO_MONDAY = 4


def part_of(value: Value, name: str) -> Value:
    """Microseconds since 1970 [N, 1] float64 → the part that pandas' `.dt` calls `name`, [N, 1] float64; a flag is 0 or
    1. `week`, `iso_year` and `iso_day` are those of isocalendar. A missing time gives NaN for a number and 0 for a
    flag, as in pandas. Valid from the year 0 on."""
    name = SAME.get(name, name)
    if name not in PARTS:
        raise NotImplementedError(f"times have no part {name!r} that can be followed; use one of {', '.join(PARTS)}")
    calendar = Calendar(value)
    part = getattr(calendar, name).cast(np.float64)
    return value.graph.where(calendar.is_missing, 0.0 if name.startswith("is_") else np.nan, part)


def floor_to(value: Value, resolution: int) -> Value:
    """Microseconds [N, 1] float64, rounded down to multiples of `resolution`. DAY gives midnight."""
    calendar = Calendar(value)
    rounded = calendar.microseconds - calendar.modulo(calendar.microseconds, resolution)
    return value.graph.where(calendar.is_missing, np.nan, rounded.cast(np.float64))


class Calendar:
    """Parts of times [N, 1] in int64, or bool for a flag. A missing time counts as 1970."""

    def __init__(self, value: Value) -> None:
        self.graph = value.graph
        self.is_missing = value.isnan()
        self.microseconds = self.graph.where(self.is_missing, 0.0, value).cast(np.int64)

    def modulo(self, value: Value, divisor: int) -> Value:
        """The remainder, which is never negative, as in Python."""
        return self.graph.node("Mod", value, np.int64(divisor))

    def quotient(self, value: Value, divisor: int) -> Value:
        """The quotient rounded down, as in Python; the ONNX operator rounds towards zero."""
        return (value - self.modulo(value, divisor)) / np.int64(divisor)

    @cached_property
    def days(self) -> Value:
        """Since 1970."""
        return self.quotient(self.microseconds, DAY)

    @cached_property
    def in_day(self) -> Value:
        """Microseconds since midnight, below DAY."""
        return self.modulo(self.microseconds, DAY)

    @property
    def hour(self) -> Value:
        return self.in_day / np.int64(HOUR)

    @property
    def minute(self) -> Value:
        return self.modulo(self.in_day, HOUR) / np.int64(MINUTE)

    @property
    def second(self) -> Value:
        return self.modulo(self.in_day, MINUTE) / np.int64(SECOND)

    @property
    def microsecond(self) -> Value:
        return self.modulo(self.in_day, SECOND)

    @property
    def nanosecond(self) -> Value:
        return self.microseconds * np.int64(0)

    @cached_property
    def date(self) -> Date:
        return Date(self, self.days)

    @property
    def year(self) -> Value:
        return self.date.year

    @property
    def month(self) -> Value:
        return self.date.month

    @property
    def day(self) -> Value:
        return self.date.day

    @property
    def quarter(self) -> Value:
        return (self.month + np.int64(2)) / np.int64(3)

    @cached_property
    def weekday(self) -> Value:
        """0 is Monday."""
        return self.modulo(self.days - np.int64(DAYS_TO_MONDAY), 7)

    @property
    def dayofyear(self) -> Value:
        return self.date.dayofyear

    @property
    def days_in_month(self) -> Value:
        return self.date.days_in_month

    @property
    def is_leap_year(self) -> Value:
        return self.date.is_leap

    @property
    def is_month_start(self) -> Value:
        return self.day.equals(np.int64(1))

    @property
    def is_month_end(self) -> Value:
        return self.day.equals(self.days_in_month)

    @property
    def is_quarter_start(self) -> Value:
        return self.is_month_start & self.modulo(self.month, 3).equals(np.int64(1))

    @property
    def is_quarter_end(self) -> Value:
        return self.is_month_end & self.modulo(self.month, 3).equals(np.int64(0))

    @property
    def is_year_start(self) -> Value:
        return self.dayofyear.equals(np.int64(1))

    @property
    def is_year_end(self) -> Value:
        return self.is_month_end & self.month.equals(np.int64(12))

    @cached_property
    def thursday(self) -> Date:
        """The Thursday of the same week. It lies in the year that the ISO week belongs to."""
        return Date(self, self.days - self.weekday + np.int64(3))

    @property
    def week(self) -> Value:
        return (self.thursday.dayofyear + np.int64(6)) / np.int64(7)

    @property
    def iso_year(self) -> Value:
        return self.thursday.year

    @property
    def iso_day(self) -> Value:
        return self.weekday + np.int64(1)


class Date:
    """Year, month and day of `days` since 1970 [N, 1] int64."""

    def __init__(self, calendar: Calendar, days: Value) -> None:
        self.graph = calendar.graph
        shifted = days + np.int64(DAYS_TO_1970)
        self.eras, self.in_era = (
            calendar.quotient(shifted, DAYS_IN_400_YEARS),
            calendar.modulo(shifted, DAYS_IN_400_YEARS),
        )

    @cached_property
    def year_in_era(self) -> Value:
        """The year within its 400 years, 0 to 399, counted from March to February."""
        # Subtracting the leap days before it makes each year 365 days long.
        leap_days = self.divided(self.in_era, DAYS_IN_4_YEARS - 1) - self.divided(self.in_era, DAYS_IN_100_YEARS)
        last_day = self.divided(self.in_era, DAYS_IN_400_YEARS - 1)
        return self.divided(self.in_era - leap_days - last_day, 365)

    @cached_property
    def in_shifted_year(self) -> Value:
        """Days since the first of March, from 0."""
        years = self.year_in_era
        return self.in_era - (years * np.int64(365) + self.divided(years, 4) - self.divided(years, 100))

    @cached_property
    def shifted_month(self) -> Value:
        """0 is March."""
        # From March on, every five months have 153 days: 31 and 30 in turn.
        return self.divided(self.in_shifted_year * np.int64(5) + np.int64(2), 153)

    @cached_property
    def day(self) -> Value:
        return self.in_shifted_year - self.divided(self.shifted_month * np.int64(153) + np.int64(2), 5) + np.int64(1)

    @cached_property
    def is_early(self) -> Value:
        """Whether it is January or February."""
        return self.shifted_month >= np.int64(10)

    @cached_property
    def month(self) -> Value:
        return self.shifted_month + self.graph.where(self.is_early, np.int64(-9), np.int64(3))

    @cached_property
    def year(self) -> Value:
        return self.eras * np.int64(400) + self.year_in_era + self.is_early.cast(np.int64)

    @cached_property
    def is_leap(self) -> Value:
        fourth, hundredth, four_hundredth = (
            self.graph.node("Mod", self.year, np.int64(years)).equals(np.int64(0)) for years in (4, 100, 400)
        )
        return (fourth & ~hundredth) | four_hundredth

    @cached_property
    def dayofyear(self) -> Value:
        leap_day = self.is_leap & (self.month > np.int64(2))
        return self.by_month(DAYS_BEFORE) + self.day + leap_day.cast(np.int64)

    @property
    def days_in_month(self) -> Value:
        leap_day = self.is_leap & self.month.equals(np.int64(2))
        return self.by_month(DAYS_IN_MONTH) + leap_day.cast(np.int64)

    def by_month(self, days: np.ndarray) -> Value:
        return self.graph.constant(days).rows(self.month - np.int64(1))

    def divided(self, value: Value, divisor: int) -> Value:
        """The quotient of a number that is not negative."""
        return value / np.int64(divisor)


PARTS = (
    *("year", "month", "day", "hour", "minute", "second", "microsecond", "nanosecond"),
    *("quarter", "weekday", "dayofyear", "days_in_month", "week", "iso_year", "iso_day"),
    *("is_month_start", "is_month_end", "is_quarter_start", "is_quarter_end", "is_year_start", "is_year_end"),
    "is_leap_year",
)
