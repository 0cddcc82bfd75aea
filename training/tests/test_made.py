"""Generated rows are valid requests, and resemble the training data."""

import numpy as np
import pandas as pd
import pytest

from sepal_export.data.dataset import read_dataset
from sepal_export.package.manifest import describe_features
from sepal_export.proof.made import INDEPENDENT, MIN_ROWS, TEXT, UNKNOWN, Maker, decimals_of

random = np.random.default_rng(0)
ROWS = 400
FRAME = pd.DataFrame(
    {
        "price": np.round(random.gamma(3, 20, ROWS), 2),
        "length": random.normal(size=ROWS).astype(np.float32),
        "rooms": random.integers(1, 9, ROWS),
        "garden": random.random(ROWS) < 0.3,
        "gaps": np.where(random.random(ROWS) < 0.2, np.nan, random.normal(size=ROWS)),
        "town": random.choice(["Ulm", "Bern"], ROWS, p=[0.8, 0.2]),
        "owner": [f"owner {number}" for number in range(ROWS)],
        "kind": np.where(random.random(ROWS) < 0.3, None, random.choice(["flat", "house"], ROWS)),
        "zone": random.choice([3, 5, 8], ROWS, p=[0.2, 0.7, 0.1]),
    }
)
PRICE, LENGTH, ROOMS, GARDEN, GAPS, TOWN, OWNER, KIND, ZONE = range(9)
KNOWN = {KIND: ["flat", "house"], ZONE: [3, 5, 8]}
TOLD_APART = {TOWN: ["Bern", "Ulm"], OWNER: sorted(FRAME["owner"])}


def maker_of(frame=FRAME, known=None, told_apart=None):
    dataset = read_dataset(frame, None)
    return Maker(dataset, describe_features(dataset, known or {}, told_apart or {}))


def independent():
    return maker_of(known=KNOWN, told_apart=TOLD_APART).independent(INDEPENDENT).columns


def test_numbers_are_distributed_and_written_like_those_of_training():
    price, length, rooms, garden, gaps = independent()[:TOWN]
    assert (price.min(), price.max()) == (FRAME["price"].min(), FRAME["price"].max())
    np.testing.assert_array_equal(price, np.round(price, 2))
    np.testing.assert_allclose(
        np.quantile(price, [0.25, 0.5, 0.75]), FRAME["price"].quantile([0.25, 0.5, 0.75]), rtol=0.1
    )
    np.testing.assert_array_equal(length, length.astype(np.float32))
    assert set(rooms) == set(range(1, 9))
    assert set(garden) == {0, 1} and 0.25 < garden.mean() < 0.35
    assert 0.15 <= np.isnan(gaps).mean() <= 0.25 and not np.isnan(price).any()


def test_columns_are_independent():
    price, rooms = independent()[PRICE], independent()[ROOMS]
    assert abs(np.corrcoef(price, rooms)[0, 1]) < 0.2


def test_strings_are_categories_or_a_text_of_nobody():
    columns = independent()
    assert set(columns[TOWN]) == {"Ulm", "Bern", UNKNOWN}
    assert 0.7 < (columns[TOWN] == "Ulm").mean() < 0.8
    assert set(columns[OWNER]) == {TEXT}
    assert set(columns[KIND]) == {None, "flat", "house"}
    assert set(columns[ZONE]) == {3, 5, 8}


def test_categories_that_training_had_none_of_are_drawn_too():
    [drawn] = maker_of(FRAME[["zone"]], known={0: [1, 2]}).independent(50).columns
    assert set(drawn) == {1, 2}


def test_a_typical_row_is_of_medians_and_most_frequent_values():
    maker = maker_of(known=KNOWN, told_apart=TOLD_APART)
    group = np.arange(ROWS) < 100
    row = [column[0] for column in maker.typical(group).columns]
    assert row[PRICE] == round(FRAME["price"][group].median(), 2)
    assert row[ROOMS] == np.rint(FRAME["rooms"][group].median())
    assert row[GARDEN] == 0
    assert row[TOWN : ZONE + 1] == ["Ulm", TEXT, FRAME["kind"][group].mode()[0], 5]
    assert not np.isnan(row[GAPS])


def test_a_typical_row_of_few_rows_is_that_of_all():
    maker, few = maker_of(), np.arange(ROWS) < MIN_ROWS - 1
    for a, b in zip(maker.typical(few).columns, maker.typical(np.ones(ROWS, dtype=bool)).columns, strict=True):
        assert a[0] == b[0]


def test_the_same_rows_are_made_every_time():
    random = np.random.default_rng(0)
    labels = random.integers(0, 4, ROWS)
    (first, typical), (second, _) = (maker_of().pool(labels) for _ in range(2))
    assert typical == 4
    for a, b in zip(first.columns, second.columns, strict=True):
        assert pd.Series(a).equals(pd.Series(b))


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1.0, 2.0], 0),
        ([1e12, 3.0], 0),
        ([0.5, 1.25], 2),
        ([1 / 3, 2 / 3], 3),
        ([1e-9 / 3, 2e-9], 12),
        ([1e6 / 3, 2e6 / 7], 0),
        ([0.0, 0.0], 0),
        ([1e-320, 3e-320], 300),
        ([0.1 + 0.2, 0.7], 3),
    ],
)
def test_precision_is_that_of_the_training_data(values, decimals):
    dataset = read_dataset(np.array(values)[:, None], None)
    assert decimals_of(dataset.features[0], np.array(values)) == decimals


def test_float32_has_the_precision_that_it_was_written_with():
    values = np.array([0.1, 0.7, 12.3], dtype=np.float32)
    dataset = read_dataset(pd.DataFrame({"x": values}), None)
    assert decimals_of(dataset.features[0], dataset.rows.columns[0]) == 1


@pytest.mark.parametrize(
    "values",
    [[1.5] * 20, [-1e150, 1e150] * 9, [1e-320, 3e-320] * 9, [-0.0, 0.0] * 9, [2**53 - 1, -(2**53 - 1)] * 9, [1.5, 2.5]],
)
def test_made_numbers_lie_in_the_range_of_training(values):
    rows = maker_of(pd.DataFrame({"x": values})).pool(None)[0].columns[0]
    assert np.isfinite(rows).all()
    assert min(values) <= rows.min() and rows.max() <= max(values)
    assert not np.signbit(rows[rows == 0]).any()
