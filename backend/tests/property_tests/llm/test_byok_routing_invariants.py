"""Laws of routing: registered providers, the order of one request, and what a route says about itself."""

from __future__ import annotations

import string
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.byok_handler import VALID_PROVIDERS, BYOKHandler
from core.llm.catalogue import ProviderSpec
from core.llm.errors import NoProviderError, UnknownModelError
from core.llm.failures import Failure, FailureKind
from core.llm.routing import RouteInfo, RouteStop
from tests.property_tests.llm.llm_strategies import (
    DEFAULT_MODELS,
    World,
    failing,
    nobodys_models,
    own_families,
    priorities,
    provider_sets,
    providers,
    refusal,
)

WINDOWS = {"openai": 400_000, "anthropic": 1_000_000, "deepseek": 1_000_000, "gemini": 1_048_576}
ids = st.builds(
    str.__add__,
    st.sampled_from(string.ascii_lowercase),
    st.text(string.ascii_lowercase + string.digits + "-_", max_size=10),
).filter(lambda name: name not in VALID_PROVIDERS)


def a_spec(**changes: Any) -> ProviderSpec:
    usual = {
        "id": "groq",
        "base_url": "https://api.groq.com/openai/v1",
        "default_model": "llama-3",
        "env_vars": ("GROQ_API_KEY",),
        "families": ("llama",),
    }
    return ProviderSpec(**(usual | changes))


# -- registered providers ------------------------------------------------------------------------------------


@given(ids, st.booleans(), st.sampled_from("/:"))
def test_a_registered_provider_is_like_any_other_and_least_preferred(
    name: str, at_once: bool, mark: str
) -> None:
    """It has keys, a family, a prefix and a place in the priority; nobody else's handler knows it."""
    world = World()
    spec = a_spec(id=name)
    handler = world.handler(keys=(), env={"GROQ_API_KEY": "a-key"}, providers=[spec] if at_once else [])
    if not at_once:
        handler.register_provider(spec)
    assert handler.provider_priority == [*VALID_PROVIDERS, name]
    assert handler.configured_providers == (name,)
    assert handler.select_provider("Llama-3-70b") == name
    assert handler.select_provider(f"{name.upper()}{mark}gpt-4o") == name
    answer = handler.complete("hi", f"{name}{mark}some/model:x")
    assert (answer.provider, answer.model, answer.cost) == (name, "some/model:x", None)
    assert world.calls[0].spec == spec
    assert handler.complete("hi").model == "llama-3"
    assert not handler.counts_exactly("llama-3")
    assert handler.count_tokens("hello world", "llama-3") == 3
    assert handler.context_window("llama-3") is None
    assert refusal(UnknownModelError, handler.calculate_cost, 1, 1, name) == (
        f"no price is known for 'llama-3' at {name}:"
        " pass price_overrides={'llama-3': (input, output)}, in dollars per million tokens"
    )
    with pytest.raises(ValueError, match="unknown provider"):
        World().handler().set_api_key(name, "key")


def test_a_registered_provider_may_come_first_when_the_constructor_knows_it() -> None:
    handler = World().handler(["groq", "openai"], keys=["openai", "groq"], providers=[a_spec()])
    assert handler.complete("hi").provider == "groq"
    assert handler.provider_priority == ["groq", "openai"]
    handler.register_provider(a_spec(id="other"))
    assert handler.provider_priority == ["groq", "openai", "other"]


def test_a_price_may_be_for_one_provider_only() -> None:
    own = {"groq/m": ("1", "2"), "M": (3, 4), "other:m": (5, 6)}
    specs = [a_spec(), a_spec(id="other"), a_spec(id="third")]
    handler = World().handler(providers=specs, price_overrides=own)
    costs = [handler.calculate_cost(10**6, 10**6, spec.id, "m") for spec in specs]
    assert costs == [3, 11, 7]
    assert handler.calculate_cost(10**6, 0, "groq", "groq/m") == Decimal(1)


@pytest.mark.parametrize("pair", [5, (1,), (1, 2, 3), "12", None])
def test_a_price_is_a_pair(pair: Any) -> None:
    assert refusal(TypeError, BYOKHandler, price_overrides={"m": pair}) == (
        f"the price of 'm' must be a pair (input, output), not {pair!r}"
    )


