"""No secret of the environment is recorded or shown, whatever a failing test prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import NOW, Recorded, a_kill, a_mutant, a_provenance, a_store, a_verdict

from mutmut_dashboard.model import RunState, Status
from mutmut_dashboard.redaction import Redaction
from mutmut_dashboard.report import render_report

SECRET = "sk-live-51H'x\\y"


def test_a_secret_is_replaced_by_the_name_of_its_variable() -> None:
    redacted = Redaction({"OPENAI_API_KEY": "sk-0123456789"})
    assert redacted("Bearer sk-0123456789, again sk-0123456789") == (
        "Bearer [value of OPENAI_API_KEY], again [value of OPENAI_API_KEY]"
    )


@pytest.mark.parametrize("written", [SECRET, repr(SECRET), f"{SECRET}\n"])
def test_a_secret_is_found_as_text_and_as_written_in_python(written: str) -> None:
    redacted = Redaction({"DB_PASSWORD": f"{SECRET}\n"})
    assert "51H" not in redacted(f"assert {written} == ''")


def test_of_two_secrets_the_longer_one_is_replaced_whole() -> None:
    redacted = Redaction({"A_TOKEN": "abcdefgh", "B_TOKEN": "abcdefghijkl"})
    assert redacted("abcdefghijkl") == "[value of B_TOKEN]"


@pytest.mark.parametrize(
    "environment",
    [{}, {"HOME_NAME": "a long enough value"}, {"TOKEN": "short"}, {"SSH_AUTH_SOCK": "/run/user/1000/ssh"}],
)
def test_ordinary_words_names_and_paths_stay(environment: dict[str, str]) -> None:
    text = "a long enough value, short, /run/user/1000/ssh"
    assert Redaction(environment)(text) == text


def test_no_file_of_a_site_holds_a_secret_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_API_KEY", SECRET)
    mutant = a_mutant()
    kill = a_kill(message=f"assert {SECRET!r} == ''", example=f"key={SECRET!r}")
    verdict = a_verdict(mutant, Status.KILLED, kill=kill, detail=SECRET)
    store, run_id = a_store(
        tmp_path,
        Recorded([(mutant, verdict)]),
        provenance=a_provenance(command=f"mutmut-dashboard run --key {SECRET}"),
        state=RunState.FAILED,
        detail=f"refused: {SECRET}",
    )
    with store:
        render_report(store, run_id, tmp_path / "site", project="shop", now=NOW)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"51H" not in everything
    assert b"[value of PAYMENT_API_KEY]" in everything
