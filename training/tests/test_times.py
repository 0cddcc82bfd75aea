"""Columns of times: reading them, passing them to the original, parsing them from requests, computing with them."""

import datetime
import json
import re
from pathlib import Path

import joblib
import jsonschema
import numpy as np
import onnxruntime
import pandas as pd
import polars
import pytest
import yaml
from exactness import check
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder
from sklearn.tree import DecisionTreeClassifier

from sepal_export import Column, ConversionError, export
from sepal_export.__main__ import main
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import Rows, read_dataset
from sepal_export.data.times import RANGE, to_iso
from sepal_export.graphs.calendars import part_of
from sepal_export.graphs.table import Table
from sepal_export.proof.date_edges import edges_of_dates
from sepal_export.proof.points import Points
from sepal_export.registry import CONVERTERS, converts

SCHEMA = json.loads((Path(__file__).parents[2] / "models" / "model.schema.json").read_text())
PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond", "day_of_year", "is_month_end")
ROWS = 300
random = np.random.default_rng(0)
SECONDS = pd.to_timedelta(random.integers(0, 3 * 365 * 86_400, ROWS), "s")
DAYS = pd.to_timedelta(random.integers(0, 3 * 365, ROWS), "D")
FRAME = pd.DataFrame(
    {
        "ordered": pd.Series(pd.Timestamp("2021-01-01") + SECONDS).astype("datetime64[us]"),
        "sent": pd.Series(pd.Timestamp("2021-02-01", tz="UTC") + DAYS).astype("datetime64[us, UTC]"),
        "plan": random.choice(["basic", "plus"], ROWS),
        "amount": np.round(random.gamma(2, 30, ROWS), 2),
    }
)
Y = np.where((FRAME["ordered"].dt.hour > 15) ^ (random.random(ROWS) < 0.1), "late", "early")


class DateParts(TransformerMixin, BaseEstimator):
    """Derives the parts of each column of times, such as year and hour, with pandas."""

    def __init__(self, parts=PARTS):
        self.parts = parts

    def fit(self, X, y=None):
        self.columns_ = list(X.columns)
        return self

    def transform(self, X):
        parts = [getattr(X[column].dt, part) for column in self.columns_ for part in self.parts]
        return np.stack([part.to_numpy(dtype=np.float64) for part in parts], axis=1)


@pytest.fixture(autouse=True)
def a_converter():
    @converts("test_times.DateParts")
    def date_parts(estimator, table):
        times = [table.column(index).value for index in range(len(estimator.columns_))]
        return Table(matrix=table.graph.concat([part_of(time, part) for time in times for part in estimator.parts]))

    yield
    del CONVERTERS["test_times.DateParts"]


def late(*columns, parts=PARTS, others=()):
    return make_pipeline(
        make_column_transformer((DateParts(parts), list(columns)), *others),
        SimpleImputer(),
        DecisionTreeClassifier(max_depth=5, random_state=0),
    )


MIXED = late(
    "ordered", "sent", others=[(OneHotEncoder(handle_unknown="ignore"), ["plan"]), ("passthrough", ["amount"])]
)


def export_to(out, estimator, X, y=Y, **options):
    manifest = export(
        estimator.fit(X, y), X, y, **{"name": "a", "version": "1", "out": out, "metrics": False, **options}
    )
    jsonschema.validate(manifest, SCHEMA)
    return manifest


def column_of(texts, dtype="datetime64[us]"):
    return pd.Series(np.array(texts, dtype=dtype))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", datetime.timezone.utc])
def test_the_original_gets_its_own_unit_and_zone(unit, zone):
    times = column_of(["1969-12-31T23:59:59", "NaT", "2024-02-29T12:00:01"], f"datetime64[{unit}]")
    frame = pd.DataFrame({"time": times.dt.tz_localize(zone)})
    dataset = read_dataset(frame, None)
    [feature] = dataset.features
    assert (feature.dtype, feature.timezone, feature.nullable) == ("timestamp", zone and "UTC", True)
    assert dataset.rows.columns[0].tolist()[::2] == [-1e6, 1_709_208_001e6]
    pd.testing.assert_frame_equal(dataset.for_original(dataset.rows), frame)


