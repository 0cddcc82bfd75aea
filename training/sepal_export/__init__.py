"""Exports a trained estimator to a model package: model.onnx, model.json, golden.json and their digests."""

from sepal_export.dataset import Column
from sepal_export.package import export
from sepal_export.registry import ConversionError
from sepal_export.verify import ParityError

__all__ = ["Column", "ConversionError", "ParityError", "export"]
