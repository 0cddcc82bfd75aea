"""Measures how good a model is on rows that it was not fitted on, and says how that was measured."""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.base import clone

from sepal_export.data.outputs import CLUSTERING, OUTLIERS, SEMI_SUPERVISED, last_of, outputs_of, type_of
from sepal_export.data.predictions import Predictions, first_rows, predictions_of
from sepal_export.estimators import class_name
from sepal_export.evaluation.cross_validation import FOLDS, SEED, cloneable, cross_validate, parts_of, warn_of
from sepal_export.evaluation.mistakes import mistakes_of
from sepal_export.evaluation.rounds import rounds_of
from sepal_export.evaluation.scores import Doubt, Evaluation, Metrics, mean_and_std, not_measured, score
from sepal_export.originals.boosters import LOST
from sepal_export.originals.onnx_models import NOT_FITTED, OnnxEstimator
from sepal_export.progress import Progress
from sepal_export.wording import counted

# If the answers of two models are at most this far apart (see distance_of), they count as the same.
ALIKE = 0.05
# At most so many clones are fitted to find how much their answers differ by chance alone.
REFITS = 5
# If the model's score on the rows is below its clones' score by more than this, the rows may not be those of its fit.
WORSE = 0.02


def evaluate(estimator: Any, X: Any, y: Any, progress: Progress | None = None, *, keep: bool = True) -> Evaluation:
    """Measures `estimator`, which was fitted on the rows. If a clone that is fitted on these rows answers like the
    model, the metrics come from a cross-validation of clones. Otherwise they are the model's own scores on these rows,
    and the protocol says why. `keep` says whether the folds' estimators are kept, which a report needs."""
    reason = unmeasurable(estimator, X, y)
    if reason:
        return not_measured(reason)
    y = np.asarray(y)
    reason = otherwise_fitted(estimator)
    refits = not_measured(reason) if reason else cross_validate(estimator, X, y, progress, keep=keep)
    reason = difference(estimator, X, y) if refits.folds else refits.reason
    if reason is None:
        return refits
    rows = counted(len(y), "row")
    protocol = f"the model itself on the {rows} given, which it may have been fitted to (not cross-validated: {reason})"
    own = itself(estimator, X, y, protocol)
    return Evaluation(own, reason=reason, doubt=doubt_of(own, refits.metrics, y) if refits.folds else None)


def unmeasurable(estimator: Any, X: Any, y: Any) -> str | None:
    """Why there are no right answers to compare with; None if there are."""
    task = outputs_of(estimator, first_rows(X)).task
    if task == OUTLIERS:
        return "no right answers are known of an outlier detector"
    if task == CLUSTERING:
        return "no right answers are known of clusters"
    if type_of(last_of(estimator)) == "ranker":
        return "a ranker orders rows, so its answers are not values of the target"
    if y is not None:
        return None
    if class_name(last_of(estimator)) in SEMI_SUPERVISED:
        return "it was fitted to rows of which some had no label"
    return "the data has no target"


def on_holdout(estimator: Any, X: Any, y: Any) -> Evaluation:
    """The scores of `estimator` on rows that it was not fitted to."""
    rows = counted(len(y), "row")
    return Evaluation(itself(estimator, X, np.asarray(y), f"the model itself on {rows} that its fit did not get"))


def itself(estimator: Any, X: Any, y: np.ndarray, protocol: str) -> Metrics:
    """The estimator's own scores on all rows. The standard deviations are between FOLDS random parts of the rows,
    without the parts of a single row."""
    answers = answers_of(estimator, X)
    whole = score(answers, y)
    parts = np.array_split(np.random.default_rng(SEED).permutation(len(y)), FOLDS)
    scores = [score(answers.take(part), y[part]) for part in parts if len(part) > 1] or [whole]
    values = {name: mean_and_std(name, [part[name] for part in scores], mean=value) for name, value in whole.items()}
    return Metrics(protocol, values, mistakes_of(answers, y))