def test_an_original_fitted_on_whole_seconds_gets_times_rounded_down_to_seconds():
    dataset = read_dataset(pd.DataFrame({"time": column_of(["2024-01-01"], "datetime64[s]")}), None)
    given = dataset.for_original(Rows((np.array([-1.0, 1.0, 1_999_999.0]),)))["time"]
    assert given.dt.as_unit("us").astype("int64").tolist() == [-1_000_000, 0, 1_000_000]


@pytest.mark.parametrize("dtype", [polars.Datetime("ms"), polars.Datetime("ns"), polars.Datetime("us", "UTC")])
def test_an_original_fitted_on_a_polars_frame_gets_a_polars_frame(dtype):
    values = [datetime.datetime(1960, 1, 1, 3, 4, 5, 123_000), None, datetime.datetime(2024, 2, 29)]
    X = polars.DataFrame({"time": polars.Series(values).dt.replace_time_zone(dtype.time_zone).cast(dtype)})
    dataset = read_dataset(X, None)
    assert dataset.features[0].dtype == "timestamp"
    given = dataset.for_original(dataset.rows)
    assert given.equals(X)
    assert given.schema == X.schema


DATES = [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]
# Maps a reason to a column, the options of its feature, and a function that follows the advice.
REFUSED = {
    "of the zone Europe/Berlin": (
        column_of(["2024-01-31", "NaT"]).dt.tz_localize("Europe/Berlin"), {}, lambda times: times.dt.tz_convert("UTC")
    ),
    "holds date as objects": (pd.Series(DATES, dtype=object), {}, pd.to_datetime),
    "holds datetime as objects": (pd.Series([datetime.datetime(2024, 1, 31)], dtype=object), {}, pd.to_datetime),
    "holds Timestamp as objects": (pd.Series(pd.to_datetime(DATES)).astype("category"), {}, pd.to_datetime),
    "its column holds no times": (pd.Series(["2024-01-31", "2024-02-01"]), {"dtype": "timestamp"}, pd.to_datetime),
    "times of pyarrow": (
        column_of(DATES).astype("timestamp[us][pyarrow]"), {}, lambda times: times.astype("datetime64[us]")
    ),
    "before 1685 or after 2254 in 1 of 2 rows": (
        column_of(["9999-12-31", "2024-01-31"]), {}, lambda times: times.where(times.dt.year < 9999)
    ),
    "before 1685": (column_of(["1684-12-31T23:59:59.999999", "2024-01-31"]), {}, lambda times: times[1:]),
    "parts of a microsecond in 1 of 2 rows": (
        column_of(["2024-01-31T00:00:00.000000001", "2024-02-01"], "datetime64[ns]"), {},
        lambda times: times.dt.floor("us"),
    ),
    "is declared as never missing": (column_of(["NaT", "2024-01-31"]), {"nullable": False}, pd.Series.dropna),
    "has no unit; leave 'days' out": (column_of(["2024-01-31"]), {"unit": "days"}, None),
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_a_column_that_cannot_be_a_feature_of_times_is_refused_with_advice_that_helps(reason):
    column, said, follow = REFUSED[reason]
    with pytest.raises(ValueError, match=f"the feature 'time' .*{reason}"):
        read_dataset(pd.DataFrame({"time": column}), [Column("time", **said)])
    if follow:
        dataset = read_dataset(pd.DataFrame({"time": follow(column)}), [Column("time", **said)])
        assert dataset.features[0].dtype == "timestamp"


def test_an_array_of_times_is_refused():
    with pytest.raises(ValueError, match="X is an array of times; fit the estimator to a frame of pandas"):
        read_dataset(np.array([["2024-01-01"]], dtype="datetime64[D]"), None)


@pytest.mark.parametrize(
    ("time", "zone", "text"),
    [
        ("2024-05-01", None, "2024-05-01T00:00:00"),
        ("2024-05-01T12:30:15", "UTC", "2024-05-01T12:30:15Z"),
        ("1969-12-31T23:59:59.000001", None, "1969-12-31T23:59:59.000001"),
        ("2254-12-31T23:59:59.999999", None, "2254-12-31T23:59:59.999999"),
    ],
)
def test_a_client_sends_iso_8601(time, zone, text):
    assert to_iso(float(np.datetime64(time, "us").astype(int)), zone) == text


def test_times_are_made_at_midnights_and_at_starts_and_ends_of_months_and_years():
    low, high = (float(np.datetime64(day, "us").astype(int)) for day in ("2023-03-05", "2023-03-05"))
    edges = edges_of_dates(np.random.default_rng(0), low, high, 2_000)
    assert np.array_equal(edges, np.rint(edges))
    assert (edges >= RANGE[0]).all() and (edges <= RANGE[1]).all()
    assert set(RANGE) <= set(edges)
    times = pd.Series(edges.astype(np.int64).astype("datetime64[us]"))
    assert times.dt.year.between(2019, 2027).mean() > 0.4
    for side in (-1, 0, 1):
        on_edge = times - pd.Timedelta(side, "us")
        midnights = on_edge[on_edge.dt.normalize() == on_edge].dt
        for kind in ("is_month_start", "is_month_end", "is_quarter_start", "is_year_start", "is_year_end"):
            assert getattr(midnights, kind).sum() > 20, (kind, side)
        assert ((midnights.month == 2) & (midnights.day == 29)).sum() > 20
        assert (on_edge.dt.hour.between(1, 22) & (on_edge.dt.second == 0) & (on_edge.dt.microsecond == 0)).sum() > 20


def test_the_edges_of_dates_stay_within_what_a_client_can_send():
    for day in ("1685-01-01", "2254-12-31"):
        at = float(np.datetime64(day, "us").astype(int))
        edges = edges_of_dates(np.random.default_rng(0), at, at, 500)
        assert (edges >= RANGE[0]).all() and (edges <= RANGE[1]).all()


def test_rows_of_the_proof_have_times_that_a_client_can_send(tmp_path):
    X = FRAME.assign(ordered=FRAME["ordered"].where(np.arange(ROWS) % 7 > 0))
    manifest = export_to(tmp_path, MIXED, X)
    assert manifest["parity"]["points"]["edges of dates"] >= 1_000
    dataset = read_dataset(X, None)
    maker = Points(dataset, {})
    for rows in (
        maker.uniform(500, beyond=500.0),
        maker.between(500),
        *(maker.step(maker.training, s, np.float64) for s in (-1, 1)),
    ):
        for column in rows.columns[:2]:
            present = column[~np.isnan(column)]
            assert np.array_equal(present, np.rint(present))
            assert (present >= RANGE[0]).all() and (present <= RANGE[1]).all()
    stepped = maker.step(maker.training, 1, np.float64).columns[1] - maker.training.columns[1]
    assert set(stepped) == {1.0}


def test_a_model_of_times_answers_as_the_original(tmp_path):
    manifest = export_to(tmp_path, MIXED, FRAME)
    described = {feature["name"]: feature for feature in manifest["features"]}
    assert described["ordered"]["timezone"] is None
    assert described["sent"]["timezone"] == "UTC"
    assert "timezone" not in described["plan"]
    assert described["sent"]["baseline"]["min"] == FRAME["sent"].min().timestamp() * 1e6
    assert {entry["name"]: entry["dtype"] for entry in manifest["inputs"]} == {
        "ordered": "float64", "sent": "float64", "plan": "string", "amount": "float64",
    }  # fmt: skip
    golden = json.loads((tmp_path / "golden.json").read_text())
    rows = pd.DataFrame(golden["instances"], columns=FRAME.columns)
    rows = rows.assign(ordered=pd.to_datetime(rows["ordered"]), sent=pd.to_datetime(rows["sent"]))
    feeds = {
        name: rows[[name]].to_numpy(dtype=object if name == "plan" else np.float64) for name in ("plan", "amount")
    } | {name: rows[[name]].astype("int64").to_numpy(dtype=np.float64) for name in ("ordered", "sent")}
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    [probabilities] = session.run(["probabilities"], feeds)
    expected = [[row["probabilities"][name] for name in manifest["classes"]] for row in golden["predictions"]]
    np.testing.assert_allclose(probabilities, expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(MIXED.predict_proba(rows.astype(FRAME.dtypes)), expected, rtol=0, atol=1e-9)


def test_rows_that_are_shown_have_whole_seconds_or_whole_days_as_the_training_data(tmp_path):
    export_to(tmp_path, MIXED, FRAME)
    golden = json.loads((tmp_path / "golden.json").read_text())
    ordered, sent = ({row[place] for row in golden["instances"]} for place in (0, 1))
    assert {len(text) for text in ordered} == {len("2024-05-01T12:30:00")}
    assert not all(text.endswith("T00:00:00") for text in ordered)
    assert all(text.endswith("T00:00:00Z") for text in sent)


@pytest.mark.parametrize("unit", ["s", "ms", "ns"])
def test_a_model_answers_as_the_original_for_times_between_two_steps_of_the_unit(unit):
    random = np.random.default_rng(0)
    times = FRAME["ordered"] + pd.to_timedelta(random.integers(0, 1000, ROWS), "ms")
    X, y = pd.DataFrame({"ordered": times.astype(f"datetime64[{unit}]")}), times.dt.microsecond > 500_000
    points = check(late("ordered", parts=("second", "microsecond")), X, y).points
    assert points["edges of dates"] > 1_000


def test_a_model_of_times_and_numbers_alone_takes_no_matrix(tmp_path):
    model = late("ordered", others=[("passthrough", ["amount"])])
    manifest = export_to(tmp_path, model, FRAME[["ordered", "amount"]])
    assert [entry["shape"] for entry in manifest["inputs"]] == [[None, 1], [None, 1]]


def test_a_time_that_nothing_depends_on_is_no_feature(tmp_path):
    model = make_pipeline(make_column_transformer(("passthrough", ["amount"])), LogisticRegression())
    manifest = export_to(tmp_path, model, FRAME)
    assert [feature["name"] for feature in manifest["features"]] == ["amount"]
    assert [entry["name"] for entry in manifest["inputs"]] == ["X"]


def test_a_time_goes_past_an_encoder_to_the_step_that_takes_it(tmp_path):
    first = make_column_transformer(
        (OneHotEncoder(sparse_output=False), ["plan"]), ("passthrough", ["ordered", "amount"]),
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")  # fmt: skip
    second = make_column_transformer((DateParts(), ["ordered"]), ("passthrough", ["plan_plus", "amount"]))
    manifest = export_to(tmp_path, make_pipeline(first, second, DecisionTreeClassifier(max_depth=4)), FRAME)
    assert [feature["name"] for feature in manifest["features"]] == ["ordered", "plan", "amount"]


def test_an_encoder_of_categories_refuses_times():
    model = make_pipeline(make_column_transformer((OrdinalEncoder(), ["sent"])), DecisionTreeClassifier(max_depth=2))
    with pytest.raises(ConversionError, match=r"OrdinalEncoder in the step .*, and times reach it; derive numbers"):
        check(model, FRAME, Y)


def test_an_estimator_of_numbers_refuses_times():
    model = make_pipeline(make_column_transformer(("passthrough", ["ordered"])), DecisionTreeClassifier(max_depth=2))
    model.fit(FRAME.assign(ordered=FRAME["ordered"].astype("int64")), Y)
    with pytest.raises(ConversionError, match=r"DecisionTreeClassifier .*, and times reach it; derive numbers"):
        to_onnx_model(model, read_dataset(FRAME, None))


class TestTheCommandLine:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        joblib.dump(MIXED.fit(FRAME, Y), "model.joblib")
        return tmp_path

    def export(self, file, *options):
        return main(["model.joblib", "--data", file, "--target", "delivery", "--name", "a", "--no-metrics", *options])

    def manifest(self):
        return json.loads(Path("models/a/model.json").read_text())

    def test_the_option_dtype_turns_a_column_of_text_into_times(self, folder, capsys):
        FRAME.assign(delivery=Y).to_csv("rows.csv", index=False)
        assert self.export("rows.csv", "--dtype", "ordered=timestamp", "--dtype", "sent=timestamp") == 0
        described = {feature["name"]: feature for feature in self.manifest()["features"]}
        assert described["ordered"]["dtype"] == "timestamp"
        assert described["sent"]["timezone"] == "UTC"
        assert re.search(r"sent +timestamp +refused +2021-02-\d\d to 2024-\d\d-\d\d UTC", capsys.readouterr().out)

    def test_a_date_of_eight_digits_is_read_as_a_date(self, folder):
        rows = FRAME.assign(delivery=Y, ordered=FRAME["ordered"].dt.strftime("%Y%m%d"))
        rows.to_csv("rows.csv", index=False)
        assert self.export("rows.csv", "--dtype", "ordered=timestamp", "--dtype", "sent=timestamp") == 0
        assert self.manifest()["features"][0]["baseline"]["min"] > 1_600_000_000e6

    def test_the_export_fails_and_advises_dtype_options_for_columns_of_times(self, folder, capsys):
        FRAME.assign(delivery=Y).to_csv("rows.csv", index=False)
        assert self.export("rows.csv") == 1
        assert "add: --dtype ordered=timestamp --dtype sent=timestamp" in capsys.readouterr().err

    def test_columns_of_times_in_a_parquet_file_need_no_option(self, folder):
        FRAME.assign(delivery=Y).to_parquet("rows.parquet")
        assert self.export("rows.parquet") == 0
        assert [feature["dtype"] for feature in self.manifest()["features"]][:2] == ["timestamp"] * 2

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (
                "Chris",
                "in 1 row, the column 'ordered' holds text that is not a time, or a time in another format than the "
                "first; ",
            ),
            ("2024-01-01T00:00:00+02:00", "the column 'ordered' holds times of several zones; "),
        ],
    )
    def test_text_that_cannot_be_read_as_a_time_of_the_column_is_refused_and_not_shown(
        self, folder, capsys, value, message
    ):
        texts = FRAME["ordered"].dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")
        texts[7] = value
        FRAME.assign(delivery=Y, ordered=texts).to_csv("rows.csv", index=False)
        assert self.export("rows.csv", "--dtype", "ordered=timestamp", "--dtype", "sent=timestamp") == 1
        said = capsys.readouterr().err
        assert message in said
        assert value not in said

    def test_without_data_the_export_makes_random_times(self, folder):
        MIXED.fit(FRAME.assign(sent=FRAME["sent"].dt.tz_localize(None)), Y)
        joblib.dump(MIXED, "model.joblib")
        options = ["--dtype", "ordered=timestamp", "--dtype", "sent=timestamp", "--name", "a"]
        assert main(["model.joblib", "--target", "delivery", *options]) == 0
        ordered = self.manifest()["features"][0]
        assert (ordered["dtype"], ordered["baseline"], ordered["nullable"]) == ("timestamp", None, True)
        jsonschema.validate(self.manifest(), SCHEMA)

    def test_a_signature_of_mlflow_says_which_columns_are_times(self, folder):
        kinds = {"ordered": "datetime", "sent": "datetime", "plan": "string", "amount": "double"}
        signature = json.dumps([{"name": name, "type": kind, "required": True} for name, kind in kinds.items()])
        flavours = {"sklearn": {"pickled_model": "model.joblib"}}
        Path("MLmodel").write_text(yaml.safe_dump({"flavors": flavours, "signature": {"inputs": signature}}))
        FRAME.assign(delivery=Y).to_csv("rows.csv", index=False)
        options = ["--data", "rows.csv", "--target", "delivery", "--name", "a", "--no-metrics"]
        assert main([".", *options]) == 0
        assert [feature["dtype"] for feature in self.manifest()["features"]][:2] == ["timestamp"] * 2


def test_a_report_draws_times_on_an_axis_of_dates(tmp_path):
    page = tmp_path / "report.html"
    export_to(tmp_path / "a", late("ordered"), FRAME[["ordered"]], report=page)
    content = page.read_text("utf-8")
    [picture] = re.findall(r"(?s)<svg[^>]*aria-label=.Distribution of ordered.*?</svg>", content)
    assert re.findall(r">\s*(20\d\d)\s*<", picture) == ["2022", "2023"]
    assert "days</td>" in content
    assert "rows of the training data whose times are midnights" in content


def test_only_the_smallest_and_the_largest_time_are_published(tmp_path):
    """As for numbers."""
    export_to(tmp_path, MIXED, FRAME)
    content = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir())).decode("utf-8", "replace")
    ends = {FRAME["ordered"].min(), FRAME["ordered"].max()}
    shown = {time for time in FRAME["ordered"] if time not in ends and time.isoformat() in content}
    assert shown == set()
