"""A refusal of an estimator advises an alternative. The first test follows the advice, and then the export succeeds."""

import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check, id_of
from lightgbm import LGBMRegressor
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import BaggingClassifier, HistGradientBoostingRegressor, StackingRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, SplineTransformer, StandardScaler
from sklearn.svm import SVR, LinearSVC

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import OnnxModel, predictions_of

X, CODES = blobs(rows=80)
X = np.abs(X / X.std(axis=0))
VALUES = X[:, 0] + CODES


def inner(first, second, **_):
    return first @ second.T


CASES = [
    (DummyClassifier(strategy="stratified"), {"strategy": "prior"}, "use strategy='prior'"),
    (GaussianProcessRegressor(Matern(nu=1.0), alpha=1e-2, optimizer=None), {"kernel": Matern(nu=1.5)},
     "use nu=0.5, 1.5 or 2.5"),
    (KernelRidge(kernel="chi2", gamma=1.0), {"kernel": "rbf"}, "use kernel='rbf'"),
    (SVR(kernel=lambda a, b: a @ b.T), {"kernel": "rbf"}, "use kernel='rbf'"),
    (make_pipeline(Nystroem(kernel_params={"a": 1}, kernel=inner, n_components=5), LogisticRegression()),
     {"nystroem__kernel_params": None, "nystroem__kernel": "rbf"}, "its kernel is Python code, .* use kernel='rbf'"),
    (make_pipeline(SplineTransformer(degree=1, extrapolation="linear", knots="quantile"), LogisticRegression()),
     {"splinetransformer__extrapolation": "continue"}, "extrapolation='continue'"),
    (make_pipeline(SplineTransformer(degree=0), LogisticRegression()),
     {"splinetransformer__extrapolation": "continue"}, "extrapolation='continue'"),
]  # fmt: skip


@pytest.mark.parametrize(("estimator", "way_out", "advice"), CASES, ids=lambda value: id_of(value)[:40])
def test_what_a_refusal_advises_is_exported(estimator, way_out, advice):
    y = CODES if is_classifier(estimator) else VALUES
    with pytest.raises(ConversionError, match=advice):
        exported(estimator, y)
    exported(clone(estimator).set_params(**way_out), y)


def exported(estimator, y):
    estimator.fit(X, y)
    dataset = read_dataset(X, None)
    conversion = to_onnx_model(estimator, dataset)
    answers = OnnxModel(conversion.model.SerializeToString(), conversion.dataset, conversion.outputs).predict
    expected = predictions_of(estimator, X)
    np.testing.assert_allclose(answers(conversion.dataset.rows).scores, expected.scores, rtol=1e-9)


MARKED = pd.DataFrame({"word": np.where(CODES > 1, "?", "a"), "size": np.arange(80) % 5 - 1.0})
# Models that might be expected to be refused, but have an exact graph.
EXPORTED = [
    (CalibratedClassifierCV(BaggingClassifier(LinearSVC(), n_estimators=2), cv=2), X, CODES),
    (GaussianProcessRegressor(ConstantKernel(), alpha=1e-2, optimizer=None), X, VALUES),
    (IsotonicRegression(), X[:, :1], VALUES),
    (StackingRegressor([("a", IsotonicRegression())], HistGradientBoostingRegressor(max_iter=2), cv=2), X[:, :1],
     VALUES),
    (IsotonicRegression(out_of_bounds="raise"), X[:, :1].astype(np.float32), VALUES.astype(np.float32)),
    (IsotonicRegression(), X[:, :1] * 0 + 1, VALUES),
    (LGBMRegressor(objective="multiclass", num_class=3, n_estimators=2, verbose=-1), X, CODES),
    (SVR(epsilon=1e3), X, VALUES),
    (make_pipeline(Nystroem("poly", kernel_params={"gamma": 0.3}, degree=2, n_components=5), Ridge()), X, VALUES),
    (make_pipeline(SplineTransformer(degree=0, extrapolation="continue"), Ridge()), X, VALUES),
    (make_pipeline(SplineTransformer(degree=0, extrapolation="periodic"), Ridge()), X, VALUES),
    (make_pipeline(make_union(StandardScaler(), MissingIndicator()), Ridge()), X, VALUES),
    (make_pipeline(SimpleImputer(missing_values="?", strategy="most_frequent"), OneHotEncoder(), Ridge()), MARKED,
     VALUES),
    (make_pipeline(SimpleImputer(missing_values=-1, strategy="most_frequent"), OneHotEncoder(), Ridge()), MARKED,
     VALUES),
]  # fmt: skip


@pytest.mark.parametrize(("estimator", "rows", "y"), EXPORTED, ids=lambda value: id_of(value)[:40])
def test_what_might_be_expected_to_be_refused_is_exported(estimator, rows, y):
    assert check(estimator, rows, y).mismatches == 0
