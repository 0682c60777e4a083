"""Whether the mutants that change nothing survive, before any other is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mutmut_dashboard.engine.beside import Beside
from mutmut_dashboard.engine.clean_runs import Clean
from mutmut_dashboard.engine.judging import Judging
from mutmut_dashboard.errors import IncompleteError
from mutmut_dashboard.model import Mutant


def require_surviving(
    judging: Judging, mutants: Sequence[Mutant], clean: Clean, workers: int, meanwhile: Callable[[], None]
) -> None:
    """Judge controls, if there are mutants to judge, and do what is to be done meanwhile.

    Raises:
        IncompleteError: names the test that kills one, with which no verdict would be true.

    """
    if not mutants:
        meanwhile()
        return
    killers: list[str | None] = []

    def judge(own: Sequence[Mutant]) -> str | None:
        clean.server.preload(clean.run)
        return judging.failed_control(clean.server, own, workers)

    with Beside([mutants], judge, lambda _, killer: killers.append(killer), 1) as beside:
        try:
            beside.go_on(1)
            meanwhile()
            beside.finish()
        except BaseException:
            clean.server.kill()  # or leaving the block would wait for them
            raise
    for killer in filter(None, killers):
        raise IncompleteError(
            f"{judging.target}: a control, a mutant that changes nothing, did not survive: {killer}. Kills by this test "
            "would say nothing, so no mutant was judged. It may depend on the order of tests, on state that an "
            "earlier test leaves behind, or on which modules are imported; make it pass alone and in any order."
        )