def otherwise_fitted(estimator: Any) -> str | None:
    """Returns why fitting a clone would give another model, as far as the estimator shows it; otherwise None."""
    for part in parts_of(estimator):
        if isinstance(part, OnnxEstimator):
            return NOT_FITTED
        if hasattr(part, LOST):
            return f"its {type(part).__name__} was made from a booster, which does not keep the parameters of its fit"
        rounds = rounds_of(part)
        if rounds is not None and rounds.made != rounds.asked:
            return (
                f"its {type(part).__name__} has {counted(rounds.made, 'round')} of trees although its parameters "
                f"say {rounds.asked:,}, so it was stopped early or loaded without its parameters"
            )
    return None


def difference(estimator: Any, X: Any, y: np.ndarray) -> str | None:
    """Says how the answers of a clone, fitted on the rows, differ from the model's; None if they do not. Clones without
    a seed also differ from each other, so up to REFITS are fitted. The model counts as equal if the nearest clone is no
    farther away than ALIKE, or than twice the largest distance between two clones."""
    answers, fits = answers_of(estimator, X), []
    while len(fits) < REFITS and (len(fits) < 2 or spread_of(fits) > 0):
        try:
            again = refitted(estimator, X, y)
        except Exception as error:  # whatever an estimator of any library raises
            return warn_of(error, "it could not be fitted to the rows again")
        if again.outputs.classes != answers.outputs.classes:
            return "the rows do not have the classes that it knows"
        fits.append(again)
        distance = min(distance_of(answers, fit) for fit in fits)
        if distance <= max(ALIKE, 2 * spread_of(fits)):
            return None
    return f"a clone fitted to them with its parameters gives other answers, {distance:.2g} away in the mean"


def spread_of(fits: list[Predictions]) -> float:
    """The largest distance between two of the fits."""
    return max((distance_of(first, second) for first, second in combinations(fits, 2)), default=0.0)


def answers_of(estimator: Any, X: Any) -> Predictions:
    with warnings.catch_warnings():
        # Silences warnings about unknown categories, which the caller has already got.
        warnings.simplefilter("ignore")
        return predictions_of(estimator, X)


def refitted(estimator: Any, X: Any, y: np.ndarray) -> Predictions:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return predictions_of(clone(cloneable(estimator)).fit(X, y), X)


def distance_of(first: Predictions, second: Predictions) -> float:
    """The mean difference over rows and targets: for probabilities, half the sum of their differences; for other
    answers with a label, the share of labels that differ; for values, the difference divided by the standard deviation
    of `first`."""
    difference = np.abs(first.scores - second.scores)
    if first.outputs.numbers == "probabilities":
        return float(difference.sum(axis=1).mean() / 2 / (len(first.outputs.targets) or 1))
    if first.labels is not None:
        return float((first.labels != second.labels).mean())
    deviations = first.scores.std(axis=0)
    return float((difference / np.where(deviations > 0, deviations, 1.0)).mean())


def is_useless(evaluation: Evaluation, y: np.ndarray) -> bool:
    """Whether the model is worse than one that always answers the mean of the target, or the share of each class."""
    values = evaluation.metrics.values
    if "log_loss" not in values:
        return values.get("r2", {"mean": 0})["mean"] < 0
    shares = np.unique(y, return_counts=True)[1] / len(y)
    return values["log_loss"]["mean"] > -(shares * np.log(shares)).sum()


def doubt_of(own: Metrics, refits: Metrics, y: np.ndarray) -> Doubt | None:
    """Returns a Doubt that the model was fitted to these rows, or None. On the rows of its fit, a model hardly ever
    scores worse than clones do on held-out rows. So there is a doubt if it scores worse by more than WORSE and by more
    than three errors of the clones' score. That error is the standard deviation between folds for R², and the standard
    error for accuracy."""
    metric = "r2" if "r2" in refits.values else "accuracy"
    mine, others = own.values[metric]["mean"], refits.values[metric]["mean"]
    error = refits.values[metric]["std"] if metric == "r2" else (others * (1 - others) / len(y)) ** 0.5
    least = others - max(WORSE, 3 * error)
    of_one_answer = 0.0 if metric == "r2" else share_of_one_answer(y)
    return Doubt(metric, mine, others, least, float(max(least, of_one_answer + WORSE))) if mine < least else None


def share_of_one_answer(y: np.ndarray) -> float:
    """The accuracy of always answering the most frequent label; with several targets, the mean over the targets."""
    targets = y.reshape(len(y), -1).T
    return float(np.mean([np.unique(values, return_counts=True)[1].max() / len(y) for values in targets]))
