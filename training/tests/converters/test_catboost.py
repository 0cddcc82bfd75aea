import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import ConversionError
from sepal_export.data.dataset import Column

catboost = pytest.importorskip("catboost")

NAMES = np.array(list("abcdefgh"))
OPTIONS = {"iterations": 30, "depth": 4, "thread_count": 1, "verbose": False, "allow_writing_files": False}
diabetes = load_diabetes(return_X_y=True)


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


def classifier(**options):
    return catboost.CatBoostClassifier(**OPTIONS | options)


def regressor(**options):
    return catboost.CatBoostRegressor(**OPTIONS | options)


def with_missing(X):
    return np.where(np.random.default_rng(1).random(X.shape) < 0.15, np.nan, X)


def fitted(model, X, y, **options):
    """Fits the model; later calls of `fit` return it unchanged."""
    model.fit(X, y, **options)
    model.fit = lambda X, y: model
    return model


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_a_classifier(classes):
    X, y = blobs(classes=classes)
    for estimator in (classifier(), scaled(classifier())):
        parity = check(estimator, X, NAMES[y])
        assert parity.largest_error <= 1e-15
        assert parity.points["thresholds"] > 100


@pytest.mark.parametrize("labels", [np.array([False, True]), np.array([7, -1]), np.array([0.0, 1.5])], ids=str)
def test_labels(labels):
    X, y = blobs(classes=2)
    assert check(classifier(), X, labels[y]).largest_error <= 1e-15


@pytest.mark.parametrize("nan_mode", ["Min", "Max"])
@pytest.mark.parametrize("grow_policy", ["SymmetricTree", "Depthwise", "Lossguide"])
@pytest.mark.parametrize("classes", [2, 3])
def test_missing_values(classes, grow_policy, nan_mode):
    X, y = blobs(classes=classes)
    model = classifier(grow_policy=grow_policy, nan_mode=nan_mode)
    assert check(model, with_missing(X), y).largest_error <= 1e-15
    assert check(scaled(model), with_missing(X), y).largest_error <= 1e-15


def test_values_that_are_missing_only_after_training():
    X, y = blobs()
    parity = check(classifier(), X, y, [Column(f"x{index}", nullable=True) for index in range(X.shape[1])])
    assert parity.largest_error <= 1e-15
    assert parity.points["missing"] > 0


@pytest.mark.parametrize(
    "options",
    [
        {"depth": 1},
        {"depth": 10, "iterations": 5},
        {"learning_rate": 1, "iterations": 100, "l2_leaf_reg": 0.01},
        {"auto_class_weights": "Balanced", "border_count": 8},
        {"loss_function": "MultiClass"},
        {"loss_function": "MultiClassOneVsAll"},
        {"grow_policy": "Lossguide", "max_leaves": 5, "depth": 6},
    ],
    ids=repr,
)
@pytest.mark.parametrize("classes", [2, 3])
def test_options_of_a_classifier(classes, options):
    assert check(classifier(**options), *blobs(classes=classes)).largest_error <= 1e-15


def test_trees_without_a_split():
    X, y = blobs(classes=2)
    X[:, :] = np.arange(300)[:, None] == 0
    for options in ({}, {"grow_policy": "Depthwise", "min_data_in_leaf": 200}):
        assert check(classifier(**options), X, y).largest_error <= 1e-15


@pytest.mark.parametrize("grow_policy", ["SymmetricTree", "Depthwise"])
def test_ordered_boosting_and_cross_entropy(grow_policy):
    X, y = blobs(classes=2)
    options = {"boosting_type": "Ordered"} if grow_policy == "SymmetricTree" else {}
    model = classifier(loss_function="CrossEntropy", grow_policy=grow_policy, **options)
    assert check(model, X, y).largest_error <= 1e-15


@pytest.mark.parametrize("threshold", [0.2, 0.9])
def test_a_threshold_for_the_second_class(threshold):
    X, y = blobs(classes=2)
    model = fitted(classifier(), X, y)
    before = model.predict(X)
    model.set_probability_threshold(threshold)
    assert (model.predict(X) != before).any()
    assert check(model, X, y).largest_error <= 1e-15


@pytest.mark.parametrize("classes", [2, 3])
def test_training_that_stopped_early(classes):
    X, y = blobs(classes=classes)
    model = fitted(classifier(iterations=300, early_stopping_rounds=3), X[::2], y[::2], eval_set=(X[1::2], y[1::2]))
    assert model.tree_count_ < 300
    assert check(model, X, y).largest_error <= 1e-15


@pytest.mark.parametrize("classes", [2, 3])
def test_calibrated(classes):
    assert check(CalibratedClassifierCV(classifier(), cv=3), *blobs(classes=classes)).largest_error <= 1e-15


