"""Every refusal of an estimator names a way out: it is taken, and the export succeeds."""

import numpy as np
import pytest
from exactness import blobs
from sklearn.base import clone, is_classifier
from sklearn.dummy import DummyClassifier
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern
from sklearn.isotonic import IsotonicRegression
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, SplineTransformer
from sklearn.svm import SVR

from sepal_export import ConversionError
from sepal_export.convert import to_onnx_model
from sepal_export.dataset import read_dataset
from sepal_export.predictions import OnnxModel, predictions_of

X, CODES = blobs(rows=80)
X = np.abs(X / X.std(axis=0))
VALUES = X[:, 0] + CODES


def own(values):
    return values + 1


def inner(first, second, **_):
    return first @ second.T


CASES = [
    (DummyClassifier(strategy="stratified"), {"strategy": "prior"}, "use strategy='prior'"),
    (GaussianProcessRegressor(ConstantKernel(), alpha=1e-2, optimizer=None), {"kernel": ConstantKernel() + RBF()},
     r"add one such as RBF\(\)"),
    (GaussianProcessRegressor(Matern(nu=1.0), alpha=1e-2, optimizer=None), {"kernel": Matern(nu=1.5)},
     "use nu=0.5, 1.5 or 2.5"),
    (IsotonicRegression(), {"out_of_bounds": "clip"}, "use out_of_bounds='clip'"),
    (KernelRidge(kernel="chi2", gamma=1.0), {"kernel": "rbf"}, "use kernel='rbf'"),
    (SVR(kernel=lambda a, b: a @ b.T), {"kernel": "poly"}, "use kernel='rbf', 'poly'"),
    (make_pipeline(Nystroem(kernel_params={"a": 1}, kernel=inner, n_components=5), LogisticRegression()),
     {"nystroem__kernel_params": None, "nystroem__kernel": "rbf"}, "use gamma, coef0 and degree"),
    (make_pipeline(FunctionTransformer(own), LogisticRegression()), {"functiontransformer__func": np.log1p},
     "use one of .*np.log1p"),
    (make_pipeline(SplineTransformer(degree=1, extrapolation="linear", knots="quantile"), LogisticRegression()),
     {"splinetransformer__extrapolation": "continue"}, "extrapolation='continue'"),
]  # fmt: skip


@pytest.mark.parametrize(("estimator", "way_out", "advice"), CASES, ids=lambda value: str(value)[:40])
def test_what_a_refusal_advises_is_exported(estimator, way_out, advice):
    rows = X[:, :1] if isinstance(estimator, IsotonicRegression) else X
    y = CODES if is_classifier(estimator) else VALUES
    with pytest.raises(ConversionError, match=advice):
        exported(estimator, rows, y)
    exported(clone(estimator).set_params(**way_out), rows, y)


def exported(estimator, rows, y):
    estimator.fit(rows, y)
    dataset = read_dataset(rows, None)
    conversion = to_onnx_model(estimator, dataset)
    answers = OnnxModel(conversion.model.SerializeToString(), conversion.dataset, conversion.outputs).predict
    expected = predictions_of(estimator, rows)
    np.testing.assert_allclose(answers(conversion.dataset.rows).scores, expected.scores, rtol=1e-9)
