"""Laws of what a user has to spend: requests and tokens per minute, and dollars."""

from __future__ import annotations

import json
import math
import string
import threading
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.llm import pricing
from core.llm.byok_handler import VALID_PROVIDERS, BYOKHandler
from core.llm.errors import RateLimitExceededError, UnknownModelError
from core.llm.failures import FailureKind
from tests.property_tests.llm.llm_strategies import (
    DEFAULT_MODELS,
    NOON,
    World,
    eighths,
    failing,
    here,
    nobodys_models,
    providers,
    refusal,
)

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("token_vectors.json").read_text(encoding="utf-8")
)["vectors"]
EXACT_MODELS = ("gpt-4o", "gpt-4", "deepseek-flash")


def a_handler() -> BYOKHandler:
    # Not one for the whole module: a mutant that breaks the constructor must fail tests, not their collection.
    return World().handler()


# -- tokens --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4", "cl100k_base"),
        ("GPT-4-turbo", "cl100k_base"),
        ("openai/gpt-3.5-turbo", "cl100k_base"),
        ("gpt-3.5", "cl100k_base"),
        ("ft:gpt-3.5-turbo:team", "cl100k_base"),
        ("text-embedding-3-small", "cl100k_base"),
        ("gpt-4o", "o200k_base"),
        ("gpt-4.1-mini", "o200k_base"),
        ("gpt-5-mini", "o200k_base"),
        ("gpt-6-luna", "o200k_base"),
        ("o1", "o200k_base"),
        ("o3-mini", "o200k_base"),
        ("chatgpt-4o-latest", "o200k_base"),
        ("ft:gpt-4o-mini:team", "o200k_base"),
        ("openai:whatever", "o200k_base"),
    ],
)
def test_count_tokens_matches_every_vector_of_the_models_encoding(model: str, encoding: str) -> None:
    wrong = [v["text"] for v in VECTORS if a_handler().count_tokens(v["text"], model) != v[encoding]]
    assert len(VECTORS) == 193
    assert wrong == []


@pytest.mark.parametrize(
    ("model", "per_hundred"),
    [
        ("claude-2.1", 125),
        ("claude-v1", 125),
        ("claude-instant-1", 125),
        ("claude-3-5-sonnet", 125),
        ("claude-4-opus", 125),
        ("claude-sonnet-4-5", 125),
        ("claude-opus-4-6", 125),
        ("claude-sonnet-4-20250514", 125),
        ("anthropic/claude-3-haiku", 125),
        ("claude-opus-4-7", 160),
        ("Claude-Opus-4-8", 160),
        ("claude-opus-4-9-20270101", 160),
        ("claude-sonnet-5", 160),
        ("claude-sonnet-5-4", 160),
        ("claude-mythos-5-2", 160),
        ("claude-30", 160),
        ("anthropic/anything", 160),
    ],
)
def test_count_tokens_scales_claude_from_o200k_and_rounds_up(model: str, per_hundred: int) -> None:
    for vector in VECTORS:
        assert a_handler().count_tokens(vector["text"], model) == math.ceil(
            vector["o200k_base"] * per_hundred / 100
        )


def test_count_tokens_knows_deepseeks_own_vocabulary() -> None:
    texts = ["hello world", "don't we'll I'm", "1234567890", "你好世界", "<|endoftext|>", " " * 300]
    assert [a_handler().count_tokens(text, "deepseek-flash") for text in texts] == [2, 6, 4, 2, 7, 3]


@given(st.text(), st.one_of(nobodys_models, st.sampled_from(["gemini-2.5-pro", "gemma-3", "gemini/x"])))
def test_count_tokens_without_a_vocabulary_is_a_quarter_of_the_bytes(text: str, model: str) -> None:
    """Without a model, and for models of no known vocabulary, four UTF-8 bytes make a token, rounded up."""
    count = a_handler().count_tokens(text)
    size = len(text.encode("utf-8"))
    assert 4 * count - 4 < size <= 4 * count
    assert a_handler().count_tokens(text, model) == count


@given(st.lists(st.text(), max_size=10))
def test_count_tokens_without_a_model_is_additive_but_for_the_joints(texts: list[str]) -> None:
    """Joining texts with spaces changes the model-free count by one per text at most."""
    apart = sum(a_handler().count_tokens(text) for text in texts)
    assert abs(a_handler().count_tokens(" ".join(texts)) - apart) <= len(texts)


@given(st.text(), st.sampled_from([None, *EXACT_MODELS, "claude-sonnet-5", "gemini-2.5-pro"]))
def test_count_tokens_is_zero_only_for_nothing(text: str, model: str | None) -> None:
    """A count is an int, zero for the empty text, and at least one for any other."""
    count = a_handler().count_tokens(text, model)
    assert type(count) is int
    assert (count == 0) == (text == "")
    assert count >= 0


