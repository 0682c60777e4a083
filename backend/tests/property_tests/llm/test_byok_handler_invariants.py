"""Laws of the handler: which provider, in which order, after which failure, with which key."""

from __future__ import annotations

import copy
import pickle
import pprint
import string
import traceback
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.byok_handler import VALID_PROVIDERS, BYOKHandler
from core.llm.completion import Attempt, Completion, Message, Reply
from core.llm.errors import (
    AllProvidersFailedError,
    BYOKError,
    InvalidKeyError,
    NoProviderError,
    RequestRejectedError,
)
from core.llm.failures import Failure, FailureKind
from core.llm.keys import Secret, redact
from tests.property_tests.llm.llm_strategies import (
    DEFAULT_MODELS,
    REFUSED,
    SETTLED,
    TRANSIENT,
    World,
    api_keys,
    eighths,
    endings,
    failing,
    key_of,
    kinds,
    nobodys_models,
    not_strings,
    not_whole,
    own_families,
    priorities,
    provider_sets,
    providers,
    refusal,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SERVER_DOWN = failing(FailureKind.SERVER)

# -- selection -----------------------------------------------------------------------------------------------


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


# -- priority ------------------------------------------------------------------------------------------------


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


@given(st.lists(providers, min_size=2, max_size=6).filter(lambda names: len(set(names)) < len(names)))
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


@given(not_whole.filter(lambda value: value is not None))
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


# -- keys ----------------------------------------------------------------------------------------------------


@given(priorities, provider_sets, provider_sets)
def test_configured_providers_are_those_with_a_key_in_order(
    priority: list[str], given_keys: set[str], removed: set[str]
) -> None:
    """configured_providers lists exactly the providers whose key was set and not removed, in priority order."""
    handler = World().handler(priority, keys=given_keys)
    for provider in removed:
        handler.remove_api_key(provider)
    assert handler.configured_providers == tuple(p for p in priority if p in given_keys - removed)
    assert {p for p in VALID_PROVIDERS if handler.is_provider_configured(p)} == given_keys - removed


@pytest.mark.parametrize(
    ("variable", "provider"),
    [
        ("OPENAI_API_KEY", "openai"),
        ("ANTHROPIC_API_KEY", "anthropic"),
        ("DEEPSEEK_API_KEY", "deepseek"),
        ("GEMINI_API_KEY", "gemini"),
        ("GOOGLE_API_KEY", "gemini"),
    ],
)
@given(key=api_keys, blank=st.text(" \t\n", max_size=3))
def test_a_key_in_the_environment_configures_its_provider(
    variable: str, provider: str, key: str, blank: str
) -> None:
    """A key in the environment is used without its surrounding blanks; blanks alone are no key."""
    world = World()
    env = {variable: f"{blank}{key}{blank}"}
    handler = world.handler(keys=(), env=env)
    assert handler.configured_providers == (provider,)
    assert handler.complete("hi").provider == provider
    assert world.keys == [key]
    env[variable] = blank
    assert not handler.configured_providers


def test_without_env_the_process_environment_is_read_at_each_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "DEEPSEEK_API_KEY",
        "GEMINI_API_KEY",
        "GOOGLE_API_KEY",
    ):
        monkeypatch.delenv(variable, raising=False)
    handler = BYOKHandler()
    assert handler.configured_providers == ()
    monkeypatch.setenv("DEEPSEEK_API_KEY", "key")
    assert BYOKHandler().configured_providers == ("deepseek",)
    assert handler.is_provider_configured("deepseek")


@given(api_keys, api_keys, api_keys)
def test_a_key_set_by_hand_hides_the_environment_until_removed(by_hand: str, first: str, second: str) -> None:
    """The key used is the one set, else the first variable's, else its alias's."""
    world = World()
    env = {"GEMINI_API_KEY": first, "GOOGLE_API_KEY": second}
    handler = world.handler(keys=(), env=env)
    handler.set_api_key("gemini", by_hand)
    handler.complete("hi")
    handler.remove_api_key("gemini")
    handler.complete("hi")
    env["GEMINI_API_KEY"] = " "
    handler.complete("hi")
    assert world.keys == [by_hand, first, second]


