"""The matchers of libcst, imported without the types of their 17,000 lines, which take a third of the time in which generation comes up.

Only type checkers read them; but Python makes an object of each, and a dataclass writes those of its fields into its description.
"""

from __future__ import annotations

import typing
from typing import Any

import libcst  # noqa: F401 - its own types are left as they are


class _AnyType:
    """Stands in for `Union` and the like."""

    def __getitem__(self, _: object) -> Any:
        return Any


_NAMES = ("Literal", "Optional", "Sequence", "Union")


def _import() -> None:
    known = {name: vars(typing)[name] for name in _NAMES}
    vars(typing).update(dict.fromkeys(_NAMES, _AnyType()))
    try:
        import libcst.matchers  # noqa: F401, PLC0415 - that is what it is about
    finally:
        vars(typing).update(known)


_import()
