"""Exports every case, and compares the package's answers with the original's on rows that its proof did not have:

    training/run python -m zoo.own_python [PATTERN]

Prints a line for each case: `exact`; `refused` and why; `WRONG` if the package answers differently from its original,
or was written although none may be (see Case); or `BROKEN` if the export raised an error that it must not raise. Then
prints how many there are of each. Ends with 1 if a case is wrong or broken.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from sepal_export import Column, ConversionError, ParityError
from sepal_export.data.dataset import Rows, read_dataset
from sepal_export.data.predictions import first_line, predictions_of
from sepal_export.proof.verify import errors_of, is_finite
from zoo.asked import Package, packaged
from zoo.own_python.case import Case
from zoo.own_python.cases import CASES
from zoo.processors import on_all

# How many of the fresh rows the service must accept at least.
ENOUGH = 1_000
# How many rows are asked one by one: of those that the package answers, and of those that it does not answer.
ALONE = 20
WITHOUT_ANSWER = 100


def main(pattern: str) -> int:
    counts: Counter[tuple[bool, str]] = Counter()
    places = [place for place, case in enumerate(CASES) if re.search(pattern, case.name)]
    cases = [CASES[place] for place in places]
    for case, (outcome, why) in zip(cases, on_all(outcome_at, places), strict=True):
        counts[case.unfair is None, outcome] += 1
        print(f"{outcome:8}{case.name}{': ' if why else ''}{why}", flush=True)
    fair = sum(case.unfair is None for case in cases)
    wrong, broken = (counts[True, name] + counts[False, name] for name in ("WRONG", "BROKEN"))
    print(
        f"exact {counts[True, 'exact']} of {fair}, refused {counts[False, 'refused']} of {len(cases) - fair} that must "
        f"be, refused {counts[True, 'refused']} of the others, broken {broken}, wrong {wrong}"
    )
    return 1 if wrong or broken else 0


def outcome_at(place: int) -> tuple[str, str]:
    return outcome_of(CASES[place])


def outcome_of(case: Case) -> tuple[str, str]:
    """`exact`, `refused`, `WRONG`, or `BROKEN` if the export raised an error that it must not raise; and why."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        estimator, data = case.fitted()
        try:
            package = packaged(estimator, data)
        except ParityError as error:
            return "refused", f"by the proof: {first_line(error)}"
        except (ConversionError, ValueError) as error:
            return "refused", first_line(error)
        except Exception as error:  # whatever a converter raises by mistake
            return "BROKEN", f"{type(error).__name__}: {first_line(error)}"
        wrong = f"a package was written, and {case.unfair}" if case.unfair else difference(package, case.fresh())
        return ("WRONG", wrong) if wrong else ("exact", "")


def difference(package: Package, fresh: Any) -> str | None:
    """How package and original differ on the `fresh` rows that the service accepts; None if they agree.
    `fresh` has the form that the original takes."""
    rows = rows_of(package, fresh)
    taken = is_taken(package, rows)
    if taken.sum() < ENOUGH:
        return f"the service takes only {taken.sum()} of {len(taken)} rows"
    rows, fresh = rows.take(taken), chosen(fresh, taken)
    answered = is_finite(package.model.predict(rows))
    known, unknown = rows.take(answered), rows.take(~answered)
    try:
        return (
            of_the_frame(package, chosen(fresh, answered), known)
            or package.difference(package.points(seed=1).decided(known))
            or alone(package, known)
            or without_answer(package, unknown)
        )
    except Exception as error:  # whatever an original raises about a row that it does not take
        return f"the original refuses rows that the package answers: {type(error).__name__}: {first_line(error)}"


def chosen(fresh: Any, mask: np.ndarray) -> Any:
    return fresh[mask].reset_index(drop=True) if isinstance(fresh, pd.DataFrame) else fresh[mask]


def rows_of(package: Package, fresh: Any) -> Rows:
    """The `fresh` rows, reduced to the features of the package."""
    read = read_dataset(package.data.X, None)
    types = {feature.name: feature.dtype for feature in (*read.features, *package.dataset.features)}
    times = [name for name, dtype in types.items() if dtype == "timestamp"]
    if times:
        # The original may take times as strings, but a client sends them as times.
        fresh = fresh.assign(**{name: pd.to_datetime(fresh[name]) for name in times})
    given = {name: dtype for name, dtype in types.items() if name not in times}
    columns = [Column(name, dtype=given.get(name), nullable=True) for name in read.names]
    table = read_dataset(fresh, columns)
    values = {feature.name: column for feature, column in zip(table.features, table.rows.columns, strict=True)}
    return Rows(tuple(values[feature.name] for feature in package.dataset.features))


def is_taken(package: Package, rows: Rows) -> np.ndarray:
    """Whether the service accepts each row, as booleans [N]. It refuses some missing values and unknown categories."""
    taken = np.ones(len(rows), dtype=bool)
    for feature, values in zip(package.manifest["features"], rows.columns, strict=True):
        categories = feature["categories"]
        if not feature["nullable"]:
            taken &= ~pd.isna(values)
        if categories and categories["unknown"] == "rejected":
            taken &= pd.isna(values) | np.isin(values.astype(object), categories["values"])
    return taken


def of_the_frame(package: Package, fresh: Any, rows: Rows) -> str | None:
    """How the original's answers to `fresh` differ from those to `rows`, the same rows in the form in which the proof
    gives them to the original; None if they agree."""
    original = predictions_of(package.estimator, fresh)
    if len(original.scores) != len(rows):
        return f"the original answers {len(original.scores)} of {len(rows)} rows"
    made = predictions_of(package.estimator, package.dataset.for_original(rows))
    errors = errors_of(original.scores, made.scores, package.scale)
    wrong = ~(errors <= package.tolerance)
    return f"the original answers {wrong.sum()} rows differently in the form of the proof" if wrong.any() else None


def alone(package: Package, rows: Rows) -> str | None:
    """Asks for some of the rows, one at a time. Describes the first difference; None if there is none."""
    evenly = np.unique(np.linspace(0, len(rows) - 1, ALONE).astype(int))
    decided = package.points(seed=1).decided(rows.take(evenly))
    for place in range(len(decided)):
        if wrong := package.difference(decided.take(np.array([place]))):
            return f"asked alone, {wrong}"
    return None


def without_answer(package: Package, rows: Rows) -> str | None:
    """Describes a row to which the original has an answer but the package has none; None if there is no such row."""
    for place in range(min(len(rows), WITHOUT_ANSWER)):
        one = package.dataset.for_original(rows.take(np.array([place])))
        try:
            answers = predictions_of(package.estimator, one)
        except Exception:  # whatever an original raises about a row that it does not take
            continue
        if is_finite(answers).all():
            return f"no answer to a row that the original answers, by {answers.to_json()[0]}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
