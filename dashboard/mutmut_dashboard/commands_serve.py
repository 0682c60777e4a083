"""The command `triage`: the dashboard over HTTP on this machine, with decisions that are saved at once."""

from __future__ import annotations

import secrets
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import click

from mutmut_dashboard import console, store_progress
from mutmut_dashboard.changes import Since
from mutmut_dashboard.commands_report import EDITOR_OPTION, SINCE_OPTION, SITE_OPTION, render_latest
from mutmut_dashboard.commands_triage import (
    CONFIG_OPTION,
    load_or_recorded,
    login,
    open_store,
    read_decisions_of,
    today,
)
from mutmut_dashboard.config import Project
from mutmut_dashboard.engine import lock
from mutmut_dashboard.model import Ended, Verdict
from mutmut_dashboard.triage.again import Again, Found
from mutmut_dashboard.triage.candidates import CurrentCandidates
from mutmut_dashboard.triage.desk import Desk
from mutmut_dashboard.triage.file import NAME, TriageFile


@click.command()
@CONFIG_OPTION
@SITE_OPTION
@EDITOR_OPTION
@SINCE_OPTION
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port on the loopback interface  [default: any free one]",
)
@click.option("--no-open", is_flag=True, help="Only print the address, open no browser")
@click.option("--who", help="Who decides  [default: git's user.name, else the login]")
def triage(
    config: Path,
    site: Path,
    editor: str | None,
    since: str | None,
    port: int,
    who: str | None,
    *,
    no_open: bool,
) -> None:
    """Serve the dashboard to yourself and save each decision in triage.toml as it is made.

    Only this machine can reach it, and only with the printed address. Ctrl-C ends it.
    """
    project = load_or_recorded(config).opened_in(editor)
    changes = Since.of(project.root, since)
    decided_at_start = read_decisions_of(project)
    who = login(project.root) if who is None else who
    from mutmut_dashboard.triage import server  # noqa: PLC0415 - a third of what the other commands would load
    from mutmut_dashboard.triage.live import Live  # noqa: PLC0415 - the same

    with server.listen(port) as taken:
        page = _render(project, site, changes)
        port = taken.getsockname()[1]
        token = secrets.token_urlsafe(32)
        names = [target.name for target in project.targets]
        file = TriageFile(project.root, project.work)
        results = project.work / "results.sqlite"
        desk = Desk(file, CurrentCandidates(results, names), who, today)
        live = Live(
            look=partial(store_progress.look, results),
            is_going_on=partial(lock.is_held, project.work),
            render=partial(_render, project, site, changes),
        )
        address = f"http://{server.ADDRESS}:{port}/?token={token}"
        console.say(f"Triage: {address}")
        console.say(f"Decisions go to {file.path} as they are made. Ctrl-C ends this.")
        if not no_open:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        again = Again(partial(_judge_again, project))
        try:
            with suppress(KeyboardInterrupt):
                app = server.application(desk, page.parent, token, port, live, again)
                server.server_for(app).run(sockets=[taken])
        finally:
            again.close()
    if read_decisions_of(project) != decided_at_start:
        _render(project, site, changes)
    console.say(f"Closed. Commit {NAME}, and `mutmut-dashboard check` holds it against the gates.")


def _judge_again(
    project: Project, target: str, ids: Sequence[str], cancelled: threading.Event
) -> Iterator[Found]:
    from mutmut_dashboard.engine.again import judge_again  # noqa: PLC0415 - only who asks for it waits for it

    for one in judge_again(project, target, ids, cancelled):
        if one.verdict is None:
            yield Found(one.mutant, "unclear", one.trouble)
        else:
            yield Found(one.mutant, *_in_words(one.verdict))


def _in_words(verdict: Verdict) -> tuple[str, str]:
    ran = f"{verdict.tests_run} test{'' if verdict.tests_run == 1 else 's'} ran"
    if verdict.kill:
        what = f", {verdict.kill.exception}" if verdict.kill.exception else ""
        return "killed", f"killed now by {verdict.kill.test}{what}"
    if verdict.ended is Ended.PASSED:
        return (
            "survived",
            f"still survives: {ran}" if verdict.tests_run else "no test that is known reaches it",
        )
    if verdict.ended is Ended.WALL_LIMIT:
        return (
            "unclear",
            f"not judged: its tests went on after {verdict.detail}, which may be the mutant's doing or theirs",
        )
    return "unclear", f"not judged: {verdict.ended}{f', {verdict.detail}' if verdict.detail else ''}"


def _render(project: Project, site: Path, since: Since | None) -> Path:
    with open_store(project) as store:
        return render_latest(project, store, site, since)
