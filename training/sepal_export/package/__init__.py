"""Writes a model package: the one call that exports, and what it publishes in model.json and golden.json."""
