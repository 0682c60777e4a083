"""What tests print, as a process that judges keeps it: the end of it, in the order in which it was written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from trees_support import TreeRun

from mutmut_dashboard.engine.output import MOST, Output
from mutmut_dashboard.model import Status


@pytest.fixture(name="log")
def _log(tmp_path: Path) -> Iterator[int]:
    """The descriptor of a log."""
    descriptor = os.open(tmp_path / "log", os.O_RDWR | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


def logged(log: int) -> str:
    return os.pread(log, 1 << 20, 0).decode()


def test_nothing_is_kept_and_all_is_passed_on_before_it_is_asked_for(log: int) -> None:
    output = Output()
    print("collected", file=output.stream(log))

    assert (output.kept(), logged(log)) == ("", "collected\n")


def test_both_streams_are_kept_in_the_order_in_which_they_were_written_to(log: int) -> None:
    output = Output()
    out, err = output.stream(log), output.stream(log)
    output.keep()
    for stream, text in ((out, "one"), (err, "two"), (out, "three")):
        print(text, file=stream)

    assert (output.kept(), logged(log)) == ("one\ntwo\nthree", "")


def test_what_is_kept_is_passed_on_where_that_is_asked_for(log: int) -> None:
    output = Output()
    output.keep(passing_on=True)
    print("one", file=output.stream(log))

    assert (output.kept(), logged(log)) == ("one", "one\n")


def test_each_test_begins_afresh(log: int) -> None:
    output = Output()
    stream = output.stream(log)
    output.keep()
    print("one", file=stream)
    output.keep()
    print("two", file=stream)

    assert output.kept() == "two"


@pytest.mark.parametrize("written", ["x" * (MOST - 4), "0123456789" * 100])
def test_of_much_the_end_is_kept_and_said_to_be_one(log: int, written: str) -> None:
    output = Output()
    stream = output.stream(log)
    output.keep()
    for _ in range(50):
        stream.write(written)
    stream.write("last")

    kept = output.kept()
    assert (kept[:2], kept[-4:], len(kept)) == ("… ", "last", MOST + 2)


def test_a_cut_within_a_character_leaves_no_half_of_it(log: int) -> None:
    output = Output()
    output.keep()
    output.stream(log).write("ü" * 10 * MOST + "x")

    assert output.kept() == "… " + "ü" * (MOST - 1) + "x"


def test_bytes_and_half_surrogate_pairs_can_be_written_as_to_any_standard_stream(log: int) -> None:
    output = Output()
    stream = output.stream(log)
    output.keep()
    stream.buffer.write(b"\xff raw\n")
    stream.write("\ud800")

    assert output.kept() == "\ufffd raw\n\\ud800"
    assert (stream.fileno(), stream.isatty()) == (log, False)


@pytest.mark.parametrize("before", range(MOST - 8, MOST + 1))
def test_a_secret_is_taken_out_before_the_end_is_cut_off(log: int, before: int) -> None:
    output = Output()
    output.keep()
    output.stream(log).write("a-secret" + "x" * before)

    assert "secret" not in output.kept(lambda text: text.replace("a-secret", "[a]"))


def test_what_is_put_in_the_place_of_a_descriptor_gets_what_is_written(log: int, tmp_path: Path) -> None:
    output = Output()
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
