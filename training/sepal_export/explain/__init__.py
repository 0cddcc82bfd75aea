"""Explains a model's answers by Shapley values: computes them, makes the background rows, and compares them with
shap's."""
