"""pandas reads the Parquet files of batch. The tests of functions/batch/ assert that batch writes these bytes."""

from pathlib import Path

import pandas as pd
import pytest

pq = pytest.importorskip("pyarrow.parquet")

FOLDER = Path(__file__).parents[2] / "test/fixtures/parquet"
OUTPUT = ["label", "setosa", "versicolor", "virginica", "error"]


def test_kept_columns_are_what_they_were() -> None:
    kept, written = (pq.ParquetFile(FOLDER / name) for name in ("kinds.parquet", "written.parquet"))
    names = kept.schema.names
    assert written.schema.names == [*names, *OUTPUT]
    for index, name in enumerate(names):
        types = [
            (column.physical_type, str(column.logical_type)) for column in (kept.schema[index], written.schema[index])
        ]
        assert types[0] == types[1], name
        # Compares timestamps as values: their time zone is in a schema that only Arrow writes.
        values = [table.read([name])[name].to_pylist() for table in (kept, written)]
        assert values[1] == values[0] * 2, name


def test_answers_stand_beside_the_kept_columns() -> None:
    frame = pd.read_parquet(FOLDER / "written.parquet", columns=OUTPUT)
    assert [dtype.kind for dtype in frame.dtypes[1:4]] == ["f", "f", "f"]
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    assert rows == 2 * [
        ["setosa", 0.75, 0.25, 0, None],
        [None, None, None, None, "sepal_width: expected a number, got null"],
        ["virginica", 0.125, 0.125, 0.75, None],
    ]


def test_row_groups_of_parts_follow_each_other() -> None:
    metadata = pq.read_metadata(FOLDER / "written.parquet")
    assert (metadata.num_rows, metadata.num_row_groups) == (6, 2)
