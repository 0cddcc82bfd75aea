"""The contents of the page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import Any

import numpy as np

from sepal_export.data.classes import name_of, positions_of
from sepal_export.data.dataset import Dataset, Feature
from sepal_export.data.times import DAY, to_text
from sepal_export.evaluation.scores import Evaluation
from sepal_export.report import diagnostics, figures
from sepal_export.report.contributions import contributions
from sepal_export.report.diagnostics import Importances
from sepal_export.report.html import document, figure, section, table
from sepal_export.report.quality import described, quality
from sepal_export.show.summary import describe_parity, describe_target, parity_line, targets_in, values
from sepal_export.wording import counted, in_words, label, power, rounded

MAX_IMPORTANCES = 20
MAX_DISTRIBUTIONS = 24
MAX_GROUPS = 5
MAX_CATEGORIES = 8
MAX_FEATURES = 100
BINS = 20
MAX_WHOLE = 40
# The share of rows on each side whose values are drawn at the edge if they are far out.
OUTER = 0.005

POINTS = {
    "training": "rows of the training data",
    "published": "the rows that the package may show: made of medians, ranges and categories, or training rows on "
    "request",
    "float64 neighbours": "rows of the training data with each number that may be a fraction one step of float64 lower "
    "or higher",
    "float32 neighbours": "rows of the training data with each number that may be a fraction rounded to float32, or "
    "one step of float32 lower or higher",
    "between rows": "between two rows of the training data, half of them in the middle",
    "thresholds": "on both sides of each threshold at which an answer can jump",
    "missing": "rows of the training data without one or more of the values that may be missing",
    "unknown categories": "rows of the training data with one or more categories that training did not have",
    "texts": "rows of the training data with other texts: in capitals, other scripts, with accents, empty, long or cut",
    "edges of dates": "rows of the training data whose times are midnights, full hours, ends of months, quarters and "
    "years, and leap days, or a microsecond beside one",
    "paths": "rows for each path through the pipeline's own Python, and for infinite numbers in it",
    "random inside": "at random inside the training data's ranges",
    "random beyond": "at random, up to two ranges beyond the training data's ranges",
    "refused": "some of the rows to which the model has no finite answer",
}


def to_html(manifest: dict[str, Any], dataset: Dataset, estimator: Any, X: Any, y: Any, evaluation: Evaluation) -> str:
    """`manifest` is model.json of the `estimator`, which was fitted on `X` (read as `dataset`) and `y`."""
    y = None if y is None else np.asarray(y)
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
    unit = manifest.get("target", {}).get("unit") or ""
    facts = [(label(metric), *measured(metric, score, unit)) for metric, score in manifest["metrics"]["values"].items()]
    parity = manifest["parity"]
    if parity is not None:
        facts += [
            ("differs from the original", f"{parity['mismatches']:,}", f"of {parity['rows']:,} rows"),
            ("largest error", power(parity["largest_error"]), f"{power(parity['tolerance'])} allowed"),
        ]
    return (
        f"<header>\n<h1>{escape(manifest['name'])} <small>{escape(manifest['version'])}</small></h1>\n"
        f"<p>{escape(manifest['description'])}</p>\n"
        f"<p class=quiet>{escape(predicts(manifest))} from {counted(len(manifest['features']), 'feature')}. "
        f"Trained on {counted(len(dataset.rows), 'row')}.</p>\n<dl class=facts>\n"
        + "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)} <small>{escape(more)}</small></dd></div>\n"
            for name, value, more in facts
        )
        + "</dl>\n</header>"
    )


def predicts(manifest: dict[str, Any]) -> str:
    match manifest["task"]:
        case "outliers":
            return "Tells outliers from inliers"
        case "clustering":
            return f"Finds one of {counted(len(manifest['classes']), 'cluster')}"
    if "targets" in manifest:
        return f"Predicts {in_words([describe_target(target) for target in targets_in(manifest)])},"
    task = f"one of {len(manifest['classes'])} classes" if "classes" in manifest else "a number"
    return f"Predicts {described(manifest['target'])}, {task},"


def measured(metric: str, score: dict[str, float], unit: str) -> tuple[str, str]:
    """The mean, and the deviation with its unit."""
    if metric == "mean_absolute_error":
        return rounded(score["mean"], 4), f"± {rounded(score['std'], 2)} {unit}".strip()
    return f"{score['mean']:.3f}", f"± {score['std']:.3f}"


def importance_section(manifest: dict[str, Any], importances: Importances | None) -> str:
    if importances is None:
        why = "There are no right answers, so it is not measured how much worse the answers are without a feature."
        return section("Which features matter", f"<p>{why}</p>{contributions(manifest)}")
    unit = manifest.get("target", {}).get("unit")
    change = "fall" if importances.metric in diagnostics.BETTER_IF_LARGER else "growth"
    verb = "falls" if change == "fall" else "grows"
    metric = label(importances.metric)
    shown = importances.order[:MAX_IMPORTANCES]
    rows = "rows that the model was not fitted to" if importances.held_out else "the training rows"
    left = len(importances.order) - len(shown)
    note = f" The {MAX_IMPORTANCES} most important of {len(importances.order)} features are shown." if left > 0 else ""
    picture = figures.importances(
        [manifest["features"][index]["name"] for index in shown],
        importances.means[shown],
        importances.stds[shown],
        f"{change} of the {metric}{f' ({unit})' if unit and importances.metric == 'mean_absolute_error' else ''}",
    )
    caption = (
        f"Permutation importance: how much the {metric} {verb} when a feature's values are shuffled among {rows}. A "
        "line is the standard deviation between shuffles. If several features carry the same "
        "information, each looks less important than it is."
        f"{note}"
    )
    return section("Which features matter", figure(picture, caption, " class=beside") + contributions(manifest))


def feature_section(
    manifest: dict[str, Any], dataset: Dataset, y: np.ndarray | None, importances: Importances | None
) -> str:
    features = manifest["features"]
    order = range(len(features)) if importances is None else importances.order
    drawn = sorted(order[:MAX_DISTRIBUTIONS]) if len(features) > MAX_DISTRIBUTIONS else range(len(features))
    # For strings without categories, no value is published.
    silent = [index for index in drawn if features[index]["dtype"] == "string" and not features[index]["categories"]]
    groups = groups_of(manifest, y, len(dataset.rows))
    pictures = [
        distribution(dataset.features[index], features[index], dataset.rows.columns[index], groups)
        for index in drawn
        if index not in silent
    ]
    notes = []
    if len(groups) > 1:
        notes.append("Each class is drawn to the same height, whatever its number of rows.")
    if len(drawn) < len(features):
        kind = "first" if importances is None else "most important"
        notes.append(f"The {len(drawn)} {kind} of {len(features)} features are drawn.")
    caption = f"<p class=quiet>{' '.join(['How often each value occurs in the training data.', *notes])}</p>"
    return section("Features", feature_table(features) + caption + f'<div class="grid small">{"".join(pictures)}</div>')


def groups_of(manifest: dict[str, Any], y: np.ndarray | None, rows: int) -> list[tuple[str, np.ndarray]]:
    """The groups of rows that are drawn together."""
    classes = manifest.get("classes", []) if manifest["task"] == "classification" else []
    if y is None or not 2 <= len(classes) <= MAX_GROUPS:
        return [("", np.ones(rows, dtype=bool))]
    positions = positions_of(y, classes)
    return [(name_of(value), positions == index) for index, value in enumerate(classes)]


def distribution(
    feature: Feature, described_feature: dict[str, Any], values: np.ndarray, groups: list[tuple[str, np.ndarray]]
) -> str:
    if described_feature["categories"]:
        return categories(feature, described_feature["categories"])
    present = ~np.isnan(values)
    values = values / DAY if feature.is_time else values
    edges = edges_of(values[present])
    parts = [(name, values[rows & present]) for name, rows in groups]
    names = ("false", "true") if feature.dtype == "bool" else ()
    drawn = figures.distribution(feature.name, parts, feature.unit or "", edges, names, are_dates=feature.is_time)
    return f"<figure>{drawn}</figure>"


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
    """The edges of a histogram's bins: one bin per integer if these are few, else BINS of equal width, of which the
    outermost include values far out."""
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
    if feature["dtype"] == "timestamp":
        moments = [to_text(baseline["mean"]), f"{rounded(baseline['std'] / DAY, 4)} days"]
    names = [escape(text) for text in (feature["name"], feature["dtype"], feature["unit"] or "")]
    return (*names, missing, escape(values(feature)), *moments)


def agreement(parity: dict[str, Any] | None, outputs: Collection[str]) -> str:
    title = "Agreement with the original"
    if parity is None:
        line = describe_parity(parity, outputs)
        return section(title, f"<p>{escape(line[0].upper() + line[1:])}.</p>")
    line = parity_line(parity, outputs)
    text = (
        f"<p>The ONNX model gives the {escape(line)}. Errors up to {power(parity['tolerance'])} are allowed. "
        "The answers were compared on rows where rounding is most likely to change an answer.</p>"
        if not parity["mismatches"]
        else f"<p>The ONNX model {escape(line)}.</p>"
    )
    rows = [(escape(kind), f"{count:,}", POINTS.get(kind, "")) for kind, count in parity["points"].items()]
    return section(title, text + table(("rows", "number", "what they are"), rows, numbers=(1,), text=(2,)))


def origin(manifest: dict[str, Any]) -> str:
    opset = ", ".join(f"{domain} {version}" for domain, version in manifest["opset"].items())
    rows = [(escape(package), escape(version)) for package, version in manifest["producers"].items()]
    rows += [("ONNX operators", escape(opset)), ("SHA-256 of the model", f"<code>{manifest['sha256']}</code>")]
    return section("Versions", table(("", "version"), rows, text=(1,)))
