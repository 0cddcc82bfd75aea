"""The metrics of a model, and the protocol by which they were measured."""

import warnings

import numpy as np
import pandas as pd
import pytest
from catboost import CatBoostClassifier, CatBoostRegressor
from lightgbm import LGBMClassifier, LGBMRanker, early_stopping
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.metrics import accuracy_score, log_loss, r2_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.model_selection import cross_validate as scikit_learns
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from sepal_export import export
from sepal_export.evaluation.cross_validation import cross_validate
from sepal_export.evaluation.evaluate import difference, evaluate, is_useless, on_holdout

X, Y = load_iris(return_X_y=True)
NOT_FITTED = "not measured: it could not be fitted to a part of the rows and judged by the others"
IRIS = {"accuracy": {"mean": 0.96, "std": 0.0133}, "log_loss": {"mean": 0.1548, "std": 0.0157}}


def classifier():
    return make_pipeline(StandardScaler(), LogisticRegression())


@pytest.fixture
def mixed():
    return pd.DataFrame(X, columns=list("abcd")).assign(size=np.where(X[:, 0] > 6, "large", "small"))


@pytest.mark.parametrize(
    "labels", [Y, Y.astype(str), Y.astype(str).astype(object), pd.Series(Y).astype(str), Y.tolist()]
)
def test_iris_is_measured_the_same_whatever_its_labels_are(labels):
    metrics = cross_validate(classifier(), X, labels).metrics
    assert metrics.values == IRIS
    assert metrics.protocol == "stratified 5-fold cross-validation of 150 rows, shuffled with seed 0"


def test_classes_that_are_fractions_are_measured_as_others_are():
    estimator = CatBoostClassifier(iterations=5, thread_count=1, verbose=False, allow_writing_files=False)
    whole, fractions = (cross_validate(estimator, X, classes[Y]) for classes in np.array([[0, 1, 2], [0, 0.5, 2]]))
    assert whole.metrics.values["accuracy"]["mean"] > 0.9
    assert fractions.metrics == whole.metrics


def test_the_metrics_are_those_of_scikit_learn():
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    scores = scikit_learns(classifier(), X, Y == 1, cv=folds, scoring=["accuracy", "neg_log_loss"])
    values = cross_validate(classifier(), X, Y == 1).metrics.values
    assert values["accuracy"]["mean"] == round(scores["test_accuracy"].mean(), 4)
    assert values["log_loss"]["mean"] == round(-scores["test_neg_log_loss"].mean(), 4)


def test_every_row_is_answered_by_the_fold_that_had_not_seen_it():
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    held_out = cross_validate(classifier(), pd.DataFrame(X), Y).held_out
    assert held_out.labels.tolist() == cross_val_predict(classifier(), X, Y, cv=folds).tolist()
    np.testing.assert_allclose(
        held_out.scores, cross_val_predict(classifier(), X, Y, cv=folds, method="predict_proba"), atol=1e-12
    )


def test_the_estimator_is_not_changed():
    estimator = classifier().fit(X, Y)
    before = estimator[-1].coef_.copy()
    cross_validate(estimator, X[:100], Y[:100])
    assert (estimator[-1].coef_ == before).all()


def test_a_rare_class_makes_fewer_folds():
    metrics = cross_validate(classifier(), X[:103], Y[:103]).metrics
    assert metrics.protocol == "stratified 3-fold cross-validation of 103 rows, shuffled with seed 0"
    assert metrics.values["accuracy"]["mean"] > 0.9


def test_few_rows_make_fewer_folds():
    metrics = cross_validate(Ridge(), X[:7], X[:7, 0]).metrics
    assert metrics.protocol == "3-fold cross-validation of 7 rows, shuffled with seed 0"


def test_a_regressor_has_its_own_metrics():
    values = cross_validate(Ridge(), *load_diabetes(return_X_y=True)).metrics.values
    assert set(values) == {"r2", "mean_absolute_error"}
    assert 40 < values["mean_absolute_error"]["mean"] < 60


def test_a_small_error_keeps_its_digits():
    X, y = load_diabetes(return_X_y=True)
    large, small = (cross_validate(Ridge(), X, y * scale).metrics.values for scale in (1, 1e-6))
    assert small["mean_absolute_error"]["mean"] == pytest.approx(large["mean_absolute_error"]["mean"] * 1e-6, rel=1e-3)


@pytest.mark.parametrize(
    ("estimator", "rows", "reason"),
    [
        (classifier(), 101, "the class '2' has 1 row, too few"),
        (Ridge(), 3, "the data has 3 rows, too few"),
        (
            CalibratedClassifierCV(FrozenEstimator(classifier().fit(X, Y))),
            150,
            "a FrozenEstimator cannot be fitted again",
        ),
        (make_pipeline(FrozenEstimator(StandardScaler().fit(X)), LogisticRegression()), 150, "a FrozenEstimator"),
    ],
    ids=["rare class", "few rows", "frozen", "frozen transformer"],
)
def test_what_cannot_be_measured_says_why(estimator, rows, reason):
    evaluation = cross_validate(estimator, X[:rows], Y[:rows])
    assert evaluation.metrics.values == {}
    assert evaluation.metrics.protocol.startswith("not measured: ")
    assert reason in evaluation.metrics.protocol
    assert evaluation.folds == ()


