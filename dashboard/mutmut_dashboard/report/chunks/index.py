"""The index: every mutant in a few bytes, the queue of those that nothing detects, and the names of all else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from heapq import nsmallest

from mutmut_dashboard import __version__
from mutmut_dashboard.model import RunState, Standing
from mutmut_dashboard.report.chunks.payloads import (
    FORMAT,
    ChunkNames,
    Decided,
    FileOfIndex,
    FunctionColumns,
    Index,
    MutantColumns,
    QueueColumns,
    RunOfHistory,
    RunOfIndex,
    ShadowColumns,
    SinceOfIndex,
    SlowestColumns,
)
from mutmut_dashboard.report.facts import Facts
from mutmut_dashboard.report.history import LETTER
from mutmut_dashboard.report.ranking import RULE
from mutmut_dashboard.report.snapshot import Judged
from mutmut_dashboard.report.text import source_lines
from mutmut_dashboard.report.wording import one_line

_LONGEST = 120
"""Characters of a fragment in the queue."""
_MOST_SLOWEST = 50


def index_chunk(facts: Facts, files: Sequence[str], chunks: ChunkNames) -> Index:
    """Build the index; `files` and `chunks` are the names of the other data files."""
    numbers = facts.numbers
    reasons = sorted({ranked.reason for ranked in facts.queue})
    index = Index(
        format=FORMAT,
        report=_digest(facts.project, facts.root),
        project=facts.project,
        version=__version__,
        run=_run(facts),
        targets=[
            {"name": target.record.name, "root": target.record.root} for target in facts.snapshot.targets
        ],
        files=_files(facts, files),
        functions=_functions(facts),
        operators=numbers.operators,
        mutants=_mutants(facts),
        queue=_queue(facts, {reason: at for at, reason in enumerate(reasons)}),
        shadows=ShadowColumns(place=list(facts.shadows), of=list(facts.shadows.values())),
        varied=sorted(facts.varied),
        slowest=_slowest(facts),
        rule=RULE,
        reasons=reasons,
        diagnoses=["not diagnosed"],
        decisions=_decisions(facts),
        chunks=chunks,
        editor=facts.editor,
        root=facts.root if facts.editor else "",
        runs=[
            RunOfHistory(
                id=run.id,
                startedAt=run.started_at,
                commit=run.provenance.commit,
                complete=run.state is RunState.COMPLETE,
            )
            for run in facts.history.runs
        ],
        matrix=facts.snapshot.matrix,
    )
    if facts.base:
        index["since"] = SinceOfIndex(ref=facts.base, mutants=sorted(facts.on_changed_lines))
    return index


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _run(facts: Facts) -> RunOfIndex:
    run = facts.snapshot.run
    return RunOfIndex(
        id=run.id,
        startedAt=run.started_at,
        commit=run.provenance.commit,
        branch=run.provenance.branch,
        dirty=run.provenance.dirty,
        complete=run.state is RunState.COMPLETE and not facts.snapshot.counts.unjudged,
    )


def _files(facts: Facts, names: Sequence[str]) -> list[FileOfIndex]:
    return [
        FileOfIndex(
            path=file.path,
            target=file.target,
            chunk=name,
            first=file.first,
            count=len(file.judged),
            changed=file.path in (facts.changed or ()),
            lines=len(source_lines(facts.snapshot.sources.get(file.path, "").removesuffix("\n"))),
        )
        for file, name in zip(facts.numbers.files, names, strict=True)
    ]


def _functions(facts: Facts) -> FunctionColumns:
    lines: list[int] = []
    ends: list[int] = []
    seconds = [0.0] * len(facts.numbers.functions)
    for file, _, judged in facts.numbers.every_mutant():
        seconds[file.functions[judged.mutant.function]] += _seconds(judged)
    for file in facts.numbers.files:
        spans = facts.spans.get(file.path, {})
        for name in file.functions:
            if name in spans:
                lines.append(spans[name][0].first)
                ends.append(spans[name][0].last)
            else:
                own = [one.mutant for one in file.judged if one.mutant.function == name]
                lines.append(own[0].line)
                ends.append(max(mutant.end_line for mutant in own))
    return FunctionColumns(
        name=[name for name, _ in facts.numbers.functions],
        file=[file for _, file in facts.numbers.functions],
        line=lines,
        end=ends,
        seconds=[round(spent, 3) for spent in seconds],
    )


def _mutants(facts: Facts) -> MutantColumns:
    numbers = facts.numbers
    operators = {operator: at for at, operator in enumerate(numbers.operators)}
    columns = MutantColumns(id=[], function=[], line=[], operator=[], status="")
    letters = []
    for file, _, judged in numbers.every_mutant():
        columns["id"].append(judged.mutant.id)
        columns["function"].append(file.functions[judged.mutant.function])
        columns["line"].append(judged.mutant.line)
        columns["operator"].append(operators[judged.mutant.operator])
        letters.append(LETTER[judged.status])
    columns["status"] = "".join(letters)
    return columns


def _queue(facts: Facts, reasons: Mapping[str, int]) -> QueueColumns:
    queue = facts.queue
    return QueueColumns(
        mutant=[ranked.number for ranked in queue],
        original=[one_line(ranked.judged.mutant.original, _LONGEST) for ranked in queue],
        replacement=[one_line(ranked.judged.mutant.replacement, _LONGEST) for ranked in queue],
        reason=[reasons[ranked.reason] for ranked in queue],
        tests=[len(ranked.ran.tests) for ranked in queue],
        seconds=[_seconds(ranked.judged) for ranked in queue],
        fresh=[ranked.fresh for ranked in queue],
        diagnosis=[0] * len(queue),
    )


def _slowest(facts: Facts) -> SlowestColumns:
    spent = ((_seconds(judged), number) for _, number, judged in facts.numbers.every_mutant())
    most = nsmallest(_MOST_SLOWEST, ((-seconds, number) for seconds, number in spent if seconds))
    return SlowestColumns(mutant=[number for _, number in most], seconds=[-seconds for seconds, _ in most])


def _seconds(judged: Judged) -> float:
    return round(judged.verdict.wall, 3) if judged.verdict else 0.0


def _decisions(facts: Facts) -> list[Decided]:
    found = []
    for weighed in facts.decisions:
        made = weighed.decision
        number = facts.numbers.mutant(made.target, made.id)
        if number is not None:
            found.append(
                Decided(
                    mutant=number,
                    choice=made.decision,
                    reason=made.reason,
                    who=made.who,
                    when=made.when,
                    expires=made.expires,
                    standing=weighed.standing,
                    why="" if weighed.standing is Standing.APPLIES else weighed.why,
                )
            )
    return found
