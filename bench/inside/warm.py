"""Measures one row through the Python handler of the image: python warm.py event requests"""

import json
import sys
import time

sys.path.insert(0, ".")
from handler import handler

event, requests = json.loads(sys.argv[1]), int(sys.argv[2])
for _ in range(500):
    handler(event, None)
times = []
for _ in range(requests):
    start = time.perf_counter()
    handler(event, None)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"times": times}), file=sys.stderr)
