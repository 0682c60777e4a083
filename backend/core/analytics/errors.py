"""What can go wrong beyond a wrong type or value, and the policy for empty input."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal, TypeAlias, TypeVar


class EmptyDataError(ValueError):
    """There are no values, and the answer for none is undefined."""


class InvalidTransitionError(ValueError):
    """The recorded life of an execution does not allow this step."""


class StoreError(RuntimeError):
    """The store is closed, or its file is not one this version can use."""


class Absent(Enum):
    """The type of :data:`REQUIRED`, so that ``None`` stays usable as a default."""

    REQUIRED = "required"


REQUIRED: Final = Absent.REQUIRED
Required: TypeAlias = Literal[Absent.REQUIRED]

D = TypeVar("D")


def default_for_none(default: D | Required, what: str) -> D:
    """Return *default*, or refuse because there is none.

    Raises:
        EmptyDataError: No default was given.

    """
    if default is REQUIRED:
        raise EmptyDataError(f"{what} of no values is undefined: pass at least one value, or default=")
    return default
