"""Judging again from the served page: what the protocol promises, and a test just written that kills."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from test_page_served import served
from trees_support import PATIENCE, TreeRun

from mutmut_dashboard.errors import UsageError
from mutmut_dashboard.store import Store
from mutmut_dashboard.triage.again import Again, BusyError, Found


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def waiting(_target: str, ids: Sequence[str], cancelled: threading.Event) -> Iterator[Found]:
    yield Found(ids[0], "killed", "killed now by test_x")
    cancelled.wait()


def test_one_request_at_a_time_with_progress_until_it_is_closed() -> None:
    again = Again(waiting, lambda: datetime(2030, 5, 17, 12, 4))  # noqa: DTZ001 - the reader's own clock
    again.start("prices", ["a", "b"])
    until(lambda: again.state()["done"] == 1)
    with pytest.raises(BusyError, match="are being judged"):
        again.start("prices", ["b"])
    assert again.state()["results"]["prices/a"]["at"] == "12:04"

    again.close()

    assert not again.state()["running"]
    with pytest.raises(BusyError):
        again.start("prices", ["b"])


def test_trouble_is_one_sentence() -> None:
    def judge(_target: str, _ids: Sequence[str], _cancelled: threading.Event) -> Iterator[Found]:
        raise UsageError("Another run is going on.")

    again = Again(judge)
    again.start("prices", ["a"])
    until(lambda: not again.state()["running"])
    assert again.state()["error"] == "Another run is going on."


def test_a_test_just_written_kills_on_the_page(
    browser: Any, skipped_with_reasons: TreeRun, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(skipped_with_reasons.folder, tmp_path / "letters"))
    store_path = project / ".mutation" / "results.sqlite"
    with served(project) as address, opened(browser, address) as seen:
        page = seen.page
        page.keyboard.press("g")
        page.keyboard.press("q")
        page.locator(".entry.selected").wait_for()
        page.keyboard.press("r")
        page.get_by_text("still survives").first.wait_for()
        new = project / "test_new.py"
        new.write_text("import inspect, letters\n\n\ndef test_new():\n    "
                       f"assert inspect.getsource(letters) == {(project / 'letters.py').read_text('utf-8')!r}\n", "utf-8")
        page.get_by_role("button", name="Judge again").click()
        page.get_by_text("killed now by").first.wait_for()
        assert seen.complaints == []
    with Store(store_path) as store:
        assert len(store.runs()) == 1
