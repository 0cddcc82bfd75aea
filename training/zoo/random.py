"""Exports a random pipeline for each seed, here from 0 to 9999, and compares the answers of each package with those of
its original, on rows that the proof did not have:

    training/run python -m zoo.random 0 10000

With --thin the proof has a tenth of its rows. It then stops fewer wrong packages, so the rows asked afterwards must
find them. Prints the seed of each package that answers differently from its original, and of each export that raises an
error that it must not raise; then ends with 1. With --all it prints the outcome of every seed.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export import ConversionError, ParityError
from sepal_export.data.dataset import Rows
from sepal_export.data.predictions import first_line, predictions_of
from sepal_export.originals.wrappers import as_estimator
from sepal_export.proof import points, prove
from zoo.asked import packaged
from zoo.data import Data
from zoo.random_pipelines import Drawn, drawn_by

# After so many seeds it prints how many there were of each outcome.
SHOWN = 100
ATTEMPTS = 8
# Makes a pipeline from a seed and the number of the attempt.
Draw = Callable[[int, int], Drawn]


def thin_the_proof() -> None:
    """Makes all later proofs of this process smaller."""
    prove.MIN_POINTS = points.MIN_POINTS = points.MIN_POINTS // 10
    for kind in ("MAX_TRAINING", "BETWEEN", "WITH_MISSING", "WITH_UNKNOWN"):
        setattr(points, kind, getattr(points, kind) // 10)


def main(first: int, last: int, draw: Draw = drawn_by) -> int:
    if "--thin" in sys.argv:
        thin_the_proof()
    counts: Counter[str] = Counter()
    wrong = []
    for seed in range(first, last):
        outcome = outcome_of(seed, draw)
        counts[outcome.partition(":")[0]] += 1
        if outcome.startswith(("wrong", "broken")):
            wrong.append(seed)
            print(f"seed {seed}: {outcome}", flush=True)
            print(f"replay it: {replay_of(seed)}", flush=True)
        elif "--all" in sys.argv:
            print(f"seed {seed}: {outcome}", flush=True)
        if (seed + 1 - first) % SHOWN == 0:
            print(f"{seed + 1 - first} of {last - first}: {dict(counts)}", flush=True)
    print(f"{last - first} pipelines, seeds {first} to {last - 1}: {dict(counts)}; wrong: {wrong or 'none'}")
    return 1 if wrong else 0


def replay_of(seed: int) -> str:
    """The command that makes and exports the pipeline of this seed again, by the module that runs."""
    module = sys.modules["__main__"].__spec__.name
    thin = " --thin" if "--thin" in sys.argv else ""
    return f"training/run python -m {module} {seed} {seed + 1}{thin}"


def outcome_of(seed: int, draw: Draw = drawn_by) -> str:
    """`exported`, `unfit`, `refused`, `differs` (the proof stopped it), `wrong` or `broken`, and why."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        fitted = fitted_by(seed, draw)
        if fitted is None:
            return "unfit"
        estimator, data = fitted
        try:
            return exported(estimator, data, seed)
        except ParityError as error:
            return f"differs: {first_line(error)}; {' '.join(str(estimator).split())}"
        except (ConversionError, ValueError) as error:
            return f"refused: {first_line(error)}"
        except Exception as error:  # what an export must not raise
            return f"broken: {type(error).__name__}: {first_line(error)}; {' '.join(str(estimator).split())}"


def fitted_by(seed: int, draw: Draw) -> tuple[Any, Data] | None:
    """The first of ATTEMPTS pipelines that can be fitted to its data, and whose answers to them are finite. None if
    there is none."""
    for attempt in range(ATTEMPTS):
        drawn = draw(seed, attempt)
        try:
            estimator = as_estimator(drawn.estimator.fit(drawn.data.X, drawn.data.y))
            if np.isfinite(predictions_of(estimator, drawn.data.X).scores).all():
                return estimator, drawn.data
        except Exception:  # whatever an estimator raises about data that do not suit it
            continue
    return None


def exported(estimator: Any, data: Data, seed: int) -> str:
    package = packaged(estimator, data)
    maker = package.points(seed + 1)
    rows = [maker.sample(200), maker.between(300), maker.uniform(300, beyond=0), maker.uniform(200, beyond=20)]
    asked = maker.decided(Rows.concat([*rows, maker.with_missing(200), maker.with_unknown(200)]))
    if len(asked) == 0:
        return "exported: but no row is decided"
    difference = package.difference(asked)
    return f"wrong: {difference}" if difference else "exported"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
