from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

import pytest
from factories import NOW, a_store, of_every_status

from mutmut_dashboard.report import render_report

GOLD = Path(__file__).parent / "gold" / "index.html"
SCRUB = [
    (r"mutmut-dashboard \d[\w.+-]*", "mutmut-dashboard VERSION"),  # every release would change the page
    (r"mutmut-dashboard\.[0-9a-f]{12}\.", "mutmut-dashboard.HASH."),  # every change of style or script would
    (
        r"data/index\.[0-9a-f]{12}\.",
        "data/index.HASH.",
    ),  # every change of the data would, which has its own tests
]


def scrubbed(text: str) -> str:
    for pattern, plain in SCRUB:
        text = re.sub(pattern, plain, text)
    return text


def test_the_page_of_a_small_store_is_the_gold_page(tmp_path: Path) -> None:
    store, run_id = a_store(tmp_path, of_every_status())
    with store:
        path = render_report(store, run_id, tmp_path / "site", project="shop", now=NOW, source_root=tmp_path)
    actual = scrubbed(path.read_text("utf-8"))
    if os.environ.get("UPDATE_GOLD") == "1":
        GOLD.write_text(actual, "utf-8")
        pytest.fail(f"UPDATE_GOLD=1 made this page the new gold page: {GOLD.name}. Run again without it.")
    gold = GOLD.read_text("utf-8")
    difference = "\n".join(
        difflib.unified_diff(gold.splitlines(), actual.splitlines(), "gold", "actual", "", "", 1)
    )
    assert actual == gold, f"The page changed; gold/README.md says how to accept that.\n{difference}"
