"""Times: columns of datetime64 as microseconds since 1970, back again for the original, and as ISO 8601 for clients."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

EPOCH = datetime(1970, 1, 1)
SECOND = 1_000_000
DAY = 86_400 * SECOND
# float64 holds every microsecond between these, and so does every unit of pandas.
FIRST, LAST = np.datetime64("1685-01-01T00:00:00.000000"), np.datetime64("2254-12-31T23:59:59.999999")
RANGE = (float(FIRST.astype(np.int64)), float(LAST.astype(np.int64)))
# By unit of pandas: its microseconds, of which one of nanoseconds has none.
RESOLUTIONS = {"s": SECOND, "ms": 1_000, "us": 1, "ns": 1}
NANOSECONDS = 1_000
TO_FRAME = "make them times by pd.to_datetime before the fit, in a frame of pandas"


def holds_times(dtype: Any) -> bool:
    """Whether a column of pandas is of them, in whatever zone."""
    return isinstance(dtype, pd.DatetimeTZDtype) or (isinstance(dtype, np.dtype) and dtype.kind == "M")


def unit_of(dtype: Any) -> str:
    return dtype.unit if isinstance(dtype, pd.DatetimeTZDtype) else np.datetime_data(dtype)[0]


def zone_of(name: str, dtype: Any) -> str | None:
    """Raises ValueError for a zone that is not UTC: an hour of it comes twice, or never."""
    zone = str(dtype.tz) if isinstance(dtype, pd.DatetimeTZDtype) else None
    if zone not in (None, "UTC"):
        raise ValueError(
            f"the feature {name!r} holds times of the zone {zone}, and a time is of UTC or of no zone; make them UTC "
            'before the fit: .dt.tz_convert("UTC")'
        )
    return zone


def to_microseconds(name: str, series: pd.Series) -> np.ndarray:
    """[N] float64, NaN for a missing time. Raises ValueError where a time cannot be sent by a client."""
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
    """Microseconds [N] as a column of `dtype`, rounded down to its unit."""
    numbers = np.full(len(values), np.iinfo(np.int64).min)
    present = ~np.isnan(values)
    numbers[present] = values[present]
    naive = pd.Series(numbers.view("datetime64[us]")).astype(f"datetime64[{unit_of(dtype)}]")
    return naive.dt.tz_localize("UTC").astype(dtype) if isinstance(dtype, pd.DatetimeTZDtype) else naive


def to_iso(microseconds: float, zone: str | None) -> str:
    """`2024-05-01T12:30:00`, with a fraction where there is one."""
    return (EPOCH + timedelta(microseconds=int(microseconds))).isoformat() + ("Z" if zone else "")


def to_text(microseconds: float) -> str:
    """`2024-05-01`, or with the time of day to the second where it is none of midnight."""
    text = to_iso(np.floor(microseconds / SECOND) * SECOND, None)
    return text.removesuffix("T00:00:00").replace("T", " ")


def grain_of(values: np.ndarray) -> int:
    """What all of them are whole multiples of: days, or else seconds, be they so or not."""
    return DAY if np.array_equal(values % DAY, np.zeros(len(values))) else SECOND


def fit_time(values: np.ndarray) -> np.ndarray:
    """The nearest times that a client can send."""
    return np.rint(values).clip(*RANGE)
