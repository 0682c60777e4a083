"""Lines of the original noted only while code under test goes on are those noted by tracing everything."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import coverage
import pytest
from forks import told_by_a_fork
from test_entrances import SOURCE, STORIES
from trees_support import copy_of_tree

from mutmut_dashboard.config import load_project
from mutmut_dashboard.engine.baseline import Measurement
from mutmut_dashboard.engine.stage import Stage, build_stage, put_in_place
from mutmut_dashboard.engine.stand_ins import StandIns
from mutmut_dashboard.errors import BaselineError

TESTS = "tests/test_rules.py"

MORE = (
    SOURCE
    + """

class Till:
    def __init__(self, start=0, *, limit: int = 3):
        self.sum = start
        self.limit = limit

    @property
    def full(self):
        return self.sum >= self.limit

    @staticmethod
    def cents(euros):
        return 100 * euros

    def __add__(self, other):
        return type(self)(self.sum + other)

    def deeper(self):
        return super().__repr__()

by_sum = lambda till: till.sum

def decorated(function):
    def wrapper(*args):
        if args:
            return function(*args)
        return None
    return wrapper

@decorated
def doubled(x):
    return 2 * x

async def ticks(n):
    try:
        for at in range(n):
            told = yield at
            if told:
                yield told
    except KeyError:
        yield -1
    finally:
        await waits(passed(1))

import types

@types.coroutine
def passed(x):
    yield
    return x
