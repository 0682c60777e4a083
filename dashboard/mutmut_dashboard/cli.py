"""The command line: parse, call one thing, print, and leave with the right exit code."""

from __future__ import annotations

import errno
import os
import shlex
import signal
import sqlite3
import sys
import traceback
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from mutmut_dashboard import __version__, console
from mutmut_dashboard.changes import Since
from mutmut_dashboard.commands_export import export_command
from mutmut_dashboard.commands_import import import_command
from mutmut_dashboard.commands_merge import merge
from mutmut_dashboard.commands_report import (
    EDITOR_OPTION,
    LARGE,
    SINCE_OPTION,
    SINGLE_OPTION,
    SITE_OPTION,
    latest_weighed,
    render_latest,
    render_latest_single,
)
from mutmut_dashboard.commands_serve import triage
from mutmut_dashboard.commands_triage import (
    CONFIG_OPTION,
    check,
    decide,
    load_or_recorded,
    open_store,
    read_decisions_of,
)
from mutmut_dashboard.config import Project, load_project
from mutmut_dashboard.engine import coverage_report, lab, lock, verification
from mutmut_dashboard.engine.mutmut_adapter import Generator
from mutmut_dashboard.errors import DashboardError, ExitCode, GateError, IncompleteError
from mutmut_dashboard.model import RunState, status_of
from mutmut_dashboard.scope import Scope
from mutmut_dashboard.shards import Shard
from mutmut_dashboard.store import Store
from mutmut_dashboard.summary import summarise


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mutmut-dashboard")
def cli() -> None:
    """Run mutmut's mutants against your tests and read what survived on a static page."""


@cli.command()
@CONFIG_OPTION
@SITE_OPTION
@EDITOR_OPTION
@click.option(
    "--target", "-t", "targets", multiple=True, metavar="NAME", help="Only this target; may be repeated"
)
@click.option(
    "--workers", "-j", type=click.IntRange(1, 1024), help="Mutants judged at a time  [default: the cores]"
)
@click.option("--fresh", is_flag=True, help="Judge every mutant again, even if nothing changed")
@click.option(
    "--exhaustive", is_flag=True, help="Run every test for every mutant, to check the choice of tests"
)
@click.option(
    "--matrix", is_flag=True, help="Run all tests of a mutant, on after the first that fails: the kill matrix"
)
@click.option(
    "--shard",
    default="",
    metavar="K/N",
    help="Judge only the K-th of N equal parts, for `merge` to put together",
)
@click.option("--since", default="", metavar="REF", help="Only mutants on lines changed since a git revision")
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="NAME",
    help="Only mutants of this function, e.g. Class.method or Class.*; may be repeated",
)
@click.option("--verify-survivors", is_flag=True, help="Then judge what lived again, as `verify` does")
@click.option("--no-page", is_flag=True, help="Judge only; `report` renders the dashboard when it is wanted")
@click.pass_obj
def run(
    generator: Generator | None,
    config: Path,
    site: Path,
    editor: str | None,
    targets: tuple[str, ...],
    workers: int | None,
    *,
    fresh: bool,
    exhaustive: bool,
    matrix: bool,
    shard: str,
    since: str,
    functions: tuple[str, ...],
    verify_survivors: bool,
    no_page: bool,
) -> None:
    """Judge the mutants, then render the dashboard.

    Ends with 0 when every mutant was judged, survivors or not; with 3 when some could not be; with 4
    when the suites fail without any mutant.
    """
    project = load_project(config).opened_in(editor)
    project.chosen(targets)
    read_decisions_of(project)  # a mistake in them is said now, not at the end
    command = shlex.join(["mutmut-dashboard", *sys.argv[1:]])
    options = lab.Options(
        command=command,
        targets=targets,
        workers=workers or 0,
        fresh=fresh,
        exhaustive=exhaustive,
        matrix=matrix,
        shard=Shard.parse(shard),
        scope=Scope(since, functions),
    )
    with lock.hold(project.work, command), Store(project.work / "results.sqlite") as store:
        failure: IncompleteError | None = None
        with console.RunProgress() as progress:
            try:
                lab.run(project, store, options, progress, generator)
            except IncompleteError as error:
                failure = error
        _summarise(project, store)
        if not no_page:
            _render(project, store, site)
        unjudged = _unjudged(store)
        if failure is not None:
            raise failure
        if unjudged:
            raise IncompleteError(
                f"{unjudged} mutants could not be judged; the page says why. Run again to judge just these."
            )
        if verify_survivors:
            _verify(project, store, ())


