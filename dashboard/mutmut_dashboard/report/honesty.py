"""What a reader must know before believing the numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from mutmut_dashboard.model import Ended, How, Provenance, Run, Status, status_of_facts
from mutmut_dashboard.report import routes
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.pages.common import Fact
from mutmut_dashboard.report.pages.honesty import Honesty
from mutmut_dashboard.report.rows import Places, having, reason_groups
from mutmut_dashboard.report.rulings import Rulings
from mutmut_dashboard.report.snapshot import Judged, Snapshot
from mutmut_dashboard.report.wording import STATE_WORDS, and_list, how_words, moment, number, plural, why

_QUOTED = re.compile(r'"[^"]*"|`[^`]*`|\'[^\']*\'')
_MORE = re.compile(r" \(and \d+ more\)(?=\)$)")


def honesty(facts: Facts, places: Places, rulings: Rulings) -> Honesty:
    """Gather what is doubtful, left out or missing."""
    snapshot, changed = facts.snapshot, facts.changed
    run, counts = snapshot.run, snapshot.counts
    varied = Counter(judged.status for _, at, judged in facts.numbers.every_mutant() if at in facts.varied)
    differing = [
        judged
        for target in snapshot.targets
        for judged in target.judged
        if judged.mutant.id in target.judged_on
    ]
    suspicious = [judged for judged in having(snapshot, Status.KILLED) if _is_suspicious(judged)]
    return Honesty(
        state=STATE_WORDS[run.state],
        detail=run.detail,
        tree=_tree(run.provenance),
        changed=tuple(sorted(changed or ())),
        changed_words=_changed(changed),
        unjudged=_unjudged(counts.error, counts.pending),
        age=_age(snapshot),
        varied_words=_varied(varied) if len(facts.history.runs) > 1 else "",
        varied_route=routes.of_varied(_occurring(varied), every_line=bool(facts.base)) if varied else "",
        versions_words=_merged(run.provenance, differing),
        differing=reason_groups(differing, lambda j: _on_each(snapshot, j), lambda _: ""),
        skipped=reason_groups(having(snapshot, Status.SKIPPED), _why, lambda j: places.mutant(j.mutant)),
        skipped_words=_left_out(counts.skipped),
        invalid=reason_groups(having(snapshot, Status.INVALID), _kind, lambda j: places.mutant(j.mutant)),
        invalid_words=f"{plural(counts.invalid, 'mutant is', 'mutants are')} invalid."
        if counts.invalid
        else "No mutant is invalid.",
        suspicious=reason_groups(suspicious, _exception, lambda _: ""),
        suspicious_words=_suspicious(len(suspicious)),
        timeouts=reason_groups(having(snapshot, Status.TIMEOUT), _limit, lambda _: ""),
        timeouts_words=_timed_out(counts.timeout),
        lapsed=rulings.lapsed(),
        lapsed_words=rulings.lapsed_words(),
        command=run.provenance.command,
        facts=_facts(run),
        versions=tuple(Fact(name, version) for name, version in sorted(run.provenance.versions.items())),
        profile=tuple(Fact(name, value) for name, value in sorted(run.provenance.profile.items())),
    )


def _why(judged: Judged) -> str:
    return why(judged.mutant, judged.verdict)


def _kind(judged: Judged) -> str:
    """Say why a mutant is invalid, without the names and types in a type checker's message, which would make every one a group."""
    reason = _why(judged)
    if judged.verdict is None or judged.verdict.ended is not Ended.TYPE_ERROR:
        return reason
    return _MORE.sub("", _QUOTED.sub("…", reason))


def _exception(judged: Judged) -> str:
    return judged.verdict.kill.exception if judged.verdict and judged.verdict.kill else ""


def _limit(judged: Judged) -> str:
    """Say which limit it met, without the seconds, which would make every one a group."""
    return how_words(judged.verdict.ended) if judged.verdict else ""


def _is_suspicious(judged: Judged) -> bool:
    kill = judged.verdict.kill if judged.verdict else None
    return kill is not None and kill.how is How.SUSPICIOUS


def _tree(provenance: Provenance) -> str:
    if not provenance.commit:
        return "The code was not under version control, or no commit was recorded."
    if provenance.dirty:
        return "The working tree was dirty: it held changes that are in no commit."
    return "The working tree was clean: the commit holds what was judged."


