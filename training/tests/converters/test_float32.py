import ctypes
import ctypes.util
import sys

import numpy as np
import pytest

from sepal_export.converters.float32 import expf
from sepal_export.data.predictions import run
from sepal_export.graphs.graph import Graph


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other C libraries round otherwise")
def test_the_exponential_is_that_of_the_c_library():
    libm = ctypes.CDLL(ctypes.util.find_library("m"))
    libm.expf.restype, libm.expf.argtypes = ctypes.c_float, [ctypes.c_float]
    random = np.random.default_rng(0)
    x = np.concatenate(
        [random.normal(0, 4, 40_000), random.uniform(-110, 95, 40_000), [0.0, -0.0, -1e-30, 1e30, -1e30]]
    )
    x = x.astype(np.float32)
    graph = Graph()
    model = graph.to_model({"y": expf(graph.input("x", np.float32, 1))}, {"y": (1, ["N", 1])})
    [answers] = run(model.SerializeToString())({"x": x[:, None]})
    np.testing.assert_array_equal(answers[:, 0], np.array([libm.expf(value) for value in x], dtype=np.float32))
