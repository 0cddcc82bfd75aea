"""Makes rows on which an original and its ONNX model are likely to differ, and compares their answers."""
