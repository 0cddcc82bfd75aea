"""The ONNX graph: how its nodes are written, how columns pass through it, and what is done to a finished one."""
