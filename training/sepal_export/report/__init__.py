"""A page about a model: how good it is, which features matter, what it was trained on, and how it was compared."""

from sepal_export.report.page import to_html

__all__ = ["to_html"]
