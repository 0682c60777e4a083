"""Renders the page of a large run and holds it against its limits (`make bench-page`).

Measured: seconds, peak memory and bytes of rendering, in a process of its own; then, in Chromium, how long the page takes until
the queue can be used, how long a filter takes, and how long the largest file takes to open. Each duration stands there twice, as
seconds on the clock and as CPU seconds, of the process that renders or of the page's thread, since others may use the machine;
limits are for a machine of one's own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import large_store

from mutmut_dashboard import console
from mutmut_dashboard.report import render_report
from mutmut_dashboard.store import Store

TESTS = Path(__file__).parents[1] / "tests"
_FIRST_ROW = "#view-queue .rows > *"
_DRAWN = "await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));"
_FILTER = f"""
    const box = document.getElementById('queue-search');
    box.value = argument;
    box.dispatchEvent(new Event('input', {{ bubbles: true }}));
    {_DRAWN}
"""
_OPEN_FILE = f"""
    location.hash = `#/source/${{argument}}`;
    while (!document.querySelector('#view-source .code-lines > *')) {_DRAWN}
"""


@dataclass(frozen=True)
class Limit:
    """A measured value and what it may be at most."""

    what: str
    value: float
    most: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether it is within the limit."""
        return self.value <= self.most


def main() -> int:
    """Make the store, measure, print a table; 2 where a limit is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=large_store.Size.mutants)
    parser.add_argument(
        "--store", type=Path, help="Use this store, made here earlier, or keep the made one here"
    )
    parser.add_argument("--site", type=Path, help="Keep the page here")
    parser.add_argument("--render", nargs=2, metavar=("STORE", "SITE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.render:
        return _render(*map(Path, arguments.render))
    with tempfile.TemporaryDirectory() as scratch:
        store = arguments.store or Path(scratch) / "results.sqlite"
        site = arguments.site or Path(scratch) / "site"
        if not store.exists():
            began = time.monotonic()
            large_store.make(store, _size(arguments.mutants))
            console.say(f"made a store of {arguments.mutants} mutants in {time.monotonic() - began:.0f} s")
        limits = [*_rendering(store, site), *_opening(site / "index.html")]
    rows = [
        [one.what, f"{one.value:.2f} {one.unit}", f"{one.most:g} {one.unit}", "met" if one.met else "NOT MET"]
        for one in limits
    ]
    console.show_table(["measured", "value", "limit", ""], rows)
    return 0 if all(one.met for one in limits) else 2


def _size(mutants: int) -> large_store.Size:
    """The same proportions, smaller."""
    share = mutants / large_store.Size.mutants
    return large_store.Size(
        files=max(2, round(large_store.Size.files * share)),
        mutants=mutants,
        largest_file=round(large_store.Size.largest_file * share),
        tests=max(large_store.Size.tests // 100, round(large_store.Size.tests * share)),
    )


def _rendering(store: Path, site: Path) -> list[Limit]:
    done = subprocess.run(
        [sys.executable, __file__, "--render", store, site], capture_output=True, check=True, text=True
    )
    measured = json.loads(done.stdout)
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    return [
        Limit("rendering, wall", measured["wall"], 60, "s"),
        Limit("rendering, CPU", measured["cpu"], 60, "s"),
        Limit("rendering, peak memory", measured["memory"] / 2**20, 1024, "MiB"),
        Limit("site on disk", size / 10**6, 80, "MB"),
    ]


def _render(path: Path, site: Path) -> int:
    wall, cpu = time.monotonic(), time.process_time()
    with Store(path) as store:
        run = store.latest_run()
        assert run is not None  # noqa: S101 - the store was just made
        render_report(store, run.id, site, project="large", now=datetime.now(UTC))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    console.say(
        json.dumps({"wall": time.monotonic() - wall, "cpu": time.process_time() - cpu, "memory": peak})
    )
    return 0


@dataclass(frozen=True)
class Span:
    """How long something took in the page."""

    wall: float
    cpu: float

    def limits(self, what: str, most: float) -> list[Limit]:
        """Hold both against a limit."""
        return [Limit(f"{what}, wall", self.wall, most, "s"), Limit(f"{what}, CPU", self.cpu, most, "s")]


class Watched:
    """A page whose thread's CPU time is counted from its first moment on."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def cpu(self) -> float:
        """CPU seconds of the page's tasks until now."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    def timed(self, script: str, argument: str) -> Span:
        """Run an asynchronous function in the page."""
        before = self.cpu()
        wall = self.page.evaluate(
            f"async (argument) => {{ const began = performance.now(); {script} return performance.now() - began; }}",
            argument,
        )
        return Span(wall / 1000, self.cpu() - before)

    def opened(self, address: str, selector: str) -> Span:
        """Go to a page and wait for an element."""
        self.page.goto("about:blank")
        before, began = self.cpu(), time.monotonic()
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_selector(selector)
        return Span(time.monotonic() - began, self.cpu() - before)


def _opening(index: Path) -> list[Limit]:
    sys.path.insert(0, str(TESTS))
    import browser  # noqa: PLC0415 - the tests' way to a browser, which only this half needs

    address = index.resolve().as_uri()
    with browser.a_browser() as running:
        watched = Watched(running.new_page(viewport={"width": 1400, "height": 900}))
        overview = watched.opened(f"{address}#/overview", "#overview .band")
        queue = watched.opened(f"{address}#/queue", _FIRST_ROW)
        watched.page.wait_for_timeout(1000)  # nobody types before having looked
        filters = [watched.timed(_FILTER, words) for words in ("settle_77", "order", "", "module_0500 swap")]
        file = watched.timed(_OPEN_FILE, _largest_file(index))
    slowest = Span(max(one.wall for one in filters), max(one.cpu for one in filters))
    return [
        *overview.limits("overview shown", 2),
        *queue.limits("queue usable", 2),
        *slowest.limits("slowest of four filters", 0.1),
        *file.limits("largest file opened", 1),
    ]


def _largest_file(index: Path) -> str:
    chunk = max((index.parent / "data").glob("file-*.js"), key=lambda path: path.stat().st_size)
    number = int(chunk.name.removeprefix("file-").partition(".")[0])
    return large_store.path_of(number)


if __name__ == "__main__":
    sys.exit(main())