@given(
    api_keys, st.characters(max_codepoint=0x2FFF).filter(lambda c: not "!" <= c <= "~"), st.integers(1, 13)
)
def test_keys_no_header_can_carry_are_refused_without_being_shown(key: str, bad: str, at: int) -> None:
    """A key with a blank, control or non-ASCII character inside is refused, and the refusal does not show it."""
    broken = key[:at] + bad + key[at:]
    handler = World().handler(keys=(), env={"OPENAI_API_KEY": broken})
    reason = "holds blanks, control or non-ASCII characters: copy it again"
    assert (
        refusal(InvalidKeyError, lambda: handler.set_api_key("gemini", broken))
        == f"the key for gemini {reason}"
    )
    assert refusal(InvalidKeyError, lambda: handler.is_provider_configured("openai")) == (
        f"the environment variable OPENAI_API_KEY {reason}"
    )
    assert not handler.is_provider_configured("gemini")


@given(st.text(" \t\r\n"))
def test_blank_keys_are_refused(blank: str) -> None:
    """A blank key is an error, and says how to remove one."""
    assert refusal(InvalidKeyError, lambda: World().handler().set_api_key("openai", blank)) == (
        "the key for openai is blank: pass the key itself, or call remove_api_key"
    )


def test_every_visible_ascii_character_may_be_in_a_key_and_no_other() -> None:
    world = World()
    handler = world.handler(["openai"], keys=())
    for character in map(chr, range(0x100)):
        key = f"k{character}k"
        if character in string.ascii_letters + string.digits + string.punctuation:
            handler.set_api_key("openai", key)
            handler.complete("hi")
            assert world.keys[-1] == key
        else:
            with pytest.raises(InvalidKeyError):
                handler.set_api_key("openai", key)


@given(api_keys, kinds, st.sampled_from(VALID_PROVIDERS))
def test_no_outcome_shows_a_key(key: str, kind: FailureKind, provider: str) -> None:
    """Whatever a provider echoes, no message, traceback, attempt or dump of the handler holds the key."""
    world = World(otherwise=Failure(kind, f"key {key} is wrong\nBearer {key}"))
    handler = world.handler([provider], 1, keys=())
    handler.set_api_key(provider, key)
    with pytest.raises(BYOKError) as caught:
        handler.complete("hi")
    inside = (
        caught.value.__traceback__ and caught.value.__traceback__.tb_next
    )  # this frame's own locals hold the key
    report = traceback.TracebackException(type(caught.value), caught.value, inside, capture_locals=True)
    seen = [
        *report.format(),
        repr(caught.value),
        repr(vars(caught.value)),
        repr(handler),
        str(handler),
        pprint.pformat(vars(handler)),
    ]
    assert world.keys[0] == key
    assert not [text for text in seen if key in text]
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@given(api_keys)
def test_a_secret_shows_nothing_and_stays_where_it_is(key: str) -> None:
    """A secret prints as stars, has no attributes to list, and can be neither pickled nor copied."""
    secret = Secret(key)
    handler = World().handler(keys=())
    handler.set_api_key("openai", key)
    refused = "keys cannot be pickled or copied: set them again where they are needed"
    assert (repr(secret), str(secret), f"{secret}") == ("Secret(***)",) * 3
    assert secret.reveal() == key
    assert not hasattr(secret, "__dict__")
    assert not hasattr(handler._keys, "__dict__")
    for owner in (secret, handler._keys, handler):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert refusal(TypeError, pickle.dumps, owner, protocol) == refused
        assert refusal(TypeError, copy.deepcopy, owner) == refused


