"""Estimators of another scikit-learn: they get missing attributes, or are refused if they would be misread."""

import numpy as np
import pytest
import sklearn
from sklearn.datasets import load_iris
from sklearn.ensemble import AdaBoostClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.multioutput import ClassifierChain
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler

from sepal_export import ConversionError, export
from sepal_export.loading.older import complete, refuse_change
from sepal_export.versions import SKLEARN

X, Y = load_iris(return_X_y=True)


def without(estimator, *names):
    """Removes attributes, as if a pickle of scikit-learn 1.5 had been loaded."""
    for name in names:
        vars(estimator).pop(name, None)
    return estimator


def test_parameters_that_are_new_get_their_defaults(tmp_path):
    """If one were missing, fitting a clone for the metrics would raise an error."""
    pipeline = make_pipeline(MaxAbsScaler(), LogisticRegression(max_iter=1000)).fit(X, Y)
    without(pipeline.steps[0][1], "clip")
    manifest = export(
        without(pipeline, "transform_input"), X, Y, name="iris", version="1", out=tmp_path, say=lambda text: None
    )
    assert "cross-validation" in manifest["metrics"]["protocol"]
    assert pipeline.steps[0][1].clip is False


@pytest.mark.skipif(SKLEARN < (1, 8), reason="it had other names then")
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: SimpleImputer().fit(X), "_fill_dtype"),
        (lambda: RidgeClassifier().fit(X, Y), "classes_"),
    ],
)
def test_attributes_of_another_name_get_that_of_today(make, name):
    expected, older = make(), make()
    if name == "classes_":
        older._label_binarizer = type("LabelBinarizer", (), {"classes_": older.classes_})()
    complete(without(older, name))
    assert np.array_equal(getattr(older, name), getattr(expected, name))


@pytest.mark.skipif(SKLEARN < (1, 7), reason="it had another name then")
def test_the_estimator_of_a_chain_is_found():
    chain = ClassifierChain(LogisticRegression(max_iter=1000)).fit(X, np.stack([Y > 0, Y > 1], axis=1))
    expected = chain.predict(X)
    chain.base_estimator = chain.estimator
    complete(without(chain, "estimator"))
    assert np.array_equal(chain.predict(X), expected)


def test_what_was_never_fitted_stays_so():
    """The templates in a ColumnTransformer are such unfitted estimators."""
    for template in (SimpleImputer(), RidgeClassifier(), ClassifierChain(LogisticRegression())):
        before = dict(vars(template))
        complete(template)
        assert dict(vars(template)) == before


def test_what_is_complete_stays_as_it_is():
    pipeline = make_pipeline(MaxAbsScaler(clip=False), LogisticRegression(C=3, max_iter=1000)).fit(X, Y)
    before = [dict(vars(part)) for _, part in pipeline.steps]
    complete(pipeline)
    assert [dict(vars(part)) for _, part in pipeline.steps] == before


@pytest.mark.skipif(SKLEARN < (1, 6), reason="it adds the same logarithms")
@pytest.mark.parametrize(
    ("fitted_by", "message"), [(None, "by scikit-learn older than 1.6"), ("1.5.2", "pip install 'scikit-learn==1.5.2'")]
)
def test_boosting_that_added_logarithms_is_refused(fitted_by, message):
    """Later versions of scikit-learn would compute wrong probabilities from it."""
    model = AdaBoostClassifier(n_estimators=3).fit(X, Y)
    model.algorithm = "SAMME.R"
    with pytest.raises(ConversionError, match=message) as refusal:
        refuse_change(make_pipeline(model), fitted_by)
    assert f"{sklearn.__version__} is installed, and AdaBoostClassifier changed its answers" in str(refusal.value)


def test_boosting_that_added_what_it_adds_today_is_not():
    model = AdaBoostClassifier(n_estimators=3).fit(X, Y)
    model.algorithm = "SAMME"
    refuse_change(model, "1.5.2" if SKLEARN >= (1, 6) else sklearn.__version__)
