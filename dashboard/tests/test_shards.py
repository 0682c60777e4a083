"""Parts of a run: dealt out evenly, judged apart, and one run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories import FILE, SOURCE, Recorded, a_kill, a_mutant, a_provenance, a_store, a_target, a_verdict
from hypothesis import given
from hypothesis import strategies as st
from stories import Sharded
from trees_support import run_cli

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import FailedTest, How, Mutant, RunState, Status
from mutmut_dashboard.shards import Part, Shard, merge, part_of
from mutmut_dashboard.store import Store

MUTANTS = [a_mutant(id=f"{n:012x}") for n in range(10)]
SKIPPED = a_mutant("qty < 0", "qty <= 0", skip_reason="why not")


class TestShard:
    @given(st.sets(st.text(min_size=1), max_size=60), st.integers(1, 8))
    def test_every_mutant_belongs_to_just_one_of_n_even_parts(self, ids: set[str], of: int) -> None:
        mutants = [a_mutant(id=id_) for id_ in ids]

        parts = [Shard(number, of).chosen(mutants) for number in range(1, of + 1)]

        assert sorted(id_ for part in parts for id_ in part) == sorted(ids)
        assert max(map(len, parts)) - min(map(len, parts)) <= 1

    @given(st.permutations(MUTANTS))
    def test_the_order_in_which_mutants_are_made_does_not_matter(self, mutants: list[Mutant]) -> None:
        assert Shard(2, 3).chosen(mutants) == Shard(2, 3).chosen(MUTANTS)

    def test_the_parts_are_the_same_on_every_machine(self) -> None:
        assert sorted(Shard(1, 4).chosen(MUTANTS)) == ["000000000002", "000000000007", "000000000008"]

    @pytest.mark.parametrize(
        "text", ["0/4", "5/4", "2", "2/", "a/b", "2/4/8", "-1/4", "1/99999", " 1/2", "1/2\n"]
    )
    def test_what_is_no_part_is_refused(self, text: str) -> None:
        with pytest.raises(UsageError, match="is no part of a run"):
            Shard.parse(text)


def a_part(folder: Path, number: int, of: int = 2, mutants: list[Mutant] = MUTANTS, **overrides: Any) -> Path:
    """A store with one part of a run, each mutant of which was judged."""
    mine = Shard(number, of).chosen(mutants)
    judged = {m: a_verdict(m, Status.SURVIVED, wall=float(number)) for m in mutants if m.id in mine}
    recorded = Recorded(
        [*((m, judged.get(m)) for m in mutants), (SKIPPED, None)],
        target=a_target(seconds={"judging": 10.0 * number}),
    )
    facts: dict[str, Any] = {"state": RunState.PART, "provenance": a_provenance(shard=f"{number}/{of}")}
    store, _ = a_store(folder, recorded, name=f"part-{number}-{of}.sqlite", **{**facts, **overrides})
    store.close()
    return folder / f"part-{number}-{of}.sqlite"


Merged = Callable[..., Store]


@pytest.fixture(name="merged")
def _merged(tmp_path: Path) -> Iterator[Merged]:
    with ExitStack() as stack:

        def merged(*paths: Path) -> Store:
            parts: list[Part] = [part_of(path.name, stack.enter_context(Store(path))) for path in paths]
            merge(parts, tmp_path / "whole.sqlite", "merge")
            return stack.enter_context(Store(tmp_path / "whole.sqlite"))

        yield merged


class TestMerging:
    def test_the_whole_has_the_verdicts_of_all_parts(self, merged: Merged, tmp_path: Path) -> None:
        store = merged(a_part(tmp_path, 2), a_part(tmp_path, 1))

        run = store.run(1)
        assert (run.state, run.provenance.shard) == (RunState.COMPLETE, "")
        assert store.mutants(1) == [*MUTANTS, SKIPPED]
        walls = {id_: verdict.wall for id_, verdict in store.verdicts(1, "prices").items()}
        assert walls == {m.id: 1.0 if m.id in Shard(1, 2).chosen(MUTANTS) else 2.0 for m in MUTANTS}
        assert store.sources(1) == {FILE: SOURCE}
        assert len(store.tests(1, "prices")) == 2
        assert len(store.coverage(1, "prices")) == 1
        assert store.reach(1, "prices")

    def test_parts_that_ran_side_by_side_took_as_long_as_the_longest(
        self, merged: Merged, tmp_path: Path
    ) -> None:
        assert merged(a_part(tmp_path, 1), a_part(tmp_path, 2)).run(1).targets[0].seconds == {"judging": 20.0}

    def test_every_test_that_failed_on_a_mutant_is_kept(self, merged: Merged, tmp_path: Path) -> None:
        path = a_part(tmp_path, 1)
        mutant = next(m for m in MUTANTS if m.id in Shard(1, 2).chosen(MUTANTS))
        failed = [FailedTest(a_kill().test, How.ASSERTION), FailedTest("tests/more.py::b", How.EXCEPTION)]
        with Store(path) as store:
            store.add_verdict(1, "prices", a_verdict(mutant, Status.KILLED), failed)

        assert merged(path, a_part(tmp_path, 2)).kills(1, "prices") == {mutant.id: failed}

    @pytest.mark.parametrize(
        ("parts", "words"),
        [
            ([(1, 2)], "These parts are missing: 2/2"),
            ([(1, 4), (3, 4)], "These parts are missing: 2/4, 4/4"),
            ([(1, 2), (2, 2), (2, 3)], "part-2-3.sqlite is part 2/3 and part-1-2.sqlite is part 1/2"),
        ],
    )
    def test_parts_that_are_not_all_of_one_division_are_refused(
        self, merged: Merged, tmp_path: Path, parts: list[tuple[int, int]], words: str
    ) -> None:
        with pytest.raises(UsageError, match=words):
            merged(*(a_part(tmp_path, number, of) for number, of in parts))

        assert not (tmp_path / "whole.sqlite").exists()

    def test_the_same_part_twice_is_refused(self, merged: Merged, tmp_path: Path) -> None:
        (tmp_path / "again").mkdir()
        again = a_part(tmp_path / "again", 1).rename(tmp_path / "again.sqlite")

        with pytest.raises(UsageError, match=r"part-1-2\.sqlite and again\.sqlite are both part 1/2"):
            merged(a_part(tmp_path, 1), again, a_part(tmp_path, 2))

    def test_a_part_of_other_code_is_refused_with_what_differs(self, merged: Merged, tmp_path: Path) -> None:
        other = a_provenance(shard="2/2", fingerprint="other", python="3.13.0")

        with pytest.raises(
            UsageError, match=r"part-2-2\.sqlite judged something else.*Python 3\.13\.0 and 3\.12\.4"
        ):
            merged(a_part(tmp_path, 1), a_part(tmp_path, 2, provenance=other))

    def test_other_mutants_are_refused(self, merged: Merged, tmp_path: Path) -> None:
        fewer = [*MUTANTS[:-1], replace(MUTANTS[-1], replacement="other")]

        with pytest.raises(UsageError, match="different mutants"):
            merged(a_part(tmp_path, 1), a_part(tmp_path, 2, mutants=fewer))

    def test_a_mutant_without_verdict_is_refused(self, merged: Merged, tmp_path: Path) -> None:
        of_one = a_part(tmp_path, 1, 1, provenance=a_provenance(shard="2/2")).rename(
            tmp_path / "wrong.sqlite"
        )
        with Store(of_one) as store:
            store._db.execute("DELETE FROM verdict")

        with pytest.raises(UsageError, match=r"wrong\.sqlite: 5 mutants of part 2/2 are not judged"):
            merged(a_part(tmp_path, 1), of_one)

    @pytest.mark.parametrize("state", [RunState.RUNNING, RunState.INTERRUPTED, RunState.FAILED])
    def test_a_part_that_did_not_end_is_refused(
        self, merged: Merged, tmp_path: Path, state: RunState
    ) -> None:
        with pytest.raises(UsageError, match=rf"part 2/2 did not come to its end \({state}\)"):
            merged(a_part(tmp_path, 1), a_part(tmp_path, 2, state=state))

    def test_a_whole_run_and_no_run_are_refused(self, merged: Merged, tmp_path: Path) -> None:
        whole = a_part(tmp_path, 1, 1, provenance=a_provenance(), state=RunState.COMPLETE)
        Store(tmp_path / "empty.sqlite").close()

        with pytest.raises(UsageError, match="holds a whole run"):
            merged(whole)
        with pytest.raises(UsageError, match="holds no run"):
            merged(tmp_path / "empty.sqlite")


class TestAsAUserDoes:
    """A tree run whole, in two parts, and the parts merged."""

    def test_the_merged_verdicts_are_those_of_one_run(self, sharded: Sharded) -> None:
        assert [outcome.code for outcome in sharded.parts] == [0, 0]
        assert sharded.merged.code == 0, sharded.merged.err
        assert sharded.facts_of_merged.statuses == sharded.whole.statuses
        assert sharded.facts_of_merged.run.state is RunState.COMPLETE

    def test_each_part_judges_its_own(self, sharded: Sharded) -> None:
        judged = [set(facts.verdicts) for facts in sharded.facts_of_parts]

        assert not judged[0] & judged[1]
        assert judged[0] | judged[1] == set(sharded.whole.verdicts)
        assert min(map(len, judged)) > 0

    def test_a_part_says_that_it_is_one(self, sharded: Sharded) -> None:
        assert "This is part 1/2" in sharded.parts[0].out
        assert (sharded.checked_part.code, sharded.checked_merged.code) == (3, 0)
        assert "its latest run is only part 1/2. Merge all parts" in sharded.checked_part.err
        assert "This is part 1/2" in sharded.reported_part.out

    def test_without_a_page_the_summary_is_told_all_the_same(self, sharded: Sharded) -> None:
        assert sharded.pages == [True, True, False]
        assert "mutation score" in sharded.parts[1].out
        assert "This is part 2/2" in sharded.parts[1].out

    def test_a_part_that_is_done_is_not_judged_again(self, sharded: Sharded) -> None:
        assert sharded.again.code == 0
        assert "Nothing changed since run 1" in sharded.again.err

    def test_after_merging_the_whole_run_stands(self, sharded: Sharded) -> None:
        assert "Nothing changed since run 2" in sharded.run_after_merge.err
        assert sharded.run_after_merge.code == 0

    def test_a_part_that_does_not_exist_is_refused(self, sharded: Sharded) -> None:
        outcome = run_cli(sharded.folder, "run", "--shard", "3/2")

        assert outcome.code == 1
        assert '"3/2" is no part of a run' in outcome.err

    def test_a_store_that_is_not_there_is_named(self, sharded: Sharded) -> None:
        outcome = run_cli(sharded.folder, "merge", "nowhere")

        assert outcome.code == 1
        assert "There is no results.sqlite at nowhere" in outcome.err
