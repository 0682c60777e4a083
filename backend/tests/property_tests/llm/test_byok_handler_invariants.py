"""Laws of the handler's face: which provider is selected, and what no argument may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.byok_handler import VALID_PROVIDERS, BYOKHandler
from core.llm.errors import (
    NoProviderError,
)
from tests.property_tests.llm.llm_strategies import (
    World,
    endings,
    nobodys_models,
    not_numbers,
    not_strings,
    own_families,
    priorities,
    providers,
    refusal,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def test_valid_providers_are_four_in_default_order() -> None:
    assert VALID_PROVIDERS == ("openai", "anthropic", "deepseek", "gemini")
    assert BYOKHandler().provider_priority == ["openai", "anthropic", "deepseek", "gemini"]


@given(
    own_families,
    endings,
    st.sampled_from([str.lower, str.upper, str.title]),
    st.sampled_from(["", " ", "\n"]),
)
def test_select_provider_finds_the_native_provider(
    family: tuple[str, str], ending: str, case: object, blank: str
) -> None:
    """A model of a known family goes to its native provider, however it is written."""
    provider, name = family
    assert callable(case)
    assert World().handler().select_provider(blank + case(name + ending) + blank) == provider


@given(priorities, nobodys_models)
def test_select_provider_gives_unknown_models_to_the_most_preferred(priority: list[str], model: str) -> None:
    """A model of no known family goes to the first of the priority."""
    assert World().handler(priority).select_provider(model) == priority[0]


@given(providers, own_families, endings, st.sampled_from("/:"))
def test_select_provider_obeys_a_prefix(
    provider: str, family: tuple[str, str], ending: str, mark: str
) -> None:
    """A provider named before the model decides, whatever the model's family."""
    model = f"{provider.upper()}{mark}{family[1]}{ending}"
    assert World().handler().select_provider(model) == provider


@given(own_families, priorities)
def test_select_provider_refuses_a_family_the_priority_leaves_out(
    family: tuple[str, str], priority: list[str]
) -> None:
    """A native provider that the priority leaves out is an error, never a silent substitute."""
    provider, model = family
    handler = World().handler(priority)
    if provider in priority:
        assert handler.select_provider(model) == provider
    else:
        assert refusal(NoProviderError, lambda: handler.select_provider(model)) == (
            f"{model!r} belongs to {provider}, which provider_priority leaves out: add it"
        )


@given(st.text(min_size=1))
def test_select_provider_answers_for_every_name_and_needs_no_key(model: str) -> None:
    """Any name that is not blank has a provider among the valid ones, without a single key."""
    handler = World().handler(keys=())
    if model.strip():
        assert handler.select_provider(model) in VALID_PROVIDERS
    else:
        assert refusal(ValueError, lambda: handler.select_provider(model)) == "model must not be blank"


def test_select_provider_refuses_a_prefix_without_a_model() -> None:
    message = refusal(ValueError, lambda: World().handler().select_provider("openai/ "))
    assert message == "the model's name after its provider must not be blank"


@given(not_strings)
def test_names_that_are_no_strings_are_type_errors(value: object) -> None:
    """What is not a str is no model, provider, key or text."""
    handler: Any = World().handler()
    kind = type(value).__name__
    assert refusal(TypeError, lambda: handler.select_provider(value)) == f"model must be a str, not {kind}"
    for call in (
        handler.is_provider_configured,
        handler.remove_api_key,
        lambda p: handler.set_api_key(p, "key"),
    ):
        assert refusal(TypeError, call, value) == f"provider must be a str, not {kind}"
    assert (
        refusal(TypeError, lambda: handler.set_api_key("openai", value)) == f"key must be a str, not {kind}"
    )
    assert refusal(TypeError, lambda: handler.count_tokens(value)) == f"text must be a str, not {kind}"


@given(priorities, st.sampled_from([list, tuple]))
def test_provider_priority_is_what_was_given_and_nobody_else_can_change_it(
    priority: list[str], shape: type[list[str]]
) -> None:
    """The priority reads as given, and neither the argument nor the answer is a handle on it."""
    given_order = shape(priority)
    handler = World().handler(given_order)
    handler.provider_priority.clear()
    if isinstance(given_order, list):
        given_order.clear()
    assert handler.provider_priority == priority
    assert isinstance(handler.provider_priority, list)
    with pytest.raises(AttributeError):
        handler.provider_priority = []  # type: ignore[misc]


