"""What tests print, as a process that judges keeps it: the end of it, in the order in which it was written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from trees_support import TreeRun, copy_of_tree

from mutmut_dashboard.config import load_project
from mutmut_dashboard.engine.inputs import inputs_of
from mutmut_dashboard.engine.output import LONGEST_SECRET, Output, end_of
from mutmut_dashboard.engine.provenance import conditions
from mutmut_dashboard.engine.stage import build_stage
from mutmut_dashboard.model import Status

MOST = 4_000


@pytest.fixture(name="log")
def _log(tmp_path: Path) -> Iterator[int]:
    """The descriptor of a log."""
    descriptor = os.open(tmp_path / "log", os.O_RDWR | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


def logged(log: int) -> str:
    return os.pread(log, 1 << 20, 0).decode()


def test_nothing_is_kept_and_all_is_passed_on_before_it_is_asked_for(log: int) -> None:
    output = Output(MOST)
    print("collected", file=output.stream(log))

    assert (output.kept(), logged(log)) == ("", "collected\n")


def test_both_streams_are_kept_in_the_order_in_which_they_were_written_to(log: int) -> None:
    output = Output(MOST)
    out, err = output.stream(log), output.stream(log)
    output.keep()
    for stream, text in ((out, "one"), (err, "two"), (out, "three")):
        print(text, file=stream)

    assert (output.kept(), logged(log)) == ("one\ntwo\nthree", "")


def test_what_is_kept_is_passed_on_where_that_is_asked_for(log: int) -> None:
    output = Output(MOST)
    output.keep(passing_on=True)
    print("one", file=output.stream(log))

    assert (output.kept(), logged(log)) == ("one", "one\n")


def test_each_test_begins_afresh(log: int) -> None:
    output = Output(MOST)
    stream = output.stream(log)
    output.keep()
    print("one", file=stream)
    output.keep()
    print("two", file=stream)

    assert output.kept() == "two"


@pytest.mark.parametrize("written", ["x" * (MOST - 4), "0123456789" * 100])
def test_of_much_the_end_is_kept_and_said_to_be_one(log: int, written: str) -> None:
    output = Output(MOST)
    stream = output.stream(log)
    output.keep()
    for _ in range(50):
        stream.write(written)
    stream.write("last")

    head, _, end = output.kept().partition("\n")
    assert (end, len(end)) == ((written * 50 + "last")[-MOST:], MOST)
    assert head == f"… {50 * len(written) + 4 - MOST:,} characters left out"


def test_a_cut_within_a_character_leaves_no_half_of_it(log: int) -> None:
    output = Output(MOST)
    output.keep()
    output.stream(log).write("ü" * 10 * MOST + "x")

    assert output.kept() == f"… {9 * MOST + 1:,} characters left out\n" + "ü" * (MOST - 1) + "x"


def test_where_nothing_is_to_be_kept_nothing_is(log: int) -> None:
    output = Output(0)
    output.keep()
    output.stream(log).write("x" * 10 * MOST)

    assert (output.kept(), logged(log)) == ("", "")


def test_a_text_that_is_cut_says_how_much_of_it_is_gone() -> None:
    assert [end_of("abcd", most) for most in (0, 1, 3, 4)] == [
        *("", "… 3 characters left out\nd", "… 1 character left out\nbcd", "abcd")
    ]


def test_bytes_and_half_surrogate_pairs_can_be_written_as_to_any_standard_stream(log: int) -> None:
    output = Output(MOST)
    stream = output.stream(log)
    output.keep()
    stream.buffer.write(b"\xff raw\n")
    stream.write("\ud800")

    assert output.kept() == "\ufffd raw\n\\ud800"
    assert (stream.fileno(), stream.isatty()) == (log, False)


@pytest.mark.parametrize("before", range(MOST - 8, MOST + 1))
def test_a_secret_is_taken_out_before_the_end_is_cut_off(log: int, before: int) -> None:
    output = Output(MOST)
    output.keep()
    output.stream(log).write("a-secret" + "x" * before)

    assert "secret" not in output.kept(lambda text: text.replace("a-secret", "[a]"))


@pytest.mark.parametrize("before", range(MOST + LONGEST_SECRET - 8, MOST + LONGEST_SECRET + 1))
def test_half_a_secret_is_not_told_where_the_rest_of_it_was_not_kept(log: int, before: int) -> None:
    def clean(text: str) -> str:
        return text.replace("a-secret", "[a]").replace("💥", "")

    output = Output(MOST)
    output.keep()
    output.stream(log).write("a-secret" + "💥" * before + "x")

    assert "ecret" not in output.kept(clean)
    assert "ecret" not in output.kept(lambda text: text.replace("a-secret", "[a]"))


def test_what_is_put_in_the_place_of_a_descriptor_gets_what_is_written(log: int, tmp_path: Path) -> None:
    output = Output(MOST)
    stream = output.stream(log)
    output.keep()
    with (tmp_path / "other").open("w+b") as other:
        before = os.dup(log)
        os.dup2(other.fileno(), log)
        print("there", file=stream)
        os.dup2(before, log)
        os.close(before)
        print("here", file=stream)
        other.seek(0)

        assert (other.read(), logged(log), output.kept()) == (b"there\n", "", "there\nhere")


def test_tests_that_look_at_what_is_written_judge_as_any_other(unusual_output: TreeRun) -> None:
    facts = unusual_output.facts

    assert unusual_output.outcome.code == 0, unusual_output.outcome.err
    assert {facts.status(mutant) for mutant in facts.mutants} == {Status.KILLED}
    assert {test.outcome for test in facts.tests} == {"passed"}
    assert len(facts.tests) == 5


def test_as_much_is_kept_as_the_configuration_says(one_survivor: TreeRun) -> None:
    kills = [verdict.kill for verdict in one_survivor.facts.verdicts.values()]
    (cut,) = [kill.output for kill in kills if kill and "left out" in kill.output]

    printed, logged = cut.split("\n\n")
    assert printed.startswith("at 0\n")
    head, _, end = logged.partition("\n")
    assert (head[:2], head[-20:], len(end)) == ("… ", " characters left out", 120)


def test_how_much_is_kept_is_nothing_that_verdicts_depend_on(tmp_path: Path) -> None:
    path = copy_of_tree("one_survivor", tmp_path) / "mutmut_config.py"
    few = load_project(path)
    path.write_text(path.read_text(encoding="utf-8").replace("= 120", "= 500"), encoding="utf-8")
    many = load_project(path)

    assert [project.kept_output for project in (few, many)] == [120, 500]
    assert inputs_of(few, few.targets[0]) == inputs_of(many, many.targets[0])
    stages = [build_stage(project, project.targets[0]) for project in (few, many)]
    assert stages[0].fingerprint == stages[1].fingerprint
    asked = [conditions(project.targets[0], exhaustive=False) for project in (few, many)]
    assert asked[0] == asked[1]
