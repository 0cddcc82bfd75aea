"""Tells people what was exported: the summary of a package, and `sepal show`."""
