"""Describes what a model answers to a row. The graph's outputs, model.json and the proof follow this description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import issparse

from sepal_export.data.canonical import json_string
from sepal_export.data.classes import Class, check_classes, classes_of, name_of
from sepal_export.estimators import ConversionError, class_name

CLASSIFICATION, REGRESSION, OUTLIERS, CLUSTERING = "classification", "regression", "outliers", "clustering"
# By scikit-learn's estimator type, including types from before 1.6.
TASKS = {
    "classifier": CLASSIFICATION,
    "regressor": REGRESSION,
    "ranker": REGRESSION,
    "outlier_detector": OUTLIERS,
    "clusterer": CLUSTERING,
    "density_estimator": CLUSTERING,
    "DensityEstimator": CLUSTERING,
}
# Estimators that do not declare their type to scikit-learn.
UNDECLARED = {
    "lightgbm.LGBMRanker": "ranker",
    "ngboost.NGBRegressor": "regressor",
    "ngboost.NGBSurvival": "regressor",
}
SEMI_SUPERVISED = {"sklearn.LabelPropagation", "sklearn.LabelSpreading", "sklearn.SelfTrainingClassifier"}
INLIER, OUTLIER = "inlier", "outlier"


@dataclass(frozen=True)
class Outputs:
    """`classes` are those of each target; empty for a regressor. `numbers` names the field of an answer that
    holds numbers (probabilities, scores, value, values, score or distances); None if there is only a label. `width` is
    how many numbers a row has.
    `targets` are the names of several targets; empty for one or none."""

    task: str
    classes: tuple[tuple[Class, ...], ...] = ()
    numbers: str | None = None
    width: int = 0
    targets: tuple[str, ...] = ()

    @property
    def labels(self) -> str | None:
        """The field of an answer with its label, or with a label per target."""
        if not self.classes:
            return None
        return "labels" if self.targets else "label"

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields, in the order of the answer and of the graph's outputs."""
        return tuple(field for field in (self.labels, self.numbers) if field)

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """For each of the `width` numbers, the names that lead to it in its field: the class, the target, or the target
        and the class; none if the field is itself the number."""
        names = [tuple(map(name_of, classes)) for classes in self.classes]
        if self.numbers in ("value", "score"):
            return [()]
        if self.numbers == "values":
            return [(target,) for target in self.targets]
        if self.targets:
            return [(target, name) for target, known in zip(self.targets, names, strict=True) for name in known]
        # Of two classes only the second has a score. `width` alone does not show that: one cluster has one distance.
        known = names[0][1:] if self.numbers == "scores" and self.width == 1 else names[0]
        return [(name,) for name in known][: self.width]

    @property
    def column_names(self) -> list[str]:
        """What a table calls each of the `width` numbers (functions/core/model/outputs.ts)."""
        return [column_name(key) if key else self.numbers for key in self.keys]

    def named(self, targets: Sequence[str]) -> Outputs:
        """The outputs with these names of several targets; unchanged for a single target or no names. Raises
        ValueError if their number is wrong or two are equal."""
        count = len(self.targets) or 1
        if len(targets) not in (0, count):
            wanted = "the target" if count == 1 else f"each of {count} targets, in their order"
            raise ValueError(f"expected a name for {wanted}, and got {len(targets)}: {', '.join(targets)}")
        if len(set(targets)) < len(targets):
            raise ValueError(f"the targets need names that differ, and are called {', '.join(targets)}")
        return replace(self, targets=tuple(targets)) if self.targets and targets else self


def column_name(key: tuple[str, ...]) -> str:
    """`class`; `target` for values of several targets; `target:class` for classes of several targets. Before a class, a
    target that holds a colon, or begins with a quotation mark, is written as a JSON string. Otherwise the class "c" of
    the target "a:b" would have the same name as the class "b:c" of the target "a"."""
    *targets, last = key
    return ":".join([json_string(name) if name.startswith('"') or ":" in name else name for name in targets] + [last])


def outputs_of(estimator: Any, X: Any) -> Outputs:
    """The outputs of a fitted estimator. `X` is one or more rows that it answers. Raises ConversionError if it does not
    predict, it found no clusters, or its classes have no type of JSON."""
    task = TASKS.get(type_of(estimator) or "")
    if task is None or not hasattr(estimator, "predict"):
        raise ConversionError(
            f"{type(estimator).__name__} predicts nothing: a classifier, a regressor, an outlier detector or a "
            "clusterer must come last"
        )
    if task == OUTLIERS:
        return Outputs(OUTLIERS, ((INLIER, OUTLIER),), "score", 1)
    if task == CLUSTERING:
        return outputs_of_clusterer(estimator, X)
    answered = predicted(estimator, X)
    count = 1 if answered.ndim == 1 else answered.shape[1]
    targets = tuple(f"target_{place}" for place in range(count)) if count > 1 else ()
    if task == REGRESSION:
        return Outputs(REGRESSION, (), "values" if targets else "value", count, targets)
    return outputs_of_classifier(estimator, X, targets)


def predicted(estimator: Any, X: Any) -> np.ndarray:
    """[N] or [N, T]. Estimators fitted on a sparse matrix of labels return one; it is converted."""
    answered = estimator.predict(X)
    return answered.toarray() if issparse(answered) else np.asarray(answered)


