"""Inside the tests' process: original functions mark the stretches that they enter and, in the clean run, the lines that they run.

Each such statement of a function is compiled again behind another one, which sets a byte; to trace would slow down all else, too.
The function stays the object that it is and its lines stay where they were. Marked are the lines on which statements begin, and `except` and `case`; not those that continue
them. Marks in code instead of a trace function are SlipCover's idea (Altmayer Pizzorno & Berger, ISSTA 2023), who put them into bytecode.
"""

from __future__ import annotations
import __future__

import ast
import inspect
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from operator import or_
from pathlib import Path
from tokenize import TokenError
from types import CodeType, FunctionType, MappingProxyType
from typing import TypeVar

from mutmut_dashboard.engine.mutmut_trampoline import noted, originals
from mutmut_dashboard.engine.stretches import stretches

_LINES = f"the bytes of lines that {__name__} sets"
_NOTED = f"what holds the bytes of stretches that {__name__} sets"
"""Stand in the code for them until it is compiled."""
_FUTURES = reduce(or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names))
_Node = TypeVar("_Node", ast.stmt, ast.expr, ast.pattern)
_CANNOT = (LookupError, OSError, RecursionError, SyntaxError, TokenError, ValueError)
"""What stands in the way of compiling a function again."""


Plain = Mapping[FunctionType, tuple[CodeType, Mapping[str, int]]]
"""Function -> its code without marks, and the places of its stretches."""


def mark_stretches() -> Plain:
    """Have the original functions there are mark their stretches from now on, in this process and its forks; return those that do."""
    plain: dict[FunctionType, tuple[CodeType, Mapping[str, int]]] = {}
    for function, watched in originals().items():
        code = function.__code__
        if not watched.stretches:
            continue
        with suppress(*_CANNOT):
            function.__code__ = with_marks(code, function.__qualname__, None, watched.stretches)
            plain[function] = code, watched.stretches
            watched.marks_stretches()
    return plain


class LineMarks:
    """Has original functions mark their lines, from when it is made on, in this process and its forks."""

    def __init__(self, code: Sequence[str], folder: Path, plain: Plain = MappingProxyType({})) -> None:
        self._folder = folder
        self._plain = plain
        self._marks = {file: bytearray() for file in code}
        """File -> a byte for each of its lines, 1 where it ran; line numbers begin at 1."""
        self._whole: dict[FunctionType, Sequence[int]] = {}
        """Function -> its lines, for each that could not be compiled again. To run one of them is to run all."""
        self._done: set[FunctionType] = set()
        for function in originals():
            self._begin(function)

    def __call__(self, function: FunctionType) -> None:
        """Take notice that an original function is about to be called, for it may have been made only now."""
        if function not in self._done:
            self._begin(function)
        for line in self._whole.get(function, ()):
            self._marks[function.__code__.co_filename][line] = 1

    def take(self) -> dict[str, list[int]]:
        """Return file, relative to the folder -> lines that ran."""
        return {
            os.path.relpath(file, self._folder): [line for line, mark in enumerate(marks) if mark]
            for file, marks in self._marks.items()
            if any(marks)
        }

    def _begin(self, function: FunctionType) -> None:
        self._done.add(function)
        code, places = self._plain.get(function, (function.__code__, {}))
        if (marks := self._marks.get(code.co_filename)) is None:
            return
        lines = sorted(_lines_of(code))
        marks.extend(bytes(max(0, lines[-1] + 1 - len(marks))))
        try:
            function.__code__ = with_marks(code, function.__qualname__, marks, places)
        except _CANNOT:
            self._whole[function] = lines


def with_marks(
    code: CodeType,
    qualified_name: str,
    marks: bytearray | None = None,
    places: Mapping[str, int] = MappingProxyType({}),
) -> CodeType:
    """Return code that does the same as that of a function, and sets the byte of each line that it runs and of each stretch that it enters.

    `marks` grow as needed; without any, lines are not marked. `places` are those of all stretches but the first, or none.

    Raises:
        LookupError: what stands at its place in its file is something else.
        OSError, RecursionError, SyntaxError, TokenError, ValueError: its file cannot be read there.

    """
    lines, first = inspect.getsourcelines(code)
    if marks is not None:
        marks.extend(bytes(max(0, first + len(lines) - len(marks))))
    owner = qualified_name.rpartition(".")[0].rpartition(".")[2]  # its name is part of private ones
    text = "".join(
        ["\n" * (first - 2), f"class {owner}:\n", *lines] if owner else ["\n" * (first - 1), *lines]
    )

    def compiled(tree: ast.Module) -> CodeType:
        whole = compile(tree, code.co_filename, "exec", code.co_flags & _FUTURES, dont_inherit=True)
        return _function_in(whole, code.co_name)

    tree = ast.parse(text)
    if _shape(compiled(tree)) != _shape(code):
        raise LookupError(f"{code.co_qualname} is not at {code.co_filename}:{first}")
    begins = _begins(tree, text.split("\n"), places) if places else {}
    marked = compiled(_Marking(begins, lines=marks is not None).visit(tree))
    return _with_constants(marked, {_LINES: marks, _NOTED: noted})


