"""Laws of keys: which one is used, and that none is ever shown."""

from __future__ import annotations

import copy
import pickle
import pprint
import string
import traceback
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.byok_handler import VALID_PROVIDERS, BYOKHandler
from core.llm.errors import (
    AllProvidersFailedError,
    BYOKError,
    InvalidKeyError,
)
from core.llm.failures import Failure, FailureKind
from core.llm.secret import Secret, redact
from tests.property_tests.llm.llm_strategies import (
    World,
    api_keys,
    capture,
    kinds,
    priorities,
    provider_sets,
    refusal,
)


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
    assert not hasattr(handler._own.keys, "__dict__")
    for owner in (secret, handler._own.keys, handler):
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


# -- pools ---------------------------------------------------------------------------------------------------

pools = st.lists(api_keys, min_size=1, max_size=4)


@given(
    pools,
    st.sampled_from([FailureKind.AUTH, FailureKind.RATE_LIMITED, FailureKind.QUOTA_EXHAUSTED]),
    st.sampled_from([None, 0.0, 7.5]),
)
def test_every_key_of_a_pool_is_tried_in_order_and_once(
    pool: list[str], kind: FailureKind, retry_after: float | None
) -> None:
    """A key that is rejected, full or out of credit makes room for the next, without a pause or a retry.

    Even one that is said to be free again at once is not tried twice.
    """
    distinct = list(dict.fromkeys(pool))
    world = World({"openai": [Failure(kind, "no", 429, retry_after)] * 9})
    handler = world.handler(["openai", "gemini"], 0, keys=["gemini"])
    handler.set_api_key("openai", pool[0])
    for key in pool[1:]:
        handler.add_api_key("openai", key)
    assert handler.complete("hi").provider == "gemini"
    assert world.keys == [*distinct, "test-key-of-gemini-0123456789"]
    assert world.slept == []


@given(pools, pools, st.sampled_from([list, tuple]))
def test_keys_of_the_constructor_are_pools(one: list[str], other: list[str], shape: Any) -> None:
    """keys= takes one key or a list of them per provider; a key set later takes the place of all of them."""
    world = World(otherwise=Failure(FailureKind.AUTH, "no"))
    handler = BYOKHandler(
        ["openai", "gemini"], transport=world, env={}, keys={"openai": shape(one), "gemini": other[0]}
    )
    with pytest.raises(BYOKError):
        handler.complete("hi")
    assert world.keys == [*dict.fromkeys(one), other[0]]
    handler.set_api_key("openai", other[0])
    with pytest.raises(BYOKError):
        handler.complete("hi")
    assert world.keys[len(dict.fromkeys(one)) + 1 :] == [other[0]]


def test_keys_of_the_constructor_are_checked() -> None:
    build: Any = BYOKHandler
    assert refusal(InvalidKeyError, build, keys={"openai": ["ok", " "]}) == (
        "the key for openai is blank: pass the key itself, or call remove_api_key"
    )
    assert refusal(TypeError, build, keys={"openai": 5}) == "key must be a str, not int"
    assert refusal(ValueError, build, keys={"nobody": "key"}).startswith("unknown provider 'nobody'")
    assert refusal(InvalidKeyError, build().add_api_key, "gemini", "a b").startswith(
        "the key for gemini holds"
    )


@given(pools, api_keys)
def test_removing_forgets_the_whole_pool(pool: list[str], in_env: str) -> None:
    """Keys set by hand hide the environment, all together, and are gone all together."""
    env = {"OPENAI_API_KEY": in_env}
    world = World()
    handler = world.handler(keys=(), env=env)
    for key in pool:
        handler.add_api_key("openai", key)
    handler.complete("hi")
    handler.remove_api_key("openai")
    handler.complete("hi")
    assert world.keys == [pool[0], in_env]


