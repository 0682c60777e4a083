"""Reports of other tools as runs: what is kept, what is refused, and that what we wrote reads back the same."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from factories import (
    FILE,
    SOURCE,
    TESTS,
    Recorded,
    a_coverage,
    a_kill,
    a_mutant,
    a_store,
    a_target,
    a_verdict,
    of_every_status,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from trees_support import TreeRun, run_cli

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.exports import export
from mutmut_dashboard.exports.joined_reports import record
from mutmut_dashboard.exports.stryker_reader import MODULE, ForeignRun, read_report
from mutmut_dashboard.model import Ended, FailedTest, How, Status, status_of
from mutmut_dashboard.store import Store

SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "mutation-testing-report-schema.json").read_text(encoding="utf-8")
)
JS = "const \U0001f4a5 = 1; // \U0001f4a5\nfunction add(a, b) {\n  return a + b;\n}\n"


def a_report(*mutants: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    """A report of StrykerJS on one file."""
    facts: dict[str, Any] = {
        "schemaVersion": "1.7",
        "thresholds": {"high": 80, "low": 60, "break": None},
        "files": {"src/add.js": {"language": "javascript", "source": JS, "mutants": list(mutants)}},
        "testFiles": {
            "test/add.spec.js": {"tests": [{"id": "0", "name": "adds"}, {"id": "1", "name": "more"}]}
        },
        "framework": {"name": "StrykerJS", "version": "9.0.0"},
        "unknown": {"to": "us"},
    }
    return {**facts, **overrides}


def a_js_mutant(id_: str = "7", **overrides: Any) -> dict[str, Any]:
    facts = {
        "id": id_,
        "mutatorName": "ArithmeticOperator",
        "replacement": "a - b",
        "location": {"start": {"line": 3, "column": 10}, "end": {"line": 3, "column": 15}},
        "status": "Survived",
        "coveredBy": ["0"],
        "static": False,
    }
    return {**facts, **overrides}


def read(report: Any, target: str = "shop") -> ForeignRun:
    return read_report(json.dumps(report).encode(), "report.json", target, "import report.json")


def exported(run: ForeignRun) -> Any:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "results.sqlite") as store:
        record([run], store, "2030-05-17T09:00:00+00:00")
        return json.loads(export(store, "stryker"))


def written(path: Path, report: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report), encoding="utf-8")


def again(folder: Path) -> Any:
    """The latest run as a report."""
    return json.loads(run_cli(folder, "export", "stryker").out)


def round_trip(report: Any) -> Any:
    return exported(read(report))


def held(report: Any) -> Any:
    """What of a report a store holds."""
    return {key: report[key] for key in ("schemaVersion", "thresholds", "files", "testFiles")}


class TestForeignReports:
    def test_every_field_finds_its_place(self) -> None:
        killed = a_js_mutant(
            status="Killed",
            killedBy=["1", "0"],
            statusReason="Error: expected 3",
            duration=12,
            testsCompleted=2,
        )
        run = read(a_report(killed))

        (mutant,), ((verdict, kills),) = run.mutants, run.verdicts
        assert (mutant.target, mutant.file, mutant.operator) == ("shop", "src/add.js", "ArithmeticOperator")
        assert (mutant.original, mutant.replacement, mutant.function) == ("a + b", "a - b", MODULE)
        assert "-  return a + b;\n+  return a - b;\n" in mutant.diff
        assert verdict.kill is not None
        assert (verdict.kill.test, verdict.kill.exception, verdict.kill.message) == (
            *("test/add.spec.js::more", "Error", "expected 3"),
        )
        assert [failed.test for failed in kills] == ["test/add.spec.js::more", "test/add.spec.js::adds"]
        assert (verdict.wall, verdict.tests_run) == (0.012, 2)
        assert run.sources == {"src/add.js": JS}
        assert [test.id for test in run.tests] == ["test/add.spec.js::adds", "test/add.spec.js::more"]
        assert run.provenance.versions == {"StrykerJS": "9.0.0"}

    @pytest.mark.parametrize(
        ("word", "status"),
        [
            *(("Killed", Status.KILLED), ("Timeout", Status.TIMEOUT), ("Survived", Status.SURVIVED)),
            *(
                ("NoCoverage", Status.UNCOVERED),
                ("Ignored", Status.SKIPPED),
                ("CompileError", Status.INVALID),
            ),
            *(("RuntimeError", Status.ERROR), ("Pending", Status.PENDING)),
        ],
    )
    def test_statuses_keep_their_meaning(self, word: str, status: Status) -> None:
        run = read(a_report(a_js_mutant(status=word)))
        verdict = run.verdicts[0][0] if run.verdicts else None

        assert status_of(run.mutants[0], verdict) is status

    def test_columns_are_counted_in_characters_again(self) -> None:
        place = {
            "start": {"line": 1, "column": 12},
            "end": {"line": 1, "column": 13},
        }  # past a surrogate pair
        (mutant,) = read(a_report(a_js_mutant(location=place, replacement="2"))).mutants

        assert (mutant.column, mutant.end_column, mutant.original) == (11, 12, "1")

    def test_a_place_in_a_python_file_names_its_function(self) -> None:
        place = {"start": {"line": 8, "column": 12}, "end": {"line": 8, "column": 23}}
        files = {FILE: {"language": "python", "source": SOURCE, "mutants": [a_js_mutant(location=place)]}}

        assert [m.function for m in read(a_report(files=files)).mutants] == ["total"]

    @pytest.mark.parametrize(
        ("thresholds", "levels"),
        [
            ({"high": 90, "low": 50}, (50, 90)),
            ({"high": 80, "low": 80}, (80, 80)),
            ({}, (60, 80)),
            ({"high": 10, "low": 90}, (60, 80)),
            ({"high": 101, "low": 90}, (60, 80)),
        ],
    )
    def test_thresholds_become_levels_and_ask_for_nothing(
        self, thresholds: dict[str, int], levels: tuple[int, int]
    ) -> None:
        target = read(a_report(a_js_mutant(), thresholds=thresholds)).target

        assert (target.low_below, target.high_from) == levels
        assert target.score_floor == 0

    def test_ids_do_not_depend_on_how_a_tool_numbers_its_mutants(self) -> None:
        first, second = a_js_mutant("0"), a_js_mutant("1", replacement="a * b")
        again = read(a_report(a_js_mutant("5", replacement="a * b"), a_js_mutant("9")))

        assert {m.id: m.replacement for m in read(a_report(first, second)).mutants} == {
            m.id: m.replacement for m in again.mutants
        }
        assert len({m.id for m in again.mutants}) == 2

    @given(
        st.lists(
            st.fixed_dictionaries(
                {
                    "status": st.sampled_from(
                        [
                            "Killed",
                            "Timeout",
                            "Survived",
                            "NoCoverage",
                            "Ignored",
                            "CompileError",
                            "RuntimeError",
                            "Pending",
                        ]
                    )
                },
                optional={
                    "replacement": st.sampled_from(["a - b", " x ", "", "b\nc", "\U0001f4a5"]),
                    "description": st.text(max_size=9),
                    "statusReason": st.text(max_size=9) | st.just("wall limit: 3 s") | st.just("E: x"),
                    "coveredBy": st.lists(st.sampled_from(["0", "1", "unknown"]), unique=True),
                    "killedBy": st.lists(st.sampled_from(["0", "1", "unknown"]), unique=True),
                    "duration": st.integers(0, 10**6),
                },
            ),
            max_size=4,
        )
    )
    @settings(max_examples=60)
    def test_what_was_taken_in_once_comes_out_the_same_ever_after(
        self, mutants: list[dict[str, Any]]
    ) -> None:
        """Writing what was read gives a normal form: valid, and a fixed point of reading and writing."""
        report = a_report(*(a_js_mutant(str(n), **m) for n, m in enumerate(mutants)))

        normal = round_trip(report)

        jsonschema.Draft7Validator(SCHEMA).validate(normal)
        assert held(round_trip(normal)) == held(normal)
        assert [m["status"] for m in normal["files"]["src/add.js"]["mutants"]] == [
            m["status"] for m in mutants
        ]

    def test_what_the_schema_holds_comes_out_as_it_went_in(self) -> None:
        mutant = a_js_mutant(
            status="Killed", killedBy=["0"], statusReason="Error: expected 3", duration=12, testsCompleted=2
        )
        before = a_report(mutant)
        after = round_trip(before)

        written = after["files"]["src/add.js"]["mutants"][0]
        for key in (
            "mutatorName",
            "replacement",
            "location",
            "status",
            "statusReason",
            "duration",
            "testsCompleted",
        ):
            assert written[key] == mutant[key], key
        assert after["files"]["src/add.js"]["language"] == "javascript"
        assert after["thresholds"] == {"high": 80, "low": 60}


class TestOurOwnReports:
    def trip(self, folder: Path, *recorded: Recorded, **kept: Any) -> tuple[Any, Any]:
        store, run_id = a_store(folder, *recorded, **kept)
        with store:
            before = json.loads(export(store, "stryker", run_id))
        return before, round_trip(before)

    def test_every_status_reads_back_the_same(self, tmp_path: Path) -> None:
        before, after = self.trip(tmp_path, of_every_status())

        assert held(after) == held(before)
        assert len(before["files"][FILE]["mutants"]) == 9

    def test_every_way_to_end_and_every_killer_reads_back_the_same(self, tmp_path: Path) -> None:
        mutants = [a_mutant("qty", f"q{n}") for n in range(len(Ended) + 1)]
        judged: list[Any] = [
            (m, a_verdict(m, ended=ended, detail="a: b", kill=a_kill() if ended is Ended.FAILED else None))
            for m, ended in zip(mutants, Ended, strict=False)
        ]
        kill = a_kill(exception="ValueError", message="one\ntwo: three", example="f(\n    x=0,\n)")
        judged.append((mutants[-1], a_verdict(mutants[-1], Status.KILLED, kill=kill)))
        store, run_id = a_store(tmp_path, Recorded(judged), sources={FILE: SOURCE})
        failed = [FailedTest(test, How.ASSERTION) for test in TESTS]
        with store:
            store.add_verdict(run_id, "prices", judged[-1][1], failed)
            before = json.loads(export(store, "stryker", run_id))

        assert held(round_trip(before)) == held(before)
        assert len(before["files"][FILE]["mutants"][-1]["killedBy"]) == 2

    def test_two_targets_with_the_same_mutants_read_back_the_same(self, tmp_path: Path) -> None:
        mutants = [a_mutant("qty", "q1", target=name) for name in ("one", "two")]
        recorded = [
            Recorded(
                [(m, Status.SURVIVED)], target=a_target(name=m.target), tests=[], coverage=[a_coverage()]
            )
            for m in mutants
        ]
        before, after = self.trip(tmp_path, *recorded)

        assert held(after) == held(before)

    def test_a_real_run_reads_back_the_same(self, one_survivor: TreeRun, tmp_path: Path) -> None:
        written = tmp_path / "report.json"
        run_cli(one_survivor.folder, "export", "stryker", "--output", str(written))
        before = json.loads(written.read_text(encoding="utf-8"))

        assert held(round_trip(before)) == held(before)


BROKEN: dict[str, tuple[Any, str]] = {
    "no object": ([], "the document must be an object, not []"),
    "no version": ({}, 'the document lacks "schemaVersion"'),
    "another version": (a_report(schemaVersion="3"), "schemaVersion must be a version that is known"),
    "no files": ({**a_report(), "files": None}, 'the document lacks "files"'),
    "no source": (
        a_report(files={"a.js": {"language": "js", "mutants": []}}),
        'files["a.js"] lacks "source"',
    ),
    "no such status": (
        a_report(a_js_mutant(), a_js_mutant("8", status="survived")),
        'files["src/add.js"].mutants[1].status must be one of Killed,',
    ),
    "a column of 0": (
        a_report(a_js_mutant(location={"start": {"line": 3, "column": 0}, "end": {"line": 3, "column": 9}})),
        'files["src/add.js"].mutants[0].location.start.column must be a whole number of at least 1, not 0.',
    ),
    "a line of true": (
        a_report(
            a_js_mutant(location={"start": {"line": True, "column": 1}, "end": {"line": 3, "column": 9}})
        ),
        "location.start.line must be a whole number",
    ),
    "an end before its start": (
        a_report(a_js_mutant(location={"start": {"line": 3, "column": 9}, "end": {"line": 3, "column": 1}})),
        "location must be a stretch that does not end before it starts",
    ),
    "no id": (a_report({**a_js_mutant(), "id": 3}), "mutants[0].id must be a string, not 3"),
    "a duration of text": (a_report(a_js_mutant(duration="long")), "duration must be a number of at least 0"),
    "tests of another kind": (a_report(a_js_mutant(coveredBy={})), "coveredBy must be an array"),
    "no test names": (
        a_report(testFiles={"t": {"tests": [{"id": "1"}]}}),
        'testFiles["t"].tests[0] lacks "name"',
    ),
}


class TestRefusals:
    @pytest.mark.parametrize(("report", "words"), BROKEN.values(), ids=BROKEN)
    def test_what_is_wrong_is_named_with_its_path(self, report: Any, words: str) -> None:
        with pytest.raises(UsageError) as error:
            read(report)

        assert str(error.value).startswith("report.json: ")
        assert words in str(error.value)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b'{\n"a": \n', "report.json, line 3: it is no JSON"),
            (b"\xff", "is no UTF-8"),
            (b'{"a": NaN}', "NaN is no JSON"),
            (b"[" * 100_000, "cannot be read"),
        ],
    )
    def test_what_is_no_json_is_named_with_its_line(self, content: bytes, words: str) -> None:
        with pytest.raises(UsageError, match=words):
            read_report(content, "report.json", "shop", "import")

    def test_one_id_for_two_mutants_of_ours_is_refused(self) -> None:
        ours = a_report(a_js_mutant(), a_js_mutant(), framework={"name": "mutmut-dashboard"})

        with pytest.raises(UsageError, match='two mutants have the id "7"'):
            read(ours)


class TestJoined:
    def test_what_is_known_of_the_tools_is_put_together(self, tmp_path: Path) -> None:
        tools = [
            {"name": "StrykerJS", "version": "9.0.0"},
            {"name": "StrykerJS", "version": "8.1.0"},
            {"name": "mutmut", "version": "3"},
        ]
        reports = [
            read(a_report(a_js_mutant(), framework=tool, thresholds={"high": 90, "low": 10 * at}), f"t{at}")
            for at, tool in enumerate(tools)
        ]
        with Store(tmp_path / "results.sqlite") as store:
            run = record(reports, store, "2030-05-17T09:00:00+00:00")

        assert run.provenance.versions == {"StrykerJS": "9.0.0, 8.1.0", "mutmut": "3"}
        assert [(target.name, target.low_below) for target in run.targets] == [
            ("t0", 0),
            ("t1", 10),
            ("t2", 20),
        ]
        assert run.provenance.fingerprint not in {report.provenance.fingerprint for report in reports}


class TestTheCommand:
    def test_a_foreign_run_is_shown_checked_and_exported_without_any_configuration(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "src").mkdir()
        (tmp_path / "src" / "add.js").write_text(JS, encoding="utf-8")
        report = a_report(a_js_mutant(), a_js_mutant("8", status="Killed", killedBy=["0"]))
        (tmp_path / "report.json").write_text(json.dumps(report), encoding="utf-8")

        imported = run_cli(tmp_path, "import", "report.json", "--target", "shop")
        reported = run_cli(tmp_path, "report")
        checked = run_cli(tmp_path, "check")
        markdown = run_cli(tmp_path, "export", "markdown")

        assert imported.out == (
            "Run 1 holds the 2 mutants of report.json as target shop. `report` renders it.\n"
        ), imported.err
        assert reported.code == 0, reported.err
        assert "mutation score  50.0 %" in reported.out
        page = (tmp_path / "dashboard" / "site" / "index.html").read_text(encoding="utf-8")
        assert "src/add.js" in page
        assert (checked.code, checked.err) == (0, "")
        assert "shop: met: mutation score 50.0 %" in checked.out
        assert "src/add.js:3" in markdown.out

    def test_a_target_of_the_configuration_is_held_against_its_floors(
        self, one_survivor: TreeRun, tmp_path: Path
    ) -> None:
        tree = Path(shutil.copytree(one_survivor.folder, tmp_path / "tree"))
        run_cli(tree, "export", "stryker", "--output", "report.json")
        config = tree / "mutmut_config.py"
        text = config.read_text(encoding="utf-8").replace("import Target", "import Floors, Target")
        config.write_text(text.replace('name="ages"', 'name="ages", floors=Floors(mutation_score=80)'))

        assert run_cli(tree, "import", "report.json", "--target", "ages").code == 0
        checked = run_cli(tree, "check")

        assert checked.code == 2
        assert "ages: mutation score 75.0 % is below its floor of 80 %" in checked.err

    def test_several_reports_become_one_run_with_a_target_for_each(self, tmp_path: Path) -> None:
        written(tmp_path / "shop.json", a_report(a_js_mutant(status="Killed")))
        python = {
            FILE: {"language": "python", "source": SOURCE, "mutants": [a_js_mutant(), a_js_mutant("8")]}
        }
        written(tmp_path / "prices.json", a_report(files=python, framework={"name": "mutmut"}))

        imported = run_cli(tmp_path, "import", "shop.json", "prices.json")

        assert imported.out == (
            "Run 1 holds the 1 mutant of shop.json as target shop and the 2 mutants of prices.json as target prices. "
            "`report` renders it.\n"
        ), imported.err
        reported = run_cli(tmp_path, "report")
        assert "shop: 1 mutants" in reported.out
        assert "prices: 2 mutants" in reported.out
        assert {file: len(held["mutants"]) for file, held in again(tmp_path)["files"].items()} == {
            "src/add.js": 1,
            FILE: 2,
        }

    def test_paths_of_packages_are_told_apart_by_their_folders(self, tmp_path: Path) -> None:
        for package in ("a", "b"):
            files = {
                "i.js": {"language": "javascript", "source": f"{JS}// {package}", "mutants": [a_js_mutant()]}
            }
            written(tmp_path / package / "mutation.json", a_report(files=files))
        reports = ("a/mutation.json", "b/mutation.json", "--target", "a", "--target", "b")

        refused = run_cli(tmp_path, "import", *reports)
        taken = run_cli(tmp_path, "import", *reports, "--root", "packages/a/", "--root", "packages/b")

        assert refused.code == 1
        assert (
            "a/mutation.json and b/mutation.json both have i.js, with different texts. Give --root"
            in refused.err
        )
        assert taken.out.startswith("Run 1 holds "), taken.err
        report = again(tmp_path)
        assert list(report["files"]) == ["packages/a/i.js", "packages/b/i.js"]
        assert list(report["testFiles"]) == [f"packages/{name}/test/add.spec.js" for name in ("a", "b")]

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (
                ["shop.json", "x/shop.json"],
                'shop.json and x/shop.json would both be target "shop". Give --target',
            ),
            (
                ["shop.json", "b.json", "--target", "a"],
                "--target is given 1 time for 2 files. Give it once for each",
            ),
            (
                ["shop.json", "b.json", "--target", "a", "--target", "a"],
                'shop.json and b.json would both be target "a".',
            ),
            (["shop.json", "./shop.json", "--target", "a", "--target", "b"], "is given twice. Leave one"),
            (["shop.json", "--root", "../x"], '--root "../x" is not below the project.'),
            (["shop.json", "--root", "a", "--root", "b"], "--root is given 2 times for 1 file."),
            (["shop.json", "--target", " "], "--target is empty"),
            (["shop.json", "b.json", "broken.json"], 'broken.json: the document lacks "schemaVersion"'),
            (["shop.json", "b.json", "nowhere.json"], "nowhere.json cannot be read"),
            ([], "Missing argument"),
        ],
    )
    def test_nothing_is_recorded_where_anything_is_wrong(
        self, tmp_path: Path, arguments: list[str], words: str
    ) -> None:
        for name in ("shop.json", "b.json", "x/shop.json"):
            written(tmp_path / name, a_report(a_js_mutant()))
        written(tmp_path / "broken.json", {})

        outcome = run_cli(tmp_path, "import", *arguments)

        assert outcome.code == 1
        assert words in outcome.err
        assert not (tmp_path / ".mutation" / "results.sqlite").exists()

    def test_a_file_that_cannot_be_read_is_named_and_nothing_recorded(self, tmp_path: Path) -> None:
        outcome = run_cli(tmp_path, "import", "nowhere.json")

        assert outcome.code == 1
        assert "nowhere.json cannot be read" in outcome.err
        assert not (tmp_path / ".mutation").exists()
