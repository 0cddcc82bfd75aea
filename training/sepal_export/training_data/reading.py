"""Reads the training data of an estimator, and finds the options with which a file must be read."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.data.predictions import predictions_of, refusal
from sepal_export.evaluation.scores import Doubt, said_of, score
from sepal_export.loading.origin import to_install
from sepal_export.training_data.judge import AS_FITTED, Problem, listed
from sepal_export.training_data.prepare import NoTarget, TrainingData, as_times, prepare
from sepal_export.training_data.source import DataError, Source, flag
from sepal_export.wording import counted

# Formats of other programs and countries. Each is tried if a file cannot be what the estimator was fitted on.
TRIED: tuple[dict[str, Any], ...] = (
    {"sep": ";"}, {"sep": "\t"}, {"sep": "|"}, {"sep": r"\s+"},
    {"encoding": "utf-16"}, {"encoding": "cp1252"},
    {"skipinitialspace": True}, {"quotechar": "'"},
    {"decimal": ","}, {"thousands": ","}, {"thousands": " "}, {"decimal": ",", "thousands": "."},
    {"keep_default_na": False}, {"keep_default_na": False, "na_values": [""]},
)  # fmt: skip
# pandas' defaults. Tried if other options were given.
DEFAULTS: dict[str, Any] = {"sep": ",", "encoding": "utf-8", "decimal": "."}
# The false value of a boolean by its true value, both in lower case.
FLAGS = {"yes": "no", "y": "n", "t": "f", "on": "off", "oui": "non", "si": "no", "sí": "no"}
# Rows of a file that are read for every trial.
ROWS_TRIED = 20_000
STEPS = 6
VALUES_TRIED = 3
# Up to this number of targets, every order is tried.
TARGETS_TRIED = 5

Rank = tuple[float, float]


@dataclass(frozen=True)
class Outcome:
    """The result of a reading: the data, or the reason why there is none, and its rank: (0, 0) is good, larger is
    worse."""

    data: TrainingData | None
    error: DataError | None
    rank: Rank

    @property
    def problems(self) -> list[Problem]:
        return self.data.problems if self.data else []

    @property
    def rows(self) -> int:
        return len(self.data.X) if self.data else 0


def read_training_data(
    source: Source, targets: Sequence[str], estimator: Any, fitted_by: str | None = None
) -> TrainingData:
    """Returns the rows in the estimator's form; without targets if the file has none of them, and no other column in
    their place. `problems` that remain may be harmless. Raises DataError with the options that would solve the problem,
    if any. `fitted_by` is the version of scikit-learn that fitted the estimator, if it is not the installed one."""

    def attempt(source: Source) -> Outcome:
        return read(source, targets, estimator, fitted_by)

    outcome = attempt(source)
    if outcome.rank == (0, 0):
        return outcome.data
    words = mend(source, attempt)
    if words:
        raise DataError(f"{outcome.error}; add: {shlex.join(words)}")
    if outcome.data and outcome.data.problems and all(problem.is_doubt for problem in outcome.data.problems):
        return outcome.data
    if isinstance(outcome.error, NoTarget):
        without = read(source, targets, estimator, fitted_by, needs_target=False)
        # A column that is not a feature may be the target under another name.
        if without.rank == (0, 0) and not without.data.ignored:
            return without.data
    raise DataError(f"{outcome.error}; {outcome.error.advice}" if outcome.error.advice else str(outcome.error))


def read_holdout(source: Source, targets: Sequence[str], estimator: Any) -> TrainingData:
    """Reads rows that the estimator was not fitted on, which may have unknown categories. Raises DataError."""
    data = prepare(source, targets, estimator)
    if data.y is None:
        raise DataError(describe_problems(data, source))
    refused = refusal(estimator, data.X)
    if refused:
        raise DataError(f"the estimator cannot answer the rows of {source.path} ({refused})")
    return data


def explain_doubt(doubt: Doubt, source: Source, targets: Sequence[str], estimator: Any) -> str:
    """Advice for a model that is far worse on the rows than it should be."""

    def attempt(source: Source) -> Outcome:
        outcome = read(source, targets, estimator, None)
        if outcome.rank != (0, 0):
            return outcome
        own = score(predictions_of(estimator, outcome.data.X), outcome.data.y)[doubt.metric]
        return replace(outcome, rank=(0, max(0, doubt.right - own)))

    said = said_of(doubt, f"the rows of {source.path}")
    words = mend(source, attempt)
    if words:
        return f"{said}, because the file is read differently from the fit; add: {shlex.join(words)}"
    order = order_of_fit(doubt, source, targets, estimator)
    if order:
        named = " ".join(f"--target {shlex.quote(target)}" for target in order)
        return f"{said}; its fit had the targets in another order: {named}"
    return (
        f"{said}; give the rows as fit got them. If you did, and the fit used weights or other rows, add --no-metrics, "
        "or pass rows that the fit did not get with --holdout FILE"
    )


def order_of_fit(doubt: Doubt, source: Source, targets: Sequence[str], estimator: Any) -> list[str] | None:
    """The order of the targets in which the model is as good as it should be, if there is one. The order of the names
    is that of the columns of y, whose names the model does not know."""
    if not 1 < len(targets) <= TARGETS_TRIED:
        return None
    data = read(source, targets, estimator, None).data
    if data is None or data.y is None:
        return None
    answers, y = predictions_of(estimator, data.X), np.asarray(data.y)
    for order in permutations(range(len(targets))):
        if score(answers, y[:, list(order)])[doubt.metric] >= doubt.right:
            return [targets[place] for place in order]
    return None


def read(
    source: Source, targets: Sequence[str], estimator: Any, fitted_by: str | None, *, needs_target: bool = True
) -> Outcome:
    try:
        data = prepare(source, targets, estimator, needs_target=needs_target)
    except DataError as error:
        return Outcome(None, error, (2, error.lacking))
    if data.problems:
        first = data.problems[0]
        error = DataError(describe_problems(data, source), advice=first.advice)
        rows = sum(problem.rows for problem in data.problems)
        return Outcome(data, error, (1, rows))
    refused = refusal(estimator, data.X)
    if refused is None:
        return Outcome(data, None, (0, 0))
    error = DataError(
        f"the estimator cannot answer the rows of {source.path} ({refused})",
        advice=advice_against(data, estimator, fitted_by),
    )
    return Outcome(data, error, (0, 1))


def advice_against(data: TrainingData, estimator: Any, fitted_by: str | None) -> str:
    """Advice if rows without a visible problem are refused."""
    if fitted_by:
        return f"it was fitted by scikit-learn {fitted_by}; {to_install(fitted_by)}"
    lacks = pd.DataFrame(data.X).isna().to_numpy()
    whole = ~lacks.any(axis=1)
    if lacks.any() and whole.any() and refusal(estimator, data.X[whole]) is None:
        names = [name for name, has_gaps in zip(data.names, lacks.any(axis=0), strict=True) if has_gaps]
        return (
            "it answers the rows without missing values: leave out the "
            f"{counted(int((~whole).sum()), 'row')} without a value of {listed(names)}"
        )
    return AS_FITTED


def describe_problems(data: TrainingData, source: Source) -> str:
    return "; ".join(f"the {each.role} {each.column!r} of {source.path} {each.text}" for each in data.problems)


def mend(source: Source, attempt: Callable[[Source], Outcome]) -> list[str]:
    """The command-line options with which nothing is wrong, if they are found: each step adds the change that helps
    most."""
    tried = replace(source, options={**source.options, "nrows": ROWS_TRIED}) if source.kind == "CSV" else source
    outcome, options, dtypes = attempt(tried), {}, {}
    for _ in range(STEPS):
        changes = list(candidates(tried, outcome))
        outcomes = [attempt(tried.having(*change)) for change in changes]
        best = min(range(len(changes)), key=lambda index: outcomes[index].rank, default=None)
        if best is None or outcomes[best].rank >= outcome.rank:
            return []
        outcome, tried = outcomes[best], tried.having(*changes[best])
        options, dtypes = options | changes[best][0], dtypes | changes[best][1]
        if outcome.rank == (0, 0):
            is_mended = attempt(source.having(options, dtypes)).rank == (0, 0)
            return words_of(options, dtypes, source.options) if is_mended else []
    return []


def candidates(source: Source, outcome: Outcome) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    if source.kind == "CSV":
        yield from ((options, {}) for options in changes_of_reading(source, outcome))
    wrong = [problem.column for problem in outcome.problems if problem.role == "column"]
    for columns in [wrong, *([column] for column in wrong[:VALUES_TRIED])]:
        yield from (({}, dict.fromkeys(columns, dtype)) for dtype in ("string", "category", "float64") if columns)
    dates = [] if wrong or outcome.data is None else dates_in(outcome.data, source)
    yield from (
        ({}, dict.fromkeys(columns, "timestamp")) for columns in [dates, *([each] for each in dates)] if columns
    )


def dates_in(data: TrainingData, source: Source) -> list[str]:
    """The string columns whose values can all be parsed as times."""
    if not isinstance(data.X, pd.DataFrame):
        return []
    texts = {name: data.X.iloc[:, place] for place, name in enumerate(data.names) if name not in source.dtypes}
    return [name for name, text in texts.items() if pd.api.types.is_string_dtype(text) and are_dates(text)]


def are_dates(text: pd.Series) -> bool:
    try:
        as_times(text)
    except DataError:
        return False
    return True


def changes_of_reading(source: Source, outcome: Outcome) -> Iterator[dict[str, Any]]:
    given = source.options
    yield from ({option: DEFAULTS[option]} for option in DEFAULTS if option in given)
    for options in TRIED:
        # Markers of missing values accumulate on a command line; of other options the last one counts.
        if "na_values" not in options.keys() & given.keys() and not options.items() <= given.items():
            yield options
    if "index_col" not in given and source.has_index():
        yield {"index_col": 0}
    for problem in outcome.problems:
        texts = sorted({value.strip() for value in problem.values if isinstance(value, str)})
        if problem.rows < outcome.rows / 2:
            marks = given.get("na_values", [])
            yield from ({"na_values": [*marks, text]} for text in texts[:VALUES_TRIED])
        if not {"true_values", "false_values"} & given.keys():
            yield from flags_of(texts)


def flags_of(texts: list[str]) -> Iterator[dict[str, Any]]:
    """Values for true and false, besides those that pandas knows."""
    words = [text for text in texts if text.casefold() not in ("true", "false")]
    for pair in FLAGS.items():
        if words and {word.casefold() for word in words} <= set(pair):
            sides = [[word for word in words if word.casefold() == side] for side in pair]
            yield {name: side for name, side in zip(("true_values", "false_values"), sides, strict=True) if side}


def words_of(options: Mapping[str, Any], dtypes: Mapping[str, str], given: Mapping[str, Any]) -> list[str]:
    """The options as words of a command line, without those already given."""
    words = []
    for option, value in options.items():
        values = [each for each in value if each not in given.get(option, [])] if isinstance(value, list) else [value]
        words += [flag(option) if isinstance(each, bool) else f"{flag(option)}={each}" for each in values]
    words = [word.replace("\t", "\\t") for word in words]
    return words + [word for name, dtype in dtypes.items() for word in ("--dtype", f"{name}={dtype}")]
