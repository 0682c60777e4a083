"""Laws of tokens: exact where the vocabulary is public, estimated and called so elsewhere."""

from __future__ import annotations

import json
import math
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.byok_handler import BYOKHandler
from tests.property_tests.llm.llm_strategies import (
    World,
    nobodys_models,
)

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("token_vectors.json").read_text(encoding="utf-8")
)["vectors"]
EXACT_MODELS = ("gpt-4o", "gpt-4", "deepseek-flash")


def a_handler() -> BYOKHandler:
    # Not one for the whole module: a mutant that breaks the constructor must fail tests, not their collection.
    return World().handler()


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


@pytest.mark.parametrize(
    ("models", "exact"),
    [
        ("gpt-4 gpt-4-turbo GPT-3.5-turbo text-embedding-3-small ft:gpt-3.5-turbo:team", True),
        ("gpt-4o gpt-4o-mini gpt-4.1 gpt-4.5-preview gpt-5 gpt-5-mini gpt-5.4 gpt-oss-20b", True),
        ("o1 o3-mini o4-mini chatgpt-4o-latest ft:gpt-4o-mini:team openai/o1", True),
        ("deepseek-flash deepseek/anything", True),
        ("gpt-6-luna gpt-4.7 gpt-5x o1x codex-mini openai:whatever", False),
        ("claude-sonnet-5 gemini-2.5-pro llama-3 gpt4 anthropic/gpt-4o", False),
    ],
)
def test_a_count_is_called_exact_only_where_the_vocabulary_is_known(models: str, exact: bool) -> None:
    handler = a_handler()
    assert {model for model in models.split() if handler.counts_exactly(model) is not exact} == set()


@given(nobodys_models)
def test_counting_needs_no_place_in_the_priority(model: str) -> None:
    """Tokens are those of the model's own provider, whoever is preferred; and nobody's are the rough estimate."""
    handler = World().handler(["gemini"], keys=())
    assert handler.count_tokens("hello world hello", "gpt-4o") == 3
    assert handler.count_tokens("hello world hello", model) == 5
