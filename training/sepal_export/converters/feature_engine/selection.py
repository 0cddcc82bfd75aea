"""The selectors of feature_engine, which drop columns of a frame."""

from __future__ import annotations

from typing import Any

from sepal_export.converters.feature_engine.frames import Frame
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


@converts(
    "feature_engine.DropConstantFeatures", "feature_engine.DropCorrelatedFeatures",
    "feature_engine.DropDuplicateFeatures", "feature_engine.DropFeatures", "feature_engine.DropHighPSIFeatures",
    "feature_engine.MRMR", "feature_engine.ProbeFeatureSelection", "feature_engine.RecursiveFeatureAddition",
    "feature_engine.RecursiveFeatureElimination", "feature_engine.SelectByInformationValue",
    "feature_engine.SelectByShuffling", "feature_engine.SelectBySingleFeaturePerformance",
    "feature_engine.SelectByTargetMeanPerformance", "feature_engine.SmartCorrelatedSelection",
)  # fmt: skip
def selector(estimator: Any, table: Table) -> Table:
    frame = Frame(estimator, table)
    frame.drop(estimator.features_to_drop_)
    return frame.table()