@given(api_keys, api_keys)
def test_secrets_are_equal_when_their_keys_are(one: str, other: str) -> None:
    """Secrets compare and hash by their key, and equal nothing that is not a secret."""
    assert Secret(one) == Secret(one)
    assert hash(Secret(one)) == hash(one)
    assert (Secret(one) == Secret(other)) == (one == other)
    assert Secret(one) != one


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "Incorrect API key provided: sk-abc*****xyz. Look it up.",
            "Incorrect API key provided: *** Look it up.",
        ),
        ("header Bearer abc.def was refused", "header *** was refused"),
        ("https://host/x?KEY=abc123, again", "https://host/x?***, again"),
        ("key: abc123 \t\n refused", "*** refused"),
        ("AIzaSyD-1234 is not valid", "*** is not valid"),
        ("my-own-secret! is (my-own-secret!)", "*** is (***)"),
        ("nothing to hide: a monkey, a keyboard", "nothing to hide: a monkey, a keyboard"),
        ("x" * 400, "x" * 300),
    ],
)
def test_redact_masks_keys_and_what_looks_like_one(said: str, kept: str) -> None:
    assert redact(said, Secret("my-own-secret!")) == kept


@given(api_keys, st.text(), st.text())
def test_redact_removes_the_key_before_it_shortens(key: str, before: str, after: str) -> None:
    """However the key sits in a text, none of it is left even where the text is cut."""
    padding = "-" * max(0, 292 - len(before))
    text = redact(f"{before}{padding}{key}{after}", Secret(key))
    assert key[:7] not in text
    assert len(text) <= 300


# -- fallback ------------------------------------------------------------------------------------------------


@given(priorities, provider_sets, provider_sets)
def test_next_provider_is_the_most_preferred_that_has_a_key_and_did_not_fail(
    priority: list[str], with_key: set[str], failed: set[str]
) -> None:
    """next_provider walks the priority, skips those without a key or failed, and says so when none is left."""
    handler = World().handler(priority, keys=with_key)
    left = [p for p in priority if p in with_key - failed]
    if left:
        assert handler.next_provider(failed) == left[0]
    else:
        assert refusal(NoProviderError, lambda: handler.next_provider(failed)) == (
            f"no provider is left of {', '.join(priority)}: wait for one to cool down, or set a key"
        )


@given(priorities, provider_sets, provider_sets)
def test_next_provider_chooses_from_the_available_when_told(
    priority: list[str], available: set[str], failed: set[str]
) -> None:
    """With `available` given, keys do not matter: the choice is its part of the priority that did not fail."""
    handler = World().handler(priority, keys=())
    left = [p for p in priority if p in available - failed]
    if left:
        assert handler.next_provider(tuple(failed), list(available)) == left[0]
    else:
        with pytest.raises(NoProviderError):
            handler.next_provider(tuple(failed), list(available))


def test_next_provider_refuses_a_name_in_place_of_a_list() -> None:
    handler: Any = World().handler()
    for argument in ("failed", "available"):
        message = refusal(TypeError, handler.next_provider, **{argument: "openai"})
        assert message == f"{argument} must be a list of provider names, not 'openai'"


@given(priorities, st.sets(providers, min_size=1), st.one_of(st.none(), own_families))
def test_fallback_chain_is_the_native_route_then_everyone_elses_default(
    priority: list[str], with_key: set[str], family: tuple[str, str] | None
) -> None:
    """The chain holds each configured provider once: the native one first, with the model asked for."""
    handler = World().handler(priority, keys=with_key)
    configured = [p for p in priority if p in with_key]
    if family is not None and family[0] not in priority:
        with pytest.raises(NoProviderError):
            handler.fallback_chain(family[1])
    elif not configured:
        message = refusal(NoProviderError, lambda: handler.fallback_chain(None))
        variables = {
            "openai": "OPENAI_API_KEY",
            "anthropic": "ANTHROPIC_API_KEY",
            "deepseek": "DEEPSEEK_API_KEY",
            "gemini": "GEMINI_API_KEY, GOOGLE_API_KEY",
        }
        listed = ", ".join(variables[p] for p in priority)
        assert message == f"no provider has a key: call set_api_key, or set one of {listed}"
    else:
        chain = handler.fallback_chain(family and f"{family[0]}/{family[1]}")
        native = [family] if family is not None and family[0] in configured else []
        others = [(p, DEFAULT_MODELS[p]) for p in configured if [p] != [n[0] for n in native]]
        assert list(chain) == native + others


