"""`decide` and `check` on a tree that was really run: who may enter is not asked at 17, so `>` may become `>=`."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from trees_support import TreeRun, facts_of, run_cli

from mutmut_dashboard.cli import run_command_line
from mutmut_dashboard.model import Ended, Mutant, RunState, Status, Verdict
from mutmut_dashboard.store import Store

Did = Callable[..., str]
"""Run a command that must end with this code; return all it says."""


@dataclass(frozen=True)
class Tree:
    """A project that was run, to be worked on."""

    folder: Path
    survivor: Mutant
    killed: Mutant

    @property
    def triage(self) -> str:
        return (self.folder / "triage.toml").read_text(encoding="utf-8")

    @property
    def page(self) -> str:
        return (self.folder / "dashboard" / "site" / "index.html").read_text(encoding="utf-8")

    def edit(self, old: str, new: str, file: str = "ages/rules.py") -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(name="tree")
def _tree(one_survivor: TreeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    """A copy of the tree with what its run recorded."""
    folder = Path(shutil.copytree(one_survivor.folder, tmp_path / "copy"))
    facts = one_survivor.facts
    monkeypatch.chdir(folder)
    before = signal.getsignal(signal.SIGTERM)
    by_status = {facts.status(mutant): mutant for mutant in facts.mutants}
    yield Tree(folder, by_status[Status.SURVIVED], by_status[Status.KILLED])
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(name="did")
def _did(capsys: pytest.CaptureFixture[str]) -> Did:
    def did(*arguments: str, code: int = 0) -> str:
        ended = run_command_line(arguments)
        said = capsys.readouterr()
        assert ended == code, said
        assert "Traceback" not in said.err
        return said.out + said.err

    return did


class TestDeciding:
    def test_a_decision_is_written_down_with_all_that_a_reviewer_needs(self, tree: Tree, did: Did) -> None:
        id_ = tree.survivor.id
        said = did(
            "decide",
            id_[:6],
            "accepted",
            "--reason",
            "asked at the door",
            "--who",
            "Ada",
            "--expires",
            "2999-12-31",
        )
        assert said == f"{id_} is accepted: ages/rules.py may_enter: return age > 17 -> return age >= 17\n"
        for line in (
            *(f'id = "{id_}"', 'target = "ages"', 'file = "ages/rules.py"', 'function = "may_enter"'),
            *(
                'change = "return age > 17 -> return age >= 17"',
                'decision = "accepted"',
                'reason = "asked at the door"',
                'who = "Ada"',
            ),
            "expires = 2999-12-31",
        ):
            assert line in tree.triage.splitlines()

    def test_it_is_listed_with_its_standing_and_counts_on_the_terminal_and_the_page(
        self, tree: Tree, did: Did
    ) -> None:
        did("decide", tree.survivor.id, "equivalent", "--reason", "ages are asked twice", "--who", "Ada")
        assert f"{tree.survivor.id}  applies  ages" in did("decide", "--list")
        said = did("report")
        assert "adjusted score  100 % = (killed" in said
        assert "1 decided equivalent or accepted" in said
        assert "1 of 1 decided" in tree.page
        assert "ages are asked twice" in tree.page

    def test_who_is_gits_user_unless_named(self, tree: Tree, did: Did) -> None:
        subprocess.run(["git", "init", "-q"], check=True)
        subprocess.run(["git", "config", "user.name", "Grace H."], check=True)
        did("decide", tree.survivor.id, "todo")
        assert 'who = "Grace H."' in tree.triage

    def test_a_reason_that_is_no_text_does_no_harm(self, tree: Tree, did: Did) -> None:
        did("decide", tree.survivor.id, "bug", "--reason", "caf\udce9", "--who", "Ada")
        assert "bug" in did("decide", "--list")

    def test_undo_and_open_take_it_away(self, tree: Tree, did: Did) -> None:
        id_ = tree.survivor.id
        did("decide", id_, "todo")
        assert did("decide", "--undo") == f"Taken back: decide {id_} todo\n"
        assert "[[decisions]]" not in tree.triage
        did("decide", id_, "bug")
        assert did("decide", id_, "open") == f"Open again: {id_}\n"
        assert did("decide", "--list") == "There is no decision in triage.toml yet.\n"

    def test_import_adds_what_another_file_decides(self, tree: Tree, did: Did) -> None:
        did("decide", tree.survivor.id, "todo", "--who", "Bob")
        Path("drafts.toml").write_text(tree.triage, encoding="utf-8")
        did("decide", "--undo")
        assert did("decide", "--import", "drafts.toml").startswith("Imported 1 of 1 decisions")
        assert did("decide", "--import", "drafts.toml").startswith("Imported 0 of 1 decisions")
        did("decide", tree.survivor.id, "bug", "--who", "Ada")
        before = tree.triage
        assert "drafts.toml, line 4, says" in did("decide", "--import", "drafts.toml", code=1)
        assert tree.triage == before

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([], "Give IDs and a decision, or one of --list"),
            (["ID", "todo", "--list"], "Give IDs and a decision, or one of --list"),
            (["--list", "--reason", "x"], "belong to a decision about IDs"),
            (["ID"], '"ID" is no decision. The last word is one of: open, todo'),
            (["todo"], "Which mutant is todo?"),
            (["ID", "equivalent"], '"equivalent" needs a reason'),
            (["ID", "todo", "--expires", "soon"], '--expires "soon" is no date'),
            (["ID", "todo", "--expires", "2001-01-01"], "is past already"),
            (["ID", "todo", "--who", " "], "--who is empty"),
            (["ID", "open", "--reason", "x"], "open takes a decision away"),
            (["ID", "open"], "No decision is about a mutant"),
            (["nothing", "todo"], 'No mutant of the latest run has the id "nothing"'),
            (["KILLED", "todo"], "is killed in the latest run, so there is nothing to decide"),
            (["--undo"], "There is no change to take back"),
            (["--import", "nowhere.toml"], "There is no file nowhere.toml to import"),
        ],
    )
    def test_what_is_wrong_ends_with_1_and_writes_nothing(
        self, tree: Tree, did: Did, arguments: list[str], words: str
    ) -> None:
        named = {"ID": tree.survivor.id, "KILLED": tree.killed.id}
        said = did("decide", *(named.get(word, word) for word in arguments), code=1)
        assert words.replace("ID", tree.survivor.id) in said or words in said
        assert not Path("triage.toml").exists()

    def test_before_the_first_run_nothing_can_be_decided(self, tree: Tree, did: Did) -> None:
        shutil.rmtree(".mutation")
        assert "There is no result in" in did("decide", "abc", "todo", code=1)
        assert "There is no result in" in did("check", code=1)

    @pytest.mark.parametrize("command", [("run",), ("report",), ("check",), ("decide", "--list")])
    def test_a_mistake_in_the_file_is_said_before_anything_is_done(
        self, tree: Tree, did: Did, command: tuple[str, ...]
    ) -> None:
        Path("triage.toml").write_text("[[decisions]]\nid = 7\n", encoding="utf-8")
        assert "triage.toml, line " in did(*command, code=1)


class TestRelying:
    """The reason for the survivor in may_enter speaks of years_left, too."""

    def decide(self, tree: Tree, did: Did, *more: str) -> None:
        did("decide", tree.survivor.id, "equivalent", "--reason", "see years_left", "--who", "Ada", *more)

    def recorded_source(self, old: str, new: str) -> None:
        """Let the store say that the latest run judged another source."""
        with Store(Path(".mutation/results.sqlite")) as store:
            run = store.latest_run()
            assert run is not None
            text = store.sources(run.id)["ages/rules.py"]
            assert old in text
            store.add_sources(run.id, {"ages/rules.py": text.replace(old, new)})

    def test_a_decision_turns_stale_with_a_function_it_relies_on_and_names_it(
        self, tree: Tree, did: Did
    ) -> None:
        self.decide(tree, did, "--relies-on", "ages/rules.py:years_left")
        assert 'relies_on = ["ages/rules.py:years_left"]' in tree.triage
        assert "applies" in did("decide", "--list")
        self.recorded_source("65 - age", "66 - age")
        assert "stale (it relies on ages/rules.py:years_left, which changed since)" in did("decide", "--list")

    def test_deciding_again_looks_at_the_same_functions_anew(self, tree: Tree, did: Did) -> None:
        self.decide(tree, did, "--relies-on", "ages/rules.py:years_left")
        self.recorded_source("65 - age", "66 - age")
        self.decide(tree, did)
        assert 'relies_on = ["ages/rules.py:years_left"]' in tree.triage
        assert "applies" in did("decide", "--list")

    def test_without_it_only_the_own_function_counts(self, tree: Tree, did: Did) -> None:
        self.decide(tree, did)
        self.recorded_source("65 - age", "66 - age")
        assert "applies" in did("decide", "--list")
        assert "relies_on" not in tree.triage

    @pytest.mark.parametrize("name", ["years_left", "ages/rules.py:nobody", "nowhere.py:f"])
    def test_a_function_that_is_not_there_is_refused(self, tree: Tree, did: Did, name: str) -> None:
        arguments = ("decide", tree.survivor.id, "todo", "--relies-on", name)
        assert f'No function "{name}" is recorded' in did(*arguments, code=1)


class TestRunningAgain:
    def test_a_decision_survives_edits_elsewhere_turns_stale_with_its_function_and_obsolete_with_its_mutant(
        self, tree: Tree
    ) -> None:
        """Runs of their own, as a user makes them; the file is never touched by any."""
        id_ = tree.survivor.id
        assert run_cli(tree.folder, "decide", id_, "accepted", "--reason", "rare", "--who", "Ada").code == 0
        decided = tree.triage

        tree.edit("def may_enter", "# A comment.\n\n\ndef may_enter")
        tree.edit("65", "66")
        tree.edit("65", "66", "tests/test_rules.py")
        assert "adjusted score  100 %" in run_cli(tree.folder, "run").out
        assert f"{id_}  applies" in run_cli(tree.folder, "decide", "--list").out

        tree.edit("def may_enter(age):\n", "def may_enter(age):\n    assert age is not None\n")
        assert "adjusted" not in run_cli(tree.folder, "run").out
        assert f"{id_}  stale (the function changed since)" in run_cli(tree.folder, "decide", "--list").out
        assert "It was accepted: rare" in tree.page

        tree.edit("may_enter(5)", "may_enter(17)", "tests/test_rules.py")
        run_cli(tree.folder, "run")
        assert f"{id_}  obsolete (its mutant is killed now)" in run_cli(tree.folder, "decide", "--list").out
        assert "obsolete: its mutant is killed now" in tree.page
        assert tree.triage == decided


class TestChecking:
    def floors(self, tree: Tree, words: str) -> None:
        tree.edit("import Target", "import Ceilings, Floors, Target", "mutmut_config.py")
        tree.edit('suites=["tests"]', f'suites=["tests"], {words}', "mutmut_config.py")

    def test_a_run_that_meets_everything_passes_and_says_so(self, tree: Tree, did: Did) -> None:
        assert did("check").startswith("ages: met: mutation score 75.0 % (floor 0 %)")

    def test_each_shortfall_is_one_line(self, tree: Tree, did: Did) -> None:
        self.floors(
            tree, "floors=Floors(mutation_score=100, adjusted_score=100), ceilings=Ceilings(max_accepted=0)"
        )
        said = did("check", code=2)
        assert "ages: mutation score" in said
        assert "ages: adjusted score" in said
        assert said.count("1 more mutant must be detected.") == 2
        did("decide", tree.survivor.id, "accepted", "--reason", "rare")
        said = did("check", code=2)
        assert "adjusted" not in said
        assert "ages: 1 mutant accepted, 1 more than the 0 allowed." in said
        did("report")
        assert "1 survivor is decided accepted, 1 more than the 0 that max_accepted allows" in tree.page

    def test_changed_new_and_missing_sources_make_the_run_stale(self, tree: Tree, did: Did) -> None:
        tree.edit("Who may", "Whoever may")
        assert "not what was judged: ages/rules.py changed since" in did("check", code=3)
        tree.edit("Whoever may", "Who may")
        did("check")
        Path("ages/more.py").write_text("MORE = 1\n", encoding="utf-8")
        assert "ages/more.py" in did("check", code=3)

    def test_changed_tests_and_configuration_make_the_run_stale_and_floors_do_not(
        self, tree: Tree, did: Did
    ) -> None:
        tree.edit("may_enter(5)", "may_enter(6)", "tests/test_rules.py")
        assert "ages: not what was judged: tests/test_rules.py changed since" in did("check", code=3)
        tree.edit("may_enter(6)", "may_enter(5)", "tests/test_rules.py")
        Path("tests/conftest.py").write_text("X = 1\n", encoding="utf-8")
        assert "tests/conftest.py" in did("check", code=3)
        Path("tests/conftest.py").unlink()
        Path("README.md").write_text("hello\n", encoding="utf-8")
        self.floors(tree, "floors=Floors(mutation_score=75)")
        did("check")
        tree.edit('suites=["tests"]', 'suites=["tests"], timeout_floor=9', "mutmut_config.py")
        assert "mutmut_config.py" in did("check", code=3)

    def test_a_run_recorded_before_inputs_were_is_judged_by_its_sources(self, tree: Tree, did: Did) -> None:
        run = facts_of(tree.folder).run
        with Store(Path(".mutation/results.sqlite")) as store:
            store.save_target(run.id, replace(run.targets[0], inputs={}))
        tree.edit("may_enter(5)", "may_enter(6)", "tests/test_rules.py")
        did("check")

    def test_an_incomplete_run_does_not_pass(self, tree: Tree, did: Did) -> None:
        facts = facts_of(tree.folder)
        with Store(Path(".mutation/results.sqlite")) as store:
            store.add_verdict(facts.run.id, "ages", Verdict(tree.killed.id, Ended.LOST))
        assert "ages: 1 mutant not judged" in did("check", code=3)
        with Store(Path(".mutation/results.sqlite")) as store:
            store.add_verdict(facts.run.id, "ages", Verdict(tree.killed.id, Ended.FAILED))
            store.end_run(facts.run.id, RunState.INTERRUPTED, "")
        assert "its latest run did not come to an end" in did("check", code=3)

    def test_a_target_that_was_never_run_does_not_pass(self, tree: Tree, did: Did) -> None:
        tree.edit('name="ages"', 'name="years"', "mutmut_config.py")
        assert "years: no run has judged it" in did("check", code=3)

    def test_a_new_survivor_fails_until_it_is_decided(self, tree: Tree, did: Did) -> None:
        self.earlier_run(tree)
        assert did("check").count("met") == 1
        for option in (["--no-new"], ["--base", "1"]):
            said = did("check", *option, code=2)
            assert f"ages: 1 new undecided survivor against run 1: {tree.survivor.id}." in said
        did("decide", tree.survivor.id, "todo")
        assert "nothing new against run 1" in did("check", "--no-new")

    def earlier_run(self, tree: Tree) -> None:
        """Give the store a run before the latest, in which the survivor was killed."""
        facts = facts_of(tree.folder)
        with Store(Path(".mutation/results.sqlite")) as store:
            store.add_verdict(facts.run.id, "ages", Verdict(tree.survivor.id, Ended.FAILED))
            again = store.start_run(replace(facts.run.provenance), facts.run.targets, facts.run.started_at)
            store.add_sources(again, facts.sources)
            store.add_mutants(again, facts.mutants)
            store.add_coverage(again, "ages", facts.coverage.values())
            for verdict in facts.verdicts.values():
                store.add_verdict(again, "ages", verdict)
            store.end_run(again, RunState.COMPLETE, facts.run.finished_at)

    def committed(self, tree: Tree, message: str) -> None:
        for words in (
            ("init", "--quiet"),
            ("add", "ages", "tests", "mutmut_config.py"),
            ("-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "-m", message),
            ("tag", message),
        ):
            subprocess.run(["git", *words], cwd=tree.folder, check=True)

    def test_since_counts_the_mutants_on_changed_lines_only(self, tree: Tree, did: Did) -> None:
        self.floors(tree, "floors=Floors(mutation_score=100, adjusted_score=100, coverage=0)")
        tree.edit("return age > 17", "return 17 < age")
        tree.edit("65", "66")
        self.committed(tree, "other")
        tree.edit("66", "65")
        self.committed(tree, "survivor")
        tree.edit("return 17 < age", "return age > 17")

        said = did("check", "--since", "survivor", code=2)
        assert "mutation score of the lines changed since survivor 50.0 % is below its floor of 100 %" in said
        did("decide", tree.survivor.id, "equivalent", "--reason", "asked before")
        assert "adjusted" not in did("check", "--since", "survivor", code=2)
        assert "no mutant counts on the lines changed since HEAD" in self.commit_and_check(tree, did)
        assert "There is no" not in did("check", "--since", "nowhere", code=1)

    def commit_and_check(self, tree: Tree, did: Did) -> str:
        self.committed(tree, "last")
        return did("check", "--since", "HEAD", "--no-new")

    def test_since_asks_for_verdicts_on_changed_lines_only(self, tree: Tree, did: Did) -> None:
        tree.edit("65", "66")
        self.committed(tree, "start")
        tree.edit("66", "65")
        facts = facts_of(tree.folder)
        with Store(Path(".mutation/results.sqlite")) as store:
            store.add_verdict(facts.run.id, "ages", Verdict(tree.survivor.id, Ended.LOST))
            store.end_run(facts.run.id, RunState.INTERRUPTED, "")
        assert "ages: met: mutation score 100 %" in did("check", "--since", "start")
        did("check", code=3)
        with Store(Path(".mutation/results.sqlite")) as store:
            store.add_verdict(facts.run.id, "ages", Verdict(tree.killed.id, Ended.LOST))
        assert "1 mutant not judged" in did("check", "--since", "start", code=3)

    def test_without_an_earlier_run_there_is_nothing_new(self, tree: Tree, did: Did) -> None:
        assert "met" in did("check", "--no-new")

    def test_a_base_that_is_not_there_is_refused(self, tree: Tree, did: Did) -> None:
        assert "There is no run 99 to compare with. There are: 1." in did("check", "--base", "99", code=1)
