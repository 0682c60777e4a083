"""Laws of prices: what a call costs, to the last digit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm import pricing
from core.llm.byok_handler import VALID_PROVIDERS, BYOKHandler
from core.llm.catalogue import PROVIDERS
from core.llm.errors import UnknownModelError
from tests.property_tests.llm.llm_strategies import (
    DEFAULT_MODELS,
    NOON,
    World,
    here,
    providers,
    refusal,
)


def a_handler() -> BYOKHandler:
    # Not one for the whole module: a mutant that breaks the constructor must fail tests, not their collection.
    return World().handler()


PER_MILLION = [
    ("openai", None, "0.25", "2"),
    ("openai", "gpt-4o-mini", "0.15", "0.6"),
    ("openai", "gpt-4o-mini-2024-07-18", "0.15", "0.6"),
    ("openai", "GPT-4o", "2.5", "10"),
    ("openai", "openai/gpt-4", "30", "60"),
    ("anthropic", None, "2", "10"),
    ("anthropic", "anthropic:claude-sonnet-5", "2", "10"),
    ("deepseek", None, "0.15", "0.6"),
    ("deepseek", "deepseek-v4-pro", "0.66", "1.98"),
    ("gemini", None, "0.3", "2.5"),
    ("gemini", "gemini-3.8-flash", "0.75", "3.75"),
]
token_counts = st.integers(0, 10**9)
flat_prices = st.sampled_from(PER_MILLION)


@given(flat_prices, token_counts, token_counts)
def test_cost_is_the_public_price_per_token(
    price: tuple[str, str | None, str, str], input_tokens: int, output_tokens: int
) -> None:
    """A call costs its tokens at the published dollars per million, exactly."""
    provider, model, input_price, output_price = price
    cost = a_handler().calculate_cost(input_tokens, output_tokens, provider, model)
    assert isinstance(cost, Decimal)
    assert cost * 10**6 == input_tokens * Decimal(input_price) + output_tokens * Decimal(output_price)


@given(flat_prices, token_counts, token_counts, st.integers(1, 10**6))
def test_cost_grows_with_each_count(
    price: tuple[str, str | None, str, str], input_tokens: int, output_tokens: int, more: int
) -> None:
    """More tokens of either kind cost strictly more, and none cost nothing."""
    provider, model, *_ = price
    cost = a_handler().calculate_cost(input_tokens, output_tokens, provider, model)
    assert a_handler().calculate_cost(input_tokens + more, output_tokens, provider, model) > cost
    assert a_handler().calculate_cost(input_tokens, output_tokens + more, provider, model) > cost
    assert a_handler().calculate_cost(0, 0, provider, model) == 0


@given(providers, token_counts, token_counts)
def test_cost_without_a_model_is_the_default_models(
    provider: str, input_tokens: int, output_tokens: int
) -> None:
    """Leaving the model out prices the provider's default model."""
    assert a_handler().calculate_cost(input_tokens, output_tokens, provider) == a_handler().calculate_cost(
        input_tokens, output_tokens, provider, DEFAULT_MODELS[provider]
    )


@given(token_counts, token_counts, st.integers(1, 10**6))
def test_cost_grows_across_price_tiers(input_tokens: int, output_tokens: int, more: int) -> None:
    """Where long prompts cost more per token, a longer one still never costs less."""
    costs = [
        a_handler().calculate_cost(tokens, output_tokens, "gemini", "gemini-2.5-pro")
        for tokens in (input_tokens, input_tokens + more)
    ]
    assert costs[0] < costs[1]


def test_cost_steps_up_above_two_hundred_thousand_tokens() -> None:
    below = a_handler().calculate_cost(200_000, 0, "gemini", "gemini-2.5-pro")
    above = a_handler().calculate_cost(200_001, 0, "gemini", "gemini-2.5-pro")
    assert below == Decimal("0.25")
    assert above == Decimal("0.5000025")


