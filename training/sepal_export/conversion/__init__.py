"""Turns an estimator into an ONNX model, and says what a function that serves it will need."""
