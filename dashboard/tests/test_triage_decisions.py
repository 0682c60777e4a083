"""The text of triage.toml: what is read, what is refused and where, what a change leaves alone."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace

import pytest
from factories import a_decision, a_mutant
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Choice, Decision
from mutmut_dashboard.triage.decisions import HEADING, Decisions
from mutmut_dashboard.triage.entries import KEYS, rewrite_entry, write_entry

ENTRY = """\
[[decisions]]
id = "aaa"
target = "prices"
file = "shop/prices.py"
function = "total"
change = "< -> <="
decision = "equivalent"
reason = "no quantity is zero"
who = "Ada"
when = 2030-05-01
function_hash = "0123456789abcdef"
"""
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.strip)
decisions = st.builds(
    Decision,
    **dict.fromkeys(("id", "target", "file", "function", "change", "who", "reason", "function_hash"), texts),
    decision=st.sampled_from([choice for choice in Choice if choice is not Choice.OPEN]),
    when=st.dates().map(str),
    expires=st.just("") | st.dates().map(str),
    relies_on=st.lists(
        st.tuples(st.sampled_from(["a.py:f", "a b/\u00e9.py:C.f", 'q".py:g']), texts),
        max_size=2,
        unique_by=lambda p: p[0],
    ).map(tuple),
)


def read(text: str) -> Decisions:
    return Decisions.read(text, "triage.toml")


def entry(**changes: str) -> str:
    lines = []
    for line in ENTRY.splitlines():
        key = line.partition(" = ")[0]
        if key not in changes:
            lines.append(line)
        elif changes[key]:
            lines.append(f"{key} = {changes[key]}")
    known = {line.partition(" = ")[0] for line in ENTRY.splitlines()}
    return "\n".join([*lines, *(f"{k} = {v}" for k, v in changes.items() if k not in known)]) + "\n"


def test_an_entry_has_a_key_for_everything_a_decision_holds() -> None:
    assert set(KEYS) - {"relies_on_hashes"} == {field.name for field in fields(Decision)}


@given(st.lists(decisions, max_size=5, unique_by=lambda d: (d.target, d.id)))
def test_what_is_written_is_read_again_whatever_the_texts_hold(made: list[Decision]) -> None:
    """Read(write(decisions)) is the decisions, sorted; writing again changes nothing."""
    written = Decisions()
    for decision in made:
        written = written.having(decision)
    text = str(written)

    again = read(text)
    assert again.all == sorted(made, key=lambda d: (d.target, d.file, d.function, d.id))
    assert str(again) == text
    assert tomllib.loads(text).get("decisions", []) == [
        tomllib.loads(e.text)["decisions"][0] for e in again.entries
    ]


@given(decisions, decisions)
def test_a_rewritten_entry_says_the_new_decision(old: Decision, new: Decision) -> None:
    """Rewriting leaves no trace of the old values."""
    text = rewrite_entry(write_entry(old), new)

    assert read(text).all == [new]


class TestOrder:
    def test_entries_are_sorted_by_target_file_function_and_id(self) -> None:
        made = [
            a_decision(id=id_, target=target, file=file, function=function)
            for id_, target, file, function in (
                *(("a", "b", "a", "a"), ("b", "a", "b", "a"), ("c", "a", "a", "b")),
                *(("e", "a", "a", "a"), ("d", "a", "a", "a")),
            )
        ]
        written = Decisions()
        for decision in made:
            written = written.having(decision)
        assert [d.id for d in read(str(written)).all] == ["d", "e", "c", "b", "a"]

    def test_one_more_decision_adds_lines_and_changes_none(self) -> None:
        first, second = a_decision(a_mutant()), a_decision(a_mutant("qty < 0", "qty <= 0"))
        before, after = str(Decisions().having(first)), str(Decisions().having(first).having(second))
        assert all(line in after.splitlines() for line in before.splitlines())
        assert len(after) > len(before)


class TestComments:
    TEXT = f"""\
# Ours.

# about the second
{entry(id='"zzz"')}# behind it

