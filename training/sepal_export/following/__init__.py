"""Translates the Python code of a pipeline's own steps into the graph.

A step's `transform` runs once, at export, on one row of symbols (`Cell`) in place of numbers. Its operations on them
become nodes of the graph. If the code needs the truth value of a symbol, it runs again with the other value, and the
results are joined (see forks.py). The proof after every export checks the result.
"""
