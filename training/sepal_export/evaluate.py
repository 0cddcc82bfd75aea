"""How good a model is on rows it was not trained on, and how that was measured."""

from dataclasses import dataclass

import numpy as np
from sklearn import model_selection
from sklearn.base import BaseEstimator, clone, is_classifier

FOLDS = 5
SEED = 0
# Enough to read, few enough to be the same on every CPU.
DIGITS = 4


@dataclass(frozen=True)
class CrossValidated:
    """Mean and standard deviation over the folds of each metric, and the protocol that gave them."""

    protocol: str
    values: dict[str, dict[str, float]]


def cross_validate(estimator: BaseEstimator, X: np.ndarray, y: np.ndarray) -> CrossValidated:
    """Fits clones of `estimator`: accuracy and log loss of a classifier, R² and mean absolute error of a regressor."""
    if is_classifier(estimator):
        folds = model_selection.StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        kind, scorers = "stratified ", {"accuracy": ("accuracy", 1), "log_loss": ("neg_log_loss", -1)}
    else:
        folds = model_selection.KFold(FOLDS, shuffle=True, random_state=SEED)
        kind, scorers = "", {"r2": ("r2", 1), "mean_absolute_error": ("neg_mean_absolute_error", -1)}

    scores = model_selection.cross_validate(
        clone(estimator), X, y, cv=folds, scoring=[scorer for scorer, _ in scorers.values()]
    )
    return CrossValidated(
        protocol=f"{kind}{FOLDS}-fold cross-validation of {len(y)} rows, shuffled with seed {SEED}",
        values={
            metric: {
                "mean": round(sign * float(scores[f"test_{scorer}"].mean()), DIGITS),
                "std": round(float(scores[f"test_{scorer}"].std()), DIGITS),
            }
            for metric, (scorer, sign) in scorers.items()
        },
    )
