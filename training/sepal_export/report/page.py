"""What the page says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import Any

import numpy as np

from sepal_export.classes import name_of, positions_of
from sepal_export.dataset import Dataset, Feature
from sepal_export.predictions import Predictions
from sepal_export.report import diagnostics, figures
from sepal_export.report.diagnostics import ClassScore, Importances
from sepal_export.report.html import document, figure, grid, section, table
from sepal_export.scores import Evaluation
from sepal_export.summary import counted, label, parity_line, power, rounded, values

MAX_MATRIX = 20
MAX_PAIRS = 15
MAX_CURVES = 6
MAX_CLASSES = 30
MAX_IMPORTANCES = 20
MAX_DISTRIBUTIONS = 24
MAX_GROUPS = 5
MAX_CATEGORIES = 8
MAX_FEATURES = 100
BINS = 20
MAX_WHOLE = 40
# Of the rows, to each side, whose values are drawn at the edge where they lie far out.
OUTER = 0.005

POINTS = {
    "training": "rows of the training data",
    "published": "the rows that the package may show: made of medians, ranges and categories, unless said otherwise",
    "float64 neighbours": "the same, each number that may be a fraction a step of float64 lower or higher",
    "float32 neighbours": "the same, each number that may be a fraction rounded to float32, and a step of it lower or "
    "higher",
    "between rows": "between two rows of the training data, half of them in the middle",
    "thresholds": "to both sides of every threshold at which an answer can jump",
    "missing": "rows of the training data without one or more of the values that may be missing",
    "unknown categories": "rows of the training data with one category or more that training did not have",
    "random inside": "at random inside the training data's ranges",
    "random beyond": "at random up to two ranges beyond them",
    "refused": "some of those that the model has no finite answer to",
}


def to_html(manifest: dict[str, Any], dataset: Dataset, estimator: Any, X: Any, y: Any, evaluation: Evaluation) -> str:
    """`manifest` is what model.json holds of the `estimator` that was fitted to `X`, as `dataset` has it, and `y`."""
    y = np.asarray(y)
    importances = diagnostics.importances(estimator, X, y, evaluation, dataset.places)
    parts = [
        header(manifest, dataset),
        quality(manifest, y, evaluation),
        importance_section(manifest, importances),
        feature_section(manifest, dataset, y, importances),
        agreement(manifest["parity"], manifest["outputs"]),
        origin(manifest),
    ]
    return document(f"{manifest['name']} {manifest['version']}", parts)


def header(manifest: dict[str, Any], dataset: Dataset) -> str:
    target = described(manifest["target"])
    task = f"one of {len(manifest['classes'])} classes" if "classes" in manifest else "a number"
    unit = manifest["target"]["unit"] or ""
    facts = [(label(metric), *measured(metric, score, unit)) for metric, score in manifest["metrics"]["values"].items()]
    parity = manifest["parity"]
    facts += [
        ("differs from the original", f"{parity['mismatches']:,}", f"of {parity['rows']:,} rows"),
        ("error at most", power(parity["largest_error"]), f"{power(parity['tolerance'])} allowed"),
    ]
    return (
        f"<header>\n<h1>{escape(manifest['name'])} <small>{escape(manifest['version'])}</small></h1>\n"
        f"<p>{escape(manifest['description'])}</p>\n"
        f"<p class=quiet>Predicts {escape(target)}, {task}, from {counted(len(manifest['features']), 'feature')}. "
        f"Trained on {counted(len(dataset.rows), 'row')}.</p>\n<dl class=facts>\n"
        + "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)} <small>{escape(more)}</small></dd></div>\n"
            for name, value, more in facts
        )
        + "</dl>\n</header>"
    )


def measured(metric: str, score: dict[str, float], unit: str) -> tuple[str, str]:
    """The mean, and the deviation with the unit."""
    if metric == "mean_absolute_error":
        return rounded(score["mean"], 4), f"± {rounded(score['std'], 2)} {unit}".strip()
    return f"{score['mean']:.3f}", f"± {score['std']:.3f}"


def quality(manifest: dict[str, Any], y: np.ndarray, evaluation: Evaluation) -> str:
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
    if answers.labels is None:
        return section("How good it is", text + regression_figures(manifest, y, answers))
    actual = positions_of(y, answers.classes)
    scores = diagnostics.class_scores(actual, answers)
    parts = [confusion(actual, answers), calibration(actual, answers), roc(scores), f"<div>{class_table(scores)}</div>"]
    return section("How good it is", text + grid(parts))


def regression_figures(manifest: dict[str, Any], y: np.ndarray, answers: Predictions) -> str:
    predicted, target = answers.scores[:, 0], described(manifest["target"])
    note = f" {figures.MAX_DOTS:,} of {len(y):,} rows are drawn." if len(y) > figures.MAX_DOTS else ""
    return grid(
        [
            figure(
                figures.predicted_and_actual(predicted, y, target),
                f"Predicted and actual values. A row on the dashed line is predicted right.{note}",
            ),
            figure(
                figures.residuals(predicted, y - predicted, target),
                f"What is left to the actual value. Errors that are alike everywhere make an even band.{note}",
            ),
        ]
    )


def confusion(actual: np.ndarray, answers: Predictions) -> str:
    counts = diagnostics.confusions(actual, answers)
    right = f"{np.trace(counts):,} of {counts.sum():,} rows are predicted right."
    if len(answers.classes) <= MAX_MATRIX:
        return figure(
            figures.confusion_matrix(counts, answers.names),
            f"Confusion matrix, in rows. {right} A cell is shaded by its share of the actual class.",
        )
    wrong = counts - np.diag(np.diag(counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:MAX_PAIRS]
    pairs = [
        (answers.names[row], answers.names[column], int(wrong[row, column]))
        for row, column in zip(*np.unravel_index(order, wrong.shape), strict=True)
        if wrong[row, column]
    ]
    left = int((wrong > 0).sum()) - len(pairs)
    if not pairs:
        return f"<p>{right}</p>"
    return figure(
        figures.confused_pairs(pairs),
        f"The most frequent confusions, actual → predicted. {right} {left} pairs of the {len(answers.classes)} classes "
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
        whose = f"of {escape(answers.names[1])}: the share that is so"
    else:
        whose = "of the label: the share that it is right for"
    return figure(
        figures.calibration(probabilities, bins),
        f"Calibration {whose}, among rows of like probability, in {counted(len(bins.predicted), 'group')} of equal "
        "size, with its 95 % interval. On the dashed line a probability means what it says. Below, how often each is "
        "given.",
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


def importance_section(manifest: dict[str, Any], importances: Importances) -> str:
    unit = manifest["target"]["unit"]
    metric = label(importances.metric)
    shown = importances.order[:MAX_IMPORTANCES]
    rows = "rows that the model was not fitted to" if importances.held_out else "the training rows"
    left = len(importances.order) - len(shown)
    note = f" The {MAX_IMPORTANCES} most important of {len(importances.order)} features are shown." if left > 0 else ""
    picture = figures.importances(
        [manifest["features"][index]["name"] for index in shown],
        importances.means[shown],
        importances.stds[shown],
        f"growth of the {metric}{f' ({unit})' if unit and importances.metric != 'log_loss' else ''}",
    )
    caption = (
        f"Permutation importance: how much the {metric} grows when a feature's values are shuffled among {rows}. A "
        "line is the standard deviation between shuffles. Of features that say the same, each looks less important."
        f"{note}"
    )
    return section("What it goes by", figure(picture, caption, " class=beside"))


def feature_section(manifest: dict[str, Any], dataset: Dataset, y: np.ndarray, importances: Importances) -> str:
    features = manifest["features"]
    drawn = sorted(importances.order[:MAX_DISTRIBUTIONS]) if len(features) > MAX_DISTRIBUTIONS else range(len(features))
    # Of a string without categories no value is published.
    silent = [index for index in drawn if features[index]["dtype"] == "string" and not features[index]["categories"]]
    groups = groups_of(manifest, y)
    pictures = [
        distribution(dataset.features[index], features[index], dataset.rows.columns[index], groups)
        for index in drawn
        if index not in silent
    ]
    notes = []
    if len(groups) > 1:
        notes.append("Every class is drawn as high as the others, however many rows it has.")
    if len(drawn) < len(features):
        notes.append(f"The {len(drawn)} most important of {len(features)} features are drawn.")
    caption = f"<p class=quiet>{' '.join(['How often which values occur in the training data.', *notes])}</p>"
    return section("Features", feature_table(features) + caption + f'<div class="grid small">{"".join(pictures)}</div>')


def groups_of(manifest: dict[str, Any], y: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Which rows are drawn together."""
    classes = manifest.get("classes", [])
    if not 2 <= len(classes) <= MAX_GROUPS:
        return [("", np.ones(len(y), dtype=bool))]
    positions = positions_of(y, classes)
    return [(name_of(value), positions == index) for index, value in enumerate(classes)]


