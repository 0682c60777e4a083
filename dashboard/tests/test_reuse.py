"""Which earlier verdicts stand after an edit: rules on pieces of text, and a walk of real edits against runs from scratch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from factories import a_kill, a_mutant, a_test, a_verdict
from stories import Walked

from mutmut_dashboard.engine import earlier
from mutmut_dashboard.engine.pieces import Program, cut, moved_lines, program
from mutmut_dashboard.engine.reuse import Judges, changes, dependencies, left_to_run
from mutmut_dashboard.model import Ended, Status, TestRecord, Trace, Verdict

CODE = """\
LIMIT = 3


def first(x):
    return second(x) + LIMIT


def second(x):
    return x


class Thing:
    size = 1

    def grow(self):
        return self.size + 1
"""
TESTS = """\
from code import first, second


def prepared():
    return 1


def test_first():
    assert first(1)


def test_second():
    assert second(prepared())
"""
FUNCTIONS = {"first", "second", "Thing.grow"}
TEST_IDS = ["tests/test_code.py::test_first", "tests/test_code.py::test_second"]
T_FIRST, T_SECOND = TEST_IDS


def a_program(
    code: str = CODE,
    tests: str = TESTS,
    *,
    functions: set[str] | None = None,
    ids: list[str] | None = None,
    more: Mapping[str, str] | None = None,
) -> Program:
    return program(
        {"code.py": code, "tests/test_code.py": tests, **(more or {})},
        {"code.py": FUNCTIONS if functions is None else functions},
        TEST_IDS if ids is None else ids,
        {},
    )


def a_trace(*functions: str, tests: tuple[str, ...] = (T_FIRST, T_SECOND), unknown: bool = False) -> Trace:
    return Trace(frozenset(f"code.py:{name}" for name in functions), frozenset(tests), unknown)


def left_after(
    edited: Program,
    trace: Trace,
    *,
    killer: str = "",
    matrix: bool = False,
    calls: Mapping[str, frozenset[str]] | None = None,
) -> frozenset[str] | None:
    """What must still judge a mutant that survived, or that `killer` killed, after the plain program became `edited`.

    `calls` are those of each test without the mutant.
    """
    verdict = Verdict("m", Ended.FAILED, kill=a_kill(test=killer)) if killer else Verdict("m", Ended.PASSED)
    found = changes(dependencies(a_program()), edited)
    return left_to_run(verdict, trace, found, Judges(trace.tests, calls or {}), matrix=matrix)


STANDS: frozenset[str] = frozenset()


class TestASurvivor:
    def test_stands_when_nothing_changed(self) -> None:
        assert left_after(a_program(), a_trace("first", "second")) == STANDS

    def test_falls_when_a_function_it_called_changed(self) -> None:
        edited = a_program(CODE.replace("return x\n", "return x + 0\n"))

        assert left_after(edited, a_trace("first", "second")) is None

    def test_stands_when_a_function_it_never_called_changed(self) -> None:
        edited = a_program(CODE.replace("self.size + 1", "self.size + 2"))

        assert left_after(edited, a_trace("first", "second")) == STANDS

    def test_is_judged_by_the_changed_test_only(self) -> None:
        edited = a_program(tests=TESTS.replace("assert first(1)", "assert first(1) == 4"))

        assert left_after(edited, a_trace("first")) == frozenset({T_FIRST})

    def test_is_judged_by_every_test_of_a_file_whose_helper_changed(self) -> None:
        edited = a_program(tests=TESTS.replace("return 1", "return 2"))

        assert left_after(edited, a_trace("first")) == frozenset({T_FIRST, T_SECOND})

    def test_is_judged_by_a_new_test(self) -> None:
        new = "tests/test_code.py::test_third"
        edited = a_program(tests=TESTS + "\n\ndef test_third():\n    assert first(2)\n", ids=[*TEST_IDS, new])
        found = changes(dependencies(a_program()), edited)

        passed = Verdict("m", Ended.PASSED)

        left = left_to_run(passed, a_trace("first"), found, Judges([*TEST_IDS, new], {}), matrix=False)

        assert left == frozenset({new})

    def test_falls_when_the_module_level_changed(self) -> None:
        assert left_after(a_program(CODE.replace("LIMIT = 3", "LIMIT = 4")), a_trace("second")) is None

    @pytest.mark.parametrize("file", ["helpers.py", "tests/conftest.py", "data.json"])
    def test_falls_when_a_file_that_all_share_came(self, file: str) -> None:
        assert left_after(a_program(more={file: "x = 1"}), a_trace("second")) is None

    def test_that_started_a_program_falls_with_any_change_of_the_code(self) -> None:
        edited = a_program(CODE.replace("self.size + 1", "self.size + 2"))

        assert left_after(edited, a_trace("second", unknown=True)) is None


class TestASurvivorWhoseTestsAreKnownOneByOne:
    """The first test calls `first`, the second `second`; `beyond` is what they call with the mutant only."""

    CHANGED = CODE.replace("+ LIMIT", "+ LIMIT + 0")
    """`first` is."""

    def left(self, edited: Program, beyond: Mapping[str, set[str]] | None = None) -> frozenset[str] | None:
        known = {test: frozenset(own) for test, own in (beyond or {}).items()}
        trace = replace(a_trace("first", "second"), beyond=known)
        calls = {T_FIRST: frozenset({"code.py:first"}), T_SECOND: frozenset({"code.py:second"})}
        return left_after(edited, trace, calls=calls)

    def test_is_judged_by_the_tests_that_call_what_changed(self) -> None:
        assert self.left(a_program(self.CHANGED)) == frozenset({T_FIRST})

    def test_and_by_those_that_call_it_with_the_mutant_only(self) -> None:
        found = self.left(a_program(self.CHANGED), {T_SECOND: {"code.py:first"}})

        assert found == frozenset({T_FIRST, T_SECOND})

    @pytest.mark.parametrize("code", [CODE, CHANGED])
    def test_a_test_that_started_a_program_judges_after_any_change(self, code: str) -> None:
        edited = a_program(code, TESTS.replace("assert first(1)", "assert first(1) == 4"))

        assert self.left(edited, {T_SECOND: {""}}) == frozenset({T_FIRST, T_SECOND})

    def test_one_that_started_a_program_stands_where_nothing_changed(self) -> None:
        assert self.left(a_program(), {T_SECOND: {""}}) == STANDS

    def test_falls_when_the_module_level_changed(self) -> None:
        assert self.left(a_program(CODE.replace("LIMIT = 3", "LIMIT = 4"))) is None


class TestAStretch:
    """Of a function that leads elsewhere: what a judging did not enter may change."""

    CODE = """\
