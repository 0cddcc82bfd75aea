"""Reads the rows of a fit from a file, judges whether they can be those, and draws rows if there are none."""
