"""Every reason for which an export is refused, read from the code: `python -m zoo.refusals ../docs` writes the list of
docs/refused.md, and a test holds the two together."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sepal_export
from sepal_export.registry import REFUSED

ROOT = Path(sepal_export.__file__).parent
MARKS = ("<!-- refusals -->\n", "<!-- /refusals -->")
# What says that an estimator or its data cannot be exported; other errors are of files and of the command line.
ERRORS = {"NotImplementedError", "ConversionError", "ValueError"}
REGISTERS = {"converts", "transforms", "original"}
# Files without reasons: registry.py only passes on a converter's message, and no user sees the other errors.
NO_REASONS = {"registry.py", "data/canonical.py", "originals/statsmodels_results.py: ValueError"}
SHOWN = 6
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
    """A file of the package: its functions, classes and constants, and which of those of other files it uses."""

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
        """The functions, classes and constants, with their files, that a part of this file uses."""
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
            Refusal(module.name, self.classes_by(module.name, name), tidy(self.text(module, part, message)))
            for module in self.modules.values()
            for name, part in module.parts.items()
            for kind, message in messages(part)
            if not {module.name, f"{module.name}: {kind}"} & NO_REASONS
        ]
        return [*dict.fromkeys(refusal for refusal in found if refusal.text not in ("", "…"))]

    def classes_by(self, module: str, name: str) -> tuple[str, ...]:
        """The classes whose converters reach a part of a file through calls."""
        seen, left, classes = set(), [(module, name)], []
        while left:
            place = left.pop()
            if place in seen or place[0] not in self.modules:
                continue
            seen.add(place)
            classes += self.modules[place[0]].registered(place[1]) if place[1] in self.modules[place[0]].parts else []
            left.extend(self.users.get(place, ()))
        return tuple(sorted(set(classes)))

    def text(self, module: Module, part: ast.AST, node: ast.AST) -> str:
        """A message, with … for what differs from one estimator to the next."""
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.JoinedStr(values=values):
                return "".join(self.text(module, part, value) for value in values)
            case ast.FormattedValue(value=value, conversion=-1):
                return self.text(module, part, value)
            case ast.IfExp(body=body, orelse=other):
                return " / ".join(self.text(module, part, each) for each in (body, other))
            case ast.Name(id=name):
                return self.text_of_name(module, part, name)
            case ast.Call(func=ast.Name(id=name)) if name in module.parts | module.imported:
                place, inner = module.imported.get(name, (module.name, name))
                function = self.modules[place].parts.get(inner) if place in self.modules else None
                return self.text_of_function(self.modules[place], function) if function else "…"
        return "…"

    def text_of_name(self, module: Module, part: ast.AST, name: str) -> str:
        if name in module.imported:
            place, inner = module.imported[name]
            module, name = self.modules.get(place, module), inner
        if isinstance(module.parts.get(name), MESSAGES):
            return self.text(module, part, module.parts[name])
        assigned = [
            node.value
            for node in ast.walk(part)
            if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets)
        ]
        texts = [value for value in assigned if isinstance(value, (*MESSAGES, ast.Call))]
        return " / ".join(self.text(module, part, value) for value in texts) if texts == assigned != [] else "…"

    def text_of_function(self, module: Module, function: ast.AST) -> str:
        returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        return " / ".join(self.text(module, function, value) for value in returned)


def messages(part: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The kind and the message of each raised error, and of each reason for rows in doubt."""
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
    refusals, lines = Reader().refusals(), []
    modules = Reader().modules
    for name in dict.fromkeys(refusal.module for refusal in refusals):
        lines += ["", f"**{modules[name].title}**", "", "| of | why | instead |", "|---|---|---|"]
        lines += [refusal.row() for refusal in refusals if refusal.module == name]
    lines += ["", "**By its class**", "", "| of | why | instead |", "|---|---|---|"]
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
