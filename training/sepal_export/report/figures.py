"""The pictures. The accent colour marks what a picture is about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator, PercentFormatter

from sepal_export.report.diagnostics import Bins, ClassScore
from sepal_export.report.svg import ACCENT, INK, LINE, MUTED, draw
from sepal_export.wording import power

# The width of a picture on a phone; on a desktop it is a quarter wider.
WIDTH = 360
# The width of a small picture on a desktop; on a phone it is at most a quarter wider.
SMALL_WIDTH = 220
ROW = 18
MAX_DOTS = 2_000
# The darkest shade of a cell, so that text stays readable in light and dark mode.
DARKEST = 0.5
RATES = (0, 0.5, 1)
# The style of reference lines: of a perfect model or, in ROC curves, of a useless one.
GUIDE = {"color": MUTED, "linewidth": 0.8, "linestyle": (0, (4, 4)), "alpha": 0.7}


def short(text: str, most: int = 18) -> str:
    """Shortens a name in its middle, because names with the same beginning differ at their ends."""
    return text if len(text) <= most else f"{text[: most // 2]}…{text[len(text) - (most - 1) // 2 :]}"


def confusion_matrix(counts: np.ndarray, classes: Sequence[str]) -> str:
    """`counts` [K, K] has a row per actual class. A cell is shaded by its share of the counts in its row."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    names = [short(name, 14) for name in classes]
    is_wide = len(classes) > 6

    def paint(figure: Figure) -> None:
        axes = bare(figure.subplots())
        for (actual, predicted), count in np.ndenumerate(counts):
            if count:
                shade = DARKEST * shares[actual, predicted]
                axes.add_patch(Rectangle((predicted, actual), 1, 1, color=ACCENT, alpha=shade, linewidth=0))
                axes.text(
                    predicted + 0.5, actual + 0.5, f"{count:,}", ha="center", va="center", fontsize=8 if is_wide else 11
                )
        for edge in range(len(classes) + 1):
            axes.plot([0, len(classes)], [edge, edge], color=LINE, linewidth=0.6)
            axes.plot([edge, edge], [0, len(classes)], color=LINE, linewidth=0.6)
        places = np.arange(len(classes)) + 0.5
        axes.set_xticks(places, names, rotation=90 if is_wide else 0)
        axes.set_yticks(places, names)
        axes.set(xlim=(-0.01, len(classes)), ylim=(len(classes), -0.01), xlabel="predicted", ylabel="actual")

    right = int(np.trace(counts))
    return draw(
        paint,
        width=WIDTH,
        height=360 if is_wide else 300,
        label=f"Confusion matrix of {len(classes)} classes: {right:,} of {counts.sum():,} rows are predicted right.",
    )


def confused_pairs(pairs: Sequence[tuple[str, str, int]]) -> str:
    """Each of `pairs` is an actual class, a predicted class and the number of their rows."""
    names = [f"{short(actual)} → {short(predicted)}" for actual, predicted, _ in pairs]
    rows = np.array([count for *_, count in pairs], dtype=float)
    label = f"The most frequent confusion is {names[0]}, in {pairs[0][2]:,} rows."
    return bars(names, rows, [f"{row:,.0f}" for row in rows], "rows", label)


