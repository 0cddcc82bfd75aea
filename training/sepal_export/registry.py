"""The register of estimators that can be exported, and of their converters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sepal_export.estimators import ConversionError, class_name, class_name_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Clusters, Outliers, Several, Table

Answer = Table | Value | Classification | Several | Outliers | Clusters
# Answers that end a pipeline.
PREDICTIONS = (Classification, Several, Outliers, Clusters)
Converter = Callable[[Any, Table], Answer]

CONVERTERS: dict[str, Converter] = {}
# For classes that predict at the end of a pipeline, and transform before it.
TRANSFORMERS: dict[str, Converter] = {}
# Transformers that return a sparse matrix for a sparse matrix.
STAY_SPARSE = {
    "sklearn.AdditiveChi2Sampler", "sklearn.Binarizer", "sklearn.MaxAbsScaler", "sklearn.Normalizer",
    "sklearn.RobustScaler", "sklearn.StandardScaler",
}  # fmt: skip
# By class: the reason why it cannot be exported, and what to use instead.
REFUSED: dict[str, str] = {}
ANSWERS = ("transform", "predict", "predict_proba", "decision_function", "score_samples", "fit_predict")
# By method: for the user's own Python estimators, or another package's (see following/).
FOLLOWERS: dict[str, Converter] = {}


def follows(method: str) -> Callable[[Converter], Converter]:
    """Registers the function for estimators that have this method and no converter."""

    def register(follower: Converter) -> Converter:
        FOLLOWERS[method] = follower
        return follower

    return register


def converts(*names: str) -> Callable[[Converter], Converter]:
    """Registers a converter for classes given as `package.Class`, from any module of the package.

    A converter gets a fitted estimator, which it must not change, and the rows that reach it. It returns a Table or a
    Value [N, W] for a transformer, a Value [N, 1] for a regressor ([N, T] for several targets), and the classes of
    graphs/table.py for a classifier, an outlier detector or a clusterer.
    """

    def register(converter: Converter) -> Converter:
        for name in names:
            CONVERTERS[name] = converter
        return converter

    return register


def transforms(*names: str) -> Callable[[Converter], Converter]:
    """Registers the transformer of classes that predict if they are the last step."""

    def register(converter: Converter) -> Converter:
        for name in names:
            TRANSFORMERS[name] = converter
        return converter

    return register


def refuse(reason: str, *names: str) -> None:
    for name in names:
        REFUSED[name] = reason


def convert(estimator: Any, table: Table) -> Answer:
    """Adds `estimator` to the graph of `table`. Raises ConversionError."""
    return apply(converter_of(estimator), estimator, table)


def converter_of(estimator: Any) -> Converter | None:
    """The converter of its class, or of a known class from which it inherits all methods that answer. The `predict`, or
    else the `transform`, of any other class is followed. None for a class that is refused."""
    name = class_name(estimator)
    if name in CONVERTERS or name in REFUSED:
        return CONVERTERS.get(name)
    for parent in type(estimator).__mro__[1:]:
        if class_name_of(parent) in CONVERTERS and answers_as(type(estimator), parent):
            return CONVERTERS[class_name_of(parent)]
    return FOLLOWERS.get("predict" if hasattr(estimator, "predict") else "transform")


def answers_as(kind: type, parent: type) -> bool:
    """Whether a class inherits all of its parent's methods that answer."""
    return all(getattr(kind, name, None) is getattr(parent, name, None) for name in ANSWERS)


def transform(estimator: Any, table: Table) -> Table:
    """Applies `estimator` as a transformer."""
    answer = apply(TRANSFORMERS.get(class_name(estimator)) or converter_of(estimator), estimator, table)
    if isinstance(answer, PREDICTIONS):
        raise ConversionError(
            f"{where(table, estimator)} cannot be exported: it predicts, and its transform has no converter; make it "
            "the last step"
        )
    after = answer if isinstance(answer, Table) else Table(matrix=answer)
    after = after.as_sparse(is_sparse(estimator, table, after))
    return after.of(lambda: None if table.original is None else estimator.transform(table.original))


def is_sparse(transformer: Any, before: Table, after: Table) -> bool:
    """Whether it returns a sparse matrix: known after the fit for a ColumnTransformer, and by an option for others."""
    if hasattr(transformer, "sparse_output_"):
        return transformer.sparse_output_
    if class_name(transformer) in STAY_SPARSE:
        return before.is_sparse
    options = (getattr(transformer, "sparse_output", False), getattr(transformer, "encode", None) == "onehot")
    return after.is_sparse or any(options)


def apply(converter: Converter | None, estimator: Any, table: Table) -> Answer:
    if converter is None:
        raise ConversionError(f"{where(table, estimator)} cannot be exported: {reason_against(estimator)}")
    try:
        return converter(estimator, table)
    except NotImplementedError as error:
        raise ConversionError(f"{where(table, estimator)} cannot be exported: {error}") from error
    except AttributeError as error:
        package = class_name(estimator).partition(".")[0]
        raise ConversionError(
            f"{where(table, estimator)} cannot be exported: its converter reads {error.name!r}, which this version of "
            f"{package} does not have; docs/own-model.md names the versions that are tried"
        ) from error


def where(table: Table, estimator: Any) -> str:
    """The place for messages: `StandardScaler in the step 'scale' → 'num'`, or only the class."""
    name = type(estimator).__name__
    path = " → ".join(repr(step) for step in table.graph.path)
    return f"{name} in the step {path}" if path else name


def reason_against(estimator: Any) -> str:
    name = class_name(estimator)
    if name in REFUSED:
        return REFUSED[name]
    if name in TRANSFORMERS:
        return "it only changes rows for the steps after it; add a classifier or a regressor after it"
    parents = [class_name_of(kind) for kind in type(estimator).__mro__[1:] if class_name_of(kind) in CONVERTERS]
    if parents:
        return f"it is a class of your own, and may answer differently from its parent; use {parents[0]} itself"
    return "the export has no converter for it; docs/exact-export.md lists the estimators that have one"