def distribution(
    feature: Feature, described_feature: dict[str, Any], values: np.ndarray, groups: list[tuple[str, np.ndarray]]
) -> str:
    if described_feature["categories"]:
        return categories(feature, described_feature["categories"])
    present = ~np.isnan(values)
    edges = edges_of(values[present])
    parts = [(name, values[rows & present]) for name, rows in groups]
    names = ("false", "true") if feature.dtype == "bool" else ()
    return f"<figure>{figures.distribution(feature.name, parts, feature.unit or '', edges, names)}</figure>"


def categories(feature: Feature, described_categories: dict[str, Any]) -> str:
    pairs = sorted(
        zip(described_categories["values"], described_categories["frequencies"], strict=True), key=lambda pair: -pair[1]
    )
    shown, left = pairs[:MAX_CATEGORIES], pairs[MAX_CATEGORIES:]
    names, shares = [str(name) for name, _ in shown], [share for _, share in shown]
    if left:
        names.append(f"{len(left)} others")
        shares.append(sum(share for _, share in left))
    return f"<figure>{figures.category_shares(feature.name, names, np.array(shares))}</figure>"


def edges_of(values: np.ndarray) -> np.ndarray:
    """Of a histogram's bins: one for each whole number if there are few, else BINS of equal width, the outermost of
    which take what lies far out."""
    low, high = float(values.min()), float(values.max())
    if high - low < MAX_WHOLE and np.array_equal(values, np.rint(values)):
        return np.arange(low - 0.5, high + 1)
    inner_low, inner_high = np.quantile(values, [OUTER, 1 - OUTER])
    if high - low > 3 * (inner_high - inner_low) > 0:
        low, high = inner_low, inner_high
    return np.linspace(low, high, BINS + 1) if high > low else np.array([low - 0.5, low + 0.5])


