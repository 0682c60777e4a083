"""Texts highlighted in a process beside the rest of the work: the same ones, in their order, whatever becomes of it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from multiprocessing import active_children

import pytest

from mutmut_dashboard.report.chunks import painting
from mutmut_dashboard.report.chunks.painting import Painter, Sheet, paint

SHEETS = [Sheet(f"def f_{n}(x):\n    return {n} if x else 'ü'\n", hashed=n % 2 == 0) for n in range(40)]
PATIENCE = 60_000
"""Milliseconds."""


@pytest.fixture
def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting, "ENOUGH", 0)
    monkeypatch.setattr(painting, "_BATCH", 100)


def test_few_texts_need_no_process() -> None:
    with Painter(SHEETS) as painter:
        assert list(painter.each()) == [paint(sheet) for sheet in SHEETS]
        assert active_children() == []


@pytest.mark.usefixtures("_eager")
def test_a_process_gives_the_same_in_the_same_order() -> None:
    with Painter(SHEETS) as painter:
        assert len(active_children()) == 1
        assert list(painter.each()) == [paint(sheet) for sheet in SHEETS]
    assert active_children() == []


@pytest.mark.usefixtures("_eager")
def test_what_a_process_left_undone_is_done_here() -> None:
    with Painter(SHEETS) as painter:
        each = painter.each()
        first = next(each)
        (process,) = active_children()
        process.kill()
        process.join()
        assert [first, *each] == [paint(sheet) for sheet in SHEETS]


@pytest.mark.usefixtures("_eager")
def test_what_is_not_taken_is_dropped() -> None:
    with Painter(SHEETS) as painter:
        next(painter.each())
    assert active_children() == []


@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="tells by a descriptor of the process, as Linux has"
)
def test_the_process_ends_with_the_one_that_began_it() -> None:
    script = (
        "import sys; from multiprocessing import active_children\n"
        "from mutmut_dashboard.report.chunks.painting import Painter, Sheet\n"
        "with Painter([Sheet('x = 1\\n' * 200_000)]) as painter:\n"
        "    next(painter.each())\n"
        "    print(active_children()[0].pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert parent.stdout is not None
    process = os.pidfd_open(int(parent.stdout.readline()))
    try:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        ended = select.poll()
        ended.register(process, select.POLLIN)
        assert ended.poll(PATIENCE)
    finally:
        os.close(process)
        for pipe in (parent.stdin, parent.stdout):
            assert pipe is not None
            pipe.close()
