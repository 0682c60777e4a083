"""A staged project cut into pieces, so that two states of it can be compared piece by piece.

A file is cut into functions that can change on their own and the rest of it, which they all share; functions under test
further into stretches. What is compared is text: lines of code, without blank lines and lines that hold a comment only where a
rest is concerned; of a stretch also what the names in it mean, which the rest of its function decides. A piece also
knows the words in it, since a function that appears or disappears matters to every piece that may look its name up.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType

from mutmut_dashboard.engine.families import Kind, families, kinds
from mutmut_dashboard.engine.stretches import SEPARATOR, Stretch, stretches, whole_function

_WORD = re.compile(r"\w+")
_LOOK_AROUND = frozenset({"dir", "eval", "exec", "locals", "vars"})
"""Functions that see all names of the function that calls them."""


@dataclass(frozen=True)
class Piece:
    """Some lines of a file."""

    digest: str
    words: frozenset[str]
    lines: tuple[int, ...]
    """Their numbers, 1-based, ascending."""


@dataclass(frozen=True)
class Cut:
    """A file in pieces."""

    functions: dict[str, Piece]
    """By qualified name; that of a stretch other than the first follows its function's, after a separator."""
    rest: Piece


def cut(source: str, functions: Collection[str]) -> Cut:
    """Cut a file into those of its functions that are named, e.g. `Class.method`, and the rest.

    A function that is defined more than once is one piece. Source that does not parse is all rest.
    """
    return _cut(source, frozenset(functions))


@lru_cache(maxsize=1024)  # a run cuts its files once to see what changed and once with what it found
def _cut(source: str, functions: frozenset[str]) -> Cut:
    lines = source.split("\n")
    outline = _outline(source)
    spans: dict[str, list[int]] = {}
    for name, own, _ in outline.functions:
        if name in functions:
            spans.setdefault(name, []).extend(own)
    taken = {line for numbers in spans.values() for line in numbers}
    rest = [n for n, line in enumerate(lines, 1) if n not in taken and (n in outline.texts or _is_code(line))]
    return Cut(
        {name: _piece(lines, numbers) for name, numbers in spans.items()},
        _piece(lines, rest),
    )


@lru_cache(maxsize=1024)
def _in_stretches(source: str, functions: frozenset[str]) -> Cut:
    one = _cut(source, functions)
    lines = source.split("\n")
    scopes = _scopes(source)
    found: dict[str, Piece] = {}
    for name, node in _functions(parsed(source).body, ""):
        if name in scopes and name in one.functions:
            with suppress(RecursionError):  # one that nests too deeply stays whole
                own = stretches(node, lines)
                found |= {in_function(name, s.name): _stretch(s, lines, scopes[name]) for s in own}
    return Cut({name: piece for name, piece in one.functions.items() if name not in found} | found, one.rest)


def in_stretches(source: str, functions: Collection[str]) -> Cut:
    """Cut a file as `cut` does, and each of the functions into its stretches, but those that are defined more than once."""
    return _in_stretches(source, frozenset(functions))


def in_function(function: str, stretch: str) -> str:
    """Return the name of a stretch; the first has that of its function."""
    return f"{function}{SEPARATOR}{stretch}" if stretch else function


@dataclass(frozen=True)
class _Scope:
    """What a function's names mean throughout, whichever of its statements says so."""

    flags: int
    """Whether it is a generator, a coroutine and the like."""
    bound: frozenset[str]
    free: frozenset[str]


@lru_cache(maxsize=1024)
def _scopes(source: str) -> dict[str, _Scope]:
    """Qualified name -> scope, for each function that is defined once; empty where the source does not compile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            waiting = [compile(source, "a file", "exec", dont_inherit=True)]
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[str, _Scope] = {}
    several: set[str] = set()
    for code in waiting:
        for one in code.co_consts:
            if isinstance(one, CodeType):
                waiting.append(one)
                several.update({one.co_qualname} & found.keys())
                bound = frozenset(one.co_varnames + one.co_cellvars)
                found[one.co_qualname] = _Scope(one.co_flags, bound, frozenset(one.co_freevars))
    return {name: scope for name, scope in found.items() if name not in several}


def _stretch(stretch: Stretch, lines: list[str], scope: _Scope) -> Piece:
    piece = _piece(lines, stretch.lines)
    seen = scope.bound | scope.free if any(map(_looks_around, piece.words)) else piece.words
    names = (sorted(scope.bound & seen), sorted(scope.free & seen))
    around = (stretch.is_last, names, 0 if stretch.name else scope.flags)
    return Piece(_digest(f"{piece.digest} {around}"), piece.words, piece.lines)


def _looks_around(word: str) -> bool:
    """Whether it may be about any name, or about one that has another name in the class that is around it."""
    return word in _LOOK_AROUND or (word.startswith("__") and not word.endswith("__"))


def whole(text: str) -> Piece:
    """Return a text as one piece."""
    lines = text.split("\n")
    return _piece(lines, range(1, len(lines) + 1))


def bodies(source: str) -> dict[str, set[int]]:
    """Qualified name of each function -> the lines of its body, without its signature's; empty where it does not parse."""
    found: dict[str, set[int]] = {}
    for name, _, body in _outline(source).functions:
        found.setdefault(name, set()).update(body)
    return found


def moved_lines(old: Cut, new: Cut) -> dict[int, int]:
    """Line before -> line now, for the lines of every piece that is the same in both."""
    pairs = [(piece, new.functions.get(name)) for name, piece in old.functions.items()]
    moved: dict[int, int] = {}
    for before, now in [*pairs, (old.rest, new.rest)]:
        if now is not None and before.digest == now.digest:
            moved.update(zip(before.lines, now.lines, strict=True))
    return moved


