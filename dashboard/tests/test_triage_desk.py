"""Several readers at one file: what each sees, saves and is refused."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories import NOW, SOURCE, a_mutant
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.function_hash import hashes_of
from mutmut_dashboard.model import Choice, Decision, Standing, Status
from mutmut_dashboard.triage.desk import Desk, Wish, read_wishes
from mutmut_dashboard.triage.file import ConflictError, TriageFile, UnreadableError
from mutmut_dashboard.triage.standing import Candidate

MUTANTS = [a_mutant("price * qty", f"price {sign} qty") for sign in ("/", "+", "-")]
KILLED = a_mutant("qty < 0", "qty <= 0")
IDS = [mutant.id for mutant in MUTANTS]
HASH = hashes_of(SOURCE)["total"]
CANDIDATES = {
    "prices": {
        **{mutant.id: Candidate(mutant, Status.SURVIVED, HASH) for mutant in MUTANTS},
        KILLED.id: Candidate(KILLED, Status.KILLED, ""),
    }
}


def a_desk(folder: Path, who: str = "Ada") -> Desk:
    file = TriageFile(folder, folder / ".mutation")
    return Desk(file, lambda: CANDIDATES, who, lambda: date(2030, 5, 17))


def a_wish(id_: str = IDS[0], choice: Choice = Choice.TODO, **more: Any) -> Wish:
    return Wish("prices", id_, choice, **more)


def said(desk: Desk) -> dict[str, Choice]:
    return {one.decision.id: one.decision.decision for one in desk.state().weighed}


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return a_desk(tmp_path)


class TestTwoReaders:
    def test_changes_of_different_mutants_are_both_kept(self, desk: Desk) -> None:
        both_saw = desk.state().revision

        desk.change(both_saw, [a_wish(IDS[0])])
        desk.change(both_saw, [a_wish(IDS[1], Choice.BUG)])

        assert said(desk) == {IDS[0]: Choice.TODO, IDS[1]: Choice.BUG}

    def test_the_second_change_of_one_mutant_is_refused_whole(self, desk: Desk) -> None:
        both_saw = desk.state().revision
        desk.change(both_saw, [a_wish(IDS[0], Choice.BUG)])

        with pytest.raises(ConflictError, match=rf"somebody else decided about {IDS[0]}\."):
            desk.change(both_saw, [a_wish(IDS[0]), a_wish(IDS[1])])

        assert said(desk) == {IDS[0]: Choice.BUG}

    def test_taking_away_what_another_changed_is_refused(self, desk: Desk) -> None:
        desk.change(desk.state().revision, [a_wish()])
        both_saw = desk.state().revision
        desk.change(both_saw, [a_wish(choice=Choice.BUG)])

        with pytest.raises(ConflictError):
            desk.change(both_saw, [a_wish(choice=Choice.OPEN)])

    def test_the_same_wish_twice_is_no_conflict(self, desk: Desk) -> None:
        both_saw = desk.state().revision
        wish = a_wish(choice=Choice.ACCEPTED, reason="rare", expires=date(2031, 1, 1))
        desk.change(both_saw, [wish])

        desk.change(both_saw, [wish])

        assert said(desk) == {IDS[0]: Choice.ACCEPTED}

    def test_who_came_first_with_the_same_wish_is_who_decided(self, desk: Desk, tmp_path: Path) -> None:
        desk.change(desk.state().revision, [a_wish()])
        second = a_desk(tmp_path, "Grace")

        second.change(second.state().revision, [a_wish()])

        assert [one.decision.who for one in second.state().weighed] == ["Ada"]

    def test_a_stale_decision_made_again_applies_again(self, desk: Desk, tmp_path: Path) -> None:
        desk.change(desk.state().revision, [a_wish()])
        file = tmp_path / "triage.toml"
        file.write_text(file.read_text().replace(HASH, "0" * len(HASH)))
        assert [one.standing for one in desk.state().weighed] == [Standing.STALE]

        desk.change(desk.state().revision, [a_wish()])

        assert [one.standing for one in desk.state().weighed] == [Standing.APPLIES]

    def test_readers_who_save_at_once_lose_nothing(self, tmp_path: Path) -> None:
        readers = [a_desk(tmp_path, f"reader {n}") for n in range(len(IDS))]
        revisions = [reader.state().revision for reader in readers]
        threads = [
            threading.Thread(target=reader.change, args=(revision, [a_wish(id_)]))
            for reader, revision, id_ in zip(readers, revisions, IDS, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert said(readers[0]) == dict.fromkeys(IDS, Choice.TODO)


class TestEditors:
    def test_what_an_editor_saved_meanwhile_stays(self, desk: Desk, tmp_path: Path) -> None:
        desk.change(desk.state().revision, [a_wish(IDS[0])])
        seen = desk.state().revision
        file = tmp_path / "triage.toml"
        file.write_text(f"# a word of mine\n{file.read_text()}")

        desk.change(seen, [a_wish(IDS[1])])

        assert file.read_text().startswith("# a word of mine\n")
        assert set(said(desk)) == set(IDS[:2])

    def test_an_editors_mistake_is_named_by_its_line_and_never_written_over(
        self, desk: Desk, tmp_path: Path
    ) -> None:
        seen = desk.state().revision
        broken = "[[decisions]]\nid = 3\n"
        (tmp_path / "triage.toml").write_text(broken)

        for attempt in (desk.state, lambda: desk.change(seen, [a_wish()]), lambda: desk.undo(seen)):
            with pytest.raises(UsageError):
                attempt()
        with pytest.raises(UnreadableError, match=r"triage\.toml, line \d"):
            desk.state()
        assert (tmp_path / "triage.toml").read_text() == broken

    def test_a_save_at_the_very_same_moment_is_not_written_over(self, tmp_path: Path) -> None:
        file = TriageFile(tmp_path, tmp_path / ".mutation")

        def while_an_editor_saves(old: Any) -> Any:
            file.path.write_text("# an editor's\n")
            return old.having(decision_of(IDS[0]))

        with pytest.raises(ConflictError, match="at the same moment"):
            file.change(while_an_editor_saves, "decide")

        assert file.path.read_text() == "# an editor's\n"


def decision_of(id_: str) -> Decision:
    mutant = next(m for m in MUTANTS if m.id == id_)
    return Decision(
        id_, "prices", mutant.file, "total", "a -> b", Choice.TODO, "Ada", NOW.date().isoformat(), HASH
    )


class TestUndo:
    def test_takes_back_the_last_change(self, desk: Desk) -> None:
        desk.change(desk.state().revision, [a_wish()])

        desk.undo(desk.state().revision)

        assert said(desk) == {}

    def test_does_not_take_back_what_this_reader_never_saw(self, desk: Desk) -> None:
        mine = desk.state().revision
        desk.change(mine, [a_wish()])

        with pytest.raises(ConflictError, match="somebody else"):
            desk.undo(mine)

        assert said(desk) == {IDS[0]: Choice.TODO}

    def test_of_nothing_is_refused(self, desk: Desk) -> None:
        with pytest.raises(UsageError, match="no change to take back"):
            desk.undo(desk.state().revision)


class TestRefusals:
    @pytest.mark.parametrize(
        ("wish", "words"),
        [
            (a_wish(choice=Choice.EQUIVALENT, reason=" "), "needs a reason"),
            (a_wish(expires=date(2030, 5, 16)), "is past already"),
            (a_wish(KILLED.id), "is killed in the latest run"),
            (a_wish("f" * 12), 'has no mutant "ffffffffffff"'),
            (Wish("other", IDS[0], Choice.TODO), 'run of "other" has no mutant'),
        ],
    )
    def test_a_wish_that_cannot_be_granted(self, desk: Desk, wish: Wish, words: str) -> None:
        with pytest.raises(UsageError, match=words):
            desk.change(desk.state().revision, [wish])

        assert said(desk) == {}

    def test_a_mutant_named_twice(self, desk: Desk) -> None:
        with pytest.raises(UsageError, match="named twice"):
            desk.change(desk.state().revision, [a_wish(), a_wish(choice=Choice.BUG)])

    def test_a_revision_that_was_never_given_out(self, desk: Desk) -> None:
        with pytest.raises(ConflictError, match="this server never had"):
            desk.change("made up", [a_wish()])

    @pytest.mark.parametrize(
        "changes",
        [
            *(None, {}, [], "x", [3], [{}]),
            [{"target": "prices", "id": 3, "decision": "todo"}],
            [{"target": "prices", "id": "a", "decision": "perhaps"}],
            [{"target": "prices", "id": "a", "decision": "todo", "expires": "soon"}],
            [{"target": "prices", "id": "a", "decision": "todo", "reason": None}],
        ],
    )
    def test_changes_of_another_form(self, changes: Any) -> None:
        with pytest.raises(UsageError):
            read_wishes(changes)


class Readers(RuleBasedStateMachine):
    """Any readers in any order: a change is saved if and only if its mutant is as that reader saw it, or as wanted."""

    revisions: Bundle[str] = Bundle("revisions")

    @initialize(target=revisions)
    def begin(self) -> str:
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.desk = a_desk(Path(self.folder.name))
        self.model: dict[str, Choice] = {}
        self.seen: dict[str, dict[str, Choice]] = {}
        return self._look()

    def _look(self) -> str:
        revision = self.desk.state().revision
        self.seen[revision] = dict(self.model)
        return revision

    @rule(target=revisions, start=revisions, id_=st.sampled_from(IDS), choice=st.sampled_from(Choice))
    def change(self, start: str, id_: str, choice: Choice) -> str:
        wanted = None if choice is Choice.OPEN else choice
        mine, present = self.seen[start].get(id_), self.model.get(id_)
        try:
            self.desk.change(start, [a_wish(id_, choice, reason="why")])
        except ConflictError:
            assert mine != present
            assert present != wanted
        else:
            assert present in (mine, wanted)
            self.model = {**self.model, id_: wanted} if wanted else self._without(id_)
        return self._look()

    def _without(self, id_: str) -> dict[str, Choice]:
        return {own: choice for own, choice in self.model.items() if own != id_}

    @invariant()
    def the_file_says_what_was_saved(self) -> None:
        if hasattr(self, "desk"):
            assert said(self.desk) == self.model

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()


TestReaders = Readers.TestCase
TestReaders.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
