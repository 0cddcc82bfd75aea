"""Shows how much each feature moves the answers, by the explanations of golden rows."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from sepal_export.report import figures
from sepal_export.report.html import figure
from sepal_export.wording import counted

MAX_FEATURES = 20


def contributions(manifest: dict[str, Any]) -> str:
    """The picture and its caption as HTML; empty for a package without explanations."""
    if "explanations" not in manifest:
        return ""
    importance = manifest["explanations"]["importance"]
    names = [feature["name"] for feature in manifest["features"]]
    sizes = np.mean([[each[name] for name in names] for each in importance.values()], axis=0)
    shown = np.argsort(-sizes, kind="stable")[:MAX_FEATURES]
    unit = manifest.get("target", {}).get("unit") if manifest["task"] == "regression" else None
    picture = figures.contributions(
        [names[index] for index in shown], sizes[shown], f"mean size of a contribution{f' ({unit})' if unit else ''}"
    )
    of_several = f", averaged over {counted(len(importance), 'number')} of an answer" if len(importance) > 1 else ""
    left = f" The {MAX_FEATURES} largest of {len(names)} features are shown." if len(names) > MAX_FEATURES else ""
    caption = (
        "Shapley values of the golden rows: how far a feature's value moves an answer from the mean answer to the "
        f"background, up or down{escape(of_several)}.{left}"
    )
    return figure(picture, caption, " class=beside")
