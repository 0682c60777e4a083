"""The command `import`: a run that other tools made, from their reports."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import click

from mutmut_dashboard import console
from mutmut_dashboard.commands_triage import CONFIG_OPTION, each_once
from mutmut_dashboard.engine import lock
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.exports.joined_reports import record
from mutmut_dashboard.exports.stryker_reader import read_report
from mutmut_dashboard.report.wording import and_list, plural
from mutmut_dashboard.store import Store

_ONE = "imported"


@click.command(name="import")
@CONFIG_OPTION
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="NAME",
    help=f"Name of the target that a FILE becomes; of several, once for each  [default: {_ONE}; of several, the files' names]",
)
@click.option(
    "--root",
    "roots",
    multiple=True,
    metavar="FOLDER",
    help="Folder, from the project's root, that the paths in a FILE begin at; of several, once for each",
)
def import_command(
    config: Path, files: tuple[Path, ...], targets: tuple[str, ...], roots: tuple[str, ...]
) -> None:
    """Take in mutation-testing-report JSON, as Stryker and others write it, as the latest run.

    Several FILEs become one run with a target for each, all of them or none. The page, the exports, the decisions and
    the gate then show that run. Name a target of the configuration to hold it against that target's floors; no
    configuration is needed otherwise.
    """
    contents = [_content(file) for file in files]
    names = _names(each_once(files), targets)
    folders = [_folder(root) for root in _for_each(files, roots, "--root")] or [""] * len(files)
    command = shlex.join(["mutmut-dashboard", *sys.argv[1:]])
    found = [
        read_report(content, str(file), name, command, folder)
        for content, file, name, folder in zip(contents, files, names, folders, strict=True)
    ]
    work = config.resolve().parent / ".mutation"
    with lock.hold(work, "import"), Store(work / "results.sqlite") as store:
        run = record(found, store, datetime.now(UTC).isoformat(timespec="seconds"))
    held = [
        f"the {plural(len(report.mutants), 'mutant')} of {report.name} as target {report.target.name}"
        for report in found
    ]
    console.say(f"Run {run.id} holds {and_list(held)}. `report` renders it.")


def _names(files: Sequence[Path], given: Sequence[str]) -> Sequence[str]:
    if any(not name.strip() for name in given):
        raise UsageError("--target is empty. Name the target.")
    names = _for_each(files, given, "--target") or ([_ONE] if len(files) == 1 else [f.stem for f in files])
    by_name: dict[str, Path] = {}
    for file, name in zip(files, names, strict=True):
        other = by_name.setdefault(name, file)
        if other is not file:
            raise UsageError(
                f'{other} and {file} would both be target "{name}". Give --target once for each file, in the same '
                "order, each time another name."
            )
    return names


def _for_each(files: Sequence[Path], given: Sequence[str], option: str) -> Sequence[str]:
    if given and len(given) != len(files):
        raise UsageError(
            f"{option} is given {plural(len(given), 'time')} for {plural(len(files), 'file')}. Give it once for each file, in the same order."
        )
    return given


def _folder(root: str) -> str:
    folder = PurePosixPath(root)
    if folder.is_absolute() or ".." in folder.parts:
        raise UsageError(
            f'--root "{root}" is not below the project. Give a folder from its root, e.g. packages/shop.'
        )
    return "" if folder == PurePosixPath() else str(folder)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}). Name a report in JSON.") from error
