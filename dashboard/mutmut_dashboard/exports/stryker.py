"""Stryker's mutation-testing-report JSON, `schemaVersion` 2, after npm's mutation-testing-report-schema 3.8.4.

https://github.com/stryker-mutator/mutation-testing-elements/tree/master/packages/report-schema
"""

from __future__ import annotations

import math
from typing import Any

from pygments.lexers import find_lexer_class_for_filename

from mutmut_dashboard import __version__, metrics
from mutmut_dashboard.exports.facts import Facts, Judged, TargetFacts
from mutmut_dashboard.exports.numbered_tests import NumberedTests
from mutmut_dashboard.exports.places import Place, Source
from mutmut_dashboard.exports.text import change, clip, to_json
from mutmut_dashboard.metrics import Score
from mutmut_dashboard.model import HIGH_FROM, LOW_BELOW, Kill, Mutant, Status

STATUS: dict[Status, str] = {
    Status.KILLED: "Killed",
    Status.TIMEOUT: "Timeout",
    Status.SURVIVED: "Survived",
    Status.UNCOVERED: "NoCoverage",
    Status.SKIPPED: "Ignored",
    Status.INVALID: "CompileError",
    Status.ERROR: "RuntimeError",
    Status.PENDING: "Pending",
}
"""Our statuses in Stryker's words. Both count the same ones as detected and as undetected."""

_LONGEST_REASON = 2000
PHASES = {
    "setup": ("staging", "generation"),
    "initialRun": ("clean runs", "controls"),
    "mutation": ("judging",),
}
"""Stryker's name of a stage -> our phases."""


def render(facts: Facts) -> str:
    """Write the report of one run."""
    tests = NumberedTests(facts)
    run = facts.run
    report: dict[str, Any] = {
        "schemaVersion": "2",
        "thresholds": _thresholds(facts),
        "files": _files(facts, tests),
        "testFiles": tests.files(),
        "framework": {
            "name": "mutmut-dashboard",
            "version": __version__,
            "branding": {"homepageUrl": "https://mutmut.readthedocs.io/"},
            "dependencies": {"python": run.provenance.python, **run.provenance.versions},
        },
        "config": {"mutmut-dashboard": _authoritative(facts)},
    }
    performance = _performance(facts)
    if performance:
        report["performance"] = performance
    return to_json(report, indent=None)


def _thresholds(facts: Facts) -> dict[str, int]:
    """The levels, in whole percent as the schema wants it: of several targets what is low in all and what is high in all."""
    records = [target.record for target in facts.targets]
    return {
        "high": math.ceil(max((record.high_from for record in records), default=HIGH_FROM)),
        "low": math.floor(min((record.low_below for record in records), default=LOW_BELOW)),
    }


def _files(facts: Facts, tests: NumberedTests) -> dict[str, Any]:
    names = {file for target in facts.targets for file in target.record.files} & facts.sources.keys()
    names |= {judged.mutant.file for judged in facts.judged}
    files: dict[str, Any] = {
        name: {"language": _language(name), "source": facts.sources.get(name, ""), "mutants": []}
        for name in sorted(names)
    }
    sources = {name: Source(file["source"]) for name, file in files.items()}
    for target in facts.targets:
        for judged in target.judged:
            file = judged.mutant.file
            files[file]["mutants"].append(_mutant(judged, target, sources[file], tests))
    return files


def _language(file: str) -> str:
    """Name the language by the file's suffix, as syntax highlighters call it."""
    lexer = find_lexer_class_for_filename(file)
    return lexer.aliases[0] if lexer and lexer.aliases else "text"


def _mutant(judged: Judged, target: TargetFacts, source: Source, tests: NumberedTests) -> dict[str, Any]:
    mutant, verdict = judged.mutant, judged.verdict
    place = source.place(mutant)
    written: dict[str, Any] = {
        "id": judged.key,
        "mutatorName": mutant.operator,
        "description": _description(mutant, place),
        "location": {
            "start": {"line": place.line, "column": place.column},
            "end": {"line": place.end_line, "column": place.end_column},
        },
        "status": STATUS[judged.status],
        "coveredBy": tests.covering(judged, target.record.name),
        "killedBy": [tests.number(test) for test in target.killers(judged)],
    }
    if place.exact:  # elsewhere the replacement would be shown in the wrong place
        written["replacement"] = place.replacement
    reason = _reason(judged)
    if reason:
        written["statusReason"] = clip(reason, _LONGEST_REASON)
    if verdict:
        written["duration"] = round(verdict.wall * 1000)
        written["testsCompleted"] = verdict.tests_run
    return written


def _description(mutant: Mutant, place: Place) -> str:
    if not place.exact and not mutant.original:  # another tool said only this of it
        return clip(mutant.replacement, _LONGEST_REASON)
    return change(mutant.original, mutant.replacement)


def _reason(judged: Judged) -> str:
    mutant, verdict = judged.mutant, judged.verdict
    if mutant.skip_reason is not None:
        return mutant.skip_reason or "no reason recorded"
    if verdict is None:
        return "not judged yet"
    if judged.status is Status.KILLED:
        return _raised(verdict.kill) if verdict.kill else ""
    if judged.undetected:
        return f"decided {': '.join(filter(None, judged.decision))}" if judged.decision else verdict.detail
    return f"{verdict.ended}: {verdict.detail}" if verdict.detail else str(verdict.ended)


def _raised(kill: Kill) -> str:
    head = f"{kill.exception}: " if kill.exception else ""
    return f"{head}{kill.message}\n{kill.example}".strip()


def _performance(facts: Facts) -> dict[str, int]:
    """Milliseconds per phase; nothing where a run has no times, since the schema wants all three."""
    seconds = {
        name: sum(target.record.seconds.get(phase, 0.0) for target in facts.targets for phase in phases)
        for name, phases in PHASES.items()
    }
    return {name: round(value * 1000) for name, value in seconds.items()} if all(seconds.values()) else {}


def _authoritative(facts: Facts) -> dict[str, Any]:
    """Our own counts and scores: a viewer counts again, and knows nothing of unjudged mutants."""
    return {
        "run": facts.run.id,
        "startedAt": facts.run.started_at,
        "state": facts.run.state.value,
        "commit": facts.run.provenance.commit,
        "branch": facts.run.provenance.branch,
        "uncommittedChanges": facts.run.provenance.dirty,
        "formulas": {
            "mutationScore": metrics.MUTATION_SCORE_FORMULA,
            "coveredScore": metrics.COVERED_SCORE_FORMULA,
            "coverage": metrics.COVERAGE_FORMULA,
        },
        "targets": [
            {
                "name": target.record.name,
                "counts": {status.value: target.counts.of(status) for status in Status},
                "mutationScore": _score(target.score),
                "coveredScore": _score(target.covered_score),
                "coverage": str(target.covered),
                "floors": {
                    "mutationScore": target.record.score_floor,
                    "adjustedScore": target.record.adjusted_floor,
                    "coverage": target.record.coverage_floor,
                },
                "levels": {"low": target.record.low_below, "high": target.record.high_from},
            }
            for target in facts.targets
        ],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "shown": str(score),
        "lowest": score.low.value,
        "highest": score.high.value,
        "missingVerdicts": score.missing,
    }
