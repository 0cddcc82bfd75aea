"""Wraps handler.py and prints the time of each step of its start, in seconds of the system's clock."""

import json
import time

started = time.time()

import sklearn.linear_model  # noqa: E402  when it is imported is measured
import sklearn.pipeline  # noqa: E402, F401  when it is imported is measured

imported = time.time()

from handler import handler  # noqa: E402, F401  when it is imported is measured

print("bench", json.dumps({"started": started, "imported": imported, "loaded": time.time()}), flush=True)
