"""Tokens: counted exactly where the vocabulary is public, estimated where it is not. Never asks the network."""

from __future__ import annotations

import functools
import re
from typing import Any, Final

from core.llm.catalogue import provider_of, split_model

BYTES_PER_TOKEN: Final = 4
"""Of all one-line rules, UTF-8 bytes over four is the one that is seldom far too low in any script."""

OLDER_CLAUDE: Final = 125
NEWER_CLAUDE: Final = 160
"""Claude's tokens per hundred of o200k, measured on English and code; its vocabulary is not public."""

_CL100K: Final = re.compile(r"(?:ft:)?(?:gpt-4|gpt-3\.5|text-embedding)(?:-.*)?")
_OLDER_CLAUDE: Final = re.compile(r"claude-(?:instant|v?[123]\b|(?:[a-z]+-)?4\b(?!-[789]\b))")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def count(text: str, model: str | None) -> int:
    """Return the number of tokens in `text`.

    Exact for OpenAI and DeepSeek models, estimated for all others; the same rough estimate for everyone
    when `model` is None. Special tokens spelled out in the text are counted as plain text, and a lone
    surrogate as the replacement character, which is what a provider would receive.
    """
    clean = _SURROGATE.sub("\ufffd", text)
    scale = None if model is None else _scale(model)
    if scale is None:
        return _ceil_div(len(clean.encode()), BYTES_PER_TOKEN)
    encoding, percent = scale
    return _ceil_div(len(_vocabulary(encoding).encode_ordinary(clean)) * percent, 100)


def _scale(model: str) -> tuple[str, int] | None:
    """Return the encoding that fits `model` best and the model's tokens per hundred of it."""
    provider = provider_of(model)
    name = split_model(model)[1].lower()
    if provider == "openai":
        return ("cl100k_base" if _CL100K.fullmatch(name) else "o200k_base"), 100
    if provider == "deepseek":
        return "deepseek_v3", 100
    if provider == "anthropic":
        return "o200k_base", (OLDER_CLAUDE if _OLDER_CLAUDE.match(name) else NEWER_CLAUDE)
    return None


def _ceil_div(amount: int, by: int) -> int:
    return -(-amount // by)


@functools.cache
def _vocabulary(encoding: str) -> Any:
    from splintr import Tokenizer  # noqa: PLC0415  # 40 MB that only counting needs

    return Tokenizer.from_pretrained(encoding)
