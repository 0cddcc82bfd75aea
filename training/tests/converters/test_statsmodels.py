import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from exactness import check
from sklearn.base import clone
from sklearn.frozen import FrozenEstimator

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.originals.wrappers import as_estimator
from sepal_export.proof.verify import ParityError

links = sm.families.links
families = sm.families


def rows(count: int = 300) -> pd.DataFrame:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"size": random.normal(size=count), "age": random.integers(1, 60, count)})
    frame["kind"] = random.choice(["flat", "house", "hut"], count)
    frame["is_new"] = random.random(count) > 0.5
    frame["total"] = 2 + frame["size"] / 4 + frame["age"] / 30 + 0.1 * random.normal(size=count)
    frame["positive"] = np.exp(frame["total"] / 4)
    frame["count"] = random.poisson(frame["positive"])
    frame["sold"] = (frame["total"] + random.normal(size=count) > 3).astype(int)
    return frame


def numbers() -> pd.DataFrame:
    return sm.add_constant(rows()[["size", "age"]])


def proven(results, X, y):
    """The parity of fitted results, which are not fitted again."""
    return check(FrozenEstimator(as_estimator(results)), X, y)


GENERALISED = [
    ("sold", families.Binomial()),
    ("sold", families.Binomial(links.Probit())),
    ("sold", families.Binomial(links.CLogLog())),
    ("sold", families.Binomial(links.LogLog())),
    ("total", families.Gaussian()),
    ("positive", families.Gaussian(links.Log())),
    ("positive", families.Gamma()),
    ("positive", families.Gamma(links.Log())),
    ("positive", NEAR_A_POLE := families.InverseGaussian()),
    ("count", families.Poisson()),
    ("count", families.Poisson(links.Sqrt())),
    ("count", families.NegativeBinomial(alpha=0.5)),
    ("positive", families.Tweedie(var_power=1.5)),
    ("positive", families.Tweedie(links.Power(0.5))),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("target", "family"), GENERALISED, ids=lambda entry: type(getattr(entry, "link", "")).__name__)
def test_generalised_linear_models(target, family):
    y = rows()[target]
    # Near the pole of 1/√x, the last bit of one term changes the answer 750 by a relative 2e-11, whatever the graph.
    within = 1e-10 if family is NEAR_A_POLE else 1e-11
    assert proven(sm.GLM(y, numbers(), family=family).fit(), numbers(), y).largest_error <= within


@pytest.mark.parametrize("model", [sm.OLS, sm.WLS, sm.GLS, sm.RLM, sm.QuantReg], ids=lambda model: model.__name__)
def test_linear_regressions(model):
    y = rows()["total"]
    assert proven(model(y, numbers()).fit(), numbers(), y).largest_error <= 1e-14


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("target", "model"),
    [("sold", sm.Logit), ("sold", sm.Probit), ("count", sm.Poisson), ("count", sm.NegativeBinomial),
     ("count", sm.GeneralizedPoisson)],
    ids=lambda entry: getattr(entry, "__name__", None),
)  # fmt: skip
def test_discrete_outcomes(target, model):
    y = rows()[target]
    assert proven(model(y, numbers()).fit(disp=0), numbers(), y).largest_error <= 1e-13


@pytest.mark.parametrize("fit", ["fit_regularized", "fit"])
def test_of_arrays(fit):
    y = rows()["total"].to_numpy()
    results = getattr(sm.OLS(y, numbers().to_numpy()), fit)()
    assert proven(results, numbers().to_numpy(), y).largest_error <= 1e-14