def first(x):
    y = 0
    for one in x:
        if one is None:
            y = y - 1
        elif one:
            y = y + LIMIT
    if y: return second(y)
    try:
        x.clear()
    except AttributeError:
        y = len(x)
    return y


def second(x):
    if x:
        return locals()
    z = x
    return z
"""
    ENTERED = (*("first", "first@0.body.0", "first@0.body.0.body.0", "first@1"), "second", "second@0.body.0")
    """By a test for which `one` is None."""

    def program(self, code: str = CODE) -> Program:
        return a_program(code, functions={"first", "second"})

    def left(self, old: str, new: str) -> frozenset[str] | None:
        """What must still judge a survivor that entered those."""
        before = self.program()
        assert {f"code.py:{name}" for name in self.ENTERED} <= before.functions.keys()
        assert old in self.CODE
        found = changes(dependencies(before), self.program(self.CODE.replace(old, new, 1)))
        passed = Verdict("m", Ended.PASSED)
        return left_to_run(passed, a_trace(*self.ENTERED), found, Judges(TEST_IDS, {}), matrix=False)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("y = y + LIMIT", "y = y + LIMIT\n            y = 2 * y"),
            ("elif one:", "elif one > 1:"),
            ("x.clear()", "if x:\n            x.clear()"),
            ("y = len(x)\n", "y = len(x)\n    else:\n        y = 1\n"),
            ("y = len(x)\n    return y", "z = len(x)\n    return z"),
        ],
    )
    def test_that_was_not_entered_may_change(self, old: str, new: str) -> None:
        assert self.left(old, new) == STANDS

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param("y = y - 1", "y = y - 2", id="a statement"),
            pytest.param("second(y)", "second(y + 1)", id="a block on the line of its condition"),
            pytest.param("+ LIMIT\n", "+ LIMIT\n        y = 3\n", id="one that comes behind the last"),
            pytest.param("+ LIMIT\n", "+ LIMIT\n    else:\n        y = 3\n", id="another way to go"),
            pytest.param("y = len(x)", "second = len(x)", id="what a name means that it uses"),
            pytest.param("    return y", "    yield y", id="what calling the function does"),
            pytest.param("z = x\n    return z", "w = x\n    return w", id="what it can look up"),
        ],
    )
    def test_that_was_entered_must_be_what_it_was(self, old: str, new: str) -> None:
        assert self.left(old, new) is None

    def test_that_changes_takes_the_mutants_of_its_function_with_it(self) -> None:
        edited = self.program(self.CODE.replace("y = len(x)", "y = 1 + len(x)"))
        found = changes(dependencies(self.program()), edited)

        assert found.functions == {"code.py:first@2.except0.0"}
        assert found.whole == {"code.py:first"}

    def test_of_a_function_that_runs_at_import_matters_to_all(self) -> None:
        def at_import(code: str) -> Program:
            texts = {"code.py": code, "tests/test_code.py": TESTS}
            return program(texts, {"code.py": {"first", "second"}}, TEST_IDS, {}, ["code.py:first"])

        edited = at_import(self.CODE.replace("y = len(x)", "y = 1 + len(x)"))

        assert "runs at import" in changes(dependencies(at_import(self.CODE)), edited).everything

    def test_of_a_function_that_is_defined_twice_is_all_of_it(self) -> None:
        twice = self.CODE + "\n\ndef second(x):\n    if x:\n        return 1\n"

        assert [name for name in self.program(twice).functions if name.startswith("code.py:second")] == [
            "code.py:second"
        ]


class TestAKill:
    def test_stands_when_another_test_changed(self) -> None:
        edited = a_program(tests=TESTS.replace("assert second(prepared())", "assert second(7) == 7"))

        assert left_after(edited, a_trace("first"), killer=T_FIRST) == STANDS

    def test_falls_when_its_test_changed(self) -> None:
        edited = a_program(tests=TESTS.replace("assert first(1)", "assert first(1) or True"))

        assert left_after(edited, a_trace("first"), killer=T_FIRST) is None

    def test_falls_when_its_test_is_gone(self) -> None:
        edited = a_program(
            tests=TESTS.replace("def test_first():\n    assert first(1)\n\n\n", ""), ids=[T_SECOND]
        )

        assert left_after(edited, a_trace("first"), killer=T_FIRST) is None

    def test_in_a_matrix_falls_with_any_of_its_tests(self) -> None:
        edited = a_program(tests=TESTS.replace("assert second(prepared())", "assert second(7) == 7"))

        assert left_after(edited, a_trace("first"), killer=T_FIRST, matrix=True) is None


class TestAFunctionThatAppears:
    @staticmethod
    def _with(name: str, code: str = CODE) -> Program:
        body = f"    def {name}(self):\n        return 0\n\n"
        functions = {*FUNCTIONS, f"Thing.{name}"}
        return a_program(code.replace("class Thing:\n", "class Thing:\n" + body), functions=functions)

    def test_matters_to_whoever_names_it(self) -> None:
        code = CODE.replace("return second(x)", "return getattr(x, 'grown', second)(x)")
        found = changes(dependencies(a_program(code)), self._with("grown", code))

        assert found.functions == {"code.py:first", "code.py:Thing.grown", "code.py:Thing.grow"}
        assert not found.everything

    def test_matters_to_a_function_of_the_same_name(self) -> None:
        assert left_after(self._with("second"), a_trace("second")) is None

    def test_does_not_matter_to_others(self) -> None:
        assert left_after(self._with("unheard_of"), a_trace("first", "second")) == STANDS

    @pytest.mark.parametrize("search", ["getattr(x, 'gr' + 'own')()", "vars(x)['gr' + 'own']()"])
    def test_matters_to_whoever_puts_names_together(self, search: str) -> None:
        code = CODE.replace("return second(x)", f"return {search}")
        found = changes(dependencies(a_program(code)), self._with("grown", code))

        assert found.functions == {"code.py:first", "code.py:Thing.grown", "code.py:Thing.grow"}
        assert not found.everything

    def test_matters_to_a_test_that_does(self) -> None:
        tests = TESTS.replace("assert first(1)", "assert getattr(first(1), 'to' + '_s', int)()")
        body = "\n\ndef third(x):\n    return x\n"
        found = changes(
            dependencies(a_program(tests=tests)),
            a_program(CODE + body, tests, functions={*FUNCTIONS, "third"}),
        )

        assert found.same_tests == {T_SECOND}

    @pytest.mark.parametrize("heir", ["Thing", "Other[Thing]", "code.Thing, ValueError"])
    def test_matters_to_the_methods_of_classes_that_are_related(self, heir: str) -> None:
        functions = {*FUNCTIONS, "Heir.shrink"}
        code = f"{CODE}\n\nclass Other:\n    pass\n\n\nclass Heir({heir}):\n    def shrink(self):\n        return 1\n"
        now = code.replace("class Thing:\n", "class Thing:\n    def found(self):\n        return 0\n\n")
        found = changes(
            dependencies(a_program(code, functions=functions)),
            a_program(now, functions={*functions, "Thing.found"}),
        )

        assert ("code.py:Heir.shrink" in found.functions) == ("Other" not in heir)
        assert "code.py:Thing.grow" in found.functions
        assert not found.everything

    @pytest.mark.parametrize(
        "definition",
        [
            "class Thing(NodeVisitor):",
            "class Thing(made()):",
            "class Thing(metaclass=M):",
            "@seen\nclass Thing:",
        ],
    )
    def test_matters_to_all_where_others_look_into_its_class(self, definition: str) -> None:
        assert left_after(self._with("found"), a_trace("second")) == STANDS

        code = CODE.replace("class Thing:", definition)
        now = code.replace(f"{definition}\n", f"{definition}\n    def found(self):\n        return 0\n\n")
        found = changes(dependencies(a_program(code)), a_program(now, functions={*FUNCTIONS, "Thing.found"}))

        assert found.everything == "a function found that came or went"

    def test_of_a_dataclass_matters_to_its_methods_only(self) -> None:
        code = CODE.replace("class Thing:", "@dataclass(frozen=True)\nclass Thing(Generic[T]):")
        now = code.replace("    size = 1\n", "    size = 1\n\n    def found(self):\n        return 0\n")
        found = changes(dependencies(a_program(code)), a_program(now, functions={*FUNCTIONS, "Thing.found"}))

        assert found.functions == {"code.py:Thing.grow", "code.py:Thing.found"}

    def test_that_python_calls_itself_matters_to_all(self) -> None:
        assert left_after(self._with("__eq__"), a_trace("second")) is None


class TestCut:
    def test_a_comment_at_module_level_changes_nothing(self) -> None:
        assert a_program("# new\n\n" + CODE).shared == a_program().shared

    def test_a_line_of_a_text_that_looks_like_a_comment_counts(self) -> None:
        text = 'A = """\n# one\n"""\n'

        assert cut(text, ()).rest.digest != cut(text.replace("# one", "# two"), ()).rest.digest

    def test_lines_of_what_is_the_same_are_followed(self) -> None:
        edited = "# moved\n" + CODE.replace("    return x\n", "    y = x\n    return y\n")
        moved = moved_lines(cut(CODE, FUNCTIONS), cut(edited, FUNCTIONS))
        old, new = CODE.split("\n"), edited.split("\n")

        assert {old[a - 1] for a in moved} == {
            line for line in old if line and line not in {"def second(x):", "    return x"}
        }
        assert all(old[a - 1] == new[b - 1] for a, b in moved.items())

    def test_a_test_that_another_calls_is_a_helper(self) -> None:
        tests = TESTS.replace("second(prepared())", "second(test_first() or 1)")
        edited = tests.replace("assert first(1)", "assert first(2)")
        found = changes(dependencies(a_program(tests=tests)), a_program(tests=edited))

        assert found.same_tests == frozenset()