@given(st.text(), st.sampled_from(EXACT_MODELS))
def test_count_tokens_never_exceeds_the_bytes(text: str, model: str) -> None:
    """An exact token covers at least one byte of its text and at most 128."""
    size = len(text.encode("utf-8"))
    assert size / 128 <= a_handler().count_tokens(text, model) <= size


@given(
    st.text(string.ascii_letters, min_size=1),
    st.text(string.digits, min_size=1),
    st.sampled_from(EXACT_MODELS),
)
def test_count_tokens_is_additive_where_letters_meet_digits(letters: str, digits: str, model: str) -> None:
    """No exact vocabulary joins a letter and a digit into one token."""
    apart = a_handler().count_tokens(letters, model) + a_handler().count_tokens(digits, model)
    assert a_handler().count_tokens(letters + digits, model) == apart


@given(
    st.text(st.characters(max_codepoint=0xDFFF), max_size=20),
    st.sampled_from([None, "claude-sonnet-5", *EXACT_MODELS]),
)
def test_count_tokens_reads_a_lone_surrogate_as_the_replacement_character(
    text: str, model: str | None
) -> None:
    """A text that is not valid Unicode counts as what a provider would make of it."""
    text += "\ud800\udfff"
    repaired = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    assert a_handler().count_tokens(text, model) == a_handler().count_tokens(repaired, model)


# -- limits --------------------------------------------------------------------------------------------------


class SlidingWindowMachine(RuleBasedStateMachine):
    """Whatever is acquired and however time passes, no sixty seconds hold more than the limits."""

    REQUESTS, TOKENS = 4, 100

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.handler = self.world.handler(rate_limit=self.REQUESTS, token_rate_limit=self.TOKENS)
        self.admitted: list[tuple[float, int, int]] = []

    def used(self, at: float) -> tuple[int, int]:
        """Return the requests and tokens admitted in the sixty seconds before `at`."""
        counted = [(requests, tokens) for when, requests, tokens in self.admitted if at - 60 < when <= at]
        return sum(requests for requests, _ in counted), sum(tokens for _, tokens in counted)

    @rule(seconds=st.one_of(eighths, st.sampled_from([0.125, 30.0, 59.875, 60.0])))
    def time_passes(self, seconds: float) -> None:
        self.world.now += seconds

    @rule(tokens=st.integers(0, TOKENS), requests=st.integers(0, REQUESTS))
    def acquire(self, tokens: int, requests: int) -> None:
        used_requests, used_tokens = self.used(self.world.now)
        fits = used_requests + requests <= self.REQUESTS and used_tokens + tokens <= self.TOKENS
        if fits:
            self.handler.acquire(tokens, requests)
            self.admitted.append((self.world.now, requests, tokens))
        else:
            with pytest.raises(RateLimitExceededError) as caught:
                self.handler.acquire(tokens, requests)
            self.wait_is_exact(caught.value.retry_after, tokens, requests)

    def wait_is_exact(self, wait: float, tokens: int, requests: int) -> None:
        """The amounts fit after `wait` seconds, and an eighth of a second earlier they did not."""
        assert 0 < wait <= 60
        for seconds, expected in ((wait, True), (wait - 0.125, False)):
            used_requests, used_tokens = self.used(self.world.now + seconds)
            fits = used_requests + requests <= self.REQUESTS and used_tokens + tokens <= self.TOKENS
            assert fits is expected

    @invariant()
    def remaining_is_what_the_last_minute_left(self) -> None:
        used_requests, used_tokens = self.used(self.world.now)
        assert self.handler.remaining_requests == self.REQUESTS - used_requests
        assert self.handler.remaining_tokens == self.TOKENS - used_tokens


TestSlidingWindow = SlidingWindowMachine.TestCase


@given(st.integers(1, 1000), st.integers(0, 1000), st.integers(0, 2000))
def test_allowed_is_what_is_wanted_and_left_and_uses_nothing_up(limit: int, used: int, wanted: int) -> None:
    """get_allowed_* is the smaller of what is wanted and what is left, however often it is asked."""
    used = min(used, limit)
    requests = World().handler(rate_limit=limit)
    requests.acquire(10**9, used)
    tokens = World().handler(token_rate_limit=limit)
    tokens.acquire(used, 10**9)
    for _ in range(2):
        assert requests.get_allowed_requests(wanted) == min(wanted, limit - used)
        assert tokens.get_allowed_tokens(wanted) == min(wanted, limit - used)
        assert requests.get_allowed_tokens(wanted) == wanted
        assert tokens.get_allowed_requests(wanted) == wanted


@given(st.integers(0, 10**30))
def test_without_limits_everything_is_allowed(wanted: int) -> None:
    """A handler without limits allows any amount and reports no remainder."""
    handler = World().handler()
    handler.acquire(wanted, wanted)
    assert handler.get_allowed_requests(wanted) == wanted
    assert handler.get_allowed_tokens(wanted) == wanted
    assert handler.remaining_requests is None
    assert handler.remaining_tokens is None


