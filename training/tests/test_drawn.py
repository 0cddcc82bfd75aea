"""Exports without rows: the proof is made from what the estimator stores about its columns."""

import lightgbm
import numpy as np
import pandas as pd
import pytest
from catboost import CatBoostRegressor
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    StandardScaler,
)
from xgboost import XGBClassifier

from sepal_export import Column, export
from sepal_export.training_data.drawn import ROWS, draw

X, Y = load_iris(return_X_y=True, as_frame=True)
X = X.set_axis(["a", "b", "c", "d"], axis=1)
# Far from the default range, from which values are drawn for a column of which nothing is known.
FAR = X + 1_000
MIXED = FAR.assign(colour=np.array(["red", "green", "blue"])[Y], size=np.arange(150) % 4, kind=pd.Categorical(Y % 2))
ESTIMATORS = {
    "scaler": make_pipeline(StandardScaler(), LogisticRegression()),
    "range": make_pipeline(MinMaxScaler(), LogisticRegression()),
    "imputer": make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()),
    "forest": RandomForestClassifier(3, random_state=0),
    "histogram": HistGradientBoostingClassifier(max_iter=3),
    "xgboost": XGBClassifier(n_estimators=3),
    "lightgbm": lightgbm.LGBMClassifier(n_estimators=3, verbose=-1),
    "catboost": CatBoostRegressor(iterations=3, verbose=0, allow_writing_files=False),
    "clusters": KMeans(3, n_init=1, random_state=0),
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_numbers_are_drawn_where_those_of_the_fit_were(name):
    drawn, columns = draw(ESTIMATORS[name].fit(FAR, Y), None)
    assert [column.name for column in columns] == ["a", "b", "c", "d"]
    assert drawn.shape == (ROWS, 4)
    assert (drawn["c"].dropna() > 990).all()
    assert (drawn["c"].dropna() < 1_020).all()
    assert drawn["c"].nunique() > 100


@pytest.mark.parametrize(("name", "is_answered"), [("scaler", False), ("imputer", True), ("histogram", True)])
def test_a_value_is_missing_where_the_estimator_answers_without(name, is_answered):
    drawn, _ = draw(ESTIMATORS[name].fit(FAR, Y), None)
    assert drawn.isna().to_numpy().any() == is_answered


def test_categories_are_those_of_the_encoders():
    encoders = make_column_transformer(
        (StandardScaler(), ["a"]), (OneHotEncoder(), ["colour"]), (OrdinalEncoder(), ["size"])
    )
    drawn, _ = draw(make_pipeline(encoders, LogisticRegression()).fit(MIXED[["size", "colour", "a"]], Y), None)
    assert set(drawn["colour"]) == {"red", "green", "blue"}
    assert set(drawn["size"]) == {0, 1, 2, 3}


def test_categories_of_pandas_are_of_its_type():
    model = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(MIXED[["a", "kind"]], Y)
    drawn, _ = draw(model, None)
    assert drawn["kind"].cat.categories.tolist() == [0, 1]


def test_no_value_of_the_fit_is_drawn():
    """A nearest-neighbours estimator stores all training values, which must not be published."""
    drawn, _ = draw(KNeighborsClassifier().fit(FAR, Y), None)
    assert not set(drawn["a"]) & set(FAR["a"])


def test_numbers_have_no_sign_where_a_negative_one_is_refused():
    model = make_pipeline(PowerTransformer("box-cox"), LogisticRegression()).fit(X, Y)
    drawn, _ = draw(model, None)
    assert (drawn > 0).to_numpy().all()


def test_a_package_without_rows_knows_no_baseline(tmp_path):
    said = []
    model = make_pipeline(StandardScaler(), RandomForestClassifier(3, random_state=0)).fit(FAR.to_numpy(), Y)
    columns = [Column("a", unit="cm"), Column("b", dtype="float32"), *"cd"]
    manifest = export(model, None, None, features=columns, name="iris", version="1", out=tmp_path, say=said.append)
    assert [feature["baseline"] for feature in manifest["features"]] == [None] * 4
    assert [feature["dtype"] for feature in manifest["features"]] == ["float64", "float32", "float64", "float64"]
    assert manifest["features"][0]["unit"] == "cm"
    assert manifest["metrics"] == {"protocol": "not measured: there are no rows", "values": {}}
    assert manifest["parity"]["rows"] >= 20_000
    # The proof reaches the thresholds of the trees, although a scaler precedes them.
    trees = [each.tree_ for each in model[-1].estimators_]
    thresholds = {np.float32(value) for tree in trees for value in tree.threshold[tree.feature >= 0]}
    assert manifest["parity"]["points"]["thresholds"] >= 6 * len(thresholds)
    assert "training" not in manifest["parity"]["points"]
    assert "any number" in said[0]
    assert "deciles" not in said[0]


def test_a_model_that_knows_no_names_is_asked_for_them():
    with pytest.raises(ValueError, match="was fitted to 4 columns without names; name them, or give the rows"):
        draw(LogisticRegression(max_iter=1000).fit(X.to_numpy(), Y), None)


def refuse_all(values):
    raise ValueError("not these")


def test_an_estimator_that_refuses_drawn_rows_needs_the_rows_of_its_fit(tmp_path):
    model = make_pipeline(FunctionTransformer(feature_names_out="one-to-one"), LogisticRegression(max_iter=1000)).fit(
        X, Y
    )
    model.steps[0] = ("refuses", FunctionTransformer(refuse_all))
    with pytest.raises(ValueError, match=r"does not answer rows that were made .*not these.*give the rows of its fit"):
        draw(model, [Column(name) for name in X])
