"""The page's scripts beside the browser: their unit tests under node, and the words they share with Python."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from page_scripts import STATIC, find_node

from mutmut_dashboard.model import Choice, Status
from mutmut_dashboard.report.chunks.file import STATE_LETTER
from mutmut_dashboard.report.excerpt import EXCLUDED
from mutmut_dashboard.report.folder import asset
from mutmut_dashboard.report.wording import SIGN

SCRIPTS = sorted((STATIC / "js").glob("*.js"))


def test_the_unit_tests_of_the_scripts_pass() -> None:
    files = sorted(str(file) for file in (Path(__file__).parent / "js").glob("*.test.js"))
    done = subprocess.run([find_node(), "--test", *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"^# pass (\d+)$|^ℹ pass (\d+)$", done.stdout, re.MULTILINE)  # noqa: RUF001 - node's own sign
    assert passed, done.stdout
    assert int(passed[1] or passed[2]) >= 40


def test_statuses_have_the_same_words_and_signs_as_in_python() -> None:
    text = (STATIC / "js" / "words.js").read_text("utf-8")
    known = dict(re.findall(r'\{ word: "(\w+)", sign: "(.)" \}', text))
    assert known.pop("absent") == "·"
    assert known == {status.value: sign for status, sign in SIGN.items()}
    assert set(known) == {status.value for status in Status}


def test_states_of_lines_have_the_same_letters_and_names_as_in_python() -> None:
    text = (STATIC / "js" / "words.js").read_text("utf-8")
    known = {css: letter for letter, css in re.findall(r'"(.)": \{ css: "(\w+)"', text)}
    assert known == STATE_LETTER
    assert f'words: "{EXCLUDED}"' in text


def test_every_decision_can_be_made_on_the_page() -> None:
    text = (STATIC / "js" / "decision_bar.js").read_text("utf-8")
    assert set(re.findall(r'\{ choice: "(\w+)", key', text)) == {choice.value for choice in Choice}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_markup_from_text_and_declares_one_name(script: Path) -> None:
    text = script.read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
    )
    assert len(re.findall(r"^(?:const|let|var|class|function) (\w+)", text, re.MULTILINE)) == 1
    assert text.startswith('"use strict";\n/** ')
    assert len(text.splitlines()) <= 320


def test_parts_are_joined_in_the_order_of_their_names() -> None:
    style = asset("css").decode()
    assert style.index(":root {") < style.index("@media print")
    assert asset("js").count(b'"use strict";') == len(SCRIPTS)
