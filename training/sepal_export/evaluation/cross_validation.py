"""Measures how good clones of an estimator are on rows that they were not fitted on."""

from __future__ import annotations

import copy
import warnings
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.model_selection import KFold, StratifiedKFold

from sepal_export.data.forms import take
from sepal_export.data.predictions import first_line, predictions_of
from sepal_export.estimators import class_name
from sepal_export.evaluation.mistakes import mistakes_of
from sepal_export.evaluation.scores import Evaluation, Fold, Metrics, mean_and_std, not_measured, score
from sepal_export.progress import Progress

FOLDS = 5
SEED = 0
# CatBoost accepts at most one of these.
VERBOSITY = {"verbose", "logging_level", "silent", "verbose_eval"}


class Unmeasurable(Exception):
    """The reason why an estimator cannot be fitted on a part of the rows and tested on the others. It is published."""


def cross_validate(
    estimator: Any, X: Any, y: Any, progress: Progress | None = None, *, keep: bool = True
) -> Evaluation:
    """Fits clones of `estimator`, and measures their answers to rows that they were not fitted on (see score in
    scores.py)."""
    y = np.asarray(y)
    try:
        folds = tuple(fit_folds(estimator, X, y, splitter_of(estimator, y), progress or Progress(), keep=keep))
    except Unmeasurable as reason:
        return not_measured(str(reason))
    kind = "stratified " if is_stratified(estimator, y) else ""
    measured = Metrics(
        protocol=f"{kind}{len(folds)}-fold cross-validation of {len(y):,} rows, shuffled with seed {SEED}",
        values={metric: mean_and_std(metric, [fold.scores[metric] for fold in folds]) for metric in folds[0].scores},
    )
    evaluation = Evaluation(measured, folds)
    return replace(evaluation, metrics=replace(measured, mistakes=mistakes_of(evaluation.held_out, y)))


def splitter_of(estimator: Any, y: np.ndarray) -> KFold | StratifiedKFold:
    """Uses fewer than FOLDS folds if a class, or the data, has too few rows for every fold."""
    if not is_stratified(estimator, y):
        # R² needs at least two test rows.
        return KFold(folds_of(len(y) // 2, f"the data has {len(y)} rows"), shuffle=True, random_state=SEED)
    try:
        classes, counts = np.unique(y, return_counts=True)
    except TypeError as error:
        raise Unmeasurable("the classes of y are of types that have no order") from error
    rarest, count = classes[counts.argmin()], int(counts.min())
    folds = folds_of(count, f"the class '{rarest}' has {count} row{'s' if count > 1 else ''}")
    return StratifiedKFold(folds, shuffle=True, random_state=SEED)


def is_stratified(estimator: Any, y: np.ndarray) -> bool:
    """Whether each fold gets its share of each class. That is not possible for several targets, which have too many
    combinations of classes."""
    return is_classifier(estimator) and y.ndim == 1


def folds_of(most: int, reason: str) -> int:
    if most < 2:
        raise Unmeasurable(f"{reason}, too few to be fitted to one part of them and judged by another")
    return min(FOLDS, most)


def fit_folds(
    estimator: Any, X: Any, y: np.ndarray, splitter: KFold | StratifiedKFold, progress: Progress, *, keep: bool
) -> list[Fold]:
    """Fits and tests a clone per fold. The folds have the fitted clones only if `keep` is set, because large ones take
    much memory."""
    if any(class_name(part) == "sklearn.FrozenEstimator" for part in parts_of(estimator)):
        raise Unmeasurable("a FrozenEstimator cannot be fitted again on a part of the rows")
    estimator = cloneable(estimator)
    # scikit-learn treats classes that are fractions as values, and does not stratify by them.
    strata = np.unique(y, return_inverse=True)[1] if is_stratified(estimator, y) else None
    try:
        with warnings.catch_warnings():
            # The caller's fit on all rows has already given these warnings.
            warnings.simplefilter("ignore")
            folds = []
            for train, test in splitter.split(y, strata):
                progress.begin(f"measuring: fold {len(folds) + 1} of {splitter.n_splits}")
                fold = fit_fold(estimator, X, y, train, test)
                folds.append(fold if keep else replace(fold, estimator=None))
            return folds
    except Exception as error:  # an estimator of any library can raise anything
        reason = "it could not be fitted to a part of the rows and judged by the others"
        raise Unmeasurable(warn_of(error, reason)) from error


def warn_of(error: Exception, reason: str) -> str:
    """Warns of the error, and returns the `reason`, which is published. The library's own message may name values of
    rows, so only the person who exports sees it."""
    warnings.warn(f"not cross-validated: {reason}: {first_line(error)}", stacklevel=2)
    return reason


def fit_fold(estimator: Any, X: Any, y: np.ndarray, train: np.ndarray, test: np.ndarray) -> Fold:
    fitted = clone(estimator).fit(take(X, train), y[train])
    answers = predictions_of(fitted, take(X, test))
    return Fold(fitted, test, answers, score(answers, y[test]))


def cloneable(estimator: Any) -> Any:
    """`estimator`, or a copy in which CatBoost's estimators clone themselves: `clone` rejects them if a parameter is a
    list, and their clones would print and write a folder of logs. NGBoost's clones would print too."""
    if not any(is_catboost(part) or is_ngboost(part) for part in parts_of(estimator)):
        return estimator
    estimator = copy.deepcopy(estimator)
    for part in filter(is_catboost, parts_of(estimator)):
        part.__sklearn_clone__ = partial(quiet_clone, part)
    for part in filter(is_ngboost, parts_of(estimator)):
        part.verbose = False
    return estimator


def quiet_clone(estimator: Any) -> Any:
    params = estimator.get_params() | {"allow_writing_files": False}
    if not VERBOSITY & params.keys():
        params["verbose"] = False
    return type(estimator)(**params)


def is_catboost(estimator: Any) -> bool:
    return type(estimator).__module__.startswith("catboost.")


def is_ngboost(estimator: Any) -> bool:
    return type(estimator).__module__.startswith("ngboost.")


def parts_of(estimator: Any) -> list[Any]:
    """`estimator` and the estimators among its parameters, at any depth."""
    return [estimator, *(value for value in estimator.get_params(deep=True).values() if hasattr(value, "fit"))]
