import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.datasets import load_diabetes
from sklearn.ensemble import (
    AdaBoostRegressor,
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.linear_model import Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset

xgboost = pytest.importorskip("xgboost")

diabetes = load_diabetes(return_X_y=True)
# The machine epsilon of float32 is 1.2e-7, and the proof rounds errors up to a power of ten.
ULP = 1e-6


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


def classifier(**options):
    return xgboost.XGBClassifier(**{"n_estimators": 20, "max_depth": 4, "n_jobs": 1} | options)


def regressor(**options):
    return xgboost.XGBRegressor(**{"n_estimators": 20, "max_depth": 4, "n_jobs": 1} | options)


def with_missing(X):
    return np.where(np.random.default_rng(1).random(X.shape) < 0.15, np.nan, X)


def stopping_early(estimator, X, y):
    """Fits with early stopping; later calls of `fit` return the estimator unchanged."""
    estimator.fit(X[::2], y[::2], eval_set=[(X[1::2], y[1::2])], verbose=False)
    estimator.fit = lambda X, y: estimator
    return estimator


@pytest.mark.parametrize("missing", [False, True], ids=["complete", "missing"])
@pytest.mark.parametrize("classes", [2, 3, 7])
def test_a_classifier(classes, missing):
    X, y = blobs(classes=classes)
    X = with_missing(X) if missing else X
    for estimator in (classifier(), scaled(classifier())):
        parity = check(estimator, X, y)
        assert parity.largest_error <= ULP
        assert parity.tolerance == 1e-6
        assert parity.points["thresholds"] > 100


@pytest.mark.parametrize(
    "options",
    [
        {"booster": "dart", "rate_drop": 0.3},
        {"booster": "gblinear", "max_depth": None},
        {"num_parallel_tree": 3, "subsample": 0.5, "n_estimators": 5},
        {"grow_policy": "lossguide", "max_leaves": 5},
        {"tree_method": "exact"},
        {"base_score": 0.3},
        # Trees of one leaf.
        {"gamma": 20},
    ],
    ids=repr,
)
@pytest.mark.parametrize("classes", [2, 3])
def test_options_of_a_classifier(classes, options):
    X, y = blobs(classes=classes)
    assert check(classifier(**options), with_missing(X), y).largest_error <= ULP


@pytest.mark.parametrize("classes", [2, 3])
def test_a_forest(classes):
    X, y = blobs(classes=classes)
    forest = xgboost.XGBRFClassifier(n_estimators=10, max_depth=4, n_jobs=1)
    assert check(scaled(forest), X, y).largest_error <= ULP


def test_booleans_are_labels():
    X, y = blobs(classes=2)
    assert check(classifier(), X, y == 1).largest_error <= ULP


def test_a_single_feature_and_a_frame_of_many_types():
    X, y = blobs(classes=2)
    assert check(classifier(), X[:, :1], y).largest_error <= ULP
    frame = pd.DataFrame(
        {"a": X[:, 0], "b": X[:, 1].astype(np.float32), "c": np.rint(X[:, 3]).astype(int), "d": X[:, 2] > 0}
    )
    assert check(classifier(), frame, y).largest_error <= ULP
    for booster in ("gbtree", "dart", "gblinear"):
        columns = make_column_transformer((StandardScaler(), ["c", "a"]), (StandardScaler(with_mean=False), ["d"]))
        assert check(make_pipeline(columns, classifier(booster=booster, max_depth=None)), frame, y).largest_error <= ULP


def frame_of_zeros():
    """Half of the values of `size` are zero, which a sparse matrix does not store."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "colour": random.choice(list("abcdefgh"), 300),
            "grade": random.integers(0, 4, 300),
            "size": np.where(random.random(300) < 0.5, 0, random.normal(size=300)),
        }
    )
    y = frame["colour"].isin(["a", "b"]) + (frame["grade"] > 1).astype(int) * (frame["size"] == 0)
    return frame, y.to_numpy()


@pytest.mark.parametrize("booster", ["gbtree", "dart", "gblinear"])
@pytest.mark.parametrize("sparse", [True, False])
def test_zeros_are_missing_in_a_sparse_matrix_only(sparse, booster):
    encoded = make_column_transformer(
        (OneHotEncoder(sparse_output=sparse), ["colour", "grade"]),
        (StandardScaler(with_mean=False), ["size"]),
        sparse_threshold=0.9,
    )
    for steps in ([encoded], [encoded, StandardScaler(with_mean=False)]):
        model = make_pipeline(*steps, classifier(booster=booster, max_depth=None))
        assert check(model, *frame_of_zeros()).largest_error <= ULP
        assert encoded.sparse_output_ == sparse


@pytest.mark.parametrize("threshold", [0, 1])
def test_a_column_transformer_decides_on_what_is_sparse(threshold):
    encoded = make_column_transformer((OneHotEncoder(), ["colour", "grade"]), sparse_threshold=threshold)
    assert check(make_pipeline(encoded, classifier()), *frame_of_zeros()).largest_error <= ULP


def test_bins_and_unions_are_sparse():
    X, y = blobs()
    bins = KBinsDiscretizer(3, quantile_method="averaged_inverted_cdf")
    for first in (bins, make_union(bins, StandardScaler(with_mean=False)), make_pipeline(StandardScaler(), bins)):
        assert check(make_pipeline(first, classifier()), X, y).largest_error <= ULP


@pytest.mark.parametrize("scale", [1e-41, 1e34])
def test_features_at_the_ends_of_float32(scale):
    X, y = blobs(classes=2)
    assert check(classifier(), X * scale, y).largest_error <= ULP


def test_equal_margins_are_labelled_as_xgboost_does():
    """In the rows with 1, the labels are balanced, so that both probabilities are a half."""
    X = np.repeat([[0.0], [1.0], [2.0]], 20, axis=0)
    y = np.concatenate([np.ones(20), np.arange(20) % 2, np.zeros(20)]).astype(int)
    model = classifier(n_estimators=1, base_score=0.5, reg_lambda=0, min_child_weight=0)
    check(model, X, y)
    assert model.predict_proba([[1.0]]).tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("booster", ["gbtree", "dart"])
@pytest.mark.parametrize("classes", [2, 3])
def test_training_that_stopped_early(classes, booster):
    X, y = blobs(classes=classes)
    model = classifier(n_estimators=200, early_stopping_rounds=3, num_parallel_tree=2, booster=booster)
    model = stopping_early(model, X, y)
    assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
    assert check(model, X, y).largest_error <= ULP


@pytest.mark.parametrize(("objective", "classes"), [("multi:softmax", 3), ("binary:hinge", 2), ("reg:logistic", 2)])
def test_objectives_of_a_classifier(objective, classes):
    X, y = blobs(classes=classes)
    assert check(classifier(objective=objective), X, y).largest_error <= ULP


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(("method", "error"), [("sigmoid", 1e-15), ("isotonic", 0), ("temperature", ULP)])
def test_calibrated(method, error, classes):
    """Isotonic calibration can jump between two adjacent float32 numbers, so its input must be exact, and then its
    answer is exact too."""
    calibrated = CalibratedClassifierCV(classifier(), method=method, cv=3)
    assert check(calibrated, *blobs(classes=classes)).largest_error <= error


def members(kind, weights):
    parts = [("deep", kind()), ("flat", kind(max_depth=2))]
    return {"estimators": parts, "weights": weights}


@pytest.mark.parametrize("weights", [None, [1, 2.5]])
@pytest.mark.parametrize("classes", [2, 3])
def test_several_classifiers_are_averaged_in_float32(classes, weights):
    X, y = blobs(classes=classes)
    assert check(VotingClassifier(**members(classifier, weights), voting="soft"), X, y).largest_error == 0
    assert check(BaggingClassifier(classifier(), 5, random_state=0), X, y).largest_error == 0
    assert check(OneVsRestClassifier(classifier()), X, y).largest_error == 0


@pytest.mark.parametrize("weights", [None, [1, 2.5]])
def test_several_regressors_are_averaged_in_float32(weights):
    X, y = diabetes
    assert check(VotingRegressor(**members(regressor, weights)), X, y).largest_error == 0
    assert check(BaggingRegressor(regressor(), 5, random_state=0), X, y).largest_error == 0
    assert check(AdaBoostRegressor(regressor(), n_estimators=3), X, y).largest_error == 0


def test_stacking_in_float32():
    X, y = diabetes
    parts = members(regressor, None)["estimators"]
    stacking = StackingRegressor(parts, cv=3)
    assert check(stacking, X, y).largest_error <= ULP
    assert check(StackingRegressor([*parts, ("line", Ridge())], cv=3), X, y).largest_error <= 1e-14
    assert check(StackingClassifier(members(classifier, None)["estimators"], cv=3), *blobs()).largest_error <= ULP


@pytest.mark.parametrize(
    ("change", "error", "tolerance"),
    [
        ({"func": np.log1p, "inverse_func": np.expm1}, ULP, 1e-6),
        ({"func": np.sqrt, "inverse_func": np.square}, 0, 1e-9),
        ({"transformer": StandardScaler()}, 0, 1e-6),
        ({"transformer": MinMaxScaler()}, 0, 1e-9),
        ({"transformer": MaxAbsScaler()}, 0, 1e-9),
        ({"transformer": RobustScaler()}, 0, 1e-9),
        ({"transformer": PowerTransformer()}, ULP, 1e-6),
        ({"transformer": QuantileTransformer(n_quantiles=50)}, 0, 1e-9),
        ({"transformer": QuantileTransformer(n_quantiles=50, output_distribution="normal")}, ULP, 1e-9),
        ({"transformer": make_pipeline(RobustScaler(), MinMaxScaler())}, 0, 1e-9),
        ({"transformer": PowerTransformer("box-cox", standardize=False)}, ULP, 1e-9),
    ],
    ids=str,
)
def test_a_transformed_target(change, error, tolerance):
    parity = check(TransformedTargetRegressor(regressor(), **change), *diabetes)
    assert parity.largest_error <= error
    assert parity.tolerance == tolerance


@pytest.mark.parametrize(
    ("objective", "error"),
    [
        ("reg:squarederror", 0),
        ("reg:squaredlogerror", 0),
        ("reg:absoluteerror", 0),
        ("reg:pseudohubererror", 0),
        ("count:poisson", ULP),
        ("reg:gamma", ULP),
        ("reg:tweedie", ULP),
    ],
)
@pytest.mark.parametrize("booster", ["gbtree", "dart"])
def test_regression(objective, error, booster):
    X, y = diabetes
    estimator = regressor(objective=objective, booster=booster)
    assert check(estimator, X, y).largest_error <= error
    assert check(scaled(estimator), with_missing(X), y).largest_error <= error


@pytest.mark.parametrize(
    ("estimator", "target", "error"),
    [
        (regressor(objective="reg:quantileerror", quantile_alpha=0.3), lambda y: y, 0),
        (regressor(objective="reg:logistic"), lambda y: y / 400, ULP),
        (regressor(booster="gblinear", max_depth=None), lambda y: y, 0),
        (regressor(base_score=7), lambda y: y, 0),
        (xgboost.XGBRFRegressor(n_estimators=10, max_depth=4, n_jobs=1), lambda y: y, 0),
    ],
)
def test_other_regression(estimator, target, error):
    X, y = diabetes
    assert check(scaled(estimator), X, target(y)).largest_error <= error


def test_regression_that_stopped_early():
    X, y = diabetes
    model = stopping_early(regressor(n_estimators=200, early_stopping_rounds=3), X, y)
    assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
    assert check(model, X, y).largest_error == 0


def gradients(y, p):
    return p - y, np.ones_like(y)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objective": "binary:logitraw"}, "answers no probabilities; use objective='binary:logistic'"),
    ],
)
def test_what_a_classifier_is_refused_for(options, message):
    X, y = blobs(classes=2)
    with pytest.raises(
        ConversionError, match=f"XGBClassifier in the step 'xgbclassifier' cannot be exported: .*{message}"
    ):
        check(scaled(classifier(**options)), X, y)


def frame_of_categories(*, missing=False):
    """A frame of string categories in reverse order, one of them without rows, and of whole-number categories."""
    random, rows = np.random.default_rng(0), 300
    frame = pd.DataFrame(
        {
            "colour": pd.Categorical(random.choice(list("zabcdefg"), rows), categories=[*"zgfedcba", "never"]),
            "size": random.normal(size=rows),
            "grade": pd.Categorical(random.choice([3, 10, -2], rows)),
        }
    )
    y = frame["colour"].isin(["z", "b", "c"]) * 2 + (frame["grade"] == 10) + frame["size"] / 4
    for column in frame if missing else ():
        frame.loc[random.random(rows) < 0.1, column] = np.nan
    return frame, y.to_numpy()


@pytest.mark.parametrize("missing", [False, True], ids=["complete", "missing"])
@pytest.mark.parametrize(
    "options", [{"max_cat_to_onehot": 1}, {"max_cat_to_onehot": 100}, {"booster": "dart"}], ids=str
)
def test_categories(options, missing):
    frame, y = frame_of_categories(missing=missing)
    assert check(regressor(enable_categorical=True, **options), frame, y).largest_error == 0
    assert check(classifier(enable_categorical=True, **options), frame, y.astype(int)).largest_error == 0


def test_all_categories_are_listed_so_that_unknown_ones_are_refused():
    """XGBoost would mistake an unknown category for the next one in the alphabet. So the model lists all categories,
    even one that no training row has."""
    frame, y = frame_of_categories()
    conversion = to_onnx_model(regressor(enable_categorical=True).fit(frame, y), read_dataset(frame, None))
    assert conversion.known == {0: [*"zgfedcba", "never"], 2: [-2, 3, 10]}


@pytest.mark.parametrize("of", [np.asarray, pd.DataFrame])
def test_categories_that_are_numbers(of):
    """Fractions are truncated; negative categories and those unseen in training go left."""
    random = np.random.default_rng(0)
    X = np.stack([random.integers(0, 8, 300), random.normal(size=300)], axis=1)
    model = regressor(enable_categorical=True, feature_types=["c", "q"], max_cat_to_onehot=1)
    assert check(model, of(X), X[:, 0] % 3).largest_error == 0


def test_categories_beyond_ascii_are_refused():
    frame, y = frame_of_categories()
    frame["colour"] = frame["colour"].cat.rename_categories({"z": "grün"})
    with pytest.raises(ConversionError, match=r"XGBRegressor cannot be exported: .* spell them in ASCII, or put"):
        check(regressor(enable_categorical=True), frame, y)


def test_categories_beside_a_number_for_what_is_missing_are_refused():
    with pytest.raises(ConversionError, match=r"with missing=1 a category may stand .* leave out missing="):
        check(regressor(enable_categorical=True, missing=1), *frame_of_categories())


@pytest.mark.parametrize("missing", [-1, 0, 0.1])
@pytest.mark.parametrize("booster", ["gbtree", "gblinear"])
def test_a_number_that_stands_for_a_missing_value(booster, missing):
    """NaN stands for a missing value too."""
    X, y = diabetes
    X = np.where(np.random.default_rng(2).random(X.shape) < 0.2, missing, with_missing(X))
    model = regressor(missing=missing, booster=booster, max_depth=None)
    assert check(model, X, y).largest_error == 0


@pytest.mark.parametrize("strategy", ["one_output_per_tree", "multi_output_tree"])
@pytest.mark.parametrize("options", [{}, {"num_parallel_tree": 3, "subsample": 0.5}], ids=str)
def test_several_targets(options, strategy):
    X, y = diabetes
    targets = np.stack([y, -y, X[:, 0]], axis=1)
    assert check(regressor(multi_strategy=strategy, **options), X, targets).largest_error == 0
    assert check(classifier(multi_strategy=strategy, **options), X, (X[:, :3] > 0).astype(int)).largest_error == 0
    assert check(classifier(multi_strategy=strategy), *blobs()).largest_error == 0


def test_several_quantiles():
    model = regressor(objective="reg:quantileerror", quantile_alpha=[0.3, 0.5])
    assert check(model, *diabetes).largest_error == 0


@pytest.mark.parametrize("objective", ["rank:ndcg", "rank:pairwise"])
def test_a_ranker(objective):
    X, y = blobs()
    model = xgboost.XGBRanker(n_estimators=5, n_jobs=1, objective=objective).fit(X, y, qid=np.arange(300) // 10)
    model.fit = lambda X, y: model
    assert check(model, X, y).largest_error == 0


def test_an_objective_in_python():
    """With such an objective, a booster has no link function: a regressor answers its score, and a classifier takes it
    for a logit."""
    X, y = diabetes
    assert check(regressor(objective=gradients), X, y).largest_error == 0
    assert check(classifier(objective=gradients), X, y > 150).largest_error == 0


def test_survival():
    X, y = diabetes
    assert check(regressor(objective="survival:cox"), X, y).largest_error == 0


def test_one_class_is_refused():
    X, y = blobs()
    with pytest.raises(ConversionError, match="XGBClassifier cannot be exported: it was trained on one class"):
        check(classifier(), X, 0 * y)


def test_two_classes_with_a_score_each_are_refused():
    X, y = blobs(classes=2)
    with pytest.raises(ConversionError, match=r"XGBClassifier .* use objective='binary:logistic'"):
        check(classifier(objective="multi:softprob", num_class=2), X, y)


def test_an_objective_that_is_not_known_is_refused():
    X, y = blobs()
    with pytest.raises(ConversionError, match=r"XGBRegressor .* 'multi:softprob' has no converter; those"):
        check(regressor(objective="multi:softprob", num_class=3), X, y)


def test_behind_a_power():
    """The proof makes rows whose values, after the PowerTransformer, are one float32 below and above each threshold of
    the trees. The exported model answers them like the original."""
    X = np.random.default_rng(0).normal(size=(150, 2))
    check(make_pipeline(PowerTransformer(), xgboost.XGBRegressor(n_estimators=8)), X, X.sum(axis=1))
