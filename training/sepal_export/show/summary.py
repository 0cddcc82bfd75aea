"""Summarises an export in a few lines of text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sepal_export.data.times import to_text
from sepal_export.wording import counted, in_words, label, power, rounded

FEATURES_SHOWN = 40
CATEGORIES_SHOWN = 5
MAX_IGNORED = 3
# The template's default, in megabytes.
DEFAULT_MEMORY_SIZE = 1769


def summarise(
    manifest: dict[str, Any],
    left_out: Sequence[str],
    held: Sequence[str],
    terms: Mapping[str, int],
    *,
    has_training_rows: bool,
) -> str:
    """Summarises model.json: the features, the metrics, the comparison with the original, and what it reveals of the
    training data. `left_out` are columns that the model does not use, and `held` features of which model.onnx contains
    strings. `terms` are the numbers of terms that it contains, by text."""
    parts = [
        f"{manifest['name']} {manifest['version']}: {describe_task(manifest)}",
        feature_table(manifest["features"]),
        describe_metrics(manifest["metrics"]),
        describe_parity(manifest["parity"], manifest["outputs"]),
        *describe_explanations(manifest),
        describe_memory(manifest["memory_size"]),
        describe_publication(manifest, left_out, held, terms, has_training_rows=has_training_rows),
    ]
    return "\n\n".join(parts)


def describe_task(manifest: dict[str, Any]) -> str:
    width = counted(len(manifest["features"]), "feature")
    if manifest["task"] == "outliers":
        return f"inlier or outlier from {width}"
    if manifest["task"] == "clustering":
        return f"one of {counted(len(manifest['classes']), 'cluster')} from {width}"
    return f"{in_words([describe_target(target) for target in targets_in(manifest)])} from {width}"


def targets_in(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The targets with their classes; empty for outliers and clusters."""
    if "targets" in manifest:
        return manifest["targets"]
    if "target" not in manifest:
        return []
    return [manifest["target"] | ({"classes": manifest["classes"]} if "classes" in manifest else {})]


def describe_target(target: dict[str, Any]) -> str:
    return f"{target['name']} (one of {len(target['classes'])})" if "classes" in target else target["name"]


def feature_table(features: Sequence[dict[str, Any]]) -> str:
    rows = [
        (feature["name"], feature["dtype"], feature["unit"] or "", missing(feature), values(feature))
        for feature in features[:FEATURES_SHOWN]
    ]
    lines = aligned([("feature", "type", "unit", "missing", "values"), *rows])
    left = len(features) - len(rows)
    return "\n".join([*lines, f"… and {left} more, which model.json lists"] if left > 0 else lines)


def missing(feature: dict[str, Any]) -> str:
    return "accepted" if feature["nullable"] else "refused"


def values(feature: dict[str, Any]) -> str:
    """The range, or the categories, in the training rows."""
    categories, baseline = feature["categories"], feature["baseline"]
    if feature["dtype"] == "bool":
        return "false or true"
    if feature["dtype"] == "string" and categories is None:
        return "any text"
    if categories is None and baseline is None:
        return "any time" if feature["dtype"] == "timestamp" else "any number"
    if feature["dtype"] == "timestamp":
        return f"{to_text(baseline['min'])} to {to_text(baseline['max'])}{' UTC' if feature['timezone'] else ''}"
    if categories is None:
        return f"{rounded(baseline['min'])} to {rounded(baseline['max'])}"
    shown = ", ".join(map(str, categories["values"][:CATEGORIES_SHOWN]))
    left = len(categories["values"]) - CATEGORIES_SHOWN
    return f"{shown}, … {left} more" if left > 0 else shown


def describe_metrics(metrics: dict[str, Any]) -> str:
    rows = [(label(metric), f"{score['mean']} ± {score['std']}") for metric, score in metrics["values"].items()]
    return "\n".join([*aligned(rows), metrics["protocol"] if rows else f"metrics {metrics['protocol']}"])


def describe_parity(parity: dict[str, Any] | None, outputs: Collection[str]) -> str:
    if parity is None:
        return "not proven: an ONNX model has no original that its answers could be compared with"
    share = share_of(parity.get("thresholds"))
    kinds = [(f"{rows:,}", f"{kind}{share if kind == 'thresholds' else ''}") for kind, rows in parity["points"].items()]
    if parity.get("undecided"):
        kinds.append((f"{parity['undecided']:,}", "left out, because the original answers them by chance"))
    return "\n".join([parity_line(parity, outputs), *(f"  {line}" for line in aligned(kinds, right=(0,)))])


def describe_explanations(manifest: dict[str, Any]) -> list[str]:
    """How close the explanations are to shap's, or why there are none. Empty for the explanations of an ONNX model,
    because it has no original to compare with."""
    if "explanations" not in manifest:
        if set(manifest["outputs"]) <= {"label", "labels"}:
            return ["no explanations: the model answers only labels"]
        return ["no explanations: --background was 0, or rows that they need have no finite or dependable answer"]
    if manifest["parity"] is None:
        return []
    parity = manifest["explanations"]["parity"]
    if parity is None:
        return ["explanations: not compared with the original, because shap is not installed (pip install shap)"]
    if parity["rows"] == 0:
        return ["explanations: not compared with the original, because it answers all golden rows by chance"]
    rows, within = counted(parity["rows"], "golden row"), power(parity["largest_error"])
    return [f"explanations of {rows}: as {parity['against']} explains the original, within {within}"]