def outputs_of_classifier(estimator: Any, X: Any, targets: tuple[str, ...]) -> Outputs:
    classes = classes_by_target(estimator, len(targets) or 1)
    if has_probabilities(estimator, X):
        return Outputs(CLASSIFICATION, classes, "probabilities", sum(map(len, classes)), targets)
    if targets or not has_decision_by_class(estimator, X, len(classes[0])):
        return Outputs(CLASSIFICATION, classes, None, 0, targets)
    return Outputs(CLASSIFICATION, classes, "scores", 1 if len(classes[0]) == 2 else len(classes[0]))


def has_probabilities(estimator: Any, X: Any) -> bool:
    """Whether it has probabilities. Some estimators have the method but refuse every row: a Gaussian process that
    decides between pairs of classes, a chain with more than two classes, an ensemble in which only some parts have
    probabilities."""
    if not hasattr(estimator, "predict_proba"):
        return False
    try:
        estimator.predict_proba(X)
    except (AttributeError, IndexError, NotImplementedError, ValueError):
        return False
    return True


def classes_by_target(estimator: Any, count: int) -> tuple[tuple[Class, ...], ...]:
    """The classes of each of the `count` targets: the estimator's, or 0 and 1 if it does not list them by target, as
    scikit-learn's multilabel classifiers do not."""
    given = getattr(estimator, "classes_", None)
    if count == 1 and not isinstance(given, list):
        return (classes_of(estimator),)
    if not (isinstance(given, list) and len(given) == count and all(np.ndim(classes) == 1 for classes in given)):
        return ((0, 1),) * count
    last = last_of(estimator)
    if class_name(last) == "sklearn.ClassifierChain":
        # It lists them in the order of its parts.
        given = [given[place] for place in np.argsort(last.order_)]
    return tuple(check_classes(type(estimator).__name__, classes) for classes in given)


def has_decision_by_class(estimator: Any, X: Any, classes: int) -> bool:
    """Whether the decision is per class. SVC can be set to return one per pair of classes."""
    if not hasattr(estimator, "decision_function") or (
        classes > 2 and getattr(last_of(estimator), "decision_function_shape", None) == "ovo"
    ):
        return False
    return np.asarray(estimator.decision_function(X)).reshape(len_of(X), -1).shape[1] == (
        1 if classes == 2 else classes
    )


def outputs_of_clusterer(estimator: Any, X: Any) -> Outputs:
    count = clusters_of(last_of(estimator))
    classes = (tuple(range(count)),)
    if hasattr(estimator, "predict_proba"):
        return Outputs(CLUSTERING, classes, "probabilities", count)
    if hasattr(estimator, "transform") and np.asarray(estimator.transform(X)).shape[1] == count:
        return Outputs(CLUSTERING, classes, "distances", count)
    return Outputs(CLUSTERING, classes)


def clusters_of(estimator: Any) -> int:
    """The number of clusters."""
    if hasattr(estimator, "subcluster_labels_"):
        return len(np.unique(estimator.subcluster_labels_))
    for attribute in ("cluster_centers_", "weights_", "means_"):
        if hasattr(estimator, attribute) and len(getattr(estimator, attribute)):
            return len(getattr(estimator, attribute))
    raise ConversionError(f"{type(estimator).__name__} found no clusters; fit it again with other parameters")


def is_partly_labelled(estimator: Any, y: np.ndarray | None, outputs: Outputs) -> bool:
    """Whether -1 marks an unknown label. Such rows cannot be used to measure the answers."""
    if y is None or class_name(last_of(estimator)) not in SEMI_SUPERVISED:
        return False
    return -1 not in outputs.classes[0] and bool((y == -1).any())


MIXINS = {
    "ClassifierMixin": "classifier", "ClusterMixin": "clusterer", "OutlierMixin": "outlier_detector",
    "RegressorMixin": "regressor",
}  # fmt: skip


def type_of(estimator: Any) -> str | None:
    """scikit-learn's name of its type: classifier, regressor, …"""
    given = UNDECLARED.get(class_name(last_of(estimator)), getattr(estimator, "_estimator_type", None))
    if given is not None:
        return given
    try:
        from sklearn.utils import get_tags

        given = get_tags(estimator).estimator_type
    except (ImportError, AttributeError, TypeError, ValueError):
        given = None
    # If a class lists its mixin after BaseEstimator, scikit-learn's tags do not show it.
    parents = {parent.__name__ for parent in type(last_of(estimator)).__mro__}
    return given or next((kind for name, kind in MIXINS.items() if name in parents), None)


def last_of(estimator: Any) -> Any:
    """The estimator that predicts, inside pipelines and searches."""
    if hasattr(estimator, "steps"):
        return last_of(estimator.steps[-1][1])
    best = getattr(estimator, "best_estimator_", None)
    if best is not None:
        return last_of(best)
    return last_of(estimator.estimator) if class_name(estimator) == "sklearn.FrozenEstimator" else estimator


def len_of(X: Any) -> int:
    return X.shape[0] if hasattr(X, "shape") else len(X)