def _piece(lines: list[str], numbers: Iterable[int]) -> Piece:
    numbers = tuple(numbers)
    text = "\n".join(lines[n - 1] for n in numbers)
    return Piece(_digest(text), frozenset(_WORD.findall(text)), numbers)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _is_code(text: str) -> bool:
    stripped = text.strip()
    return bool(stripped) and not stripped.startswith("#")


def parsed(source: str) -> ast.Module:
    """Parse a file; one that does not parse is empty."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module(body=[], type_ignores=[])


@dataclass(frozen=True)
class _Outline:
    """What is wanted of a file's syntax, which takes far less room than a tree."""

    functions: tuple[tuple[str, range, range], ...]
    """Qualified name, lines with those of decorators, and lines of the body without the signature's."""
    texts: frozenset[int]
    """Lines within texts of several lines, where nothing is a comment."""
    imported: frozenset[str]
    """The words in the names that are imported, and from where."""
    kinds: tuple[Kind, ...]
    """Its classes."""


@lru_cache(maxsize=1024)
def _outline(source: str) -> _Outline:
    tree = parsed(source)
    functions = tuple((name, *_lines(node)) for name, node in _functions(tree.body, ""))
    texts: set[int] = set()
    imported: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Constant(lineno=first, end_lineno=int(last))
                | ast.JoinedStr(lineno=first, end_lineno=int(last))
            ) if last > first:
                texts.update(range(first, last + 1))
            case ast.Import() | ast.ImportFrom():
                imported.update(_WORD.findall(ast.unparse(node)))
    return _Outline(functions, frozenset(texts), frozenset(imported), tuple(kinds(tree)))


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[range, range]:
    end = (node.end_lineno or node.lineno) + 1
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return range(first, end), range(max(node.body[0].lineno, node.lineno + 1), end)


def _functions(
    body: list[ast.stmt], prefix: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + statement.name, statement
        elif isinstance(statement, ast.ClassDef):
            yield from _functions(statement.body, f"{prefix}{statement.name}.")


@dataclass(frozen=True)
class Program:
    """What verdicts of one target depend on, in pieces."""

    functions: dict[str, Piece]
    """`file:qualified name` of each function under test, and of its stretches -> it."""
    tests: dict[str, Piece]
    """Test id -> its own code with the rest of its file."""
    shared: dict[str, str]
    """What matters to every verdict: a name for people -> digest."""
    shared_words: frozenset[str]
    cuts: dict[str, Cut] = field(default_factory=dict)
    """Each file under test."""
    families: dict[str, frozenset[str] | None] = field(default_factory=dict)
    """Each class of those, `file:qualified name` -> itself, those it inherits from and those that inherit from it; None where
    some of them are of elsewhere."""


def program(
    texts: Mapping[str, str],
    functions: Mapping[str, Collection[str]],
    tests: Collection[str],
    shared: Mapping[str, str],
    at_import: Collection[str] = (),
) -> Program:
    """Cut a staged project.

    `texts` are the files that matter, by path. `functions` names for each file under test the functions whose calls are
    noted. `tests` are pytest's ids. `shared` are digests of what is no file. `at_import` are functions, as
    `file:name`, that ran while tests were collected: what they left behind may matter to any test.
    """
    cuts = {file: in_stretches(texts[file], names) for file, names in functions.items()}
    units = {f"{file}:{name}": piece for file, one in cuts.items() for name, piece in one.functions.items()}
    modules = {test.partition("::")[0] for test in tests}
    sources = (text for file, text in texts.items() if file.endswith(".py") and not file.startswith("/"))
    imported = {word for text in sources for word in _outline(text).imported}
    alone = {file for file in modules & texts.keys() if _stem(file) not in imported and file not in functions}
    everything = dict(shared)
    words: set[str] = set()
    for file, one in cuts.items():
        everything[f"the module level of {file}"] = one.rest.digest
        words |= one.rest.words
    for file in texts.keys() - functions.keys() - alone:
        piece = whole(texts[file])
        everything[file] = piece.digest
        words |= piece.words
    for name, piece in units.items():
        if whole_function(name) in at_import:
            everything[f"{name}, which runs at import"] = piece.digest
            words |= piece.words
    related = families({file: _outline(texts[file]).kinds for file in functions})
    return Program(units, _tests(texts, tests, alone), everything, frozenset(words), cuts, related)


def _tests(texts: Mapping[str, str], tests: Collection[str], alone: Collection[str]) -> dict[str, Piece]:
    by_file: dict[str, list[str]] = {}
    for test in tests:
        by_file.setdefault(test.partition("::")[0], []).append(test)
    pieces: dict[str, Piece] = {}
    for file, ids in by_file.items():
        text = texts.get(file, "")
        one = _cut_tests(text, {_function_of(test) for test in ids}) if file in alone else cut(text, ())
        for test in ids:
            own = one.functions.get(_function_of(test)) or whole(text)
            pieces[test] = Piece(f"{own.digest} {one.rest.digest}", own.words | one.rest.words, own.lines)
    return pieces


def _cut_tests(text: str, names: set[str]) -> Cut:
    """Cut a test file; a test that something else in the file names stays in the rest, since that may call it."""
    one = cut(text, names)
    named = {
        name
        for name in one.functions
        if any(
            _simple(name) in piece.words
            for other, piece in [*one.functions.items(), ("", one.rest)]
            if other != name
        )
    }
    return cut(text, names - named) if named else one


def _function_of(test: str) -> str:
    """`tests/test_a.py::TestX::test_y[1-2]` -> `TestX.test_y`."""
    _, *parts = test.partition("[")[0].split("::")
    return ".".join(parts)


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".py")


def _simple(name: str) -> str:
    return name.rpartition(".")[2].rpartition(":")[2]
