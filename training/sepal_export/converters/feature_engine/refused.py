"""Transformers of feature_engine that have no converter: the reason, and what to do instead."""

from sepal_export.registry import refuse

refuse(
    "it drops rows, which then get no answer; cap their values by Winsorizer, or leave them out before the fit",
    "feature_engine.OutlierTrimmer",
)
refuse(
    "it fills in values that it draws from the training rows at random, or with the row's own values as the seed; use "
    "MeanMedianImputer or CategoricalImputer",
    "feature_engine.RandomSampleImputer",
)
refuse(
    "it computes with the rows before a row, and a request has none of them; compute these columns before the fit, and "
    "send them",
    "feature_engine.ExpandingWindowFeatures",
    "feature_engine.LagFeatures",
    "feature_engine.WindowFeatures",
)
refuse(
    "it counts characters and words of texts, and has no converter; compute these columns before the fit, and send "
    "them",
    "feature_engine.TextFeatures",
)