@pytest.mark.parametrize(
    ("estimator", "error"),
    [
        (XGBClassifier(n_estimators=3, early_stopping_rounds=2), "Must have at least 1 validation dataset"),
        (CalibratedClassifierCV(classifier(), cv=45), "Requesting 45-fold"),
    ],
    ids=["early stopping", "inner folds"],
)
def test_what_a_fold_raises_is_told_to_who_exports(estimator, error):
    with pytest.warns(UserWarning, match=f"^not cross-validated: it could not be fitted to a part .*: .*{error}"):
        assert cross_validate(estimator, X, Y).metrics.protocol == NOT_FITTED


def test_a_category_that_a_fold_does_not_know_is_not_published(mixed):
    rare = mixed.assign(size=np.where(np.arange(150) == 3, "rare", "usual"))
    estimator = make_pipeline(ColumnTransformer([("size", OneHotEncoder(), ["size"])]), LogisticRegression())
    with pytest.warns(UserWarning, match=r"Found unknown categories \['rare'\]"):
        assert cross_validate(estimator, rare, Y).metrics.protocol == NOT_FITTED


def test_what_a_fit_to_all_rows_raises_is_not_published():
    estimator = LogisticRegression(max_iter=1000).fit(X, Y)
    estimator.C = "Ada Lovelace"
    with pytest.warns(UserWarning, match="^not cross-validated: .*Ada Lovelace"):
        reason = difference(estimator, X, Y)
    assert reason == "it could not be fitted to the rows again"


