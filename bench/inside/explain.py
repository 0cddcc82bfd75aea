"""Explains with shap how the original model answers the first example of its package, with the package's background:
python explain.py folder requests

It uses the method and the budget that Sepal uses. shap takes only numbers, so each string is replaced by its position
in a list.
"""

import json
import pickle
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
import shap  # noqa: E402  after the line above, because importing shap warns

folder, requests = Path(sys.argv[1]), int(sys.argv[2])
estimator = pickle.loads((folder / "model.pickle").read_bytes())
manifest, golden = (json.loads((folder / name).read_text()) for name in ("model.json", "golden.json"))
background = json.loads((folder / "background.json").read_text())["instances"]
features = [feature["name"] for feature in manifest["features"]]
[row] = manifest["examples"][0]["instances"]
rows = [row, *background]
# For each column of strings, by its position: the strings that occur in these rows.
values = {
    place: list(dict.fromkeys(each[place] for each in rows))
    for place, feature in enumerate(manifest["features"])
    if feature["dtype"] == "string"
}


def encoded(place, value):
    if place in values:
        return values[place].index(value)
    return np.nan if value is None else value


def decoded(place, column):
    if place not in values:
        return column
    known = [np.nan if value is None else value for value in values[place]]
    return np.array(known, dtype=object)[column.astype(int)]


def predict(table):
    if not hasattr(estimator, "feature_names_in_"):
        return estimator.predict_proba(table)
    columns = {name: decoded(place, table[:, place]) for place, name in enumerate(features)}
    return estimator.predict_proba(pd.DataFrame(columns))


table = np.array([[encoded(place, value) for place, value in enumerate(each)] for each in rows], dtype=float)
masker = shap.maskers.Independent(table[1:], max_samples=len(background))
if golden["explanations"]["method"] == "exact":
    explainer, options = shap.explainers.Exact(predict, masker), {"max_evals": 2 ** len(features)}
else:
    evaluations = golden["explanations"]["permutations"] * (2 * len(features) + 1)
    explainer, options = shap.explainers.Permutation(predict, masker), {"max_evals": evaluations}
times = []
# First explains the row `requests` times untimed, so that numba has compiled the code before the timed explanations.
for request in range(-requests, requests):
    started = time.perf_counter()
    explained = explainer(table[:1], silent=True, **options)
    if request >= 0:
        times.append((time.perf_counter() - started) * 1000)
classes = map(str, manifest["classes"])
contributions = {
    name: dict(zip(features, column, strict=True))
    for name, column in zip(classes, explained.values[0].T.tolist(), strict=True)
}
print(json.dumps({"times": times, "contributions": contributions}), file=sys.stderr)
