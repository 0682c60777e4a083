"""Work on things in threads while other work goes on, and hand each over in the thread that began it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Beside(Generic[Item, Result]):
    """Each of the items is worked on once, `most` at a time at most; `done` takes what came of it."""

    def __init__(
        self,
        items: Iterable[Item],
        work: Callable[[Item], Result],
        done: Callable[[Item, Result], None],
        most: int,
    ) -> None:
        self._waiting = deque(items)
        self._work, self._done = work, done
        self._most = most
        self._running: dict[Future[Result], Item] = {}
        self._pool = ThreadPoolExecutor(most)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def go_on(self, at_once: int) -> int:
        """Hand over what is finished and begin others, without waiting; return how many are being worked on then."""
        for future in [future for future in self._running if future.done()]:
            self._done(self._running.pop(future), future.result())
        while self._waiting and len(self._running) < at_once:
            item = self._waiting.popleft()
            self._running[self._pool.submit(self._work, item)] = item
        return len(self._running)

    def finish(self) -> None:
        """Do all that is left."""
        while self.go_on(self._most):
            wait(self._running, return_when=FIRST_COMPLETED)
