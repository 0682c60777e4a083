"""When a decision applies: function hashes, and decisions that follow real mutants through edits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from textwrap import dedent, indent

import mutmut.configuration
import pytest
from factories import a_decision, a_mutant
from hypothesis import given, settings
from hypothesis import strategies as st

from mutmut_dashboard.engine.mutmut_generation import _make
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.function_hash import HASH_LENGTH, hashes_of
from mutmut_dashboard.model import Choice, Decision, Mutant, Standing, Status
from mutmut_dashboard.triage.deciding import decide, reopen
from mutmut_dashboard.triage.decisions import Decisions
from mutmut_dashboard.triage.standing import Candidate, weigh

TODAY = date(2030, 5, 17)
ORIGINAL = """
def work(a, b=1):
    if a < b:
        return f"{a}" + 'x'
    return (a,)
"""


class TestHash:
    @pytest.mark.parametrize(
        "same",
        [
            "\n\n# above\n" + ORIGINAL,
            ORIGINAL.replace("    ", "\t"),
            ORIGINAL.replace("a < b:", "a  <  b :  # why"),
            ORIGINAL.replace("(a, b=1)", "(\n    a,\n    b=1,\n)"),
            ORIGINAL.replace("'x'", '"x"').replace("(a,)", "a,"),
            "def other():\n    pass\n" + ORIGINAL + "\nclass Last:\n    pass\n",
            "if True:\n" + indent(ORIGINAL, "  "),
        ],
    )
    def test_comments_layout_and_position_do_not_matter(self, same: str) -> None:
        assert hashes_of(same)["work"] == hashes_of(ORIGINAL)["work"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            *(("<", "<="), ("b=1", "b=2"), ("b=1", "b=True"), ("'x'", "'y'"), ("'x'", "b'x'"), ("1", "1.0")),
            *(("def work", "async def work"), ("def work", "@once\ndef work"), ("{a}", "{a!r}")),
            *(("a, b", "a, *, b"), ("    return (a,)", "        return (a,)"), ("return (a,)", "return (a)")),
        ],
    )
    def test_every_change_of_the_program_matters(self, old: str, new: str) -> None:
        assert hashes_of(ORIGINAL.replace(old, new, 1))["work"] != hashes_of(ORIGINAL)["work"]

    def test_a_method_has_its_own_and_a_function_inside_belongs_to_the_outer_one(self) -> None:
        source = (
            "class A:\n    def m(self):\n        def inner():\n            return 1\n        return inner\n"
        )
        assert list(hashes_of(source)) == ["A.m"]
        assert hashes_of(source) != hashes_of(source.replace("1", "2"))

    def test_functions_of_one_name_share_a_hash_that_any_of_them_changes(self) -> None:
        source = (
            "class A:\n    @property\n    def p(self): return 1\n    @p.setter\n    def p(self, v): pass\n"
        )
        assert hashes_of(source)["A.p"] != hashes_of(source.replace("pass", "raise"))["A.p"]

    def test_no_python_has_no_functions(self) -> None:
        assert hashes_of("def f(:\n") == {}
        assert hashes_of("a = 1\n") == {}
        assert hashes_of("\0") == {}

    def test_it_is_the_same_on_every_python(self) -> None:
        """A value that was computed once; a team with several versions shares triage.toml."""
        value = hashes_of(ORIGINAL)["work"]
        assert len(value) == HASH_LENGTH
        assert value == "79f9dd9cf08b4fff"


def candidate(
    mutant: Mutant, status: Status = Status.SURVIVED, function_hash: str = "0123456789abcdef"
) -> Candidate:
    return Candidate(mutant, status, function_hash)


def standing(
    made: object = None, /, status: Status = Status.SURVIVED, **changes: str
) -> tuple[Standing, str]:
    mutant = a_mutant()
    decision = replace(a_decision(mutant), **changes)  # type: ignore[arg-type]
    (one,) = weigh([decision], {"prices": {mutant.id: candidate(mutant, status)}}, TODAY)
    return one.standing, one.why


class TestStanding:
    @pytest.mark.parametrize("status", [Status.SURVIVED, Status.UNCOVERED])
    def test_it_applies_to_the_same_undetected_mutant_in_the_same_function(self, status: Status) -> None:
        assert standing(status=status) == (Standing.APPLIES, "")

    def test_it_is_stale_where_the_function_changed(self) -> None:
        assert standing(function_hash="f" * 16) == (Standing.STALE, "the function changed since")

    @pytest.mark.parametrize(
        ("last_day", "expected"),
        [
            ("2030-05-16", Standing.EXPIRED),
            ("2030-05-17", Standing.APPLIES),
            ("2030-05-18", Standing.APPLIES),
        ],
    )
    def test_it_applies_up_to_and_on_its_last_day(self, last_day: str, expected: Standing) -> None:
        assert standing(expires=last_day)[0] is expected

    @pytest.mark.parametrize("status", [Status.KILLED, Status.TIMEOUT, Status.SKIPPED, Status.INVALID])
    def test_it_is_obsolete_where_the_mutant_is_no_survivor(self, status: Status) -> None:
        assert standing(status=status) == (Standing.OBSOLETE, f"its mutant is {status} now")

    def test_it_is_obsolete_where_the_mutant_is_gone(self) -> None:
        assert standing(id="gone") == (Standing.OBSOLETE, "its mutant is no longer made")

    @pytest.mark.parametrize("status", [Status.PENDING, Status.ERROR])
    def test_nothing_is_said_before_the_mutant_is_judged(self, status: Status) -> None:
        assert standing(status=status) == (Standing.WAITING, "its mutant is not judged yet")

    def test_nothing_is_said_of_a_target_that_was_not_run(self) -> None:
        assert standing(target="other") == (Standing.WAITING, "its target is not in the latest run")

    def test_without_the_source_nothing_applies(self) -> None:
        mutant = a_mutant()
        known = {"prices": {mutant.id: candidate(mutant, function_hash="")}}
        (one,) = weigh([replace(a_decision(mutant), function_hash="")], known, TODAY)
        assert one.standing is Standing.STALE


# Decisions follow their mutants

FILE = "shop/rules.py"


@dataclass(frozen=True)
class Subject:
    """A module made of three functions, one of which is watched."""

    order: tuple[int, ...] = (0, 1, 2)
    watched: str = "return low < x + 1"
    extra: tuple[str, ...] = ()
    name: str = "inside"
    other_name: str = "outside"
    other: str = "return x > 3"
    above: int = 0
    comments: bool = False
    spread: bool = False

    def source(self) -> str:
        step = "\t" if self.spread else "    "
        watched = self.watched
        if self.spread:
            watched = (
                watched.replace(" + ", "  +  ").replace("return low", "return (low").replace("(low", "low")
            )
        body = [*self.extra, watched]
        if self.comments:
            body = [line for text in body for line in ("# about the next", f"{text}  # see above", "")]
        parts = [
            f"def {self.name}(x, low=0):\n" + indent("\n".join(body), step),
            f"def {self.other_name}(x):\n" + indent(self.other, step),
            dedent("""\
                class Rule:
                    def inside(self, x, low=0):
                        return low < x + 1"""),
        ]
        return "# above\n" * self.above + "\n\n\n".join(parts[at] for at in self.order) + "\n"


Edit = Callable[[Subject], Subject]
HARMLESS: dict[str, Edit] = {
    "insert lines": lambda s: replace(s, above=s.above + 3),
    "rename another function": lambda s: replace(s, other_name="elsewhere"),
    "change another function": lambda s: replace(s, other=f"x = x - 1\n{s.other}"),
    "reorder": lambda s: replace(s, order=(*s.order[1:], s.order[0])),
    "comment": lambda s: replace(s, comments=True),
    "reformat": lambda s: replace(s, spread=True),
}
HARMFUL: dict[str, Edit] = {
    "add a statement": lambda s: replace(s, extra=(*s.extra, f"x = x * {len(s.extra) + 2}")),
    "change the line": lambda s: replace(s, watched="return low <= x + 1"),
    "change elsewhere on the line": lambda s: replace(s, watched="return low < x + 2"),
    "rename the function": lambda s: replace(s, name="within"),
}


def candidates_in(source: str) -> dict[str, Candidate]:
    """Every mutant that mutmut really makes of the source, taken for a survivor."""
    hashes = hashes_of(source)
    made = [Mutant(**{**record, "target": "t"}) for record in _make(FILE, FILE, source)["mutants"]]
    return {m.id: Candidate(m, Status.SURVIVED, hashes[m.function]) for m in made}


@pytest.fixture(name="decided", scope="module")
def _decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Decision]]:
    """A decision about each mutant of the subject; mutmut is told where it is, and forgets it afterwards."""
    folder = tmp_path_factory.mktemp("stage")
    (folder / "pyproject.toml").write_text('[tool.mutmut]\nsource_paths = ["shop"]\n', "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mutmut.configuration, "_config", None)
        with patch.context() as inside:
            inside.chdir(folder)
            mutmut.configuration.config()
        found = candidates_in(Subject().source())
        facts = {"choice": Choice.EQUIVALENT, "reason": "so", "who": "Ada", "today": TODAY, "expires": None}
        yield decide(list(found), {"t": found}, **facts)  # type: ignore[arg-type]


@settings(max_examples=40)
@given(st.lists(st.sampled_from([*HARMLESS, *HARMFUL]), max_size=5))
def test_a_decision_follows_its_mutant_exactly_as_long_as_the_function_stays(
    decided: list[Decision], edits: list[str]
) -> None:
    """Whatever is edited around a function, its decisions apply; once it changes itself, none of them does."""
    subject = Subject()
    for edit in edits:
        subject = {**HARMLESS, **HARMFUL}[edit](subject)
    now = candidates_in(subject.source())
    weighed = weigh(decided, {"t": now}, TODAY)

    same = not set(edits) & set(HARMFUL)
    by_function = {
        name: [w for w in weighed if w.decision.function == name] for name in ("inside", "Rule.inside")
    }
    assert by_function["inside"]
    for one in by_function["inside"]:
        assert (one.standing is Standing.APPLIES) == same, one
    for one in by_function["Rule.inside"]:  # a twin in another place is not touched
        assert one.standing is Standing.APPLIES
    before = candidates_in(Subject().source())
    for one in weighed:
        if one.standing is Standing.APPLIES:  # it is still about the very same change
            was, is_ = before[one.decision.id].mutant, now[one.decision.id].mutant
            assert without_spaces(is_.original, is_.replacement) == without_spaces(
                was.original, was.replacement
            )
            assert is_.function == was.function


def without_spaces(*texts: str) -> list[str]:
    return ["".join(text.split()) for text in texts]


class TestDeciding:
    MUTANTS = (
        a_mutant(id="abc1"),
        a_mutant(id="abd2"),
        a_mutant(id="kill"),
        a_mutant(id="wait"),
        a_mutant(id="bare"),
    )

    def decide(self, *ids: str, **changes: object) -> list[str]:
        survived, other, killed, waiting, bare = self.MUTANTS
        known = [candidate(survived), candidate(other, Status.UNCOVERED), candidate(killed, Status.KILLED)]
        known += [candidate(waiting, Status.PENDING), candidate(bare, function_hash="")]
        given_: dict[str, object] = {
            "choice": Choice.TODO,
            "reason": "",
            "who": "Ada",
            "today": TODAY,
            "expires": None,
        }
        made = decide(ids, {"prices": {c.mutant.id: c for c in known}}, **{**given_, **changes})  # type: ignore[arg-type]
        return [decision.id for decision in made]

    def test_an_id_may_be_shortened_and_repeated(self) -> None:
        assert self.decide("abc", "abd2", "abc") == ["abc1", "abd2"]

    @pytest.mark.parametrize(
        ("id_", "words"),
        [
            ("ab", '2 ids begin with "ab": abc1, abd2. Give more of it.'),
            ("zzz", 'No mutant of the latest run has the id "zzz"'),
            ("", 'No mutant of the latest run has the id ""'),
            ("kill", "Mutant kill is killed in the latest run, so there is nothing to decide."),
            ("wait", "Mutant wait is pending in the latest run, so there is nothing to decide. Run again"),
            ("bare", "The source of mutant bare is not recorded"),
        ],
    )
    def test_what_cannot_be_decided_is_refused(self, id_: str, words: str) -> None:
        with pytest.raises(UsageError, match="^" + words.replace(".", r"\.").replace("(", r"\(")):
            self.decide("abc", id_)

    def test_a_mutant_that_two_targets_share_is_decided_in_both(self) -> None:
        known = {name: {"abc1": candidate(a_mutant(id="abc1", target=name))} for name in ("one", "two")}
        made = decide(["abc1"], known, choice=Choice.BUG, reason="", who="Ada", today=TODAY, expires=None)
        assert [decision.target for decision in made] == ["one", "two"]

    @pytest.mark.parametrize("choice", [Choice.EQUIVALENT, Choice.ACCEPTED])
    def test_equivalent_and_accepted_need_a_reason(self, choice: Choice) -> None:
        with pytest.raises(UsageError, match="needs a reason"):
            self.decide("abc", choice=choice, reason=" ")

    def test_a_last_day_in_the_past_is_refused(self) -> None:
        with pytest.raises(UsageError, match="2030-05-16, is past already"):
            self.decide("abc", expires=date(2030, 5, 16))

    def test_only_what_is_decided_can_be_opened_again(self) -> None:
        decisions = Decisions().having(a_decision(id="abc1"))
        assert reopen(["ab"], decisions) == [("prices", "abc1")]
        with pytest.raises(UsageError, match='No decision is about a mutant "zzz"'):
            reopen(["zzz"], decisions)

    @pytest.mark.parametrize(
        ("diff", "change"),
        [
            ("@@ -1 +1 @@\n def f():\n-    return  0\n+    return 1\n", "return 0 -> return 1"),
            ("--- a\n+++ b\n@@ -1 +1 @@\n-a - -b\n+a - +b\n", "a - -b -> a - +b"),
            ("@@ -1,2 +1 @@\n-one\n-two\n+one\n", "0 -> (nothing)"),
            ("@@ -1 +1 @@\n-" + "x" * 81 + "\n+y\n", "0 -> (nothing)"),
            ("", "0 -> (nothing)"),
        ],
    )
    def test_the_change_is_the_line_where_it_is_short(self, diff: str, change: str) -> None:
        mutant = a_mutant("0", "", diff=diff)
        facts = {"choice": Choice.TODO, "reason": "", "who": "Ada", "today": TODAY, "expires": None}
        (made,) = decide([mutant.id], {"prices": {mutant.id: candidate(mutant)}}, **facts)  # type: ignore[arg-type]
        assert made.change == change