def test_without_any_key_the_error_lists_every_variable_in_priority_order() -> None:
    handler = World().handler(["gemini", "openai", "deepseek", "anthropic"], keys=())
    expected = (
        "no provider has a key: call set_api_key, or set one of"
        " GEMINI_API_KEY, GOOGLE_API_KEY, OPENAI_API_KEY, DEEPSEEK_API_KEY, ANTHROPIC_API_KEY"
    )
    assert refusal(NoProviderError, handler.fallback_chain) == expected
    assert refusal(NoProviderError, handler.fallback_chain, "gpt-4o") == expected
    assert refusal(NoProviderError, handler.complete, "hi") == expected


@given(priorities, provider_sets, st.sampled_from(SETTLED))
def test_attempts_follow_the_priority_when_everyone_fails(
    priority: list[str], with_key: set[str], kind: FailureKind
) -> None:
    """With every provider failing for good, each configured one is asked once, in priority order."""
    world = World(otherwise=failing(kind, message="gone"))
    handler = world.handler(priority, keys=with_key)
    order = [p for p in priority if p in with_key]
    if not order:
        with pytest.raises(NoProviderError):
            handler.complete("hi")
        assert world.calls == []
        return
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert world.asked == order
    assert caught.value.attempts == tuple(
        Attempt(p, DEFAULT_MODELS[p], 0.0, kind, 400, "gone") for p in order
    )
    assert caught.value.retry_after is None
    told = "; ".join(f"{p}/{DEFAULT_MODELS[p]} {kind}: gone" for p in order)
    assert str(caught.value) == f"every provider failed: {told}"
    assert world.slept == []


@given(priorities.filter(lambda p: len(p) > 1), st.data())
def test_the_first_provider_that_answers_is_the_last_asked(priority: list[str], data: st.DataObject) -> None:
    """Nobody after the provider that answers is asked, and the answer names it."""
    winner = data.draw(st.integers(0, len(priority) - 1))
    world = World({provider: [failing(FailureKind.MODEL_NOT_FOUND)] for provider in priority[:winner]})
    answer = world.handler(priority).complete("hi")
    assert world.asked == priority[: winner + 1]
    assert (answer.provider, answer.model) == (priority[winner], DEFAULT_MODELS[priority[winner]])
    assert [attempt.failure for attempt in answer.attempts] == [FailureKind.MODEL_NOT_FOUND] * winner + [None]


# -- retries -------------------------------------------------------------------------------------------------


@given(priorities, st.integers(0, 4), st.sampled_from(TRANSIENT))
def test_each_provider_is_called_once_and_max_retries_more(
    priority: list[str], max_retries: int, kind: FailureKind
) -> None:
    """A provider that keeps stumbling is called exactly 1 + max_retries times before the next one."""
    world = World(otherwise=failing(kind), jitter=0.0)
    with pytest.raises(AllProvidersFailedError) as caught:
        world.handler(priority, max_retries).complete("hi")
    assert world.asked == [p for p in priority for _ in range(1 + max_retries)]
    assert len(caught.value.attempts) == len(world.calls)
    assert caught.value.retry_after == 5.0
    assert str(caught.value).endswith("; try again in 5 s")


@given(st.integers(0, 10), st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.sampled_from(TRANSIENT))
def test_backoff_doubles_from_half_a_second_to_eight(stumbles: int, jitter: float, kind: FailureKind) -> None:
    """Waits are the jitter's share of 0.5, 1, 2, 4, 8, 8, … seconds, one before each retry."""
    world = World({"openai": [failing(kind)] * stumbles}, jitter=jitter)
    answer = world.handler(max_retries=10).complete("hi")
    assert world.slept == [
        jitter * full for full in [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0][:stumbles]
    ]
    assert (answer.provider, len(answer.attempts)) == ("openai", stumbles + 1)
    assert answer.elapsed == sum(world.slept)


