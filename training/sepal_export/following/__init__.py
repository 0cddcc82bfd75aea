"""Follows the Python of a pipeline's own steps into the graph.

A step's `transform` runs once, at export, on one row of symbols in place of numbers (`Cell`). What it does with them
becomes nodes of the graph. Where it asks a symbol for its truth, it runs again with the other answer, and the answers
are joined (see forks.py). The proof that every export makes afterwards says whether that was right.
"""
