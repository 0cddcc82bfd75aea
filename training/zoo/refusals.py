"""Every reason for which an export is refused, read from the code: `python -m zoo.refusals ../docs` writes the list of
docs/refused.md. A test fails if the page differs from that list."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

import sepal_export
from sepal_export.registry import REFUSED

ROOT = Path(sepal_export.__file__).parent
MARKS = ("<!-- refusals -->\n", "<!-- /refusals -->")
# The errors that say that an estimator or its data cannot be exported. The package raises other errors for files and
# the command line.
ERRORS = {"NotImplementedError", "ConversionError", "ValueError"}
REGISTERS = {"converts", "transforms", "original"}
# Skipped, because no user sees these errors: a file's errors, or its errors of one kind.
NOT_SEEN = {"data/canonical.py", "originals/statsmodels_results.py: ValueError"}
# Its reasons are about any estimator, also about one inside the estimators whose converters call its functions.
OF_ANY = "registry.py"
SHOWN = 6
INTRODUCTION = (
    "There is one table for each Python file in `training/sepal_export` that gives reasons. The bold words above a",
    "table say what the file does.",
)
HEAD = ("", "| class | why | instead |", "|---|---|---|")
MESSAGES = (ast.Constant, ast.JoinedStr, ast.IfExp)


@dataclass(frozen=True)
class Refusal:
    """A reason to refuse. `classes` are those whose converters raise it, as far as names in the code reveal."""

    module: str
    classes: tuple[str, ...]
    text: str

    def row(self) -> str:
        reason, _, way_out = self.text.rpartition("; ") if "; " in self.text else (self.text, "", "")
        more = f" and {len(self.classes) - SHOWN} more" if len(self.classes) > SHOWN else ""
        cells = (", ".join(self.classes[:SHOWN]) + more, reason, way_out)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


class Module:
    """A file of the package: the functions, classes and constants that it defines, and the ones that it uses from other
    files."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(ROOT).as_posix()
        self.tree = ast.parse(path.read_text("utf-8"))
        self.parts: dict[str, ast.AST] = {}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                self.parts[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                self.parts |= {target.id: node.value for target in targets if isinstance(target, ast.Name)}

    @property
    def title(self) -> str:
        """The first paragraph of the file's docstring."""
        return ast.get_docstring(self.tree).split("\n\n")[0].replace("\n", " ")

    @cached_property
    def imported(self) -> dict[str, tuple[str, str]]:
        """Maps a name in this file to the file that defines it and its name there (empty for a whole module)."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sepal_export"):
                place = node.module.removeprefix("sepal_export").lstrip(".").replace(".", "/")
                for alias in node.names:
                    inner = f"{place}/{alias.name}.py".lstrip("/")
                    is_module = (ROOT / inner).exists()
                    found[alias.asname or alias.name] = (inner, "") if is_module else (f"{place}.py", alias.name)
        return found

    def registered(self, name: str) -> list[str]:
        """The classes for which a function is registered as the converter."""
        calls = [call for call in getattr(self.parts[name], "decorator_list", ()) if isinstance(call, ast.Call)]
        entries = [entry for call in calls if getattr(call.func, "id", "") in REGISTERS for entry in call.args]
        return [entry.value.partition(".")[2] for entry in entries if isinstance(entry, ast.Constant)]

    def uses(self, name: str) -> Iterator[tuple[str, str]]:
        """The functions, classes and constants, with their files, that one definition of this file uses."""
        for node in ast.walk(self.parts[name]):
            if isinstance(node, ast.Name) and node.id in self.parts:
                yield self.name, node.id
            elif isinstance(node, ast.Name) and node.id in self.imported:
                yield self.imported[node.id]
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                place, inner = self.imported.get(node.value.id, ("", "?"))
                if inner == "":
                    yield place, node.attr


class Reader:
    """Reads all files of the package, and finds who uses what."""

    def __init__(self) -> None:
        paths = sorted(ROOT.rglob("*.py"))
        self.modules = {module.name: module for module in map(Module, paths)}
        self.users: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for module in self.modules.values():
            for name in module.parts:
                for used in module.uses(name):
                    self.users.setdefault(used, set()).add((module.name, name))

    def refusals(self) -> list[Refusal]:
        found = [
            Refusal(module.name, self.classes_by(module.name, name), tidy(text))
            for module in self.modules.values()
            for name, part in module.parts.items()
            for kind, message in messages(part)
            if not {module.name, f"{module.name}: {kind}"} & NOT_SEEN
            for text in self.texts(module, part, message)
        ]
        return [*dict.fromkeys(refusal for refusal in found if refusal.text not in ("", "…"))]

    def classes_by(self, module: str, name: str) -> tuple[str, ...]:
        """The classes whose converters use a definition, directly or through other definitions."""
        if module == OF_ANY:
            return ()
        seen, left, classes = set(), [(module, name)], []
        while left:
            place = left.pop()
            if place in seen or place[0] not in self.modules:
                continue
            seen.add(place)
            classes += self.modules[place[0]].registered(place[1]) if place[1] in self.modules[place[0]].parts else []
            left.extend(self.users.get(place, ()))
        return tuple(sorted(set(classes)))

    def texts(self, module: Module, part: ast.AST, node: ast.AST) -> list[str]:
        """The messages that an expression can make, with … for what differs from one estimator to the next."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=values):
                return ["".join(each) for each in product(*(self.texts(module, part, value) for value in values))]
            case ast.FormattedValue(value=value, conversion=-1):
                return self.texts(module, part, value)
            case ast.IfExp(body=body, orelse=other):
                return [*self.texts(module, part, body), *self.texts(module, part, other)]
            case ast.Name(id=name):
                return self.texts_of_name(module, part, name)
            case ast.Call(func=ast.Name(id=name)) if name in module.parts | module.imported:
                place, inner = module.imported.get(name, (module.name, name))
                function = self.modules[place].parts.get(inner) if place in self.modules else None
                return self.texts_of_function(self.modules[place], function) if function else ["…"]
        return ["…"]

    def texts_of_name(self, module: Module, part: ast.AST, name: str) -> list[str]:
        if name in module.imported:
            place, inner = module.imported[name]
            module, name = self.modules.get(place, module), inner
        if isinstance(module.parts.get(name), MESSAGES):
            return self.texts(module, part, module.parts[name])
        assigned = [
            node.value
            for node in ast.walk(part)
            if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets)
        ]
        if not assigned or not all(isinstance(value, (*MESSAGES, ast.Call)) for value in assigned):
            return ["…"]
        return [text for value in assigned for text in self.texts(module, part, value)]

    def texts_of_function(self, module: Module, function: ast.AST) -> list[str]:
        returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        return [text for value in returned for text in self.texts(module, function, value)] or ["…"]


