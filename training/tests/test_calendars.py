"""Compares the parts of times that the graph computes, such as year and weekday, with those of pandas."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from onnx import TensorProto

from sepal_export.data.predictions import run
from sepal_export.graphs.calendars import PARTS, SAME, part_of
from sepal_export.graphs.graph import Graph

OF_WEEKS = {"week": "week", "iso_year": "year", "iso_day": "day"}
FIRST, LAST = np.datetime64("1685-01-01", "us"), np.datetime64("2254-12-31T23:59:59.999999", "us")


def answers_of(times: np.ndarray) -> dict[str, np.ndarray]:
    """Maps each part to the graph's answers for `times`, datetime64[us] [N]."""
    graph = Graph()
    value = graph.input("time", np.float64, 1)
    names = [*PARTS, *SAME]
    outputs = {f"part {name}": part_of(value, name) for name in names}
    model = graph.to_model(outputs, {name: (TensorProto.DOUBLE, ["N", 1]) for name in outputs})
    numbers = np.where(np.isnat(times), np.nan, times.astype(np.int64).astype(np.float64))
    values = run(model.SerializeToString())({"time": numbers[:, None]})
    return {name: column[:, 0] for name, column in zip(names, values, strict=True)}


def expected_of(times: np.ndarray, name: str) -> np.ndarray:
    column = pd.Series(times)
    with warnings.catch_warnings():
        # pandas 3.1 deprecates some of the names, such as `weekday` in favour of `day_of_week`.
        warnings.simplefilter("ignore")
        part = column.dt.isocalendar()[OF_WEEKS[name]] if name in OF_WEEKS else getattr(column.dt, name)
    return part.astype("float64").to_numpy(na_value=np.nan)


def check(times: np.ndarray) -> None:
    for name, values in answers_of(times).items():
        np.testing.assert_array_equal(values, expected_of(times, name), err_msg=name)


def around(days: np.ndarray) -> np.ndarray:
    """The midnight of each day, and the microseconds before and after it."""
    midnights = days.astype("datetime64[us]").astype(np.int64)
    times = np.concatenate([midnights - 1, midnights, midnights + 1]).astype("datetime64[us]")
    return times[(times >= FIRST) & (times <= LAST)]


def test_every_day_that_a_feature_can_have() -> None:
    check(around(np.arange(FIRST.astype("datetime64[D]"), LAST.astype("datetime64[D]") + 2)))


def test_random_instants() -> None:
    random = np.random.default_rng(0)
    check(random.integers(FIRST.astype(int), LAST.astype(int), 200_000).astype("datetime64[us]"))


def test_every_second_of_a_day_before_and_after_1970() -> None:
    seconds = np.arange(-86_400, 86_401) * 1_000_000
    check(np.concatenate([seconds - 1, seconds, seconds + 1]).astype("datetime64[us]"))


def test_missing_times() -> None:
    times = np.array(["NaT", "1970-01-01", "2024-02-29T23:59:59.999999", "NaT"], dtype="datetime64[us]")
    check(times)
    answers = answers_of(times)
    assert np.isnan(answers["year"][0])
    assert answers["is_leap_year"][0] == 0 and answers["is_leap_year"][2] == 1


def test_an_unknown_part_is_refused_by_its_name() -> None:
    value = Graph().input("time", np.float64, 1)
    with pytest.raises(NotImplementedError, match="no part 'century'"):
        part_of(value, "century")