def test_one_request_waits_sixty_seconds_at_most() -> None:
    world = World(otherwise=SERVER_DOWN)
    with pytest.raises(AllProvidersFailedError):
        world.handler(["openai", "gemini"], 50).complete("hi")
    assert sum(world.slept[:10]) == 55.5
    assert world.slept[10:] == [0.5, 1.0, 2.0]
    assert world.asked == ["openai"] * 11 + ["gemini"] * 4


def test_max_retries_is_three_unless_said_otherwise() -> None:
    world = World(otherwise=SERVER_DOWN)
    with pytest.raises(AllProvidersFailedError):
        world.handler(["openai"]).complete("hi")
    assert len(world.calls) == 4


@given(eighths)
def test_a_stumbling_provider_is_retried_no_sooner_than_it_asks(asked_for: float) -> None:
    """A server's own Retry-After lengthens the backoff; beyond what one call may wait, it is left instead."""
    world = World({"openai": [failing(FailureKind.SERVER, asked_for)]})
    answer = world.handler().complete("hi")
    if asked_for <= 60:
        assert (answer.provider, world.slept) == ("openai", [max(0.5, asked_for)])
    else:
        assert (answer.provider, world.slept) == ("anthropic", [])


@given(st.sampled_from(REFUSED), priorities, st.integers(0, 5))
def test_a_wrong_request_is_made_once(kind: FailureKind, priority: list[str], max_retries: int) -> None:
    """A request refused for what it asks is neither repeated nor sent to anyone else."""
    world = World(otherwise=failing(kind, message="bad field"))
    with pytest.raises(RequestRejectedError) as caught:
        world.handler(priority, max_retries).complete("hi")
    first = priority[0]
    assert world.asked == [first]
    assert caught.value.attempts == (Attempt(first, DEFAULT_MODELS[first], 0.0, kind, 400, "bad field"),)
    assert str(caught.value) == f"{first}/{DEFAULT_MODELS[first]} refused the request ({kind}): bad field"


# -- cooldowns -----------------------------------------------------------------------------------------------


@given(st.one_of(st.none(), eighths.filter(lambda s: s > 0)), st.integers(0, 3))
def test_a_full_provider_is_left_at_once_for_a_free_one(retry_after: float | None, max_retries: int) -> None:
    """On 429 the next provider is asked without a pause, and the full one rests as long as it asked, else 5 s."""
    world = World({"openai": [failing(FailureKind.RATE_LIMITED, retry_after)]})
    handler = world.handler(max_retries=max_retries)
    rest = 5.0 if retry_after is None else retry_after
    assert handler.complete("hi").provider == "anthropic"
    assert world.slept == []
    assert handler.next_provider() == "anthropic"
    world.now += rest - 0.125
    assert handler.next_provider() == "anthropic"
    assert handler.complete("hi").provider == "anthropic"
    world.now += 0.125
    assert handler.next_provider() == "openai"
    assert handler.complete("hi").provider == "openai"


@given(st.one_of(st.none(), eighths))
def test_a_full_provider_without_alternative_is_waited_for(retry_after: float | None) -> None:
    """With nobody else to ask, a 429 is waited out if it takes a minute at most, and reported if longer."""
    world = World({"openai": [failing(FailureKind.RATE_LIMITED, retry_after)]})
    handler = world.handler(keys=["openai"])
    pause = 5.0 if retry_after is None else retry_after
    if pause <= 60:
        assert handler.complete("hi").elapsed == pause
        assert world.slept == [pause]
    else:
        with pytest.raises(AllProvidersFailedError) as caught:
            handler.complete("hi")
        assert caught.value.retry_after == pause
        assert world.slept == []


