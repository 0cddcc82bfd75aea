"""Measures exports of large forests: seconds, memory and the share of thresholds for which rows are made.

training/run python -m zoo.size [FOREST …] prints a line for each forest. Fitting and exporting are separate processes,
so that the peak of memory is that of the export alone, which includes the original in memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import joblib
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from sepal_export import export

# Maps a name to a function that makes the rows, and to the forest.
FORESTS = {
    "classifier": (
        lambda: make_classification(50_000, 30, n_informative=12, random_state=0),
        RandomForestClassifier(300, max_depth=12, random_state=0),
    ),
    "regressor-20000": (
        lambda: make_regression(20_000, 10, noise=10.0, random_state=0),
        RandomForestRegressor(random_state=0),
    ),
    "regressor-50000": (
        lambda: make_regression(50_000, 10, noise=10.0, random_state=0),
        RandomForestRegressor(random_state=0),
    ),
}


def main() -> None:
    for name in sys.argv[1:] or FORESTS:
        with tempfile.TemporaryDirectory() as folder:
            for work in ("fit", "measure"):
                subprocess.run([sys.executable, "-m", "zoo.size", f"--{work}", name, folder], check=True)


def fit(name: str, folder: Path) -> None:
    make, forest = FORESTS[name]
    X, y = make()
    joblib.dump((forest.fit(X, y), X, y), folder / "fitted.joblib")


def measure(name: str, folder: Path) -> None:
    forest, X, y = joblib.load(folder / "fitted.joblib")
    begin, cpu = time.monotonic(), time.process_time()
    made = export(forest, X, y, name=name, version="1", out=folder / "out", metrics=False, say=lambda _: None)
    seconds, cpu = time.monotonic() - begin, time.process_time() - cpu
    tried, parity = made["parity"]["thresholds"], made["parity"]
    size = (folder / "out" / "model.onnx").stat().st_size / 1e6
    print(
        f"{name}: {seconds:.0f} s ({cpu:.0f} s of CPU), peak {peak():.0f} MB, {size:.0f} MB of ONNX, "
        f"{parity['rows']:,} rows, {tried['tried']:,} of {tried['total']:,} thresholds, "
        f"largest error {parity['largest_error']:g}, MemorySize {made['memory_size']:,}",
        flush=True,
    )


def peak() -> float:
    """The peak memory of this process in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    if sys.argv[1:2] in (["--fit"], ["--measure"]):
        {"--fit": fit, "--measure": measure}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
    else:
        main()