def roc_curves(scores: Sequence[ClassScore]) -> str:
    """One panel per class; the curves of the others are thin."""
    columns = min(3, len(scores))
    lines = -(-len(scores) // columns)

    def paint(figure: Figure) -> None:
        figure.get_layout_engine().set(wspace=0.06, hspace=0.04)
        panels = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
        for axes in panels.ravel()[len(scores) :]:
            axes.set_axis_off()
        for axes, shown in zip(panels.ravel(), scores, strict=False):
            for score in scores:
                axes.plot(*score.curve, color=MUTED, linewidth=0.6, alpha=0.5)
            axes.plot([0, 1], [0, 1], **GUIDE)
            axes.plot(*shown.curve, color=ACCENT, linewidth=1.8)
            axes.text(0.97, 0.05, f"{shown.auc:.3f}", ha="right", va="bottom")
            axes.set_title(short(shown.name, 40 // columns))
            axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xticks=RATES, yticks=RATES, aspect="equal")
            axes.set_xticklabels([f"{rate:g}" for rate in RATES])
            axes.set_yticklabels([f"{rate:g}" for rate in RATES])
        figure.supxlabel("false positive rate", fontsize=10.5, color=MUTED)
        figure.supylabel("true positive rate", fontsize=10.5, color=MUTED)

    areas = ", ".join(f"{score.name} {score.auc:.3f}" for score in scores)
    height = {1: 320, 2: 205}.get(columns, 30 + 112 * lines)
    return draw(paint, width=WIDTH, height=height, label=f"ROC curves. Areas under them: {areas}.")


def calibration(probabilities: np.ndarray, bins: Bins) -> str:
    def paint(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(5, 1))
        upper.plot([0, 1], [0, 1], **GUIDE)
        upper.vlines(bins.predicted, bins.low, bins.high, color=ACCENT, linewidth=1.2, alpha=0.5)
        dots(upper, bins.predicted, bins.observed, size=6)
        upper.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xticks=RATES, yticks=RATES, ylabel="share of rows")
        counts, edges = np.histogram(probabilities, bins=20, range=(0, 1))
        columns(lower, counts, edges)
        lower.set(ylabel="count", xlabel="predicted probability", xticks=(0, 0.25, 0.5, 0.75, 1), yticks=[])
        for axes in (upper, lower):
            axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        upper.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))

    difference = np.abs(bins.predicted - bins.observed).mean()
    return draw(
        paint,
        width=WIDTH,
        height=300,
        label="Calibration: the predicted probability differs from the observed share of rows by "
        f"{difference:.1%} on average.",
    )


def predicted_and_actual(predicted: np.ndarray, actual: np.ndarray, target: str) -> str:
    low, high = min(predicted.min(), actual.min()), max(predicted.max(), actual.max())
    margin = 0.03 * (high - low) or 1.0

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        axes.plot([low, high], [low, high], **GUIDE)
        dots(axes, predicted, actual)
        limits = (low - margin, high + margin)
        axes.set(xlim=limits, ylim=limits, xlabel=f"predicted {target}", ylabel=f"actual {target}", aspect="equal")
        few_ticks(axes)

    return draw(paint, width=WIDTH, height=340, label=f"Actual against predicted values of {target}.")


def residuals(predicted: np.ndarray, errors: np.ndarray, target: str) -> str:
    """`errors` are the differences from the actual values. Their histogram is on the right."""

    def paint(figure: Figure) -> None:
        axes, side = figure.subplots(1, 2, sharey=True, width_ratios=(5, 1))
        axes.axhline(0, **GUIDE)
        dots(axes, predicted, errors)
        axes.set(xlabel=f"predicted {target}", ylabel="actual minus predicted")
        pad(axes, predicted, errors)
        few_ticks(axes)
        counts, edges = np.histogram(errors, bins=24)
        side.barh(edges[:-1], counts, height=np.diff(edges), align="edge", color=ACCENT, alpha=0.6, linewidth=0)
        side.set(xlabel="count", xticks=[])

    return draw(paint, width=WIDTH, height=300, label=f"Residuals against predicted values of {target}.")


def importances(names: Sequence[str], means: np.ndarray, stds: np.ndarray, axis: str) -> str:
    label = f"Permutation importance. The most important feature is {names[0]}, {means[0]:.3g}."
    return named_bars(names, means, axis, label, stds)


def contributions(names: Sequence[str], sizes: np.ndarray, axis: str) -> str:
    label = f"Mean size of the contributions. {names[0]} contributes most, {sizes[0]:.3g}."
    return named_bars(names, sizes, axis, label)


def named_bars(names: Sequence[str], means: np.ndarray, axis: str, label: str, stds: np.ndarray | None = None) -> str:
    """Bars with a value each. All values are rounded to the number of decimals that the largest one needs to show three
    digits. Up to four decimals, each value is written with all of them. From five decimals on, a value is written with
    at most three digits and without zeros at its end; below 0.0001 in size, with a power of ten."""
    decimals = max(0, 2 - int(np.floor(np.log10(max(np.abs(means).max(), 1e-12)))))
    # Avoids negative zeros.
    sums = [round(mean, decimals) + 0.0 for mean in means.tolist()]
    texts = [f"{mean:.{decimals}f}" if decimals < 5 else power(float(f"{mean:.3g}")) for mean in sums]
    return bars([short(name, 22) for name in names], means, texts, axis, label, stds)


