"""Which classes of the code under test are related, and which have relatives elsewhere, who may look for methods by name."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_HARMLESS = frozenset({"ABC", "Generic", "NamedTuple", "Protocol", "TypedDict"})
"""Bases of the standard library that look for no method but those whose names are double-underscored."""
_HARMLESS_DECORATORS = frozenset({"dataclass", "final", "runtime_checkable", "total_ordering"})


@dataclass(frozen=True)
class Kind:
    """A class as its definition has it."""

    name: str
    """Qualified."""
    bases: frozenset[str]
    """Simple names, an empty one for what is none."""
    is_open: bool
    """Whether something else looks into it: a metaclass or a decorator."""


def kinds(tree: ast.Module) -> Iterator[Kind]:
    """Yield the classes of a module and of its classes."""
    yield from _kinds(tree.body, "")


def families(by_file: Mapping[str, Sequence[Kind]]) -> dict[str, frozenset[str] | None]:
    """Return `file:class` -> those it inherits from, those that inherit from it, and itself; None where some are of elsewhere.

    Classes of one simple name count as one.
    """
    named: dict[str, set[str]] = {}
    bases: dict[str, set[str]] = {}
    is_open: set[str] = set()
    for file, own in by_file.items():
        for kind in own:
            simple = kind.name.rpartition(".")[2]
            named.setdefault(simple, set()).add(f"{file}:{kind.name}")
            bases.setdefault(simple, set()).update(kind.bases)
            is_open.update({simple} if kind.is_open else ())
    heirs: dict[str, set[str]] = {}
    for simple, above in bases.items():
        for base in above:
            heirs.setdefault(base, set()).add(simple)
    found: dict[str, frozenset[str] | None] = {}
    for simple, places in named.items():
        related = _reached(simple, bases) | _reached(simple, heirs)
        strange = any(one in is_open or not (one in named or _is_harmless(one)) for one in related)
        family = None if strange else frozenset(place for one in related for place in named.get(one, ()))
        found |= dict.fromkeys(places, family)
    return found


def _kinds(body: Sequence[ast.stmt], prefix: str) -> Iterator[Kind]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            named = [_simple(base) for base in node.bases]
            decorators = {
                _simple(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list
            }
            is_open = bool(node.keywords) or not decorators <= _HARMLESS_DECORATORS
            yield Kind(f"{prefix}{node.name}", frozenset(named), is_open)
            yield from _kinds(node.body, f"{prefix}{node.name}.")


def _simple(base: ast.expr) -> str:
    match base:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=inner):
            return _simple(inner)
    return ""


def _is_harmless(base: str) -> bool:
    return base in _HARMLESS or isinstance(getattr(builtins, base, None), type)


def _reached(start: str, ways: Mapping[str, set[str]]) -> set[str]:
    found = {start}
    waiting = [start]
    for one in waiting:
        more = ways.get(one, set()) - found
        found |= more
        waiting += more
    return found