@given(st.one_of(providers, st.just("groq")))
def test_an_id_is_given_once(name: str) -> None:
    """A taken id is refused, since another host would get its keys."""
    handler = World().handler(providers=[a_spec()])
    said = f"there is a provider {name!r} already: choose another id"
    assert refusal(ValueError, handler.register_provider, a_spec(id=name)) == said
    assert refusal(ValueError, BYOKHandler, providers=[a_spec(), a_spec(id=name)]) == said


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        *(
            (
                {"id": bad},
                ValueError,
                f"the provider id {bad!r} must be lower-case letters, digits, - and _, a letter first",
            )
            for bad in ("", "Groq", "1a", "a/b", "a:b", "a b", "é", "a\n")
        ),
        ({"sdk": "cohere"}, ValueError, "sdk must be openai or anthropic, not 'cohere'"),
        ({"default_model": " "}, ValueError, "default_model must not be blank"),
        ({"default_model": 5}, TypeError, "default_model must be a str, not int"),
        ({"base_url": 5}, TypeError, "base_url must be a str, not int"),
        *(
            (
                {"base_url": bad},
                ValueError,
                "base_url must be like https://host/path: http or https, a host, no user and no query",
            )
            for bad in (
                "",
                "api.groq.com",
                "ftp://host",
                "https://",
                "https://u@host",
                "https://:p@host",
                "https://host?key=1",
                "https://host#a",
                "https://[host",
                "https://host:port",
                "https://host:0",
                "https://host/a b",
                "https://host\n",
            )
        ),
    ],
)
def test_a_spec_that_cannot_work_is_refused_when_registered(
    changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    handler = World().handler()
    assert refusal(error, handler.register_provider, a_spec(**changes)) == message
    assert handler.provider_priority == list(VALID_PROVIDERS)


def test_a_spec_must_be_one() -> None:
    build: Any = BYOKHandler
    assert refusal(TypeError, build, providers=["groq"]) == "a provider must be a ProviderSpec, not str"


def test_two_threads_cannot_both_register_one_id() -> None:
    handler = World().handler()
    held: list[bool] = []

    class Watched(dict[str, Any]):
        def __contains__(self, name: object) -> bool:
            held.append(handler._own.catalogue._lock.locked())
            return super().__contains__(name)

    handler._own.catalogue._specs = Watched(handler._own.catalogue._specs)
    handler.register_provider(a_spec())
    assert held[0]


@pytest.mark.parametrize("url", ["http://localhost:11434/v1", "https://host", "http://[::1]:80/"])
def test_any_host_may_be_registered(url: str) -> None:
    handler = World().handler(providers=[a_spec(base_url=url, sdk="anthropic")])
    assert handler.provider_priority[-1] == "groq"


# -- the order of one request --------------------------------------------------------------------------------


@given(priorities, priorities, provider_sets)
def test_providers_take_the_place_of_the_priority_for_one_request(
    priority: list[str], order: list[str], with_key: set[str]
) -> None:
    """With providers given, they alone are asked, in their order; the priority stays as it is."""
    world = World(otherwise=failing(FailureKind.MODEL_NOT_FOUND))
    handler = world.handler(priority, keys=with_key)
    asked = [p for p in order if p in with_key]
    if asked:
        assert handler.fallback_chain(providers=order) == tuple((p, DEFAULT_MODELS[p]) for p in asked)
    with pytest.raises(Exception, match=r"every provider failed|no provider has a key"):
        handler.complete("hi", providers=order)
    assert world.asked == asked
    assert handler.provider_priority == priority


@given(own_families, priorities)
def test_providers_must_hold_the_models_own(family: tuple[str, str], order: list[str]) -> None:
    """A model whose provider is not among those of the request is an error."""
    handler = World().handler()
    if family[0] in order:
        assert handler.fallback_chain(family[1], providers=order)[0][0] == family[0]
    else:
        with pytest.raises(NoProviderError):
            handler.fallback_chain(family[1], providers=order)


def test_providers_are_checked_like_a_priority() -> None:
    handler: Any = World().handler()
    assert refusal(ValueError, handler.complete, "hi", providers=[]) == (
        "providers must name at least one provider, or be None for all of them"
    )
    assert refusal(ValueError, handler.stream, "hi", providers=["gemini", "gemini"]) == (
        "providers names 'gemini' more than once"
    )
    assert refusal(TypeError, handler.astream, "hi", providers={"gemini"}) == (
        "providers must have an order: pass a list, not a set"
    )


# -- what a route says about itself --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "keys", "first", "reason"),
    [
        (None, ("openai", "gemini"), "openai", "no model was named: the most preferred provider with a key"),
        (None, ("gemini",), "gemini", "no model was named: the most preferred provider with a key"),
        ("gemini-2.5-pro", VALID_PROVIDERS, "gemini", "the model's own provider"),
        ("gemini/gpt-4o", VALID_PROVIDERS, "gemini", "named before the model"),
        ("llama-3", VALID_PROVIDERS, "openai", "a model of no known family: the most preferred provider"),
        ("llama-3", ("gemini",), "gemini", "openai has no key: the most preferred provider that has one"),
        ("gpt-4o", ("gemini",), "gemini", "openai has no key: the most preferred provider that has one"),
        ("openai/x", ("gemini",), "gemini", "openai has no key: the most preferred provider that has one"),
    ],
)
def test_route_info_gives_the_reason(
    model: str | None, keys: tuple[str, ...], first: str, reason: str
) -> None:
    world = World()
    info = world.handler(keys=keys).route_info(model)
    assert (info.model, info.provider, info.reason) == (model, first, reason)
    assert [stop.provider for stop in info.stops] == [
        first,
        *(p for p in VALID_PROVIDERS if p in keys and p != first),
    ]
    assert world.calls == []