def test_a_single_feature_and_a_frame():
    X, y = blobs()
    assert check(classifier(), X[:, :1], y).largest_error <= 1e-15
    frame = pd.DataFrame(
        {"a b": X[:, 0], "b": X[:, 1].astype(np.float32), "c": np.rint(X[:, 3]).astype(int), "d": X[:, 2] > 0}
    )
    assert check(classifier(), frame, NAMES[y]).largest_error <= 1e-15
    scaler = make_column_transformer((StandardScaler(), ["c", "a b"]))
    assert check(make_pipeline(scaler, classifier()), frame, NAMES[y]).largest_error <= 1e-15


@pytest.mark.parametrize("scale", [1e-41, 1e34])
def test_features_at_the_ends_of_float32(scale):
    X, y = blobs(classes=2)
    assert check(classifier(), X * scale, y).largest_error <= 1e-15


@pytest.mark.parametrize(
    ("loss", "error"),
    [
        ("RMSE", 0),
        ("MAE", 0),
        ("MAPE", 0),
        ("LogCosh", 0),
        ("Lq:q=3", 0),
        ("Huber:delta=10", 0),
        ("Quantile:alpha=0.3", 0),
        ("Expectile:alpha=0.3", 0),
        ("LogLinQuantile", 0),
        ("Poisson", 1e-15),
        ("Tweedie:variance_power=1.5", 1e-15),
    ],
)
def test_regression(loss, error):
    X, y = diabetes
    assert check(regressor(loss_function=loss), X, y / 100).largest_error <= error
    assert check(scaled(regressor(objective=loss)), with_missing(X), y / 100).largest_error <= error


@pytest.mark.parametrize("grow_policy", ["SymmetricTree", "Depthwise", "Lossguide"])
def test_regression_from_zero(grow_policy):
    X, y = diabetes
    assert check(regressor(boost_from_average=False, grow_policy=grow_policy), X, y).largest_error == 0


def frame_of(**columns):
    return pd.DataFrame({"size": np.arange(60.0), **columns}), np.arange(60) % 2


@pytest.mark.parametrize(
    ("options", "column", "message"),
    [
        ({"text_features": ["other"]}, ["a red one", "a blue"] * 30, "it was trained with text features; "),
        ({"embedding_features": ["other"]}, [[0.5, 1.0]] * 60, "it was trained with embedding features; "),
    ],
)
def test_features_other_than_numbers_are_refused(options, column, message):
    frame, y = frame_of(other=column)
    model = fitted(classifier(iterations=2, **options), frame, y)
    with pytest.raises(ConversionError, match=f"CatBoostClassifier cannot be exported: .*{message}"):
        check(model, frame[["size"]], y)


class Loss:
    def calc_ders_range(self, approximations, targets, weights):
        return [(target - value, -1.0) for value, target in zip(approximations, targets, strict=True)]


@pytest.mark.filterwarnings("ignore:Failed to import numba")
def test_a_loss_in_python():
    """A classifier with such a loss takes its scores for logits."""
    X, y = diabetes
    assert check(regressor(loss_function=Loss(), eval_metric="RMSE", iterations=4), X, y).largest_error == 0
    model = classifier(loss_function=Loss(), eval_metric="Logloss", iterations=4)
    assert check(model, X, (y > 150).astype(int)).largest_error <= 1e-15


@pytest.mark.parametrize("grow_policy", ["SymmetricTree", "Depthwise"])
@pytest.mark.parametrize("loss", ["RMSEWithUncertainty", "MultiQuantile:alpha=0.1,0.5", "MultiRMSE"])
def test_several_values(loss, grow_policy):
    X, y = diabetes
    model = regressor(loss_function=loss, grow_policy=grow_policy)
    assert check(model, X, np.stack([y, -y], axis=1) if loss == "MultiRMSE" else y).largest_error <= 1e-14


@pytest.mark.parametrize("loss", ["MultiLogloss", "MultiCrossEntropy"])
def test_several_labels(loss):
    X, _ = blobs()
    labels = (X[:, :3] > np.median(X[:, :3], axis=0)).astype(int)
    assert check(classifier(loss_function=loss), X, labels).largest_error <= 1e-15


@pytest.mark.parametrize("loss", ["YetiRank", "PairLogit", "QueryRMSE"])
def test_a_ranker(loss):
    X, y = blobs()
    ranker = fitted(catboost.CatBoostRanker(**OPTIONS, loss_function=loss), X, y, group_id=np.arange(300) // 10)
    assert check(ranker, X, y).largest_error == 0


@pytest.mark.parametrize("loss", ["Cox", "Tweedie:variance_power=1.5"])
def test_losses_of_durations_and_of_tweedie(loss):
    X, y = diabetes
    assert check(regressor(loss_function=loss), X, y).largest_error <= 1e-15


def test_classes_without_rows_are_refused(capfd):
    with pytest.raises(
        ConversionError, match=r"CatBoostClassifier cannot be exported: its class_names .* leave them out"
    ):
        check(classifier(class_names=[0, 1, 2, 3]), *blobs())


def test_what_neither_classifies_nor_regresses_is_refused():
    X, y = blobs()
    with pytest.raises(ConversionError, match="CatBoost cannot be exported: it "):
        check(fitted(catboost.CatBoost(OPTIONS), X, y), X, y)