def share_of(thresholds: dict[str, int] | None) -> str:
    """For how many of the model's thresholds rows were made, if not for all."""
    if not thresholds or thresholds["tried"] == thresholds["total"]:
        return ""
    return f", {thresholds['tried']:,} of {thresholds['total']:,}"


def describe_memory(megabytes: int) -> str:
    text = f"a function that serves it needs {megabytes:,} MB of memory"
    if megabytes <= DEFAULT_MEMORY_SIZE:
        return f"{text}; the template's MemorySize is {DEFAULT_MEMORY_SIZE:,}"
    return f"{text}: sam deploy --parameter-overrides MemorySize={megabytes}"


def describe_publication(
    manifest: dict[str, Any],
    left_out: Sequence[str],
    held: Sequence[str],
    terms: Mapping[str, int],
    *,
    has_training_rows: bool,
) -> str:
    """What the package reveals of the training data to anybody who can call the service, or has its files."""
    features = manifest["features"]
    named = [feature["name"] for feature in features if feature["categories"]]
    unnamed = [feature["name"] for feature in features if feature["dtype"] == "string" and not feature["categories"]]
    in_graph = [name for name in unnamed if name in held]
    nowhere = [name for name in unnamed if name not in held and name not in terms]
    known = [feature for feature in features if feature["baseline"]]
    numbers = [feature["name"] for feature in known if feature["dtype"] not in ("string", "bool")]
    flags = [feature["name"] for feature in known if feature["dtype"] == "bool"]
    if manifest["task"] == "regression":
        numbers += [target["name"] for target in targets_in(manifest) if target["baseline"]]
    lines = ["published with the model, to everybody who may call it (docs/privacy.md):"]
    if numbers:
        lines.append(f"  smallest and largest value, mean, deviation and deciles of {in_words(numbers)}")
    if flags:
        lines.append(f"  the share of true values of {in_words(flags)}")
    if named:
        often = ", and how often each occurs" if known else ""
        lines.append(f"  the categories of {in_words(named)}{often}")
    if in_graph:
        lines.append(
            f"  no value of {in_words(in_graph)}: most rows have one of their own; only model.onnx holds them, which "
            "no route returns"
        )
    lines += [f"  {said}" for said in describe_terms(terms, has_training_rows=has_training_rows)]
    if nowhere:
        lines.append(f"  no value of {in_words(nowhere)}: the model holds none")
    made_of = "the above" if known else "what the estimator knows about its columns"
    shown = "rows of the training data" if has_training_rows else f"made of {made_of}, and no row of the training data"
    if known:
        lines.append("  how often a value is missing, the number of rows, and the scores")
    lines.append(f"  examples: {shown}")
    lines.append(f"in the package, but served by no route: up to 200 golden rows, {shown}")
    if "explanations" in manifest:
        lines.append(
            f"  and the {counted(manifest['explanations']['rows'], 'row')} of the background that explanations compare "
            "with"
        )
    if left_out:
        lines.append(
            f"not in the package, because the model does not use them: {in_words(left_out)}; a client may send them to "
            f"/predict?{ignoring(left_out)}"
        )
    return "\n".join(lines)


def describe_terms(terms: Mapping[str, int], *, has_training_rows: bool) -> list[str]:
    """What the model's file, and the examples, reveal of texts."""
    shown = "" if has_training_rows else "no text of {name}: the examples are made of terms that many texts have; "
    held = "model.onnx, which no route returns, holds {terms} of {name}"
    return [
        (shown + held).format(name=name, terms=counted(count, "term") if count else "no term")
        for name, count in terms.items()
    ]


def parity_line(parity: dict[str, Any], outputs: Collection[str]) -> str:
    """`same labels as the original on 20,000 rows, probabilities within 1e-15`."""
    rows, error = f"{parity['rows']:,} rows", parity["largest_error"]
    if parity["mismatches"]:
        count = f"{parity['mismatches']:,}"
        return f"differs from the original on {count} of {rows}, by up to {power(error)}; this was allowed"
    within = f" within {power(error)} of the largest ({rounded(parity['scale'])})"
    if parity["label_agreement"] is None:
        return f"same values as the original on {rows}{f',{within}' if error else ''}"
    same = f"same labels as the original on {rows}"
    numbers = next((field for field in outputs if field not in ("label", "labels")), None)
    if numbers is None:
        return same
    if numbers == "probabilities":
        within = f" within {power(error)}"
    return f"{same}, {f'{numbers}{within}' if error else f'equal {numbers}'}"


def ignoring(names: Sequence[str]) -> str:
    """The query with which a client may send columns that the model does not know."""
    return "ignore=*" if len(names) > MAX_IGNORED else "&".join(f"ignore={quote(name, safe='')}" for name in names)


def aligned(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Aligns the columns to their widest cells."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