def _changed(changed: frozenset[str] | None) -> str:
    if changed is None:
        return "Whether files changed since the run was not looked at."
    if not changed:
        return "No file under test changed since this run."
    return f"{plural(len(changed), 'file')} changed since this run; lines shown are those of the run."


def _unjudged(errors: int, pending: int) -> str:
    if not errors and not pending:
        return "Every mutant was judged."
    parts = [plural(errors, "error")] if errors else []
    parts += [f"{plural(pending, 'mutant')} pending"] if pending else []
    return f"Not judged: {', '.join(parts)}. Scores are intervals until they are."


def _age(snapshot: Snapshot) -> str:
    """Say which of the numbers are older than the run."""
    began = snapshot.run.started_at
    verdicts = [judged.verdict for target in snapshot.targets for judged in target.judged if judged.verdict]
    older = sum(bool(verdict.judged_at) and verdict.judged_at < began for verdict in verdicts)
    measured = any(target.coverage for target in snapshot.targets)
    coverage = (
        "Coverage is of this run; tests that no change touched keep what they ran before."
        if measured
        else "Coverage was not recorded."
    )
    if not older:
        return f"No verdict is older than this run. {coverage}"
    return (
        f"{number(older)} of {plural(len(verdicts), 'verdict')} are from earlier runs: nothing they depend on "
        f"changed since. {coverage}"
    )


def _varied(statuses: Mapping[Status, int]) -> str:
    count = sum(statuses.values())
    if not count:
        return "No mutant had another status in an earlier run."
    now = and_list(f"{number(statuses[status])} {status}" for status in _occurring(statuses))
    return f"{plural(count, 'mutant')} had another status in an earlier run; now {now}."


def _occurring(statuses: Mapping[Status, int]) -> list[Status]:
    return [status for status in Status if status in statuses]


def _merged(provenance: Provenance, differing: Sequence[Judged]) -> str:
    if not provenance.interpreters:
        return ""
    where = f"Merged from runs on Python {and_list(provenance.interpreters)}: a mutant survives only if it survived on each."
    if not differing:
        return f"{where} All of them agree on every mutant."
    return f"{where} They differ on {plural(len(differing), 'mutant')}."


def _on_each(snapshot: Snapshot, judged: Judged) -> str:
    """Say where a mutant fared how, e.g. `killed on 3.12.4, survived on 3.11.9 and 3.13.1`."""
    mutant = judged.mutant
    target = next(target for target in snapshot.targets if target.record.name == mutant.target)
    pythons: dict[Status, list[str]] = {}
    for on in target.judged_on[mutant.id]:
        pythons.setdefault(status_of_facts(mutant.skip_reason, on.ended), []).append(on.python)
    return ", ".join(f"{status} on {and_list(pythons[status])}" for status in Status if status in pythons)


def _left_out(skipped: int) -> str:
    if not skipped:
        return "No mutant was skipped."
    return f"{plural(skipped, 'mutant was', 'mutants were')} skipped and {'is' if skipped == 1 else 'are'} in no score."


def _suspicious(count: int) -> str:
    if not count:
        return "No kill is suspicious."
    return f"{plural(count, 'kill is', 'kills are')} suspicious: Hypothesis complained, which need not be the mutant's doing."


def _timed_out(count: int) -> str:
    if not count:
        return "No mutant timed out."
    return f"{plural(count, 'mutant')} timed out and {'counts' if count == 1 else 'count'} as detected, though no test failed."


def _facts(run: Run) -> tuple[Fact, ...]:
    made = run.provenance
    facts = [
        Fact("run", str(run.id)),
        Fact("began", _minute(run.started_at)),
        Fact("ended", _minute(run.finished_at) if run.finished_at else "not recorded"),
        Fact("commit", made.commit or "none"),
        *((Fact("branch", made.branch),) if made.branch else ()),
        Fact("fingerprint", made.fingerprint),
        Fact("Python", made.python),
        *(Fact(f"on {python}", platform) for python, platform in made.interpreters.items()),
        *(() if made.interpreters else (Fact("platform", made.platform),)),
        *((Fact("cores", f"{made.cores}, {plural(made.workers, 'worker')}"),) if made.cores else ()),
        *((Fact("memory", f"{made.memory / 2**30:.1f} GiB"),) if made.memory else ()),
    ]
    return tuple(facts)


def _minute(iso: str) -> str:
    when: datetime | None = moment(iso)
    return when.strftime("%Y-%m-%d %H:%M %Z") if when else iso