def _begins(tree: ast.Module, lines: Sequence[str], places: Mapping[str, int]) -> dict[ast.stmt, int]:
    """Return the first statement of each stretch but the first -> its place."""
    node = tree.body[0]
    function = node.body[0] if isinstance(node, ast.ClassDef) else node
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        raise LookupError("no function")  # noqa: TRY004 - as where it is another one
    begins = {stretch.name: stretch.begin for stretch in stretches(function, lines) if stretch.name}
    if begins.keys() != places.keys():
        raise LookupError(f"{function.name} is cut otherwise than its source")
    return {begin: places[name] for name, begin in begins.items()}


def _shape(code: CodeType) -> tuple[object, ...]:
    """Return what codes of one text have in common; the rest may depend on what stands around it."""
    inner = tuple(_shape(one) for one in code.co_consts if isinstance(one, CodeType))
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return (code.co_name, code.co_flags, code.co_argcount, names, _lines_of(code), inner)


def _lines_of(code: CodeType) -> frozenset[int]:
    inner = [_lines_of(one) for one in code.co_consts if isinstance(one, CodeType)]
    return frozenset(line for _, _, line in code.co_lines() if line is not None).union(*inner)


def _function_in(code: CodeType, name: str) -> CodeType:
    waiting = [code]
    for one in waiting:
        waiting += [constant for constant in one.co_consts if isinstance(constant, CodeType)]
        if one.co_name == name:
            return one
    raise LookupError(name)


def _with_constants(code: CodeType, wanted: Mapping[str, object]) -> CodeType:
    def replaced(constant: object) -> object:
        if isinstance(constant, CodeType):
            return _with_constants(constant, wanted)
        return wanted.get(constant, constant) if isinstance(constant, str) else constant

    return code.replace(co_consts=tuple(map(replaced, code.co_consts)))


class _Marking(ast.NodeTransformer):
    """Puts the setting of a byte before statements, and into each `except` and `case`, where it happens when that is tried.

    Before those that begin a stretch; and before each, where lines are marked.
    """

    def __init__(self, begins: Mapping[ast.stmt, int], *, lines: bool) -> None:
        self._begins = begins
        self._lines = lines

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                text = value[:1] if name == "body" and _has_docstring(node) else []
                setattr(node, name, [*text, *self._marked(value[len(text) :])])
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        if self._lines and node.type is None:
            node.body.insert(0, _statement(node.lineno))
        elif self._lines and node.type is not None:
            node.type = _on(node.lineno, ast.BoolOp(ast.Or(), [_call(node.lineno), node.type]))
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        self.generic_visit(node)
        if self._lines:
            node.cases = [one for case in node.cases for one in (_never(case.pattern.lineno), case)]
        return node

    def _marked(self, statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
        for statement in statements:
            if (place := self._begins.get(statement)) is not None:
                yield _entering(statement.lineno, place)
            if self._lines and not _is_without_code(statement):
                decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
                for line in {statement.lineno, *(one.lineno for one in decorators)}:
                    yield _statement(line)
            yield statement


def _has_docstring(node: ast.AST) -> bool:
    """Whether its first statement is a text that has to stay the first, and is no code; other texts are lines that run."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
        return False
    return ast.get_docstring(node, clean=False) is not None


def _is_without_code(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Global | ast.Nonlocal) or (
        isinstance(statement, ast.AnnAssign) and statement.value is None
    )


def _statement(line: int) -> ast.stmt:
    target = ast.Subscript(ast.Constant(_LINES), ast.Constant(line), ast.Store())
    return _on(line, ast.Assign([target], ast.Constant(1)))


def _entering(line: int, place: int) -> ast.stmt:
    marks = ast.Attribute(ast.Constant(_NOTED), "marks", ast.Load())
    target = ast.Subscript(marks, ast.Constant(place), ast.Store())
    return _on(line, ast.Assign([target], ast.Constant(1)))


def _call(line: int) -> ast.expr:
    """Set a byte and be false."""
    method = ast.Attribute(ast.Constant(_LINES), "__setitem__", ast.Load())
    return _on(line, ast.Call(method, [ast.Constant(line), ast.Constant(1)], []))


def _never(line: int) -> ast.match_case:
    """Set a byte and match nothing."""
    return ast.match_case(_on(line, ast.MatchAs()), _call(line), [_on(line, ast.Pass())])


def _on(line: int, node: _Node) -> _Node:
    node.lineno = node.end_lineno = line
    node.col_offset = node.end_col_offset = 0
    return ast.fix_missing_locations(node)
