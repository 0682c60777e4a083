"""The recorded runs, and the mutants whose fate is not the same in all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

from mutmut_dashboard import metrics
from mutmut_dashboard.model import Mutant, Run, RunState
from mutmut_dashboard.report.chunks.payloads import (
    HistoryColumns,
    RunOfChunk,
    RunsChunk,
    TargetOfRun,
    UnjudgedColumns,
)
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.history import UNKNOWN, aside
from mutmut_dashboard.report.wording import moment, plural
from mutmut_dashboard.short_form import short_form


def runs_chunk(facts: Facts) -> RunsChunk:
    """Build the list of runs."""
    return RunsChunk(
        runs=[_run(facts, at, run) for at, run in enumerate(facts.history.runs)],
        mutants=_mutants(facts),
        unjudged=_unjudged(facts),
    )


def _run(facts: Facts, at: int, run: Run) -> RunOfChunk:
    began, ended = moment(run.started_at), moment(run.finished_at)
    unjudged = sum(counts.unjudged for counts in facts.history.counts[at].values())
    lacking = run.state is RunState.COMPLETE and unjudged > 0
    return RunOfChunk(
        id=run.id,
        startedAt=run.started_at,
        finishedAt=run.finished_at,
        state="incomplete" if lacking else run.state,
        detail=run.detail,
        commit=run.provenance.commit,
        branch=run.provenance.branch,
        dirty=run.provenance.dirty,
        command=run.provenance.command,
        aside=aside(run) or (f"{plural(unjudged, 'mutant')} not judged" if lacking else ""),
        seconds=round((ended - began).total_seconds(), 1) if began and ended else 0.0,
        targets=[
            TargetOfRun(
                name=name,
                counts={status: number for status, number in asdict(counts).items() if number},
                score=str(metrics.mutation_score(counts)),
                coverage=facts.history.coverage[at].get(name, ""),
            )
            for name, counts in facts.history.counts[at].items()
        ],
    )


def _mutants(facts: Facts) -> HistoryColumns:
    columns = HistoryColumns(
        id=[], target=[], file=[], function=[], line=[], change=[], history=[], killer=[]
    )
    killers = {
        (target.record.name, mutant): failed[0].test
        for target in facts.snapshot.targets
        for mutant, failed in target.kills.items()
        if failed
    }
    for mutant, letters in facts.history.varying:
        _add(columns, mutant, letters, killers.get((mutant.target, mutant.id), ""))
    return columns


def _unjudged(facts: Facts) -> UnjudgedColumns:
    listed = {(mutant.target, mutant.id) for mutant, _ in facts.history.varying}
    counted = Counter(
        letters
        for key, letters in facts.history.letters.items()
        if key not in listed and not UNKNOWN.isdisjoint(letters)
    )
    return UnjudgedColumns(history=sorted(counted), count=[counted[letters] for letters in sorted(counted)])


def _add(columns: HistoryColumns, mutant: Mutant, letters: str, killer: str) -> None:
    columns["id"].append(mutant.id)
    columns["target"].append(mutant.target)
    columns["file"].append(mutant.file)
    columns["function"].append(mutant.function)
    columns["line"].append(mutant.line)
    columns["change"].append(short_form(mutant))
    columns["history"].append(letters)
    columns["killer"].append(killer)