@given(st.one_of(st.none(), eighths, st.floats(3600, 10**6)))
def test_a_provider_out_of_quota_rests_an_hour_at_least(retry_after: float | None) -> None:
    """Used-up quota or credit costs a provider an hour, or longer when it says so."""
    world = World({"openai": [failing(FailureKind.QUOTA_EXHAUSTED, retry_after)]})
    handler = world.handler(["openai"])
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert caught.value.retry_after == pytest.approx(max(3600.0, retry_after or 0.0))
    assert len(world.calls) == 1
    with pytest.raises(AllProvidersFailedError) as again:
        handler.complete("hi")
    assert again.value.attempts == ()
    assert len(world.calls) == 1


@given(st.permutations(VALID_PROVIDERS), st.lists(st.integers(1, 800), min_size=4, max_size=4, unique=True))
def test_when_everyone_cools_down_the_error_says_when_the_first_is_back(
    priority: list[str], rests: list[int]
) -> None:
    """While all cool down nobody is called, and retry_after is the time until the first one is ready."""
    world = World(
        {p: [failing(FailureKind.RATE_LIMITED, 60.0 + s)] for p, s in zip(priority, rests, strict=True)}
    )
    handler = world.handler(priority)
    with pytest.raises(AllProvidersFailedError):
        handler.complete("hi")
    world.now += 60.0
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    soonest = min(rests)
    assert world.asked == priority
    assert caught.value.retry_after == soonest
    assert str(caught.value) == f"every provider failed: none is ready; try again in {soonest} s"
    world.now += soonest
    assert handler.complete("hi").provider == priority[rests.index(soonest)]


@given(st.sampled_from([FailureKind.RATE_LIMITED, FailureKind.QUOTA_EXHAUSTED, *TRANSIENT, FailureKind.AUTH]))
def test_a_new_key_ends_the_rest_of_its_provider(kind: FailureKind) -> None:
    """After a new key is set, its provider is asked at once, with that key."""
    world = World({"openai": [failing(kind)]})
    handler = world.handler(max_retries=0)
    assert handler.complete("hi").provider == "anthropic"
    assert handler.next_provider() == "anthropic"
    handler.set_api_key("openai", "another-key")
    assert handler.next_provider() == "openai"
    assert handler.complete("hi").provider == "openai"
    assert world.keys[-1] == "another-key"


@given(api_keys, api_keys)
def test_a_rejected_key_is_not_used_again_until_it_is_replaced(key: str, other: str) -> None:
    """A rejected key keeps its provider configured but unused, however long, until the environment changes."""
    env = {"OPENAI_API_KEY": key}
    world = World({"openai": [failing(FailureKind.AUTH)]})
    handler = world.handler(keys=["gemini"], env=env)
    assert handler.complete("hi").provider == "gemini"
    world.now += 10**6
    assert handler.complete("hi").provider == "gemini"
    assert handler.configured_providers == ("openai", "gemini")
    env["OPENAI_API_KEY"] = other
    assert handler.complete("hi").provider == ("gemini" if other == key else "openai")


@given(api_keys)
def test_a_rejected_key_set_again_gets_another_chance(key: str) -> None:
    """Setting a key, even the same one, means it is worth another try."""
    world = World({"openai": [failing(FailureKind.AUTH)]})
    handler = world.handler(["openai"], keys=())
    handler.set_api_key("openai", key)
    with pytest.raises(AllProvidersFailedError):
        handler.complete("hi")
    handler.set_api_key("openai", key)
    assert handler.complete("hi").provider == "openai"
    assert world.keys == [key, key]


def test_a_rejected_key_gives_no_time_to_retry_after() -> None:
    world = World({"openai": [failing(FailureKind.RATE_LIMITED, 90)], "gemini": [failing(FailureKind.AUTH)]})
    handler = world.handler(["openai", "gemini"])
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert caught.value.retry_after == 90
    handler.remove_api_key("openai")
    with pytest.raises(AllProvidersFailedError) as again:
        handler.complete("hi")
    assert again.value.retry_after is None