def messages(part: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The kind and the message of each raised error. Also each reason that is passed to Graph.doubt: the export is
    refused with it if the original answers training rows by chance."""
    for node in ast.walk(part):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), args=[message])) if kind in ERRORS:
                yield kind, message
            case ast.Call(func=ast.Attribute(attr="doubt"), args=[_, message]):
                yield "doubt", message


def tidy(text: str) -> str:
    text = text.replace("{}", "training rows").partition("cannot be exported: ")[2] or text
    return re.sub(r"…( ?…)+", "…", text).removeprefix("…: ").strip()


def listing() -> str:
    """The list of refusals, with one table for each file."""
    reader = Reader()
    refusals, lines = reader.refusals(), ["", *INTRODUCTION]
    for name in dict.fromkeys(refusal.module for refusal in refusals):
        lines += ["", f"**{reader.modules[name].title}** (`{name}`)", *HEAD]
        lines += [refusal.row() for refusal in refusals if refusal.module == name]
    lines += [
        "",
        "**Classes without a converter**: whatever their parameters, the export refuses these classes.",
        *HEAD,
    ]
    for reason in dict.fromkeys(REFUSED.values()):
        names = tuple(name.removeprefix("sklearn.") for name, other in REFUSED.items() if other == reason)
        lines.append(Refusal("", names, reason).row())
    return "\n".join([*lines, ""])


def page(content: str) -> str:
    """The content of a page, with the list between its marks replaced by the current one."""
    before, _, rest = content.partition(MARKS[0])
    return before + MARKS[0] + listing() + MARKS[1] + rest.partition(MARKS[1])[2]


def main(folder: Path) -> None:
    path = folder / "refused.md"
    path.write_text(page(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
