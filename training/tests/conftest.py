"""The option `--parameters`, and fixtures that make exports faster.

One fixture runs for every test, and chooses the others by the test's file. A test can also request them.
"""

from collections import Counter

import pytest

from sepal_export.package import export
from sepal_export.proof import points, prove

FOLDERS = ("converters", "following")
# The test files whose exports compute explanations. All other files skip them to save time.
EXPLAINED = [
    "command_line", "explain", "explain_shapley", "export", "mistakes", "onnx_models", "own_model", "packages",
    "privacy", "progress", "report",
]  # fmt: skip


def pytest_addoption(parser):
    parser.addoption("--parameters", type=int, help="how many sets of parameters to run each test with, from the first")


def pytest_collection_modifyitems(config, items):
    """Keeps the first `--parameters` sets of parameters of each test. Coverage is measured with one, because further
    sets mostly run the same lines."""
    most = config.getoption("--parameters")
    if most is None:
        return
    seen, kept, left = Counter(), [], []
    for item in items:
        test = item.nodeid.partition("[")[0]
        seen[test] += 1
        (kept if seen[test] <= most else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


@pytest.fixture
def few_points(monkeypatch):
    """Proves all rows that depend on the model, such as thresholds, but fewer random rows: the former reveal errors of
    a converter. The zoo proves each estimator on as many rows as an export does."""
    for module in (points, prove):
        monkeypatch.setattr(module, "MIN_POINTS", 2_000)
    monkeypatch.setattr(points, "BETWEEN", 1_000)


@pytest.fixture
def without_explanations(monkeypatch):
    """Exports without explanations. They take longer than the rest of the export, and the tests of the files in
    EXPLAINED cover them."""
    monkeypatch.setattr(export, "explain", lambda *_: None)


@pytest.fixture(autouse=True)
def only_what_a_file_is_about(request):
    if request.path.parent.name in FOLDERS:
        request.getfixturevalue("few_points")
    if request.path.stem.removeprefix("test_") not in EXPLAINED:
        request.getfixturevalue("without_explanations")
