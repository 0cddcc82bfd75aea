"""The usual Lambda handler in Python, with which Sepal is compared. It loads the pickled model when the module is
imported. The body of the event is JSON in base64.
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