@given(eighths, st.integers(0, 80))
def test_a_provider_whose_rest_ended_meanwhile_may_be_asked_at_once(rest: float, others_took: int) -> None:
    """retry_after counts from the moment the error is raised, and is 0 when somebody is ready again by then."""
    full = failing(FailureKind.RATE_LIMITED, rest)
    world = World(
        {"openai": [full], "gemini": [failing(FailureKind.QUOTA_EXHAUSTED)]}, call_takes=others_took / 8
    )
    with pytest.raises(AllProvidersFailedError) as caught:
        world.handler(["openai", "gemini"]).complete("hi")
    assert caught.value.retry_after == max(0.0, rest - others_took / 8)


def test_an_unknown_model_costs_its_provider_no_rest() -> None:
    world = World({"openai": [failing(FailureKind.MODEL_NOT_FOUND)]})
    handler = world.handler()
    assert handler.complete("hi", "gpt-99").provider == "anthropic"
    assert handler.complete("hi").provider == "openai"


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("gpt-4", ["openai", "anthropic"]),  # 8k, then 1000k
        ("claude-sonnet-5", ["anthropic", "gemini"]),  # 1000k; 400k and 1000k are no larger, 1049k is
        ("gpt-5.4", ["openai"]),  # 1050k: nobody reads more
        ("gpt-5.5-cyber", ["openai"]),  # unknown: nobody is known to read more
    ],
)
def test_a_request_too_long_goes_only_to_a_larger_window(model: str, asked: list[str]) -> None:
    too_long = failing(FailureKind.CONTEXT_LENGTH, message="too long")
    world = World({asked[0]: [too_long]})
    handler = world.handler()
    if len(asked) == 1:
        message = refusal(RequestRejectedError, lambda: handler.complete("hi", model))
        assert message == f"{asked[0]}/{model} refused the request (context_length): too long"
    else:
        assert handler.complete("hi", model).provider == asked[-1]
    assert world.asked == asked
    assert handler.next_provider() == "openai"


# -- completions ---------------------------------------------------------------------------------------------

turns = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "assistant"]), "content": st.text()}),
    min_size=1,
).filter(lambda messages: any(message["role"] != "system" for message in messages))


@given(turns, st.integers(1, 10**6), st.floats(0.001, 86400), st.sampled_from([list, tuple]))
def test_the_request_arrives_as_it_was_made(
    messages: list[dict[str, str]], max_tokens: int, timeout: float, shape: type[list[dict[str, str]]]
) -> None:
    """The provider receives the turns, the limit, the timeout and the bare model exactly as given."""
    world = World()
    world.handler().complete(shape(messages), " Anthropic/claude-X ", max_tokens=max_tokens, timeout=timeout)
    (call,) = world.calls
    assert [{"role": turn.role, "content": turn.content} for turn in call.messages] == messages
    assert (call.provider, call.model) == ("anthropic", "claude-X")
    assert (call.max_tokens, call.timeout) == (max_tokens, timeout)
    assert world.keys == [key_of("anthropic")]


def test_a_prompt_is_one_user_turn_with_the_usual_limits() -> None:
    world = World()
    world.handler().complete(" hi ")
    (call,) = world.calls
    assert call.messages == (Message("user", " hi "),)
    assert (call.max_tokens, call.timeout) == (1024, 60.0)


@given(st.text(), st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["stop", "length"]), eighths)
def test_the_completion_tells_what_came_back(
    text: str, input_tokens: int, output_tokens: int, finish: str, takes: float
) -> None:
    """A completion holds the reply, its price, and the one attempt that made it."""
    world = World(otherwise=Reply(text, finish, input_tokens, output_tokens), call_takes=takes)
    handler = world.handler()
    assert handler.complete("hi", "gpt-4o") == Completion(
        text=text,
        provider="openai",
        model="gpt-4o",
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cost=handler.calculate_cost(input_tokens, output_tokens, "openai", "gpt-4o"),
        finish_reason=finish,
        attempts=(Attempt("openai", "gpt-4o", takes),),
        elapsed=takes,
    )


