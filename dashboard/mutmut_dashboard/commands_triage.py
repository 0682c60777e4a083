"""The commands about decisions: `decide` takes them down, `check` holds a run and them against the gates."""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import click

from mutmut_dashboard import console, gate
from mutmut_dashboard.changes import Since
from mutmut_dashboard.config import CONFIG_NAME, Floors, Project, Target, load_project
from mutmut_dashboard.engine.inputs import changed_inputs
from mutmut_dashboard.errors import GateError, IncompleteError, UsageError
from mutmut_dashboard.files import changed_files
from mutmut_dashboard.model import Choice, Mutant, Run, Standing, TargetRecord, Weighed
from mutmut_dashboard.store import Store
from mutmut_dashboard.triage.candidates import candidates_of, candidates_of_run, newest_runs
from mutmut_dashboard.triage.deciding import decide as decide_about
from mutmut_dashboard.triage.deciding import reopen
from mutmut_dashboard.triage.decisions import Decisions
from mutmut_dashboard.triage.file import NAME, TriageFile, read_decisions
from mutmut_dashboard.triage.measuring import Measuring
from mutmut_dashboard.triage.standing import Candidates, weigh

CONFIG_OPTION = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path(CONFIG_NAME),
    show_default=True,
    help="The project's configuration; its folder is the project's root",
)


def each_once(paths: Sequence[Path]) -> Sequence[Path]:
    """Return paths of files that are there.

    Raises:
        UsageError: one of them is given twice.

    """
    for at, path in enumerate(paths):
        if any(path.samefile(other) for other in paths[:at]):
            raise UsageError(f"{path} is given twice. Leave one of them out.")
    return paths


def load_or_recorded(config: Path) -> Project:
    """Load the configuration, or make one of the latest run where there is none: an imported run needs none.

    Raises:
        UsageError: the configuration is broken, or there is neither it nor a run.

    """
    root = config.resolve().parent
    store = root / ".mutation" / "results.sqlite"
    try:
        return load_project(config)
    except UsageError:
        if config.exists() or not store.is_file():
            raise
    with Store(store) as opened:
        latest = opened.latest_run()
    if latest is None:
        return load_project(config)
    return Project(root=root, targets=tuple(_recorded_target(record) for record in latest.targets))


def _recorded_target(record: TargetRecord) -> Target:
    floors = Floors(
        mutation_score=record.score_floor,
        coverage=record.coverage_floor,
        adjusted_score=record.adjusted_floor,
    )
    return Target(name=record.name, root=record.root, modules=(), suites=(), floors=floors)


def open_store(project: Project) -> Store:
    """Open the results of earlier runs.

    Raises:
        UsageError: there are none.

    """
    path = project.work / "results.sqlite"
    if not path.is_file():
        raise nothing_yet(project)
    return Store(path)


def nothing_yet(project: Project) -> UsageError:
    """Make the error of a project without any run."""
    return UsageError(f"There is no result in {project.work} yet. Run `mutmut-dashboard run` first.")


def read_decisions_of(project: Project) -> Decisions:
    """Read triage.toml.

    Raises:
        UsageError: it holds a mistake.

    """
    return TriageFile(project.root, project.work).read()


def weighed_decisions(project: Project, store: Store, run: Run) -> list[Weighed]:
    """Read triage.toml and say of each decision what it means for a run."""
    decisions = read_decisions_of(project)
    return weigh(decisions.all, candidates_of_run(store, run), today()) if decisions.entries else []


@click.command()
@CONFIG_OPTION
@click.argument("words", nargs=-1, metavar="[ID]... [DECISION]")
@click.option("--reason", default="", help="Why; needed for equivalent and accepted")
@click.option("--expires", metavar="DATE", help="The last day on which it applies, e.g. 2026-12-31")
@click.option("--who", help="Who decides  [default: git's user.name, else the login]")
@click.option(
    "--relies-on",
    multiple=True,
    metavar="FILE:FUNCTION",
    help="Another function that the reason speaks of: when it changes, the decision turns stale; may be repeated",
)
@click.option("--list", "listing", is_flag=True, help="Show every decision and whether it still applies")
@click.option("--undo", is_flag=True, help="Take the last change back; again for the one before it")
@click.option(
    "--import",
    "imported",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Add the decisions of a file of the same format; where the two differ, nothing is added",
)
def decide(
    config: Path,
    words: tuple[str, ...],
    reason: str,
    expires: str | None,
    who: str | None,
    relies_on: tuple[str, ...],
    *,
    listing: bool,
    undo: bool,
    imported: Path | None,
) -> None:
    """Take down in triage.toml what was decided about survivors of the latest run.

    An ID may be shortened as long as it is unique. DECISION is one of: todo (a test is wanted), equivalent
    (no test can tell), accepted (could be killed, not worth it), bug (it showed a real defect), open
    (takes the decision away).
    """
    if sum((bool(words), listing, undo, imported is not None)) != 1:
        raise UsageError("Give IDs and a decision, or one of --list, --undo and --import FILE.")
    if not words and (reason or expires or who or relies_on):
        raise UsageError("--reason, --expires, --who and --relies-on belong to a decision about IDs.")
    project = load_or_recorded(config)
    file = TriageFile(project.root, project.work)
    if listing:
        _list(project, file.read())
    elif undo:
        console.say(f"Taken back: {file.undo()}")
    elif imported is not None:
        _import(file, imported)
    else:
        day = _day(expires) if expires else None
        _decide(project, file, words, reason=reason, expires=day, who=who, relies_on=relies_on)


