"""Exports a trained estimator to a model package: model.onnx, model.json and golden.json, proven to agree with it."""

from sepal_export.evaluate import CrossValidated, cross_validate
from sepal_export.export import export
from sepal_export.manifest import Feature
from sepal_export.verify import ParityError

__all__ = ["CrossValidated", "Feature", "ParityError", "cross_validate", "export"]
