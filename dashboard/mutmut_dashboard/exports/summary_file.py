"""`SUMMARY.md`, in GitHub Flavored Markdown 0.29: where a project's tests stand, to keep beside its sources."""

from __future__ import annotations

from collections import Counter

from mutmut_dashboard import metrics
from mutmut_dashboard.exports.facts import Facts, Judged, TargetFacts
from mutmut_dashboard.exports.markdown import (
    MOST_SURVIVORS,
    counted,
    run_line,
    score_block,
    survivor_table,
    table,
)
from mutmut_dashboard.exports.numbered_tests import NumberedTests
from mutmut_dashboard.exports.text import code, moment
from mutmut_dashboard.model import Status

_UNDETECTED = (Status.SURVIVED, Status.UNCOVERED)


def render(facts: Facts) -> str:
    """Write the summary of one run; the same run gives the same text."""
    blocks = ["# Summary", run_line(facts)]
    tests = NumberedTests(facts)
    for target in facts.targets:
        blocks += [
            score_block(target),
            _tests(target),
            _modules(target),
            *_causes(target, tests),
            *_operators(target),
            *_remains(facts, target),
            _since(facts, target),
        ]
    return "\n\n".join(blocks) + "\n"


def _tests(target: TargetFacts) -> str:
    killers = {j.verdict.kill.test for j in target.judged if j.verdict and j.verdict.kill}
    with_example = {
        j.verdict.kill.test for j in target.judged if j.verdict and j.verdict.kill and j.verdict.kill.example
    }
    suites = ", ".join(map(code, target.record.suites))
    properties = [test for test in target.tests if test.is_property]
    examples = sum(test.examples for test in properties)
    kinds = f", {_properties(len(properties))} run on {examples} examples" if properties else ""
    return (
        f"{counted(len(target.tests), 'test')} from {suites}{kinds}. First to kill a mutant: {len(killers)} of them, "
        f"{len(with_example)} by a property's falsifying example."
    )


def _properties(count: int) -> str:
    return f"{count} of them {'is a property' if count == 1 else 'are properties'}"


def _modules(target: TargetFacts) -> str:
    mutants = Counter(judged.mutant.file for judged in target.judged)
    left = Counter(judged.mutant.file for judged in target.undetected)
    covered = {file.file: metrics.coverage([file]) for file in target.coverage}
    files = sorted({*covered, *mutants})
    rows = [
        [code(file, 120), str(covered.get(file, "not measured")), str(mutants[file]), str(left[file])]
        for file in files
    ]
    return "### Modules\n\n" + table(("module", "coverage", "mutants", "undetected"), rows)


def _causes(target: TargetFacts, tests: NumberedTests) -> list[str]:
    """Say why mutants live, as far as it is recorded: a decision, else what ran them."""
    properties = {test.id for test in target.tests if test.is_property}
    tally = Counter(
        _cause(judged, set(tests.names(judged, target.record.name)), properties)
        for judged in target.undetected
    )
    rows = [[cause, str(tally[cause])] for cause in _CAUSES if tally[cause]]
    return ["### Undetected by cause\n\n" + table(("cause", "mutants"), rows)] if rows else []


_DECIDED = {
    "equivalent": "no test can tell: decided equivalent",
    "accepted": "not worth a test: decided accepted",
    "bug": "a defect of the code: decided bug",
    "todo": "a test is wanted: decided todo",
}
_UNREACHED = "no test runs it"
_ONE_TEST = "a single test runs it and passes"
_NO_PROPERTY = "several tests run it, no property among them, and pass"
_PROPERTIES = "properties run it and hold"
_CAUSES = (_UNREACHED, _ONE_TEST, _NO_PROPERTY, _PROPERTIES, *_DECIDED.values())


def _cause(judged: Judged, ran: set[str], properties: set[str]) -> str:
    if judged.decision:
        return _DECIDED[judged.decision[0]]
    if judged.status is Status.UNCOVERED:
        return _UNREACHED
    if ran & properties:
        return _PROPERTIES
    return _ONE_TEST if len(ran) == 1 else _NO_PROPERTY


def _operators(target: TargetFacts) -> list[str]:
    tally = Counter((judged.mutant.operator, judged.status) for judged in target.undetected)
    operators = sorted({operator for operator, _ in tally})
    if not operators:
        return []
    rows = [[code(name), *(str(tally[name, status]) for status in _UNDETECTED)] for name in operators]
    return ["### Undetected by operator\n\n" + table(("operator", *_UNDETECTED), rows)]


def _remains(facts: Facts, target: TargetFacts) -> list[str]:
    open_ones = [judged for judged in target.undetected if not judged.excused]
    parts = [counted(len(open_ones), "undetected mutant")]
    if facts.decided:
        excused = len(target.undetected) - len(open_ones)
        parts.append(f"{excused} more decided equivalent or accepted")
    if target.counts.unjudged:
        parts.append(f"{target.counts.unjudged} to be judged")
    blocks = [f"### What remains\n\n{', '.join(parts)}."]
    if open_ones:
        blocks.append(survivor_table(open_ones[:MOST_SURVIVORS], decided=facts.decided))
    if len(open_ones) > MOST_SURVIVORS:
        blocks.append(f"… and {counted(len(open_ones) - MOST_SURVIVORS, 'more undetected mutant')}.")
    return blocks


def _since(facts: Facts, target: TargetFacts) -> str:
    earlier = facts.earlier.get(target.record.name)
    if earlier is None:
        return "### Change\n\nNo earlier complete run to compare with."
    before, now = _ids(earlier.target.undetected), _ids(target.undetected)
    rows = [
        ["mutation score", str(earlier.target.score), str(target.score)],
        ["coverage", str(earlier.target.covered), str(target.covered)],
        ["mutants", str(earlier.target.counts.total), str(target.counts.total)],
        ["undetected", str(len(before)), str(len(now))],
        ["tests", str(len(earlier.target.tests)), str(len(target.tests))],
        ["properties", *(str(sum(t.is_property for t in own.tests)) for own in (earlier.target, target))],
    ]
    heading = f"### Change since run {earlier.run.id}, {moment(earlier.run.started_at)}"
    words = f"{len(now - before)} newly undetected, {len(before - now)} no longer."
    return "\n\n".join((heading, table(("", "before", "now"), rows), words))


def _ids(judged: list[Judged]) -> set[str]:
    return {one.mutant.id for one in judged}
