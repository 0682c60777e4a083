"""The store gives back what it was given, in one transaction per fact, and says when a file is not its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from factories import a_coverage, a_kill, a_mutant, a_provenance, a_target, a_test, a_verdict
from hypothesis import given
from hypothesis import strategies as st

from mutmut_dashboard import store_schema
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Ended, FailedTest, How, Kill, Mutant, RunState, Status, Verdict
from mutmut_dashboard.store import Store
from mutmut_dashboard.store_schema import SCHEMA_VERSION

text = st.text(st.characters(codec="utf-8"), max_size=20)
numbers = st.integers(0, 2**40)
places = st.lists(text.filter(lambda file: "\n" not in file).map("{}:1".format)).map(tuple)
mutants = st.builds(
    Mutant,
    target=st.just("prices"),
    skip_reason=st.none() | text,
    **dict.fromkeys(("id", "name", "file", "function", "operator", "original", "replacement", "diff"), text),
    **dict.fromkeys(("line", "column", "end_line", "end_column"), numbers),
)
verdicts = st.builds(
    Verdict,
    mutant_id=st.just(""),
    ended=st.sampled_from(Ended),
    wall=st.floats(0, 1e6),
    cpu=st.floats(0, 1e6),
    tests_run=numbers,
    kill=st.none() | st.builds(Kill, text, st.sampled_from(How), text, text, text, places, text),
    detail=text,
    judged_at=text,
)


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "results.sqlite") as store:
        yield store


def a_run(store: Store) -> int:
    return store.start_run(a_provenance(), [a_target()], "2030-05-17T09:00:00+00:00")


@given(st.lists(mutants, max_size=5, unique_by=lambda m: m.id), st.data())
def test_mutants_and_verdicts_come_back_as_they_were(found: list[Mutant], data: st.DataObject) -> None:
    """What goes in comes out, in the order it went in."""
    with Store(Path(":memory:")) as store:
        run_id = a_run(store)
        store.add_mutants(run_id, found)
        judged = {m.id: replace(data.draw(verdicts), mutant_id=m.id) for m in found}
        for verdict in judged.values():
            store.add_verdict(run_id, "prices", verdict)

        assert store.mutants(run_id) == store.mutants(run_id, "prices") == found
        assert store.mutants(run_id, "another") == []
        assert store.verdicts(run_id, "prices") == judged


def test_a_run_comes_back_with_its_targets_in_their_order(store: Store) -> None:
    targets = [a_target(name="z"), a_target(name="a", seconds={})]
    run_id = store.start_run(a_provenance(), targets, "2030-05-17T09:00:00+00:00")
    store.save_target(run_id, a_target(name="a", score_floor=12.5))
    run = store.run(run_id)

    assert run.state is RunState.RUNNING
    assert run.provenance == a_provenance()
    assert run.targets == (targets[0], a_target(name="a", score_floor=12.5))


def test_the_latest_run_is_the_newest(store: Store) -> None:
    assert store.latest_run() is None
    first, second = a_run(store), a_run(store)
    store.end_run(first, RunState.COMPLETE, "2030-05-17T09:05:00+00:00")

    latest = store.latest_run()
    assert latest is not None
    assert (latest.id, latest.state) == (second, RunState.RUNNING)


def test_a_run_ends_with_a_sentence_and_forgets_it_when_resumed(store: Store) -> None:
    run_id = a_run(store)
    store.end_run(run_id, RunState.INTERRUPTED, "2030-05-17T09:05:00+00:00", "Interrupted.")
    ended = store.run(run_id)
    store.resume_run(run_id)
    resumed = store.run(run_id)

    assert (ended.state, ended.detail, ended.finished_at[:4]) == (
        RunState.INTERRUPTED,
        "Interrupted.",
        "2030",
    )
    assert (resumed.state, resumed.detail, resumed.finished_at) == (RunState.RUNNING, "", "")


def test_tests_reach_coverage_and_sources_come_back_as_they_were(store: Store) -> None:
    run_id = a_run(store)
    tests = [
        a_test("b", is_property=True, examples=100),
        a_test("a", outcome="skipped", line=3, code="def a():\n    ..."),
    ]
    store.add_tests(run_id, tests)
    store.add_reach(run_id, "prices", {("shop/prices.py", "Basket.add"): ["b", "a"]})
    store.add_coverage(run_id, "prices", [a_coverage(partial={6: (7, -4)}), a_coverage(file="a.py")])
    store.add_sources(run_id, {"a.py": "x = 'ü\x0c🦆'\r\n"})

    assert store.tests(run_id, "prices") == tests[::-1]
    assert store.reach(run_id, "prices") == {("shop/prices.py", "Basket.add"): ["b", "a"]}
    assert store.examples(run_id, "prices") == {}
    assert store.coverage(run_id, "prices") == [a_coverage(file="a.py"), a_coverage(partial={6: (7, -4)})]
    assert store.sources(run_id) == {"a.py": "x = 'ü\x0c🦆'\r\n"}


def test_tests_of_one_function_come_back_with_its_code_which_is_kept_once(
    store: Store, tmp_path: Path
) -> None:
    run_id = a_run(store)
    made = [a_test(f"t.py::test_x[{n}]", line=3, code="def test_x(n): ...") for n in range(3)]
    tests = [*made, a_test("t.py::test_y", line=9, code="def test_y(): ..."), a_test("t.py::test_z")]
    store.add_tests(run_id, tests)

    assert store.tests(run_id, "prices") == tests
    with closing(sqlite3.connect(tmp_path / "results.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM test WHERE code <> ''").fetchone() == (2,)


def test_examples_come_back_of_the_tests_that_were_counted(store: Store) -> None:
    run_id = a_run(store)
    reach = {("a.py", "f"): ["b", "plain", "a"], ("a.py", "g"): ["plain"], ("b.py", "f"): ["a"]}
    counted = {("a.py", "f"): {"a": 37, "b": 0}, ("b.py", "f"): {"a": 100}}
    store.add_reach(run_id, "prices", reach, counted)

    assert store.examples(run_id, "prices") == counted
    assert store.reach(run_id, "prices") == reach
    assert store.examples(run_id, "another") == store.examples(a_run(store), "prices") == {}


def test_a_copied_target_brings_its_examples(store: Store) -> None:
    old, new = a_run(store), a_run(store)
    store.add_reach(old, "prices", {("a.py", "f"): ["a"]}, {("a.py", "f"): {"a": 37}})
    store.copy_target("prices", old, new)

    assert store.examples(new, "prices") == {("a.py", "f"): {"a": 37}}


def test_a_verdict_replaces_an_earlier_one(store: Store) -> None:
    run_id, mutant = a_run(store), a_mutant()
    store.add_mutants(run_id, [mutant])
    store.add_verdict(run_id, "prices", a_verdict(mutant, Status.ERROR))
    killed = a_verdict(mutant, Status.KILLED, kill=a_kill(example="x=0"))
    store.add_verdict(run_id, "prices", killed)

    assert store.verdicts(run_id, "prices") == {mutant.id: killed}


def test_a_verdict_on_an_unknown_mutant_is_refused_and_leaves_no_trace(store: Store) -> None:
    run_id = a_run(store)
    with pytest.raises(sqlite3.IntegrityError):
        store.add_verdict(run_id, "prices", a_verdict(a_mutant()))

    assert store.verdicts(run_id, "prices") == {}
    assert a_run(store) == run_id + 1


def test_what_is_recorded_together_is_recorded_whole_or_not_at_all(store: Store) -> None:
    run = store.start_run(a_provenance(), [a_target()], "2026-01-01T00:00:00+00:00")
    mutants = [a_mutant("a", "b"), a_mutant("a", "c")]
    store.add_mutants(run, mutants)

    def record(both: bool) -> None:
        with store.together():
            for mutant in mutants:
                store.add_verdict(run, mutant.target, a_verdict(mutant))
                if not both:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(both=False)
    assert not store.verdicts(run, mutants[0].target)
    record(both=True)
    assert store.verdicts(run, mutants[0].target).keys() == {mutant.id for mutant in mutants}


def test_a_batch_is_recorded_whole_or_not_at_all(store: Store) -> None:
    run_id, mutant = a_run(store), a_mutant()
    with pytest.raises(sqlite3.IntegrityError):
        store.add_mutants(run_id, [mutant, mutant])

    assert store.mutants(run_id) == []


def test_a_full_disk_costs_the_fact_in_flight_only(store: Store) -> None:
    run_id = a_run(store)
    store.add_sources(run_id, {"a.py": "kept"})
    pages = store_schema.pragma(store._db, "page_count")
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.add_sources(run_id, {"b.py": "x" * 100_000})
    store._db.execute(f"PRAGMA max_page_count = {pages + 1000}")
    store.add_sources(run_id, {"c.py": "kept, too"})

    assert store.sources(run_id) == {"a.py": "kept", "c.py": "kept, too"}


def test_facts_outlive_the_process_that_wrote_them(tmp_path: Path) -> None:
    with Store(tmp_path / "results.sqlite") as store:
        run_id = a_run(store)
    with Store(tmp_path / "results.sqlite") as store:
        assert store.run(run_id).provenance == a_provenance()


def test_a_reader_in_the_middle_of_reading_holds_up_no_writer(tmp_path: Path) -> None:
    with Store(tmp_path / "results.sqlite") as writer, Store(tmp_path / "results.sqlite") as reader:
        run_id = a_run(writer)
        reader._db.execute("BEGIN")
        before = reader.run(run_id).detail
        writer.end_run(run_id, RunState.COMPLETE, "2030-05-17T09:05:00+00:00", "done")
        meanwhile = reader.run(run_id).detail
        reader._db.execute("COMMIT")

        assert (before, meanwhile, reader.run(run_id).detail) == ("", "", "done")


def test_a_newer_schema_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.sqlite"
    Store(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")

    with pytest.raises(UsageError, match=f"version {SCHEMA_VERSION + 1}.*version {SCHEMA_VERSION}"):
        Store(path)


def test_tables_of_another_program_are_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "results.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE run (id)")
    before = path.read_bytes()

    with pytest.raises(UsageError, match="made by another program"):
        Store(path)
    assert path.read_bytes() == before


def many() -> list[Mutant]:
    return [replace(a_mutant(), id=f"m{number}", diff="x" * 500) for number in range(60)]


class TestADamagedFile:
    """A store that lost its end or its log is refused by name or read as it was; nothing is made up for what is gone."""

    @pytest.fixture(name="path")
    def _path(self, tmp_path: Path) -> Path:
        path = tmp_path / "results.sqlite"
        with Store(path) as store:
            run_id = a_run(store)
            store.add_mutants(run_id, many())
            for mutant in many():
                store.add_verdict(run_id, "prices", a_verdict(mutant, Status.SURVIVED))
        return path

    @pytest.mark.parametrize("share", [0.0005, 0.01, 0.3, 0.5, 0.8, 0.99999])
    def test_cut_off_anywhere_it_is_refused_by_name_and_left_alone(self, share: float, path: Path) -> None:
        left = path.read_bytes()[: int(path.stat().st_size * share)]
        path.write_bytes(left)

        with pytest.raises(
            UsageError, match=r"results.sqlite is (damaged|not a result store) .*[Mm]ove it away"
        ):
            Store(path)
        assert path.read_bytes() == left

    def test_overwritten_in_its_middle_it_is_refused_by_name(self, path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2 // 4096 * 4096)
            file.write(b"\xff" * 4096)

        with pytest.raises(UsageError, match=r"results.sqlite is damaged .*move it away"):
            Store(path)

    @pytest.mark.parametrize("length", [0, 1])
    def test_emptied_it_is_a_new_store(self, length: int, path: Path) -> None:
        path.write_bytes(path.read_bytes()[:length])

        with Store(path) as store:
            assert store.latest_run() is None

    @pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
    def test_with_its_log_cut_off_it_holds_what_was_recorded_until_some_moment(
        self, share: float, path: Path, tmp_path: Path
    ) -> None:
        order = [mutant.id for mutant in many()]
        copy = tmp_path / "copy.sqlite"
        with Store(path) as store:
            second = a_run(store)
            store.add_mutants(second, many())
            for mutant in many():
                store.add_verdict(second, "prices", a_verdict(mutant, Status.KILLED))
            log = path.with_name("results.sqlite-wal").read_bytes()
            copy.write_bytes(path.read_bytes())
        copy.with_name("copy.sqlite-wal").write_bytes(log[: int(len(log) * share)])

        with Store(copy) as store:
            assert list(store.verdicts(1, "prices")) == sorted(order)
            judged = set(store.verdicts(second, "prices")) if len(store.runs()) > 1 else set()
        assert judged == set(order[: len(judged)])
        assert len(judged) < len(order)


def test_a_run_without_a_verdict_can_be_forgotten_and_one_with_a_verdict_cannot(store: Store) -> None:
    empty, judged = a_run(store), a_run(store)
    store.add_mutants(judged, [a_mutant()])
    store.add_verdict(judged, "prices", a_verdict(a_mutant(), Status.KILLED))

    assert store.forget_run(empty)
    assert not store.forget_run(judged)
    assert [run.id for run in store.runs()] == [judged]


class TestAStoreOfVersion1:
    @pytest.fixture(name="path")
    def _path(self, tmp_path: Path) -> Path:
        path = tmp_path / "results.sqlite"
        provenance, target = json.dumps(asdict(a_provenance())), json.dumps(asdict(a_target()))
        m = a_mutant()
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.executescript(store_schema._STEPS[0])
            db.execute(f"PRAGMA application_id = {store_schema.APPLICATION_ID}")
            db.execute("PRAGMA user_version = 1")
            db.execute("INSERT INTO run VALUES (1, 'then', 'later', 'complete', '', 'f', ?)", [provenance])
            db.execute("INSERT INTO target VALUES (1, 0, 'prices', ?)", [target])
            places = (m.line, m.column, m.end_line, m.end_column)
            texts = (m.operator, m.original, m.replacement, m.diff, m.skip_reason)
            db.execute(
                f"INSERT INTO mutant VALUES ({', '.join('?' * 16)})",
                (1, 0, m.id, m.target, m.name, m.file, m.function, *places, *texts),
            )
            db.execute(
                "INSERT INTO verdict VALUES (1, 'prices', ?, 'failed', 0.1, 0.1, 1, '', 'now', 't', 'assertion', 'E', 'm', '')",
                [m.id],
            )
            db.execute("INSERT INTO test VALUES (1, 'prices', 't', 0.5, 'passed')")
            db.execute("INSERT INTO reach VALUES (1, 'prices', 'a.py', 'f', '[\"t\"]')")
        return path

    def test_opens_and_keeps_its_data(self, path: Path) -> None:
        with Store(path) as store:
            run = store.latest_run()
            assert run is not None
            assert (run.state, run.targets) == (RunState.COMPLETE, (a_target(),))
            assert store.mutants(1) == [a_mutant()]
            assert store.verdicts(1, "prices")[a_mutant().id].ended is Ended.FAILED
            assert store.tests(1, "prices") == [a_test("t", duration=0.5)]
            assert store.reach(1, "prices") == {("a.py", "f"): ["t"]}
            assert store.examples(1, "prices") == {}

    def test_has_no_branch_where_none_was_recorded(self, path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("UPDATE run SET provenance = json_remove(provenance, '$.branch')")
        with Store(path) as store:
            assert store.run(1).provenance == a_provenance(branch="")

    def test_has_the_tables_of_a_new_store(self, path: Path, tmp_path: Path) -> None:
        Store(tmp_path / "new.sqlite").close()
        Store(path).close()

        assert tables(path) == tables(tmp_path / "new.sqlite")

    def test_tells_the_first_killer_as_the_whole_matrix(self, path: Path) -> None:
        with Store(path) as store:
            assert store.kills(1, "prices") == {a_mutant().id: [("t", How.ASSERTION)]}

    def test_stays_as_it_was_where_the_upgrade_fails(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE kill (in_the_way)")
            before = tables(path)
        with pytest.raises(UsageError):
            Store(path)

        assert tables(path) == before
        with closing(sqlite3.connect(path)) as db:
            assert store_schema.pragma(db, "user_version") == 1


def tables(path: Path) -> list[tuple[str, list[tuple[object, ...]]]]:
    with closing(sqlite3.connect(path)) as db:
        names = [
            n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        return [(name, db.execute(f"PRAGMA table_info({name})").fetchall()) for name in names]


class TestKillMatrix:
    @pytest.fixture(name="run_id")
    def _run_id(self, store: Store) -> int:
        run_id = a_run(store)
        store.add_mutants(run_id, [a_mutant()])
        return run_id

    def test_holds_every_test_that_failed_the_verdicts_own_first(self, store: Store, run_id: int) -> None:
        failed = [
            FailedTest("b", How.EXCEPTION),
            FailedTest("a", Ended.CPU_LIMIT),
            FailedTest("c", How.ASSERTION),
        ]
        kill = a_kill(test="b", how=How.EXCEPTION)
        store.add_verdict(run_id, "prices", a_verdict(a_mutant(), Status.KILLED, kill=kill), failed)

        assert store.kills(run_id, "prices") == {a_mutant().id: failed}

    def test_knows_the_test_of_a_timeout(self, store: Store, run_id: int) -> None:
        failed = [FailedTest("a", Ended.WALL_LIMIT)]
        store.add_verdict(run_id, "prices", a_verdict(a_mutant(), Status.TIMEOUT), failed)

        assert store.kills(run_id, "prices") == {a_mutant().id: failed}

    def test_is_forgotten_with_the_verdict_it_came_with(self, store: Store, run_id: int) -> None:
        store.add_verdict(
            run_id, "prices", a_verdict(a_mutant(), Status.TIMEOUT), [FailedTest("a", Ended.WALL_LIMIT)]
        )
        store.add_verdict(run_id, "prices", a_verdict(a_mutant()))

        assert store.kills(run_id, "prices") == {}


def test_a_folder_is_no_result_store(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a result store"):
        Store(tmp_path)