@pytest.mark.parametrize("kind", [str, int, float])
def test_a_multinomial_model_is_a_classifier(kind):
    random = np.random.default_rng(1)
    y = (rows()["age"] // 20 + random.integers(0, 2, 300)).map(lambda value: kind(value * 2))
    results = sm.MNLogit(y, numbers()).fit(disp=0)
    estimator = as_estimator(results)
    assert proven(results, numbers(), y).largest_error <= 1e-14
    assert estimator.classes_.tolist() == sorted(set(y))
    np.testing.assert_array_equal(estimator.predict_proba(numbers()), results.predict(numbers()))


@pytest.mark.parametrize("columns", [["const", "size", "age"], ["size", "age"]], ids=len)
def test_a_constant_column_is_no_feature(columns):
    y = rows()["sold"]
    results = sm.GLM(y, numbers() * [2, 1, 1], family=families.Binomial()).fit()
    estimator, X = as_estimator(results), (numbers() * [2, 1, 1])[columns]
    assert proven(results, X, y).largest_error <= 1e-15
    conversion = to_onnx_model(estimator, read_dataset(X, None))
    assert [feature.name for feature in conversion.dataset.features] == ["size", "age"]
    assert list(estimator.feature_names_in_) == ["size", "age"]
    np.testing.assert_array_equal(estimator.predict(X), results.predict(numbers() * [2, 1, 1]))


def test_results_without_their_data():
    y = rows()["sold"]
    results = sm.GLM(y, numbers(), family=families.Binomial()).fit()
    results.remove_data()
    assert proven(results, numbers(), y).largest_error <= 1e-15
    dataset = to_onnx_model(as_estimator(results), read_dataset(numbers(), None)).dataset
    assert [feature.name for feature in dataset.features] == ["size", "age"]
    with pytest.raises(ParityError):
        proven(results, numbers().assign(const=2.0), y)
    with pytest.raises(ValueError, match="the value of its constant column"):
        as_estimator(results).predict(numbers()[["size", "age"]])


def test_without_a_constant_column():
    y = rows()["total"]
    X = numbers()[["size", "age"]]
    assert proven(sm.OLS(y, X).fit(), X, y).largest_error <= 1e-14


def test_columns_in_another_order_are_refused():
    results = sm.OLS(rows()["total"], numbers()).fit()
    with pytest.raises(ValueError, match=r"in this order: give it X\[\['size', 'age'\]\]"):
        as_estimator(results).predict(numbers()[["age", "size"]])


def test_clones_are_fitted_as_the_results_were():
    y = rows()["sold"]
    estimator = as_estimator(sm.GLM(y, numbers(), family=families.Binomial(links.Probit())).fit())
    again = clone(estimator).fit(numbers()[["size", "age"]], y)
    np.testing.assert_allclose(again.predict(numbers()), estimator.predict(numbers()))


FORMULAS = [
    "size + age",
    "size * kind",
    "C(kind, Sum) : size + is_new - 1",
    "C(age > 30) + np.log(age) + I(size ** 2 / 4)",
    "C(kind, Treatment('hut')) : is_new : size",
    "center(age) + standardize(size, ddof=1) + np.abs(-size)",
    "C(is_new) * I(age - 1.5)",
    "C(age // 20) + np.power(size, 2)",
    # Covers -infinity, which np.log1p returns for -1.
    "size : np.log1p(age) - 1",
    # Covers -0, which a request may contain.
    "I(1 / age) : size",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas(formula):
    frame = rows()
    results = smf.ols(f"total ~ {formula}", frame).fit()
    X = frame[list(as_estimator(results).feature_names_in_)]
    assert proven(results, X, frame["total"]).largest_error <= 1e-13


def test_a_formula_takes_no_category_that_its_fit_did_not_get():
    frame = rows()
    results = smf.ols("total ~ C(age > 30) : C(kind) + C(is_new)", frame).fit()
    X = frame[["age", "kind", "is_new"]]
    conversion = to_onnx_model(as_estimator(results), read_dataset(X, None))
    assert conversion.known == {1: ["flat", "house", "hut"]}
    with pytest.raises(ValueError, match="no value for some of the rows"):
        as_estimator(results).predict(X.assign(kind="tent"))


def test_a_formula_of_a_column_that_python_cannot_name():
    frame = rows().rename(columns={"size": "my size"})
    results = smf.logit("sold ~ Q('my size') + age", frame).fit(disp=0)
    assert proven(results, frame[["my size", "age"]], frame["sold"]).largest_error <= 1e-14


def test_clones_of_a_formula():
    frame = rows()
    estimator = as_estimator(smf.glm("count ~ size + kind", frame, family=families.Poisson()).fit())
    X = frame[["size", "kind"]]
    again = clone(estimator).fit(X, frame["count"])
    np.testing.assert_allclose(again.predict(X), estimator.predict(X))


def double(x):
    return 2 * x


@pytest.mark.parametrize("formula", ["double(size)", "bs(size, df=4)", "np.maximum(size, 0)"])
def test_python_code_in_a_formula_is_refused_by_its_text(formula):
    frame = rows()
    results = smf.ols(f"total ~ {formula} + age", frame).fit()
    X = frame[list(as_estimator(results).feature_names_in_)]
    with pytest.raises(ConversionError, match=r"StatsmodelsRegressor .* in its formula .* before the fit"):
        proven(results, X, frame["total"])


def test_a_link_of_ones_own_is_refused():
    class Mine(links.Log):
        pass

    y = rows()["positive"]
    results = sm.GLM(y, numbers(), family=families.Gaussian(Mine())).fit()
    with pytest.raises(ConversionError, match=r"its link .*Mine does not belong to statsmodels"):
        proven(results, numbers(), y)


@pytest.mark.filterwarnings("ignore")
def test_a_model_without_a_converter_is_refused_by_name():
    frame = rows()
    results = smf.mixedlm("total ~ size", frame, groups=frame["kind"]).fit()
    with pytest.raises(ConversionError, match=r"the results of MixedLM cannot be exported: .* have one are GEE, GLM"):
        as_estimator(results)


def test_a_multinomial_formula():
    frame = rows().assign(age=rows()["age"] // 20)
    results = smf.mnlogit("age ~ size + kind", frame).fit(disp=0)
    assert proven(results, frame[["size", "kind"]], frame["age"]).largest_error <= 1e-14
