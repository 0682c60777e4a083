"""What the gate looks at, gathered from the newest run of each target and the decisions about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from mutmut_dashboard import metrics
from mutmut_dashboard.changes import Since, on_changed_lines
from mutmut_dashboard.config import Project, Target
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.gate import Measured
from mutmut_dashboard.model import OUTSIDE, Choice, Run, RunState, Standing, TargetRecord
from mutmut_dashboard.store import Store
from mutmut_dashboard.triage.candidates import candidates_of, newest_runs
from mutmut_dashboard.triage.decisions import Decisions
from mutmut_dashboard.triage.standing import UNDETECTED, Candidate, weigh

Changed = Callable[[Target, TargetRecord, Mapping[str, str]], Collection[str]]
"""From a target, what a run recorded of it and its files' text then, to what is no longer as it was judged."""


class Measuring:
    """Measures the chosen targets of a project; with `since`, only the mutants on changed lines."""

    def __init__(
        self,
        project: Project,
        store: Store,
        chosen: Sequence[Target],
        decisions: Decisions,
        today: date,
        since: Since | None = None,
    ) -> None:
        self._project = project
        self._store = store
        self._chosen = chosen
        self._runs = newest_runs(store, [target.name for target in chosen])
        self._since = since
        every = candidates_of(store, self._runs)
        self._candidates = {name: self._counted(name, own) for name, own in every.items()}
        self._weighed = [
            one
            for one in weigh(decisions.all, every, today)
            if one.decision.id in self._candidates.get(one.decision.target, ())
        ]

    def _counted(self, target: str, candidates: Mapping[str, Candidate]) -> dict[str, Candidate]:
        if self._since is None:
            return dict(candidates)
        sources = self._store.sources(self._runs[target].id)
        mutants = [candidate.mutant for candidate in candidates.values()]
        return {m.id: candidates[m.id] for m in on_changed_lines(mutants, sources, self._since.changed)}

    def all(self, changed: Changed, *, no_new: bool, base: int | None) -> dict[str, Measured]:
        """Target -> what was measured; targets that were never run are missing.

        New survivors are looked for against the run `base`, or with `no_new` against the last complete run before.

        Raises:
            UsageError: there is no such base run, or it lacks a target.

        """
        every = self._store.runs()
        if base is not None and base not in {run.id for run in every}:
            numbers = ", ".join(str(run.id) for run in reversed(every))
            raise UsageError(f"There is no run {base} to compare with. There are: {numbers or 'none'}.")
        measured = {}
        for target in self._chosen:
            if target.name in self._runs:
                other = self._base(every, target.name, base, no_new=no_new)
                measured[target.name] = self._target(target, changed, other)
        return measured

    def _base(self, every: Sequence[Run], target: str, base: int | None, *, no_new: bool) -> Run | None:
        holding = [run for run in every if _record(run, target)]
        if base is not None:
            found = next((run for run in holding if run.id == base), None)
            if found is None:
                raise UsageError(f'Run {base} does not hold the target "{target}". Name another base.')
            return found
        before = self._runs[target].id
        complete = [
            run
            for run in holding
            if run.id < before and run.state is RunState.COMPLETE and not run.provenance.scope
        ]
        return complete[0] if no_new and complete else None

    def _target(self, target: Target, changed: Changed, base: Run | None) -> Measured:
        run = self._runs[target.name]
        return Measured(
            counts=metrics.count(candidate.status for candidate in self._candidates[target.name].values()),
            coverage=metrics.coverage(self._store.coverage(run.id, target.name)),
            excused=metrics.excused(self._weighed, target.name),
            accepted=metrics.accepted(self._weighed, target.name),
            shard=run.provenance.shard,
            scope=run.provenance.scope if self._left_out(target.name) else "",
            unfinished=run.state is not RunState.COMPLETE,
            changed=tuple(sorted(self._changed_files(target, run, changed))),
            new=self._new(target.name, base) if base else (),
            base=base.id if base else None,
            since=self._since.ref if self._since else "",
        )

    def _left_out(self, target: str) -> bool:
        """Whether a mutant that counts here was outside of what the run was limited to."""
        own = self._candidates[target].values()
        return any((candidate.mutant.skip_reason or "").startswith(OUTSIDE) for candidate in own)

    def _applying(self, target: str) -> dict[str, Choice]:
        return {
            one.decision.id: one.decision.decision
            for one in self._weighed
            if one.standing is Standing.APPLIES and one.decision.target == target
        }

    def _changed_files(self, target: Target, run: Run, changed: Changed) -> set[str]:
        record = next(record for record in run.targets if record.name == target.name)
        files = set(record.files)
        judged = {file: text for file, text in self._store.sources(run.id).items() if file in files}
        others = files ^ set(self._project.files(target)) if target.modules else set()
        return set(changed(target, record, judged)) | others

    def _new(self, target: str, base: Run) -> tuple[str, ...]:
        before = candidates_of(self._store, {target: base})[target]
        known = {id_ for id_, candidate in before.items() if candidate.status in UNDETECTED}
        settled = {*known, *self._applying(target)}
        own = self._candidates[target].items()
        return tuple(id_ for id_, candidate in own if candidate.status in UNDETECTED and id_ not in settled)


def _record(run: Run, target: str) -> TargetRecord | None:
    return next((record for record in run.targets if record.name == target), None)
