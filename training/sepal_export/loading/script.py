"""Provides a script's classes and functions for a pickle that was saved while the script ran as `__main__`."""

from __future__ import annotations

import ast
import dis
import importlib.util
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (*IMPORTS, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class ScriptError(Exception):
    """A script that cannot be read or run; the message says what to do."""


@contextmanager
def as_main(script: Path) -> Iterator[ModuleType]:
    """Within this context, `__main__` is the script's module."""
    module, before = module_of(script), sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        yield module
    finally:
        sys.modules["__main__"] = before


def module_of(script: Path) -> ModuleType:
    """A module of the script's definitions and what they need. It has another name than `__main__`, so that code
    guarded by `if __name__ == "__main__"` does not run. Raises ScriptError."""
    try:
        tree = ast.parse(script.read_bytes(), str(script))
    except OSError as error:
        raise ScriptError(
            f"{script} cannot be read ({error.strerror}); give --code the script that fitted the estimator"
        ) from error
    except (SyntaxError, ValueError) as error:
        raise ScriptError(
            f"{script} is not a Python script ({error}); for a notebook, give the output of "
            "`jupyter nbconvert --to script`"
        ) from error
    tree.body = needed_of(tree.body)
    module = ModuleType(name_of(script))
    module.__file__ = str(script.resolve())
    sys.modules[module.__name__] = module
    # Makes the modules beside the script importable, as when it ran.
    sys.path.insert(0, str(script.resolve().parent))
    try:
        exec(compile(tree, module.__file__, "exec", dont_inherit=True), vars(module))
    except Exception as error:  # the script can raise anything
        line = next((f", line {at}" for at in lines_in(error, module.__file__)), "")
        raise ScriptError(
            f"{script.name}{line}: {type(error).__name__}: {error}; --code runs the imports and definitions of the "
            "script, and what these use: run the export in the folder and the environment of the fit"
        ) from error
    return module


def name_of(script: Path) -> str:
    """A unique module name, because classes are found by the name of their module."""
    name = re.sub(r"\W", "_", script.stem)
    while name in sys.modules or is_found(name):
        name = f"{name}_script"
    return name


def is_found(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def lines_in(error: BaseException, file: str) -> Iterator[int]:
    """The lines of the file in the traceback, from the outside in."""
    place = error.__traceback__
    while place:
        if place.tb_frame.f_code.co_filename == file:
            yield place.tb_lineno
        place = place.tb_next


def needed_of(body: list[ast.stmt]) -> list[ast.stmt]:
    """The imports, functions and classes, and the statements that create or change what these use. So no model is
    fitted or saved again, unless a function needs it."""
    kept = {place for place, statement in enumerate(body) if isinstance(statement, DEFINITIONS)}
    fixed = {name for place in kept for name in written_by(body[place])}
    while True:
        names = {name for place in kept for name in globals_of(body[place])}
        more = {
            place
            for place, statement in enumerate(body)
            if not is_for_main(statement) and names & (written_by(statement) | changed_by(statement) - fixed)
        }
        if more <= kept:
            return [body[place] for place in sorted(kept)]
        kept |= more


def is_for_main(statement: ast.stmt) -> bool:
    """`if __name__ == "__main__":`."""
    return isinstance(statement, ast.If) and "__name__" in names_in(statement.test)


def names_in(part: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}


def globals_of(statement: ast.stmt) -> set[str]:
    """The module-level names that the statement, or functions in it, read."""
    left = [compile(ast.Module([statement], []), "", "exec", dont_inherit=True)]
    found: set[str] = set()
    while left:
        code = left.pop()
        found |= {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
        left += [part for part in code.co_consts if isinstance(part, CodeType)]
    return found


def written_by(statement: ast.stmt) -> set[str]:
    """The names that the statement binds."""
    if isinstance(statement, IMPORTS):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def changed_by(statement: ast.stmt) -> set[str]:
    """The names of objects that the statement may change: `table["a"] = 1`, `names.append("a")`, `fill(table)`."""
    if isinstance(statement, DEFINITIONS):
        return set()
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return names_in(statement)
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    methods = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
    owners = [method.value for method in methods if isinstance(method, ast.Attribute)]
    return {name for part in [*targets, *owners] for name in names_in(part)}
