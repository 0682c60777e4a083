"""Reports of other tools joined to one run, with a target for each: the parts of a project on one page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.exports.stryker_reader import ForeignRun
from mutmut_dashboard.model import Provenance, Run, RunState
from mutmut_dashboard.store import Store


def record(reports: Sequence[ForeignRun], store: Store, now: str) -> Run:
    """Write reports into a store as one complete run; their targets have different names.

    Raises:
        UsageError: a path has two texts, so the reports do not speak of the same files. Nothing is written.

    """
    _require_one_text(reports)
    run_id = store.start_run(_provenance(reports), [report.target for report in reports], now)
    for report in reports:
        name = report.target.name
        store.add_sources(run_id, report.sources)
        store.add_mutants(run_id, report.mutants)
        store.add_tests(run_id, report.tests)
        store.add_reach(run_id, name, report.reach)
        for verdict, kills in report.verdicts:
            store.add_verdict(run_id, name, verdict, kills)
    store.end_run(run_id, RunState.COMPLETE, now)
    return store.run(run_id)


def _require_one_text(reports: Sequence[ForeignRun]) -> None:
    first: dict[str, ForeignRun] = {}
    for report in reports:
        for path, text in report.sources.items():
            other = first.setdefault(path, report)
            if other.sources[path] != text:
                raise UsageError(
                    f"{other.name} and {report.name} both have {path}, with different texts. Give --root once for each "
                    "file, in the same order: the folder, from the project's root, that the paths in it begin at."
                )


def _provenance(reports: Sequence[ForeignRun]) -> Provenance:
    first, *others = (report.provenance for report in reports)
    if not others:
        return first
    versions: dict[str, list[str]] = {}
    for made in (first, *others):
        for tool, version in made.versions.items():
            versions.setdefault(tool, []).append(version)
    prints = "\0".join(made.fingerprint for made in (first, *others))
    return replace(
        first,
        fingerprint=f"imported {hashlib.sha256(prints.encode()).hexdigest()}",
        versions={tool: ", ".join(dict.fromkeys(found)) for tool, found in versions.items()},
    )
