"""Scores a table in the usual way with pandas: python score.py model.pickle table predictions

`table` and `predictions` are CSV or Parquet; the ends of their names say which. The output has the id, the label, and a
column for each class.
"""

import csv
import pickle
import sys

import numpy as np
import pandas as pd


def read(path):
    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)


def write(table, path):
    if path.endswith(".parquet"):
        table.to_parquet(path, index=False)
    else:
        # Numbers and labels need no quotes. If to_csv checked each value for this, it would take half as long again.
        table.to_csv(path, index=False, quoting=csv.QUOTE_NONE)


def main(model_path, source, target):
    with open(model_path, "rb") as file:
        model = pickle.load(file)
    table = read(source)
    rows = table.drop(columns="id")
    probabilities = model.predict_proba(rows if hasattr(model, "feature_names_in_") else rows.to_numpy())
    # Finds the label like predict(), which would compute the probabilities again.
    labels = np.asarray(model.classes_)[probabilities.argmax(axis=1)]
    columns = dict(zip(model.classes_, probabilities.T, strict=True))
    write(pd.DataFrame({"id": table["id"], "label": labels, **columns}), target)


if __name__ == "__main__":
    main(*sys.argv[1:])
