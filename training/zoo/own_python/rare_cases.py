"""Cases with functions that treat some rare values in a special way. The training data lacks these values, and the
fresh rows hold them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge

from zoo.own_python import rare
from zoo.own_python.case import Case
from zoo.own_python.frames import Source
from zoo.own_python.pieces import step

UNUSUAL = {
    "word": ["RED", "Red", "C99", "Green", "rEd", " ", "red ", "nan", "None", "ré", "7", "x" * 40],
    "few": [-1, 0, 10, 11, 24, 100, 255, 256, 2**31, 2**53 - 1],
    "many": [0, -1, 46_341, 2**31 - 1, 2**31, 3_037_000_500, 10**13 + 7, 2**53 - 1, 1 - 2**53],
    "x": [0.0, -0.0, 0.5, 1.5, 2.5, 0.125, 1.005, 2.675, 99.5, 1e6, 1e9, -1e9, 1e-12, 1e17],
    "y": [0.0, -0.0, -1.0, 1e-300],
}


@dataclass(frozen=True)
class Rare(Source):
    """Two fifths of the fresh rows have unusual values: each column of UNUSUAL in about half of these rows."""

    def fresh(self, seed: int, rows: int = 2_000) -> pd.DataFrame:
        random = np.random.default_rng([16, seed])
        usual = replace(self, words=())
        frame = self.draw(random, 2 * rows // 5)
        for name, values in UNUSUAL.items():
            taken = pd.Series(random.choice(np.array(values), len(frame))).astype(frame[name].dtype)
            frame[name] = frame[name].mask(random.random(len(frame)) < 0.5, taken)
        return pd.concat([Source.fresh(usual, seed, rows - len(frame)), self._formed(frame)], ignore_index=True)


def things(random: np.random.Generator, rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "x": random.normal(0, 10, rows).round(2),
            "y": random.normal(0, 3, rows).round(1),
            "few": random.integers(0, 10, rows),
            "many": random.integers(1, 5_000, rows),
            "word": random.choice(["red", "green", "B7", "z"], rows),
            "flag": random.random(rows) < 0.4,
        }
    )


THINGS = Rare(things)
RARE = [
    *(
        Case(f"rare: {name}", (step(function), Ridge()), THINGS)
        for name, function in {
            "words that only a table has": rare.levels_by_name,
            "a table, row by row": rare.levels_by_row,
            "a table, or an exception": rare.levels_tried,
            "a table that the function makes": rare.levels_written_here,
            "numbers that only a table has": rare.levels_of_numbers,
            "an f-string": rare.formatted,
            "str.format": rare.formatted_by_str_format,
            "a key of two columns": rare.of_two_keys,
            "is True": rare.by_identity,
            "type() is int": rare.by_type,
            "whole numbers beyond 64 bits": rare.bucket,
            "squares of whole numbers": rare.squares,
            "int32": rare.narrow,
            "uint8": rare.bytes_of,
            "float16": rare.halves,
            "sums of flags": rare.flags,
            "round to thousands": rare.thousands,
            "arctan2 of -0.0": rare.angle,
        }.items()
    ),
    Case("rare: a table of the class", (rare.Levels(), Ridge()), THINGS),
    Case("rare: isinstance(X, pd.DataFrame)", (step(rare.of_frames), Ridge()), replace(THINGS, columns=("x", "y"))),
    Case("rare: float32", (step(rare.singles), Ridge()), replace(THINGS, columns=("x", "y"))),
    Case("rare: written to some rows", (step(rare.of_some_rows), Ridge()), replace(THINGS, columns=("x", "y"))),
    Case("rare: less the means", (rare.Centred(), Ridge()), replace(THINGS, columns=("x", "y", "few"))),
    Case("rare: hash()", (step(rare.of_its_hash), Ridge()), THINGS, "hash() gives other numbers in each process"),
    Case("rare: what was seen before", (rare.Remembering(), Ridge()), THINGS, "it changes its state in transform"),
]
