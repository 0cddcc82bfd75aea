"""Fits each of 50 published pipelines, exports it, and compares the answers on rows that neither fit nor proof had:

    training/run python -m zoo.public [PATTERN]

Each pipeline has the structure of a published one, which the comment above its function names. The data are made up.
Also prints the result of the usual exporter for the same pipeline. Ends with 1 if a package answers differently from
its original, or if an export raises an error that it must not raise.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from typing import Any

import numpy as np

from zoo.processors import on_all
from zoo.public import boosted, own_houses, own_money, own_people, own_times, packages, plain, words
from zoo.public.entry import BALANCED, ENTRIES, PACKAGES, PLAIN, PYTHON, TEXT, Public
from zoo.public.outcomes import EXACT, REFUSED, Outcome, outcome_of

# Importing these modules puts their pipelines among ENTRIES.
MODULES = (plain, boosted, own_houses, own_people, own_money, own_times, packages, words)
KINDS = [PLAIN, BALANCED, PYTHON, PACKAGES, TEXT]


def entries() -> list[Public]:
    return sorted(ENTRIES, key=lambda entry: KINDS.index(entry.kind))


def main(pattern: str) -> int:
    outcomes = []
    chosen = [place for place, entry in enumerate(entries()) if re.search(pattern, f"{entry.kind}: {entry.name}")]
    for outcome in on_all(outcome_at, chosen):
        outcomes.append(outcome)
        print(line_of(len(outcomes), outcome), flush=True)
    print(summary(outcomes))
    return 0 if all(outcome.ours in (EXACT, REFUSED) for outcome in outcomes) else 1


def outcome_at(place: int) -> Outcome:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Some fits stop early, and pandas warns about the code of published pipelines.
        warnings.simplefilter("ignore")
        return outcome_of(entries()[place])


def line_of(number: int, outcome: Outcome) -> str:
    because = f": {outcome.because}" if outcome.because else ""
    usual = f" ({outcome.usual_because})" if outcome.usual_because else ""
    return (
        f"{number:2} {outcome.name} [{outcome.kind}]\n   {outcome.ours}{because}\n   skl2onnx: {outcome.usual}{usual}"
    )


def summary(outcomes: list[Outcome]) -> str:
    usual = Counter(outcome.usual for outcome in outcomes)
    lines = [
        "",
        f"of {len(outcomes)} published pipelines: {counted(outcome.ours for outcome in outcomes)}",
        f"skl2onnx: {usual['right'] + usual['wrong']} convert, {usual['right']} are right",
    ]
    for kind in dict.fromkeys(outcome.kind for outcome in outcomes):
        lines.append(f"  {kind}: {counted(outcome.ours for outcome in outcomes if outcome.kind == kind)}")
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.ours == REFUSED)
    lines += ["refused, by how many pipelines:"] if reasons else []
    return "\n".join([*lines, *(f"  {count} x {reason}" for reason, count in reasons.most_common())])


def counted(values: Any) -> str:
    return ", ".join(f"{count} {value}" for value, count in Counter(values).most_common())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
