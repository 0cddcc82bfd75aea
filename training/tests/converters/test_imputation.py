import numpy as np
import pytest
from exactness import blobs, check
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset


def gaps(missing=np.nan, rows=150):
    X, y = blobs(rows=rows)
    X[np.random.default_rng(0).random(X.shape) < 0.15] = missing
    return X, y


def classified(*transformers):
    return make_pipeline(*transformers, StandardScaler(), LogisticRegression())


@pytest.mark.parametrize("options", [{"n_neighbors": 200, "add_indicator": True}, {"missing_values": -1}], ids=str)
def test_neighbours(options):
    parity = check(classified(KNNImputer(**options)), *gaps(options.get("missing_values", np.nan)))
    assert parity.largest_error <= 1e-12


def test_near_ones_weigh_more():
    """Needs columns of one scale: otherwise the rounding of large numbers hides the distances of small ones."""
    X, y = gaps()
    with pytest.raises(
        ConversionError, match=r"training rows are so near to them that weights='distance' .*use weights='uniform'"
    ):
        check(classified(KNNImputer(weights="distance")), X, y)
    assert check(classified(StandardScaler(), KNNImputer(weights="distance")), X, y).largest_error <= 1e-9


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("imputer", [KNNImputer(), IterativeImputer(random_state=0)], ids=str)
@pytest.mark.filterwarnings("ignore:Skipping features without any observed values:UserWarning")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_column_that_was_empty_in_training(keeps, imputer):
    X, y = gaps(-1)
    X[:, 2] = -1
    model = classified(imputer.set_params(keep_empty_features=keeps, missing_values=-1))
    assert check(model, X, y).largest_error <= 1e-12


def test_neighbours_fitted_in_float32():
    X, y = gaps()
    assert check(classified(KNNImputer()), X.astype(np.float32), y).largest_error <= 1e-12


def test_neighbours_at_the_same_distance_are_refused():
    X, y = np.round(gaps(rows=400)[0]), gaps(rows=400)[1]
    with pytest.raises(ConversionError, match=r"KNNImputer .* \d+ of 400 training rows lack .*use SimpleI"):
        check(classified(KNNImputer()), X, y)
    assert check(classified(IterativeImputer()), X, y).largest_error <= 1e-12


@pytest.mark.parametrize(
    "options",
    [{"estimator": Ridge(), "imputation_order": "random", "max_iter": 3, "random_state": 0, "max_value": 3.0},
     {"estimator": DecisionTreeRegressor(max_depth=4, random_state=0), "max_iter": 2, "n_nearest_features": 2},
     {"missing_values": -1, "add_indicator": True, "max_iter": 2}, {"max_iter": 0}],
    ids=str,
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_models(options):
    parity = check(classified(IterativeImputer(**options)), *gaps(options.get("missing_values", np.nan)))
    assert parity.largest_error <= 1e-12


@pytest.mark.parametrize(
    ("imputer", "way_out"),
    [(IterativeImputer(sample_posterior=True), {"sample_posterior": False}),
     (KNNImputer(weights=np.square), {"weights": "uniform"}),
     (KNNImputer(metric=lambda a, b, **_: abs(a - b)[0]), {"metric": "nan_euclidean"})],
    ids=["random", "weights", "metric"],
)  # fmt: skip
def test_refusals_and_their_way_out(imputer, way_out):
    X, y = gaps()
    X[:, 0] = np.random.default_rng(0).normal(size=len(X))
    [(option, value)] = way_out.items()
    with pytest.raises(ConversionError, match=rf"Imputer .*cannot be exported: .*use {option}={value!r}"):
        check(classified(imputer), X, y)
    to_onnx_model(classified(imputer.set_params(**way_out)).fit(X, y), read_dataset(X, None))
