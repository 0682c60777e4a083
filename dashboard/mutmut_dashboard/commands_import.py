"""The command `import`: a run that another tool made, from its report."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from mutmut_dashboard import console
from mutmut_dashboard.commands_triage import CONFIG_OPTION
from mutmut_dashboard.engine import lock
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.exports.stryker_reader import read_report
from mutmut_dashboard.store import Store


@click.command(name="import")
@CONFIG_OPTION
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--target", default="imported", show_default=True, help="Name of the target that it becomes")
def import_command(config: Path, file: Path, target: str) -> None:
    """Take in a mutation-testing-report JSON, as Stryker and others write it, as the latest run.

    The page, the exports, the decisions and the gate then show that run. Name a target of the configuration to
    hold it against that target's floors; no configuration is needed otherwise.
    """
    if not target.strip():
        raise UsageError("--target is empty. Name the target.")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}). Name a report in JSON.") from error
    command = shlex.join(["mutmut-dashboard", *sys.argv[1:]])
    found = read_report(content, file.name, target, command)
    work = config.resolve().parent / ".mutation"
    with lock.hold(work, "import"), Store(work / "results.sqlite") as store:
        run = found.record(store, datetime.now(UTC).isoformat(timespec="seconds"))
    console.say(
        f"Run {run.id} holds the {len(found.mutants)} mutants of {file.name} as target {target}. `report` renders it."
    )
