"""How good a model is on rows it was not trained on, and how that was measured."""

from __future__ import annotations

import copy
import warnings
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from sklearn import metrics
from sklearn.base import clone, is_classifier
from sklearn.model_selection import KFold, StratifiedKFold

from sepal_export.classes import positions_of
from sepal_export.predictions import Predictions, first_line, predictions_of
from sepal_export.registry import class_name
from sepal_export.rounds import rounds_of
from sepal_export.summary import counted

FOLDS = 5
SEED = 0
# Enough to read, few enough to be the same on every CPU.
DIGITS = 4
# How far the answers of two fits to the same rows may be from one another, as a share of what they can be.
ALIKE = 0.05
# How many fits tell how far chance alone moves the answers.
REFITS = 5
# How much worse a model may be on its own rows than others are on rows that they were not fitted to.
WORSE = 0.02
# CatBoost takes one of these at most.
VERBOSITY = {"verbose", "logging_level", "silent", "verbose_eval"}


@dataclass(frozen=True)
class Metrics:
    """Mean and standard deviation of each metric over parts of the rows, and the protocol that gave them. Where nothing
    was measured there are no values, and the protocol says why."""

    protocol: str
    values: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Fold:
    """An estimator, the rows that it was not fitted to, its answers to them and how good they are."""

    estimator: Any
    rows: np.ndarray
    answers: Predictions
    scores: dict[str, float]


@dataclass(frozen=True)
class Doubt:
    """The model itself is far worse on the rows than what is fitted to a part of them is on the others: it has `own`,
    they have `others`, and `least` would not be surprising."""

    metric: str
    own: float
    others: float
    least: float


@dataclass(frozen=True)
class Evaluation:
    """The metrics, and the folds that they were computed from, or the `reason` why they are not cross-validated."""

    metrics: Metrics
    folds: tuple[Fold, ...] = ()
    reason: str = ""
    doubt: Doubt | None = None

    @property
    def held_out(self) -> Predictions:
        """For every row of the data, the answer of the fold's estimator that had not seen it."""
        order = np.argsort(np.concatenate([fold.rows for fold in self.folds]))
        answers = [fold.answers for fold in self.folds]
        labels = None if answers[0].labels is None else np.concatenate([part.labels for part in answers])[order]
        return Predictions(np.concatenate([part.scores for part in answers])[order], labels, answers[0].classes)


class Unmeasurable(Exception):
    """Why an estimator cannot be fitted to a part of the rows and judged by the others."""


def evaluate(estimator: Any, X: Any, y: Any) -> Evaluation:
    """How good `estimator`, which was fitted to the rows, is on others: cross-validated, where a fit by its parameters
    makes a model of its answers. Else its own scores on the rows are given, and the protocol says so."""
    y = np.asarray(y)
    reason = otherwise_fitted(estimator)
    refits = not_measured(reason) if reason else cross_validate(estimator, X, y)
    reason = difference(estimator, X, y) if refits.folds else refits.reason
    if reason is None:
        return refits
    rows = counted(len(y), "row")
    protocol = f"the model itself on the {rows} given, which it may have been fitted to (not cross-validated: {reason})"
    own = itself(estimator, X, y, protocol)
    return Evaluation(own, reason=reason, doubt=doubt_of(own, refits.metrics, len(y)) if refits.folds else None)


def on_holdout(estimator: Any, X: Any, y: Any) -> Evaluation:
    """The scores of `estimator` on rows that it was not fitted to."""
    rows = counted(len(X), "row")
    return Evaluation(itself(estimator, X, np.asarray(y), f"the model itself on {rows} that its fit did not get"))


def itself(estimator: Any, X: Any, y: np.ndarray, protocol: str) -> Metrics:
    """On all rows; the deviation is over parts of them."""
    answers = answers_of(estimator, X)
    whole = score(answers, y)
    parts = np.array_split(np.random.default_rng(SEED).permutation(len(y)), FOLDS)
    scores = [score(answers.take(part), y[part]) for part in parts if len(part) > 1] or [whole]
    values = {name: mean_and_std(name, [part[name] for part in scores], mean=value) for name, value in whole.items()}
    return Metrics(protocol, values)