# about the first
{entry(reason='"no quantity is zero"  # ask Bob')}who_is_it = 1
""".replace("who_is_it = 1\n", "")

    def test_comments_stay_with_their_entry_when_entries_are_sorted(self) -> None:
        text = str(read(self.TEXT))
        assert text.startswith('# Ours.\n\n# about the first\n[[decisions]]\nid = "aaa"')
        assert '# about the second\n[[decisions]]\nid = "zzz"' in text
        assert text.endswith("# behind it\n")

    def test_comments_stay_when_a_decision_changes(self) -> None:
        old = read(self.TEXT)
        text = str(old.having(replace(old.by_key["prices", "aaa"].decision, who="Bob", expires="2031-01-01")))
        for comment in ("# Ours.", "# about the first", "# about the second", "# behind it", "# ask Bob"):
            assert comment in text
        assert 'who = "Bob"' in text
        assert "expires = 2031-01-01" in text

    def test_a_key_that_is_not_needed_any_more_goes(self) -> None:
        old = read(entry(expires="2031-01-01"))
        changed = old.having(replace(old.all[0], decision=Choice.TODO, reason="", expires=""))
        assert "expires" not in str(changed)
        assert "reason" not in str(changed)

    def test_a_new_file_says_what_it_is(self) -> None:
        assert str(Decisions().having(a_decision())).startswith(HEADING)

    def test_without_its_last_entry_the_heading_stays(self) -> None:
        decision = a_decision()
        one = Decisions().having(decision)
        assert str(one.with_entries({(decision.target, decision.id): None})) == HEADING + "\n"


class TestReading:
    def test_dates_may_be_quoted(self) -> None:
        assert read(entry(when='"2030-05-01"')).all == read(ENTRY).all

    def test_a_reason_may_have_several_lines(self) -> None:
        text = entry(reason='"""\n[[decisions]]\nwho = "nobody"\n"""') + "\n" + entry(id='"bbb"')
        assert [d.id for d in read(text).all] == ["aaa", "bbb"]
        assert read(text).all[0].reason == '[[decisions]]\nwho = "nobody"\n'

    def test_todo_and_bug_need_no_reason(self) -> None:
        assert read(entry(decision='"todo"', reason="")).all[0].decision is Choice.TODO
        assert read(entry(decision='"bug"', reason="")).all[0].decision is Choice.BUG

    def test_one_id_may_be_decided_in_two_targets(self) -> None:
        assert len(read(ENTRY + "\n" + entry(target='"other"')).entries) == 2

    def test_an_empty_file_decides_nothing(self) -> None:
        assert read("").all == []
        assert read("# later\n").all == []


SECOND = ENTRY + "\n"  # a broken entry after it begins in line 13, its `id` in line 14
BAD = {
    "an unknown key": (SECOND + entry(colour='"red"'), 'line 24: "colour" is no key of a decision'),
    "a missing key": (SECOND + entry(who=""), 'line 13: a decision needs the key "who"'),
    "an empty value": (SECOND + entry(who='" "'), 'line 21: "who" is empty'),
    "a wrong kind": (SECOND + entry(id="7"), 'line 14: "id" must be a text in quotes, not 7'),
    "a list": (SECOND + entry(file='["a"]'), "line 16: \"file\" must be a text in quotes, not ['a']"),
    "no decision": (SECOND + entry(decision='"open"'), 'line 19: "open" is no decision'),
    "no reason": (SECOND + entry(id='"bbb"', reason=""), 'line 19: a decision "equivalent" needs a reason'),
    "a blank reason": (SECOND + entry(reason='""'), 'line 20: a decision "equivalent" needs a reason'),
    "no date": (
        SECOND + entry(when='"soon"'),
        "line 22: \"when\" must be a date such as 2026-01-31, not 'soon'",
    ),
    "a time": (SECOND + entry(when="2030-01-01T10:00:00"), 'line 22: "when" must be a date'),
    "no day": (
        SECOND + entry(expires="true"),
        'line 24: "expires" must be a date such as 2026-01-31, not true',
    ),
    "a function without its hash": (
        SECOND + entry(relies_on='["a.py:f"]'),
        'line 24: "relies_on" names 1 functions, and "relies_on_hashes" holds 0 hashes',
    ),
    "a function without its file": (
        SECOND + entry(relies_on='["f"]', relies_on_hashes='["0"]'),
        'line 24: "f" in "relies_on" must be written as "file.py:function"',
    ),
    "no list of functions": (
        SECOND + entry(relies_on='"f"'),
        "line 24: \"relies_on\" must be a list of texts, not 'f'",
    ),
    "a duplicate": (SECOND + ENTRY, "line 13: mutant aaa is decided a second time; the first is in line 1"),
    "a foreign table": (SECOND + "[more]\na = 1\n", 'line 13: "more" is unknown'),
    "a foreign key": ("version = 1\n" + ENTRY, 'line 1: "version" is unknown'),
    "no TOML": (SECOND + "[[decisions]\n", "line 13: it is not TOML"),
    "a key twice": (SECOND + ENTRY + 'id = "b"\n', "triage.toml: it is not TOML"),
    "an inline table": ('decisions = [{ id = "a" }]\n', "write each decision as a table of its own"),
    "a plain table": (
        ENTRY.replace("[[decisions]]", "[decisions]"),
        "write each decision as a table of its own",
    ),
    "a text": ('decisions = "all"\n', "write each decision as a table of its own"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_refused_in_a_sentence_with_its_line(case: str) -> None:
    text, words = BAD[case]
    with pytest.raises(UsageError) as caught:
        read(text)
    assert words in str(caught.value)
    assert str(caught.value).startswith("triage.toml")
    assert "\n" not in str(caught.value)


class TestMerging:
    def test_what_two_people_say_alike_is_no_conflict_and_the_first_stays(self) -> None:
        mine = read(ENTRY)
        theirs = read(entry(who='"Grace"', when="2030-05-02"))
        assert str(mine.merged(theirs, "triage.toml", "other.toml")) == str(mine)

    def test_new_entries_are_added_with_their_comments_and_equal_ones_are_kept_as_they_are(self) -> None:
        mine = read("# mine\n" + ENTRY)
        theirs = read(entry(when='"2030-05-01"') + "\n# theirs\n" + entry(id='"bbb"'))
        text = str(mine.merged(theirs, "triage.toml", "other.toml"))
        assert '# mine\n[[decisions]]\nid = "aaa"' in text
        assert '# theirs\n[[decisions]]\nid = "bbb"' in text
        assert len(read(text).entries) == 2

    def test_a_conflict_is_refused_and_names_both(self) -> None:
        with pytest.raises(UsageError) as caught:
            read(ENTRY).merged(read(entry(decision='"accepted"', who='"Bob"')), "triage.toml", "other.toml")
        said = str(caught.value)
        assert 'other.toml, line 1, says aaa is accepted "no quantity is zero" (Bob, 2030-05-01)' in said
        assert 'triage.toml, line 1, says aaa is equivalent "no quantity is zero" (Ada, 2030-05-01)' in said
