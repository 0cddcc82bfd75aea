"""The proof finds every single row that differs."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import ParityError
from sepal_export.data.dataset import Rows, read_dataset
from sepal_export.data.predictions import Predictions, predictions_of
from sepal_export.proof.verify import round_up_to_decade, verify

TOLERANCE = 1e-9
X, y = load_iris(return_X_y=True)
estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
dataset = read_dataset(X, None)


class Altered:
    """A model that answers as the original, except for the row at one position of each call."""

    def __init__(self, position, change):
        self.position, self.change = position, change

    def predict(self, rows: Rows) -> Predictions:
        answers = predictions_of(estimator, dataset.for_original(rows))
        scores, labels = answers.scores.copy(), answers.labels.copy()
        if len(rows) > self.position:
            self.change(scores, labels, self.position)
        return replace(answers, scores=scores, labels=labels)


def shift(scores, _labels, row):
    scores[row, 0] += 2 * TOLERANCE


def blank(scores, _labels, row):
    scores[row, 0] = np.nan


def relabel(_scores, labels, row):
    labels[row] = (labels[row] + 1) % 3


@pytest.mark.parametrize("change", [shift, blank, relabel])
@pytest.mark.parametrize("position", [0, 149])
def test_one_row_that_differs_is_refused(change, position):
    points = {"some": dataset.rows.take(np.arange(3)), "training": dataset.rows}
    with pytest.raises(ParityError) as refusal:
        verify(estimator, Altered(position, change), dataset, points, tolerance=TOLERANCE)
    assert str(X[position].tolist()) in str(refusal.value)


def test_a_row_of_the_second_chunk_that_differs_is_refused():
    rows = dataset.rows.take(np.arange(6_000) % 150)
    with pytest.raises(ParityError, match="differs from the original on 2 of 6000 rows"):
        verify(estimator, Altered(999, shift), dataset, {"training": rows}, tolerance=TOLERANCE)


def test_the_largest_error_of_any_row_is_recorded():
    def change(scores, _labels, row):
        scores[row, 0] += 2e-7

    parity = verify(estimator, Altered(7, change), dataset, {"training": dataset.rows}, tolerance=1e-6)
    assert parity.largest_error == 1e-6


def test_allowed_mismatches_are_counted():
    points = {"training": dataset.rows}
    parity = verify(estimator, Altered(7, relabel), dataset, points, tolerance=TOLERANCE, allow_mismatch=True)
    assert parity.mismatches == 1
    assert parity.label_agreement == 149 / 150


@pytest.mark.parametrize(("error", "rounded"), [(0, 0), (2.2e-16, 1e-15), (9e-7, 1e-6), (1.5, 10), (np.inf, 1e308)])
def test_an_error_is_rounded_up_to_a_power_of_ten(error, rounded):
    assert round_up_to_decade(error) == rounded


class Refusing(LogisticRegression):
    """Raises for rows whose first value is negative, as a model after a logarithm would."""

    def predict_proba(self, X):
        if (X[:, 0] < 0).any():
            raise ValueError("Input X contains NaN")
        return super().predict_proba(X)


class Silent:
    """A model that answers a row as `original` answers the row's absolute values. If the row's first value is below
    `limit`, the first number of the answer is NaN."""

    def __init__(self, original, limit):
        self.original, self.limit = original, limit

    def predict(self, rows: Rows) -> Predictions:
        answers = predictions_of(self.original, np.abs(dataset.for_original(rows)))
        is_first = np.arange(answers.scores.shape[1]) == 0
        return replace(
            answers, scores=np.where((rows.columns[0][:, None] < self.limit) & is_first, np.nan, answers.scores)
        )


def verify_refusing(limit):
    rows = np.concatenate([X, X[:20] * [[-1, 1, 1, 1]]])
    original = Refusing(max_iter=500).fit(X, y)
    points = {"some": Rows(tuple(rows.T))}
    return verify(original, Silent(original, limit), dataset, points, tolerance=TOLERANCE)


def test_rows_that_the_original_refuses_have_no_answer():
    parity = verify_refusing(limit=0)
    assert (parity.rows, parity.mismatches, parity.largest_error, parity.label_agreement) == (170, 0, 0, 1)


def test_the_proof_fails_if_the_model_answers_a_row_that_the_original_refuses():
    with pytest.raises(
        ParityError, match="the original refuses rows that the ONNX model answers: Input X contains NaN"
    ):
        verify_refusing(limit=-np.inf)


def test_the_proof_fails_if_the_model_has_no_answer_to_a_row_that_the_original_answers():
    with pytest.raises(ParityError, match="differs from the original on 150 of 170 rows"):
        verify_refusing(limit=np.inf)
