"""Temporary files of tests: none stays behind a run, whatever ends the process that made them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from trees_support import command_line, copy_of_tree, facts_of

from mutmut_dashboard.engine import temporary
from mutmut_dashboard.model import Status

PACKAGE = Path(__file__).parents[1]


def test_files_of_tests_that_judge_are_gone_after_the_run_also_where_a_mutant_hangs(tmp_path: Path) -> None:
    tree = copy_of_tree("leaves_files_behind", tmp_path)
    system = tmp_path / "system"
    system.mkdir()
    command = command_line("run", "--no-page")
    done = subprocess.run(
        command,
        cwd=tree,
        env={**os.environ, "TMPDIR": str(system)},
        capture_output=True,
        text=True,
        check=False,
    )

    facts = facts_of(tree)
    statuses = {facts.status(mutant) for mutant in facts.mutants}
    assert done.returncode == 0, done.stderr
    assert {Status.KILLED, Status.TIMEOUT} <= statuses
    assert list(system.iterdir()) == []


def test_a_fork_has_a_folder_of_its_own_for_all_that_makes_temporary_files(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    program = (
        "import subprocess, sys, tempfile\n"
        "from mutmut_dashboard.engine import temporary\n"
        "before = tempfile.gettempdir()\n"
        "temporary.use(sys.argv[1])\n"
        "handle, name = tempfile.mkstemp()\n"
        "started = 'import tempfile; print(tempfile.gettempdir())'\n"
        "there = subprocess.run([sys.executable, '-c', started], capture_output=True, text=True, check=True)\n"
        "print(name)\n"
        "print(there.stdout.strip())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    name, there = done.stdout.split()
    assert (Path(name).parent, there) == (folder, str(folder))
    temporary.discard(str(folder))
    assert not folder.exists()


@pytest.mark.parametrize(
    ("made", "found"), [([], False), (["a/"], False), (["a"], True), (["a/b"], True), (["a/b/"], True)]
)
def test_folders_that_forks_were_given_are_told_from_what_tests_put_into_them(
    tmp_path: Path, made: list[str], found: bool
) -> None:
    for name in made:
        path = tmp_path / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(exist_ok=True)
            path.touch()

    assert temporary.anything_in(str(tmp_path)) is found
    assert temporary.anything_in(str(tmp_path / "gone")) is False
    assert tempfile.gettempdir() != str(tmp_path)


def test_a_folder_whose_process_was_killed_is_deleted_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living = temporary.Folder()
    for name in ("mutants-killed", "mutants-young", "someone-else"):
        (tmp_path / name / "inner").mkdir(parents=True)
    (tmp_path / "mutants-link").symlink_to(tmp_path / "someone-else")
    for name in (Path(living.path).name, "mutants-killed", "someone-else"):
        os.utime(tmp_path / name, (0, 0))

    temporary.sweep(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {
        *(Path(living.path).name, "mutants-young", "mutants-link", "someone-else")
    }
    assert (tmp_path / "someone-else" / "inner").is_dir()
    living.delete()
    assert not Path(living.path).exists()
