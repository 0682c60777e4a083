"""Reads `data.d.ts` and holds payloads against it: every key there, none beside, every value of its type."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mutmut_dashboard.report import pages

DECLARED = (Path(pages.__file__).parents[1] / "static" / "data.d.ts").read_text("utf-8")
_TOKEN = re.compile(r'"[^"]*"|[A-Za-z_]\w*|-?\d+|\[\]|[{}\[\]();:,|<>?=]')


class Declarations:
    """The types of the file, as nested tuples: ("array", T), ("object", {key: (T, optional)}), ..."""

    def __init__(self, text: str = DECLARED) -> None:
        plain = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)
        self._tokens: list[str] = _TOKEN.findall(plain)
        self._at = 0
        self.types: dict[str, Any] = {}
        self.kinds: dict[str, str] = dict(
            re.findall(r'mutationData\(kind: "(\w+)".*?payload: (\w+)\)', plain)
        )
        while self._at < len(self._tokens):
            word = self._next()
            if word == "interface":
                name = self._next()
                self.types[name] = self._type()
            elif word == "type":
                name = self._next()
                assert self._next() == "="
                self.types[name] = self._type()
                assert self._next() == ";"
            else:
                assert word == "declare", word
                while self._next() != ";":
                    pass

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _peek(self) -> str:
        return self._tokens[self._at]

    def _type(self) -> Any:
        if self._peek() == "|":
            self._next()
        options = [self._one()]
        while self._peek() == "|":
            self._next()
            options.append(self._one())
        return options[0] if len(options) == 1 else ("union", options)

    def _one(self) -> Any:
        token = self._next()
        if token == "{":
            found: Any = ("object", dict(self._fields()))
        elif token == "[":
            found = ("tuple", list(self._elements()))
        elif token == "Record":
            assert [self._next(), self._next(), self._next()] == ["<", "string", ","]
            found = ("record", self._type())
            assert self._next() == ">"
        elif token[0] in '"-0123456789':
            found = ("literal", json.loads(token))
        else:
            found = ("name", token)
        while self._at < len(self._tokens) and self._peek() == "[]":
            self._next()
            found = ("array", found)
        return found

    def _fields(self) -> Iterator[tuple[str, tuple[Any, bool]]]:
        while self._peek() != "}":
            name = self._next()
            optional = self._peek() == "?"
            if optional:
                self._next()
            assert self._next() == ":"
            yield name, (self._type(), optional)
            if self._peek() in (";", ","):
                self._next()
        self._next()

    def _elements(self) -> Iterator[Any]:
        while self._peek() != "]":
            if self._tokens[self._at + 1] == ":":  # a label
                self._at += 2
            yield self._type()
            if self._peek() == ",":
                self._next()
        self._next()

    def problems(self, name: str, value: Any) -> list[str]:
        """What is wrong with a value of a named type, each with its path."""
        return list(self._problems(("name", name), value, name))

    def _problems(self, wanted: Any, value: Any, path: str) -> Iterator[str]:
        kind, detail = wanted
        if kind == "name" and detail in self.types:
            yield from self._problems(self.types[detail], value, path)
        elif kind == "name":
            sound = {
                "number": isinstance(value, int | float) and not isinstance(value, bool),
                "string": isinstance(value, str),
                "boolean": isinstance(value, bool),
            }[detail]
            if not sound:
                yield f"{path}: {value!r} is no {detail}"
        elif kind == "literal":
            if value != detail:
                yield f"{path}: {value!r} is not {detail!r}"
        elif kind == "union":
            if all(list(self._problems(option, value, path)) for option in detail):
                yield f"{path}: {value!r} is none of {detail}"
        elif kind == "array":
            for at, item in enumerate(value if isinstance(value, list) else [value]):
                yield from self._problems(detail, item, f"{path}[{at}]")
            if not isinstance(value, list):
                yield f"{path}: {value!r} is no array"
        elif kind == "tuple":
            if not isinstance(value, list) or len(value) != len(detail):
                yield f"{path}: {value!r} is no tuple of {len(detail)}"
            else:
                for at, (option, item) in enumerate(zip(detail, value, strict=True)):
                    yield from self._problems(option, item, f"{path}[{at}]")
        elif kind == "record":
            for key, item in value.items():
                yield from self._problems(detail, item, f"{path}.{key}")
        else:
            yield from self._fields_of(detail, value, path)

    def _fields_of(self, fields: dict[str, tuple[Any, bool]], value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: {value!r} is no object"
            return
        for key in value.keys() - fields.keys():
            yield f"{path}.{key} is not declared"
        for key, (wanted, optional) in fields.items():
            if key in value:
                yield from self._problems(wanted, value[key], f"{path}.{key}")
            elif not optional:
                yield f"{path}.{key} is missing"


def read_script(text: str) -> tuple[str, int, Any]:
    """Kind, key and payload of a data file, read as JavaScript would."""
    found = re.fullmatch(r"mutationData\('(\w+)',(\d+),JSON\.parse\('(.*)'\)\)\n", text)
    assert found, text[:200]
    return found[1], int(found[2]), json.loads(re.sub(r"\\(.)", r"\1", found[3]))


def payloads_of(site: Path) -> dict[tuple[str, int], Any]:
    """(kind, key) -> payload of every data file of a site."""
    read = [read_script(file.read_text("ascii")) for file in sorted((site / "data").iterdir())]
    assert len({(kind, key) for kind, key, _ in read}) == len(read), "a stale data file was left"
    return {(kind, key): payload for kind, key, payload in read}
