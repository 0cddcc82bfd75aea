import numpy as np
import pytest
from exactness import check
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.preprocessing import PowerTransformer, QuantileTransformer, RobustScaler

from sepal_export import ConversionError

X, y = load_diabetes(return_X_y=True)


@pytest.mark.parametrize(
    "transformer",
    [
        RobustScaler(with_centering=False),
        PowerTransformer(),
        PowerTransformer("box-cox"),
        PowerTransformer(standardize=False),
        QuantileTransformer(n_quantiles=50),
        QuantileTransformer(n_quantiles=50, output_distribution="normal"),
    ],
    ids=str,
)
def test_inverses(transformer):
    """For rows far outside the training data, the inverse of QuantileTransformer answers the ends of its range."""
    regressor = TransformedTargetRegressor(Ridge(0.01), transformer=transformer)
    assert check(regressor, X, y).largest_error <= 1e-12


def test_targets_on_both_sides_of_zero():
    regressor = TransformedTargetRegressor(Ridge(0.01), transformer=PowerTransformer())
    assert check(regressor, X, y - 150).largest_error <= 1e-12


def test_an_inverse_that_is_not_known_is_refused():
    regressor = TransformedTargetRegressor(Ridge(), func=np.sin, inverse_func=np.arcsin, check_inverse=False)
    with pytest.raises(ConversionError, match="TransformedTargetRegressor cannot be exported: its function 'arcsin'"):
        check(regressor, X, y)
