"""Every refusal of rows advises how to mend them. Each case follows the advice, and then the export succeeds."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from sepal_export import export
from sepal_export.__main__ import main, options_of, parse
from sepal_export.training_data.reading import read_training_data
from sepal_export.training_data.source import Source

N = 300
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=N).round(3)
KIND = RANDOM.integers(1, 5, N)
DAY = pd.to_datetime("2026-01-01") + pd.to_timedelta(KIND, unit="D")
LABEL = np.where((KIND == 2) ^ (RANDOM.random(N) < 0.05), "yes", "no")


def names(*values):
    """For each row, the one of four values that belongs to its kind."""
    return np.array(values)[KIND - 1]


CITY = names("Köln", "Bonn", "Wien", "Bern")
LARGE = KIND * 1000.5


def text(sep=",", **columns):
    """The text of a CSV file with the columns, and also with the number `x` and the label `y` if `y` is not among them.
    No value is quoted."""
    columns = {**columns, "x": X, "y": LABEL} if "y" not in columns else columns
    rows = zip(*(np.asarray(column).astype(str) for column in columns.values()), strict=True)
    return "\n".join([sep.join(columns), *map(sep.join, rows), ""])


def encoded(*columns, encoder=None):
    encoder = encoder or OneHotEncoder(handle_unknown="ignore")
    return make_pipeline(
        make_column_transformer((encoder, list(columns)), remainder="passthrough"), LogisticRegression()
    )


def scaled():
    return make_pipeline(StandardScaler(), LogisticRegression())


def boosted():
    return LGBMClassifier(n_estimators=5, verbose=-1)


@dataclass
class Case:
    """The estimator is fitted to `file`, read by pandas.read_csv with the arguments `how` and then changed by `change`.
    The export is called with `options`, and fails. In MENDED, its error must name the options `advice`. In TOLD, its
    error must match the pattern `advice`. Then `follow` changes the file as the error says ("refit" fits the estimator
    to the file without `how`), and the export is called again with the options `second`."""

    name: str
    file: str | bytes
    estimator: object
    advice: str
    how: dict = field(default_factory=dict)
    change: object = lambda frame: frame
    options: str = ""
    follow: object = None
    second: str = ""


def as_type(column, dtype):
    return lambda frame: frame.assign(**{column: frame[column].astype(dtype)})


def cut(pattern, replacement=""):
    """Returns a function that replaces the pattern in the content of a file."""
    return lambda content: re.sub(pattern, replacement, content)


MENDED = [
    Case("blanks and a mark", text(", ", city=names("Köln", "Bonn", "?", "Bern")), encoded("city"),
         "--skipinitialspace '--na-values=?'", {"skipinitialspace": True, "na_values": "?"}),
    Case("blanks in values alone", text(city=names("Köln", " Bonn", " Wien", "Bern")), encoded("city"),
         "--skipinitialspace", {"skipinitialspace": True}),
    Case("NA is a category", text(pay=names("card", "NA", "cash", "None")), encoded("pay"),
         "--no-keep-default-na", {"keep_default_na": False}),
    Case("NA is a category beside gaps", text(pay=names("card", "NA", "cash", "n/a"), z=names("1.5", "", "3", "4")),
         make_pipeline(make_column_transformer((OneHotEncoder(), ["pay"]), remainder="passthrough"),
                       HistGradientBoostingClassifier(max_iter=3)),
         "--no-keep-default-na --na-values=", {"keep_default_na": False, "na_values": [""]}),
    Case("semicolons", text(";", city=CITY), encoded("city"), "'--sep=;'", {"sep": ";"}),
    Case("tabs", text("\t", city=CITY), encoded("city"), r"--sep='\t'", {"sep": "\t"}),
    Case("pipes", text("|", city=CITY), encoded("city"), "'--sep=|'", {"sep": "|"}),
    Case("any blanks", text("  ", city=CITY), encoded("city"), r"'--sep=\s+'", {"sep": r"\s+"}),
    Case("decimal commas", text(";", size=[f"{value:.1f}".replace(".", ",") for value in LARGE], y=LABEL), scaled(),
         "'--sep=;' --decimal=,", {"sep": ";", "decimal": ","}),
    Case("thousands", text(";", size=[f"{value:,.1f}" for value in LARGE], y=LABEL), scaled(),
         "'--sep=;' --thousands=,", {"sep": ";", "thousands": ","}),
    Case("European numbers", text(";", size=[f"{value:,.1f}".translate({44: 46, 46: 44}) for value in LARGE], y=LABEL),
         scaled(), "'--sep=;' --decimal=, --thousands=.", {"sep": ";", "decimal": ",", "thousands": "."}),
    Case("Windows", text(city=CITY).encode("cp1252"), encoded("city"), "--encoding=cp1252", {"encoding": "latin-1"}),
    Case("UTF-16", text(city=CITY).encode("utf-16"), encoded("city"), "--encoding=utf-16", {"encoding": "utf-16"}),
    Case("read in the wrong encoding", text(city=CITY), encoded("city"), "--encoding=utf-8",
         options="--encoding latin-1"),
    Case("commas where others were said", text(city=CITY), encoded("city"), "--sep=,", options="--sep ';'"),
    Case("points where others were said", text(size=LARGE), scaled(), "--decimal=.", options="--decimal ,"),
    Case("single quotes", text(city=names("'a'", "'b'", "'c, d'", "'e'")), encoded("city"), "--quotechar=\"'\"",
         {"quotechar": "'"}),
    Case("flags in words", text(flag=names("yes", "no", "yes", "no")), scaled(),
         "--true-values=yes --false-values=no", {"true_values": ["yes"], "false_values": ["no"]}),
    Case("flags in words of any case", text(flag=names("Yes", "no", "YES", "No")), scaled(),
         "--true-values=YES --true-values=Yes --false-values=No --false-values=no",
         {"true_values": ["Yes", "YES"], "false_values": ["no", "No"]}),
    Case("flags in words beside others", text(flag=names("TRUE", "False", "Yes", "true")), scaled(),
         "--true-values=Yes", {"true_values": ["Yes"]}),
    Case("flags as an encoder's", text(flag=names("Y", "N", "Y", "N")), encoded("flag"),
         "--true-values=Y --false-values=N", {"true_values": ["Y"], "false_values": ["N"]}),
    Case("a mark among numbers", text(size=names("1", "-", "3", "4")), HistGradientBoostingClassifier(max_iter=3),
         "--na-values=-", {"na_values": "-"}),
    Case("two marks among numbers", text(size=np.where(X > 1, "-", np.where(X < -1, "unknown", KIND.astype(str)))),
         HistGradientBoostingClassifier(max_iter=3), "--na-values=unknown --na-values=-",
         {"na_values": ["-", "unknown"]}),
    Case("strings of digits", text(kind=KIND), encoded("kind"), "--dtype kind=string", {"dtype": {"kind": str}}),
    Case("many columns of digits", text(**{f"kind{index}": KIND for index in range(8)}),
         encoded(*(f"kind{index}" for index in range(8))),
         " ".join(f"--dtype kind{index}=string" for index in range(8)), {"dtype": str}, as_type("x", float)),
    Case("blanks, marks, digits and categories",
         text(", ", kind=KIND, city=np.where(X > 1, "?", np.where(X < -1, "-", CITY)), flag=KIND > 2),
         boosted(), "--skipinitialspace --na-values=- '--na-values=?' --dtype kind=category --dtype city=category",
         {"skipinitialspace": True, "na_values": ["?", "-"]},
         lambda frame: frame.astype({"kind": "category", "city": "category"})),
    Case("digits made strings", text(kind=KIND), encoded("kind"), "--dtype kind=string",
         change=as_type("kind", str)),
    Case("leading zeros", text(kind=names("007", "08", "9", "10")), encoded("kind"), "--dtype kind=string",
         {"dtype": str}, as_type("x", float)),
    Case("leading zeros lost before strings were made", text(kind=names("007", "08", "9", "10")), encoded("kind"),
         "--dtype kind=string", change=as_type("kind", str)),
    Case("strings of numbers with gaps", text(kind=names("1", "2", "", "4")), encoded("kind"), "--dtype kind=string",
         change=lambda frame: frame.assign(kind=frame.kind.map(str, na_action="ignore").astype(object))),
    Case("strings of booleans", text(flag=names("TRUE", "FALSE", "TRUE", "FALSE")), encoded("flag"),
         "--dtype flag=string", change=as_type("flag", str)),
    Case("ordinal", text(kind=KIND), encoded("kind", encoder=OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1)), "--dtype kind=string", change=as_type("kind", str)),
    Case("refused categories", text(kind=KIND), encoded("kind", encoder=OneHotEncoder()), "--dtype kind=string",
         change=as_type("kind", str)),
    Case("categories of strings", text(city=CITY), boosted(), "--dtype city=category",
         change=as_type("city", "category")),
    Case("categories of whole numbers", text(kind=KIND), boosted(), "--dtype kind=category",
         change=as_type("kind", "category")),
    Case("categories of digits", text(kind=KIND), boosted(), "--dtype kind=category",
         change=lambda frame: as_type("kind", "category")(as_type("kind", str)(frame))),
    Case("categories of flags with gaps", text(flag=names("True", "False", "", "True")), boosted(),
         "--dtype flag=category", change=as_type("flag", "category")),
    Case("categories of a histogram", text(city=CITY), HistGradientBoostingClassifier(max_iter=3),
         "--dtype city=category", change=as_type("city", "category")),
    Case("strings where numbers were said", text(kind=KIND), scaled(), "--dtype kind=float64",
         options="--dtype kind=string"),
    Case("labels after a blank", text(city=CITY).replace(",yes", ", yes"), encoded("city"), "--skipinitialspace",
         {"skipinitialspace": True}),
    Case("a class called NA", text(x=X, y=names("NA", "no", "NA", "no")), scaled(), "--no-keep-default-na",
         {"keep_default_na": False}),
    Case("labels of booleans", text(x=X, y=LABEL), scaled(), "--true-values=yes --false-values=no",
         {"true_values": ["yes"], "false_values": ["no"]}),
    Case("the index of a frame", text(**{"": range(N)}, x=X, y=LABEL), scaled(), "--index-col=0", {"index_col": 0},
         lambda frame: frame.set_axis([0, "y"], axis=1)),
]  # fmt: skip

TOLD = [
    Case("an integer that JSON rounds", text(size=KIND + 2**60), RandomForestClassifier(3, random_state=0),
         "takes them, rounded: --dtype size=float64$", second="--dtype size=float64"),
    Case("no such target", text(city=CITY), encoded("city"), "has no column 'z' for the target; it has 'city', 'x'",
         options="--target z", second="--target y"),
    Case("no header row", text(city=CITY).partition("\n")[2], RandomForestClassifier(3, random_state=0),
         "all columns by --names NAME,… if the file has no header row", {"header": None},
         lambda frame: frame[[1, 2]].set_axis([0, "y"], axis=1), follow=cut(r"(?m)^\w+,"), second="--names x,y"),
    Case("infinite numbers", text(size=names("inf", "1", "2", "3")), HistGradientBoostingClassifier(max_iter=3),
         "no client can send them, so leave those rows out$", follow=cut(r"(?m)^inf.*\n")),
    Case("a column less", text(x=X, z=X, y=LABEL), scaled(), "name them in the file as the estimator does; ",
         change=lambda frame: frame.rename(columns={"z": "w"}), follow=cut("x,z", "x,w")),
    Case("a column less that the pipeline drops", text(x=X, y=LABEL),
         make_pipeline(make_column_transformer((StandardScaler(), ["x"])), LogisticRegression()),
         "lacks columns that the estimator was fitted to: 'email'.* may be empty there$",
         change=lambda frame: frame.assign(email=CITY),
         follow=lambda content: re.sub(r"(?m)(?<=.)$", ",", content).replace("y,", "y,email")),
    Case("values that none of the rows had", text(city=CITY), encoded("city"), "300 of 300 rows; .*'wien'; save the",
         change=lambda frame: frame.assign(city=frame.city.str.lower()), follow=str.lower),
    Case("a column more than an array has", text(x=X, z=X, y=LABEL), scaled(), "keep only the target and the 1 col",
         change=lambda frame: frame[["x", "y"]].set_axis([0, "y"], axis=1), follow=cut(r"(?m),\S*(,\S*)$", r"\1")),
    Case("dates made numbers", text(day=DAY), RandomForestClassifier(3, random_state=0), "write these numbers into",
         change=lambda frame: frame.assign(day=pd.to_datetime(frame.day).dt.day),
         follow=cut(r"2026-01-(\d\d)[T:.\d]*", r"\1")),
    Case("dates as strings were encoded", text(day=DAY), encoded("day"), "fit the estimator to one of these",
         {"parse_dates": ["day"]}, follow="refit"),
    Case("rows that the fit did not get", text(city=names("Köln", "Bonn", "Wien", "Bern")), encoded("city"),
         "leave those rows out if it was not fitted to them", change=lambda frame: frame[frame.city != "Wien"],
         follow=cut(r"Wien.*\n")),
    Case("rows with gaps that the fit did not get", text(city=names("Köln", "Bonn", "", "Bern")), encoded("city"),
         "leave those rows out if it was not fitted to them", change=pd.DataFrame.dropna, follow=cut(r"(?m)^,.*\n")),
    Case("gaps in numbers that the fit did not get", text(size=names("1", "2", "", "4")), scaled(),
         "leave out the .* rows without a value of .size.", change=pd.DataFrame.dropna, follow=cut(r"(?m)^,.*\n")),
    Case("trailing blanks that were cut", text(city=names("Köln ", "Bonn", "Wien", "Bern ")), encoded("city"),
         "or save the frame that fit got", change=lambda frame: frame.assign(city=frame.city.str.strip()),
         follow=cut(" ")),
    Case("labels that were encoded", text(x=X, y=names("low", "high", "high", "low")), scaled(),
         "write into it the labels .*, such as 0", change=lambda frame: frame.assign(y=(frame.y == "low").astype(int)),
         follow=lambda content: content.replace("low", "1").replace("high", "0")),
    Case("labels that were encoded as flags are", text(x=X, y=LABEL), scaled(), "add: --true-values=yes --false",
         change=lambda frame: frame.assign(y=(frame.y == "yes").astype(int)),
         second="--true-values=yes --false-values=no"),
    Case("labels that are missing", text(x=X, y=names("a", "b", "", "b")), scaled(), "missing in .* leave those out",
         change=pd.DataFrame.dropna, follow=cut(r"(?m)^.*,\n")),
    Case("a target of text", text(x=X, y=names("low", "high", "high", "low")), LinearRegression(),
         "write the numbers into it", change=lambda frame: frame.assign(y=(frame.y == "low") * 1.0),
         follow=lambda content: content.replace("low", "1").replace("high", "0")),
    Case("an encoding that nobody knows", text(city=CITY), encoded("city"), "unknown encoding: utf8mb4",
         options="--encoding utf8mb4", second="--encoding utf-8"),
]  # fmt: skip


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*words):
        words = ["model.joblib", "--data", "rows.csv", "--name", "model", *words]
        code = main(words if "--target" in words else [*words, "--target", "y"])
        errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
        return code, "".join(errors)

    return call


def fit(case):
    """Writes rows.csv and model.joblib; returns the accuracy on the training rows (None if not a classifier)."""
    Path("rows.csv").write_bytes(case.file if isinstance(case.file, bytes) else case.file.encode())
    frame = case.change(pd.read_csv("rows.csv", **case.how))
    columns = frame.drop(columns="y")
    columns = columns if all(isinstance(name, str) for name in columns) else columns.to_numpy()
    estimator = case.estimator.fit(columns, frame["y"])
    joblib.dump(estimator, "model.joblib")
    return accuracy_score(frame["y"], estimator.predict(columns)) if hasattr(estimator, "classes_") else None


@pytest.mark.parametrize("case", MENDED, ids=lambda case: case.name)
def test_the_options_that_are_named_mend_the_reading(case, call):
    accuracy = fit(case)
    first = shlex.split(case.options)
    code, error = call(*first, "--no-metrics")
    assert code == 1
    said = shlex.split(error.partition("add: ")[2])
    assert said == shlex.split(case.advice), error
    again = call(*first, *said, "--no-metrics")
    assert again == (0, ""), again
    arguments = parse(["model.joblib", "--data", "rows.csv", "--target", "y", "--name", "m", *first, *said])
    source = Source(arguments.data, options_of(arguments), dict(arguments.dtype))
    data = read_training_data(source, ["y"], case.estimator)
    assert accuracy_score(data.y, case.estimator.predict(data.X)) == accuracy


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case.name)
def test_what_no_option_mends_says_what_to_do(case, call):
    fit(case)
    code, error = call(*shlex.split(case.options), "--no-metrics")
    assert code == 1
    assert re.search(case.advice, error), error
    if case.follow == "refit":
        case.how.clear()
        fit(case)
    elif case.follow:
        content = Path("rows.csv").read_text()
        assert case.follow(content) != content
        Path("rows.csv").write_text(case.follow(content))
    again = call(*shlex.split(case.second), "--no-metrics")
    assert again == (0, ""), again


def test_what_fit_got_is_taken_where_its_file_cannot_be_read(call):
    case = next(case for case in TOLD if case.name == "trailing blanks that were cut")
    fit(case)
    assert "X.assign(TARGET=y).to_parquet('rows.parquet')" in call()[1]
    frame = case.change(pd.read_csv("rows.csv"))
    manifest = export(case.estimator, frame[["city", "x"]], frame["y"], name="m", version="1", out="m", metrics=False)
    assert manifest["parity"]["mismatches"] == 0
    pytest.importorskip("pyarrow")
    frame.to_parquet("rows.parquet")
    assert call("--data", "rows.parquet", "--no-metrics") == (0, "")


EUROPEAN = text(";", size=[f"{kind + 1}.500" for kind in KIND])


def with_weights(frame):
    return LogisticRegression().fit(frame[["kind", "x"]], frame["y"], np.where(frame.y == "yes", 1, 0.001))


def test_numbers_that_are_read_as_others_show_in_the_score(call):
    case = Case("", EUROPEAN, DecisionTreeClassifier(max_depth=3), "", {"sep": ";", "thousands": "."})
    fit(case)
    code, error = call("--sep", ";")
    assert code == 1
    assert re.search(r"the accuracy of the estimator on the rows of rows.csv is 0\.\d+, but that of clones", error)
    said = shlex.split(error.partition("add: ")[2])
    assert said == ["--decimal=,", "--thousands=."]
    assert call("--sep", ";", *said) == (0, "")


def test_a_reading_by_which_one_answer_is_given_to_all_rows_is_no_better_one(call):
    columns = {"size": [f"{kind + 1}.500" for kind in KIND]}
    fit(Case("", text(**columns), DecisionTreeClassifier(max_depth=3), ""))
    Path("rows.csv").write_text(text(**columns, x=X, y=np.random.default_rng(1).permutation(LABEL)))
    code, error = call()
    assert code == 1
    assert "; give the rows as fit got them" in error, error


def test_a_booster_without_parameters_that_is_no_better_than_one_answer_is_a_warning(call, capsys):
    file = EUROPEAN.replace("yes", "1").replace("no", "0")
    case = Case("", file, XGBClassifier(n_estimators=5), "", {"sep": ";", "thousands": "."})
    fit(case)
    case.estimator.save_model("booster.json")
    loaded = XGBClassifier()
    loaded.load_model("booster.json")
    joblib.dump(loaded, "model.joblib")
    words = ["model.joblib", "--data", "rows.csv", "--target", "y", "--name", "model", "--sep", ";"]
    assert main(words) == 0
    assert "one constant answer to all rows of rows.csv would be better" in capsys.readouterr().err
    assert main([*words, "--decimal=,", "--thousands=."]) == 0
    assert "one constant answer to all rows" not in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--no-metrics"], ["--holdout", "rows.csv"]], ids=lambda words: words[0])
def test_weights_of_the_fit_are_no_reason_to_refuse_the_rows(words, call):
    Path("rows.csv").write_text(text(kind=KIND))
    joblib.dump(with_weights(pd.read_csv("rows.csv")), "model.joblib")
    code, error = call()
    assert code == 1
    assert "add --no-metrics, or pass rows that the fit did not get with --holdout FILE" in error
    assert call(*words) == (0, "")


def test_a_few_rows_of_an_unknown_category_are_a_warning(call, capsys):
    file = text(city=np.where(np.arange(N) < 2, "Graz", CITY))
    fit(Case("", file, encoded("city"), "", change=lambda frame: frame[frame.city != "Graz"]))
    assert main(["model.joblib", "--data", "rows.csv", "--target", "y", "--name", "model", "--no-metrics"]) == 0
    assert "the column 'city' of rows.csv holds 'Graz' in 2 of 300 rows; the encoder of" in capsys.readouterr().err
