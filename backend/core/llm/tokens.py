"""Tokens: counted exactly where the vocabulary is public, estimated where it is not. Never asks the network."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from core.llm.catalogue import ProviderSpec

BYTES_PER_TOKEN: Final = 4
"""Of all one-line rules, UTF-8 bytes over four is the one that is seldom far too low in any script."""

OLDER_CLAUDE: Final = 125
NEWER_CLAUDE: Final = 160
"""Claude's tokens per hundred of o200k, measured on English and code; its vocabulary is not public."""

_CL100K: Final = re.compile(r"(?:ft:)?(?:gpt-4|gpt-3\.5|text-embedding)(?:-.*)?")
_O200K: Final = re.compile(r"(?:ft:)?(?:gpt-4o|gpt-4\.[15]|gpt-5|gpt-oss|chatgpt-4o|o[134])(?:[.-].*)?")
_OLDER_CLAUDE: Final = re.compile(r"claude-(?:instant|v?[123]\b|(?:[a-z]+-)?4\b(?!-[789]\b))")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return `text` with lone surrogates replaced, which no provider could receive."""
    return _SURROGATE.sub("\ufffd", text)


def size(text: str) -> int:
    """Return the UTF-8 bytes of `text`, which no vocabulary reads as more tokens than that."""
    return len(clean(text).encode())


def rough(text: str) -> int:
    """Return about how many tokens `text` is to any model."""
    return _ceil_div(size(text), BYTES_PER_TOKEN)


def count(text: str, spec: ProviderSpec | None, model: str) -> int:
    """Return the number of tokens in `text`, exact where `is_exact` says so. Without a provider, a rough estimate.

    Special tokens spelled out in the text are counted as plain text, and a lone surrogate as the replacement
    character, which is what a provider would receive.
    """
    if spec is None or spec.vocabulary is None:
        return rough(text)
    encoding, percent = _scale(spec.vocabulary, model.lower())
    return _ceil_div(len(_vocabulary(encoding).encode_ordinary(clean(text))) * percent, 100)


def is_exact(spec: ProviderSpec | None, model: str) -> bool:
    """Return whether `count` is exact for the model: its vocabulary is public, and known to be its own."""
    vocabulary = None if spec is None else spec.vocabulary
    if vocabulary == "openai":
        return bool(_CL100K.fullmatch(model.lower()) or _O200K.fullmatch(model.lower()))
    return vocabulary == "deepseek"


def _scale(vocabulary: str, name: str) -> tuple[str, int]:
    """Return the encoding that fits the model best and the model's tokens per hundred of it."""
    if vocabulary == "deepseek":
        return "deepseek_v3", 100
    if vocabulary == "claude":
        return "o200k_base", (OLDER_CLAUDE if _OLDER_CLAUDE.match(name) else NEWER_CLAUDE)
    return ("cl100k_base" if _CL100K.fullmatch(name) else "o200k_base"), 100


def _ceil_div(amount: int, by: int) -> int:
    return -(-amount // by)


@functools.cache
def _vocabulary(encoding: str) -> Any:
    from splintr import Tokenizer  # noqa: PLC0415  # 40 MB that only counting needs

    return Tokenizer.from_pretrained(encoding)
