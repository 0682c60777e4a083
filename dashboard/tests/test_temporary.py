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


def test_folders_that_forks_were_given_are_told_from_those_that_tests_put_something_into(
    tmp_path: Path,
) -> None:
    empty, full = tmp_path / "1.0", tmp_path / "1.1"
    (full / "left").mkdir(parents=True)
    empty.mkdir()

    assert not temporary.anything_in([str(empty), str(tmp_path / "gone")])
    assert temporary.anything_in([str(empty), str(full)])


def test_folders_in_folders_without_end_are_deleted(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("x", dir_fd=here)
        inner = os.open("x", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)

    temporary.discard(str(tmp_path / "x"))

    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_process_was_killed_is_deleted_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living = temporary.Folder()
    killed, young = (temporary.Folder() for _ in range(2))
    kept = {Path(living.path).name, Path(young.path).name, "mutd-of-someone-else"}
    (tmp_path / "mutd-of-someone-else" / "inner").mkdir(parents=True)
    (Path(killed.path) / "inner").mkdir()
    os.close(killed._lock)
    os.close(young._lock)
    for folder in (living.path, killed.path, tmp_path / "mutd-of-someone-else"):
        os.utime(folder, (0, 0))

    temporary.sweep(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == kept
    assert (tmp_path / "mutd-of-someone-else" / "inner").is_dir()
    living.delete()
    assert not Path(living.path).exists()
