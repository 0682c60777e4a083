"""triage.toml on the disk: whole or not at all, nobody's change lost, the last one taken back."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from factories import a_decision

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.triage.file import NAME, TriageFile, read_decisions


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> TriageFile:
    return TriageFile(tmp_path, tmp_path / ".mutation")


def put(file: TriageFile, id_: str, **changes: Any) -> None:
    file.change(lambda old: old.having(a_decision(id=id_, **changes)), f"decide {id_}")


def ids(file: TriageFile) -> list[str]:
    return [decision.id for decision in file.read().all]


def test_a_file_that_is_not_there_holds_no_decision(file: TriageFile) -> None:
    assert ids(file) == []


def test_a_file_that_is_no_text_is_refused(file: TriageFile) -> None:
    file.path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"triage\.toml cannot be read"):
        file.read()


def test_a_byte_order_mark_is_no_part_of_it(file: TriageFile) -> None:
    put(file, "a")
    file.path.write_text("\ufeff" + file.path.read_text("utf-8"), "utf-8")
    assert ids(file) == ["a"]


class TestWriting:
    def test_a_crash_while_writing_leaves_the_old_file_and_no_other(
        self, file: TriageFile, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(file, "a")
        before = file.path.read_bytes()

        def crash(_: int) -> None:
            raise OSError("full")

        monkeypatch.setattr(os, "fsync", crash)
        with pytest.raises(OSError, match="full"):
            put(file, "b")
        assert file.path.read_bytes() == before
        assert [path.name for path in file.path.parent.iterdir() if path.is_file()] == [NAME]

    def test_a_change_that_changes_nothing_does_not_touch_the_file(self, file: TriageFile) -> None:
        put(file, "a")
        file.path.chmod(0o640)
        stat = file.path.stat()
        put(file, "a")
        assert (file.path.stat().st_mtime_ns, file.path.stat().st_ino) == (stat.st_mtime_ns, stat.st_ino)

    def test_the_files_permissions_stay(self, file: TriageFile) -> None:
        put(file, "a")
        file.path.chmod(0o640)
        put(file, "b")
        assert file.path.stat().st_mode & 0o777 == 0o640

    def test_a_link_stays_a_link(self, file: TriageFile, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        file.path.symlink_to(tmp_path / "elsewhere" / "ours.toml")
        put(file, "a")
        assert file.path.is_symlink()
        assert (tmp_path / "elsewhere" / "ours.toml").is_file()

    def test_changes_made_at_the_same_time_are_all_kept(self, file: TriageFile) -> None:
        names = [f"id{n:02}" for n in range(24)]
        with ThreadPoolExecutor(8) as pool:
            list(
                pool.map(
                    lambda name: put(TriageFile(file.path.parent, file.path.parent / ".mutation"), name),
                    names,
                )
            )
        assert ids(file) == names

    def test_so_are_those_of_several_processes_and_a_reader_never_sees_half(self, file: TriageFile) -> None:
        script = (
            "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]);"
            "from test_triage_file import TriageFile, put;"
            "root = Path(sys.argv[1]); file = TriageFile(root, root / '.mutation');"
            "[put(file, f'{sys.argv[3]}{n}', reason='x' * 20000) for n in range(8)]"
        )
        here = str(Path(__file__).parent)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, str(Path(__file__).parents[1])])}
        started = [
            subprocess.Popen(
                [sys.executable, "-c", script, str(file.path.parent), here, who], env=environment
            )
            for who in "ab"
        ]
        while any(process.poll() is None for process in started):
            read_decisions(file.path)  # raises where it sees half of one
        assert [process.wait() for process in started] == [0, 0]
        assert ids(file) == sorted(f"{who}{n}" for who in "ab" for n in range(8))


class TestUndo:
    def test_changes_are_taken_back_one_by_one(self, file: TriageFile) -> None:
        put(file, "a")
        put(file, "b")
        put(file, "a", reason="another")
        assert file.undo() == "decide a"
        assert [d.reason for d in file.read().all if d.id == "a"] == [a_decision().reason]
        assert file.undo() == "decide b"
        assert ids(file) == ["a"]
        file.undo()
        assert ids(file) == []
        with pytest.raises(UsageError, match="There is no change to take back"):
            file.undo()

    def test_an_entry_that_was_taken_away_comes_back_with_its_comment(self, file: TriageFile) -> None:
        put(file, "a")
        file.path.write_text(file.path.read_text("utf-8").replace("[[", "# mine\n[["), "utf-8")
        file.change(lambda old: old.with_entries(dict.fromkeys(old.by_key)), "decide a open")
        assert ids(file) == []
        file.undo()
        assert "# mine\n[[decisions]]" in file.path.read_text("utf-8")

    def test_edits_elsewhere_in_the_file_stay(self, file: TriageFile) -> None:
        put(file, "a")
        put(file, "b")
        text = file.path.read_text("utf-8")
        file.path.write_text("# ours\n" + text.replace('id = "a"', 'id = "a"  # look'), "utf-8")
        file.undo()
        text = file.path.read_text("utf-8")
        assert text.startswith("# ours\n")
        assert 'id = "a"  # look' in text
        assert ids(file) == ["a"]

    def test_an_entry_that_was_edited_since_is_left_alone(self, file: TriageFile) -> None:
        put(file, "a")
        edited = file.path.read_text("utf-8").replace("Ada", "Bob")
        file.path.write_text(edited, "utf-8")
        with pytest.raises(
            UsageError, match=r"Cannot take back 'decide a': triage\.toml was edited since, at mutant a"
        ):
            file.undo()
        assert file.path.read_text("utf-8") == edited

    def test_a_broken_journal_is_as_good_as_none(self, file: TriageFile) -> None:
        put(file, "a")
        (file.path.parent / ".mutation" / "triage-journal.json").write_text("{", "utf-8")
        with pytest.raises(UsageError, match="There is no change to take back"):
            file.undo()