def otherwise_fitted(estimator: Any) -> str | None:
    """Why a fit by its parameters is none of this model, as far as the estimator itself tells."""
    for part in parts_of(estimator):
        rounds = rounds_of(part)
        if rounds is not None and rounds.made != rounds.asked:
            return (
                f"its {type(part).__name__} has {counted(rounds.made, 'round')} of trees where its parameters say "
                f"{rounds.asked:,}, so that it was stopped early, or loaded without its parameters"
            )
    return None


def difference(estimator: Any, X: Any, y: np.ndarray) -> str | None:
    """How other a fit by the estimator's parameters to the rows answers them, if it does. Fits without a seed differ by
    chance: the model then is as near to one of REFITS fits as these are to one another."""
    answers, fits = answers_of(estimator, X), []
    while len(fits) < REFITS and (len(fits) < 2 or spread_of(fits) > 0):
        try:
            again = refitted(estimator, X, y)
        except Exception as error:  # whatever an estimator of any library raises
            return f"it could not be fitted to the rows again ({first_line(error)})"
        if again.classes != answers.classes:
            return "the rows do not have the classes that it knows"
        fits.append(again)
        distance = min(distance_of(answers, fit) for fit in fits)
        if distance <= max(ALIKE, 2 * spread_of(fits)):
            return None
    return f"fitted to them by its parameters it answers otherwise, by {distance:.2g} in the mean"


def spread_of(fits: list[Predictions]) -> float:
    """The largest distance between two."""
    return max((distance_of(first, second) for first, second in combinations(fits, 2)), default=0.0)


def answers_of(estimator: Any, X: Any) -> Predictions:
    with warnings.catch_warnings():
        # On unknown categories, which the caller has been told of.
        warnings.simplefilter("ignore")
        return predictions_of(estimator, X)


def refitted(estimator: Any, X: Any, y: np.ndarray) -> Predictions:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return predictions_of(clone(cloneable(estimator)).fit(X, y), X)


def distance_of(first: Predictions, second: Predictions) -> float:
    """In the mean over the rows: how much of the probability differs, or of a value as a share of the deviation."""
    difference = np.abs(first.scores - second.scores)
    if first.labels is not None:
        return float(difference.sum(axis=1).mean() / 2)
    return float(difference.mean() / (first.scores.std() or 1.0))


def is_useless(evaluation: Evaluation, y: np.ndarray) -> bool:
    """Whether one answer to all rows would be better: the mean, or the share of each class."""
    values = evaluation.metrics.values
    if "r2" in values:
        return values["r2"]["mean"] < 0
    shares = np.unique(y, return_counts=True)[1] / len(y)
    return values["log_loss"]["mean"] > -(shares * np.log(shares)).sum()


def doubt_of(own: Metrics, refits: Metrics, rows: int) -> Doubt | None:
    """Three standard errors, and a little more where there are many rows: a model is hardly worse on its own rows than
    on others."""
    metric = "r2" if "r2" in refits.values else "accuracy"
    mine, others = own.values[metric]["mean"], refits.values[metric]["mean"]
    error = refits.values[metric]["std"] if metric == "r2" else (others * (1 - others) / rows) ** 0.5
    least = others - max(WORSE, 3 * error)
    return Doubt(metric, mine, others, least) if mine < least else None


def cross_validate(estimator: Any, X: Any, y: Any) -> Evaluation:
    """Fits clones of `estimator`: accuracy and log loss of a classifier, R² and mean absolute error of a regressor."""
    y = np.asarray(y)
    try:
        folds = tuple(fit_folds(estimator, X, y, splitter_of(estimator, y)))
    except Unmeasurable as reason:
        return not_measured(str(reason))
    kind = "stratified " if is_classifier(estimator) else ""
    measured = Metrics(
        protocol=f"{kind}{len(folds)}-fold cross-validation of {len(y):,} rows, shuffled with seed {SEED}",
        values={metric: mean_and_std(metric, [fold.scores[metric] for fold in folds]) for metric in folds[0].scores},
    )
    return Evaluation(measured, folds)


def not_measured(reason: str) -> Evaluation:
    return Evaluation(Metrics(protocol=f"not measured: {reason}", values={}), reason=reason)


