"""Reads CSV files as the estimator expects them, and explains what is wrong with others."""

import gzip

import numpy as np
import pandas as pd
import pytest
from catboost import CatBoostClassifier
from interpret.glassbox import ExplainableBoostingClassifier
from lightgbm import LGBMClassifier
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

from sepal_export.training_data.prepare import names_of
from sepal_export.training_data.reading import read_training_data
from sepal_export.training_data.source import DataError, Source

FRAME = pd.DataFrame({"height": [1.5, 2.25, 3.125, 0.1], "count": [1, 2, 3, 4]})
LABELS = ["no", "yes", "yes", "no"]


@pytest.fixture
def write(tmp_path):
    def write(text, name="rows.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def of_frame(labels=LABELS, frame=FRAME):
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, labels)


def of_array(labels=LABELS, columns=2):
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(np.arange(4 * columns).reshape(4, -1) / 2, labels)


def read(path, estimator, options=None, **dtypes):
    return read_training_data(Source(path, options or {}, dtypes), ["answer"], estimator)


ROWS = "count,id,height,answer\n1,a,1.5,no\n2,b,2.25,yes\n3,c,3.125,yes\n4,d,0.1,no\n"


def test_a_frame_has_the_columns_of_the_estimator_in_its_order(write):
    data = read(write(ROWS), of_frame())
    pd.testing.assert_frame_equal(data.X, FRAME)
    assert data.y.tolist() == LABELS
    assert data.names == ["height", "count"]
    assert data.ignored == ["id"]


def test_an_estimator_without_names_gets_an_array_of_float64(write):
    data = read(write("height,count,answer\n1.5,1,no\n2.5,2,yes\n"), of_array())
    assert data.X.dtype == np.float64
    assert data.X.tolist() == [[1.5, 1], [2.5, 2]]
    assert data.names == ["height", "count"]


def test_an_array_with_strings_is_of_objects(write):
    estimator = make_pipeline(make_column_transformer((OneHotEncoder(), [0])), LogisticRegression())
    estimator.fit(np.array([["a", 1], ["b", 2]], dtype=object), LABELS[:2])
    data = read(write("letter,count,answer\na,1,no\nb,2,yes\n"), estimator)
    assert data.X.tolist() == [["a", 1], ["b", 2]]


def test_strings_of_digits_stay_strings_in_an_array(write):
    estimator = make_pipeline(make_column_transformer((OneHotEncoder(), [0])), LogisticRegression())
    estimator.fit(np.array([["007", 1], ["8", 2]], dtype=object), LABELS[:2])
    data = read(write("zip,count,answer\n007,1,no\n8,2,yes\n"), estimator, zip="string")
    assert data.X.tolist() == [["007", 1], ["8", 2]]


@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz"])
def test_compressed_rows_are_read(name, tmp_path):
    (tmp_path / name).write_bytes(gzip.compress(ROWS.encode()) if name.endswith("gz") else ROWS.encode())
    assert len(read(tmp_path / name, of_frame()).X) == 4


def test_numbers_are_read_to_the_last_digit(write):
    random = np.random.default_rng(0)
    numbers = random.normal(size=2000) * 10.0 ** random.integers(-300, 300, 2000)
    rows = "".join(f"{number!r},1,no\n" for number in numbers.tolist())
    data = read(write(f"height,count,answer\n{rows}"), of_frame())
    assert data.X["height"].tolist() == numbers.tolist()


