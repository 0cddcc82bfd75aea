"""Functions of times: their parts, differences and comparisons."""

import pytest
from followed_frames import answers_every_row, followed, refuses

EXACT = r"""
X.t
X.u
X.t.dt.year
X.u.dt.year
X.t.dt.month
X.t.dt.day
X.t.dt.hour
X.t.dt.minute
X.t.dt.second
X.t.dt.microsecond
X.t.dt.nanosecond
X.t.dt.quarter
X.t.dt.dayofweek
X.t.dt.weekday
X.t.dt.day_of_week
X.t.dt.dayofyear
X.t.dt.day_of_year
X.t.dt.days_in_month
X.t.dt.daysinmonth
X.t.dt.is_month_start
X.t.dt.is_month_end
X.t.dt.is_quarter_start
X.t.dt.is_quarter_end
X.t.dt.is_year_start
X.t.dt.is_year_end
X.t.dt.is_leap_year
X.u.dt.month / 12
np.sin(2 * np.pi * X.u.dt.hour / 24)
np.sin(2 * np.pi * X.t.dt.month / 12)
X.t.dt.floor('D')
X.t.dt.floor('h')
X.t.dt.floor('15min')
X.t.dt.floor('2h')
X.t.dt.ceil('D')
X.t.dt.ceil('min')
X.t.dt.round('h')
X.t.dt.round('D')
X.t.dt.normalize()
X.t.dt.day_name()
X.u.dt.day_name()
X.t.dt.month_name()
X.u.dt.month_name() == 'March'
X.u.dt.day_name().isin(['Saturday', 'Sunday'])
X.t.dt.isocalendar().week
X.u.dt.isocalendar().week
X.u.dt.isocalendar().week.astype(int)
X.t.dt.isocalendar().year
X.t.dt.isocalendar().day
X.u.dt.isocalendar()
X.t.dt.isocalendar()[['week', 'day']]
(X.t - X.u).dt.days
(X.u - X.t).dt.days
(X.t - X.u).dt.total_seconds()
(X.t - X.u).dt.seconds
(X.t - X.u).dt.microseconds
(X.t - pd.Timestamp('2020-01-01')).dt.days
(pd.Timestamp('2020-01-01') - X.u).dt.days
(X.u - pd.Timestamp('2020-01-01')).dt.days
(X.t - X.u) / pd.Timedelta(days=1)
(X.t - X.u) / np.timedelta64(1, 'D')
(X.t - X.u) // pd.Timedelta(days=1)
(X.t - X.u).abs() / pd.Timedelta(hours=1)
(X.t - X.u) > pd.Timedelta(days=30)
(X.t - X.u) == pd.Timedelta(0)
(X.u - X.u.dt.normalize()).dt.total_seconds()
(X.u - X.u.dt.floor('D')) / pd.Timedelta('1h')
X.t > pd.Timestamp('2020-01-01')
X.t >= '2020-01-01'
X.t == pd.Timestamp('2024-03-01')
X.t != pd.Timestamp('2024-03-01')
X.t < X.u
X.t <= X.u
X.t == X.t
X.t + pd.Timedelta(days=1)
X.t - pd.Timedelta(hours=5)
X.t + pd.to_timedelta(X.i.clip(0, 100), unit='D')
X.t + pd.to_timedelta(X.i.clip(0, 100), unit='W')
X.t + pd.to_timedelta(X.i.clip(0, 100), 'm')
X.t + pd.to_timedelta(1, unit='D')
X.t.fillna(pd.Timestamp('2020-01-01'))
X.t.fillna(X.u)
X.t.fillna(pd.Timestamp('2020-01-01')).dt.year
X.t.isna()
X.t.where(X.b, X.u)
X.t.where(X.b, pd.Timestamp('2020-01-01'))
X.t.where(X.b, pd.NaT)
X.t.mask(X.t > pd.Timestamp('2020-01-01'))
X.t.clip(lower=pd.Timestamp('2020-01-01'))
X.t.between(pd.Timestamp('2000-01-01'), pd.Timestamp('2020-12-31'))
X.t.between('2000-01-01', '2020-12-31')
pd.to_datetime(X.t)
pd.to_datetime(X.t).dt.year
pd.to_datetime(X.i.clip(0, 10**9), unit='s').dt.year
pd.to_datetime(X.w.clip(0, 10000), unit='D').dt.day
X.u.dt.tz_localize('UTC')
X.u.dt.tz_localize('UTC').dt.hour
X.u.dt.tz_localize(None)
X.t.map(lambda v: v.year)
X.u.map(lambda v: v.hour)
X.u.map(lambda v: v.weekday())
X.u.apply(lambda v: v.isoweekday())
X.u.apply(lambda v: v.month_name())
X.u.map(lambda v: v.isocalendar()[1])
X.u.map(lambda v: v.isocalendar().week)
X.u.map(lambda v: 1 if v.month in (12, 1, 2) else 0)
X.u.map(lambda v: v.timestamp())
X.u.map(lambda v: (v - pd.Timestamp('2020-01-01')).days)
X.u.map(lambda v: (v - pd.Timestamp('2020-01-01')).total_seconds())
X.u.map(lambda v: v.day_of_week)
X.u.map(lambda v: v.normalize())
X.t.map(lambda v: -1 if pd.isna(v) else v.year)
X.t.map(lambda v: -1 if v is pd.NaT else v.year)
X.u.dt.year * 100 + X.u.dt.month
X.t.dt.year - X.u.dt.year
X.t.dt.month.isin([6, 7, 8])
X.t.dt.month.map({1: 'winter', 7: 'summer'})
X.u.dt.month.map({12: 0, 1: 0, 2: 0}).fillna(1)
X.u.dt.month.astype(str)
X.u.dt.month % 12 // 3
X.u.dt.hour.between(9, 17)
X.t.dt.hour.fillna(-1)
X.u.dt.quarter.astype(float)
pd.cut(X.u.dt.hour, [0, 6, 12, 18, 24], labels=False, right=False)
pd.cut(X.u.dt.hour, [0, 6, 12, 18, 24], labels=['n', 'm', 'a', 'e'], right=False).astype(str)
X[['t', 'u']].max(axis=1)
X[['t', 'u']].min(axis=1)
np.where(X.t.isna(), 0, X.t.dt.year)
np.where(X.u.dt.dayofweek >= 5, 1, 0)
X.t.isin([pd.Timestamp('2024-03-01'), pd.NaT])
X.t.dt.days_in_month - X.t.dt.day
X.u.dt.is_leap_year.astype(int) + 365
X.u.apply(lambda v: v.year if v.month > 6 else v.day)
X.u.dt.day.apply(lambda v: v // 10)
X.t.dt.dayofweek.apply(lambda v: 1 if v >= 5 else 0)
(X.u.dt.dayofweek // 5 == 1).astype(float)
(X.u.values.astype('datetime64[D]') - np.datetime64('2020-01-01')) / np.timedelta64(1, 'D')
X.u.values.astype('datetime64[M]').astype(int) % 12 + 1
X.u.values.astype('datetime64[Y]').astype(int) + 1970
X.u.values.astype('datetime64[W]').astype(int)
X.u.values.astype('datetime64[s]').astype('int64')
(X.u - X.u.values.astype('datetime64[M]')).dt.days
X.u + pd.DateOffset(days=1, hours=3)
X.t - pd.offsets.Hour(5)
""".strip().splitlines()
NULLABLE = r"""
X.t.dt.year.astype('Int64')
""".strip().splitlines()
REFUSED = [
    ("X.u.astype('int64')", "write \\(times - pd.Timestamp"),
    ("X.t.dt.strftime('%Y')", "strftime"),
    ("X.t.dt.to_period('M')", "to_period"),
    ("X.u.dt.tz_localize('UTC').dt.tz_convert('Europe/Berlin').dt.hour", "use UTC"),
    ("pd.to_datetime({'year': X.u.dt.year, 'month': X.u.dt.month, 'day': 1})", "several columns"),
    ("pd.to_datetime(X.i)", "times of numbers without unit=; say what they count"),
    ("X.u - X.u.min()", "other rows"),
    ("X.t + pd.DateOffset(months=1)", "along the calendar"),
    ("X.u.values.astype(int)", "name the unit first"),
    ("(X.u - X.t).values.astype('timedelta64[D]').astype(int)", "it converts spans of time"),
]


@pytest.mark.parametrize("source", EXACT)
def test_each_row_is_answered_as_pandas_answers_it(source):
    answers_every_row(source)


@pytest.mark.parametrize("source", NULLABLE)
def test_rows_with_a_missing_nullable_number_are_refused(source):
    got = followed(source)
    assert got.differences() == []
    assert not got.is_taken.all()


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_unsupported_code_is_refused_with_its_reason(source, reason):
    refuses(source, reason)
