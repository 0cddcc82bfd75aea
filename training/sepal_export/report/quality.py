"""The quality of a model, in tables and pictures for rows that the folds' estimators were not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from sklearn.metrics import mean_absolute_error, r2_score

from sepal_export.data.classes import name_of, positions_of
from sepal_export.data.predictions import Predictions
from sepal_export.evaluation.scores import Evaluation
from sepal_export.report import diagnostics, figures
from sepal_export.report.diagnostics import ClassScore
from sepal_export.report.html import figure, grid, section, table
from sepal_export.show.summary import targets_in
from sepal_export.wording import counted, rounded

MAX_MATRIX = 20
MAX_PAIRS = 15
MAX_CURVES = 6
MAX_CLASSES = 30
MAX_TARGETS = 6


def quality(manifest: dict[str, Any], y: np.ndarray | None, evaluation: Evaluation) -> str:
    if not evaluation.folds:
        own = f"The scores above are of {evaluation.metrics.protocol}."
        text = own if evaluation.metrics.values else f"This was not measured: {evaluation.reason}."
        return section("How good it is", f"<p>{escape(text)}</p>")
    protocol = evaluation.metrics.protocol
    text = (
        f"<p>By {escape(protocol)}: every row is predicted by a model that was not fitted to it, and these predictions "
        "are shown.</p>"
    )
    answers = evaluation.held_out
    if answers.outputs.targets:
        draw = values_of_several if answers.labels is None else labels_of_several
        return section("How good it is", text + draw(targets_in(manifest), y, answers))
    if answers.labels is None:
        return section("How good it is", text + regression_figures(manifest["target"], y, answers.scores[:, 0]))
    return section("How good it is", text + classification_figures(y, answers))


def classification_figures(y: np.ndarray, answers: Predictions) -> str:
    """The figures for which there are numbers: calibration needs probabilities, ROC curves at least scores."""
    actual = positions_of(y, answers.classes)
    scores = diagnostics.class_scores(actual, answers)
    parts = [confusion(actual, answers.labels, answers.names)]
    notes = ""
    if answers.outputs.numbers == "probabilities":
        parts.append(calibration(actual, answers))
    else:
        missing = "no ROC curve and no calibration are" if answers.outputs.numbers is None else "no calibration is"
        notes = f"<p class=quiet>The model has no probabilities, so {missing} drawn.</p>"
    if answers.outputs.numbers:
        parts.append(roc(scores))
    return grid([*parts, f"<div>{class_table(scores)}</div>"]) + notes


def labels_of_several(targets: Sequence[dict[str, Any]], y: np.ndarray, answers: Predictions) -> str:
    rows, pictures = [], []
    for place, target in enumerate(targets):
        classes = answers.outputs.classes[place]
        actual, labels = positions_of(y[:, place], classes), answers.labels[:, place]
        most = np.bincount(actual, minlength=len(classes)).max() / len(actual)
        rows.append((escape(target["name"]), str(len(classes)), rate(float((actual == labels).mean())), rate(most)))
        if place < MAX_TARGETS:
            pictures.append(confusion(actual, labels, tuple(map(name_of, classes)), of=f" of {escape(target['name'])}"))
    names = ("target", "classes", "rows predicted right", "rows of the most frequent class")
    notes = "Curves and calibration are drawn only for models with one target."
    return table(names, rows, numbers=(1, 2, 3), text=(0,), note=f"{notes}{those_drawn(targets)}") + grid(pictures)


def values_of_several(targets: Sequence[dict[str, Any]], y: np.ndarray, answers: Predictions) -> str:
    rows, pictures = [], []
    for place, target in enumerate(targets):
        actual, predicted = y[:, place].astype(np.float64), answers.scores[:, place]
        error = f"{rounded(mean_absolute_error(actual, predicted), 4)} {target['unit'] or ''}".strip()
        rows.append((escape(target["name"]), f"{r2_score(actual, predicted):.3f}", escape(error)))
        if place < MAX_TARGETS:
            pictures.append(predicted_and_actual(target, actual, predicted))
    names = ("target", "R²", "mean absolute error")
    return table(names, rows, numbers=(1, 2), text=(0,), note=those_drawn(targets)) + grid(pictures)


def those_drawn(targets: Sequence[dict[str, Any]]) -> str:
    return f" The first {MAX_TARGETS} of {len(targets)} targets are drawn." if len(targets) > MAX_TARGETS else ""


def regression_figures(target: dict[str, Any], y: np.ndarray, predicted: np.ndarray) -> str:
    return grid(
        [
            predicted_and_actual(target, y, predicted),
            figure(
                figures.residuals(predicted, y - predicted, described(target)),
                "Actual minus predicted values. If the errors are alike everywhere, the dots make an even band."
                f"{note_on(y)}",
            ),
        ]
    )


def predicted_and_actual(target: dict[str, Any], y: np.ndarray, predicted: np.ndarray) -> str:
    return figure(
        figures.predicted_and_actual(predicted, y, described(target)),
        f"Predicted and actual values. A row on the dashed line is predicted right.{note_on(y)}",
    )


def note_on(y: np.ndarray) -> str:
    return f" {figures.MAX_DOTS:,} of {len(y):,} rows are drawn." if len(y) > figures.MAX_DOTS else ""


def confusion(actual: np.ndarray, labels: np.ndarray, names: Sequence[str], of: str = "") -> str:
    counts = diagnostics.confusions(actual, labels, len(names))
    right = f"{np.trace(counts):,} of {counts.sum():,} rows are predicted right."
    if len(names) <= MAX_MATRIX:
        return figure(
            figures.confusion_matrix(counts, names),
            f"Confusion matrix{of}, in rows. {right} A cell is shaded by its share of the actual class.",
        )
    wrong = counts - np.diag(np.diag(counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:MAX_PAIRS]
    pairs = [
        (names[row], names[column], int(wrong[row, column]))
        for row, column in zip(*np.unravel_index(order, wrong.shape), strict=True)
        if wrong[row, column]
    ]
    left = int((wrong > 0).sum()) - len(pairs)
    if not pairs:
        return f"<p>{right}</p>"
    return figure(
        figures.confused_pairs(pairs),
        f"The most frequent confusions{of}, actual → predicted. {right} {left} pairs of the {len(names)} classes "
        "that are confused more rarely are left out.",
    )


def roc(scores: list[ClassScore]) -> str:
    if len(scores) == 2:
        return figure(
            figures.roc_curves(scores[1:]),
            f"ROC curve of {escape(scores[1].name)} against {escape(scores[0].name)}, and the area under it. The "
            "dashed line is guessing.",
        )
    lowest = sorted(range(len(scores)), key=lambda index: scores[index].auc)[:MAX_CURVES]
    note = f" The {MAX_CURVES} of {len(scores)} classes with the smallest areas." if len(scores) > MAX_CURVES else ""
    return figure(
        figures.roc_curves([scores[index] for index in sorted(lowest)]),
        "ROC curve of each class against all others, and the area under it; thin lines are the other curves shown. The "
        f"dashed line is guessing.{note}",
    )


def calibration(actual: np.ndarray, answers: Predictions) -> str:
    probabilities, bins = diagnostics.calibration(actual, answers)
    if len(answers.classes) == 2:
        whose, share = f"of {escape(answers.names[1])}", "that have this class"
    else:
        whose, share = "of the label", "whose label is right"
    return figure(
        figures.calibration(probabilities, bins),
        f"Calibration {whose}: the share of rows {share}, with its 95 % interval, in "
        f"{counted(len(bins.predicted), 'group')} of equal size with similar probabilities. On the dashed line, the "
        "share equals the probability. Below: how often each probability is predicted.",
    )


def class_table(scores: list[ClassScore]) -> str:
    shown = sorted(scores, key=lambda score: score.recall)[:MAX_CLASSES] if len(scores) > MAX_CLASSES else scores
    note = f"The {MAX_CLASSES} of {len(scores)} classes with the lowest recall." if len(shown) < len(scores) else ""
    rows = [
        (escape(score.name), f"{score.rows:,}", rate(score.precision), rate(score.recall), rate(score.auc))
        for score in shown
    ]
    return table(("class", "rows", "precision", "recall", "ROC area"), rows, numbers=(1, 2, 3, 4), text=(0,), note=note)


def rate(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}"


def described(target: dict[str, Any]) -> str:
    return f"{target['name']} ({target['unit']})" if target["unit"] else target["name"]
