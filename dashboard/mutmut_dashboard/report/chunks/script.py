"""Payloads as classic scripts, and texts as JavaScript counts them: a page on file:// can load nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Literal, get_args

Kind = Literal["index", "tests", "runs", "codes", "tables", "file"]
"""Of the last there may be many, told apart by their numbers."""
DATA = "data"
"""Folder of the data files, beside the page."""
DATA_FILE = re.compile(rf"(?:{'|'.join(get_args(Kind))})(?:-\d+)?\.[0-9a-f]{{12}}\.js")
"""The names that `file_name` gives, within their folder."""


def script(kind: Kind, key: int, payload: Mapping[str, object]) -> bytes:
    r"""Write the call that hands a payload over, in ASCII.

    `<` is escaped, so that no text can end a script element or open a comment even if the file is put into a page;
    escapes like \u2028 and \ud800 come of themselves, as JSON may hold lone surrogates and JavaScript's strings, too.
    Browsers parse JSON in a string markedly faster than the same as an object literal.
    """
    text = json.dumps(payload, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"mutationData('{kind}',{key},JSON.parse('{quoted}'))\n".encode("ascii")


def payload_of(content: bytes) -> str:
    """Return the JSON in what `script` wrote: ASCII without `<`, so it can stand in an element of a page as it is."""
    text = content.decode("ascii")
    start, end = text.index("JSON.parse('") + len("JSON.parse('"), text.rindex("'))")
    return text[start:end].replace("\\'", "'").replace("\\\\", "\\")


def file_name(kind: Kind, key: int, content: bytes) -> str:
    """Name a data file, relative to the page; the name changes with the content, so no cache shows an old one."""
    stem = f"{kind}-{key}" if kind == "file" else kind
    return f"{DATA}/{stem}.{hashlib.blake2b(content, digest_size=6).hexdigest()}.js"


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units; characters past U+FFFF count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
