"""A function's hash: equal as long as the function does the same by the letter, wherever it stands.

Comments, layout and position do not count, and neither does the Python version that computes it: what is
hashed is the syntax tree, written out here rather than by `ast.dump`, whose form changes between versions.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator
from functools import cache

HASH_LENGTH = 16
"""Hexadecimal digits."""
_UNSEEN = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
"""Fields that say nothing of what a program does, or say it twice."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def hashes_of(source: str) -> dict[str, str]:
    """Return qualified name -> hash, for each function of a module and each method of its classes.

    Functions inside functions belong to the outer one. Several of one name (a property and its setter, say)
    share a hash, which changes when any of them does. Source that is no Python has no functions.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[str, list[str]] = {}
    for name, node in _functions(tree, ""):
        found.setdefault(name, []).append(_written(node))
    return {name: _digest(texts) for name, texts in found.items()}


def _digest(texts: list[str]) -> str:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=HASH_LENGTH // 2).hexdigest()


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, _Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function):
            yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:  # a function under `if` or `try` is one of the module, too
            yield from _functions(child, prefix)


def _written(node: ast.AST) -> str:
    """Write a tree as text with every node's kind and those of its fields that hold something."""
    parts: list[str] = []
    _write(node, parts.append)
    return "".join(parts)


@cache
def _form(kind: type[ast.AST]) -> tuple[str, list[tuple[str, str]]]:
    """What a node of a kind begins with, and its fields, each with what stands before it."""
    return f"({kind.__name__}", [(name, f" {name}=") for name in kind._fields if name not in _UNSEEN]


def _write(value: object, put: Callable[[str], object]) -> None:
    if isinstance(value, ast.AST):
        kind: type = type(value)
        begin, fields = _form(kind)
        put(begin)
        for name, words in fields:
            field = getattr(value, name, None)
            if field is not None and field != []:
                put(words)
                _write(field, put)
        put(")")
    elif isinstance(value, list):
        put("[")
        for item in value:
            _write(item, put)
            put(",")
        put("]")
    else:
        put(f"{type(value).__name__}:{value!a}")
