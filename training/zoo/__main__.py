"""Exports every entry to a folder, with rows to replay and the other facts that the table of the zoo shows:

    training/run python -m zoo ../dist/zoo [PATTERN]

test/zoo/main.ts then serves each package, and replays its rows.
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sepal_export import ConversionError, ParityError, export
from sepal_export.data.dataset import Dataset, Rows, read_dataset
from sepal_export.data.predictions import Predictions, predictions_of
from sepal_export.originals.wrappers import as_estimator
from sepal_export.proof.points import Points
from zoo.entries import ENTRIES, Entry
from zoo.families import members
from zoo.naive import naive_error
from zoo.processors import on_all

REPLAYED = 1_000
SECONDS = 0.1


def main(folder: Path, pattern: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    unexpected = []
    known = entries()
    places = [place for place, entry in enumerate(known) if re.search(pattern, f"{entry.family} {title_of(entry)}")]
    visits = on_all(visit_at, [(place, folder) for place in places])
    for number, (place, (report, seconds)) in enumerate(zip(places, visits, strict=True), start=1):
        (folder / f"{name_of(place)}.json").write_text(json.dumps(report))
        print(f"{number}/{len(places)} {title_of(known[place])}: {summary(report)}")
        print(f"    {seconds:.1f} s", flush=True)
        if ("refused" in report) != known[place].refused:
            unexpected.append(f"{title_of(known[place])}: {summary(report)}")
    if unexpected:
        raise SystemExit("\n".join(["exported or refused, where the zoo expects otherwise:", *unexpected]))


@cache
def entries() -> list[Entry]:
    return [*ENTRIES, *members()]


def title_of(entry: Entry) -> str:
    return f"{entry.name} ({entry.data.__name__})"


def name_of(place: int) -> str:
    return f"zoo-{place:03}"


def visit_at(task: tuple[int, Path]) -> tuple[dict[str, Any], float]:
    """The report on the entry at a place, and the seconds that it took."""
    place, folder = task
    start = time.perf_counter()
    with warnings.catch_warnings():
        # Silences warnings about convergence and names of columns, which do not matter here.
        warnings.simplefilter("ignore")
        report = visit(entries()[place], folder, name_of(place))
    return report, time.perf_counter() - start


def summary(report: dict[str, Any]) -> str:
    if "refused" in report:
        return report["refused"].splitlines()[0]
    return f"{report['parity']['rows']} points, largest error {report['parity']['largest_error']}"


def visit(entry: Entry, folder: Path, name: str) -> dict[str, Any]:
    """What is known of an entry before the function serves it."""
    data = entry.data()
    about = {"estimator": entry.name, "data": entry.data.__name__, "family": entry.family}
    try:
        estimator = as_estimator(entry.estimator.fit(data.X, data.y))
    except ValueError as error:
        # The data of some estimators are not a table.
        return {**about, "refused": f"it could not be fitted to a table: {error}", "naive": {"failed": "not fitted"}}
    options = {"metrics": False, "say": lambda _: None}
    try:
        manifest = export(estimator, data.X, data.y, name=name, version="1", out=folder / name, **options)
    except (ConversionError, ParityError) as error:
        return {**about, "refused": str(error), "naive": naive_of_refused(estimator, data.X)}
    dataset = read_dataset(data.X, None)
    rows, answers = replayed(estimator, dataset, manifest)
    used = used_of(dataset, manifest)
    sent = dataset.only(used).to_json(Rows(tuple(rows.columns[index] for index in used)))
    return {
        **about,
        "name": name,
        "parity": manifest["parity"],
        # None if the model answers no numbers that could be explained.
        "explained": (manifest.get("explanations") or {}).get("parity"),
        "bytes": (folder / name / "model.onnx").stat().st_size,
        "naive": naive_error(estimator, dataset, rows, answers),
        # The table of the families shows no times, so none are measured for its entries.
        "original_microseconds": 0.0 if entry.family else microseconds_per_row(estimator, dataset, rows),
        "instances": sent,
        "predictions": answers.to_json(),
    }


def replayed(estimator: Any, dataset: Dataset, manifest: dict[str, Any]) -> tuple[Rows, Predictions]:
    """Rows to replay, and the original's answers to them: rows of the training data, rows between them, rows with
    missing values, and rows around the data. The seed is not that of the proof. The rows around the data are left out
    if the original refuses some of them, for example because of negative numbers."""
    known = {
        index: feature["categories"]["values"]
        for index, feature in zip(used_of(dataset, manifest), manifest["features"], strict=True)
        if feature["categories"] and feature["categories"]["unknown"] == "rejected"
    }
    points = Points(dataset, known, seed=1)
    quarter = REPLAYED // 4
    inside = [points.sample(quarter), points.between(quarter), points.with_missing(100)]
    around = [points.uniform(quarter, beyond=0), points.uniform(REPLAYED - 3 * quarter, beyond=0.5)]
    try:
        return answered(estimator, dataset, Rows.concat([*inside, *around]))
    except ValueError:
        return answered(estimator, dataset, Rows.concat(inside))


def answered(estimator: Any, dataset: Dataset, rows: Rows) -> tuple[Rows, Predictions]:
    return rows, predictions_of(estimator, dataset.for_original(rows))


def used_of(dataset: Dataset, manifest: dict[str, Any]) -> list[int]:
    """The positions of the features that the export kept."""
    names = {feature["name"] for feature in manifest["features"]}
    return [index for index, feature in enumerate(dataset.features) if feature.name in names]


def naive_of_refused(estimator: Any, X: Any) -> dict[str, Any]:
    """The errors of the usual export (see naive.py) for an estimator that our export refuses."""
    try:
        dataset = read_dataset(X, None)
        rows = Points(dataset, {}, seed=1).sample(REPLAYED)
        return naive_error(estimator, dataset, rows, predictions_of(estimator, dataset.for_original(rows)))
    except Exception as error:  # whatever an estimator of any library raises
        return {"failed": f"{type(error).__name__}"}


def microseconds_per_row(estimator: Any, dataset: Dataset, rows: Rows) -> float:
    """The fastest of several calls with all rows at once."""
    X = dataset.for_original(rows)
    predict = getattr(estimator, "predict_proba", estimator.predict)
    times, until = [], time.perf_counter() + SECONDS
    while time.perf_counter() < until or len(times) < 3:
        start = time.perf_counter()
        predict(X)
        times.append(time.perf_counter() - start)
    return float(np.min(times)) / len(rows) * 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
