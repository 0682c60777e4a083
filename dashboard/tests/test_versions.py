"""Runs on several Python versions made one: what counts, what is kept, and what is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from factories import (
    FILE,
    NOW,
    Recorded,
    a_kill,
    a_mutant,
    a_provenance,
    a_store,
    a_target,
    a_test,
    a_verdict,
)
from trees_support import run_cli

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import (
    NOT_COVERED,
    Ended,
    FailedTest,
    How,
    JudgedOn,
    Mutant,
    RunState,
    Status,
    Verdict,
    status_of,
)
from mutmut_dashboard.report import render_report
from mutmut_dashboard.store import Store
from mutmut_dashboard.versions import merge, version_of

OLD, NEW = "3.9.19", "3.12.4"
K, T, S, U, E, BROKEN, P = (
    Status.KILLED,
    Status.TIMEOUT,
    Status.SURVIVED,
    Status.UNCOVERED,
    Status.ERROR,
    Status.INVALID,
    Status.PENDING,
)
MUTANT = a_mutant()
Judged = list[tuple[Mutant, Status | Verdict | None]]


def a_run(folder: Path, python: str, judged: Judged, name: str = "", **kept: Any) -> Path:
    """A store with one whole run on a Python version."""
    made = a_provenance(python=python, platform=f"Linux with {python}", fingerprint=python)
    recorded = kept.pop("recorded", None) or Recorded(judged)
    name = name or f"{python}.sqlite"
    store, _ = a_store(folder, recorded, name=name, **{"provenance": made, **kept})
    store.close()
    return folder / name


Merged = Callable[..., Store]


@pytest.fixture(name="merged")
def _merged(tmp_path: Path) -> Iterator[Merged]:
    with ExitStack() as stack:

        def merged(*paths: Path) -> Store:
            given = [version_of(path.name, stack.enter_context(Store(path))) for path in paths]
            merge(given, tmp_path / "merged.sqlite", "merge")
            return stack.enter_context(Store(tmp_path / "merged.sqlite"))

        yield merged


class TestVerdicts:
    def test_what_any_version_detects_is_detected_and_what_one_could_not_judge_is_not_known(
        self, merged: Merged, tmp_path: Path
    ) -> None:
        strongest = [K, T, E, P, S, U, BROKEN]
        pairs = list(product(strongest, strongest))
        mutants = [a_mutant("qty", f"q{at}") for at in range(len(pairs))]

        store = merged(
            a_run(tmp_path, OLD, [(m, one) for m, (one, _) in zip(mutants, pairs, strict=True)]),
            a_run(tmp_path, NEW, [(m, other) for m, (_, other) in zip(mutants, pairs, strict=True)]),
        )

        verdicts = store.verdicts(1, "prices")
        found = [status_of(mutant, verdicts.get(mutant.id)) for mutant in mutants]
        assert found == [min(pair, key=strongest.index) for pair in pairs]

    def test_what_differs_is_kept_by_version_the_oldest_first(self, merged: Merged, tmp_path: Path) -> None:
        alike = a_mutant("qty", "1")

        store = merged(
            a_run(tmp_path, NEW, [(MUTANT, K), (alike, S)]), a_run(tmp_path, OLD, [(MUTANT, S), (alike, S)])
        )

        assert store.judged_on(1, "prices") == {
            MUTANT.id: [JudgedOn(OLD, Ended.PASSED), JudgedOn(NEW, Ended.FAILED)]
        }

    def test_the_kill_is_the_newest_versions_and_every_test_that_killed_is_kept(
        self, merged: Merged, tmp_path: Path
    ) -> None:
        by = {python: a_verdict(MUTANT, K, kill=a_kill(test=f"t.py::{python}")) for python in (OLD, NEW)}

        store = merged(*(a_run(tmp_path, python, [(MUTANT, verdict)]) for python, verdict in by.items()))

        verdict = store.verdicts(1, "prices")[MUTANT.id]
        assert verdict.kill == by[NEW].kill
        assert verdict.wall == by[OLD].wall + by[NEW].wall
        assert store.kills(1, "prices") == {
            MUTANT.id: [FailedTest(f"t.py::{python}", How.ASSERTION) for python in (NEW, OLD)]
        }

    def test_what_any_version_covers_is_not_left_out_for_being_uncovered(
        self, merged: Merged, tmp_path: Path
    ) -> None:
        ids = [a_mutant("qty", name) for name in ("on new", "on old", "on none")]
        uncovered = [replace(mutant, skip_reason=f"{NOT_COVERED}no test runs this line") for mutant in ids]

        store = merged(
            a_run(tmp_path, NEW, [(ids[0], S), (uncovered[1], None), (uncovered[2], None)]),
            a_run(tmp_path, OLD, [(uncovered[0], None), (ids[1], K), (uncovered[2], None)]),
        )

        verdicts = store.verdicts(1, "prices")
        assert [status_of(m, verdicts.get(m.id)) for m in store.mutants(1)] == [S, K, Status.SKIPPED]
        assert store.judged_on(1, "prices") == {}

    def test_tests_and_what_they_run_are_those_of_all(self, merged: Merged, tmp_path: Path) -> None:
        def recorded(test: str) -> Recorded:
            return Recorded([(MUTANT, S)], tests=[a_test(test)], reach={(FILE, "total"): [test]}, coverage=[])

        store = merged(
            a_run(tmp_path, OLD, [], recorded=recorded("t.py::old")),
            a_run(tmp_path, NEW, [], recorded=recorded("t.py::new")),
        )

        assert [test.id for test in store.tests(1, "prices")] == ["t.py::new", "t.py::old"]
        assert store.reach(1, "prices") == {(FILE, "total"): ["t.py::new", "t.py::old"]}

    def test_examples_are_the_newest_versions_of_those_that_know_the_test(
        self, merged: Merged, tmp_path: Path
    ) -> None:
        def recorded(tests: list[str], examples: dict[str, dict[str, int]]) -> Recorded:
            counted = {(FILE, function): own for function, own in examples.items()}
            reach = {(FILE, function): list(own) for function, own in examples.items()}
            return Recorded([(MUTANT, S)], tests=list(map(a_test, tests)), reach=reach, examples=counted)

        old = recorded(
            ["t.py::both", "t.py::old"], {"f": {"t.py::both": 1, "t.py::old": 2}, "g": {"t.py::both": 3}}
        )
        new = recorded(["t.py::both"], {"f": {"t.py::both": 4}})
        store = merged(a_run(tmp_path, OLD, [], recorded=old), a_run(tmp_path, NEW, [], recorded=new))

        assert store.reach(1, "prices")[FILE, "g"] == ["t.py::both"]
        assert store.examples(1, "prices") == {(FILE, "f"): {"t.py::both": 4, "t.py::old": 2}}

    def test_the_run_says_what_it_is_made_of(self, merged: Merged, tmp_path: Path) -> None:
        run = merged(a_run(tmp_path, NEW, [(MUTANT, S)]), a_run(tmp_path, OLD, [(MUTANT, S)])).run(1)

        assert run.state is RunState.COMPLETE
        assert run.provenance.python == f"{OLD}, {NEW}"
        assert list(run.provenance.interpreters.items()) == [
            (OLD, f"Linux with {OLD}"),
            (NEW, f"Linux with {NEW}"),
        ]
        assert run.provenance.fingerprint not in (OLD, NEW)


class TestRefusals:
    def refused(self, merged: Merged, words: str, *paths: Path) -> None:
        with pytest.raises(UsageError, match=words):
            merged(*paths)

    def test_other_code_is_refused_by_the_name_of_the_file(self, merged: Merged, tmp_path: Path) -> None:
        one = a_run(tmp_path, OLD, [(MUTANT, S)])
        other = a_run(tmp_path, NEW, [(MUTANT, S)], sources={FILE: "pass\n"})
        self.refused(merged, rf"{FILE} is not the same in both", one, other)
        assert not (tmp_path / "merged.sqlite").exists()

    def test_other_tests_are_refused_by_the_name_of_the_file(self, merged: Merged, tmp_path: Path) -> None:
        stores = [
            a_run(
                tmp_path,
                python,
                [],
                recorded=Recorded([(MUTANT, S)], target=a_target(inputs={"tests/test_a.py": python})),
            )
            for python in (OLD, NEW)
        ]
        self.refused(merged, r"tests/test_a\.py, which decides verdicts on prices", *stores)

    def test_another_way_of_judging_is_refused(self, merged: Merged, tmp_path: Path) -> None:
        one = a_run(tmp_path, OLD, [(MUTANT, S)])
        made = a_provenance(python=NEW, profile={"derandomize": "True", "max_examples": "9"})
        other = a_run(tmp_path, NEW, [(MUTANT, S)], provenance=made)
        self.refused(merged, r'"max_examples" is 9 in one and 100 in the other', one, other)

    def test_other_targets_and_other_mutants_are_refused(self, merged: Merged, tmp_path: Path) -> None:
        one = a_run(tmp_path, OLD, [(MUTANT, S)])
        more = a_run(tmp_path, NEW, [(MUTANT, S), (a_mutant("qty", "1"), S)])
        named = Recorded([], target=a_target(name="other"), tests=[])
        other = a_run(tmp_path, NEW, [], name="other.sqlite", recorded=named)
        self.refused(merged, r"do not hold the same mutants of prices", one, more)
        self.refused(merged, r"has the targets other, the other prices", one, other)

    def test_the_same_python_twice_and_one_run_alone_are_refused(
        self, merged: Merged, tmp_path: Path
    ) -> None:
        one = a_run(tmp_path, OLD, [(MUTANT, S)])
        again = a_run(tmp_path, OLD, [(MUTANT, S)], name="again.sqlite")
        self.refused(merged, rf"were both judged on Python {OLD}", one, again)
        self.refused(merged, r"One run alone is merged already", one)

    @pytest.mark.parametrize(
        ("kept", "words"),
        [
            ({"state": RunState.INTERRUPTED}, r"not complete \(interrupted\)"),
            ({"provenance": a_provenance(shard="1/2")}, r"part 1/2 of a run. Merge the parts first"),
            ({"provenance": a_provenance(scope="functions named f")}, r"limited to functions named f"),
            (
                {"provenance": a_provenance(interpreters={"3.9": "", "3.10": ""})},
                r"on Python 3\.9, 3\.10 already",
            ),
        ],
    )
    def test_what_is_no_whole_run_is_refused(
        self, merged: Merged, tmp_path: Path, kept: dict[str, Any], words: str
    ) -> None:
        self.refused(merged, words, a_run(tmp_path, OLD, [(MUTANT, S)], **kept))

    def test_a_store_without_a_run_is_refused(self, merged: Merged, tmp_path: Path) -> None:
        Store(tmp_path / "empty.sqlite").close()
        self.refused(merged, r"empty\.sqlite holds no run", tmp_path / "empty.sqlite")


class TestAsAUserDoes:
    def test_the_command_merges_and_the_page_says_on_which_version_a_mutant_was_killed(
        self, browser: Any, tmp_path: Path
    ) -> None:
        a_run(tmp_path, OLD, [(MUTANT, S)])
        a_run(tmp_path, NEW, [(MUTANT, K)])
        done = run_cli(
            tmp_path, "merge", "--versions", f"{OLD}.sqlite", f"{NEW}.sqlite", "--into", "m.sqlite"
        )
        assert done.code == 0, done.err
        assert f"Run 1 in m.sqlite holds what Python {OLD}, {NEW} found, together." in done.out
        with Store(tmp_path / "m.sqlite") as store:
            page = render_report(store, 1, tmp_path / "site", project="shop", now=NOW)
        with opened(browser, page) as seen:
            trust = seen.page.locator("#honesty").inner_text()
            assert f"Merged from runs on Python {OLD} and {NEW}" in trust
            assert "They differ on 1 mutant." in trust
            seen.page.evaluate("(hash) => { location.hash = hash; }", f"#/mutant/prices/{MUTANT.id}")
            words = seen.page.get_by_text("By Python version:")
            words.wait_for()
            assert words.inner_text() == f"By Python version: killed on {NEW}, survived on {OLD}."
            assert seen.complaints == []

    def test_a_store_given_twice_and_whole_runs_without_the_option_are_named(self, tmp_path: Path) -> None:
        a_run(tmp_path, OLD, [(MUTANT, S)])
        twice = run_cli(tmp_path, "merge", "--versions", f"{OLD}.sqlite", f"./{OLD}.sqlite", "--into", "m")
        assert (twice.code, "is given twice" in twice.err) == (1, True)
        whole = run_cli(tmp_path, "merge", f"{OLD}.sqlite", "--into", "m")
        assert (whole.code, "--versions" in whole.err) == (1, True)
