"""The file formats of boosters' own libraries. Reading them runs no code."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sepal_export.originals.boosters import catboost_estimator, loss_of_catboost

HEAD = 4_096


@dataclass(frozen=True)
class Format:
    """The first bytes of a format, and its reader, which returns a booster or an estimator. `package` is the one to
    install."""

    name: str
    package: str
    begins: re.Pattern[bytes]
    read: Callable[[Path], Any]


def read_xgboost(path: Path) -> Any:
    import xgboost

    # XGBoost's reader would decide the format by the end of the file name.
    return xgboost.Booster(model_file=bytearray(path.read_bytes()))


def read_lightgbm(path: Path) -> Any:
    import lightgbm

    return lightgbm.Booster(model_str=path.read_text("utf-8"))


def read_catboost(path: Path, kind: str) -> Any:
    import catboost

    model = catboost.CatBoost().load_model(str(path), format=kind)
    return catboost_estimator(model, loss_of_catboost(model))


FORMATS = (
    Format("XGBoost's JSON", "xgboost", re.compile(rb'\s*\{\s*"(learner|version|Config)"'), read_xgboost),
    Format("XGBoost's UBJ", "xgboost", re.compile(rb"\{[Li].{1,12}(learner|version|Config)", re.DOTALL), read_xgboost),
    Format("LightGBM's text", "lightgbm", re.compile(rb"tree\r?\n"), read_lightgbm),
    Format("CatBoost's cbm", "catboost", re.compile(rb"CBM1"), lambda path: read_catboost(path, "cbm")),
    Format(
        "CatBoost's JSON", "catboost",
        re.compile(rb'\s*\{\s*"(ctr_data|features_info|model_info|oblivious_trees|trees)"'),
        lambda path: read_catboost(path, "json"),
    ),
)  # fmt: skip
# By first bytes: files that cannot be read as a model, why, and what to do instead.
DUMPS = {
    re.compile(rb"binf"): "in XGBoost's old binary format, which XGBoost 3.1 and newer cannot read; load it with an "
    "older XGBoost, and save it with booster.save_model('model.ubj')",
    re.compile(rb'\s*(\[\s*\{\s*"nodeid"|booster\[\d+\])'): "a dump of XGBoost for people to read, not a model; save "
    "the model with booster.save_model('model.json')",
    re.compile(rb'\s*\{\s*"name"\s*:\s*"tree"'): "a dump of LightGBM for people to read, not a model; save the model "
    "with booster.save_model('model.txt')",
}  # fmt: skip


def format_of(path: Path) -> Format | None:
    """The format of a file by its first bytes, whatever its name."""
    head = head_of(path)
    return next((known for known in FORMATS if known.begins.match(head)), None)


def dump_of(path: Path) -> str | None:
    """For a file in DUMPS: what it is, and what to do instead. None for any other file."""
    head = head_of(path)
    return next((advice for begins, advice in DUMPS.items() if begins.match(head)), None)


def head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)
