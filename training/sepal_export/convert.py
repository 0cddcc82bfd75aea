"""Estimator → ONNX."""

import numpy as np
import onnx
from skl2onnx import to_onnx
from sklearn.base import BaseEstimator, is_classifier

# What onnxruntime-node 1.30 reads. Raised on purpose, never by an upgrade of a converter.
OPSET = {"": 21, "ai.onnx.ml": 3}
IR_VERSION = 10


class ConversionError(Exception):
    """The estimator cannot be expressed in ONNX; the message names it and says why."""


def to_onnx_model(estimator: BaseEstimator, X: np.ndarray) -> onnx.ModelProto:
    """One input `X` [N, F] float64. A classifier's outputs are its labels [N] and probabilities [N, K] as tensors; a
    regressor's is its values [N, 1].

    The input is float64, as scikit-learn computes linear models; in float32 their decision boundaries would move.
    """
    # Zipmap would answer a list of dictionaries, which onnxruntime-node cannot return.
    options = {id(estimator): {"zipmap": False}} if is_classifier(estimator) else None
    try:
        model = to_onnx(estimator, X[:1], name="model", target_opset=OPSET, options=options)
    except Exception as error:
        raise ConversionError(f"{estimator} has no ONNX model: {error}") from error
    model.ir_version = IR_VERSION
    # The converter takes them from a set, in an order that changes from process to process.
    opsets = sorted(model.opset_import, key=lambda opset: opset.domain)
    del model.opset_import[:]
    model.opset_import.extend(opsets)
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ConversionError(f"the ONNX model of {estimator} is not valid: {error}") from error
    return model
