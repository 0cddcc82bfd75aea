"""The post's own system, written anew: the pickle is loaded globally, the body is base64 of JSON."""

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
