"""Parts of times, and differences between two times, as feature_engine computes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.feature_engine.frames import Frame, Name
from sepal_export.graphs.calendars import DAY, part_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts

# By feature_engine's name of a feature, pandas' name of the part.
PARTS = {
    "month": "month", "quarter": "quarter", "year": "year", "week": "week", "day_of_week": "dayofweek",
    "day_of_month": "day", "day_of_year": "dayofyear", "month_start": "is_month_start", "month_end": "is_month_end",
    "quarter_start": "is_quarter_start", "quarter_end": "is_quarter_end", "year_start": "is_year_start",
    "year_end": "is_year_end", "leap_year": "is_leap_year", "days_in_month": "days_in_month", "hour": "hour",
    "minute": "minute", "second": "second",
}  # fmt: skip
# Integers in the original, which cannot represent a missing time.
WHOLE = {"week", "days_in_month"}
# int64 wraps around after 2**64 nanoseconds, which are TURN whole microseconds and REST nanoseconds. MOST is the
# largest number of nanoseconds in int64, in whole microseconds.
TURN, REST = divmod(2**64, 1000)
MOST = (2**63 - 1) // 1000
# The ordinal day of 1970-01-01, counted from 0001-01-01 = 1.
ORDINAL_OF_1970 = 719_163


@converts("feature_engine.DatetimeFeatures")
def datetime_features(estimator: Any, table: Table) -> Table:
    if estimator.variables == "index":
        raise NotImplementedError(
            "it reads the frame's index, which no request has; make a column of it by reset_index before the fit"
        )
    frame = Frame(estimator, table)
    if estimator.missing_values == "raise":
        frame.require(estimator.variables_)
    for name in estimator.variables_:
        time = time_of(frame, name)
        for feature in estimator.features_to_extract_:
            frame.put([f"{name}_{feature}"], feature_of(time, feature))
    if estimator.drop_original:
        frame.drop(estimator.variables_)
    return frame.table()


def time_of(frame: Frame, name: Name) -> Value:
    """[N, 1], microseconds since 1970."""
    column = frame.column(name)
    if not column.is_time:
        raise NotImplementedError(
            f"it reads times from the column {name!r}, which holds strings or numbers; make times of them by "
            "pd.to_datetime before the fit"
        )
    return column.value


def feature_of(time: Value, feature: str) -> Value:
    """[N, 1]. For a missing time, the original says second half of the year, and weekend."""
    match feature:
        case "semester":
            return time.graph.where(part_of(time, "month") <= 6.0, 1.0, 2.0)
        case "weekend":
            return time.graph.where(part_of(time, "dayofweek") <= 4.0, 0.0, 1.0)
    if feature in WHOLE:
        time.graph.refuse(time.isnan())
    return part_of(time, PARTS[feature])


@converts("feature_engine.DatetimeOrdinal")
def datetime_ordinal(estimator: Any, table: Table) -> Table:
    frame = Frame(estimator, table)
    if estimator.missing_values == "raise":
        frame.require(estimator.variables_)
    start = estimator.start_date_ordinal_
    since = ORDINAL_OF_1970 if start is None else ORDINAL_OF_1970 - start + 1
    for name in estimator.variables_:
        days = frame.graph.node("Floor", time_of(frame, name) / float(DAY))
        frame.put([f"{name}_ordinal"], days + float(since))
    if estimator.drop_original:
        frame.drop(estimator.variables_)
    return frame.table()


@converts("feature_engine.DatetimeSubtraction")
def datetime_subtraction(estimator: Any, table: Table) -> Table:
    """The difference in nanoseconds, divided by those of the unit."""
    frame, read = Frame(estimator, table), [*estimator.variables_, *estimator.reference_]
    if estimator.missing_values == "raise":
        frame.require(read)
    unit = float(np.timedelta64(1, estimator.output_unit).astype("timedelta64[ns]").astype(np.int64))
    if unit == 0:
        raise NotImplementedError("its output_unit is shorter than a nanosecond; use 'ns' or a longer one")
    times = {name: time_of(frame, name) for name in read}
    values = [
        nanoseconds_between(times[reference], times[name]) / unit
        for reference in estimator.reference_
        for name in estimator.variables_
    ]
    frame.add(estimator._get_new_features_name(), frame.graph.concat(values))
    if estimator.drop_original:
        frame.drop(read)
    return frame.table()


def nanoseconds_between(first: Value, last: Value) -> Value:
    """[N, 1] float64. The original's int64 overflows after 292 years and gives a wrong difference; this does the
    same."""
    graph, is_missing = first.graph, first.isnan() | last.isnan()
    first, last = (graph.where(time.isnan(), 0.0, time).cast(np.int64) for time in (first, last))
    between = last - first
    turns = (between > np.int64(MOST)).cast(np.int64) - (between < np.int64(-MOST)).cast(np.int64)
    counted = (between - turns * np.int64(TURN)) * np.int64(1000) - turns * np.int64(REST)
    return graph.where(is_missing, np.nan, counted.cast(np.float64))