@given(st.integers(1, 100), st.integers(1, 100))
def test_acquire_refuses_at_once_what_would_never_fit(limit: int, excess: int) -> None:
    """An amount above the limit itself is an error of its own, and uses nothing up."""
    handler = World().handler(rate_limit=limit, token_rate_limit=limit)
    advice = f"exceed the limit of {limit} per minute and would never fit: ask for less, or raise the limit"
    assert (
        refusal(ValueError, lambda: handler.acquire(limit + excess))
        == f"{limit + excess} tokens at once {advice}"
    )
    assert refusal(ValueError, lambda: handler.acquire(0, limit + excess)) == (
        f"{limit + excess} requests at once {advice}"
    )
    assert (handler.remaining_requests, handler.remaining_tokens) == (limit, limit)
    handler.acquire(limit, limit)
    assert (handler.remaining_requests, handler.remaining_tokens) == (0, 0)


def test_acquire_is_one_request_and_names_the_limit_that_is_used_up() -> None:
    world = World()
    handler = world.handler(rate_limit=2, token_rate_limit=10)
    handler.acquire(10)
    assert (handler.remaining_requests, handler.remaining_tokens) == (1, 0)
    world.now += 20
    assert refusal(RateLimitExceededError, lambda: handler.acquire(1)) == (
        "the token limit is used up for another 40 s: wait, or raise the limit"
    )
    handler.acquire(0)
    world.now += 0.5
    assert refusal(RateLimitExceededError, lambda: handler.acquire(0)) == (
        "the request limit is used up for another 39.5 s: wait, or raise the limit"
    )


def test_limits_and_cooldowns_are_read_and_changed_under_the_lock() -> None:
    held: list[bool] = []

    def clock() -> float:
        held.append(handler._lock.locked())
        return 5000.0

    handler = World().handler(rate_limit=5, token_rate_limit=5, clock=clock)
    handler.acquire(1)
    handler.get_allowed_requests(1)
    handler.get_allowed_tokens(1)
    handler.next_provider()
    assert held == [True] * 7  # one each, and one for each provider
    assert not handler._lock.locked()
    with pytest.raises(ValueError, match="would never fit"):
        handler.acquire(6)
    assert not handler._lock.locked()


def test_threads_share_one_limit() -> None:
    handler = World().handler(rate_limit=50)
    admitted: list[int] = []

    def work() -> None:
        for _ in range(20):
            with suppress(RateLimitExceededError):
                handler.acquire(0)
                admitted.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 50


@given(st.integers(1, 5), st.integers(0, 6), st.integers(0, 3))
def test_every_attempt_counts_as_a_request(limit: int, stumbles: int, max_retries: int) -> None:
    """complete() stops before the attempt that would exceed the request limit."""
    world = World({"openai": [failing(FailureKind.SERVER)] * stumbles}, jitter=0.0)
    handler = world.handler(["openai"], max_retries, limit)
    wanted = min(stumbles, max_retries) + 1
    if wanted > limit:
        with pytest.raises(RateLimitExceededError) as caught:
            handler.complete("hi")
        assert caught.value.retry_after == 60
    elif stumbles > max_retries:
        with pytest.raises(Exception, match="every provider failed"):
            handler.complete("hi")
    else:
        assert handler.complete("hi").text == "hello"
    assert len(world.calls) == min(wanted, limit)
    assert handler.remaining_requests == limit - len(world.calls)


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=3), st.integers(1, 5000))
def test_an_attempt_counts_its_input_and_all_it_may_answer(contents: list[str], max_tokens: int) -> None:
    """complete() uses up the estimated input, four tokens around each message, and max_tokens."""
    handler = World().handler(token_rate_limit=10**6)
    turns = [{"role": "user", "content": content} for content in contents]
    handler.complete(turns, "gpt-4o", max_tokens=max_tokens)
    used = sum(handler.count_tokens(content, "gpt-4o") + 4 for content in contents) + max_tokens
    assert handler.remaining_tokens == 10**6 - used


# -- money ---------------------------------------------------------------------------------------------------

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


@given(providers, providers)
def test_cost_refuses_a_model_that_names_another_provider(provider: str, named: str) -> None:
    """A model's prefix and the provider must agree."""
    assume(provider != named)
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
        ("cheap", ValueError, "the price of 'm' is not a number: 'cheap'"),
        (-1, ValueError, "the price of 'm' must be finite and not negative, not -1"),
        ("NaN", ValueError, "the price of 'm' must be finite and not negative, not 'NaN'"),
        ("inf", ValueError, "the price of 'm' must be finite and not negative, not 'inf'"),
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
    assert pricing.context_window(provider, model) == window


def test_the_fixed_noon_is_noon() -> None:
    assert datetime.fromtimestamp(NOON, UTC) == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert set(DEFAULT_MODELS) == set(VALID_PROVIDERS)
