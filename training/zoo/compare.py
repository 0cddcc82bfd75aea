"""Compares the errors of the usual float32 export and of ours on the rows that an export is proven on. Draws them as
docs/exact-export.svg. Writes them as a table, and the list of all classes that can be exported, into
docs/exact-export.md between their marks:

    training/run python -m zoo.compare ../docs
"""

from __future__ import annotations

import re
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import pyplot
from sklearn.base import clone

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import Rows, read_dataset
from sepal_export.data.predictions import OnnxModel, Predictions, predictions_of
from sepal_export.proof.points import Points
from zoo import roles
from zoo.entries import ENTRIES, Entry
from zoo.naive import naive_error

matplotlib.use("Agg")
matplotlib.rcParams |= {"svg.hashsalt": "sepal", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10}

# The entries that are shown: estimators that readers are likely to use.
SHOWN = [
    ("LogisticRegression", "iris"),
    ("LogisticRegression, encoded columns", "mixed"),
    ("DecisionTreeClassifier", "iris"),
    ("RandomForestClassifier, scaled", "wine"),
    ("RandomForestClassifier, encoded columns", "mixed"),
    ("GradientBoostingClassifier, scaled", "breast_cancer"),
    ("HistGradientBoostingClassifier, scaled", "wine"),
    ("LinearDiscriminantAnalysis", "breast_cancer"),
    ("RandomForestClassifier, calibrated", "iris"),
    ("SVC, calibrated", "iris"),
    ("XGBClassifier, scaled", "wine"),
    ("LGBMClassifier, scaled", "breast_cancer"),
    ("CatBoostClassifier", "iris"),
]
# The position on the logarithmic scale at which an error of 0 is drawn.
NONE = 1e-17
ACCENT, GREY, INK = "#0b6e4f", "#9aa0a6", "#3c4043"


@dataclass(frozen=True)
class Line:
    name: str
    points: int
    ours: tuple[int, float]
    # The number of labels that differ and the largest error, or the reason why there is no export.
    usual: tuple[int, float] | str


def main(docs: Path) -> None:
    wanted = {(entry.name, entry.data.__name__): entry for entry in ENTRIES}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lines = [compare(wanted[key]) for key in SHOWN]
    draw(lines, docs / "exact-export.svg")
    page = docs / "exact-export.md"
    text = between("table", table(lines), page.read_text("utf-8"))
    page.write_text(between("estimators", estimators(), text), "utf-8")


def between(mark: str, content: str, text: str) -> str:
    """`text` with `content` in place of what stands between two marks."""
    marks = re.compile(rf"(<!-- {mark} -->\n).*(<!-- /{mark} -->)", re.DOTALL)
    return marks.sub(lambda match: match[1] + content + match[2], text)


def estimators() -> str:
    """The list of all classes that have a converter, grouped by the positions in a pipeline that they may take."""
    groups = {
        "Alone, or last in a pipeline": roles.predictors(),
        "Before the last step": roles.transformers(),
    }
    lists = {title: sorted({name.partition(".")[2] for name in names}) for title, names in groups.items()}
    return "\n".join(f"**{title}**: {', '.join(names)}\n" for title, names in lists.items())


def compare(entry: Entry) -> Line:
    data = entry.data()
    estimator = clone(entry.estimator).fit(data.X, data.y)
    dataset = read_dataset(data.X, None)
    conversion = to_onnx_model(estimator, dataset)
    dataset = conversion.dataset
    maker = Points(dataset, conversion.known, doubts=conversion.doubts, rounding=conversion.rounding)
    points = maker.by_kind(conversion.model, conversion.splits)
    rows = Rows.concat(list(points.values()))
    answers = predictions_of(estimator, dataset.for_original(rows))
    ours = OnnxModel(conversion.content, dataset, conversion.outputs).predict(rows)
    usual = naive_error(estimator, dataset, rows, answers)
    name = f"{entry.name} ({entry.data.__name__})"
    print(f"{name}: {len(rows)} points, {usual}")
    return Line(
        name=name,
        points=len(rows),
        ours=differences(ours, answers),
        usual=usual["failed"] if "failed" in usual else (usual["labels"], usual["error"]),
    )


def differences(actual: Predictions, expected: Predictions) -> tuple[int, float]:
    return int((actual.labels != expected.labels).sum()), float(np.abs(actual.scores - expected.scores).max())


def table(lines: list[Line]) -> str:
    rows = [
        "| estimator | points | labels, usual | error, usual | labels, ours | error, ours |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for line in lines:
        usual = ("fails", "") if isinstance(line.usual, str) else (f"{line.usual[0]:,}", f"{line.usual[1]:.0e}")
        ours = (f"{line.ours[0]:,}", f"{line.ours[1]:.0e}" if line.ours[1] else "0")
        rows.append(f"| {line.name} | {line.points:,} | {' | '.join((*usual, *ours))} |")
    return "\n".join(rows) + "\n"


def draw(lines: list[Line], path: Path) -> None:
    """Draws a dot for each export on a scale of powers of ten. If labels of the usual export are wrong, their number
    stands beside its dot."""
    figure, axes = pyplot.subplots(figsize=(8.4, 0.34 * len(lines) + 1.2), layout="constrained")
    for place, line in enumerate(reversed(lines)):
        ours = max(line.ours[1], NONE)
        axes.plot(ours, place, "o", color=ACCENT, markersize=7, zorder=3)
        if isinstance(line.usual, str):
            axes.text(ours * 2.2, place, "the usual export does not run", color=GREY, va="center", fontsize=8)
            continue
        labels, error = line.usual
        axes.plot([ours, error], [place, place], color="#e3e5e8", linewidth=2, zorder=1)
        axes.plot(error, place, "o", color=GREY, markersize=7, zorder=2)
        if labels:
            noun = "label" if labels == 1 else "labels"
            axes.text(error * 2.2, place, f"{labels:,} {noun}", color=INK, va="center", fontsize=8)
    axes.set(xscale="log", xlim=(NONE / 3, 300), ylim=(-0.7, len(lines) - 0.3))
    axes.set_xticks([NONE, 1e-12, 1e-9, 1e-6, 1e-3, 1], ["0", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1"])
    axes.set_yticks(range(len(lines)), [line.name for line in reversed(lines)])
    axes.set_xlabel("largest error of a probability")
    axes.tick_params(length=0, colors=INK)
    axes.grid(axis="x", color="#eceef0", zorder=0)
    axes.spines[:].set_visible(False)
    axes.plot([], [], "o", color=ACCENT, label="this export")
    axes.plot([], [], "o", color=GREY, label="the usual one (float32)")
    figure.legend(loc="outside upper right", ncols=2, frameon=False, fontsize=9)
    figure.savefig(path, metadata={"Date": None, "Creator": None}, transparent=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