def splitter_of(estimator: Any, y: np.ndarray) -> KFold | StratifiedKFold:
    """With fewer folds than FOLDS where a class, or the whole, has too few rows for every fold."""
    if not is_classifier(estimator):
        # R² needs two rows to be judged by.
        return KFold(folds_of(len(y) // 2, f"the data has {len(y)} rows"), shuffle=True, random_state=SEED)
    try:
        classes, counts = np.unique(y, return_counts=True)
    except TypeError as error:
        raise Unmeasurable("the classes of y are of types that have no order") from error
    rarest, count = classes[counts.argmin()], int(counts.min())
    folds = folds_of(count, f"the class '{rarest}' has {count} row{'s' if count > 1 else ''}")
    return StratifiedKFold(folds, shuffle=True, random_state=SEED)


def folds_of(most: int, reason: str) -> int:
    if most < 2:
        raise Unmeasurable(f"{reason}, too few to be fitted to one part of them and judged by another")
    return min(FOLDS, most)


def fit_folds(estimator: Any, X: Any, y: np.ndarray, splitter: KFold | StratifiedKFold) -> list[Fold]:
    if any(class_name(part) == "sklearn.FrozenEstimator" for part in parts_of(estimator)):
        raise Unmeasurable("a FrozenEstimator cannot be fitted anew to a part of the rows")
    estimator = cloneable(estimator)
    # scikit-learn takes classes that are fractions for values, and stratifies none.
    strata = np.unique(y, return_inverse=True)[1] if is_classifier(estimator) else y
    with warnings.catch_warnings():
        # The fit to all rows, which was the caller's, has given these.
        warnings.simplefilter("ignore")
        try:
            return [fit_fold(estimator, X, y, train, test) for train, test in splitter.split(y, strata)]
        except Exception as error:  # whatever an estimator of any library raises
            raise Unmeasurable(
                f"it could not be fitted to a part of the rows and judged by the others ({first_line(error)})"
            ) from error


def fit_fold(estimator: Any, X: Any, y: np.ndarray, train: np.ndarray, test: np.ndarray) -> Fold:
    fitted = clone(estimator).fit(take(X, train), y[train])
    answers = predictions_of(fitted, take(X, test))
    return Fold(fitted, test, answers, score(answers, y[test]))


def score(answers: Predictions, actual: np.ndarray) -> dict[str, float]:
    if answers.labels is None:
        return {
            "r2": metrics.r2_score(actual, answers.scores[:, 0]),
            "mean_absolute_error": metrics.mean_absolute_error(actual, answers.scores[:, 0]),
        }
    positions = positions_of(actual, answers.classes)
    return {
        "accuracy": metrics.accuracy_score(positions, answers.labels),
        "log_loss": log_loss(answers, positions),
    }


def log_loss(answers: Predictions, actual: np.ndarray) -> float:
    """`actual` are positions in the classes."""
    with warnings.catch_warnings():
        # The probabilities of some boosters are float32.
        warnings.filterwarnings("ignore", "The y_p.* values do not sum to one")
        return metrics.log_loss(actual, answers.scores, labels=range(len(answers.classes)))


def mean_and_std(metric: str, scores: list[float], mean: float | None = None) -> dict[str, float]:
    """`mean` is that of the scores unless it is known better."""
    mean, digits = float(np.mean(scores) if mean is None else mean), DIGITS
    if metric == "mean_absolute_error" and 0 < mean < 1:
        # It is in the target's unit, which may be large.
        digits -= int(np.floor(np.log10(mean)))
    return {"mean": round(mean, digits), "std": round(float(np.std(scores)), digits)}


def take(X: Any, rows: np.ndarray) -> Any:
    return X.iloc[rows] if hasattr(X, "iloc") else np.asarray(X)[rows]


def cloneable(estimator: Any) -> Any:
    """`estimator`, or a copy of it in which CatBoost's estimators clone themselves: `clone` rejects them where a
    parameter is a list, and their clones would print and write a folder of logs."""
    if not any(is_catboost(part) for part in parts_of(estimator)):
        return estimator
    estimator = copy.deepcopy(estimator)
    for part in filter(is_catboost, parts_of(estimator)):
        part.__sklearn_clone__ = partial(quiet_clone, part)
    return estimator


def quiet_clone(estimator: Any) -> Any:
    params = estimator.get_params() | {"allow_writing_files": False}
    if not VERBOSITY & params.keys():
        params["verbose"] = False
    return type(estimator)(**params)


def is_catboost(estimator: Any) -> bool:
    return type(estimator).__module__.startswith("catboost.")


def parts_of(estimator: Any) -> list[Any]:
    """`estimator` and those that it is made of."""
    return [estimator, *(value for value in estimator.get_params(deep=True).values() if hasattr(value, "fit"))]