def feature_table(features: Sequence[dict[str, Any]]) -> str:
    rows = [feature_row(feature) for feature in features[:MAX_FEATURES]]
    left = len(features) - len(rows)
    note = f"{left} more features are left out; model.json lists them." if left > 0 else ""
    return table(
        ("feature", "type", "unit", "missing", "range or categories", "mean", "deviation"),
        rows,
        numbers=(5, 6),
        text=(4,),
        note=note,
    )


def feature_row(feature: dict[str, Any]) -> Sequence[str]:
    baseline, share = feature["baseline"], feature["baseline"]["missing"]
    missing = f"{share:.1%}" if share else ("accepted" if feature["nullable"] else "refused")
    moments = [rounded(baseline[moment], 4) if moment in baseline else "" for moment in ("mean", "std")]
    names = [escape(text) for text in (feature["name"], feature["dtype"], feature["unit"] or "")]
    return (*names, missing, escape(values(feature)), *moments)


def agreement(parity: dict[str, Any], outputs: Collection[str]) -> str:
    line = parity_line(parity, outputs)
    text = (
        f"<p>The ONNX model gives the {escape(line)}. Up to {power(parity['tolerance'])} is allowed. They were "
        "compared where the answers of two arithmetics are likely to part.</p>"
        if not parity["mismatches"]
        else f"<p>The ONNX model {escape(line)}.</p>"
    )
    rows = [(escape(kind), f"{count:,}", POINTS.get(kind, "")) for kind, count in parity["points"].items()]
    return section(
        "Agreement with the original", text + table(("rows", "number", "what they are"), rows, numbers=(1,), text=(2,))
    )


def origin(manifest: dict[str, Any]) -> str:
    opset = ", ".join(f"{domain} {version}" for domain, version in manifest["opset"].items())
    rows = [(escape(package), escape(version)) for package, version in manifest["producers"].items()]
    rows += [("ONNX operators", escape(opset)), ("SHA-256 of the model", f"<code>{manifest['sha256']}</code>")]
    return section("What made it", table(("", "version"), rows, text=(1,)))


def described(target: dict[str, Any]) -> str:
    return f"{target['name']} ({target['unit']})" if target["unit"] else target["name"]
