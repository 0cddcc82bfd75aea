"""Compares the outputs of Sepal and pandas, and fails with the first difference: python compare.py sepal pandas"""

import sys

import numpy as np
import pandas as pd


def read(path):
    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)


def main(ours_path, theirs_path):
    ours, theirs = read(ours_path), read(theirs_path)
    assert ours["error"].isna().all(), "a row has an error"
    names = list(ours.columns)
    assert names == [*theirs.columns, "error"], f"the columns are {names} and {list(theirs.columns)}"
    for name in ("id", "label"):
        assert (ours[name].to_numpy() == theirs[name].to_numpy()).all(), f"{name} differs"
    for name in names[2:-1]:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=0, atol=1e-9, err_msg=name)


if __name__ == "__main__":
    main(*sys.argv[1:])
