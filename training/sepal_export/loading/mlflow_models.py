"""Reads the folder of an MLflow model: the file with the estimator, and the signature's description of the features."""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sepal_export.data.dataset import Column

MLMODEL = "MLmodel"
ADDRESS = re.compile(r"(models|runs|mlflow-artifacts):/")
# The flavours, the preferred one first, each with the entries that may name its file.
FLAVOURS = {
    "sklearn": ("pickled_model",),
    "xgboost": ("data",),
    "lightgbm": ("data",),
    "catboost": ("data",),
    "statsmodels": ("data",),
    "onnx": ("data",),
}
DTYPES = {
    "boolean": "bool", "datetime": "timestamp", "double": "float64", "float": "float32", "integer": "int64",
    "long": "int64", "string": "string",
}  # fmt: skip


class MlflowError(Exception):
    """A folder or an address from which no estimator can be loaded. The message says what to do."""


@dataclass(frozen=True)
class MlflowModel:
    """`columns` are the features as the signature describes them, or else those of the input example. Empty if neither
    names columns."""

    file: Path
    columns: tuple[Column, ...]


def located(address: str) -> Path:
    """The path itself, or the folder to which MLflow downloads `models:/NAME/VERSION` or `runs:/ID/PATH`. Raises
    MlflowError."""
    if not ADDRESS.match(address):
        return Path(address)
    if importlib.util.find_spec("mlflow") is None:
        raise MlflowError(f"{address} is an address of MLflow, which is not installed: pip install mlflow-skinny")
    from mlflow.artifacts import download_artifacts

    try:
        return Path(download_artifacts(artifact_uri=address))
    except Exception as error:  # MLflow, or the store behind it, can raise anything
        line = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise MlflowError(
            f"MLflow does not find {address} ({line}); set MLFLOW_TRACKING_URI to the server that has it"
        ) from error


def is_mlflow(path: Path) -> bool:
    return (path / MLMODEL).is_file()


def read_mlflow(folder: Path) -> MlflowModel:
    """Reads the folder. Raises MlflowError if it has no flavour with an estimator."""
    if importlib.util.find_spec("yaml") is None:
        raise MlflowError(f"reading {folder / MLMODEL} needs PyYAML, which is not installed: pip install pyyaml")
    import yaml

    try:
        document = yaml.safe_load((folder / MLMODEL).read_text("utf-8"))
        flavours = document["flavors"]
    except (yaml.YAMLError, UnicodeError, KeyError, TypeError) as error:
        raise MlflowError(f"{folder / MLMODEL} is not the description of an MLflow model") from error
    name = file_in(flavours)
    if name is None:
        raise MlflowError(
            f"{folder} is an MLflow model of the flavours {', '.join(flavours)}; those that can be exported are "
            f"{', '.join(FLAVOURS)}"
        )
    file = folder / name
    if not file.resolve().is_relative_to(folder.resolve()):
        raise MlflowError(f"{folder / MLMODEL} names the file {name}, which is not in its folder")
    if file.is_dir():
        # MLflow before 1.20 put some models into a folder with one file.
        files = [entry for entry in file.iterdir() if entry.is_file()]
        file = files[0] if len(files) == 1 else file
    return MlflowModel(file, columns_of(document, folder))


def file_in(flavours: dict[str, Any]) -> str | None:
    for flavour, entries in FLAVOURS.items():
        for entry in entries:
            if flavour in flavours and isinstance(flavours[flavour].get(entry), str):
                return flavours[flavour][entry]
    return None


def columns_of(document: dict[str, Any], folder: Path) -> tuple[Column, ...]:
    signature = (document.get("signature") or {}).get("inputs")
    entries = json.loads(signature) if signature else []
    # A tensor signature has one entry without column names.
    if entries and all("name" in entry and entry["type"] in DTYPES for entry in entries):
        return tuple(
            Column(entry["name"], dtype=DTYPES[entry["type"]], nullable=None if entry.get("required", True) else True)
            for entry in entries
        )
    example = document.get("saved_input_example_info") or {}
    if example.get("type") != "dataframe":
        return ()
    try:
        names = json.loads((folder / example["artifact_path"]).read_text("utf-8"))["columns"]
    except (OSError, KeyError, TypeError, ValueError):
        return ()
    return tuple(Column(str(name)) for name in names)
