"""Writes the dashboard of one run into a folder, from which it opens without a server or a network."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mutmut_dashboard.changes import Since
from mutmut_dashboard.config import Ceilings
from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.files import changed_files, write_whole
from mutmut_dashboard.model import Weighed
from mutmut_dashboard.report.build import Pages
from mutmut_dashboard.report.chunks import write_chunks
from mutmut_dashboard.report.facts import Facts, gather
from mutmut_dashboard.report.folder import SiteFolder
from mutmut_dashboard.report.history import read_history
from mutmut_dashboard.report.pages.frame import Assets, IndexPage, SurvivorsPage
from mutmut_dashboard.report.parts import counted
from mutmut_dashboard.report.single import single_page
from mutmut_dashboard.report.snapshot import take_snapshot
from mutmut_dashboard.report.text import visible
from mutmut_dashboard.store import Store


@contextmanager
def _without_collection() -> Iterator[None]:
    """Look for no garbage: all that is read stays to the end and has no cycles, and to go through it again and again takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def render_report(
    store: Store,
    run_id: int,
    out_dir: Path,
    *,
    project: str,
    now: datetime,
    source_root: Path | None = None,
    decisions: Sequence[Weighed] = (),
    editor: str = "",
    since: Since | None = None,
    ceilings: Mapping[str, Ceilings] | None = None,
) -> Path:
    """Write the dashboard of a run and return the path of its first page.

    `project` is the name of the project under test. `now` is what ages are told from. With `source_root`, files
    whose text is no longer the one that was judged are marked. `decisions` are what people decided about
    survivors, weighed against this run. `editor` is the URL template of links into an editor. With `since`, mutants on lines
    changed since a git revision are told apart. `ceilings` are what each target, by its name, may have at most.

    Raises:
        UsageError: the folder holds something that must not be overwritten.

    """
    facts = facts_of(
        store,
        run_id,
        project=project,
        now=now,
        source_root=source_root,
        decisions=decisions,
        editor=editor,
        since=since,
        ceilings=ceilings,
    )
    return render_folder(facts, out_dir)


@_without_collection()
def render_folder(facts: Facts, out_dir: Path) -> Path:
    """Write the dashboard into a folder and return the path of its first page.

    Raises:
        UsageError: the folder holds something that must not be overwritten.

    """
    parts = counted(facts)
    pages = Pages(facts, parts)
    folder = SiteFolder(out_dir)
    assets = folder.add_assets(index=write_chunks(facts, parts, folder.add_data))
    templates = environment()
    for name, further in pages.further():
        folder.add_page(name, render_page(templates, "survivors.html", further, assets))
    path = folder.add_page("index.html", render_page(templates, "index.html", pages.index(), assets))
    folder.keep_out_of_git()
    folder.drop_stale(assets)
    return path


@_without_collection()
def render_single(facts: Facts, file: Path) -> int:
    """Write the dashboard of a run as one file and return its size in bytes.

    Raises:
        UsageError: the file cannot be written there.

    """
    if file.is_dir():
        raise UsageError(f"{file} is a folder. Name a file, or leave --single-file out to write a folder.")
    if not file.parent.is_dir():
        raise UsageError(f"There is no folder {file.parent} for {file.name}. Make it, or name another.")
    page, bundle = single_page(facts)
    text = environment().get_template("single.html").render(page=page, bundle=bundle)
    content = text.encode("utf-8", errors="replace")
    write_whole(file, content)
    return len(content)


@_without_collection()
def facts_of(
    store: Store,
    run_id: int,
    *,
    project: str,
    now: datetime,
    source_root: Path | None = None,
    decisions: Sequence[Weighed] = (),
    editor: str = "",
    since: Since | None = None,
    ceilings: Mapping[str, Ceilings] | None = None,
) -> Facts:
    """Read what a rendering shows; the arguments are those of `render_report`."""
    snapshot = take_snapshot(store, run_id)
    changed = None if source_root is None else changed_files(snapshot.sources, source_root)
    return gather(
        snapshot,
        read_history(store, run_id),
        project=project,
        now=now,
        changed=changed,
        decisions=decisions,
        editor=editor,
        since=since,
        root=str(source_root.resolve()) if source_root else "",
        ceilings=ceilings,
    )


def render_page(
    templates: Environment, template: str, page: IndexPage | SurvivorsPage, assets: Assets
) -> str:
    """A page as HTML."""
    return templates.get_template(template).render(page=page, assets=assets)


def environment() -> Environment:
    """The templates, with every value escaped and every odd character made visible on its way out."""
    return Environment(
        loader=PackageLoader("mutmut_dashboard.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
