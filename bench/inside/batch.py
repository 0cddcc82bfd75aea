"""Measures rows through scikit-learn, from a request's body to the answer's: python batch.py model answer events…

`answer` sets the form of JSON answers: `arrays` has only the probabilities, and `document` has all that Sepal answers.
It changes no other format, nor the answer to the largest request, which has only labels.
"""

import io
import json
import pickle
import sys
import time

import numpy as np

name, answer, *events = sys.argv[1:]
with open(f"/models/{name}/model.pickle", "rb") as file:
    model = pickle.load(file)


def labels_of(probabilities):
    return model.classes_[probabilities.argmax(axis=1)].tolist()


def predict_json(body):
    probabilities = model.predict_proba(np.array(json.loads(body)))
    if answer == "arrays":
        return json.dumps(probabilities.tolist())
    names = model.classes_.tolist()
    rows = zip(labels_of(probabilities), probabilities.tolist(), strict=True)
    predictions = [{"label": label, "probabilities": dict(zip(names, row, strict=True))} for label, row in rows]
    return json.dumps({"model": {"name": name, "version": "1.0.0"}, "predictions": predictions})


def predict_csv(body):
    rows = np.loadtxt(io.StringIO(body), delimiter=",", skiprows=1, ndmin=2)
    probabilities = model.predict_proba(rows)
    lines = [",".join(["label", *model.classes_.tolist()])]
    for label, row in zip(labels_of(probabilities), probabilities.tolist(), strict=True):
        lines.append(",".join([label, *map(repr, row)]))
    return "\r\n".join(lines)


def predict_oip(body):
    [tensor] = json.loads(body)["inputs"]
    probabilities = model.predict_proba(np.array(tensor["data"]).reshape(tensor["shape"]))
    rows, width = probabilities.shape
    outputs = [
        {"name": "label", "datatype": "BYTES", "shape": [rows], "data": labels_of(probabilities)},
        {"name": "probabilities", "datatype": "FP64", "shape": [rows, width], "data": probabilities.ravel().tolist()},
    ]
    return json.dumps({"model_name": name, "model_version": "1.0.0", "outputs": outputs})


def predict_largest(body):
    return json.dumps({"predictions": model.predict(np.array(json.loads(body)["instances"])).tolist()})


PREDICT = {"json": predict_json, "csv": predict_csv, "oip": predict_oip, "largest": predict_largest}


def measure(event):
    """Returns the lower quartile of a few times, in milliseconds. Slower ones were waiting for other processes."""
    predict = PREDICT[event.split("-")[0]]
    with open(f"/events/{event}.json") as file:
        body = json.load(file)["body"]
    times, until = [], time.perf_counter() + 0.3
    while len(times) < 5 or time.perf_counter() < until:
        start = time.perf_counter()
        predict(body)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[len(times) // 4]


times = {event: measure(event) for event in events}
with open("/proc/self/status") as file:
    [peak] = [line.split()[1] for line in file if line.startswith("VmHWM")]
print(json.dumps({"times": times, "peak": int(peak) / 1024}), file=sys.stderr)
