"""Laws of keys: which one is used, and that none is ever shown."""

from __future__ import annotations

import copy
import pickle
import pprint
import string
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.byok_handler import VALID_PROVIDERS, BYOKHandler
from core.llm.errors import (
    BYOKError,
    InvalidKeyError,
)
from core.llm.failures import Failure, FailureKind
from core.llm.secret import Secret, redact
from tests.property_tests.llm.llm_strategies import (
    World,
    api_keys,
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
