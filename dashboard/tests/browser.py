"""A headless Chromium for tests that look at the page as a reader does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

REQUIRE = "MUTMUT_DASHBOARD_REQUIRE_BROWSER"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Path of an installed Chromium or Chrome."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def a_browser() -> Iterator[Any]:
    """A running browser. Without Chromium the test is skipped, or fails where the environment asks for it."""
    path = find_chromium()
    if path is None:
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(f"{REQUIRE}=1 asks for a browser, and none of {', '.join(_NAMES)} is on the PATH.")
        pytest.skip("No Chromium is on the PATH, so nobody looked at the page in a browser.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Opened:
    """A page in the browser and what it did that a good page does not."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def foreign_requests(self) -> list[str]:
        """Requests that left the disk."""
        return [url for url in self.requests if not url.startswith("file://")]


@contextmanager
def opened(browser: Any, path: Path | str, fragment: str = "", **context: Any) -> Iterator[Opened]:
    """Open a file or an address; keyword arguments are those of a playwright context, e.g. `java_script_enabled`."""
    made = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **context})
    page = made.new_page()
    seen = Opened(page)
    # Violations of the content security policy are reported on the console as errors.
    page.on("console", lambda said: _note(seen, said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: _note(seen, str(error)))
    page.on("dialog", lambda dialog: _dismiss(seen, dialog))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(path.as_uri() + fragment if isinstance(path, Path) else path + fragment)
    try:
        yield seen
    finally:
        made.close()


def go(page: Any, fragment: str) -> None:
    """Have the address end in a fragment, e.g. `#/queue`, and wait until the page has shown what it names."""
    page.wait_for_function("() => document.documentElement.dataset.showing")
    page.evaluate(_GO, fragment)


# The page's own listener was there first, so it is done when this one is called. What it then shows comes by data files, which
# are scripts that go when they were read, and by frames: it is all there once nothing has changed for a while.
_GO = """async (fragment) => {
    const before = location.href;
    const heeded = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    location.hash = fragment;
    if (location.href !== before) await heeded;
    const from = performance.now();
    let changed = from;
    const watch = new MutationObserver(() => { changed = performance.now(); });
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const read = () => [...document.scripts].every((script) => !script.async || !script.src);
    while (performance.now() - changed < 100 || !read()) {
        if (performance.now() - from > 30_000) throw new Error(`${fragment} is not still after 30 s`);
        await new Promise((frame) => requestAnimationFrame(frame));
    }
    watch.disconnect();
}"""


def _note(seen: Opened, words: str) -> None:
    seen.complaints.append(words)


def _dismiss(seen: Opened, dialog: Any) -> None:
    _note(seen, f"dialog: {dialog.message}")
    dialog.dismiss()
