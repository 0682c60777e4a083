"""What the commands that render have in common: the latest run and the decisions, as a page in a folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mutmut_dashboard import report
from mutmut_dashboard.changes import Since
from mutmut_dashboard.commands_triage import nothing_yet, weighed_decisions
from mutmut_dashboard.config import Project
from mutmut_dashboard.editor import KNOWN
from mutmut_dashboard.model import Run, Weighed
from mutmut_dashboard.store import Store

if TYPE_CHECKING:
    from mutmut_dashboard.report.facts import Facts

SITE_OPTION = click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("dashboard/site"),
    show_default=True,
    help="Folder for the dashboard",
)
LARGE = 30.0
"""Megabytes from which on a page in one file is said to open slowly."""
EDITOR_OPTION = click.option(
    "--editor",
    envvar="MUTMUT_DASHBOARD_EDITOR",
    metavar="NAME",
    help=f"Let the page open files in an editor: {', '.join(KNOWN)}, or an address with {{path}} and {{line}}",
)

SINGLE_OPTION = click.option(
    "--single-file",
    "single",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the whole dashboard into one file instead, to send or to keep with a build",
)
SINCE_OPTION = click.option(
    "--since",
    metavar="REF",
    help="Let the page show the mutants on lines changed since the branch left this git revision, apart from all others",
)


def latest_weighed(project: Project, store: Store) -> tuple[Run, list[Weighed]]:
    """Return the latest run with the decisions about it.

    Raises:
        UsageError: there is no run yet, or triage.toml holds a mistake.

    """
    latest = store.latest_run()
    if latest is None:
        raise nothing_yet(project)
    return latest, weighed_decisions(project, store, latest)


def render_latest(project: Project, store: Store, site: Path, since: Since | None = None) -> Path:
    """Render the latest run with the decisions about it and return the page; a relative `site` counts from the project's root.

    Raises:
        UsageError: there is no run yet, triage.toml holds a mistake, or the folder is not ours.

    """
    return report.render_folder(
        _facts(project, store, since), site if site.is_absolute() else project.root / site
    )


def render_latest_single(project: Project, store: Store, file: Path, since: Since | None = None) -> int:
    """Render the latest run with the decisions about it into one file, and return its size in bytes.

    Raises:
        UsageError: there is no run yet, triage.toml holds a mistake, or the file cannot be written there.

    """
    return report.render_single(_facts(project, store, since), file)


def _facts(project: Project, store: Store, since: Since | None) -> Facts:
    latest, weighed = latest_weighed(project, store)
    return report.facts_of(
        store,
        latest.id,
        project=project.name,
        now=datetime.now(UTC),
        source_root=project.root,
        decisions=weighed,
        editor=project.editor,
        since=since,
        ceilings={target.name: target.ceilings for target in project.targets},
    )
