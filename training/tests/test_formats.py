"""Boosters of XGBoost, LightGBM and CatBoost: the export answers what they answer."""

import json

import catboost
import joblib
import lightgbm
import numpy as np
import pytest
import xgboost
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from sepal_export import ConversionError, export
from sepal_export.loading.load import LoadError, load
from sepal_export.originals.boosters import of_catboost, of_lightgbm, of_xgboost
from sepal_export.originals.wrappers import as_estimator

IRIS, SPECIES = load_iris(return_X_y=True, as_frame=True)
CANCER, MALIGNANT = load_breast_cancer(return_X_y=True, as_frame=True)
DIABETES, PROGRESS = load_diabetes(return_X_y=True, as_frame=True)
ROUNDS = 4
# CatBoost would write files into the working directory during a fit.
QUIET = {"verbose": 0, "allow_writing_files": False}


def xgboost_booster(objective="multi:softprob", X=IRIS, y=SPECIES, **others):
    return xgboost.train({"objective": objective, **others}, xgboost.DMatrix(X, label=y), ROUNDS)


def lightgbm_booster(objective="multiclass", X=IRIS, y=SPECIES, **others):
    return lightgbm.train({"objective": objective, "verbose": -1, **others}, lightgbm.Dataset(X, y), ROUNDS)


def catboost_model(kind=catboost.CatBoostClassifier, X=IRIS, y=SPECIES, **others):
    return kind(iterations=ROUNDS, **QUIET, **others).fit(X, y)


def read(path, warned=None):
    return load(path, warn=([] if warned is None else warned).append).estimator


@pytest.mark.parametrize("name", ["model.json", "model.ubj", "model", "model.txt"])
def test_xgboost_s_files_are_known_by_what_they_hold(name, tmp_path):
    booster = xgboost_booster(num_class=3)
    kind = "json" if name == "model.json" else "ubj"
    (tmp_path / name).write_bytes(booster.save_raw(kind))
    warned = []
    estimator = read(tmp_path / name, warned)
    np.testing.assert_array_equal(estimator.predict_proba(IRIS), booster.predict(xgboost.DMatrix(IRIS)))
    assert warned == []


def test_lightgbm_s_text_is_read(tmp_path):
    booster = lightgbm_booster(num_class=3)
    booster.save_model(tmp_path / "model.txt")
    estimator = read(tmp_path / "model.txt")
    np.testing.assert_array_equal(estimator.predict_proba(IRIS), booster.predict(IRIS))
    assert estimator.predict(IRIS).tolist() == booster.predict(IRIS).argmax(axis=1).tolist()


@pytest.mark.parametrize("kind", ["cbm", "json"])
def test_catboost_s_files_are_read_with_their_classes(kind, tmp_path):
    model = catboost_model(y=SPECIES.map(dict(enumerate(["setosa", "versicolor", "virginica"]))))
    model.save_model(str(tmp_path / "model"), format=kind)
    estimator = read(tmp_path / "model")
    assert estimator.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    # The JSON format stores the values of leaves with fewer digits than the model.
    np.testing.assert_allclose(estimator.predict_proba(IRIS), model.predict_proba(IRIS), rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    "make",
    [
        lambda: xgboost_booster("binary:logistic", CANCER, MALIGNANT),
        lambda: lightgbm_booster("binary", CANCER, MALIGNANT),
        lambda: catboost.CatBoost({"loss_function": "Logloss", "iterations": ROUNDS, **QUIET}).fit(CANCER, MALIGNANT),
    ],
    ids=["xgboost", "lightgbm", "catboost"],
)
@pytest.mark.filterwarnings("default:X does not have valid feature names")
def test_a_booster_of_two_classes_is_exported_and_a_pickle_of_it_answers_the_same(make, tmp_path):
    booster = make()
    manifest = export(
        booster, CANCER, MALIGNANT, name="cancer", version="1", out=tmp_path / "cancer", say=lambda text: None
    )
    assert manifest["classes"] == [0, 1]
    assert manifest["parity"]["mismatches"] == 0
    assert "made from a booster, which does not keep the parameters" in manifest["metrics"]["protocol"]
    joblib.dump(booster, tmp_path / "model.joblib")
    again, wrapped = read(tmp_path / "model.joblib"), as_estimator(booster)
    np.testing.assert_array_equal(again.predict_proba(CANCER), wrapped.predict_proba(CANCER))


