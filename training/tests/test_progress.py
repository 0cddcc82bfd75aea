"""The progress of an export is shown from beginning to end, and only on a terminal."""

import io
import re

from exactness import blobs
from sklearn.tree import DecisionTreeClassifier

from sepal_export import export
from sepal_export.progress import Progress

X, Y = blobs()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def said(stream, tmp_path):
    export(
        DecisionTreeClassifier(max_depth=4).fit(X, Y), X, Y, name="trees", version="1", out=tmp_path,
        progress=Progress(stream), say=lambda _: None,
    )  # fmt: skip
    return stream.getvalue()


def test_each_stage_is_told_and_the_line_is_left_empty(tmp_path):
    lines = said(Terminal(), tmp_path).split("\r\x1b[K")
    stages = list(dict.fromkeys(re.split(r":|, ", line)[0] for line in lines if line))
    first = ["reading the data", "converting", "answering", "measuring", "making rows", "comparing"]
    assert stages == [*first, "explaining", "comparing explanations", "writing"]
    assert [line for line in lines if line.startswith("measuring: ")] == [
        f"measuring: fold {fold} of 5" for fold in range(1, 6)
    ]
    assert "comparing: 20,000 of 20,000 rows" in lines
    assert lines[-1] == ""


def test_no_terminal_is_told_nothing(tmp_path):
    assert said(io.StringIO(), tmp_path) == ""
