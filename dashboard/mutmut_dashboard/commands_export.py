"""The command `export`: a run for other programs, to standard output or a file."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from mutmut_dashboard.commands_triage import CONFIG_OPTION, load_or_recorded, open_store
from mutmut_dashboard.config import Project
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.exports import FORMATS, applying, choose_run, export, write_whole
from mutmut_dashboard.exports.facts import Addresses, Decisions, nowhere
from mutmut_dashboard.report.routes import of_mutant
from mutmut_dashboard.store import Store
from mutmut_dashboard.triage.candidates import candidates_of_run
from mutmut_dashboard.triage.file import TriageFile
from mutmut_dashboard.triage.standing import weigh

_PAGE = re.compile(r"(?:https?://[\w.:\[\]@-]+|file://)[\w:/?@!$&'()*+,;=.~%\[\]-]*", re.ASCII)
"""What RFC 3986 lets stand in an address, up to the fragment."""


@click.command(name="export")
@CONFIG_OPTION
@click.argument("name", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True),
    help="File to write, whole or not at all  [default: standard output]",
)
@click.option("--run", "number", type=int, metavar="N", help="Number of the run  [default: the latest]")
@click.option("--page", metavar="URL", help="Where the page can be read, to link each mutant to it")
def export_command(
    config: Path, name: str, output: Path | None, number: int | None, page: str | None
) -> None:
    """Write a run for other programs, without running anything.

    FORMAT is stryker, sarif, markdown, gitlab, badge, csv or summary-md.
    """
    addresses = nowhere if page is None else _addresses(page, name)
    project = load_or_recorded(config)
    with open_store(project) as store:
        content = export(store, name, number, _decisions(project, store, number), addresses)
    if output is None or str(output) == "-":
        sys.stdout.buffer.write(content)  # bytes, since the formats fix the encoding and the line ends
        sys.stdout.buffer.flush()
    else:
        write_whole(output, content)


def _addresses(page: str, name: str) -> Addresses:
    """Return where a page shows each mutant."""
    if not FORMATS[name].links:
        linking = ", ".join(known for known, form in FORMATS.items() if form.links)
        raise UsageError(f"{name} has no place for links, so leave out --page. These have one: {linking}.")
    if not _PAGE.fullmatch(page):
        raise UsageError(
            f'--page "{page}" is no address of a page. Give all of it and no "#", '
            "such as https://example.org/mutation/index.html."
        )
    return lambda mutant: page + of_mutant(mutant.target, mutant.id)


def _decisions(project: Project, store: Store, number: int | None) -> Decisions | None:
    """Read the decisions that apply to the run; None where triage.toml has none at all."""
    decided = TriageFile(project.root, project.work).read()
    if not decided.entries:
        return None
    run = choose_run(store.runs(), number)
    return applying(weigh(decided.all, candidates_of_run(store, run), datetime.now(UTC).date()))
