"""Exports pipelines that contain random Python, as zoo/random.py does with estimators:

    training/run python -m zoo.random_python 0 5000 [--thin]

With --show it prints the Python of the seeds instead, as their first attempts write it.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import is_classifier
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from zoo.data import Data
from zoo.own_python.frames import signal_of, with_gaps
from zoo.own_python.pieces import words_and_numbers
from zoo.random import main
from zoo.random_pipelines import Drawn
from zoo.random_python_arrays import Arrays
from zoo.random_python_frames import WORDS, Frames
from zoo.random_python_text import Writer

SEED = {"random_state": 0}
HEAD = (
    "import math\n\nimport numpy as np\nimport pandas as pd\nfrom sklearn.base import BaseEstimator, TransformerMixin"
)
NUMBERS = ["a", "b", "c", "count"]


def drawn_by(seed: int, attempt: int) -> Drawn:
    random = np.random.default_rng([seed, attempt, 15])
    data, is_array = data_of(random)
    text, names = module_of(random, data, is_array=is_array)
    module = imported(text, f"python_{seed}_{attempt}")
    steps = [step_of(getattr(module, name)) for name in names]
    first = make_union(*steps) if len(steps) > 1 else steps[0]
    holds_words = "'low', 'high'" in text
    return Drawn(data, make_pipeline(first, *behind(random, data, holds_words=holds_words)))


def data_of(random: np.random.Generator) -> tuple[Data, bool]:
    """Rows, and whether the Python gets them as an array (or converts them to one)."""
    rows = int(random.integers(60, 200))
    frame = pd.DataFrame({name: column_of(random, rows) for name in NUMBERS[:3]})
    frame["count"] = random.poisson(3, rows)
    time = pd.Timestamp("2021-03-01") + pd.to_timedelta(random.integers(0, 900 * 86_400, rows), unit="s")
    words = {name: random.choice(known, rows) for name, known in WORDS.items()}
    mixed = frame.assign(**words, flag=random.random(rows) < 0.4, time=time)
    signal = signal_of(mixed) + random.normal(size=rows) * 0.3
    y = np.where(signal > np.median(signal), "yes", "no") if random.random() < 0.5 else signal
    is_array = bool(random.random() < 0.35)
    lacking = ["a", "b"] if is_array else ["a", "b", "colour", "time"]
    lacking = tuple(name for name in lacking if random.random() < 0.4)
    if not is_array:
        return Data(with_gaps(mixed, lacking, random, 0.1), y), False
    frame = with_gaps(frame.astype({"count": float}), lacking, random, 0.1)
    return Data(frame.to_numpy() if random.random() < 0.6 else frame, y), True


def column_of(random: np.random.Generator, rows: int) -> np.ndarray:
    scale = 10.0 ** random.integers(-1, 3)
    known = [random.normal(size=rows) * scale, random.lognormal(size=rows) * scale, random.integers(-3, 8, rows) * 1.0]
    return np.round(known[int(random.integers(0, len(known)))], int(random.integers(0, 4)))


def module_of(random: np.random.Generator, data: Data, *, is_array: bool) -> tuple[str, list[str]]:
    """The text of a module, and the names of its functions or classes that make steps: one, or two side by side."""
    values = pd.DataFrame(data.X).iloc[:, :4].to_numpy(dtype=np.float64).T
    parts, names = [HEAD], []
    for place in range(1 if random.random() < 0.85 else 2):
        learns = bool(random.random() < 0.4)
        kind: type[Writer] = Arrays if is_array else Frames
        columns = dict(zip(range(4) if is_array else NUMBERS, values, strict=True))
        writer = kind(random, columns, learns=learns, place=place)
        lines = writer.lines(int(random.integers(2, 7)))
        names.append(f"Step{place}" if learns else f"step_{place}")
        argument = "X" if is_array else "df"
        if is_array and isinstance(data.X, pd.DataFrame):
            lines = ["X = X.to_numpy()", *lines]
        parts += [*writer.helpers, definition(names[-1], argument, lines, writer.learned)]
    return "\n\n\n".join(parts) + "\n", names


def definition(name: str, argument: str, lines: list[str], learned: list[str] | None) -> str:
    """The source of a function or, if `learned` is not None, of a class with a `fit`."""
    if learned is None:
        return "\n    ".join([f"def {name}({argument}):", *lines])
    fit = ["X = np.asarray(X)"] if argument == "X" else []
    body = [
        f"class {name}(BaseEstimator, TransformerMixin):",
        "    def fit(self, X, y=None):",
        *(f"        {line}" for line in [*fit, *learned, "return self"]),
        "",
        f"    def transform(self, {argument}):",
        *(f"        {line}" for line in lines),
    ]
    return "\n".join(body)


@cache
def folder() -> TemporaryDirectory:
    """The folder of this process for generated modules. It exists as long as the process runs."""
    return TemporaryDirectory(prefix="python")


def imported(text: str, name: str) -> ModuleType:
    path = Path(folder().name) / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def step_of(thing: Any) -> Any:
    return thing() if isinstance(thing, type) else FunctionTransformer(thing)


def behind(random: np.random.Generator, data: Data, *, holds_words: bool) -> list[Any]:
    """The steps after the random Python: encoders, imputers, scalers and a predictor."""
    is_label = data.y.dtype.kind == "U"
    boosted = (HistGradientBoostingRegressor, HistGradientBoostingClassifier)[is_label](max_iter=8, **SEED)
    others = [
        (Ridge, LogisticRegression)[is_label](),
        (DecisionTreeRegressor, DecisionTreeClassifier)[is_label](max_depth=4, **SEED),
        (RandomForestRegressor, RandomForestClassifier)[is_label](5, max_depth=4, **SEED),
    ]
    predictor = [boosted, *others][int(random.integers(0, 4))]
    if holds_words:
        return [words_and_numbers(), predictor]
    filled = [SimpleImputer()] if random.random() < 0.6 else []
    scaled = [StandardScaler()] if random.random() < 0.5 or is_classifier(predictor) else []
    return [*filled, *scaled, predictor]


def show(seeds: range) -> None:
    for seed in seeds:
        drawn_by(seed, 0)
        print(f"# seed {seed}\n{(Path(folder().name) / f'python_{seed}_0.py').read_text()}")


if __name__ == "__main__":
    first, last = int(sys.argv[1]), int(sys.argv[2])
    if "--show" in sys.argv:
        show(range(first, last))
    else:
        sys.exit(main(first, last, drawn_by))
