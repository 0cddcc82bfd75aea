"""`sepal show MODEL`: shows the translation of a pipeline's own Python, one line per step, with the source beside
it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import onnx

from sepal_export.show.steps import Steps

# The longest expression without --long.
MOST_CHARACTERS = 100
SHOWN, NOT_SHOWN = 0, 1


class ShowError(Exception):
    """A model that cannot be shown. The message says what to do."""


def main(values: Sequence[str], *, prog: str) -> int:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Shows how the export translated a pipeline's own Python. Each line has the place in the source, "
        "what the model computes there, and the line of the source.",
    )
    parser.add_argument("model", type=Path, metavar="MODEL", help="the folder of a package, or its model.onnx")
    parser.add_argument("--long", action="store_true", help="print whole expressions, however long they are")
    arguments = parser.parse_args(values)
    try:
        print("\n".join(shown(arguments.model, is_long=arguments.long)))
    except (OSError, ShowError) as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_SHOWN
    return SHOWN


def shown(path: Path, *, is_long: bool = False) -> Iterator[str]:
    """Yields lines. Raises ShowError."""
    file = path / "model.onnx" if path.is_dir() else path
    if not file.is_file():
        raise ShowError(f"{file} does not exist; name the folder of a package, such as models/churn")
    try:
        model = onnx.load(file)
    except Exception as error:  # protobuf can raise anything for another file
        raise ShowError(f"{file} is not an ONNX model; name the folder of a package, such as models/churn") from error
    features = features_of(model, file.with_name("model.json"))
    steps = Steps(model, features)
    if not steps.found:
        columns = [column for columns in features.values() for column in columns]
        return iter([f"{path} has no translated Python. Its inputs are {', '.join(columns)}."])
    return described(steps, None if is_long else MOST_CHARACTERS)


def features_of(model: onnx.ModelProto, manifest: Path) -> dict[str, list[str]]:
    """The names of columns by input, from model.json if it exists."""
    inputs = {entry.name: entry.type.tensor_type.shape.dim for entry in model.graph.input}
    known = json.loads(manifest.read_text("utf-8"))["features"] if manifest.is_file() else []
    if len(inputs) == 1 and len(known) > 1:
        return {name: [feature["name"] for feature in known] for name in inputs}
    widths = {name: shape[1].dim_value if len(shape) > 1 else 1 for name, shape in inputs.items()}
    return {name: [name] if width == 1 else [f"{name}[{at}]" for at in range(width)] for name, width in widths.items()}


def described(steps: Steps, most: int | None) -> Iterator[str]:
    rows = []
    for step in steps.found:
        name = steps.expressions.names.pop(step.value, None)
        words = steps.expressions.of(step.value).words
        if name:
            steps.expressions.names[step.value] = name
        rows.append(
            (step.place, cut(f"{name} = {words}" if step.name else f"no answer where {words}", most), step.code)
        )
    places, widths = max(len(place) for place, *_ in rows), min(60, max(len(text) for _, text, _ in rows))
    for place, text, code in rows:
        yield f"{place:{places}}  {text:{widths}}  # {code}".rstrip()
    if steps.handed_on:
        yield f"The estimators after these steps get {', '.join(steps.handed_on)}."


def cut(text: str, most: int | None) -> str:
    return text if most is None or len(text) <= most else f"{text[: most - 1]}…"
