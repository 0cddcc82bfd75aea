"""Wraps objects without scikit-learn's interface as estimators: boosters, results of statsmodels, ONNX models."""
