"""Wraps handler.py and prints the time of each step of its start, in seconds of the system's clock."""

import json
import time

started = time.time()

import numpy  # noqa: E402, F401  when it is imported is measured
import onnxruntime  # noqa: E402, F401  when it is imported is measured

imported = time.time()

from handler import handler  # noqa: E402, F401  when it is imported is measured

print("bench", json.dumps({"started": started, "imported": imported, "loaded": time.time()}), flush=True)
