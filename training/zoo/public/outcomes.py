"""What becomes of one published pipeline, by our export and by the usual exporter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sepal_export import ConversionError, ParityError
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import first_line, predictions_of
from sepal_export.originals.wrappers import as_estimator
from zoo.again import compared_fresh, rows_like
from zoo.asked import first_wrong, packaged
from zoo.naive import naive_error
from zoo.public.entry import Public

TRAINED, FRESH = 400, 2_000
EXACT, REFUSED, WRONG, BROKEN = "exact", "refused", "WRONG", "broken"
# The largest error, relative to the scale, at which a float32 graph counts as right.
RIGHT = 1e-4


@dataclass(frozen=True)
class Outcome:
    name: str
    kind: str
    ours: str
    because: str
    usual: str
    usual_because: str

    @property
    def reason(self) -> str:
        """The refusal without the step, names and advice, so that equal reasons can be counted."""
        why = self.because.partition(" cannot be exported: ")[2] or self.because
        return re.sub(r"'[^']*'", "…", why.partition("; ")[0])


def outcome_of(entry: Public) -> Outcome:
    data, fresh = entry.data(1, TRAINED), entry.data(2, FRESH).X
    estimator = as_estimator(entry.build().fit(data.X, data.y))
    usual, usual_because = usual_of(estimator, data.X, fresh)
    try:
        asked, compared = compared_fresh(packaged(estimator, data), fresh, 1)
        ours, because = (WRONG, first_wrong(compared, asked)) if compared.wrong.any() else (EXACT, f"{asked} rows")
    except ParityError as error:
        ours, because = REFUSED, f"by its proof: {first_line(error)}"
    except (ConversionError, ValueError) as error:
        ours, because = REFUSED, first_line(error)
    except Exception as error:  # what an export must not raise
        ours, because = BROKEN, f"{type(error).__name__}: {first_line(error)}"
    return Outcome(entry.name, entry.kind, ours, because, usual, usual_because)


def usual_of(estimator: Any, X: Any, fresh: Any) -> tuple[str, str]:
    """`right`, `wrong` or `fails`, and why. The usual exporter gets a single column as a frame."""
    table, asked = (each.to_frame() if isinstance(each, pd.Series) else each for each in (X, fresh))
    try:
        answers = predictions_of(estimator, fresh)
        dataset = read_dataset(table, None)
        found = naive_error(estimator, dataset, rows_like(dataset, asked), answers)
    except (ConversionError, ValueError) as error:
        found = {"failed": first_line(error)}
    if "failed" in found:
        return "fails", found["failed"]
    # Only labels are compared if the numbers are decision values, whose sign an exporter may choose.
    is_free = answers.outputs.numbers not in ("probabilities", "value", "values")
    if not found["labels"] and (found["error"] <= RIGHT or is_free):
        return "right", ""
    return "wrong", f"{found['labels'] or 0} labels, error {found['error']:.0e}"
