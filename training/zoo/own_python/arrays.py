"""Features of arrays, as people write them who do not use frames."""

import numpy as np


def squares(X):
    return np.hstack([X, X[:, [0, 2]] ** 2, X.mean(axis=1, keepdims=True), np.abs(X).max(axis=1).reshape(-1, 1)])


def bins(X, edges=(5, 10, 20, 50)):
    """Bins of the last two columns."""
    return np.column_stack([X[:, :3], np.digitize(X[:, 3], edges), np.digitize(X[:, 4], [1, 2, 4], right=True)])
