"""Converts times: columns of datetime64 to microseconds since 1970, back again for the original, and to ISO 8601 for
clients."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

EPOCH = datetime(1970, 1, 1)
SECOND = 1_000_000
DAY = 86_400 * SECOND
# Between these, float64 holds every microsecond. All units of pandas reach at least as far.
FIRST, LAST = np.datetime64("1685-01-01T00:00:00.000000"), np.datetime64("2254-12-31T23:59:59.999999")
RANGE = (float(FIRST.astype(np.int64)), float(LAST.astype(np.int64)))
# By unit of pandas: its microseconds. A nanosecond counts as one.
RESOLUTIONS = {"s": SECOND, "ms": 1_000, "us": 1, "ns": 1}
NANOSECONDS = 1_000
TO_FRAME = "make them times by pd.to_datetime before the fit, in a frame of pandas"


def holds_times(dtype: Any) -> bool:
    """Whether a pandas column holds times, in any zone."""
    return isinstance(dtype, pd.DatetimeTZDtype) or (isinstance(dtype, np.dtype) and dtype.kind == "M")


def unit_of(dtype: Any) -> str:
    return dtype.unit if isinstance(dtype, pd.DatetimeTZDtype) else np.datetime_data(dtype)[0]


def zone_of(name: str, dtype: Any) -> str | None:
    """The zone of a column. Raises ValueError for zones other than UTC, in which an hour can occur twice or not at
    all."""
    zone = str(dtype.tz) if isinstance(dtype, pd.DatetimeTZDtype) else None
    if zone not in (None, "UTC"):
        raise ValueError(
            f"the feature {name!r} holds times of the zone {zone}, and a time is of UTC or of no zone; make them UTC "
            'before the fit: .dt.tz_convert("UTC")'
        )
    return zone


def to_microseconds(name: str, series: pd.Series) -> np.ndarray:
    """[N] float64 with NaN for a missing time. Raises ValueError if a client could not send a time."""
    naive = series if isinstance(series.dtype, np.dtype) else series.dt.tz_convert("UTC").dt.tz_localize(None)
    times, unit = naive.to_numpy(), unit_of(series.dtype)
    present = times[~np.isnat(times)]
    outside = (present < FIRST.astype(times.dtype)) | (present > LAST.astype(times.dtype))
    if outside.any():
        raise ValueError(
            f"the feature {name!r} holds times before 1685 or after 2254 in {outside.sum():,} of {len(times):,} rows, "
            "and no client can send them; where they stand for no time, make them missing (NaT) before the fit, else "
            "leave those rows out"
        )
    numbers = present.astype(np.int64)
    if unit == "ns":
        between = numbers % NANOSECONDS != 0
        if between.any():
            raise ValueError(
                f"the feature {name!r} holds parts of a microsecond in {between.sum():,} of {len(times):,} rows, and "
                'no client can send them; round the times before the fit: .dt.floor("us")'
            )
        numbers = numbers // NANOSECONDS
    values = np.full(len(times), np.nan)
    values[~np.isnat(times)] = numbers * RESOLUTIONS[unit]
    return values


def to_times(values: np.ndarray, dtype: Any) -> pd.Series:
    """Converts microseconds [N] to a column of `dtype`, rounded down to its unit."""
    numbers = np.full(len(values), np.iinfo(np.int64).min)
    present = ~np.isnan(values)
    numbers[present] = values[present]
    naive = pd.Series(numbers.view("datetime64[us]")).astype(f"datetime64[{unit_of(dtype)}]")
    return naive.dt.tz_localize("UTC").astype(dtype) if isinstance(dtype, pd.DatetimeTZDtype) else naive


def to_iso(microseconds: float, zone: str | None) -> str:
    """`2024-05-01T12:30:00`, with a fraction if there is one."""
    return (EPOCH + timedelta(microseconds=int(microseconds))).isoformat() + ("Z" if zone else "")


def to_text(microseconds: float) -> str:
    """`2024-05-01`, with the time to the second if it is not midnight."""
    text = to_iso(np.floor(microseconds / SECOND) * SECOND, None)
    return text.removesuffix("T00:00:00").replace("T", " ")


def grain_of(values: np.ndarray) -> int:
    """The grain of the values: days if all are whole days, else seconds."""
    return DAY if np.array_equal(values % DAY, np.zeros(len(values))) else SECOND


def fit_time(values: np.ndarray) -> np.ndarray:
    """The nearest times that a client could send."""
    return np.rint(values).clip(*RANGE)