@given(api_keys, api_keys)
def test_a_rejected_key_of_a_pool_stays_out_until_it_is_set_or_forgiven(good: str, bad: str) -> None:
    """Only the rejected key is left out; adding it again, or reset, gives it another chance."""
    world = World({"openai": [Failure(FailureKind.AUTH, "no")]})
    handler = world.handler(["openai"], keys=())
    bad, good = f"{bad}-bad", f"{good}-good"
    handler.set_api_key("openai", bad)
    handler.add_api_key("openai", good)
    for _ in range(2):
        handler.complete("hi")
    assert world.keys == [bad, good, good]
    handler.add_api_key("openai", bad)
    handler.complete("hi")
    assert world.keys[3:] == [bad]
    world._script["openai"] = [Failure(FailureKind.AUTH, "no")]
    handler.complete("hi")
    handler.complete("hi")
    assert world.keys[4:] == [bad, good, good]
    handler.reset()
    handler.complete("hi")
    assert world.keys[7:] == [bad]


@given(st.text(string.ascii_letters, min_size=1, max_size=40))
def test_a_fingerprint_shows_four_characters_of_a_long_key_and_nothing_of_a_short_one(key: str) -> None:
    """The last four characters tell keys apart, but only where twenty or more keep the rest secret."""
    handler = World().handler(keys=())
    assert handler.key_fingerprint("openai") is None
    handler.set_api_key("openai", key)
    shown = handler.key_fingerprint("openai")
    assert shown == ("***" + key[-4:] if len(key) >= 20 else "***")
    handler.add_api_key("openai", "another-key-0123456789")
    assert handler.key_fingerprint("openai") == shown
    with pytest.raises(ValueError, match="unknown provider"):
        handler.key_fingerprint("nobody")


@given(api_keys, kinds)
def test_no_report_shows_a_key(key: str, kind: FailureKind) -> None:
    """Routes, cooldowns, usage, attempts and log lines of a failing handler hold no key, of any source."""
    attempts: list[object] = []
    said = Failure(kind, f"your key {key} is wrong", 401)
    world = World({"openai": [said, said]}, otherwise=said)
    handler = world.handler(
        ["openai", "anthropic"], 1, keys=(), env={"OPENAI_API_KEY": key}, on_attempt=attempts.append
    )
    handler.add_api_key("anthropic", key)
    with capture() as lines, suppress(BYOKError):
        handler.complete("hi")
    reports = [attempts, handler.cooldowns(), handler.usage(), handler.route_info(), handler.fallback_chain()]
    seen = [repr(report) for report in reports] + lines
    assert len(lines) == len(attempts) > 0
    assert not [text for text in seen if key in text]


@given(pools)
def test_a_pool_that_is_full_is_waited_for_with_its_last_key_and_then_given_up(pool: list[str]) -> None:
    """Rotation costs no retry: after the last key the usual retries follow, and the wait is until the first is free."""
    distinct = list(dict.fromkeys(pool))
    world = World(otherwise=Failure(FailureKind.RATE_LIMITED, "full", 429, 20.0))
    handler = world.handler(["openai"], 2, keys=())
    for key in pool:
        handler.add_api_key("openai", key)
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert world.keys[: len(distinct)] == distinct
    assert world.slept == [20.0, 20.0]
    assert caught.value.retry_after == (20.0 if len(distinct) == 1 else 0.0)


def test_a_key_that_rests_still_counts_when_another_is_rejected() -> None:
    world = World(
        {"openai": [Failure(FailureKind.RATE_LIMITED, "", 429, 90.0), Failure(FailureKind.AUTH, "")]}
    )
    handler = world.handler(["openai", "gemini"])
    handler.add_api_key("openai", "second-key")
    assert handler.complete("hi").provider == "gemini"
    handler.remove_api_key("gemini")
    with pytest.raises(AllProvidersFailedError) as caught:
        handler.complete("hi")
    assert caught.value.retry_after == 90.0


def test_a_new_key_ends_the_rest_of_its_own_provider_only() -> None:
    full = Failure(FailureKind.RATE_LIMITED, "full", 429, 50.0)
    world = World({"openai": [full], "gemini": [full]})
    handler = world.handler(["openai", "gemini", "deepseek"])
    handler.complete("hi")
    handler.set_api_key("gemini", "another-key")
    assert [rest.provider for rest in handler.cooldowns()] == ["openai"]


def test_without_stores_there_are_the_keys_set_by_hand_and_no_others() -> None:
    handler = World().handler(keys=["gemini"], env={"OPENAI_API_KEY": "a-key"}, key_stores=[])
    assert handler.configured_providers == ("gemini",)
    assert [handler.is_available(p) for p in ("openai", "gemini")] == [False, True]
    assert handler.key_fingerprint("openai") is None