def test_missing_values_are_those_of_pandas(write):
    frame = pd.DataFrame({"country": ["NA", "None", "nan", "FR"], "count": [1.0, 2, 3, 4]})
    estimator = make_pipeline(make_column_transformer((OneHotEncoder(), ["country"])), LogisticRegression())
    path = write("country,count,answer\nNA,1,no\nNone,,yes\nnan,3,yes\nFR,NULL,no\n")
    as_texts = read(path, estimator.fit(frame, LABELS), {"keep_default_na": False, "na_values": ["", "NULL"]})
    assert as_texts.X["country"].tolist() == ["NA", "None", "nan", "FR"]
    assert as_texts.X["count"].isna().tolist() == [False, True, False, True]
    data = read(path, estimator.fit(frame.assign(country=[None, None, None, "FR"]), LABELS))
    assert data.X["country"].isna().tolist() == [True, True, True, False]
    assert data.X["count"].isna().tolist() == [False, True, False, True]


def test_types_are_those_of_the_data_unless_said(write):
    rows = "flag,zip,count,size,answer\nTrue,007,1,small,no\nFalse,8,2,large,yes\n"
    frame = pd.DataFrame({"flag": [True, False], "zip": ["007", "8"], "count": [1, 2], "size": ["small", "large"]})
    estimator = make_pipeline(make_column_transformer((OneHotEncoder(), list(frame))), LogisticRegression())
    data = read(write(rows), estimator.fit(frame, LABELS[:2]), zip="string", size="category")
    assert data.X["zip"].tolist() == ["007", "8"]
    assert data.X["flag"].dtype == bool
    assert data.X["count"].dtype == np.int64
    assert data.X["size"].dtype == "category"


@pytest.mark.parametrize(
    ("labels", "column", "expected"),
    [
        ([0, 1, 1, 0], "0110", [0, 1, 1, 0]),
        (["0", "1", "1", "0"], "0110", ["0", "1", "1", "0"]),
        ([False, True, True, False], ["False", "True", "True", "False"], [False, True, True, False]),
        ([0.0, 1.0, 1.0, 0.0], ["0.0", "1.0", "1", "0"], [0.0, 1.0, 1.0, 0.0]),
        (["7", "8", "8", "7"], ["007", "8", "8", "007"], ["7", "8", "8", "7"]),
        (["007", "8", "8", "007"], ["007", "8", "8", "007"], ["007", "8", "8", "007"]),
        (["True", "False", "False", "True"], ["TRUE", "False", "false", "true"], ["True", "False", "False", "True"]),
    ],
    ids=["int", "string", "bool", "float", "read as 7", "read as 007", "made of flags"],
)
def test_labels_are_of_the_estimator_s_type(labels, column, expected, write):
    rows = "".join(f"1,{index},{label}\n" for index, label in enumerate(column))
    data = read(write(f"height,count,answer\n{rows}"), of_frame(labels))
    assert data.y.tolist() == expected
    assert [type(label) for label in data.y.tolist()] == [type(label) for label in labels]


def test_a_regressor_s_target_is_of_float64(write):
    data = read(write("height,count,answer\n1,1,3\n2,2,4\n"), Ridge().fit(FRAME, [1, 2, 3, 4]))
    assert data.y.dtype == np.float64


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("height,count,x\n1,2,3\n", r"has no column 'answer' for the target; it has 'height', 'count', 'x'; name one"),
        ("height;count;answer\n1;2;no\n", r"it has 'height;count;answer'; add: '--sep=;'$"),
        ("height,answer\n1,no\n", r"lacks columns that the estimator was fitted to: 'count'; it has 'height'; name"),
        ("height,count,answer\n", r"has no rows; expected a header row and rows$"),
        ("", r"is empty; expected a header row and rows$"),
        ("height,count,answer\n1,2,no,3\n4,5,yes,6\n", r"holds 'no', 'yes' .* \(the rows have more fields than "),
        ("height,count,answer\n1,2,no\n4,5,yes,6\n", r"cannot be read as CSV: .*Expected 3 fields in line 3, saw 4"),
        ("height,count,answer\n1,2,perhaps\n1,2,no\n", r"holds 'perhaps', which the .* are 'no', 'yes'; write into it"),
        ("height,count,answer\n1,2,\n1,2,no\n", r"target 'answer' of .* is missing in 1 row; leave those out$"),
        ("height,count,answer\n1,2,no\nNA,2,no\n3,4,yes\n", r"leave out the 1 row without a value of 'height'$"),
        ("height,count,answer\n1,2,no\n?,2,no\n3,4,yes\n", r"'height' of .* holds '\?' among its numbers in 1 of 3"),
    ],
)
def test_a_file_that_does_not_fit_says_what_to_do(text, message, write):
    with pytest.raises(DataError, match=message):
        read(write(text), of_frame())


