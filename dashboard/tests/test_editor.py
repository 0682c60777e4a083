"""Addresses that open a file in an editor."""

from __future__ import annotations

import pytest

from mutmut_dashboard.editor import KNOWN, editor_address
from mutmut_dashboard.errors import UsageError


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_editor_goes_by_its_name(name: str) -> None:
    assert editor_address(name, "--editor") == KNOWN[name]
    assert editor_address(KNOWN[name], "--editor") == KNOWN[name]


def test_no_editor_is_no_address() -> None:
    assert editor_address("", "--editor") == ""


def test_a_line_is_not_needed() -> None:
    assert editor_address("emacs:{path}", "--editor") == "emacs:{path}"


@pytest.mark.parametrize(
    "given",
    [
        "vim",
        "edit://here:{line}",
        "/usr/bin/edit {path}",
        "edit://{path}?{column}",
        "javascript:open({path})",
        "JavaScript:{path}",
        "data:text/html,{path}",
        "edit://{path}\n",
    ],
)
def test_what_opens_no_editor_is_refused_with_what_to_write(given: str) -> None:
    with pytest.raises(UsageError, match=r"vscode.*address with") as refused:
        editor_address(given, "--editor")
    assert str(refused.value).startswith(f'--editor "{given}"')
