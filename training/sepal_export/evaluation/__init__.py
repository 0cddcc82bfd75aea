"""Measures how good an estimator is on rows that it was not fitted on."""
