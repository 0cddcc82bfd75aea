"""The plain Python Lambda that Sepal is compared with, rewritten from the blog post: it loads the pickle at module
level, and the body is JSON in base64.
"""

import base64
import json
import pickle

import numpy as np

with open("model.pickle", "rb") as file:
    model = pickle.load(file)


def handler(event, context):
    print(event)
    values = json.loads(base64.b64decode(event["body"]))
    prediction = model.predict(np.array(values).reshape(1, 4))
    return str(prediction[0])
