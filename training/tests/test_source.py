"""Reads rows from files in every supported format."""

import gzip
import sys

import pandas as pd
import pytest

from sepal_export.__main__ import options_of, parse
from sepal_export.training_data.source import DataError, Source

FRAME = pd.DataFrame({"kind": ["007", "8"], "size": [1.5, None], "flag": [True, False]})


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_types_are_read_from_a_file_that_stores_them(form, tmp_path):
    pytest.importorskip("pyarrow")
    path = tmp_path / "rows"
    getattr(FRAME, f"to_{form}")(path)
    pd.testing.assert_frame_equal(Source(path).read(), FRAME)
    assert Source(path).read_texts(["flag"], FRAME)["flag"].tolist() == ["True", "False"]
    with pytest.raises(DataError, match=f"is a file of {form.title()}, .* leave out --sep, --no-keep-default-na$"):
        Source(path, {"sep": ";", "keep_default_na": False}).read()


def test_a_stream_of_arrow_is_read(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.Table.from_pandas(FRAME)
    with pyarrow.ipc.new_stream(tmp_path / "rows.arrows", table.schema) as stream:
        stream.write_table(table)
    pd.testing.assert_frame_equal(Source(tmp_path / "rows.arrows").read(), FRAME)
    with pytest.raises(DataError, match=r"is a file of Arrow, .* leave out --sep$"):
        Source(tmp_path / "rows.arrows", {"sep": ";"}).read()


@pytest.mark.parametrize(
    ("form", "magic"), [("Parquet", b"PAR1"), ("Feather", b"ARROW1"), ("Arrow", b"\xff\xff\xff\xff")]
)
def test_pyarrow_is_asked_for_where_a_format_needs_it(form, magic, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "rows"
    path.write_bytes(magic + b"\0" * 20)
    with pytest.raises(DataError, match=f"reading {form} needs pyarrow, which is not installed; pip install pyarrow"):
        Source(path).read()


def test_a_broken_file_is_refused(tmp_path):
    pytest.importorskip("pyarrow")
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(DataError, match=r"rows.parquet cannot be read as Parquet: "):
        Source(tmp_path / "rows.parquet").read()


def test_a_compressed_file_is_read_by_its_name(tmp_path):
    (tmp_path / "rows.csv.gz").write_bytes(gzip.compress(b"kind,size\n007,1.5\n"))
    source = Source(tmp_path / "rows.csv.gz")
    frame = source.read()
    assert frame.to_dict("list") == {"kind": [7], "size": [1.5]}
    assert source.read_texts(["kind"], frame)["kind"].tolist() == ["007"]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("a,a,y\n1,2,3\n", ["a", "a.1", "y"]),
        (",a\n0,1\n", ["Unnamed: 0", "a"]),
        ("\ufeffa,b\n1,2\n", ["a", "b"]),
        ("2025,2026\n1,2\n", ["2025", "2026"]),
    ],
    ids=["twice", "without a name", "byte order mark", "numbers"],
)
def test_columns_are_called_as_pandas_calls_them(content, columns, tmp_path):
    (tmp_path / "rows.csv").write_text(content)
    assert Source(tmp_path / "rows.csv").read().columns.tolist() == columns


def test_every_option_becomes_the_argument_of_pandas_with_the_same_name():
    words = [
        "--sep=\\t", "--decimal=,", "--thousands=.", "--encoding=latin-1", "--quotechar='", "--skipinitialspace",
        "--na-values=?", "--na-values=-", "--no-keep-default-na", "--true-values=yes", "--false-values=no",
        "--names=a,b", "--index-col=0",
    ]  # fmt: skip
    assert options_of(parse(["model", "--data", "d", "--target", "y", "--name", "m", *words])) == {
        "sep": "\t", "decimal": ",", "thousands": ".", "encoding": "latin-1", "quotechar": "'",
        "skipinitialspace": True, "na_values": ["?", "-"], "keep_default_na": False, "true_values": ["yes"],
        "false_values": ["no"], "names": ["a", "b"], "index_col": 0,
    }  # fmt: skip
    assert options_of(parse(["model", "--data", "d", "--target", "y", "--name", "m"])) == {}
