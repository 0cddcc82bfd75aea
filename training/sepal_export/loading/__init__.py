"""Reads an estimator from a file or a folder, whichever library and version wrote it."""
