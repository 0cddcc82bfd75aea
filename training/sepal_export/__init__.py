"""Exports a trained estimator to a model package: model.onnx, model.json, golden.json and their digests."""

from sepal_export.data.dataset import Column
from sepal_export.estimators import ConversionError
from sepal_export.package.export import export
from sepal_export.proof.verify import ParityError

__all__ = ["Column", "ConversionError", "ParityError", "export"]
