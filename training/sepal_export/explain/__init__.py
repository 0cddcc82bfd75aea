"""Shapley values of a model's numbers: how they are computed, for which rows, and that shap computes the same."""
