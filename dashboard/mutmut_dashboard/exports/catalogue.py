"""The formats by name, and the one door through which a run becomes a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mutmut_dashboard.exports import badge, gitlab, markdown, sarif, spreadsheet, stryker, summary_file
from mutmut_dashboard.exports.facts import Addresses, Decisions, Facts, nowhere, take_facts
from mutmut_dashboard.store import Store


@dataclass(frozen=True)
class Format:
    """One format: what it is for, and how it is made."""

    purpose: str
    render: Callable[[Facts], str]
    links: bool = False
    """Whether it has a place for the address at which a page shows a mutant."""


FORMATS: dict[str, Format] = {
    "stryker": Format("mutation-testing-report JSON, schema 2", stryker.render),
    "sarif": Format("SARIF 2.1.0, for code scanning", sarif.render, links=True),
    "markdown": Format("a summary for a CI job's page", markdown.render, links=True),
    "gitlab": Format("GitLab code quality JSON", gitlab.render),
    "badge": Format("shields.io endpoint JSON", badge.render),
    "csv": Format("every mutant, for a spreadsheet", spreadsheet.render, links=True),
    "summary-md": Format("SUMMARY.md, to keep in the repository", summary_file.render, links=True),
}


def export(
    store: Store,
    name: str,
    run: int | None = None,
    decisions: Decisions | None = None,
    addresses: Addresses = nowhere,
) -> bytes:
    """Make one format of a run, the latest by default, as UTF-8.

    `decisions` are those that apply: (target, mutant id) -> (decision, reason). With None, nothing is said of them.
    `addresses` tell where a page shows a mutant, for formats that link.

    Raises:
        UsageError: there is no such run.

    """
    text = FORMATS[name].render(take_facts(store, run, decisions, addresses))
    return text.encode("utf-8", errors="replace")
