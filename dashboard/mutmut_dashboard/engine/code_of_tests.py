"""The code of tests, as it was run, found in their files by the names in pytest's ids."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterable
from pathlib import Path

from mutmut_dashboard.engine.pieces import parsed

Code = tuple[int, str]
"""The line on which it begins, and its text, decorators included."""
_NOT_FOUND: Code = (0, "")


def code_of_tests(folder: Path, tests: Iterable[str]) -> dict[str, Code]:
    """Test id -> its code; (0, "") for one that is not written in its file, e.g. one made by a loop or inherited from elsewhere.

    `folder` is the one that the ids' paths begin in. A test that a class inherits is found in its base class
    where that stands in the same file; that of a Hypothesis state machine (`TestX = Machine.TestCase`) is the machine.
    """
    files: dict[str, dict[str, Code]] = {}
    found: dict[str, Code] = {}
    for test in tests:
        file, *names = test.partition("[")[0].split("::")
        if file not in files:
            files[file] = _File(_text(folder / file)).codes
        name = ".".join(names)
        machine = name.removesuffix(".runTest")
        found[test] = files[file].get(name) or files[file].get(machine) or _NOT_FOUND
    return found


def _text(path: Path) -> str:
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):  # e.g. a doctest in a text file
        return ""


class _File:
    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._classes: dict[str, ast.ClassDef] = {}
        self.codes: dict[str, Code] = {}
        """By qualified name: functions, methods own and inherited, and names of a state machine's tests."""
        body = parsed(text).body
        self._add(body, "")
        for statement in body:
            self._add_machine(statement)

    def _add(self, body: Iterable[ast.stmt], prefix: str) -> None:
        for statement in body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                self.codes[prefix + statement.name] = self._code(statement)
            elif isinstance(statement, ast.ClassDef):
                self._add_class(statement, prefix + statement.name)

    def _add_class(self, node: ast.ClassDef, name: str) -> None:
        self._classes[name] = node
        for base in reversed(node.bases):  # the first wins, as in Python
            inherited = f"{ast.unparse(base)}."
            self.codes |= {
                f"{name}.{other.removeprefix(inherited)}": code
                for other, code in self.codes.items()
                if other.startswith(inherited)
            }
        self._add(node.body, f"{name}.")

    def _add_machine(self, statement: ast.stmt) -> None:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Attribute):
            return
        machine = self._classes.get(ast.unparse(statement.value.value))
        if machine is None or statement.value.attr != "TestCase":
            return
        for name in statement.targets:
            self.codes[ast.unparse(name)] = self._code(machine)

    def _code(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Code:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        return first, "\n".join(self._lines[first - 1 : node.end_lineno])
