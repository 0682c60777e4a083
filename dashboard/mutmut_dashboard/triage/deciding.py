"""From an id someone typed to a decision about exactly that mutant, or a sentence why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.model import EXCUSING, Choice, Decision, Mutant
from mutmut_dashboard.short_form import plain, short_form
from mutmut_dashboard.triage.decisions import Decisions, Key
from mutmut_dashboard.triage.standing import UNDETECTED, UNJUDGED, Candidate, Candidates


def decide(
    ids: Sequence[str],
    candidates: Candidates,
    *,
    choice: Choice,
    reason: str,
    who: str,
    today: date,
    expires: date | None,
    relies_on: Callable[[Mutant], Sequence[str]] = lambda _: (),
) -> list[Decision]:
    """Make the decisions about the mutants of these ids, each of which may be shortened as long as it is unique.

    `relies_on` names, for each mutant, the other functions that the reason speaks of, as `file:function`.

    Raises:
        UsageError: an id is unknown, ambiguous or detected, or something is missing.

    """
    return [
        decide_about(
            found,
            choice=choice,
            reason=reason,
            who=who,
            today=today,
            expires=expires,
            relies_on=relies_on(found.mutant),
        )
        for id_ in dict.fromkeys(ids)
        for found in _undetected(id_, candidates)
    ]


def decide_about(
    candidate: Candidate,
    *,
    choice: Choice,
    reason: str,
    who: str,
    today: date,
    expires: date | None,
    relies_on: Sequence[str] = (),
) -> Decision:
    """Make the decision about one mutant; `relies_on` are other functions that the reason speaks of.

    Raises:
        UsageError: it is detected or its source is not recorded, or something is missing.

    """
    if choice in EXCUSING and not reason.strip():
        raise UsageError(f'"{choice}" needs a reason: it is what a reviewer will judge.')
    if not who.strip():
        raise UsageError("--who is empty. Name the person who decides.")
    if expires is not None and expires < today:
        raise UsageError(f"The last day, {expires}, is past already. Name one from {today} on.")
    mutant = _decidable(candidate).mutant
    return Decision(
        id=mutant.id,
        target=mutant.target,
        file=mutant.file,
        function=mutant.function,
        change=short_form(mutant),
        decision=choice,
        who=plain(who),
        when=today.isoformat(),
        function_hash=candidate.function_hash,
        reason=plain(reason),
        expires=expires.isoformat() if expires else "",
        relies_on=tuple((name, _known(name, candidate)) for name in dict.fromkeys(relies_on)),
    )


def _known(name: str, candidate: Candidate) -> str:
    hash_ = candidate.hash_of(name)
    if not hash_:
        raise UsageError(
            f'No function "{name}" is recorded in the latest run, so a decision cannot rely on it. '
            'Write it as "path/of/a/mutated/file.py:Class.function".'
        )
    return hash_


def reopen(ids: Sequence[str], decisions: Decisions) -> list[Key]:
    """Find the entries of these ids, which need not belong to a mutant any more.

    Raises:
        UsageError: no entry has such an id, or several begin with it.

    """
    keys: list[Key] = []
    for id_ in dict.fromkeys(ids):
        found = _complete(id_, {entry.decision.id for entry in decisions.entries})
        if found is None:
            raise UsageError(f'No decision is about a mutant "{id_}". `decide --list` shows them all.')
        keys += [key for key in decisions.by_key if key[1] == found]
    return keys


def _undetected(id_: str, candidates: Candidates) -> list[Candidate]:
    found = _complete(id_, {own for mutants in candidates.values() for own in mutants})
    if found is None:
        raise UsageError(
            f'No mutant of the latest run has the id "{id_}". The page shows the id of each survivor.'
        )
    same = [mutants[found] for mutants in candidates.values() if found in mutants]
    undetected = [candidate for candidate in same if candidate.status in UNDETECTED]
    return undetected or [_decidable(same[0])]


def _decidable(candidate: Candidate) -> Candidate:
    id_, status = candidate.mutant.id, candidate.status
    if status not in UNDETECTED:
        cure = "Run again to judge it." if status in UNJUDGED else "Only survivors are decided."
        raise UsageError(f"Mutant {id_} is {status} in the latest run, so there is nothing to decide. {cure}")
    if not candidate.function_hash:
        raise UsageError(
            f"The source of mutant {id_} is not recorded, so a decision could not be bound to its function. "
            "Run again to record it."
        )
    return candidate


def _complete(id_: str, known: set[str]) -> str | None:
    """Return the one id that begins so; None where there is none."""
    if id_ in known:
        return id_
    found = sorted(own for own in known if id_ and own.startswith(id_))
    if len(found) > 1:
        shown = ", ".join(found[:4]) + (", ..." if len(found) > 4 else "")
        raise UsageError(f'{len(found)} ids begin with "{id_}": {shown}. Give more of it.')
    return found[0] if found else None