@given(st.lists(providers, min_size=5, max_size=8))  # of four, so one is there twice
def test_provider_priority_refuses_repeats(names: list[str]) -> None:
    """A provider named twice is an error that names the first repeated one."""
    twice = next(name for i, name in enumerate(names) if name in names[:i])
    assert (
        refusal(ValueError, lambda: BYOKHandler(names)) == f"provider_priority names {twice!r} more than once"
    )


@given(st.text().filter(lambda name: name not in VALID_PROVIDERS), priorities)
def test_unknown_providers_are_refused_everywhere(name: str, priority: list[str]) -> None:
    """A name that is no provider is an error that lists the valid ones, wherever it appears."""
    handler = World().handler()
    expected = f"unknown provider {name!r}: choose one of openai, anthropic, deepseek, gemini"
    for call in (
        lambda: BYOKHandler([*priority, name]),
        lambda: handler.is_provider_configured(name),
        lambda: handler.set_api_key(name, "key"),
        lambda: handler.remove_api_key(name),
        lambda: handler.next_provider(failed=[name]),
        lambda: handler.next_provider(available=[name]),
        lambda: handler.calculate_cost(1, 1, name),
    ):
        assert refusal(ValueError, call) == expected


def test_provider_priority_must_be_an_order_of_names() -> None:
    build: Any = BYOKHandler
    assert refusal(ValueError, lambda: build([])) == (
        "provider_priority must name at least one provider, or be None for all of them"
    )
    assert refusal(TypeError, lambda: build("openai")) == (
        "provider_priority must be a list of provider names, not 'openai'"
    )
    assert refusal(TypeError, lambda: build(7)) == "provider_priority must be a list of provider names, not 7"
    for unordered in ({"openai"}, frozenset({"openai"})):
        assert refusal(TypeError, build, unordered) == (
            "provider_priority must have an order: pass a list, not a set"
        )
    assert refusal(TypeError, lambda: build(["openai", 3])) == "provider must be a str, not int"


@given(not_numbers)
def test_counts_that_are_no_ints_are_type_errors(value: object) -> None:
    """A bool, a float or a str is never taken for a count."""
    build: Any = BYOKHandler
    handler: Any = World().handler()
    for name, call in (
        ("max_retries", lambda: build(max_retries=value)),
        ("rate_limit", lambda: build(rate_limit=value)),
        ("token_rate_limit", lambda: build(token_rate_limit=value)),
        ("n", lambda: handler.get_allowed_requests(value)),
        ("n", lambda: handler.get_allowed_tokens(value)),
        ("tokens", lambda: handler.acquire(value)),
        ("requests", lambda: handler.acquire(1, value)),
        ("input_tokens", lambda: handler.calculate_cost(value, 1, "openai")),
        ("output_tokens", lambda: handler.calculate_cost(1, value, "openai")),
        ("max_tokens", lambda: handler.complete("hi", max_tokens=value)),
    ):
        least = 1 if name in {"rate_limit", "token_rate_limit", "max_tokens"} else 0
        assert refusal(TypeError, call) == (
            f"{name} must be a whole number, not {value!r}: pass an int of at least {least}"
        )


@given(st.integers(max_value=-1))
def test_counts_below_their_least_are_value_errors(value: int) -> None:
    """A count below what makes sense is an error that names the least."""
    handler = World().handler()
    at_least_0: list[tuple[str, Callable[[], object]]] = [
        ("max_retries", lambda: BYOKHandler(max_retries=value)),
        ("n", lambda: handler.get_allowed_requests(value)),
        ("n", lambda: handler.get_allowed_tokens(value)),
        ("tokens", lambda: handler.acquire(value)),
        ("requests", lambda: handler.acquire(1, value)),
        ("input_tokens", lambda: handler.calculate_cost(value, 1, "openai")),
        ("output_tokens", lambda: handler.calculate_cost(1, value, "openai")),
    ]
    for name, call in at_least_0:
        assert refusal(ValueError, call) == f"{name} must be at least 0, not {value}"
    at_least_1: list[tuple[str, Callable[[], object]]] = [
        ("rate_limit", lambda: BYOKHandler(rate_limit=value + 1)),
        ("token_rate_limit", lambda: BYOKHandler(token_rate_limit=value + 1)),
        ("max_tokens", lambda: handler.complete("hi", max_tokens=value + 1)),
    ]
    for name, call in at_least_1:
        assert refusal(ValueError, call) == f"{name} must be at least 1, not {value + 1}"
