"""What a user can get wrong: one sentence that names the value and the fix, the right exit code, no traceback."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mutmut_dashboard import __version__
from mutmut_dashboard.cli import run_command_line
from mutmut_dashboard.engine import lab
from mutmut_dashboard.store import Store
from mutmut_dashboard.store_schema import SCHEMA_VERSION

IMPORTS = "from mutmut_dashboard.config import Ceilings, Floors, Levels, Skip, Suite, Target\n"
Said = Callable[..., str]
"""Run a command that must end with this code; return what it complains."""


@pytest.fixture(autouse=True)
def _signals_stay() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(name="project")
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop.py").write_text("def add(one, other):\n    return one + other\n", encoding="utf-8")
    (tmp_path / "test_shop.py").write_text(
        "import shop\n\n\ndef test_add():\n    assert shop.add(1, 2) == 3\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(name="said")
def _said(capsys: pytest.CaptureFixture[str]) -> Said:
    def said(*arguments: str, code: int) -> str:
        ended = run_command_line(arguments)
        printed = capsys.readouterr()
        assert ended == code, printed.err
        assert "Traceback" not in printed.err
        complaint = printed.err[printed.err.index("mutmut-dashboard: ") :]
        assert complaint.count("mutmut-dashboard: ") == 1
        assert complaint.rstrip()[-1] in ".`"
        return complaint

    return said


def target(**fields: str) -> str:
    """A Target as it stands in a file; fields are source text."""
    given = {"name": '"shop"', "modules": '["shop.py"]', "suites": '["test_shop.py"]', **fields}
    return f"Target({', '.join(f'{name}={value}' for name, value in given.items())})"


def configure(project: Path, text: str) -> None:
    (project / "mutmut_config.py").write_text(IMPORTS + text, encoding="utf-8")


def targets(*entries: str) -> str:
    return f"TARGETS = [{', '.join(entries)}]\n"


GOOD = targets(target())

WRONG = {
    "syntax": ("TARGETS = [\n", ["mutmut_config.py, line 2", "never closed", "Correct the syntax"]),
    "an_error": ("TARGETS = [1 / 0]\n", ["mutmut_config.py, line 2", "ZeroDivisionError"]),
    "sys_exit": ("raise SystemExit(0)\n", ["mutmut_config.py, line 2", "SystemExit"]),
    "an_unknown_field": (
        targets(target(module="[]")),
        ["mutmut_config.py, line 2", "unexpected keyword argument 'module'"],
    ),
    "targets_missing": ("X = 1\n", ["defines no TARGETS", "Target(...)"]),
    "targets_empty": ("TARGETS = []\n", ["TARGETS is empty", "one Target(...) at the least"]),
    "targets_no_list": ("TARGETS = {}\n", ["TARGETS must be a list of Target(...)", "dict"]),
    "targets_of_another_kind": ("TARGETS = ['shop']\n", ["TARGETS[0] must be a Target(...)", "'shop'"]),
    "names_repeated": (targets(target(), target()), ['TARGETS[1] repeats the name "shop"']),
    "a_name_with_a_slash": (targets(target(name='"a/b"')), ["TARGETS[0]", "'a/b'", "letters"]),
    "a_name_that_hides": (targets(target(name='".."')), ["TARGETS[0]", "'..'"]),
    "a_name_that_is_a_number": (targets(target(name="3")), ["TARGETS[0]", "the name 3"]),
    "a_root_that_is_missing": (targets(target(root='"nowhere"')), ['root "nowhere"']),
    "a_root_above": (targets(target(root='".."')), ['root ".."']),
    "modules_empty": (targets(target(modules="[]")), ["needs a list of modules", "[]"]),
    "modules_a_string": (targets(target(modules='"shop.py"')), ["list of modules", "'shop.py'"]),
    "modules_no_paths": (targets(target(modules="[3]")), ["list of modules", "[3]"]),
    "modules_matching_nothing": (
        targets(target(modules='["shop.py", "core/*.py"]')),
        ['modules[1] ("core/*.py") matches no Python file', "globs"],
    ),
    "modules_absolute": (targets(target(modules='["/shop.py"]')), ['modules[0] ("/shop.py")']),
    "modules_empty_text": (targets(target(modules='[""]')), ['modules[0] ("")']),
    "modules_no_python": (targets(target(modules='["*.txt"]')), ['modules[0] ("*.txt")']),
    "suites_empty": (targets(target(suites="()")), ["needs a list of suites", "()"]),
    "suites_no_paths": (targets(target(suites="[3]")), ["list of suites", "[3]"]),
    "a_suite_that_does_not_exist": (
        targets(target(suites='["tests/unit"]')),
        ['suites[0] ("tests/unit") does not exist', "Correct the path"],
    ),
    "a_suite_outside": (targets(target(suites='["/"]')), ['suites[0] ("/") is outside the root']),
    "suite_args_a_string": (
        targets(target(suites='[Suite(path="test_shop.py", args="-x")]')),
        ["suites[0] needs a list of args", "'-x'"],
    ),
    "a_floor_above_100": (
        targets(target(floors="Floors(mutation_score=101)")),
        ["floors.mutation_score=101", "0 to 100"],
    ),
    "a_floor_below_0": (targets(target(floors="Floors(coverage=-1)")), ["floors.coverage=-1"]),
    "a_floor_not_a_number": (
        targets(target(floors='Floors(coverage=float("nan"))')),
        ["floors.coverage=nan"],
    ),
    "a_floor_of_another_kind": (
        targets(target(floors="Floors(coverage=True)")),
        ["floors.coverage=True"],
    ),
    "an_adjusted_floor_above_100": (
        targets(target(floors="Floors(adjusted_score=101)")),
        ["floors.adjusted_score=101"],
    ),
    "ceilings_of_another_kind": (targets(target(ceilings="3")), ["ceilings=3", "Ceilings(...)"]),
    "a_ceiling_below_0": (
        targets(target(ceilings="Ceilings(max_accepted=-1)")),
        ["ceilings.max_accepted=-1"],
    ),
    "a_ceiling_in_percent": (
        targets(target(ceilings="Ceilings(max_timeouts=0.5)")),
        ["ceilings.max_timeouts=0.5", "a number of mutants"],
    ),
    "a_level_above_100": (
        targets(target(levels="Levels(high=101)")),
        ["levels.high=101", "0 to 100"],
    ),
    "a_level_that_is_a_text": (targets(target(levels="Levels(low='60')")), ["levels.low='60'"]),
    "a_low_above_the_high": (
        targets(target(levels="Levels(low=90)")),
        ["levels.low=90", "above levels.high=80", "not above"],
    ),
    "levels_of_another_kind": (targets(target(levels="(60, 80)")), ["levels=(60, 80)", "Levels(...)"]),
    "floors_of_another_kind": (targets(target(floors="90")), ["floors=90", "Floors(...)"]),
    "a_timeout_factor_below_1": (
        targets(target(timeout_factor="0.5")),
        ["timeout_factor=0.5", "1 or more"],
    ),
    "a_type_checker_as_one_text": (
        targets(target(type_check_command='"mypy ."')),
        ["type_check_command='mypy .'", "list of words"],
    ),
    "an_empty_word_of_a_type_checker": (
        targets(target(type_check_command='["mypy", ""]')),
        ["type_check_command=['mypy', '']"],
    ),
    "covered_lines_in_quotes": (
        targets(target(mutate_only_covered_lines='"yes"')),
        ["mutate_only_covered_lines='yes'", "True or False"],
    ),
    "a_timeout_factor_in_quotes": (targets(target(timeout_factor='"9"')), ["timeout_factor='9'"]),
    "a_timeout_floor_of_0": (targets(target(timeout_floor="0")), ["timeout_floor=0", "above 0"]),
    "a_skip_without_reason": (
        f"{GOOD}SKIPS = [Skip(line='x', reason='y'), Skip(function='add', operator='num*')]\n",
        ["SKIPS[1] (function='add', operator='num*') has no reason", "reason=..."],
    ),
    "a_skip_with_a_blank_reason": (
        f"{GOOD}SKIPS = [Skip(function='add', reason='  ')]\n",
        ["SKIPS[0] (function='add') has no reason"],
    ),
    "a_skip_without_pattern": (
        f"{GOOD}SKIPS = [Skip(reason='just so')]\n",
        ["SKIPS[0] has no pattern", "every mutant"],
    ),
    "a_skip_by_line_number": (f"{GOOD}SKIPS = [Skip(line=2, reason='x')]\n", ["SKIPS[0] has line=2", "text"]),
    "a_skip_for_an_unknown_target": (
        f"{GOOD}SKIPS = [Skip(target='shed', reason='x')]\n",
        ['SKIPS[0] is for target "shed"', "Defined: shop"],
    ),
    "skips_no_list": (f"{GOOD}SKIPS = Skip(line='x', reason='y')\n", ["SKIPS must be a list of Skip(...)"]),
    "a_hook_that_cannot_be_called": (f"{GOOD}pre_mutation = True\n", ["pre_mutation must be a function"]),
    "an_editor_no_text": (f"{GOOD}EDITOR = 3\n", ["EDITOR must be a text", "3"]),
    "an_editor_without_path": (
        f'{GOOD}EDITOR = "edit://here"\n',
        ['EDITOR "edit://here"', "{path}", "vscode"],
    ),
    "kept_output_below_none": (f"{GOOD}KEPT_OUTPUT = -1\n", ["KEPT_OUTPUT is -1", "0 (none) to 1,000,000"]),
    "kept_output_beyond_reason": (f"{GOOD}KEPT_OUTPUT = 10**7\n", ["KEPT_OUTPUT is 10000000"]),
    "kept_output_no_number": (f'{GOOD}KEPT_OUTPUT = "all"\n', ["KEPT_OUTPUT is 'all'"]),
    "kept_output_no_count": (f"{GOOD}KEPT_OUTPUT = True\n", ["KEPT_OUTPUT is True"]),
    "coverage_json_no_text": (f"{GOOD}COVERAGE_JSON = 3\n", ["COVERAGE_JSON must be a path", "3"]),
}


@pytest.mark.parametrize(("text", "named"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_configuration_ends_with_1_and_names_the_entry(
    text: str, named: list[str], project: Path, said: Said
) -> None:
    configure(project, text)

    complaint = said("run", code=1)

    for words in named:
        assert words in complaint
    assert not (project / ".mutation").exists()


def test_a_missing_configuration_says_where_it_looked_and_what_to_write(project: Path, said: Said) -> None:
    complaint = said("run", code=1)

    assert f"There is no mutmut_config.py in {project}" in complaint
    assert "--config" in complaint
    assert "TARGETS" in complaint


def test_config_names_another_file(project: Path, said: Said) -> None:
    assert "There is no other.py in" in said("report", "--config", "other.py", code=1)


def test_a_module_outside_the_root_is_refused(project: Path, said: Said) -> None:
    inner = project / "inner"
    inner.mkdir()
    (inner / "test_inner.py").touch()
    configure(inner, targets(target(modules='["../shop.py"]', suites='["test_inner.py"]')))

    assert 'mutates "../shop.py", which is outside its root' in said(
        "run", "--config", "inner/mutmut_config.py", code=1
    )


def test_an_unknown_target_is_answered_with_those_there_are(project: Path, said: Said) -> None:
    configure(project, targets(target(), target(name='"shed"')))

    complaint = said("run", "--target", "shop", "--target", "shedd", code=1)

    assert 'There is no target "shedd"' in complaint
    assert "shop, shed" in complaint


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["rn"], "rn"),
        (["run", "--worker"], "--worker"),
        (["run", "--workers", "0"], "--workers"),
        (["run", "--workers", "many"], "many"),
        (["run", "shop"], "shop"),
        (["--verson"], "--verson"),
    ],
)
def test_a_wrong_command_line_ends_with_1_and_names_the_word(
    arguments: list[str], named: str, project: Path, said: Said
) -> None:
    configure(project, GOOD)

    complaint = said(*arguments, code=1)

    assert named in complaint
    assert "mutmut-dashboard --help" in complaint


def test_no_command_shows_the_help_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line([]) == 1
    assert "Usage:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "shown"),
    [("--help", "Usage:"), ("-h", "Usage:"), ("--version", f"mutmut-dashboard, version {__version__}")],
)
def test_help_and_version_end_with_0(option: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line([option]) == 0
    assert shown in capsys.readouterr().out


def test_report_before_any_run_says_to_run_first(project: Path, said: Said) -> None:
    configure(project, GOOD)

    assert "Run `mutmut-dashboard run` first" in said("report", code=1)


class TestAfterGeneration:
    def test_a_skip_that_matches_nothing_is_named_with_its_patterns(self, project: Path, said: Said) -> None:
        configure(project, f"{GOOD}SKIPS = [Skip(function='ad', reason='x')]\n")

        complaint = said("run", code=1)

        assert "SKIPS[0] (function='ad') matches no mutant" in complaint
        assert "Remove it, or correct the pattern" in complaint

    @pytest.mark.parametrize("wrong", ["a_function", "a_skip"])
    def test_a_run_that_is_refused_is_no_part_of_the_history(
        self, wrong: str, project: Path, said: Said
    ) -> None:
        configure(
            project, GOOD if wrong == "a_function" else f"{GOOD}SKIPS = [Skip(function='ad', reason='x')]\n"
        )

        said("run", *(["--function", "ad"] if wrong == "a_function" else []), code=1)

        with Store(project / ".mutation" / "results.sqlite") as store:
            assert store.runs() == []

    def test_a_hook_that_raises_is_named_with_place_and_error(self, project: Path, said: Said) -> None:
        configure(project, f"{GOOD}def pre_mutation(context):\n    context.nothing\n")

        complaint = said("run", code=1)

        assert "pre_mutation failed on shop.py:2 with AttributeError" in complaint
        assert "Correct the hook" in complaint

    def test_a_module_that_is_no_utf_8_is_named(self, project: Path, said: Said) -> None:
        (project / "shop.py").write_bytes(b"# coding: latin-1\ndef add():\n    return '\xe9'\n")
        configure(project, GOOD)

        assert "shop.py is no UTF-8 text" in said("run", code=1)

    def test_a_module_that_nests_too_deeply_is_named(self, project: Path, said: Said) -> None:
        (project / "shop.py").write_text(
            f"def add(one):\n    return {' + '.join(['one'] * 900)}\n", encoding="utf-8"
        )
        configure(project, GOOD)

        assert "shop.py nests too deeply" in said("run", code=1)

    def test_a_large_file_in_the_root_is_named_with_its_size(self, project: Path, said: Said) -> None:
        with (project / "data.bin").open("wb") as data:
            data.truncate(51 * 2**20)
        configure(project, GOOD)

        complaint = said("run", code=1)

        assert "data.bin has 51 MiB" in complaint
        assert "Move it out" in complaint


class TestResultStore:
    @pytest.fixture(name="results")
    def _results(self, project: Path) -> Path:
        configure(project, GOOD)
        (project / ".mutation").mkdir()
        return project / ".mutation" / "results.sqlite"

    @pytest.mark.parametrize("command", ["run", "report"])
    def test_garbage_is_no_result_store(self, command: str, results: Path, said: Said) -> None:
        results.write_bytes(b"garbage\n" * 1000)

        complaint = said(command, code=1)

        assert f"{results} is not a result store" in complaint
        assert "Move it away, or delete it to start afresh" in complaint
        assert results.read_bytes() == b"garbage\n" * 1000

    @pytest.mark.parametrize("command", ["run", "report"])
    def test_a_store_that_was_cut_off_is_named_with_what_to_do(
        self, command: str, results: Path, said: Said
    ) -> None:
        Store(results).close()
        results.write_bytes(results.read_bytes()[:9000])

        complaint = said(command, code=1)

        assert f"{results} is damaged" in complaint
        assert "move it away to start afresh" in complaint
        assert results.stat().st_size == 9000

    def test_a_foreign_file_is_left_as_it_was(self, results: Path, said: Said) -> None:
        with closing(sqlite3.connect(results)) as db:
            db.execute("CREATE TABLE wallet (coins)")
        before = results.read_bytes()

        assert "made by another program" in said("run", code=1)
        assert results.read_bytes() == before

    def test_a_newer_schema_is_refused_with_both_versions(self, results: Path, said: Said) -> None:
        Store(results).close()
        with closing(sqlite3.connect(results)) as db:
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")

        complaint = said("run", code=1)

        assert f"schema version {SCHEMA_VERSION + 1}" in complaint
        assert f"reads up to version {SCHEMA_VERSION}" in complaint

    def test_a_full_disk_ends_with_3_and_says_to_make_room(
        self, results: Path, said: Said, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fill(_project: object, store: Store, *_rest: Any) -> None:
            store._db.execute("PRAGMA max_page_count = 20")
            store.add_sources(1, {"shop.py": "x" * 1_000_000})

        Store(results).close()
        with closing(sqlite3.connect(results)) as db:
            db.execute("INSERT INTO run VALUES (1, '', '', 'running', '', '', '{}')")
            db.commit()
        monkeypatch.setattr(lab, "run", fill)

        complaint = said("run", code=3)

        assert "The disk is full or cannot be written (database or disk is full)" in complaint
        assert "make room and run again" in complaint


@pytest.mark.parametrize("number", ["ENOSPC", "EDQUOT", "EFBIG"])
def test_a_full_disk_under_the_stage_ends_with_3(
    number: str, project: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def fail(*_arguments: object) -> None:
        raise OSError(getattr(errno, number), "No room", "stage/shop.py")

    configure(project, GOOD)
    monkeypatch.setattr(lab, "run", fail)

    assert "The disk is full" in said("run", code=3)


def test_a_working_folder_that_is_a_file_ends_with_1_and_its_path(project: Path, said: Said) -> None:
    configure(project, GOOD)
    (project / ".mutation").touch()

    assert str(project / ".mutation") in said("run", code=1)


def test_a_defect_ends_with_70_and_asks_for_a_report(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise LookupError("a defect")

    configure(project, GOOD)
    monkeypatch.setattr(lab, "run", fail)

    assert run_command_line(["run"]) == 70
    printed = capsys.readouterr().err
    assert "defect of mutmut-dashboard" in printed
    assert "LookupError: a defect" in printed
