"""Follows one step of a frame, and compares the graph's answers with those of the step itself."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from onnx import TensorProto
from sklearn.preprocessing import FunctionTransformer

from sepal_export.conversion.convert import input_table
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import run
from sepal_export.following.follow import follow
from sepal_export.following.refusal import IsATime
from sepal_export.graphs.bulk import serialize
from sepal_export.graphs.graph import Graph

NAMES = {"np": np, "pd": pd}
GAP = np.nan
KNOWN = ["red", "green", "C85", "C123 B7", "Mr. Smith", "a-b-c", "12"]
UNSEEN = [
    *(
        "Red",
        "re",
        "redd",
        "C",
        "D10",
        "c85",
        "x red",
        "a-b",
        "-",
        " ",
        " red ",
        "13.5",
        "-3",
        "1e3",
        "Mrs. Jones, Ann",
    ),
    *(
        "\N{GRINNING FACE}",
        "C\n85",
        "\nred",
        "red\n",
        "C\N{COMBINING ACUTE ACCENT}",
        "\u017ftrasse",
        "STRASSE",
        "\u2029C",
    ),
    *("a" * 300, "\N{GRINNING FACE}C85", "\u0130", "\u00e9t\u00e9", "(C", "C85 C87"),
]
NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 3.0, 7.0, 10.0, -7.3, 1e-9, 2.0**53, -1e12, 1e100, 0.1]
WHOLE = [0, 1, -1, 2, 3, 7, 10, -10, 100, 2**31, -(2**31) - 1, 1_000_003]
TIMES = [
    *("2024-02-29T23:59:59.999999", "2024-03-01", "2023-12-31T12:00", "1970-01-01", "1969-12-31T23:59:59.5"),
    *("2000-01-01T00:00:01", "1900-02-28T06:30", "2100-02-28", "2021-01-03T05:05:05", "2020-12-31", "2024-07-15T10:30"),
]


def drawn(seed: int, count: int, *, is_training: bool) -> pd.DataFrame:
    """Rows of every kind of column: `f`, `g`, `s` and `t` have gaps; `w`, `i`, `j`, `b`, `c` and `u` have none."""
    rng = np.random.default_rng(seed)
    texts = KNOWN if is_training else [*KNOWN, *UNSEEN]

    def of(pool: list, missing: object = None, share: float = 0.0) -> list:
        values = [pool[place] for place in rng.permutation(np.arange(count) % len(pool))]
        return [missing if rng.random() < share else value for value in values]

    frame = {
        "f": np.array(of(NUMBERS, GAP, 0.25)),
        "g": np.array(of(NUMBERS, GAP, 0.25)),
        "w": np.array(of(NUMBERS)),
        "i": np.array(of(WHOLE)),
        "j": np.array(of(WHOLE)),
        "b": np.array(of([True, False])),
        "s": pd.Series(of(texts, None, 0.2), dtype="str"),
        "c": pd.Series(of([*texts, *([] if is_training else [""])]), dtype="str"),
        "t": pd.to_datetime(pd.Series(of(TIMES, None, 0.2)), format="ISO8601").astype("datetime64[us]"),
        "u": pd.to_datetime(pd.Series(of(TIMES)), format="ISO8601").astype("datetime64[us]"),
    }
    made = pd.DataFrame(frame)
    if is_training:
        made.loc[0, ["f", "g", "s", "t"]] = [GAP, GAP, None, pd.NaT]
        made.loc[1, ["f", "g"]] = [GAP, 1.5]
    return made


TRAINING = drawn(0, 24, is_training=True)
FRESH = pd.concat([TRAINING, drawn(1, 176, is_training=False)], ignore_index=True)


@dataclass(frozen=True)
class Followed:
    """For each column, the answers [N] of the graph (`made`) and of the step (`wanted`); `is_taken` [N] is true for
    the rows that the graph does not refuse."""

    made: list[np.ndarray]
    wanted: list[np.ndarray]
    is_taken: np.ndarray

    def differences(self) -> list[str]:
        """Describes each difference between graph and step in the rows that are not refused."""
        assert len(self.made) == len(self.wanted)
        found = []
        for place, (made, wanted) in enumerate(zip(self.made, self.wanted, strict=True)):
            for row in np.flatnonzero(self.is_taken):
                if not is_same(made[row], wanted[row]):
                    found.append(f"column {place}, row {row}: {made[row]!r} in place of {wanted[row]!r}")
        return found


def function_of(source):
    return eval(f"lambda X: {source}", dict(NAMES)) if isinstance(source, str) else source


def followed(source, fresh: pd.DataFrame = FRESH, training: pd.DataFrame = TRAINING) -> Followed:
    """Follows `source`, which is a function of a frame X or the expression that such a function returns."""
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        return compared(FunctionTransformer(function_of(source)), fresh, training)


def compared(step: FunctionTransformer, fresh: pd.DataFrame, training: pd.DataFrame) -> Followed:
    dataset, rows = read_dataset(training, None), read_dataset(fresh, None)
    while True:
        try:
            graph = Graph()
            table = follow(step, input_table(graph, dataset))
            break
        except IsATime as error:
            dataset, rows = (each.with_times(error.feature, error.options) for each in (dataset, rows))
    answer = step.transform(dataset.for_original(rows.rows))
    answer = answer.to_frame() if isinstance(answer, pd.Series) else pd.DataFrame(answer)
    width = answer.shape[1]
    columns = [table.column(place) for place in range(width)]
    values = {f"made {place}": column.value for place, column in enumerate(columns)}
    types = {
        name: (TensorProto.STRING if column.is_string else TensorProto.DOUBLE, None)
        for name, column in zip(values, columns, strict=True)
    }
    refused = {f"refused {place}": value for place, value in enumerate(graph.refused)}
    types |= dict.fromkeys(refused, (TensorProto.BOOL, None))
    content = b"".join(serialize(graph.to_model(values | refused, types), graph.bulk))
    outputs = run(content)(dataset.by_input(rows.rows))
    is_taken = np.ones(len(fresh), dtype=bool)
    for flags in outputs[width:]:
        is_taken &= ~np.broadcast_to(flags.ravel(), len(fresh))
    for feature, known in graph.known.items():
        cells = rows.rows.columns[feature].tolist()
        is_taken &= np.array([not isinstance(cell, str) or cell in known for cell in cells])
    made = [spread(values, len(fresh)) for values in outputs[:width]]
    return Followed(made, [plain(answer.iloc[:, place]) for place in range(width)], is_taken)


def spread(values: np.ndarray, count: int) -> np.ndarray:
    assert values.shape[0] == count
    return values[:, 0]


def plain(column: pd.Series) -> np.ndarray:
    """The values of a column as an array, with times as microseconds."""
    if column.dtype.kind == "M":
        micros = column.dt.tz_localize(None).astype("datetime64[us]").astype(np.int64).astype(float)
        return micros.where(column.notna(), np.nan).to_numpy()
    return column.to_numpy(dtype=object)


def is_same(made, wanted) -> bool:
    if isinstance(made, str):
        return made == wanted if isinstance(wanted, str) else made == "" and bool(pd.isna(wanted))
    if isinstance(wanted, str):
        return False
    if pd.isna(wanted):
        return bool(np.isnan(made))
    wanted = float(wanted)
    return made == wanted or abs(made - wanted) <= 1e-13 * abs(wanted)


def answers_every_row(source: str) -> None:
    got = followed(source)
    assert got.differences() == []
    assert got.is_taken.all()


def answers_known_strings(source: str) -> None:
    """Asserts that the graph answers all training rows as the step does, and refuses some with unseen strings."""
    got = followed(source)
    assert got.differences() == []
    assert got.is_taken[: len(TRAINING)].all()
    assert not got.is_taken.all()


def refuses(source: str, reason: str) -> None:
    with pytest.raises(NotImplementedError, match=reason):
        followed(source)