def bars(
    names: Sequence[str],
    values: np.ndarray,
    texts: Sequence[str],
    axis: str,
    label: str,
    deviations: np.ndarray | None = None,
    title: str = "",
    width: float = WIDTH,
) -> str:
    """Bars one below another, with the name before and the value after each."""
    starts, ends = (values, values) if deviations is None else (values - deviations, values + deviations)
    start, end = min(0.0, float(starts.min())), max(float(ends.max()), 1e-12)

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        places = np.arange(len(names))
        axes.barh(places, values, height=0.6, color=ACCENT, alpha=0.75, linewidth=0)
        if deviations is not None:
            axes.hlines(places, starts, ends, color=INK, linewidth=1)
        for place, (value, text) in enumerate(zip(np.maximum(ends, 0), texts, strict=True)):
            axes.text(value + 0.02 * (end - start), place, text, va="center", fontsize=10, color=MUTED)
        axes.set_yticks(places, names)
        axes.yaxis.set_tick_params(labelcolor=INK)
        axes.set(xlim=(start, end + 0.16 * (end - start)), ylim=(len(names) - 0.4, -0.6))
        axes.set(xlabel=axis, xticks=[])
        axes.set_title(short(title, 26))
        axes.spines["bottom"].set_visible(False)

    return draw(paint, width=width, height=(44 if title else 24) + ROW * len(names), label=label)


def distribution(
    title: str,
    groups: Sequence[tuple[str, np.ndarray]],
    axis: str,
    edges: np.ndarray,
    names: Sequence[str] = (),
    *,
    are_dates: bool = False,
) -> str:
    """A histogram per group of values, one above another with a common axis, all with the same height. `names` are
    those of the bins. Dates are days since 1970."""

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        for place, (_, values) in enumerate(groups):
            counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
            columns(axes, 0.86 * counts / max(counts.max(), 1), edges, bottom=len(groups) - 1 - place)
        for place in range(len(groups)):
            axes.axhline(place, color=LINE, linewidth=0.6)
        axes.set_yticks(
            [len(groups) - 0.72 - place for place in range(len(groups))], [short(name, 12) for name, _ in groups]
        )
        axes.set(xlim=(edges[0], edges[-1]), ylim=(0, len(groups)), xlabel=axis)
        axes.set_title(short(title, 26))
        axes.spines["left"].set_visible(False)
        if len(names) == len(edges) - 1:
            axes.set_xticks((edges[:-1] + edges[1:]) / 2, names)
        elif are_dates:
            locator = AutoDateLocator(minticks=2, maxticks=4)
            axes.xaxis.set_major_locator(locator)
            axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        elif len(edges) == 2:
            axes.set_xticks([edges.mean()])
        else:
            # Bins of integers have their edges between integers.
            axes.xaxis.set_major_locator(MaxNLocator(4, integer=edges[0] % 1 == 0.5))

    height = 130 if len(groups) == 1 else 56 + 34 * len(groups)
    return draw(paint, width=SMALL_WIDTH, height=height, label=f"Distribution of {title}.")


def category_shares(title: str, names: Sequence[str], shares: np.ndarray) -> str:
    texts = [f"{share:.1%}" for share in shares]
    label = f"Categories of {title}: {', '.join(f'{name} {text}' for name, text in zip(names, texts, strict=True))}."
    return bars(
        [short(name, 16) for name in names], shares, texts, "share of rows", label, title=title, width=SMALL_WIDTH
    )


def columns(axes: Axes, counts: np.ndarray, edges: np.ndarray, bottom: float = 0.0) -> None:
    """A histogram as one shape."""
    axes.stairs(counts + bottom, edges, baseline=bottom, fill=True, color=ACCENT, alpha=0.6, linewidth=0)


def dots(axes: Axes, x: np.ndarray, y: np.ndarray, size: float = 3.2) -> None:
    """Draws dots as one path of zero-length lines with round ends: a dot takes only about thirty bytes."""
    some = np.unique(np.linspace(0, len(x) - 1, min(len(x), MAX_DOTS)).astype(int))
    points = np.repeat(np.stack([x[some], y[some]], axis=1), 2, axis=0)
    path = Path(points, np.tile([Path.MOVETO, Path.LINETO], len(some)))
    path.should_simplify = False
    axes.add_patch(PathPatch(path, fill=False, edgecolor=ACCENT, linewidth=size, capstyle="round", alpha=0.7))


def pad(axes: Axes, x: np.ndarray, y: np.ndarray) -> None:
    for limit, values in ((axes.set_xlim, x), (axes.set_ylim, y)):
        margin = 0.05 * float(values.max() - values.min()) or 1.0
        limit(values.min() - margin, values.max() + margin)


def few_ticks(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(5))


def bare(axes: Axes) -> Axes:
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes
