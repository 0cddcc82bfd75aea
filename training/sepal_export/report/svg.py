"""Draws with matplotlib, and returns SVG to put inside a page. It has the page's colours and font, and its bytes are
the same every time."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable

import matplotlib
from matplotlib.figure import Figure

# Placeholders for the page's colours. `clean` replaces them by CSS variables, because the colours differ between light
# and dark mode.
INK, MUTED, LINE, ACCENT, PAGE = "#000001", "#000002", "#000003", "#000004", "#000005"
COLOURS = {INK: "--ink", MUTED: "--muted", LINE: "--line", ACCENT: "--accent", PAGE: "--page"}

THEME = {
    "axes.axisbelow": True,
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "axes.formatter.limits": (-4, 5),
    "axes.labelcolor": MUTED,
    "axes.labelpad": 5,
    "axes.labelsize": 10.5,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 6,
    "axes.titlesize": 11,
    "axes.unicode_minus": True,
    "figure.constrained_layout.h_pad": 0.03,
    "figure.constrained_layout.w_pad": 0.03,
    "figure.facecolor": "none",
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "none",
    "text.color": INK,
    # A `$` in a feature's name does not begin a formula.
    "text.parse_math": False,
    # No tick marks: matplotlib defines each as a symbol with an id, and ids must be unique in the page.
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
}


def draw(paint: Callable[[Figure], None], *, width: float, height: float, label: str) -> str:
    """`paint` draws into the figure. `width` and `height`, in points, give its proportions; the page scales it to the
    room that it has. `label` describes the picture in words."""
    with matplotlib.rc_context():
        # Ignores the user's own settings.
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(THEME)
        figure = Figure(figsize=(width / 72, height / 72), layout="constrained")
        paint(figure)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Creator": None, "Date": None, "Format": None, "Type": None})
    return inline(file.getvalue(), label)


def inline(svg: str, label: str) -> str:
    """Removes what a page may have only once (the header, ids, a style for all elements), and shortens the rest without
    changing how it looks."""
    view = re.search(r'viewBox="([^"]+)"', svg)[1]
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>|<defs>.*?</defs>", "", body, flags=re.DOTALL)
    # Only tags are changed. Texts such as names of features stand between tags.
    body = re.sub(r"<[^>]*>", clean, body)
    body = re.sub(r"\s*\n\s*", "\n", body).strip()
    return f'<svg viewBox="{view}" role="img" aria-label="{html.escape(label)}">\n{body}'


def clean(tag: re.Match) -> str:
    text = re.sub(r"\s+", " ", tag[0])
    text = re.sub(r' (?:id|clip-path)="[^"]*"', "", text)
    text = re.sub(r"font-family: [^;\"]*;? ?| stroke-line(?:join: miter|cap: (?:square|butt));?", "", text)
    text = text.replace(' style=""', "")
    text = re.sub(r' transform="rotate\(-0 [^"]*"', "", text)
    if text in ("<g>", "</g>", "<g/>") or text.endswith('style="fill: none"/>'):
        return ""
    for colour, variable in COLOURS.items():
        text = text.replace(colour, f"var({variable})")
    return re.sub(r"-?\d+\.\d{3,}", shorter, text)


def shorter(number: re.Match) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