def test_a_file_in_another_encoding_is_refused(write):
    with pytest.raises(DataError, match="is not in utf-8; name its encoding"):
        read(write("höhe,answer\n1,no\n", encoding="latin-1"), of_frame())


def test_a_byte_order_mark_is_not_a_part_of_the_first_name(write):
    assert read(write(ROWS, encoding="utf-8-sig"), of_frame()).names == ["height", "count"]


def test_a_file_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        read(tmp_path / "rows.csv", of_frame())


def test_another_number_of_columns_than_an_array_had_is_refused(write):
    with pytest.raises(DataError, match=r"has 3 columns beside the target \('count', 'id', 'height'\), .* to 2 "):
        read(write(ROWS), of_array())


def test_a_type_for_no_column_is_refused(write):
    with pytest.raises(DataError, match="has no column 'weight' to be of type float64; it has 'count', 'id', 'height'"):
        read(write(ROWS), of_frame(), weight="float64")


def test_a_column_that_is_said_to_be_of_numbers_must_hold_them(write):
    with pytest.raises(DataError, match=r"the column 'height' of .* holds 'tall', 'small' among its numbers"):
        read(write("height,count,answer\ntall,1,no\nsmall,2,yes\n1,3,no\n"), of_frame(), height="float64")


def test_labels_of_text_for_an_estimator_of_numbers_are_named(write):
    with pytest.raises(DataError, match="holds 'no', 'yes', which the estimator does not know; its classes are 0, 1"):
        read(write(ROWS), of_frame([0, 1, 1, 0]))


def test_a_target_of_text_for_a_regressor_is_named(write):
    with pytest.raises(DataError, match="holds 'no', 'yes', but the estimator predicts numbers"):
        read(write(ROWS), Ridge().fit(FRAME, [1, 2, 3, 4]))


def test_many_columns_are_not_all_listed(write):
    names = ",".join(f"c{index}" for index in range(30))
    with pytest.raises(DataError, match=r"'c19' and 10 more; name one of those"):
        read(write(f"{names}\n{','.join('1' * 30)}\n"), of_frame())


@pytest.mark.parametrize(
    "estimator",
    [
        CatBoostClassifier(iterations=2, verbose=False, allow_writing_files=False),
        make_pipeline(CatBoostClassifier(iterations=2, verbose=False, allow_writing_files=False)),
        LGBMClassifier(n_estimators=2, verbose=-1),
        XGBClassifier(n_estimators=2),
        make_pipeline(FunctionTransformer(), LogisticRegression()),
    ],
    ids=["catboost", "catboost in a pipeline", "lightgbm", "xgboost", "function"],
)
def test_estimators_of_frames_and_of_arrays_are_told_apart(estimator):
    labels = [0, 1, 1, 0]
    assert names_of(estimator.fit(FRAME.to_numpy(), labels)) is None
    assert names_of(estimator.fit(FRAME, labels)) == ["height", "count"]


def test_names_that_interpret_made_up_are_those_of_the_file(write):
    estimator = ExplainableBoostingClassifier(outer_bags=1, max_rounds=2, interactions=0, n_jobs=1)
    data = read(write("height,count,answer\n1.5,1,no\n2.5,2,yes\n"), estimator.fit(FRAME.to_numpy(), LABELS))
    assert data.names == ["height", "count"]
    assert data.X.columns.tolist() == estimator.feature_names_in_
