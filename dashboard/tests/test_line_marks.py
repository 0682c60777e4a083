"""Lines that a function marks are the lines on which coverage.py sees it begin a statement."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import coverage
import pytest
from forks import told_by_a_fork

from mutmut_dashboard.engine import mutmut_trampoline
from mutmut_dashboard.engine.line_marks import LineMarks, mark_stretches, with_marks
from mutmut_dashboard.engine.mutmut_trampoline import Watched
from mutmut_dashboard.engine.stretches import stretches
from mutmut_dashboard.identity import logical_lines

SOURCE = '''\
from __future__ import annotations

import reprlib

known = {}


def plain(x):
    """Whose text is no statement."""
    if x:
        return reprlib.repr(
            x
        )
    elif x is None: y = 1; return y
    else:
        pass
    while True:
        break
    return [
        at
        for at in range(3)
    ]


def remembers(x):
    global known
    y: int
    if x not in known:
        """A text that is no docstring."""
        known = {**known, x: 1}
        "Another."
    z: int = known[x]
    return z


def waits_for_more(x):
    ...


def catches(
    x,
    *errors: Nowhere,
):
    try:
        raise x
    except (
        KeyError,
        *errors,
    ) as error:
        found = str(error)
    except ValueError:
        found = "value"
    except:
        found = "other"
    else:
        found = "none"
    finally:
        known.clear()
    return found


def groups(x):
    try:
        raise x
    except* KeyError:
        return_it = 1
    except* ValueError:
        return_it = 2
    return return_it


def matches(x):
    match x:
        case 0:
            return "zero"
        case {"a": inner} if inner:
            return inner
        case [_, *_]:
            pass
        case _:
            return "other"
    return "list"


def loops(rows):
    for row in rows:
        if row:
            continue
        break
    else:
        return "all"
    with open(__file__) as text, \\
            open(__file__) as again:
        del again
        assert text
    return "some"


def maker(x):
    count = 0

    @staticmethod
    @staticmethod
    def within(y):
        """Text."""
        nonlocal count
        count += y
        return count

    class Made:
        late = 2

        def name(self):
            return __class__

    return within.__wrapped__.__wrapped__(x), Made().name().late


def numbers(n):
    told = yield 0
    if told:
        yield from numbers(told)
    return n


async def waits(x):
    async for one in ticks(x):
        await asyncio.sleep(one)
    return x


async def ticks(n):
    for at in range(n):
        yield 0


import asyncio


class Shop:
    def __open(self, x):
        return self.__taken + x

    def opened(self, x):
        self.__taken = 1
        return self.__open(x)

    def named(self):
        return super().__repr__()[:1]

    @classmethod
    def made(cls):
        return cls()
'''


def stepped(shop: Any) -> object:
    steps = shop.numbers(3)
    next(steps)
    steps.send(1)
    return list(steps)


STORIES: dict[str, Callable[[Any], object]] = {
    "a true condition": lambda shop: shop.plain(1),
    "another condition": lambda shop: shop.plain(None),
    "no condition": lambda shop: shop.plain(0),
    "a global variable": lambda shop: shop.remembers(1),
    "no code but dots": lambda shop: shop.waits_for_more(1),
    "the first except": lambda shop: shop.catches(KeyError("x")),
    "one that is computed": lambda shop: shop.catches(OSError("x"), OSError),
    "the second except": lambda shop: shop.catches(ValueError()),
    "a bare except": lambda shop: shop.catches(TypeError()),
    "a group of exceptions": lambda shop: shop.groups(ExceptionGroup("", [ValueError()])),
    "two in a group": lambda shop: shop.groups(ExceptionGroup("", [ValueError(), KeyError()])),
    "the first case": lambda shop: shop.matches(0),
    "a case with a condition": lambda shop: shop.matches({"a": 1}),
    "a condition that fails": lambda shop: shop.matches({"a": 0}),
    "a list": lambda shop: shop.matches([1]),
    "a loop to its end": lambda shop: shop.loops([1]),
    "a loop that breaks": lambda shop: shop.loops([1, 0]),
    "a class made within": lambda shop: shop.maker(1),
    "a generator": stepped,
    "coroutines": lambda shop: asyncio.run(shop.waits(2)),
    "private names": lambda shop: shop.Shop().opened(1),
    "super": lambda shop: shop.Shop().named(),
    "a class method": lambda shop: repr(type(shop.Shop.made())),
    "nothing": lambda shop: None,
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "marked_shop.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("marked_shop")
    del sys.modules["marked_shop"]


def functions_of(shop: ModuleType) -> list[FunctionType]:
    methods = [getattr(one, "__func__", one) for one in vars(shop.Shop).values()]
    return [one for one in [*vars(shop).values(), *methods] if inspect.isfunction(one)]


def statements(lines: object) -> list[int]:
    """The lines on which the logical lines begin that these are part of."""
    assert isinstance(lines, list)
    return sorted({first for first, last in logical_lines(SOURCE) if {*range(first, last + 1)} & {*lines}})


def marked(shop: ModuleType, story: Callable[[Any], object]) -> dict[str, Any]:
    def work() -> dict[str, object]:
        marks = bytearray()
        for function in functions_of(shop):
            function.__code__ = with_marks(function.__code__, function.__qualname__, marks)
        said = str(story(shop))
        return {"said": said, "lines": [line for line, mark in enumerate(marks) if mark]}

    found: dict[str, Any] = told_by_a_fork(work)
    return found


def entered(shop: ModuleType, story: Callable[[Any], object]) -> dict[str, Any]:
    """What a story says, and the lines that begin those stretches that it entered."""
    tree = ast.parse(SOURCE)
    nodes = {
        min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    begins: list[int] = []

    def work() -> dict[str, object]:
        for function in functions_of(shop):
            code = function.__code__
            node = nodes[code.co_firstlineno]
            places = {}
            for stretch in stretches(node, SOURCE.split("\n"))[1:]:
                places[stretch.name] = len(begins)
                begins.append(stretch.begin.lineno)
            function.__code__ = with_marks(code, function.__qualname__, places=places)
        mutmut_trampoline.noted.marks = bytearray(len(begins))
        said = str(story(shop))
        return {"said": said, "begins": begins, "entered": [*map(bool, mutmut_trampoline.noted.marks)]}

    found: dict[str, Any] = told_by_a_fork(work)
    return found


def traced(shop: ModuleType, story: Callable[[Any], object]) -> dict[str, Any]:
    def work() -> dict[str, object]:
        file = str(shop.__file__)
        measurement = coverage.Coverage(data_file=None, include=[file], messages=False)
        measurement.set_option("run:disable_warnings", ["no-data-collected"])
        measurement.start()
        said = str(story(shop))
        measurement.stop()
        return {"said": said, "lines": sorted(measurement.get_data().lines(file) or ())}

    found: dict[str, Any] = told_by_a_fork(work)
    return found


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
class TestAStory:
    def test_marks_the_statements_that_coverage_sees(
        self, shop: ModuleType, story: Callable[[Any], object]
    ) -> None:
        assert statements(marked(shop, story)["lines"]) == statements(traced(shop, story)["lines"])

    def test_enters_the_stretches_whose_first_statement_coverage_sees(
        self, shop: ModuleType, story: Callable[[Any], object]
    ) -> None:
        found, ran = entered(shop, story), traced(shop, story)["lines"]
        assert [line for line, mark in zip(found["begins"], found["entered"], strict=True) if mark] == [
            line for line in found["begins"] if line in ran
        ]

    def test_ends_as_it_does_without_marks(self, shop: ModuleType, story: Callable[[Any], object]) -> None:
        assert marked(shop, story)["said"] == entered(shop, story)["said"] == traced(shop, story)["said"]


def test_the_stories_run_every_statement_of_a_body(shop: ModuleType) -> None:
    """So that what is compared above is not nothing."""
    found = {line for story in STORIES.values() for line in marked(shop, story)["lines"]}
    bodies = {
        line
        for function in functions_of(shop)
        for _, _, line in function.__code__.co_lines()
        if line is not None and line != function.__code__.co_firstlineno
    }
    assert {*statements([*bodies])} - {*statements([*found])} == set()


def test_lines_and_names_of_a_traceback_stay(shop: ModuleType) -> None:
    def work() -> list[object]:
        shop.groups.__code__ = with_marks(shop.groups.__code__, "groups", bytearray(200))
        with pytest.raises(TypeError) as caught:
            shop.groups(TypeError())
        place = caught.traceback[-1].frame.code.raw
        return [caught.traceback[-1].lineno + 1, place.co_qualname]

    line = SOURCE[: SOURCE.index("raise x\n    except*")].count("\n") + 1
    assert told_by_a_fork(work) == [line, "groups"]


class TestLineMarks:
    """Of functions as mutmut's trampolines hold them."""

    @pytest.fixture
    def made(self, shop: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[Watched]:
        made: list[Watched] = []
        monkeypatch.setattr(mutmut_trampoline, "_made", made)
        return made

    def _marks(self, shop: ModuleType) -> LineMarks:
        file = Path(str(shop.__file__))
        return LineMarks([str(file)], file.parent)

    def test_an_original_marks_and_a_mutant_does_not(self, shop: ModuleType, made: list[Watched]) -> None:
        made.append(Watched({"_mutmut_orig": shop.numbers, "x_numbers__mutmut_1": shop.remembers}, 0, {}))
        marks = self._marks(shop)
        list(shop.numbers(1))
        shop.remembers(2)
        first = inspect.getsourcelines(shop.numbers)[1]
        assert marks.take() == {"marked_shop.py": [first + 1, first + 2, first + 4]}

    def test_so_does_one_that_is_made_later(self, shop: ModuleType, made: list[Watched]) -> None:
        marks = self._marks(shop)
        marks(shop.ticks)
        list(shop.numbers(1))
        assert marks.take() == {}
        marks(shop.numbers)
        list(shop.numbers(1))
        assert marks.take() != {}

    def test_a_class_method_is_found(self, shop: ModuleType, made: list[Watched]) -> None:
        made.append(Watched({"_mutmut_orig": shop.Shop.made}, 0, {}))
        marks = self._marks(shop)
        shop.Shop.made()
        assert len(marks.take()["marked_shop.py"]) == 1

    def test_one_that_marks_its_stretches_goes_on_doing_so(
        self, shop: ModuleType, made: list[Watched], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mutmut_trampoline.noted, "marks", bytearray(4))
        made.append(Watched({"_mutmut_orig": shop.numbers}, 1, {"0.body.0": 2, "1": 3}))
        file = Path(str(shop.__file__))
        marks = LineMarks([str(file)], file.parent, mark_stretches())
        list(made[0]["_mutmut_orig"](1))
        first = inspect.getsourcelines(shop.numbers)[1]
        assert marks.take() == {"marked_shop.py": [first + 1, first + 2, first + 4]}
        assert mutmut_trampoline.take_marks() == b"\0\1\0\1"

    @pytest.mark.parametrize("places", [{"0.body.0": 2}, {"0.body.0": 2, "7": 3}], ids=["fewer", "others"])
    def test_a_call_of_one_that_is_cut_otherwise_enters_all_its_stretches(
        self, shop: ModuleType, made: list[Watched], monkeypatch: pytest.MonkeyPatch, places: dict[str, int]
    ) -> None:
        monkeypatch.setattr(mutmut_trampoline.noted, "marks", bytearray(4))
        made.append(Watched({"_mutmut_orig": shop.numbers}, 1, places))
        assert mark_stretches() == {}
        made[0]["_mutmut_orig"]
        assert {at for at, mark in enumerate(mutmut_trampoline.take_marks()) if mark} == {1, *places.values()}

    def test_other_files_are_let_be(self, shop: ModuleType, made: list[Watched]) -> None:
        made.append(Watched({"_mutmut_orig": inspect.cleandoc}, 0, {}))
        before = inspect.cleandoc.__code__
        self._marks(shop)
        assert inspect.cleandoc.__code__ is before

    @pytest.mark.parametrize(
        "text",
        ["# changed meanwhile\n" * 3 + SOURCE, SOURCE.replace("from numbers(told)", "from plain(told)")],
        ids=["moved", "rewritten"],
    )
    def test_where_the_text_is_another_one_a_call_marks_all_lines(
        self, shop: ModuleType, made: list[Watched], text: str
    ) -> None:
        Path(str(shop.__file__)).write_text(text, encoding="utf-8")
        made.append(Watched({"_mutmut_orig": shop.numbers}, 0, {}))
        before = shop.numbers.__code__
        marks = self._marks(shop)
        assert marks.take() == {}
        marks(shop.numbers)
        first = before.co_firstlineno
        assert shop.numbers.__code__ is before
        assert marks.take() == {"marked_shop.py": [first, first + 1, first + 2, first + 3, first + 4]}

    def test_so_it_does_where_conditions_nest_too_deeply(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[Watched]
    ) -> None:
        arms = "".join(f"    elif x == {at}:\n        return {at}\n" for at in range(500))
        text = f"def deep(x):\n    if x < 0:\n        return x\n{arms}    return None\n"
        (tmp_path / "deep_shop.py").write_text(text, encoding="utf-8")
        deep = importlib.import_module("deep_shop")
        monkeypatch.delitem(sys.modules, "deep_shop")
        made.append(Watched({"_mutmut_orig": deep.deep}, 0, {}))
        marks = LineMarks([str(tmp_path / "deep_shop.py")], tmp_path)
        marks(deep.deep)
        assert deep.deep(3) == 3
        assert len(marks.take()["deep_shop.py"]) == text.count("\n")