@cli.command()
@CONFIG_OPTION
@SITE_OPTION
@EDITOR_OPTION
@SINCE_OPTION
@SINGLE_OPTION
@click.option("--open", "opening", is_flag=True, help="Then open the page in the browser")
def report(
    config: Path, site: Path, editor: str | None, since: str | None, single: Path | None, *, opening: bool
) -> None:
    """Render the dashboard again from the last run, without running anything."""
    project = load_or_recorded(config).opened_in(editor)
    changes = Since.of(project.root, since)
    with open_store(project) as store:
        _summarise(project, store)
        if single is None:
            page = _render(project, store, site, changes)
        else:
            page = single.resolve()
            size = render_latest_single(project, store, single, changes) / 1e6
            console.say(f"Dashboard in one file of {size:.1f} MB: {single.resolve()}")
            if size > LARGE:
                console.say(
                    "A browser takes its time with a file of that size; `report` without --single-file makes a folder that opens at once."
                )
    if opening and not webbrowser.open(page.as_uri()):
        console.say(
            "No browser could be started. Open the page by hand, or name one in the variable BROWSER."
        )


@cli.command()
@CONFIG_OPTION
@click.argument("ids", nargs=-1, metavar="[ID]...")
def verify(config: Path, ids: tuple[str, ...]) -> None:
    """Judge mutants of the last run again, really patched into a copy and in a fresh interpreter.

    Without an ID, all survivors and uncovered mutants. Ends with 2 when a verdict does not hold.
    """
    project = load_project(config)
    with lock.hold(project.work, "verify"), Store(project.work / "results.sqlite") as store:
        _verify(project, store, ids)


def _verify(project: Project, store: Store, ids: Sequence[str]) -> None:
    differing = 0
    for opinion in verification.verify(project, store, ids):
        console.say(describe_opinion(opinion))
        differing += not opinion.agrees
    if differing:
        raise GateError(f"{differing} verdicts do not hold; see above. Please report this with the subject.")


def describe_opinion(opinion: verification.SecondOpinion) -> str:
    """Write a second opinion on one line."""
    mutant = opinion.mutant
    first, second = status_of(mutant, opinion.first), status_of(mutant, opinion.second)
    word = "agrees" if opinion.agrees else "DIFFERS"
    killer = f" by {opinion.second.kill.test}" if opinion.second.kill else ""
    return f"{mutant.id} {mutant.file}:{mutant.line}  recorded {first}, patched {second}{killer}: {word}"


@cli.command()
@CONFIG_OPTION
def coverage(config: Path) -> None:
    """Measure line and branch coverage of all targets by their suites, and hold it against the floors."""
    result = coverage_report.measure(load_project(config))
    console.show_table(["module", "statements", "branches", "covered", "share of the whole"], result.rows)
    console.say(result.summary)
    if result.shortfalls:
        raise GateError("\n".join(result.shortfalls))


cli.add_command(export_command)
cli.add_command(decide)
cli.add_command(check)
cli.add_command(merge)
cli.add_command(import_command)
cli.add_command(triage)


def _summarise(project: Project, store: Store) -> None:
    latest, weighed = latest_weighed(project, store)
    for line in summarise(store, latest, weighed):
        console.say(line)
    if latest.state is RunState.PART:
        console.say(latest.detail)


def _render(project: Project, store: Store, site: Path, since: Since | None = None) -> Path:
    page = render_latest(project, store, site, since).resolve()
    console.say(f"Dashboard: {page}")
    return page


def _unjudged(store: Store) -> int:
    latest = store.latest_run()
    return lab.waiting(store, latest.id) if latest else 0


def run_command_line(arguments: Sequence[str], generator: Generator | None = None) -> int:
    """Run one command and return its exit code; every error a user can cause ends in a sentence.

    `generator` is for a run, where it was started already.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        cli.main(list(arguments), standalone_mode=False, obj=generator)
    except click.exceptions.Abort:
        return ExitCode.INCOMPLETE
    except click.exceptions.NoArgsIsHelpError as error:
        console.say(error.format_message())
        return ExitCode.USAGE
    except click.ClickException as error:
        console.complain(f"{error.format_message()} See mutmut-dashboard --help.")
        return ExitCode.USAGE
    except DashboardError as error:
        console.complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        console.complain("Interrupted.")
        return ExitCode.INCOMPLETE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except (OSError, sqlite3.Error) as error:
        return _environment_failed(error)
    except Exception:  # noqa: BLE001 - the last resort
        console.complain("This is a defect of mutmut-dashboard. Please report it with the lines below.")
        console.complain(traceback.format_exc())
        return ExitCode.INTERNAL
    return ExitCode.OK


def _environment_failed(error: OSError | sqlite3.Error) -> ExitCode:
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    unwritable = isinstance(error, sqlite3.Error) and any(word in str(error) for word in ("full", "disk I/O"))
    if full or unwritable:
        console.complain(
            f"The disk is full or cannot be written ({error}). What was judged stays; make room and run again to go on."
        )
        return ExitCode.INCOMPLETE
    if isinstance(error, sqlite3.Error):
        console.complain(
            f"The result store failed: {error}. Move .mutation/results.sqlite away to start afresh."
        )
        return ExitCode.USAGE
    console.complain(f"{error}. Check the path and its permissions.")
    return ExitCode.USAGE


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
