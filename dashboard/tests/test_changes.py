"""Changed lines, read from real git repositories."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import a_mutant
from hypothesis import given, settings
from hypothesis import strategies as st
from trees_support import git

from mutmut_dashboard.changes import EVERYTHING, changed_lines, on_changed_lines
from mutmut_dashboard.errors import UsageError

TEN = "".join(f"line {n}\n" for n in range(1, 11))


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)


def a_repository(folder: Path, **files: str) -> Path:
    """A repository whose one commit, tagged `start`, holds a file of ten lines and what is given."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for name, text in {"a.py": TEN, **{f"{n}.py": t for n, t in files.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    commit(folder)
    git(folder, "tag", "start")
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "more")


def changed(folder: Path, ref: str) -> dict[str, object]:
    return dict(changed_lines(folder, ref))


def replaced(*numbers: int, by: str = "new\n") -> str:
    return "".join(by if at in numbers else line for at, line in enumerate(TEN.splitlines(keepends=True), 1))


@pytest.mark.parametrize("committed", [True, False])
def test_an_edit_is_found_committed_or_not(tmp_path: Path, committed: bool) -> None:
    repository = a_repository(tmp_path)
    (repository / "a.py").write_text(replaced(3, 7, 8))
    if committed:
        commit(repository)

    assert changed(repository, "start") == {"a.py": {3, 7, 8}}


def test_nothing_is_changed_in_an_untouched_tree(tmp_path: Path) -> None:
    assert changed(a_repository(tmp_path), "HEAD") == {}


def test_added_lines_have_the_numbers_they_have_now(tmp_path: Path) -> None:
    repository = a_repository(tmp_path)
    (repository / "a.py").write_text("x\ny\n" + replaced(5, by="5\n5b\n"))

    assert changed(repository, "start") == {"a.py": {1, 2, 7, 8}}


@pytest.mark.parametrize(("gone", "around"), [(1, {0, 1}), (5, {4, 5}), (10, {9, 10})])
def test_lines_taken_away_mark_both_sides_of_the_gap(tmp_path: Path, gone: int, around: set[int]) -> None:
    repository = a_repository(tmp_path)
    (repository / "a.py").write_text(replaced(gone, by=""))

    assert changed(repository, "start") == {"a.py": around}


def test_new_files_are_everything_and_deleted_ones_are_missing(tmp_path: Path) -> None:
    repository = a_repository(tmp_path, gone=TEN)
    (repository / "gone.py").unlink()
    (repository / "staged.py").write_text("x\n")
    git(repository, "add", "staged.py")
    (repository / "untracked.py").write_text("x\n")
    (repository / ".gitignore").write_text("ignored.py\n")
    (repository / "ignored.py").write_text("x\n")

    assert changed(repository, "start") == dict.fromkeys(
        ("staged.py", "untracked.py", ".gitignore"), EVERYTHING
    )


def test_a_moved_file_has_the_lines_changed_on_the_way(tmp_path: Path) -> None:
    repository = a_repository(tmp_path, other=TEN.replace("line", "row"))
    git(repository, "mv", "a.py", "moved.py")
    git(repository, "mv", "other.py", "untouched.py")
    (repository / "moved.py").write_text(replaced(4))
    commit(repository)

    assert changed(repository, "start") == {"moved.py": {4}}


def test_what_the_other_branch_did_since_does_not_count(tmp_path: Path) -> None:
    repository = a_repository(tmp_path)
    git(repository, "checkout", "--quiet", "-b", "mine")
    (repository / "a.py").write_text(replaced(2))
    commit(repository)
    git(repository, "checkout", "--quiet", "main")
    (repository / "a.py").write_text(replaced(9))
    commit(repository)
    git(repository, "checkout", "--quiet", "mine")

    assert changed(repository, "main") == {"a.py": {2}}


def test_files_are_named_from_the_project_and_others_left_out(tmp_path: Path) -> None:
    repository = a_repository(tmp_path)
    project = repository / "project"
    project.mkdir()
    (project / "b.py").write_text(TEN)
    commit(repository)
    git(repository, "tag", "both")
    (project / "b.py").write_text(replaced(6))
    (project / "new.py").write_text("x\n")
    (repository / "a.py").write_text(replaced(1))

    assert changed(project, "both") == {"b.py": {6}, "new.py": EVERYTHING}


@pytest.mark.parametrize(
    "name", ["two words.py", "zażółć.py", 'quo"te.py', "tab\there.py", "back\\slash.py", "b"]
)
def test_names_of_all_kinds_are_read(tmp_path: Path, name: str) -> None:
    repository = a_repository(tmp_path)
    (repository / name).write_text(TEN)
    commit(repository)
    (repository / name).write_text(replaced(2))

    assert changed(repository, "HEAD") == {name: {2}}


def test_text_that_looks_like_a_patch_is_text(tmp_path: Path) -> None:
    repository = a_repository(tmp_path)
    (repository / "a.py").write_text(replaced(4, by="++ b/fake.py\n@@ -1 +1 @@\ndiff --git a/x b/x\n"))

    assert changed(repository, "start") == {"a.py": {4, 5, 6}}


