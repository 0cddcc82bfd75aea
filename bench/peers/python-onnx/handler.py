"""The handler of ../python-sklearn with onnxruntime in place of scikit-learn. The event and the answer are the same,
and the model is Sepal's model.onnx.
"""

import base64
import json

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

options = SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = InferenceSession("model.onnx", options, providers=["CPUExecutionProvider"])
[feed] = [tensor.name for tensor in session.get_inputs()]
# The model's labels are positions in this list.
classes = ["setosa", "versicolor", "virginica"]


def handler(event, context):
    print(event)
    values = json.loads(base64.b64decode(event["body"]))
    labels = session.run(None, {feed: np.array(values).reshape(1, 4)})[0]
    return classes[labels[0]]