class TestWalk:
    """Edits of the tree `errands`, one after the other; `edits.py` walks on for as long as you like."""

    def test_verdicts_are_those_of_a_run_from_scratch(self, walked: Walked) -> None:
        for name, step in walked.steps:
            assert step.reusing == step.afresh, name

    def test_so_is_the_coverage(self, walked: Walked) -> None:
        for name, step in walked.steps:
            assert step.reusing_covered == step.afresh_covered, name
        assert walked.steps[0][1].afresh_covered

    def test_most_verdicts_are_reused_where_little_changed(self, walked: Walked) -> None:
        steps = dict(walked.steps)

        assert 0 < steps["a function that only mutants reach"].judged < 10
        assert 0 < steps["a test made stronger"].judged < 30

    def test_all_are_judged_where_all_may_differ(self, walked: Walked) -> None:
        step = dict(walked.steps)["a file that a test reads"]

        assert step.judged == len(step.reusing)
        assert step.said.count("tests/miles.json changed, so no earlier verdict stands") == 1


class TestPlaces:
    """Where a reused verdict says that its test failed."""

    KILL = a_kill(
        test=T_FIRST, places=("tests/test_code.py:12", "tests/helpers.py:3", "tests/test_code.py:40")
    )
    CODE = "def test_first():\n    x = 1\n    assert first(x)"

    def moved(self, before: TestRecord, now: TestRecord) -> tuple[str, ...]:
        verdict = a_verdict(a_mutant(), Status.KILLED, kill=self.KILL)
        kill = earlier.moved(verdict, {T_FIRST: before}, {T_FIRST: now}).kill
        assert kill is not None
        return kill.places

    def test_they_move_with_the_test_and_what_else_is_in_its_file_is_left_out(self) -> None:
        before, now = a_test(T_FIRST, line=10, code=self.CODE), a_test(T_FIRST, line=15, code=self.CODE)
        assert self.moved(before, now) == ("tests/test_code.py:17", "tests/helpers.py:3")

    def test_they_stay_where_the_test_stays(self) -> None:
        test = a_test(T_FIRST, line=10, code=self.CODE)
        assert self.moved(test, test) == self.KILL.places

    def test_those_of_its_file_are_left_out_where_its_old_place_is_not_known(self) -> None:
        assert self.moved(a_test(T_FIRST), a_test(T_FIRST, line=15, code=self.CODE)) == (
            "tests/helpers.py:3",
        )
