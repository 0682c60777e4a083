"""Texts made fit for a format: no lone surrogates, nothing invisible, nothing endless."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_RUN_OF_BACKTICKS = re.compile("`+")
_MARKUP = re.compile(r"""[!#$&*+:<=>@\[\\\]^_`{|}~]|\.(?=\S)""")
_IN_LINK = re.compile(r"[\x00-\x20<>()|\\`*\x7f]")
_LONGEST = 80
"""Characters of a fragment that a table shows."""


def scrub(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 file can hold, one by one, so that columns stay right."""
    return _SURROGATE.sub("\ufffd", text)


def clip(text: str, limit: int) -> str:
    """Cut a text that is longer than `limit` characters, visibly."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(text: str, limit: int = _LONGEST) -> str:
    """Squeeze a text into one line, with what nobody can see written as an escape."""
    squeezed = " ".join(text.split())
    return clip("".join(map(_visible, clip(squeezed, limit))), limit)


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def change(original: str, replacement: str) -> str:
    """Say on one line what is changed into what."""
    return f"{one_line(original) or 'nothing'} → {one_line(replacement) or 'nothing'}"


def to_json(value: Any, indent: int | None = 1) -> str:
    """Write JSON (RFC 8259) in ASCII, so that it reads the same in every encoding and inside every page.

    `<` is escaped too: in a page's script, `</script>` would end it, even within a string.
    """
    return json.dumps(scrubbed(value), indent=indent, allow_nan=False).replace("<", "\\u003c") + "\n"


def scrubbed(value: Any) -> Any:
    """Scrub every text in a JSON value."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {scrub(key): scrubbed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [scrubbed(item) for item in value]
    return value


def utc(iso: str) -> datetime | None:
    """Read a recorded time; None where there is none or it is no time."""
    try:
        read = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def moment(iso: str) -> str:
    """Write a recorded time to the minute, in UTC; what is no time is written as it is."""
    read = utc(iso)
    return read.strftime("%Y-%m-%d %H:%M UTC") if read else plain(iso)


def code(text: str, limit: int = _LONGEST) -> str:
    """Write a text as code in a Markdown table (GitHub Flavored Markdown 0.29).

    In a table a bar ends a cell even within backticks, so a text with one is written as an HTML element.
    """
    shown = one_line(text, limit)
    if not shown:
        return "*nothing*"
    if "|" in shown:
        return f"<code>{escaped(shown)}</code>"
    longest = max((len(run) for run in _RUN_OF_BACKTICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def link(shown: str, address: str) -> str:
    """Lead from a piece of Markdown to an address, in which nothing ends the link or a table's cell."""
    written = _IN_LINK.sub(_percent, address).replace("&", "&amp;")
    return f"[{shown}](<{written}>)" if address else shown


def _percent(sign: re.Match[str]) -> str:
    return f"%{ord(sign[0]):02X}"


def plain(text: str, limit: int = 200) -> str:
    """Write a text as words in Markdown: nothing in it is markup, a link or a mention."""
    return escaped(one_line(text, limit))


def escaped(text: str) -> str:
    """Write what might be markup as character references; a period within a word may make it an address."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)
