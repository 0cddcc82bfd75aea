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

lightgbm = pytest.importorskip("lightgbm")

NAMES = np.array(list("abcdefgh"))
ZERO = float(np.float32(1e-35))
diabetes = load_diabetes(return_X_y=True)


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


def classifier(**options):
    return lightgbm.LGBMClassifier(**{"n_estimators": 20, "num_leaves": 8, "n_jobs": 1, "verbose": -1} | options)


def regressor(**options):
    return lightgbm.LGBMRegressor(**{"n_estimators": 20, "num_leaves": 8, "n_jobs": 1, "verbose": -1} | options)


def forest(kind, **options):
    return kind(boosting_type="rf", bagging_freq=1, bagging_fraction=0.6, **options)


def with_missing(X):
    return np.where(np.random.default_rng(1).random(X.shape) < 0.15, np.nan, X)


def with_zeros(X):
    """Inserts zeros, and tiny numbers around the limit below which LightGBM takes them for zero."""
    random = np.random.default_rng(2)
    X = np.where(random.random(X.shape) < 0.3, 0.0, X)
    for near in (ZERO, -ZERO, np.nextafter(ZERO, 1), np.nextafter(-ZERO, -1), 1e-36, -1e-300):
        X = np.where(random.random(X.shape) < 0.02, near, X)
    return X


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


@pytest.mark.parametrize("labels", [np.array([False, True]), np.array([7, -1])], ids=["booleans", "integers"])
def test_labels(labels):
    X, y = blobs(classes=2)
    assert check(classifier(), X, labels[y]).largest_error <= 1e-15


@pytest.mark.parametrize("zero_as_missing", [False, True])
@pytest.mark.parametrize("use_missing", [False, True])
@pytest.mark.parametrize("change", [with_missing, with_zeros, lambda X: with_missing(with_zeros(X))])
@pytest.mark.parametrize("scaler", [[], [StandardScaler(with_mean=False)]], ids=["alone", "scaled"])
def test_missing_values_and_zeros(zero_as_missing, use_missing, change, scaler):
    X, y = blobs()
    model = classifier(zero_as_missing=zero_as_missing, use_missing=use_missing)
    assert check(make_pipeline(*scaler, model), change(X), y).largest_error <= 1e-15


def test_values_that_are_missing_only_after_training():
    X, y = blobs()
    parity = check(classifier(), X, y, [Column(f"x{index}", nullable=True) for index in range(X.shape[1])])
    assert parity.largest_error <= 1e-15
    assert parity.points["missing"] > 0


@pytest.mark.parametrize("scale", [1e-36, 1e30])
def test_features_at_the_ends_of_the_range(scale):
    X, y = blobs()
    assert check(classifier(), X * scale, y).largest_error <= 1e-15


@pytest.mark.parametrize(
    "options",
    [
        {"boosting_type": "dart"},
        {"boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.6},
        {"boosting_type": "goss"},
        {"extra_trees": True, "sigmoid": 0.7, "learning_rate": 0.5},
        {"objective": "multiclassova", "num_class": 3},
        # Only trees of one leaf.
        {"min_child_samples": 300},
    ],
    ids=repr,
)
def test_options_of_a_classifier(options):
    assert check(classifier(**options), *blobs()).largest_error <= 1e-15
    if "num_class" not in options:
        assert check(scaled(classifier(**options)), *blobs(classes=2)).largest_error <= 1e-15


@pytest.mark.parametrize("objective", ["cross_entropy", "multiclass", "multiclassova"])
def test_objectives_for_two_classes(objective):
    options = {} if objective == "cross_entropy" else {"num_class": 2}
    assert check(classifier(objective=objective, **options), *blobs(classes=2)).largest_error <= 1e-15


@pytest.mark.parametrize("classes", [2, 3])
def test_training_that_stopped_early(classes):
    X, y = blobs(classes=classes)
    stop = lightgbm.early_stopping(3, verbose=False)
    model = classifier(n_estimators=200)
    model = fitted(model, X[::2], y[::2], eval_X=X[1::2], eval_y=y[1::2], callbacks=[stop])
    assert model.best_iteration_ < 200
    assert check(model, X, y).largest_error <= 1e-15


@pytest.mark.parametrize("kind", [classifier, lambda: forest(classifier)], ids=["boosting", "forest"])
@pytest.mark.parametrize("classes", [2, 3])
def test_calibrated(classes, kind):
    assert check(CalibratedClassifierCV(kind(), cv=3), *blobs(classes=classes)).largest_error <= 1e-15


@pytest.mark.parametrize("columns", [1, 4])
def test_a_frame(columns):
    X, y = blobs()
    frame = pd.DataFrame(
        {"a b": X[:, 0], "b": X[:, 1].astype(np.float32), "c": np.rint(X[:, 3]).astype(int), "d": X[:, 2] > 0}
    )
    assert check(classifier(), frame.iloc[:, :columns], NAMES[y]).largest_error <= 1e-15
    scaler = make_column_transformer((StandardScaler(), ["a b"])).set_output(transform="pandas")
    assert check(make_pipeline(scaler, classifier()), frame, NAMES[y]).largest_error <= 1e-15


@pytest.mark.parametrize(
    ("objective", "error"),
    [
        ("regression", 0),
        ("regression_l1", 0),
        ("huber", 0),
        ("fair", 0),
        ("quantile", 0),
        ("mape", 0),
        ("poisson", 1e-15),
        ("gamma", 1e-15),
        ("tweedie", 1e-15),
    ],
)
def test_regression(objective, error):
    X, y = diabetes
    assert check(regressor(objective=objective), X, y).largest_error <= error
    assert check(scaled(regressor(objective=objective)), with_missing(X), y).largest_error <= error


@pytest.mark.parametrize(
    ("estimator", "target", "error"),
    [
        (regressor(reg_sqrt=True), lambda y: y - 100, 0),
        (regressor(objective="cross_entropy"), lambda y: y / 400, 1e-15),
        (regressor(boosting_type="dart"), lambda y: y, 0),
        (forest(regressor), lambda y: y, 0),
        (forest(regressor, objective="poisson"), lambda y: y, 1e-15),
        (regressor(min_child_samples=500), lambda y: y, 0),
    ],
)
def test_other_regression(estimator, target, error):
    X, y = diabetes
    assert check(scaled(estimator), X, target(y)).largest_error <= error


def with_categories():
    """The first column holds whole numbers from -1 to 59, and NaN. The third holds 0.5, 1.5, 2.5, 3.5 and 4.5."""
    random = np.random.default_rng(0)
    X, _ = blobs()
    X[:, 0] = random.integers(-1, 60, len(X))
    X[:, 2] = random.integers(0, 5, len(X)) + 0.5
    X[:9, 0] = np.nan
    return X, NAMES[(np.nan_to_num(X[:, 0]) % 3).astype(int)]


@pytest.mark.parametrize("options", [{}, {"max_cat_to_onehot": 100}, {"zero_as_missing": True}], ids=repr)
def test_categories_are_numbers(options):
    X, y = with_categories()
    model = classifier(min_data_per_group=5, cat_smooth=1, **options)
    model = fitted(model, X, y, categorical_feature=[0, 2])
    assert "num_cat=0" not in model.booster_.model_to_string()[:3000]
    assert check(model, X, y).largest_error <= 1e-15


def frame_with_categories():
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "colour": pd.Categorical(random.choice(["red", "blue", "", "grün"], 300)),
            "x": random.normal(size=300),
            "size": pd.Categorical(random.choice([5, 7, 9], 300)),
            "k": random.integers(0, 9, 300),
        }
    )
    y = (frame["colour"] == "red").astype(int) + (frame["size"] == 5).astype(int) + (frame["x"] > 0)
    return frame, NAMES[y]