@pytest.mark.parametrize(
    "estimator",
    [
        CatBoostClassifier(iterations=5, cat_features=["size"]),
        make_pipeline(CatBoostClassifier(iterations=5, cat_features=["size"], logging_level="Silent")),
        CatBoostRegressor(iterations=5, cat_features=["size"]),
    ],
    ids=["classifier", "pipeline", "regressor"],
)
def test_catboost_is_measured_and_leaves_no_trace(estimator, mixed, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    values = cross_validate(estimator, mixed, Y).metrics.values
    assert max(values.get("accuracy", values.get("r2")).values()) > 0.85
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    "estimator",
    [XGBClassifier(n_estimators=5), LGBMClassifier(n_estimators=5, verbose=-1)],
    ids=["xgboost", "lightgbm"],
)
def test_boosters_are_measured_without_a_warning(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cross_validate(estimator, X, Y).metrics.values["accuracy"]["mean"] > 0.85


def test_what_the_folds_warn_about_is_not_said_again():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cross_validate(LogisticRegression(max_iter=2), X, Y).metrics.values


def test_classes_without_an_order_are_not_measured():
    measured = cross_validate(LogisticRegression(), np.eye(4), np.array([1, "a", 1, "a"], dtype=object)).metrics
    assert measured.protocol == "not measured: the classes of y are of types that have no order"


@pytest.fixture
def other_rows():
    """Rows with random labels: early stopping on them ends the fit soon."""
    return X + 0.1, np.random.default_rng(0).permutation(Y)


def loaded(tmp_path, **parameters):
    XGBClassifier(**parameters).fit(X, Y).save_model(tmp_path / "model.json")
    estimator = XGBClassifier()
    estimator.load_model(tmp_path / "model.json")
    return estimator


def assert_is_its_own(estimator, reason, X=X, Y=Y):
    metrics = evaluate(estimator, X, Y).metrics
    assert metrics.values["accuracy"]["mean"] == round(accuracy_score(Y, estimator.predict(X)), 4)
    assert metrics.values["log_loss"]["mean"] == round(log_loss(Y, estimator.predict_proba(X)), 4)
    assert metrics.values["log_loss"]["std"] > 0
    assert metrics.protocol.startswith(
        f"the model itself on the {len(Y)} rows given, which it may have been fitted to (not cross-validated: "
    )
    assert reason in metrics.protocol


@pytest.mark.parametrize(
    "estimator",
    [
        classifier(),
        RandomForestClassifier(10),
        DecisionTreeClassifier(max_depth=2),
        make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss")),
        HistGradientBoostingClassifier(max_iter=20, early_stopping=True),
        GradientBoostingClassifier(n_estimators=5),
        XGBClassifier(n_estimators=5),
        LGBMClassifier(n_estimators=5, verbose=-1),
        LGBMClassifier(num_iterations=5, verbose=-1),
        CatBoostClassifier(iterations=5, verbose=False, allow_writing_files=False),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_what_its_parameters_make_again_is_cross_validated(estimator):
    # Estimators without a random_state use this generator, and another seed may fit another kind of model.
    np.random.seed(0)
    evaluation = evaluate(estimator.fit(X, Y), X, Y)
    assert len(evaluation.folds) == 5
    assert evaluation.metrics.protocol == "stratified 5-fold cross-validation of 150 rows, shuffled with seed 0"


def test_a_model_of_most_of_the_rows_is_cross_validated():
    train = np.random.default_rng(0).permutation(150)[:110]
    assert evaluate(RandomForestClassifier(20).fit(X[train], Y[train]), X, Y).folds


def test_a_loaded_booster_is_shown_with_its_own_scores(tmp_path):
    estimator = loaded(tmp_path, n_estimators=20, learning_rate=0.03, max_depth=2)
    assert_is_its_own(estimator, "has 20 rounds of trees although its parameters say 100")


def test_a_loaded_booster_of_the_default_number_of_trees_is_shown_with_its_own_scores(tmp_path):
    assert_is_its_own(loaded(tmp_path, learning_rate=0.003, max_depth=2), "gives other answers, 0.")


def test_boosters_that_were_stopped_early_are_shown_with_their_own_scores(other_rows):
    xgboost = XGBClassifier(n_estimators=50, early_stopping_rounds=2).fit(X, Y, eval_set=[other_rows], verbose=False)
    lightgbm = LGBMClassifier(n_estimators=50, verbose=-1).fit(
        X, Y, eval_X=other_rows[0], eval_y=other_rows[1], callbacks=[early_stopping(2, verbose=False)]
    )
    catboost = CatBoostClassifier(iterations=50, verbose=False, allow_writing_files=False)
    catboost.fit(X, Y, eval_set=other_rows)
    for estimator in (xgboost, lightgbm, catboost):
        assert_is_its_own(estimator, "of trees although its parameters say 50")


def test_training_that_was_continued_is_not_done_again():
    first = XGBClassifier(n_estimators=5).fit(X, Y)
    assert_is_its_own(XGBClassifier(n_estimators=5).fit(X, Y, xgb_model=first), "has 10 rounds of trees")


def test_weights_are_not_in_the_parameters():
    estimator = LogisticRegression(max_iter=1000).fit(X, Y, sample_weight=np.where(Y == 1, 0.01, 1))
    assert_is_its_own(estimator, "gives other answers")


def test_what_is_frozen_is_shown_with_its_own_scores():
    estimator = CalibratedClassifierCV(FrozenEstimator(classifier().fit(X, Y))).fit(X, Y)
    assert_is_its_own(estimator, "a FrozenEstimator cannot be fitted again")


def test_a_model_with_few_rows_is_shown_with_its_own_scores():
    estimator = Ridge().fit(X[:, :3], X[:, 3])
    metrics = evaluate(estimator, X[:3, :3], X[:3, 3]).metrics
    assert metrics.values["r2"] == {"mean": round(r2_score(X[:3, 3], estimator.predict(X[:3, :3])), 4), "std": 0.0}
    assert "the data has 3 rows, too few" in metrics.protocol


def test_a_model_that_is_worse_on_its_rows_than_clones_is_doubted():
    doubt = evaluate(classifier().fit(X, Y), X[:, ::-1], Y).doubt
    assert (doubt.metric, doubt.others) == ("accuracy", 0.96)
    assert doubt.own < doubt.least < doubt.others
    data = load_diabetes(return_X_y=True)
    assert evaluate(Ridge(alpha=0.01).fit(*data), data[0] * 3, data[1]).doubt.metric == "r2"


def test_a_model_that_is_itself_is_not_doubted():
    assert evaluate(classifier().fit(X, Y), X, Y).doubt is None


def test_one_row_has_no_r2():
    estimator = Ridge().fit(X[:, :3], X[:, 3])
    for measured in (on_holdout(estimator, X[:1, :3], X[:1, 3]), evaluate(estimator, X[:1, :3], X[:1, 3])):
        assert list(measured.metrics.values) == ["mean_absolute_error"]
        assert not is_useless(measured, X[:1, 3])


def test_rows_that_the_fit_did_not_get_are_the_measure_where_they_are_given():
    estimator = classifier().fit(X[::2], Y[::2])
    metrics = on_holdout(estimator, X[1::2], Y[1::2]).metrics
    assert metrics.values["accuracy"]["mean"] == round(accuracy_score(Y[1::2], estimator.predict(X[1::2])), 4)
    assert metrics.protocol == "the model itself on 75 rows that its fit did not get"


def test_an_export_of_other_answers_than_those_of_its_fit_is_refused(tmp_path):
    y = (Y > 0).astype(int)
    said = r"the accuracy of the estimator on X and y is 0\.0, but that of clones, .*, is 1\.0 on the others; give X"
    with pytest.raises(ValueError, match=said):
        export(classifier().fit(X, y), X, 1 - y, name="iris", version="1", out=tmp_path / "iris")
    assert not (tmp_path / "iris").exists()
    export(classifier().fit(X, y), X, 1 - y, name="iris", version="1", out=tmp_path / "iris", metrics=False)


def test_a_ranker_is_not_measured():
    X, y = load_iris(return_X_y=True)
    ranker = LGBMRanker(n_estimators=2, n_jobs=1, verbose=-1).fit(X, y, group=[10] * 15)
    assert evaluate(ranker, X, y).metrics.protocol.startswith("not measured: a ranker orders rows")
