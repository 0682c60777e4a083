"""The catalogue of providers: where they live, which models are theirs, where their keys are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from core.llm import arguments

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """What it takes to reach one provider."""

    id: str
    sdk: Literal["openai", "anthropic"]
    base_url: str
    env_vars: tuple[str, ...]
    """Where a key is looked for, first match wins."""
    default_model: str
    families: tuple[str, ...]
    """A model is the provider's own when its name is one of these, or starts with one and a dash."""
    price_list: str
    """The provider's name in genai-prices."""
    limit_field: Literal["max_completion_tokens", "max_tokens"] = "max_tokens"
    """OpenAI's reasoning models refuse `max_tokens`; everyone else knows no other name."""


PROVIDERS: Final[dict[str, ProviderSpec]] = {
    spec.id: spec
    for spec in (
        ProviderSpec(
            id="openai",
            sdk="openai",
            base_url="https://api.openai.com/v1",
            env_vars=("OPENAI_API_KEY",),
            default_model="gpt-5-mini",
            families=("gpt", "chatgpt", "o1", "o3", "o4", "codex", "text-embedding"),
            price_list="openai",
            limit_field="max_completion_tokens",
        ),
        ProviderSpec(
            id="anthropic",
            sdk="anthropic",
            base_url="https://api.anthropic.com",
            env_vars=("ANTHROPIC_API_KEY",),
            default_model="claude-sonnet-5",
            families=("claude",),
            price_list="anthropic",
        ),
        ProviderSpec(
            id="deepseek",
            sdk="openai",
            base_url="https://api.deepseek.com",
            env_vars=("DEEPSEEK_API_KEY",),
            default_model="deepseek-flash",
            families=("deepseek",),
            price_list="deepseek",
        ),
        ProviderSpec(
            id="gemini",
            sdk="openai",
            base_url="https://generativelanguage.googleapis.com/v1beta/openai/",
            env_vars=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
            default_model="gemini-2.5-flash",
            families=("gemini", "gemma"),
            price_list="google",
        ),
    )
}

VALID_PROVIDERS: Final[tuple[str, ...]] = tuple(PROVIDERS)
"""Every provider id, in the default order of preference."""


def provider_id(value: object) -> str:
    """Return `value` if it is the id of a known provider."""
    name = arguments.string("provider", value)
    if name not in PROVIDERS:
        raise ValueError(f"unknown provider {name!r}: choose one of {', '.join(VALID_PROVIDERS)}")
    return name


def provider_ids(name: str, values: object) -> tuple[str, ...]:
    """Return `values` as a tuple if it is a collection of known provider ids. `name` is the argument's."""
    if isinstance(values, str) or not isinstance(values, (list, tuple, set, frozenset)):
        raise TypeError(f"{name} must be a list of provider names, not {values!r}")
    return tuple(provider_id(value) for value in values)


def priority(values: object) -> tuple[str, ...]:
    """Return `values` as an order of preference: ordered, not empty, nobody twice."""
    if isinstance(values, (set, frozenset)):
        raise TypeError("provider_priority must have an order: pass a list, not a set")
    order = provider_ids("provider_priority", values)
    if not order:
        raise ValueError("provider_priority must name at least one provider, or be None for all of them")
    twice = _first_repeated(order)
    if twice is not None:
        raise ValueError(f"provider_priority names {twice!r} more than once")
    return order


def split_model(model: object) -> tuple[str | None, str]:
    """Split "anthropic/claude-x" or "openai:gpt-x" into (provider, name); the provider is None when unnamed.

    Only a known provider counts as a prefix: "meta/llama-3" and "ft:gpt-4o:team" are names in full.
    """
    full = arguments.words("model", model)
    for mark in ("/", ":"):
        head, found, rest = full.partition(mark)
        if found and head.lower() in PROVIDERS:
            return head.lower(), arguments.words("the model's name after its provider", rest)
    return None, full


def provider_of(model: object) -> str | None:
    """Return the provider whose model this is, by its prefix or its family, or None when nobody's is known."""
    named, name = split_model(model)
    if named is not None:
        return named
    family = name.lower().removeprefix("ft:")
    for spec in PROVIDERS.values():
        if any(family == own or family.startswith(f"{own}-") for own in spec.families):
            return spec.id
    return None


def _first_repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
