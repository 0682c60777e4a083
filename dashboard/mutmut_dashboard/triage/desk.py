"""Decisions as several readers of a page make them at once: each change is saved, or refused because of another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import Choice, Decision, Weighed
from mutmut_dashboard.triage.deciding import decide_about
from mutmut_dashboard.triage.decisions import Decisions, Key, say_the_same
from mutmut_dashboard.triage.file import ConflictError, TriageFile
from mutmut_dashboard.triage.standing import Candidates, weigh

_REMEMBERED = 1000
"""Revisions a reader may start from."""


@dataclass(frozen=True)
class Wish:
    """What a reader wants about one mutant; `open` takes the decision away."""

    target: str
    id: str
    choice: Choice
    reason: str = ""
    expires: date | None = None

    @property
    def key(self) -> Key:
        """What no two entries share."""
        return self.target, self.id


@dataclass(frozen=True)
class State:
    """What the file says now, weighed, and the revision by which a change refers to it."""

    revision: str
    weighed: tuple[Weighed, ...]


class Desk:
    """The decisions of one project, shared by all who have the page open, by the command line and by editors.

    A reader says from which revision it starts. What others changed meanwhile about other mutants stays; a change
    of the same mutant is refused, and nothing of it is saved.
    """

    def __init__(
        self,
        file: TriageFile,
        candidates: Callable[[], Candidates],
        who: str,
        today: Callable[[], date],
    ) -> None:
        self.who = who
        self._file = file
        self._candidates = candidates
        self._today = today
        self._seen: dict[str, dict[Key, Decision]] = {}

    def state(self) -> State:
        """Read the file.

        Raises:
            UnreadableError: it holds a mistake; the message says where.

        """
        decisions, revision = self._file.read_with_revision()
        self._seen.pop(revision, None)
        self._seen[revision] = _values(decisions)
        for oldest in list(self._seen)[:-_REMEMBERED]:
            del self._seen[oldest]
        return State(revision, tuple(weigh(decisions.all, self._candidates(), self._today())))

    def change(self, revision: str, wishes: Sequence[Wish]) -> None:
        """Save what a reader wants, all of it or nothing.

        Raises:
            UsageError: a mutant is unknown or detected, or a reason is missing.
            ConflictError: somebody else changed one of these decisions since `revision`.
            UnreadableError: the file holds a mistake.

        """
        candidates = self._candidates()
        known = self._seen.get(revision, {})
        made = {wish.key: self._made(wish, candidates, known.get(wish.key)) for wish in wishes}
        if len(made) < len(wishes):
            raise UsageError("A mutant is named twice in one change. Name each once.")

        def put(now: Decisions) -> Decisions:
            present = _values(now)
            wanted = {key: new for key, new in made.items() if not _same(new, present.get(key))}
            self._require_unchanged(revision, now, wanted)
            for key, decision in wanted.items():
                now = now.having(decision) if decision else now.with_entries({key: None})
            return now

        self._file.change(put, f"decide {' '.join(f'{w.id} {w.choice}' for w in wishes)}")

    def undo(self, revision: str) -> None:
        """Take back the last change, unless it is one that this reader has not seen.

        Raises:
            UsageError: there is none.
            ConflictError: its entries were changed since, or are not those of `revision`.

        """
        self._file.undo(lambda now, touched: self._require_unchanged(revision, now, touched))

    def _made(self, wish: Wish, candidates: Candidates, before: Decision | None) -> Decision | None:
        if wish.choice is Choice.OPEN:
            return None
        candidate = candidates.get(wish.target, {}).get(wish.id)
        if candidate is None:
            raise UsageError(
                f'The latest run of "{wish.target}" has no mutant "{wish.id}". Reload the page to see that run.'
            )
        return decide_about(
            candidate,
            choice=wish.choice,
            reason=wish.reason,
            who=self.who,
            today=self._today(),
            expires=wish.expires,
            relies_on=[name for name, _ in before.relies_on] if before else (),
        )

    def _require_unchanged(self, revision: str, now: Decisions, keys: Iterable[Key]) -> None:
        seen = self._seen.get(revision)
        if seen is None:
            raise ConflictError(
                "The page shows decisions that this server never had. Nothing was saved; look at those of now and repeat."
            )
        present = _values(now)
        changed = sorted(id_ for target, id_ in keys if seen.get((target, id_)) != present.get((target, id_)))
        if changed:
            raise ConflictError(
                f"Meanwhile somebody else decided about {', '.join(changed)}. Nothing was saved; look at it and repeat."
            )


def _same(one: Decision | None, other: Decision | None) -> bool:
    return one is other if one is None or other is None else say_the_same(one, other)


def _values(decisions: Decisions) -> dict[Key, Decision]:
    return {key: entry.decision for key, entry in decisions.by_key.items()}


def read_wishes(changes: Any) -> list[Wish]:
    """Check what a page sends.

    Raises:
        UsageError: names what is wrong.

    """
    if not isinstance(changes, list) or not changes:
        raise UsageError('"changes" must be a list of at least one change.')
    return [_wish(change) for change in changes]


def _wish(change: Any) -> Wish:
    if not isinstance(change, Mapping):
        raise UsageError('Each of "changes" must be an object with target, id and decision.')
    texts = {name: change.get(name, "") for name in ("target", "id", "decision", "reason", "expires")}
    for name, text in texts.items():
        if not isinstance(text, str) or (not text and name in ("target", "id", "decision")):
            raise UsageError(f'"{name}" of a change must be a text, not {text!r}.')
    if texts["decision"] not in list(Choice):
        raise UsageError(f'"{texts["decision"]}" is no decision. It is one of: {", ".join(Choice)}.')
    try:
        expires = date.fromisoformat(texts["expires"]) if texts["expires"] else None
    except ValueError as error:
        raise UsageError(f'"{texts["expires"]}" is no date. Write it as 2026-12-31.') from error
    return Wish(texts["target"], texts["id"], Choice(texts["decision"]), texts["reason"], expires)