def test_a_missing_last_line_feed_disturbs_nothing(tmp_path: Path) -> None:
    repository = a_repository(tmp_path, last="one\ntwo")
    (repository / "last.py").write_text("one\nthree")
    (repository / "a.py").write_text(replaced(1))

    assert changed(repository, "start") == {"a.py": {1}, "last.py": {2}}


def test_no_setting_of_the_user_changes_what_is_read(tmp_path: Path) -> None:
    repository = a_repository(tmp_path)
    for name, value in {
        "diff.noprefix": "true",
        "diff.context": "9",
        "diff.interHunkContext": "9",
        "diff.external": "false",
        "color.diff": "always",
        "core.quotePath": "false",
    }.items():
        git(repository, "config", name, value)
    (repository / ".gitattributes").write_text("*.py binary\n")
    commit(repository)
    (repository / "a.py").write_text(replaced(3, 8))

    assert changed(repository, "HEAD") == {"a.py": {3, 8}}


LINES = st.lists(st.sampled_from(["a", "b", "c", "++ b/x", "-- a/x", "\\", ""]), max_size=12)


@settings(max_examples=30)
@given(LINES, LINES)
def test_the_lines_that_are_not_marked_are_lines_of_before_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str]
) -> None:
    """Taking the changed lines away leaves a subsequence of the old text."""
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    repository = a_repository(tmp_path_factory.mktemp("git"), b=old)
    (repository / "b.py").write_text(new)

    marked = changed_lines(repository, "start").get("b.py", frozenset())

    assert marked is not EVERYTHING
    kept = [line for at, line in enumerate(after, 1) if at not in marked]
    rest = iter(before)
    assert all(line in rest for line in kept)
    assert bool(marked) == (before != after)


class TestRefusals:
    def test_an_unknown_revision(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="no revision 'nowhere'"):
            changed_lines(a_repository(tmp_path), "nowhere")

    @pytest.mark.parametrize("ref", ["--output=x", "", "a..b", "HEAD:a.py"])
    def test_what_is_no_revision_is_never_an_option(self, tmp_path: Path, ref: str) -> None:
        with pytest.raises(UsageError, match="no revision"):
            changed_lines(a_repository(tmp_path), ref)

        assert not (tmp_path / "x").exists()

    def test_no_repository(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"in no git repository.*not a git repository"):
            changed_lines(tmp_path, "main")

    def test_a_repository_without_a_commit(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")

        with pytest.raises(UsageError, match="no revision 'HEAD'"):
            changed_lines(tmp_path, "HEAD")

    def test_histories_that_never_met(self, tmp_path: Path) -> None:
        repository = a_repository(tmp_path)
        git(repository, "checkout", "--quiet", "--orphan", "other")
        git(repository, "commit", "--quiet", "--message", "alone")

        with pytest.raises(UsageError, match="no common ancestor"):
            changed_lines(repository, "main")

    def test_a_shallow_clone_is_told_what_to_fetch(self, tmp_path: Path) -> None:
        origin = a_repository(tmp_path / "origin")
        git(origin, "branch", "base")
        (origin / "a.py").write_text(replaced(1))
        commit(origin)
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "clone")

        with pytest.raises(UsageError, match=r"'base'.*shallow: fetch the whole history"):
            changed_lines(tmp_path / "clone", "base")

    def test_no_git(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

        with pytest.raises(UsageError, match="git cannot be run"):
            changed_lines(tmp_path, "main")


class TestMutantsOnChangedLines:
    SOURCE = "def total(price):\n    paid = max(\n        price,\n        0,\n    )\n    return paid\n"

    @pytest.mark.parametrize(
        ("lines", "chosen"),
        [({2}, True), ({4}, True), ({5}, True), ({1}, False), ({6}, False), (set(), False)],
    )
    def test_a_mutant_belongs_to_its_whole_statement(self, lines: set[int], chosen: bool) -> None:
        mutant = a_mutant("0", "1", source=self.SOURCE)

        found = on_changed_lines([mutant], {mutant.file: self.SOURCE}, {mutant.file: frozenset(lines)})

        assert found == [mutant] * chosen

    def test_every_mutant_of_a_new_file_is_chosen(self) -> None:
        mutant = a_mutant()

        assert on_changed_lines([mutant], {}, {mutant.file: EVERYTHING}) == [mutant]
        assert on_changed_lines([mutant], {}, {"other.py": EVERYTHING}) == []

    def test_what_is_no_python_goes_by_the_mutants_own_lines(self) -> None:
        source = "let a = `\n (1 + 2;\n"
        mutant = a_mutant("1 + 2", "1 - 2", source=source)

        assert on_changed_lines([mutant], {mutant.file: source}, {mutant.file: frozenset({2})}) == [mutant]
        assert on_changed_lines([mutant], {mutant.file: source}, {mutant.file: frozenset({1})}) == []
