"""The subpackages, called rooms here, are ordered. Each imports only earlier ones, so that a change to one cannot break
an earlier one."""

import ast
from pathlib import Path

import sepal_export

ROOT = Path(sepal_export.__file__).parent
ROOMS = (
    "data", "graphs", "text", "following", "originals", "converters", "loading", "proof", "conversion", "explain",
    "show", "evaluation", "report", "training_data", "package",
)  # fmt: skip


def imported(path):
    """The subpackages whose modules a file imports, except for annotations only."""
    tree = ast.parse(path.read_text("utf-8"))
    annotations = {
        node
        for condition in ast.walk(tree)
        if isinstance(condition, ast.If) and ast.unparse(condition.test) == "TYPE_CHECKING"
        for node in ast.walk(condition)
    }
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom) and node not in annotations:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (
            name.split(".")[1] for name in names if name.startswith("sepal_export.") and name.split(".")[1] in ROOMS
        )


def test_every_folder_is_a_room():
    assert {path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(ROOMS)


def test_a_room_imports_only_those_before_it():
    later = {
        f"{path.relative_to(ROOT)} imports {other}"
        for place, room in enumerate(ROOMS)
        for path in (ROOT / room).rglob("*.py")
        for other in imported(path)
        if other not in ROOMS[: place + 1]
    }
    assert later == set()
