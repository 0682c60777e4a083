"""A subject for benchmarks: twelve hundred mutants, each run by a few unit tests of about a millisecond."""

from __future__ import annotations

from pathlib import Path

MODULES, FUNCTIONS = 10, 20
"""Each function gives six mutants, so 1,200 in all; fewer modules make a shorter comparison."""

_FUNCTION = """
def work_{number}(value, step):
    total = value + {number}
    if total > step:
        return total * step
    return total - step
"""

_TEST = """
def test_work_{module}_{number}():
    wait()
    assert subject_{module}.work_{number}(1, 2) == {first}
    assert subject_{module}.work_{number}(-100, 5) == {second}
"""

_WAIT = '''
import time


def wait():
    """A unit test's own work: a millisecond of CPU. By the thread's clock, since a CPU limit makes the process's coarse."""
    end = time.thread_time() + 0.001
    while time.thread_time() < end:
        pass
'''

_CONFIG = """
from mutmut_dashboard.config import Floors, Target

TARGETS = [Target(name="synthetic", modules=["subject/*.py"], suites=["tests"], floors=Floors(coverage=0))]
"""


def make(folder: Path, modules: int = MODULES) -> Path:
    """Write the project into `folder` and return it."""
    (folder / "subject").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "subject" / "__init__.py").touch()
    (folder / "mutmut_config.py").write_text(_CONFIG, encoding="utf-8")
    for module in range(modules):
        code = "".join(_FUNCTION.format(number=number) for number in range(FUNCTIONS))
        (folder / "subject" / f"subject_{module}.py").write_text(code, encoding="utf-8")
        tests = "".join(_test(module, number) for number in range(FUNCTIONS))
        text = f"from subject import subject_{module}\n{_WAIT}{tests}"
        (folder / "tests" / f"test_subject_{module}.py").write_text(text, encoding="utf-8")
    return folder


def _test(module: int, number: int) -> str:
    def expected(value: int, step: int) -> int:
        total = value + number
        return total * step if total > step else total - step

    return _TEST.format(module=module, number=number, first=expected(1, 2), second=expected(-100, 5))