@given(st.integers(0, 23))
def test_cost_follows_the_hour_where_the_provider_does(hour: int) -> None:
    """DeepSeek doubles its price in the busy hours of its own day, by the handler's wall clock."""
    at = datetime(2026, 11, 22, hour, tzinfo=UTC).timestamp()
    handler = World().handler(wall_clock=lambda: at)
    busy = hour in {1, 2, 3, 6, 7, 8, 9}
    assert handler.calculate_cost(10**6, 0, "deepseek") == Decimal("0.30" if busy else "0.15")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_cost_does_not_depend_on_where_we_are(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    busy = datetime(2026, 11, 22, 8, tzinfo=UTC).timestamp()
    with here(monkeypatch, zone):
        assert World().handler(wall_clock=lambda: busy).calculate_cost(10**6, 0, "deepseek") == Decimal(
            "0.30"
        )


@pytest.mark.parametrize(
    ("provider", "model"),
    [("openai", "gpt-99"), ("openai", "claude-sonnet-5"), ("openai", "whisper-1"), ("gemini", "gemma-3")],
)
def test_cost_of_a_model_without_a_token_price_is_an_error(provider: str, model: str) -> None:
    assert refusal(UnknownModelError, lambda: a_handler().calculate_cost(1, 1, provider, model)) == (
        f"no price is known for {model!r} at {provider}:"
        f" pass price_overrides={{{model!r}: (input, output)}}, in dollars per million tokens"
    )


def test_cost_of_a_model_priced_on_one_side_only_is_known() -> None:
    assert a_handler().calculate_cost(10**6, 0, "openai", "text-embedding-3-small") == Decimal("0.02")


@given(st.permutations(VALID_PROVIDERS))
def test_cost_refuses_a_model_that_names_another_provider(order: list[str]) -> None:
    """A model's prefix and the provider must agree."""
    provider, named, *_ = order
    model = f"{named}/{DEFAULT_MODELS[provider]}"
    assert refusal(ValueError, lambda: a_handler().calculate_cost(1, 1, provider, model)) == (
        f"{model!r} names {named}, not {provider}: drop one of the two"
    )


prices = st.decimals(0, 1000, places=4)


@given(prices, prices, st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from([str, Decimal]))
def test_price_overrides_come_first(
    input_price: Decimal, output_price: Decimal, input_tokens: int, output_tokens: int, shape: type[str]
) -> None:
    """A price of the user's own is used as given, whatever the case or prefix of the model's name."""
    own = {" OpenAI/GPT-4o": (shape(input_price), shape(output_price)), "house-model": (1, 2)}
    handler = World().handler(price_overrides=own)
    for model in ("gpt-4o", "GPT-4O", "openai/gpt-4o"):
        cost = handler.calculate_cost(input_tokens, output_tokens, "openai", model)
        assert cost * 10**6 == input_tokens * input_price + output_tokens * output_price
    assert handler.calculate_cost(10**6, 10**6, "gemini", "house-model") == 3
    assert handler.complete("hi", "house-model").cost == Decimal("0.00005")


@pytest.mark.parametrize(
    ("price", "error", "message"),
    [
        (0.1, TypeError, "the price of 'm' must be a Decimal, an int or a str, not 0.1"),
        (True, TypeError, "the price of 'm' must be a Decimal, an int or a str, not True"),
        (None, TypeError, "the price of 'm' must be a Decimal, an int or a str, not None"),
        ("cheap", ValueError, "the price of 'm' must be a number, finite and not negative, not 'cheap'"),
        (-1, ValueError, "the price of 'm' must be a number, finite and not negative, not -1"),
        ("NaN", ValueError, "the price of 'm' must be a number, finite and not negative, not 'NaN'"),
        ("inf", ValueError, "the price of 'm' must be a number, finite and not negative, not 'inf'"),
    ],
)
def test_price_overrides_must_be_prices(price: Any, error: type[Exception], message: str) -> None:
    for own in ((price, 1), (1, price)):
        assert refusal(error, BYOKHandler, price_overrides={"m": own}) == message
    assert BYOKHandler(price_overrides={"m": (0, 0)}).calculate_cost(5, 5, "openai", "m") == 0


@pytest.mark.parametrize(
    ("provider", "model", "window"),
    [
        ("openai", "gpt-4", 8192),
        ("openai", "gpt-5-mini", 400_000),
        ("anthropic", "claude-sonnet-5", 1_000_000),
        ("gemini", "gemini-2.5-flash", 1_048_576),
        ("gemini", "gemini-2.5-pro", None),
        ("openai", "gpt-99", None),
        ("openai", "claude-sonnet-5", None),
    ],
)
def test_context_window_is_the_price_lists(provider: str, model: str, window: int | None) -> None:
    assert pricing.context_window(PROVIDERS[provider], model) == window


def test_the_fixed_noon_is_noon() -> None:
    assert datetime.fromtimestamp(NOON, UTC) == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert set(DEFAULT_MODELS) == set(VALID_PROVIDERS)