@given(priorities)
def test_route_info_names_every_stop_with_its_window_and_wait(order: list[str]) -> None:
    """Each stop of the chain tells its usable keys, its window, and how long until it is ready."""
    world = World({order[0]: [Failure(FailureKind.RATE_LIMITED, "", 429, 7.5)]})
    handler = world.handler()
    for provider in order[1:]:
        handler.add_api_key(provider, "a-second-key")
    if len(order) > 1:
        handler.complete("hi", providers=order)
        world.now += 2.5
    waits = {order[0]: 5.0} if len(order) > 1 else {}
    assert handler.route_info(providers=order) == RouteInfo(
        None,
        order[0],
        "no model was named: the most preferred provider with a key",
        tuple(
            RouteStop(p, DEFAULT_MODELS[p], 2 if p in order[1:] else 1, waits.get(p, 0.0), WINDOWS[p])
            for p in order
        ),
    )


def test_a_stop_whose_key_was_rejected_is_never_ready() -> None:
    world = World({"openai": [failing(FailureKind.AUTH)]})
    handler = world.handler(["openai", "gemini"])
    handler.complete("hi")
    stop = handler.route_info().stops[0]
    assert (stop.keys, stop.wait) == (0, None)


@given(providers)
def test_context_window_is_the_one_of_the_model_at_its_provider(provider: str) -> None:
    """A model has its own window, with or without prefix; an unknown one has none."""
    handler = World().handler(keys=())
    assert handler.context_window(DEFAULT_MODELS[provider]) == WINDOWS[provider]
    assert handler.context_window(f"{provider}:{DEFAULT_MODELS[provider]}") == WINDOWS[provider]
    assert handler.context_window(f"{provider}/no-such-model") is None


@given(st.integers(0, 12), st.integers(1, 8192))
def test_a_request_fits_when_input_and_answer_do(words: int, max_tokens: int) -> None:
    """Input, overhead and the whole answer must fit into the window; to the token where counts are exact."""
    handler = World().handler(keys=())
    prompt = "hello" + " hello" * words
    fits = 1 + words + 7 + max_tokens <= 8192
    assert handler.fits(prompt, "gpt-4", max_tokens=max_tokens) is fits
    assert handler.fits([{"role": "user", "content": prompt}], "openai/gpt-4", max_tokens=max_tokens) is fits


def test_a_request_fits_at_the_very_edge() -> None:
    handler = World().handler(keys=())
    assert handler.fits("hello", "gpt-4", max_tokens=8192 - 8) is True
    assert handler.fits("hello", "gpt-4", max_tokens=8192 - 7) is False
    assert handler.fits("hello" + " hello" * (8192 - 8 - 1024), "gpt-4") is True
    assert handler.fits("hello" + " hello" * (8192 - 7 - 1024), "gpt-4") is False


@given(nobodys_models)
def test_nobody_knows_whether_a_request_fits_an_unknown_window(model: str) -> None:
    """Of a model without a known window fits says neither yes nor no."""
    assert World().handler().fits("hi", model) is None


@given(st.one_of(st.none(), own_families.map(lambda family: family[1])), st.integers(1, 1000))
def test_estimates_need_no_key_and_grow_with_the_answer(model: str | None, max_tokens: int) -> None:
    """estimate_cost prices the input and an answer of max_tokens at the first model of the route."""
    handler = World().handler(keys=(), price_overrides={} if model is None else {model: (1, 2)})
    cost = handler.estimate_cost("hello", model, max_tokens=max_tokens)
    first = model or "gpt-5-mini"
    provider = handler.select_provider(first)
    tokens_in = handler.count_tokens("hello", f"{provider}/{first}") + 7
    assert cost == handler.calculate_cost(tokens_in, max_tokens, provider, first)
    assert handler.estimate_cost("hello", model) == handler.estimate_cost("hello", model, max_tokens=1024)


def test_estimates_check_what_they_are_given() -> None:
    handler = World().handler()
    assert (
        refusal(ValueError, handler.estimate_cost, "hi", max_tokens=0)
        == "max_tokens must be at least 1, not 0"
    )
    assert refusal(ValueError, handler.estimate_cost, " ") == "the prompt must not be blank"
    assert (
        refusal(ValueError, handler.fits, "hi", "gpt-4", max_tokens=0)
        == "max_tokens must be at least 1, not 0"
    )
