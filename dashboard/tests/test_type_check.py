"""`type_check_command`: mutants that the project's type checker rejects are invalid, and no test is asked."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Typed

from mutmut_dashboard.engine.mutmut_adapter import type_errors
from mutmut_dashboard.engine.mutmut_type_check import Found, introduced
from mutmut_dashboard.engine.stage import Stage
from mutmut_dashboard.engine.type_check import TypeCheck
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.exports.stryker_reader import read_report
from mutmut_dashboard.model import Ended, Status

ERRORS = st.lists(
    st.builds(Found, st.integers(0, 3), st.integers(0, 3), st.sampled_from(["a", "b", "on line 3"]))
)


def an_error(message: str = "bad", above: int = 1, below: int = 1) -> Found:
    return Found(above, below, message)


class TestIntroduced:
    @given(ERRORS)
    def test_the_original_rejects_no_copy_of_itself(self, errors: list[Found]) -> None:
        assert introduced(errors, errors) == []

    @given(ERRORS)
    def test_without_errors_in_the_original_every_error_is_new(self, errors: list[Found]) -> None:
        assert introduced(errors, []) == errors

    @given(ERRORS, ERRORS)
    def test_every_error_more_than_in_the_original_counts(
        self, errors: list[Found], original: list[Found]
    ) -> None:
        assert len(errors) - len(original) <= len(introduced(errors, original)) <= len(errors)

    def test_the_same_message_counts_as_old_wherever_it_moved(self) -> None:
        assert introduced([an_error(above=9, below=9)], [an_error()]) == []
        moved = an_error("x is defined on line 12", above=9, below=9)
        assert introduced([moved], [an_error("x is defined on line 3")]) == []

    def test_what_is_wrong_there_already_may_be_told_in_other_words(self) -> None:
        assert introduced([an_error("Literal[2]")], [an_error("Literal[1]")]) == []

    def test_an_error_in_a_place_that_was_right_is_new(self) -> None:
        new = an_error("None", above=5, below=5)

        assert introduced([an_error(), new], [an_error()]) == [new]


SPANS = {"x_f__mutmut_orig": [3, 4], "x_f__mutmut_1": [6, 7], "xǁAǁg__mutmut_orig": [9, 10]}
REPORTS: dict[str, tuple[list[str], Any]] = {
    "mypy": (
        ["mypy", "--output", "json"],
        [{"file": "a.py", "line": 7, "message": "bad x_f__mutmut_1", "severity": "error"}],
    ),
    "pyright": (
        ["pyright", "--outputjson"],
        {
            "generalDiagnostics": [
                {
                    "file": "{mutants}/a.py",
                    "severity": "error",
                    "message": "bad\n\xa0x_f__mutmut_1",
                    "range": {"start": {"line": 6, "character": 3}},
                },
            ],
        },
    ),
    "pyrefly": (
        ["/opt/pyrefly", "check"],
        {
            "errors": [
                {
                    "path": "a.py",
                    "line": 7,
                    "severity": "error",
                    "concise_description": "bad x_f__mutmut_1",
                }
            ]
        },
    ),
    "ty": (
        ["uv", "run", "ty", "check"],
        [
            {
                "description": "bad x_f__mutmut_1",
                "severity": "major",
                "location": {"path": "a.py", "positions": {"begin": {"line": 7}}},
            }
        ],
    ),
}


def read(folder: Path, command: list[str], report: Any) -> dict[str, Any]:
    """Have a report on a file `a.py` read that holds `SPANS` and a planted error from line 12 on."""
    mutants = folder / "mutants"
    mutants.mkdir(exist_ok=True)
    (mutants / "a.py.spans").write_text(json.dumps({"version": 1, "spans": SPANS}), encoding="utf-8")
    if "mypy" in command:
        text = "\n".join(map(json.dumps, report))
    else:
        text = json.dumps(report).replace("{mutants}", str(mutants))
    return type_errors(folder, command, text, {"a.py": 12})


class TestReports:
    @pytest.mark.parametrize("checker", REPORTS)
    def test_an_error_is_found_in_its_mutant_by_the_functions_own_name(
        self, tmp_path: Path, checker: str
    ) -> None:
        assert read(tmp_path, *REPORTS[checker]) == {"rejected": {"a.x_f__mutmut_1": "bad f"}, "seen": False}

    def test_an_error_of_the_original_rejects_nothing(self, tmp_path: Path) -> None:
        command, (error,) = REPORTS["mypy"]

        report = [error, {**error, "line": 4, "message": "bad x_f__mutmut_orig"}]
        assert read(tmp_path, command, report)["rejected"] == {}

    def test_a_warning_rejects_only_where_the_command_makes_it_fail(self, tmp_path: Path) -> None:
        command, report = REPORTS["pyright"]
        report = json.loads(json.dumps(report).replace('"error"', '"warning"'))

        assert read(tmp_path, command, report)["rejected"] == {}
        assert set(read(tmp_path, [*command, "--warnings"], report)["rejected"]) == {"a.x_f__mutmut_1"}

    def test_the_planted_error_is_noticed(self, tmp_path: Path) -> None:
        command, (error,) = REPORTS["mypy"]

        assert read(tmp_path, command, [{**error, "line": 13}]) == {"rejected": {}, "seen": True}

    @pytest.mark.parametrize("report", [3, {}, {"errors": [3]}, {"errors": [{"line": 3}]}])
    def test_another_report_is_unreadable(self, tmp_path: Path, report: Any) -> None:
        assert set(read(tmp_path, ["pyrefly"], report)) == {"unreadable"}


@pytest.fixture(name="stage")
def _stage(tmp_path: Path) -> Stage:
    """A stage with a generated file that holds one mutant."""
    stage = Stage(tmp_path / "stage", "", ("a.py",), (), 0, "")
    stage.generated.mkdir(parents=True)
    code = "\n\ndef x_f__mutmut_orig():\n    return 1\n\ndef x_f__mutmut_1():\n    return 2\n"
    (stage.generated / "a.py").write_text(code, encoding="utf-8")
    spans = {name: span for name, span in SPANS.items() if "g" not in name.partition("__")[0]}
    text = json.dumps({"version": 1, "spans": spans})
    (stage.generated / "a.py.spans").write_text(text, encoding="utf-8")
    return stage


def check(stage: Stage, *command: str) -> TypeCheck:
    return TypeCheck(stage, command, stage.folder / "check.log", stage.folder / "cache")


class TestProgram:
    @pytest.mark.parametrize(
        ("script", "said"),
        [
            ("print('no such option'); raise SystemExit(2)", "ended with 2 and printed:\n  no such option"),
            ("print('found 3 errors')", "gave no report that can be read.*\n  found 3 errors"),
            ("", "printed nothing"),
            ("import os; os.kill(os.getpid(), 9)", "ended with -9"),
        ],
    )
    def test_a_command_without_a_report_is_refused_with_what_it_printed(
        self, stage: Stage, script: str, said: str
    ) -> None:
        with (
            check(stage, sys.executable, "-c", script) as running,
            pytest.raises(UsageError, match=f"(?s)type_check_command .*{said}"),
        ):
            running.result()

    def test_a_command_that_is_not_there_is_refused_by_name(self, stage: Stage) -> None:
        with pytest.raises(UsageError, match=r"\(mypi \.\) cannot be started: .*'mypi'"):
            check(stage, "mypi", ".")

    def test_it_runs_where_no_ignore_file_of_the_project_is_above(self, stage: Stage) -> None:
        script = "import json, os; print(json.dumps({'generalDiagnostics': [], 'at': os.getcwd()}))"
        with check(stage, sys.executable, "-c", script) as running:
            found = running.result()
            where = Path(json.loads((stage.folder / "check.out").read_text(encoding="utf-8"))["at"])

        assert not where.is_relative_to(stage.folder)
        assert not where.exists()
        assert (found.messages, found.looked) == ({}, False)
        assert "it does not check them" in found.words(0, 3)

    def test_the_planted_error_is_seen_by_a_real_checker_and_not_in_the_stage(self, stage: Stage) -> None:
        before = (stage.generated / "a.py").read_text(encoding="utf-8")
        with check(stage, "mypy", "--output", "json", "a.py") as running:
            assert running.result().looked

        assert (stage.generated / "a.py").read_text(encoding="utf-8") == before

    def test_leaving_ends_a_checker_that_goes_on(self, stage: Stage) -> None:
        started = time.monotonic()
        with check(stage, sys.executable, "-c", "import time; time.sleep(600)"):
            pass

        assert time.monotonic() - started < 60


class TestRun:
    def test_what_the_checker_rejects_is_invalid_with_its_message(self, typed: Typed) -> None:
        facts = typed.facts

        assert typed.first.code == 0, typed.first.err
        assert facts.having(Status.INVALID) == {
            ("Cart.__init__", "owner", "None"),
            ("Cart.__init__", "0", "None"),
            ("half", "//", "/"),
        }
        verdict = facts.verdict("half", "//", "/")
        assert (verdict.ended, verdict.tests_run) == (Ended.TYPE_ERROR, 0)
        assert verdict.detail == 'Incompatible return value type (got "float", expected "int")'

    def test_errors_of_the_original_leave_mutants_to_the_tests(self, typed: Typed) -> None:
        judged = {typed.facts.status(m) for name in ("label", "untyped") for m in typed.facts.of(name)}

        assert judged == {Status.KILLED}

    def test_the_run_says_how_many(self, typed: Typed) -> None:
        assert f"the type checker rejects 3 of {len(typed.facts.mutants)} mutants" in typed.first.err
        assert "does not check" not in typed.first.err
        assert "invalid 3" in typed.first.out

    def test_mutmuts_own_files_know(self, typed: Typed) -> None:
        mutant = typed.facts.by_change["half", "//", "/"]

        assert typed.type_errors[mutant.name] == typed.facts.verdict("half", "//", "/").detail

    def test_the_page_and_stryker_show_the_message(self, typed: Typed) -> None:
        detail = typed.facts.verdict("half", "//", "/").detail
        rejected = {
            mutant["statusReason"]
            for file in typed.exported["files"].values()
            for mutant in file["mutants"]
            if mutant["status"] == "CompileError"
        }

        assert f"type error: {detail}" in rejected
        assert len(rejected) == 3
        assert f"the type checker rejects it ({detail[:29]}" in typed.data

    def test_another_tool_reads_it_as_such(self, typed: Typed) -> None:
        found = read_report(json.dumps(typed.exported).encode(), "a.json", "project", "import a.json")

        details = {verdict.detail for verdict, _ in found.verdicts if verdict.ended is Ended.TYPE_ERROR}
        assert details == {v.detail for v in typed.facts.verdicts.values() if v.ended is Ended.TYPE_ERROR}

    def test_a_second_opinion_by_tests_contradicts_no_checker(self, typed: Typed) -> None:
        assert typed.verified.code == 0, typed.verified.err

    def test_nothing_runs_where_nothing_changed(self, typed: Typed) -> None:
        assert "Nothing changed" in typed.again.err
        assert "type checker" not in typed.again.err

    def test_a_command_without_a_report_records_nothing(self, typed: Typed) -> None:
        assert typed.unreadable.code == 1
        assert "(mypy --strict carts.py) gave no report that can be read" in typed.unreadable.err
        assert "Traceback" not in typed.unreadable.err
        assert replace(typed.facts_after.run, targets=()) == replace(typed.facts.run, targets=())
        assert typed.facts_after.verdicts == typed.facts.verdicts

    def test_without_the_checker_the_tests_judge_and_other_verdicts_stand(self, typed: Typed) -> None:
        facts = typed.facts_without

        assert not facts.having(Status.INVALID)
        assert facts.statuses["half", "//", "/"] is Status.KILLED
        stand = len(facts.mutants) - 3
        assert f"{stand} of {len(facts.mutants)} verdicts stand" in typed.without.err

    def test_the_users_tree_is_only_read(self, typed: Typed) -> None:
        assert not typed.files
