"""Numbers, times and recorded facts as words a colleague would say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from mutmut_dashboard.model import Ended, How, Mutant, RunState, Status, Verdict

SIGN: dict[Status, str] = {
    Status.KILLED: "✓",
    Status.TIMEOUT: "◷",
    Status.SURVIVED: "●",
    Status.UNCOVERED: "○",
    Status.SKIPPED: "–",  # noqa: RUF001 - the dash is the sign
    Status.INVALID: "∅",
    Status.ERROR: "!",
    Status.PENDING: "…",
}

HOW_WORDS: dict[How, str] = {
    How.ASSERTION: "assertion",
    How.EXCEPTION: "exception in the code under test",
    How.OTHER_EXCEPTION: "exception elsewhere",
    How.SUSPICIOUS: "suspicious",
}

STATE_WORDS: dict[RunState, str] = {
    RunState.RUNNING: "The run is still going on, or its process died without a word.",
    RunState.COMPLETE: "The run went through to its end.",
    RunState.PART: "This is one part of a run; what is pending belongs to the other parts.",
    RunState.INTERRUPTED: "The run was interrupted; what was judged until then is shown.",
    RunState.FAILED: "The run failed; what was judged until then is shown.",
}

_WHY: dict[Ended, str] = {
    Ended.SIGNAL: "the process died of a signal",
    Ended.OUT_OF_MEMORY: "the worker ran out of memory",
    Ended.EXITED: "the process left without a result",
    Ended.LOST: "the worker went away",
    Ended.NOT_COLLECTED: "its tests cannot be collected",
    Ended.NOT_IMPORTED: "the mutated module cannot be imported",
    Ended.TYPE_ERROR: "the type checker rejects it",
    Ended.WALL_LIMIT: "the tests ran past the wall limit",
    Ended.CPU_LIMIT: "the tests ran past the CPU limit",
}


_ESCAPE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""Colours and other control sequences of terminals (ECMA-48), and their links and titles."""


def how_words(how: How | Ended) -> str:
    """Say how a test failed on a mutant, or what ended its process."""
    return HOW_WORDS[how] if isinstance(how, How) else _WHY.get(how, how.value)


_AGES = ((86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "hour"), (60, "minute"))


def number(value: int) -> str:
    """Write a count with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Write a count with its noun: `1 test`, `2 tests`."""
    return f"{number(count)} {noun if count == 1 else nouns or noun + 's'}"


def and_list(words: Iterable[str]) -> str:
    """Write an enumeration: `a, b and c`."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def duration(seconds: float) -> str:
    """Write a time span with as many digits as a person wants."""
    if seconds < 0.001:
        return "under 1 ms" if seconds > 0 else "0 s"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def moment(iso: str) -> datetime | None:
    """Read a recorded time; None where there is none or it is no time."""
    try:
        read = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def age(then: datetime, now: datetime) -> str:
    """Say how long ago something was."""
    seconds = (now - then).total_seconds()
    for size, noun in _AGES:
        if seconds >= size:
            return f"{plural(int(seconds // size), noun)} ago"
    return "just now"


def why(mutant: Mutant, verdict: Verdict | None) -> str:
    """Say why a mutant has no score-worthy verdict: its error, its limit, its rule."""
    if mutant.skip_reason is not None:
        return mutant.skip_reason or "no reason recorded"
    if verdict is None:
        return "not reached before the run ended"
    reason = _WHY.get(verdict.ended, "")
    detail = without_escapes(verdict.detail)
    return f"{reason} ({detail})" if detail else reason


def without_escapes(text: str) -> str:
    """Drop what a text says to terminals only."""
    return _ESCAPE.sub("", text)


def one_line(text: str, limit: int = 60) -> str:
    """Squeeze a fragment into one line of at most `limit` characters."""
    return clip(" ".join(text.split()), limit)


def clip(text: str, limit: int) -> str:
    """Cut a text that is longer than `limit` characters, visibly."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