def _decide(
    project: Project,
    file: TriageFile,
    words: Sequence[str],
    *,
    reason: str,
    expires: date | None,
    who: str | None,
    relies_on: Sequence[str],
) -> None:
    *ids, word = words
    if word not in list(Choice):
        raise UsageError(f'"{word}" is no decision. The last word is one of: {", ".join(Choice)}.')
    if not ids:
        raise UsageError(f"Which mutant is {word}? Put its ID before the decision.")
    choice = Choice(word)
    what = f"decide {' '.join(ids)} {word}"
    if choice is Choice.OPEN:
        if reason or expires or who or relies_on:
            raise UsageError("open takes a decision away, so it needs nothing but the IDs.")
        file.change(lambda old: old.with_entries(dict.fromkeys(reopen(ids, old))), what)
        console.say(f"Open again: {', '.join(ids)}")
        return
    with open_store(project) as store:
        candidates = _candidates(project, store)
    before = file.read().by_key

    def relied_on(mutant: Mutant) -> Sequence[str]:
        old = before.get((mutant.target, mutant.id))
        return relies_on or [name for name, _ in (old.decision.relies_on if old else ())]

    made = decide_about(
        ids,
        candidates,
        choice=choice,
        reason=reason,
        who=login(project.root) if who is None else who,
        today=today(),
        expires=expires,
        relies_on=relied_on,
    )

    def put(decisions: Decisions) -> Decisions:
        for decision in made:
            decisions = decisions.having(decision)
        return decisions

    file.change(put, what)
    for decision in made:
        console.say(
            f"{decision.id} is {decision.decision}: {decision.file} {decision.function}: {decision.change}"
        )


def _list(project: Project, decisions: Decisions) -> None:
    if not decisions.entries:
        console.say(f"There is no decision in {NAME} yet.")
        return
    with open_store(project) as store:
        weighed = weigh(decisions.all, _candidates(project, store), today())
    for one in weighed:
        made = one.decision
        why = f" ({one.why})" if one.why else ""
        reason = f": {made.reason}" if made.reason else ""
        until = f", until {made.expires}" if made.expires else ""
        console.say(
            f"{made.id}  {one.standing}{why}  {made.target}  {made.file}  {made.function}  {made.change}"
        )
        console.say(f"    {made.decision}{reason} ({made.who}, {made.when}{until})")
    counts = [(standing, sum(one.standing is standing for one in weighed)) for standing in Standing]
    console.say(", ".join(f"{standing} {count}" for standing, count in counts if count))


def _import(file: TriageFile, path: Path) -> None:
    if not path.is_file():
        raise UsageError(f"There is no file {path} to import.")
    other = read_decisions(path)
    known = set(file.read().by_key)
    file.change(lambda own: own.merged(other, NAME, path.name), f"decide --import {path.name}")
    added = len(set(other.by_key) - known)
    console.say(f"Imported {added} of {len(other.entries)} decisions; the others were here already.")


def _candidates(project: Project, store: Store) -> Candidates:
    return candidates_of(store, newest_runs(store, [target.name for target in project.targets]))


def today() -> date:
    """Return the day by which decisions expire, in UTC."""
    return datetime.now(UTC).date()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f'--expires "{text}" is no date. Write it as 2026-12-31.') from error


def login(root: Path) -> str:
    """Return the name of who decides: git's, else the system's.

    Raises:
        UsageError: neither knows one.

    """
    try:
        asked = subprocess.run(
            ["git", "-C", root, "config", "user.name"], capture_output=True, encoding="utf-8", check=False
        )
        name = asked.stdout.strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    try:
        return name or getpass.getuser()
    except (OSError, KeyError) as error:
        raise UsageError("Who decides? Neither git nor the system knows a name; give --who NAME.") from error


@click.command()
@CONFIG_OPTION
@click.option(
    "--target", "-t", "targets", multiple=True, metavar="NAME", help="Only this target; may be repeated"
)
@click.option(
    "--no-new", is_flag=True, help="Allow no new undecided survivor since the last complete run before"
)
@click.option("--base", type=int, metavar="RUN", help="Allow no new undecided survivor since this run")
@click.option(
    "--since",
    metavar="REF",
    help="Count only the mutants on lines changed since the branch left this git revision",
)
def check(
    config: Path, targets: tuple[str, ...], *, no_new: bool, base: int | None, since: str | None
) -> None:
    """Hold the latest run and the decisions against the floors and ceilings of the configuration.

    Ends with 2 when a gate is not met, with 3 when the run is incomplete or judged other code, other tests or
    another configuration than there are now.
    """
    project = load_or_recorded(config)
    chosen = project.chosen(targets)
    changes = Since.of(project.root, since)
    with open_store(project) as store:
        measuring = Measuring(project, store, chosen, read_decisions_of(project), today(), changes)
        measured = measuring.all(partial(_changed, project), no_new=no_new, base=base)
    doubts = [line for target in chosen for line in gate.doubts(target.name, measured.get(target.name))]
    if doubts:
        raise IncompleteError("Nothing can be said:\n" + "\n".join(doubts))
    short = [line for target in chosen for line in gate.shortfalls(target, measured[target.name])]
    for target in chosen:
        if not gate.shortfalls(target, measured[target.name]):
            console.say(gate.describe_met(target, measured[target.name]))
    if short:
        raise GateError("\n".join(short))


def _changed(project: Project, target: Target, record: TargetRecord, judged: Mapping[str, str]) -> set[str]:
    """Name what is no longer as it was judged: sources by their text, everything else by its hash."""
    return {*changed_files(judged, project.root), *changed_inputs(project, target, record)}
