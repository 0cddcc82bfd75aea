"""The usual export, for comparison: the converters that everybody uses, with float32 inputs as in their tutorials."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import onnxruntime
from catboost import CatBoostClassifier, CatBoostRegressor
from lightgbm import LGBMClassifier, LGBMRegressor
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import to_onnx, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from xgboost import XGBClassifier, XGBRegressor

from sepal_export.data.classes import positions_of
from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.outputs import OUTLIERS
from sepal_export.data.predictions import Predictions
from sepal_export.proof.verify import scale_of

OPSET = {"": 18, "ai.onnx.ml": 3}
# For lower case, skl2onnx would write a locale into the graph that not every machine has.
LOCALE = {CountVectorizer: {"locale": "C"}, TfidfVectorizer: {"locale": "C"}}
CLASSIFIERS = {LGBMClassifier: ("LgbmClassifier", convert_lightgbm), XGBClassifier: ("XgbClassifier", convert_xgboost)}
REGRESSORS = {LGBMRegressor: ("LgbmRegressor", convert_lightgbm), XGBRegressor: ("XgbRegressor", convert_xgboost)}

for estimator_class, (alias, converter) in CLASSIFIERS.items():
    options = {"nocl": [True, False], "zipmap": [True, False, "columns"]}
    update_registered_converter(
        estimator_class, alias, calculate_linear_classifier_output_shapes, converter, options=options
    )
for estimator_class, (alias, converter) in REGRESSORS.items():
    update_registered_converter(estimator_class, alias, calculate_linear_regressor_output_shapes, converter)


def naive_error(estimator: Any, dataset: Dataset, rows: Rows, answers: Predictions) -> dict[str, Any]:
    """Compares the usual export with `answers`, the original's answers to `rows`: `labels` is the number of labels that
    differ (None without labels), and `error` the largest difference of a probability, or of another number as a share
    of the largest. If the usual export fails, the result has only `failed`, which says why."""
    try:
        session = onnxruntime.InferenceSession(convert(estimator, dataset).SerializeToString())
        outputs = session.run(None, feeds(dataset, rows, session))
        return {"labels": wrong_labels(outputs, answers), "error": error_of(outputs, answers)}
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {str(error).splitlines()[0]}"[:200]}


def wrong_labels(outputs: list[Any], answers: Predictions) -> int | None:
    if answers.labels is None:
        return None
    given, classes = np.asarray(outputs[0]).reshape(answers.labels.shape), answers.outputs.classes
    if answers.outputs.task == OUTLIERS:
        return int(((given < 0) != answers.labels).sum())
    # The usual export gives the labels False and True as 0 and 1, which Python takes for equal.
    columns = zip(given.reshape(len(given), -1).T, classes, strict=True)
    positions = np.stack([positions_of(labels, known) for labels, known in columns], axis=1)
    return int((positions.reshape(answers.labels.shape) != answers.labels).sum())


def error_of(outputs: list[Any], answers: Predictions) -> float:
    """The largest error of a number. It is 0 if there are only labels, and for several targets with labels, because the
    usual export has no reliable order of their numbers."""
    expected = answers.scores
    if expected.shape[1] == 0 or (answers.labels is not None and answers.outputs.targets):
        return 0.0
    given = outputs[0] if answers.labels is None else outputs[1]
    if isinstance(given, list):
        given = np.array([list(row.values()) for row in given])
    given = np.asarray(given, dtype=np.float64).reshape(len(expected), -1)
    # For two classes the usual export may answer two decision values, of which the last is compared; ours is one.
    error = np.abs(given[:, -expected.shape[1] :] - expected) / scale_of(answers)
    return float(np.nan_to_num(error, nan=1.0).max())


def convert(estimator: Any, dataset: Dataset) -> onnx.ModelProto:
    if isinstance(estimator, CatBoostClassifier | CatBoostRegressor):
        return of_catboost(estimator)
    return to_onnx(estimator, initial_types=initial_types(dataset), target_opset=OPSET, options=LOCALE)


def of_catboost(estimator: Any) -> onnx.ModelProto:
    with TemporaryDirectory() as folder:
        estimator.save_model(f"{folder}/model.onnx", format="onnx")
        return onnx.load(f"{folder}/model.onnx")


def initial_types(dataset: Dataset) -> list[tuple[str, Any]]:
    if dataset.is_matrix:
        return [("X", FloatTensorType([None, len(dataset.features)]))]
    kinds = {True: StringTensorType, False: FloatTensorType}
    return [(feature.name, kinds[feature.is_string]([None, 1])) for feature in dataset.features]


def feeds(dataset: Dataset, rows: Rows, session: onnxruntime.InferenceSession) -> dict[str, np.ndarray]:
    """The usual export has the same inputs in the same order, but CatBoost names the matrix differently."""
    values = dataset.for_onnx(rows).values()
    named = zip((entry.name for entry in session.get_inputs()), values, strict=True)
    return {name: column if column.dtype == object else column.astype(np.float32) for name, column in named}