def test_categories_of_a_frame():
    frame, y = frame_with_categories()
    model = classifier(min_child_samples=5, min_data_per_group=5, cat_smooth=1)
    parity = check(model, frame, y)
    assert parity.largest_error <= 1e-15
    assert parity.points["unknown categories"] > 0
    frame["colour"] = frame["colour"].cat.remove_categories([""])
    parity = check(model, frame, y)
    assert parity.largest_error <= 1e-15
    assert parity.points["missing"] > 0


def test_ordered_categories_of_strings():
    """LightGBM compares the positions of ordered categories as numbers."""
    frame, y = frame_with_categories()
    frame["colour"] = frame["colour"].cat.as_ordered()
    assert check(classifier(), frame, y).largest_error <= 1e-15


def test_ordered_categories_of_numbers_are_refused():
    frame, y = frame_with_categories()
    frame["size"] = frame["size"].cat.as_ordered()
    with pytest.raises(ConversionError, match=r"LGBMClassifier cannot be exported: .* put an OrdinalEncoder before it"):
        check(classifier(), frame, y)


@pytest.mark.parametrize("change", [lambda X: X, with_missing], ids=["complete", "missing"])
@pytest.mark.parametrize("options", [{}, {"min_child_samples": 300}, {"boosting_type": "dart"}], ids=str)
def test_leaves_that_are_linear_models(options, change):
    X, y = blobs()
    assert check(regressor(linear_tree=True, **options), change(X), X[:, 0] * X[:, 1]).largest_error == 0
    assert check(classifier(linear_tree=True, **options), change(X), y).largest_error <= 1e-15


def test_trees_that_differ_in_what_is_missing_are_refused():
    X, y = blobs()
    first = classifier(zero_as_missing=True).fit(with_zeros(X), y)
    model = fitted(classifier(), X, y, init_model=first)
    reason = "LGBMClassifier cannot be exported: .* train it in a single fit, without init"
    with pytest.raises(ConversionError, match=reason):
        check(model, X, y)


def gradients(y, p):
    return p - y, np.ones_like(y)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objective": gradients}, "its objective is Python code, .* in place of probabilities; use objective='bin"),
        ({"objective": "cross_entropy_lambda"}, "answers no probabilities; use objective='binary' or 'multiclass'"),
        ({"pred_early_stop": True}, "with pred_early_stop=True .* leave it out"),
        ({"sigmoid": 1 / 3}, "LightGBM stores only six digits .*; use sigmoid=0.333333"),
    ],
)
def test_what_a_classifier_is_refused_for(options, message):
    X, y = blobs(classes=2)
    with pytest.raises(ConversionError, match=f"LGBMClassifier in the step 'lgbmclassifier' cannot be .*{message}"):
        check(scaled(classifier(**options)), X, y)


def test_one_class_is_refused():
    X, y = blobs()
    with pytest.raises(ConversionError, match="LGBMClassifier cannot be exported: it was trained on one class"):
        check(classifier(), X, 0 * y)


def test_an_objective_in_python():
    assert check(regressor(objective=gradients), *diabetes).largest_error == 0


def test_cross_entropy_by_its_own_link():
    X, y = diabetes
    assert check(regressor(objective="cross_entropy_lambda"), X, y / 400).largest_error <= 1e-15


@pytest.mark.parametrize("objective", ["lambdarank", "rank_xendcg"])
def test_a_ranker(objective):
    X, y = blobs()
    ranker = lightgbm.LGBMRanker(n_estimators=5, n_jobs=1, verbose=-1, objective=objective)
    assert check(fitted(ranker, X, y, group=[10] * 30), X, y).largest_error == 0
