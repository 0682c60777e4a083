"""Work beside other work: so many at a time, handed over where it was begun."""

from __future__ import annotations

import threading

import pytest

from mutmut_dashboard.engine.beside import Beside


class Work:
    """Doubles numbers once it is let go on."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.goes_on = threading.Semaphore(0)
        self.done: list[tuple[int, int]] = []
        self.threads: set[int] = set()

    def __call__(self, number: int) -> int:
        self.begun.append(number)
        self.goes_on.acquire()
        return 2 * number

    def take(self, number: int, doubled: int) -> None:
        self.done.append((number, doubled))
        self.threads.add(threading.get_ident())


def test_so_many_are_worked_on_at_once_and_all_in_the_end() -> None:
    work = Work()
    with Beside([1, 2, 3, 4], work, work.take, 3) as beside:
        assert beside.go_on(0) == 0
        assert beside.go_on(1) == 1
        assert beside.go_on(1) == 1
        assert beside.go_on(2) == 2
        for _ in range(4):
            work.goes_on.release()
        beside.finish()

    assert sorted(work.begun) == [1, 2, 3, 4]
    assert sorted(work.done) == [(1, 2), (2, 4), (3, 6), (4, 8)]


def test_what_came_of_it_is_handed_over_in_the_thread_that_asks() -> None:
    """A store may be used in one thread only."""
    work = Work()
    work.goes_on.release(2)
    with Beside([1, 2], work, work.take, 2) as beside:
        beside.finish()

    assert work.threads == {threading.get_ident()}


def test_an_error_gets_out_and_nothing_more_is_begun() -> None:
    begun = []

    def fails(number: int) -> int:
        begun.append(number)
        raise LookupError(number)

    with (
        pytest.raises(LookupError, match="1"),
        Beside([1, 2, 3], fails, lambda *_: None, 1) as beside,
    ):
        beside.finish()

    assert begun == [1]
