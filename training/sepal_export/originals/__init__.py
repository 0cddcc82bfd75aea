"""Estimators made of what has no interface of scikit-learn's: boosters, results of statsmodels, ONNX models."""
