"""The data files: what they hold, that it is what data.d.ts declares, and that no text gets out of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from contract import DECLARED, Declarations, payloads_of, read_script
from factories import (
    EVIL,
    FILE,
    NOW,
    SOURCE,
    TESTS,
    Recorded,
    a_coverage,
    a_kill,
    a_mutant,
    a_provenance,
    a_store,
    a_test,
    a_verdict,
    hostile,
    hostile_decisions,
    of_every_status,
    weighed,
)

from mutmut_dashboard.function_hash import hashes_of
from mutmut_dashboard.model import Choice, Ended, FailedTest, How, Standing, Status
from mutmut_dashboard.report import render_report
from mutmut_dashboard.report.chunks.script import script


def data_of(tmp_path: Path, *targets: Recorded, **kept: Any) -> dict[tuple[str, int], Any]:
    shown = {name: kept.pop(name) for name in ("decisions", "editor", "source_root") if name in kept}
    store, run_id = a_store(tmp_path, *targets, **kept)
    with store:
        render_report(store, run_id, tmp_path / "site", project="shop", now=NOW, **shown)
    return payloads_of(tmp_path / "site")


def hostile_data(tmp_path: Path) -> dict[tuple[str, int], Any]:
    recorded, sources, provenance = hostile()
    return data_of(
        tmp_path,
        recorded,
        sources=sources,
        provenance=provenance,
        detail=EVIL,
        decisions=hostile_decisions(recorded),
    )


def several_files() -> list[Recorded]:
    """Two targets over the same file, and a file without coverage."""
    first, second = of_every_status(), of_every_status()
    second.judged = [(a_mutant("price * qty", "price + qty", target="again", file="b.py"), Status.SURVIVED)]
    second.target = type(second.target)(**{**_fields(second.target), "name": "again"})
    second.tests, second.coverage, second.reach = [], [], {}
    return [first, second]


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


class TestContract:
    @pytest.mark.parametrize("kind", ["every status", "several", "nothing", "hostile"])
    def test_every_payload_is_what_the_declarations_say(self, tmp_path: Path, kind: str) -> None:
        made = {
            "every status": lambda: data_of(tmp_path, of_every_status()),
            "several": lambda: data_of(tmp_path, *several_files()),
            "nothing": lambda: data_of(tmp_path),
            "hostile": lambda: hostile_data(tmp_path),
        }[kind]()
        declared = Declarations()
        assert {kind for kind, _ in made} >= {"index", "tests", "runs"}
        for (name, _), payload in made.items():
            assert declared.problems(declared.kinds[name], payload) == []

    @pytest.mark.parametrize(
        ("value", "problem"),
        [
            ({"choice": "open"}, "Decided.mutant is missing"),
            ({"mutant": "1"}, "Decided.mutant: '1' is no number"),
            ({"choice": "perhaps"}, "Decided.choice: 'perhaps' is none of"),
            ({"more": 1}, "Decided.more is not declared"),
        ],
    )
    def test_a_payload_of_another_shape_is_told(self, value: dict[str, Any], problem: str) -> None:
        assert any(found.startswith(problem) for found in Declarations().problems("Decided", value))

    def test_columns_are_of_equal_length(self, tmp_path: Path) -> None:
        data = data_of(tmp_path, *several_files())
        index, runs = data["index", 0], data["runs", 0]
        for columns in (
            index["functions"],
            index["mutants"],
            index["queue"],
            index["shadows"],
            index["slowest"],
            runs["mutants"],
        ):
            assert len({len(column) for column in columns.values()}) == 1

    def test_declared_optional_keys_occur_somewhere(self) -> None:
        text = (Path(__file__).parents[1] / "mutmut_dashboard/report/chunks/payloads.py").read_text("utf-8")
        optional = set(re.findall(r"^ +(\w+)\?:", DECLARED, re.MULTILINE))
        assert optional == set(re.findall(r"^    (\w+): NotRequired\[", text, re.MULTILINE)) - {
            "witness",
            "suggestion",
        }


class TestIndex:
    def test_numbers_lead_from_a_mutant_to_its_function_its_file_and_its_chunk(self, tmp_path: Path) -> None:
        data = data_of(tmp_path, *several_files())
        index = data["index", 0]
        for number in range(len(index["mutants"]["id"])):
            function = index["mutants"]["function"][number]
            at = index["functions"]["file"][function]
            file = index["files"][at]
            assert file["first"] <= number < file["first"] + file["count"]
            detail = data["file", at]["mutants"][number - file["first"]]
            assert detail["at"][0] == index["mutants"]["line"][number]
            assert (tmp_path / "site" / file["chunk"]).is_file()

    def test_the_queue_holds_each_undetected_mutant_once(self, tmp_path: Path) -> None:
        index = data_of(tmp_path, of_every_status())["index", 0]
        status = index["mutants"]["status"]
        undetected = [number for number, letter in enumerate(status) if letter in "su"]
        assert sorted(index["queue"]["mutant"]) == undetected
        assert sorted(status) == sorted("ktssu-iep")

    def test_costs_are_told_by_function_and_the_slowest_mutants_come_first(self, tmp_path: Path) -> None:
        mutants = [a_mutant("qty", "1"), a_mutant("qty", "2"), a_mutant("price", "3", function="other")]
        judged = [
            (mutant, a_verdict(mutant, status, wall=wall))
            for mutant, status, wall in zip(
                mutants, (Status.SURVIVED, Status.KILLED, Status.SURVIVED), (0.5, 2.0, 1.25), strict=True
            )
        ]
        uncovered = a_mutant("total", "x")
        judged.append((uncovered, a_verdict(uncovered, Status.UNCOVERED, wall=0.0)))
        index = data_of(tmp_path, Recorded(list(judged)))["index", 0]
        ids = index["mutants"]["id"]
        by_function = dict(zip(index["functions"]["name"], index["functions"]["seconds"], strict=True))
        assert by_function == {mutants[0].function: 2.5, "other": 1.25}
        assert [ids[number] for number in index["slowest"]["mutant"]] == [mutants[n].id for n in (1, 2, 0)]
        assert index["slowest"]["seconds"] == [2.0, 1.25, 0.5]
        spent = dict(zip(index["queue"]["mutant"], index["queue"]["seconds"], strict=True))
        assert sorted(spent.values()) == [0.0, 0.5, 1.25]

    def test_decisions_about_mutants_of_the_run_come_along_with_their_standing(self, tmp_path: Path) -> None:
        mutant, gone = a_mutant(), a_mutant("gone", "x")
        decisions = [
            weighed(mutant, Choice.TODO, Standing.STALE, "the function changed since"),
            weighed(gone, Choice.BUG, Standing.OBSOLETE, "its mutant is no longer made"),
        ]
        index = data_of(tmp_path, Recorded([(mutant, Status.SURVIVED)]), decisions=decisions)["index", 0]
        (decided,) = index["decisions"]
        assert (decided["mutant"], decided["choice"], decided["standing"]) == (0, "todo", "stale")

    def test_without_an_editor_no_folder_of_this_machine_is_told(self, tmp_path: Path) -> None:
        data_of(tmp_path, of_every_status(), source_root=tmp_path)
        everything = "".join(path.read_text("utf-8") for path in (tmp_path / "site").rglob("*.*"))
        assert str(tmp_path) not in everything

    def test_an_editor_gets_the_folder_to_open_files_in(self, tmp_path: Path) -> None:
        editor = "vscode://file/{path}:{line}"
        index = data_of(tmp_path, of_every_status(), editor=editor, source_root=tmp_path)["index", 0]
        assert (index["editor"], index["root"]) == (editor, str(tmp_path))


class TestFile:
    def file(self, tmp_path: Path, *judged: Any, **kept: Any) -> Any:
        return data_of(tmp_path, Recorded(list(judged)), **kept)["file", 0]

    def test_coverage_has_a_letter_for_each_line_of_the_source(self, tmp_path: Path) -> None:
        chunk = self.file(tmp_path, (a_mutant(), Status.SURVIVED))
        assert chunk["source"] == SOURCE.rstrip("\n")
        assert len(chunk["coverage"]) == len(chunk["source"].split("\n"))

    def test_coverage_stands_by_line_with_the_branch_never_taken(self, tmp_path: Path) -> None:
        chunk = self.file(tmp_path, (a_mutant(), Status.SURVIVED))
        assert chunk["coverage"][3:8] == "r-pmr"
        assert chunk["partial"] == {"6": "line 6: run, but never went on to line 7"}

    def test_a_line_left_out_of_coverage_has_a_letter_of_its_own(self, tmp_path: Path) -> None:
        coverage = [a_coverage(missing=(), excluded=(7,))]
        recorded = Recorded([(a_mutant(), Status.SURVIVED)], coverage=coverage)
        assert data_of(tmp_path, recorded)["file", 0]["coverage"][3:8] == "r-pxr"

    def test_columns_count_utf16_units(self, tmp_path: Path) -> None:
        source = "def f(a):\n    return '\U0001f4a5' + a\n"
        mutant = a_mutant("+ a", "- a", source=source, function="f")
        chunk = self.file(tmp_path, (mutant, Status.SURVIVED), sources={FILE: source})
        line, column, end_line, end = chunk["mutants"][0]["at"]
        units = chunk["source"].split("\n")[line - 1].encode("utf-16-le")
        assert line == end_line
        assert units[2 * (column - 1) : 2 * (end - 1)].decode("utf-16-le") == "+ a"

    def test_a_survivor_names_the_tests_of_its_line_and_what_a_decision_needs(self, tmp_path: Path) -> None:
        data = data_of(tmp_path, Recorded([(a_mutant(), Status.SURVIVED)]))
        chunk, tests = data["file", 0], data["tests", 0]["tests"]
        (detail,) = chunk["mutants"]
        ids = [tests[number]["id"] for number in chunk["testSets"][detail["tests"]]]
        assert (sorted(ids), "exact" in detail) == (sorted(TESTS), False)
        assert detail["change"] == "price * qty -> price / qty"
        assert chunk["functionHash"] == {"0": hashes_of(SOURCE)["total"]}

    def test_tests_known_by_function_only_are_told_apart(self, tmp_path: Path) -> None:
        recorded = Recorded([(a_mutant(), Status.SURVIVED)], coverage=[])
        (detail,) = data_of(tmp_path, recorded)["file", 0]["mutants"]
        assert detail["exact"] is False

    @pytest.mark.parametrize(
        "names",
        [
            ("shop.prices.x_total__mutmut_1", "shop.prices.x_total__mutmut_12"),
            ("shop.prices.x_total__mutmut_1", "shop.other.x_total__mutmut_2", ""),
            ("x__mutmut_٣", "__mutmut_7", "mutmut_7"),
        ],
    )
    def test_names_arrive_whole_though_what_they_share_is_written_once(
        self, tmp_path: Path, names: tuple[str, ...]
    ) -> None:
        mutants = [a_mutant("qty", str(at), name=name) for at, name in enumerate(names)]
        chunk = self.file(tmp_path, *((mutant, Status.SURVIVED) for mutant in mutants))
        found = {
            detail["replacement"]: detail["name"]
            if isinstance(detail["name"], str)
            else f"{chunk['names']['0']}__mutmut_{detail['name']}"
            for detail in chunk["mutants"]
        }
        assert found == {str(at): name for at, name in enumerate(names)}

    def test_an_uncovered_mutant_has_no_tests(self, tmp_path: Path) -> None:
        (detail,) = self.file(tmp_path, (a_mutant(), Status.UNCOVERED))["mutants"]
        assert "tests" not in detail

    def test_a_kill_tells_test_how_and_message(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        kill = a_kill(how=How.EXCEPTION, exception="ZeroDivisionError", message="", example="qty=0")
        data = data_of(tmp_path, Recorded([(mutant, a_verdict(mutant, Status.KILLED, kill=kill))]))
        shown = data["file", 0]["mutants"][0]["kill"]
        assert data["tests", 0]["tests"][shown.pop("test")]["id"] == TESTS[0]
        assert shown == {
            "how": "exception in the code under test",
            "exception": "ZeroDivisionError",
            "message": "",
            "example": "qty=0",
        }

    def test_a_kill_by_a_plain_assertion_says_only_what_is_its_own(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        data = data_of(tmp_path, Recorded([(mutant, a_verdict(mutant, Status.KILLED, kill=a_kill()))]))
        (detail,) = data["file", 0]["mutants"]
        assert detail["kill"].keys() == {"test", "message"}

    def test_a_kill_tells_where_it_failed_and_all_that_is_kept_of_what_was_said(self, tmp_path: Path) -> None:
        mutant = a_mutant()
        kill = a_kill(
            places=(f"{TESTS[0].partition('::')[0]}:9", "tests/conftest.py:12"),
            output=f"{'early ' * 5000}late",
        )
        data = data_of(tmp_path, Recorded([(mutant, a_verdict(mutant, Status.KILLED, kill=kill))]))
        shown = data["file", 0]["mutants"][0]["kill"]
        assert shown["places"] == [9, "tests/conftest.py:12"]
        assert shown["output"] == kill.output

    def test_a_mutant_that_is_not_in_the_source_brings_its_diff(self, tmp_path: Path) -> None:
        chunk = self.file(tmp_path, (a_mutant("gone", "x"), Status.SURVIVED), (a_mutant(), Status.SURVIVED))
        assert ["diff" in mutant for mutant in chunk["mutants"]] == [True, False]

    def test_a_file_whose_source_is_not_recorded_has_no_lines(self, tmp_path: Path) -> None:
        chunk = self.file(tmp_path, (a_mutant(), Status.SURVIVED), sources={})
        assert (chunk["source"], chunk["coverage"]) == ("", "")
        assert "diff" in chunk["mutants"][0]


class TestTests:
    def test_each_test_counts_what_it_ran_and_killed(self, tmp_path: Path) -> None:
        data = data_of(tmp_path, of_every_status())
        tests = {test["id"]: test for test in data["tests", 0]["tests"]}
        killed = [data["index", 0]["mutants"]["status"][n] for n in tests[TESTS[0]]["killed"]]
        assert (killed, tests[TESTS[0]]["assertions"], tests[TESTS[0]]["remark"]) == (["k"], 1, "")
        assert (tests[TESTS[1]]["killed"], tests[TESTS[1]]["remark"]) == ([], "never the first to kill")
        assert tests[TESTS[0]]["ran"] == 3
        assert tests[TESTS[1]]["ran"] == 4

    def test_with_a_kill_matrix_each_test_counts_all_it_fails_on_and_what_it_alone_does(
        self, tmp_path: Path
    ) -> None:
        first, second = a_mutant("qty", "1"), a_mutant("qty", "2")
        store, run_id = a_store(
            tmp_path,
            Recorded([(first, Status.PENDING), (second, Status.KILLED)]),
            provenance=a_provenance(profile={"after a failure": "the other tests run, too"}),
        )
        both = [FailedTest(TESTS[0], How.ASSERTION), FailedTest(TESTS[1], Ended.CPU_LIMIT)]
        with store:
            store.add_verdict(run_id, "prices", a_verdict(first, Status.KILLED), both)
            render_report(store, run_id, tmp_path / "site", project="shop", now=NOW)
        data = payloads_of(tmp_path / "site")
        tests = {test["id"]: test for test in data["tests", 0]["tests"]}
        assert data["index", 0]["matrix"]
        assert (len(tests[TESTS[0]]["killed"]), tests[TESTS[0]]["alone"], tests[TESTS[0]]["remark"]) == (
            2,
            1,
            "",
        )
        other = tests[TESTS[1]]
        assert (len(other["killed"]), other["alone"], other["exceptions"]) == (1, 0, 1)
        assert other["remark"] == "redundant: others kill all it kills"
        kills = [mutant["kills"] for mutant in data["file", 0]["mutants"]]
        assert sorted(how for failed in kills for _, how in failed) == [
            *("assertion", "assertion", "the tests ran past the CPU limit")
        ]
        assert [data["tests", 0]["tests"][number]["id"] for number in data["tests", 0]["cover"]] == [TESTS[0]]

    def test_a_test_of_which_every_mutant_survived_is_known_to_kill_nothing(self, tmp_path: Path) -> None:
        data = data_of(tmp_path, Recorded([(a_mutant(), Status.SURVIVED)], tests=[a_test(TESTS[0])]))
        remarks = {test["id"]: test["remark"] for test in data["tests", 0]["tests"]}
        assert remarks[TESTS[0]] == "kills nothing"
        assert "cover" not in data["tests", 0]

    def test_properties_bring_their_examples(self, tmp_path: Path) -> None:
        recorded = Recorded(tests=[a_test(TESTS[0], is_property=True, examples=100), a_test(TESTS[1])])
        tests = data_of(tmp_path, recorded)["tests", 0]["tests"]
        assert sorted((test["property"], test["examples"]) for test in tests) == [(False, 0), (True, 100)]


class TestCodes:
    def test_tests_of_one_function_share_its_code_without_its_indent(self, tmp_path: Path) -> None:
        code = "    def test_x(self, n):\n        assert n"
        tests = [
            *(a_test(f"t.py::T::test_x[{n}]", line=3, code=code) for n in (1, 2)),
            a_test("u.py::T::test_x", line=3, code=code),
            a_test("t.py::doctest"),
        ]
        data = data_of(tmp_path, Recorded(tests=tests))
        codes = data["codes", 0]
        found = {
            test["id"]: {} if at < 0 else codes["codes"][at]
            for test, at in zip(data["tests", 0]["tests"], codes["of"], strict=True)
        }
        first = found["t.py::T::test_x[1]"]
        assert (first["line"], first["text"]) == (3, "def test_x(self, n):\n    assert n")
        assert found["t.py::T::test_x[2]"] is first
        assert found["t.py::doctest"] == {}
        assert len(codes["codes"]) == 2


class TestHostileText:
    def test_no_text_gets_out_of_a_data_file(self, tmp_path: Path) -> None:
        hostile_data(tmp_path)
        for file in (tmp_path / "site" / "data").iterdir():
            content = file.read_bytes()
            assert content.isascii()
            assert not re.search(rb"[<\x00-\x09\x0b-\x1f]", content)

    def test_what_was_recorded_is_what_arrives(self, tmp_path: Path) -> None:
        data = hostile_data(tmp_path)
        names = {detail["name"] for detail in data["file", 0]["mutants"]}
        assert EVIL in names
        assert EVIL in data["codes", 0]["codes"][0]["text"]
        assert "\u202e\x00\x07 żółć 💥" in data["file", 0]["source"] + data["file", 1]["source"]

    @pytest.mark.parametrize(
        "text", ["'", "\\", "\\'", "\n", "\u2028\u2029", "\ud800", "</script>", "<!--", "\x00", '"']
    )
    def test_any_text_survives_the_way_through_a_script(self, text: str) -> None:
        written = script("file", 3, {"a": text, text: 1}).decode("ascii")
        assert "\n" not in written[:-1]
        assert read_script(written) == ("file", 3, {"a": text, text: 1})