@pytest.mark.parametrize(
    ("booster", "kind"),
    [
        (xgboost_booster("reg:squarederror", DIABETES, PROGRESS), "XGBRegressor"),
        (xgboost_booster("rank:pairwise", DIABETES, PROGRESS > 100), "XGBRanker"),
        (lightgbm_booster("poisson", DIABETES, PROGRESS), "LGBMRegressor"),
        (lightgbm_booster("cross_entropy", DIABETES, PROGRESS / 400), "LGBMRegressor"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_objective_says_what_a_booster_answers(booster, kind):
    wrap, rows = (of_xgboost, xgboost.DMatrix(DIABETES)) if kind.startswith("XGB") else (of_lightgbm, DIABETES)
    estimator = wrap(booster)
    assert type(estimator).__name__ == kind
    np.testing.assert_array_equal(estimator.predict(DIABETES), booster.predict(rows))


def stopped_early():
    rows = xgboost.DMatrix(DIABETES, label=PROGRESS)
    other = xgboost.DMatrix(DIABETES, label=-PROGRESS)
    return xgboost.train({}, rows, 20, evals=[(other, "other")], early_stopping_rounds=3, verbose_eval=False)


def test_a_booster_that_was_stopped_early_answers_from_all_rounds_and_says_so():
    booster = stopped_early()
    assert booster.best_iteration + 1 < booster.num_boosted_rounds()
    with pytest.warns(UserWarning, match=r"answers from all 4 rounds.*export booster\[:1\]"):
        estimator = of_xgboost(booster)
    np.testing.assert_array_equal(estimator.predict(DIABETES), booster.predict(xgboost.DMatrix(DIABETES)))
    assert booster.best_iteration == 0


def test_an_estimator_that_was_stopped_early_and_saved_answers_from_its_best_rounds(tmp_path):
    model = xgboost.XGBRegressor(n_estimators=20, early_stopping_rounds=3)
    model.fit(DIABETES, PROGRESS, eval_set=[(DIABETES, -PROGRESS)], verbose=False)
    model.save_model(tmp_path / "model.ubj")
    np.testing.assert_array_equal(read(tmp_path / "model.ubj").predict(DIABETES), model.predict(DIABETES))


def of_python(scores, rows):
    return scores - rows.get_label(), np.ones(len(scores))


def test_a_booster_whose_objective_is_python_code_is_refused():
    booster = lightgbm.train({"objective": of_python, "verbose": -1}, lightgbm.Dataset(IRIS, SPECIES), 2)
    with pytest.raises(ConversionError, match=r"objective of this lightgbm.Booster is Python code"):
        of_lightgbm(booster)


def test_a_logarithm_is_not_taken_for_a_value():
    """CatBoost.predict answers the logarithm of what CatBoostRegressor.predict answers."""
    model = catboost.CatBoost({"loss_function": "Poisson", "iterations": ROUNDS, **QUIET}).fit(DIABETES, PROGRESS)
    with pytest.raises(ConversionError, match=r"returns the logarithm of the value, .* save_model\('model.cbm'\)"):
        of_catboost(model)


def test_a_saved_catboost_regressor_predicts_values_as_the_refusal_says(tmp_path):
    model = catboost_model(catboost.CatBoostRegressor, DIABETES, PROGRESS, loss_function="Poisson")
    model.save_model(str(tmp_path / "model.cbm"))
    np.testing.assert_array_equal(read(tmp_path / "model.cbm").predict(DIABETES), model.predict(DIABETES))


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: xgboost_booster(num_class=3).dump_model(path, dump_format="json"), r"save_model\('model.json'\)"),
        (lambda path: xgboost_booster(num_class=3).dump_model(path), r"save_model\('model.json'\)"),
        (lambda path: path.write_text(json.dumps(lightgbm_booster(num_class=3).dump_model())), "model.txt"),
        (lambda path: path.write_bytes(b"binf\0\0\0"), "XGBoost's old binary format"),
        (lambda path: path.write_bytes(b'{"learner": 3}'), "cannot be read"),
        (lambda path: path.write_bytes(b"CBM1 and no more"), "cannot be read"),
    ],
)
def test_what_only_looks_like_a_model_is_refused(write, message, tmp_path):
    write(tmp_path / "model")
    with pytest.raises(LoadError, match=message):
        read(tmp_path / "model")


def test_a_library_that_is_not_installed_is_asked_for(tmp_path, monkeypatch):
    lightgbm_booster(num_class=3).save_model(tmp_path / "model.txt")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(LoadError, match="pip install lightgbm"):
        read(tmp_path / "model.txt")