def test_elapsed_counts_every_call_and_every_wait() -> None:
    world = World({"openai": [SERVER_DOWN, SERVER_DOWN]}, call_takes=2.0)
    answer = world.handler().complete("hi")
    assert [attempt.elapsed for attempt in answer.attempts] == [2.0, 2.0, 2.0]
    assert answer.elapsed == 2.0 + 0.5 + 2.0 + 1.0 + 2.0


@given(st.text(min_size=1).filter(lambda text: bool(text.strip())), st.text())
def test_counts_a_provider_leaves_out_are_estimated(prompt: str, text: str) -> None:
    """Without reported counts, a completion holds the handler's own, with four tokens around each message."""
    handler = World(otherwise=Reply(text, "stop")).handler()
    answer = handler.complete(prompt, "gpt-4o")
    assert answer.input_tokens == handler.count_tokens(prompt, "gpt-4o") + 4
    assert answer.output_tokens == handler.count_tokens(text, "gpt-4o")
    assert answer.cost == handler.calculate_cost(
        answer.input_tokens, answer.output_tokens, "openai", "gpt-4o"
    )


def test_counts_of_zero_are_reports_and_not_gaps() -> None:
    answer = World(otherwise=Reply("hello", "stop", 0, 0)).handler().complete("hi")
    assert (answer.input_tokens, answer.output_tokens, answer.cost) == (0, 0, Decimal(0))


def test_an_answer_of_unknown_price_is_kept() -> None:
    answer = World().handler().complete("hi", "gpt-99")
    assert (answer.text, answer.cost) == ("hello", None)


@pytest.mark.parametrize(
    ("messages", "error", "message"),
    [
        ("  ", ValueError, "the prompt must not be blank"),
        ([], ValueError, "messages must hold at least one message that is not a system message"),
        (
            [{"role": "system", "content": "be brief"}],
            ValueError,
            "messages must hold at least one message that is not a system message",
        ),
        (None, TypeError, "messages must be a str or a list of messages, not NoneType"),
        ({"role": "user"}, TypeError, "messages must be a str or a list of messages, not dict"),
        (["hi"], TypeError, "message 0 must be a dict of exactly role and content"),
        ([{"role": "user"}], TypeError, "message 0 must be a dict of exactly role and content"),
        (
            [{"role": "user", "content": "", "name": "x"}],
            TypeError,
            "message 0 must be a dict of exactly role and content",
        ),
        (
            [{"role": "user", "content": "hi"}, {"role": "tool", "content": "hi"}],
            ValueError,
            "message 1 has the role 'tool': choose one of system, user, assistant",
        ),
        ([{"role": "user", "content": 5}], TypeError, "the content of message 0 must be a str, not int"),
    ],
)
def test_messages_of_the_wrong_shape_are_refused(messages: Any, error: type[Exception], message: str) -> None:
    world = World()
    assert refusal(error, lambda: world.handler().complete(messages)) == message
    assert world.calls == []


@given(st.one_of(st.floats(max_value=0), st.floats(86400.5, allow_nan=False), st.just(float("nan"))))
def test_timeouts_out_of_range_are_refused(timeout: float) -> None:
    """A timeout is above zero and at most a day."""
    message = refusal(ValueError, lambda: World().handler().complete("hi", timeout=timeout))
    assert message == f"timeout must be above 0 and at most 86400 seconds, not {timeout}"


def test_a_timeout_may_be_a_day() -> None:
    world = World()
    world.handler().complete("hi", timeout=86400)
    assert world.calls[0].timeout == 86400


@given(st.one_of(st.booleans(), st.text(), st.none()))
def test_timeouts_that_are_no_numbers_are_refused(timeout: Any) -> None:
    """A timeout is an int or a float."""
    message = refusal(TypeError, lambda: World().handler().complete("hi", timeout=timeout))
    assert message == f"timeout must be a number of seconds, not {timeout!r}"


def test_closing_a_handler_closes_its_transport() -> None:
    world = World()
    world.handler().close()
    assert world.closed == 1