"""
)
needs_turns = pytest.mark.skipif(sys.version_info >= (3, 12), reason="from 3.12 on nothing is stood in for")


def till(shop: Any) -> None:
    one = shop.Till(1, limit=4)
    assert not one.full
    assert (one + 4).full
    assert one.cents(2) == 200
    assert one.deeper().startswith("<")
    assert shop.by_sum(one) == 1


def decorated(shop: Any) -> None:
    assert shop.doubled(2) == 4
    assert shop.doubled() is None


def sent_into(shop: Any) -> None:
    steps = shop.numbers(2)
    assert inspect.isgenerator(steps)
    next(steps)
    with pytest.raises(KeyError):
        steps.throw(KeyError("x"))


def ticked(shop: Any) -> None:
    async def through() -> None:
        steps = shop.ticks(3)
        is_one: bool = inspect.isasyncgen(steps)
        assert is_one
        assert await anext(steps) == 0
        shop.plain(1)
        assert await steps.asend(9) == 9
        assert await anext(steps) == 1
        assert await steps.athrow(KeyError("x")) == -1
        await steps.aclose()

    asyncio.run(through())


HERE: dict[str, Callable[[Any], object]] = {
    **{name: story for name, story in STORIES.items() if name != "a class method"},
    "a class method": lambda shop: shop.Shop.open(),
    "methods": till,
    "a function behind a decorator": decorated,
    "an exception thrown into a generator": sent_into,
    "an asynchronous generator": ticked,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "stood_in_shop.py").write_text(MORE, encoding="utf-8")
    (tmp_path / "late_shop.py").write_text(
        "def late(x):\n    if x:\n        return 1\n    return 2\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in ("stood_in_shop", "late_shop"):
        sys.modules.pop(name, None)


def told(folder: Path, story: Callable[[ModuleType, StandIns | None], object], *, stand_in: bool) -> Any:
    """What a fork finds in which a story runs under coverage: its arcs by file, and what the story says."""

    def work() -> dict[str, Any]:
        files = [str(folder / name) for name in ("stood_in_shop.py", "late_shop.py")]
        measurement = coverage.Coverage(data_file=None, branch=True, include=files, messages=False)
        measurement.start()
        module = importlib.import_module("stood_in_shop")
        ins = StandIns(sys.gettrace(), files) if stand_in else None
        said = story(module, ins)
        measurement.stop()
        data = measurement.get_data()
        arcs = {Path(file).name: sorted(data.arcs(file) or ()) for file in data.measured_files()}
        return {"arcs": arcs, "said": said}

    return told_by_a_fork(work)


@pytest.mark.parametrize("story", HERE.values(), ids=HERE)
def test_the_same_arcs_are_noted(folder: Path, story: Callable[[Any], object]) -> None:
    def run(shop: ModuleType, ins: StandIns | None) -> None:
        story(shop)

    assert told(folder, run, stand_in=True)["arcs"] == told(folder, run, stand_in=False)["arcs"]


@needs_turns
class TestStandIns:
    def test_nothing_is_traced_outside_the_code_under_test(self, folder: Path) -> None:
        def look(shop: ModuleType, ins: StandIns | None) -> list[bool]:
            seen: list[bool] = [sys.gettrace() is not None]
            shop.plain(1)
            shop.keyed([1])
            return [*seen, sys.gettrace() is not None]

        assert told(folder, look, stand_in=True)["said"] == [False, False]
        assert told(folder, look, stand_in=False)["said"] == [True, True]

    def test_a_generator_that_has_ended_leaves_nothing_to_trace(self, folder: Path) -> None:
        def look(shop: ModuleType, ins: StandIns | None) -> bool:
            list(shop.numbers(2))
            shop.plain(1)
            return sys.gettrace() is None

        assert told(folder, look, stand_in=True)["said"] is True

    def test_a_function_stays_what_it_is_to_who_looks_at_it(self, folder: Path) -> None:
        def look(shop: ModuleType, ins: StandIns | None) -> list[str]:
            return [
                str(inspect.signature(shop.Till)),
                inspect.getsource(shop.plain),
                shop.Till.full.fget.__qualname__,
                str(inspect.iscoroutinefunction(shop.waits)),
                str(inspect.isgeneratorfunction(shop.numbers)),
                str(inspect.isasyncgenfunction(shop.ticks)),
                str(inspect.isawaitable(shop.passed(1))),
                str(inspect.iscoroutinefunction(shop.plain)),
                str(shop.Till.__init__.__kwdefaults__),
            ]

        assert told(folder, look, stand_in=True)["said"] == told(folder, look, stand_in=False)["said"]

    def test_where_something_made_within_stays_for_good_everything_is_traced_as_it_was_made(
        self, folder: Path
    ) -> None:
        def keep(shop: ModuleType, ins: StandIns | None) -> list[bool]:
            kept = shop.adder(1)
            before = shop.plain.__code__
            for _ in range(1000):
                shop.plain(0)
            shop.doubled(kept(2))
            return [sys.gettrace() is not None, shop.plain.__code__ is before]

        found = told(folder, keep, stand_in=True)
        assert found["said"] == [True, False]
        assert found["arcs"] == told(folder, keep, stand_in=False)["arcs"]

    def test_a_module_imported_on_the_way_is_traced_with_all_that_follows(self, folder: Path) -> None:
        def late(shop: ModuleType, ins: StandIns | None) -> str:
            importlib.import_module("late_shop").late(0)
            shop.plain(1)
            return "" if ins is None else ins.doubtful

        found = told(folder, late, stand_in=True)
        assert found["arcs"] == told(folder, late, stand_in=False)["arcs"]
        assert found["arcs"]["late_shop.py"]
        assert not found["said"]

    def test_one_imported_in_another_thread_is_told(self, folder: Path) -> None:
        def late(shop: ModuleType, ins: StandIns | None) -> str:
            thread = threading.Thread(target=importlib.import_module, args=("late_shop",))
            thread.start()
            thread.join()
            assert ins is not None
            return ins.doubtful

        assert told(folder, late, stand_in=True)["said"].endswith("late_shop.py was executed in a thread")

    def test_where_a_generator_goes_on_already_everything_is_traced(self, folder: Path) -> None:
        path = folder / "stood_in_shop.py"
        path.write_text(f"{MORE}\nbegun = numbers(3)\nnext(begun)\n", encoding="utf-8")

        def look(shop: ModuleType, ins: StandIns | None) -> list[bool]:
            assert ins is not None
            return [ins.stand, sys.gettrace() is not None]

        assert told(folder, look, stand_in=True)["said"] == [False, True]


def staged(tree: Path) -> Stage:
    project = load_project(tree / "mutmut_config.py")
    stage = build_stage(project, project.targets[0])
    put_in_place(stage)
    return stage


class TestMeasurement:
    @pytest.fixture(name="tree")
    def _tree(self, tmp_path: Path) -> Path:
        return copy_of_tree("one_survivor", tmp_path)

    @pytest.fixture(name="looks_closely")
    def _looks_closely(self, tree: Path) -> Path:
        """A suite that passes on the original alone: the code of a function that is stood in for is another."""
        path = tree / TESTS
        more = "\n\ndef test_of_one_argument():\n    assert getattr(may_enter, '__wrapped__', may_enter) is may_enter\n"
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
        return tree

    def test_a_test_that_tells_a_stand_in_is_run_without(self, looks_closely: Path) -> None:
        stage = staged(looks_closely)
        with Measurement(stage, looks_closely / "log") as measurement:
            measurement.go()
            found = measurement.result()

        assert {test.outcome for test in found.tests} == {"passed"}
        assert {file.file: file.missing for file in found.coverage} == {
            "ages/__init__.py": (),
            "ages/rules.py": (),
        }

    def test_only_what_it_is_told_runs_and_what_others_ran_is_taken_over(self, tree: Path) -> None:
        stage = staged(tree)
        with Measurement(stage, tree / "log").go() as measurement:
            whole = measurement.result()
        first, *others = (test.id for test in whole.tests)
        carried = {
            file: {test: arcs for test, arcs in own.items() if test in others}
            for file, own in whole.arcs.items()
        }
        with Measurement(stage, tree / "log") as measurement:
            part = measurement.go([first], carried).result()

        assert others
        assert [test.id for test in part.tests] == [first]
        assert part.arcs == whole.arcs
        assert part.coverage == whole.coverage

    def test_it_says_what_it_collected_and_forgets_what_it_was_told_before(self, tree: Path) -> None:
        stage = staged(tree)
        with Measurement(stage, tree / "log") as measurement:
            tests = measurement.collected
            assert tests
            some = measurement.go(tests[:1])
            every = some.go().result()

        assert [test.id for test in every.tests] == tests
        assert all(not file.missing for file in every.coverage)

    def test_of_what_cannot_be_collected_nothing_is_said(self, tree: Path) -> None:
        (tree / TESTS).write_text("import nowhere\n", encoding="utf-8")
        stage = staged(tree)
        with Measurement(stage, tree / "log") as measurement:
            assert measurement.collected is None
            with pytest.raises(BaselineError, match="cannot be collected"):
                measurement.go().result()

    def test_one_that_fails_without_is_named(self, tree: Path) -> None:
        (tree / TESTS).write_text("def test_no():\n    assert False, 'never'\n", encoding="utf-8")
        stage = staged(tree)
        with (
            Measurement(stage, tree / "log").go() as measurement,
            pytest.raises(BaselineError, match="test_no"),
        ):
            measurement.result()
