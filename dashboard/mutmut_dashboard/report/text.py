"""Texts split into lines as Python counts them, and with every odd character made visible."""

from __future__ import annotations

import re

# What a reader cannot see or what turns the text around it: C0 and C1 controls but tab and newline, lone
# surrogates (which cannot be written as UTF-8 either), bidirectional controls, invisible spaces, line separators.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)


def visible(text: str) -> str:
    """Replace characters that would hide, turn around or break the text by escapes that can be seen."""
    return text if text.isprintable() and text.isascii() else _ODD.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def source_lines(text: str) -> list[str]:
    """Split as Python's tokenizer counts lines: at newlines, not at form feeds."""
    return [line.removesuffix("\r") for line in text.split("\n")]
