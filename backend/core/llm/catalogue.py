"""The catalogue of providers: where they live, which models are theirs, where their keys are found."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from core.llm import arguments

if TYPE_CHECKING:
    from collections.abc import Iterable

Route = tuple[str, str]
"""A provider's id and one of its models."""

_ID: Final = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """What it takes to reach one provider. `register_provider` takes one for any OpenAI-compatible host."""

    id: str
    base_url: str
    default_model: str
    env_vars: tuple[str, ...] = ()
    """Where a key is looked for, first match wins."""
    families: tuple[str, ...] = ()
    """A model is the provider's own when its name is one of these, or starts with one and a dash."""
    sdk: Literal["openai", "anthropic"] = "openai"
    price_list: str | None = None
    """The provider's name in genai-prices."""
    vocabulary: Literal["openai", "deepseek", "claude"] | None = None
    """Whose tokens its models read."""
    limit_field: Literal["max_completion_tokens", "max_tokens"] = "max_tokens"
    """OpenAI's reasoning models refuse `max_tokens`; everyone else knows no other name."""
    stream_usage: bool = True
    """Whether it may be asked to count tokens at the end of a stream. A few hosts refuse the question."""


PROVIDERS: Final[dict[str, ProviderSpec]] = {
    spec.id: spec
    for spec in (
        ProviderSpec(
            id="openai",
            base_url="https://api.openai.com/v1",
            default_model="gpt-5-mini",
            env_vars=("OPENAI_API_KEY",),
            families=("gpt", "chatgpt", "o1", "o3", "o4", "codex", "text-embedding"),
            price_list="openai",
            vocabulary="openai",
            limit_field="max_completion_tokens",
        ),
        ProviderSpec(
            id="anthropic",
            base_url="https://api.anthropic.com",
            default_model="claude-sonnet-5",
            env_vars=("ANTHROPIC_API_KEY",),
            families=("claude",),
            sdk="anthropic",
            price_list="anthropic",
            vocabulary="claude",
        ),
        ProviderSpec(
            id="deepseek",
            base_url="https://api.deepseek.com",
            default_model="deepseek-flash",
            env_vars=("DEEPSEEK_API_KEY",),
            families=("deepseek",),
            price_list="deepseek",
            vocabulary="deepseek",
        ),
        ProviderSpec(
            id="gemini",
            base_url="https://generativelanguage.googleapis.com/v1beta/openai/",
            default_model="gemini-2.5-flash",
            env_vars=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
            families=("gemini", "gemma"),
            price_list="google",
        ),
    )
}

VALID_PROVIDERS: Final[tuple[str, ...]] = tuple(PROVIDERS)
"""The providers every handler knows, in the default order of preference."""


class Catalogue:
    """The providers one handler knows: the four of `VALID_PROVIDERS`, and those registered with it."""

    def __init__(self, custom: Iterable[ProviderSpec] = ()) -> None:
        self._specs = dict(PROVIDERS)
        self._lock = threading.Lock()
        for spec in custom:
            self.add(spec)

    def add(self, spec: object) -> ProviderSpec:
        """Add a provider. One id means one provider for good, since keys are sent to it.

        Raises:
            TypeError: `spec` is no ProviderSpec.
            ValueError: the id is taken, or the id, the address or the default model cannot be used.

        """
        if not isinstance(spec, ProviderSpec):
            raise TypeError(f"a provider must be a ProviderSpec, not {type(spec).__name__}")
        _check(spec)
        with self._lock:
            if spec.id in self._specs:
                raise ValueError(f"there is a provider {spec.id!r} already: choose another id")
            self._specs = {**self._specs, spec.id: spec}  # a new one: others may be reading the old
        return spec

    def all(self) -> tuple[str, ...]:
        """Return every provider's id, the registered ones last."""
        return tuple(self._specs)

    def spec(self, value: object) -> ProviderSpec:
        """Return the provider whose id `value` is."""
        name = arguments.string("provider", value)
        if name not in self._specs:
            raise ValueError(f"unknown provider {name!r}: choose one of {', '.join(self._specs)}")
        return self._specs[name]

    def ids(self, name: str, values: object) -> tuple[str, ...]:
        """Return `values` as a tuple if it is a collection of known provider ids. `name` is the argument's."""
        if not isinstance(values, (list, tuple, set, frozenset)):
            raise TypeError(f"{name} must be a list of provider names, not {values!r}")
        return tuple(self.spec(value).id for value in values)

    def order(self, name: str, values: object) -> tuple[str, ...]:
        """Return `values` as an order of preference: ordered, not empty, nobody twice."""
        if isinstance(values, (set, frozenset)):
            raise TypeError(f"{name} must have an order: pass a list, not a set")
        order = self.ids(name, values)
        if not order:
            raise ValueError(f"{name} must name at least one provider, or be None for all of them")
        for index, provider in enumerate(order):
            if provider in order[:index]:
                raise ValueError(f"{name} names {provider!r} more than once")
        return order

    def split_model(self, model: object) -> tuple[str | None, str]:
        """Split "anthropic/claude-x" or "openai:gpt-x" into (provider, name); the provider is None when unnamed.

        Only a known provider counts as a prefix: "meta/llama-3" and "ft:gpt-4o:team" are names in full.
        """
        full = arguments.words("model", model)
        for mark in ("/", ":"):
            head, found, rest = full.partition(mark)
            if found and head.lower() in self._specs:
                return head.lower(), arguments.words("the model's name after its provider", rest)
        return None, full

    def provider_of(self, model: object) -> str | None:
        """Return the provider whose model this is, by its prefix or its family, or None when nobody's is known."""
        named, name = self.split_model(model)
        if named is not None:
            return named
        family = name.lower().removeprefix("ft:")
        for spec in self._specs.values():
            if any(family == own or family.startswith(f"{own}-") for own in spec.families):
                return spec.id
        return None


def _check(spec: ProviderSpec) -> None:
    if not _ID.fullmatch(spec.id):
        raise ValueError(
            f"the provider id {spec.id!r} must be lower-case letters, digits, - and _, a letter first"
        )
    if spec.sdk not in ("openai", "anthropic"):
        raise ValueError(f"sdk must be openai or anthropic, not {spec.sdk!r}")
    arguments.words("default_model", spec.default_model)
    if not _is_address(arguments.string("base_url", spec.base_url)):
        raise ValueError(
            "base_url must be like https://host/path: http or https, a host, no user and no query"
        )


def _is_address(url: str) -> bool:
    """Return whether a key can be sent there. An address never holds a key itself, since addresses are logged."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("https", "http")
        and port != 0
        and not any(map(str.isspace, url))
        and bool(parts.hostname)
        and not any((parts.username, parts.password, parts.query, parts.fragment))
    )
