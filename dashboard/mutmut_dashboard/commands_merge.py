"""The command `merge`: parts of a run, or runs on several Python versions, become one run."""

from __future__ import annotations

import shlex
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from mutmut_dashboard import console, shards, versions
from mutmut_dashboard.commands_triage import CONFIG_OPTION, each_once
from mutmut_dashboard.config import load_project
from mutmut_dashboard.engine import lock
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.store import Store

_STORE = "results.sqlite"


@click.command()
@CONFIG_OPTION
@click.argument("stores", nargs=-1, required=True, metavar="STORE...", type=click.Path(path_type=Path))
@click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="Store that gets the run  [default: the project's own]",
)
@click.option(
    "--versions",
    "by_version",
    is_flag=True,
    help="The stores hold whole runs of the same code on several Python versions: a mutant survives only if it "
    "survived on each",
)
def merge(config: Path, stores: tuple[Path, ...], into: Path | None, *, by_version: bool) -> None:
    """Make one complete run of the parts that `run --shard` judged on several machines.

    A STORE is a results.sqlite or a folder that holds one, each the result of one part. All parts of one run
    must be there, and nothing else. With --versions, each holds a whole run on a Python version of its own.
    """
    paths = [_store_at(path) for path in stores]
    with ExitStack() as stack:
        if into is None:
            project = load_project(config)
            stack.enter_context(lock.hold(project.work, "merge"))
            into = project.work / _STORE
        elif not into.parent.is_dir():
            raise UsageError(
                f"There is no folder {into.parent}. Make it first, or name another file with --into."
            )
        command = shlex.join(["mutmut-dashboard", *sys.argv[1:]])
        opened = {str(path): stack.enter_context(Store(path)) for path in each_once(paths)}
        if by_version:
            run = versions.merge([versions.version_of(*each) for each in opened.items()], into, command)
            what = f"what Python {run.provenance.python} found, together"
        else:
            run = shards.merge([shards.part_of(*each) for each in opened.items()], into, command)
            what = f"the verdicts of all {len(opened)} parts"
    console.say(f"Run {run.id} in {into} holds {what}. `report` renders it.")


def _store_at(path: Path) -> Path:
    for file in (path, path / _STORE, path / ".mutation" / _STORE):
        if file.is_file():
            return file
    raise UsageError(f"There is no {_STORE} at {path}. Name the file, or the folder that holds it.")
