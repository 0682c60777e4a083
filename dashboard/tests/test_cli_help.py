"""The rules that help texts keep, and the table of exit codes in the README."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mutmut_dashboard.cli import cli
from mutmut_dashboard.errors import DashboardError, ExitCode

README = Path(__file__).parents[2] / "README.md"


def commands() -> Iterator[tuple[str, click.Command]]:
    yield "mutmut-dashboard", cli
    yield from cli.commands.items()


OPTIONS = [
    pytest.param(parameter, id=f"{name}-{parameter.name}")
    for name, command in commands()
    for parameter in command.params
    if isinstance(parameter, click.Option) and parameter.name != "version"  # click's own words
]


@pytest.mark.parametrize("option", OPTIONS)
def test_the_help_of_an_option_starts_with_a_capital_and_ends_without_a_period(option: click.Option) -> None:
    text = (option.help or "").partition("  [")[0]

    assert text
    assert text[0].isupper()
    assert not text.rstrip().endswith(".")


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_the_help_of_a_command_is_made_of_sentences(name: str, command: click.Command) -> None:
    first, *_ = (command.help or "").strip().split("\n\n")

    assert first[:1].isupper()
    assert first.endswith(".")


def test_the_readme_lists_every_exit_code_with_its_number() -> None:
    table = README.read_text(encoding="utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    listed = [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]

    assert listed == [code.value for code in ExitCode]


def test_the_readme_and_the_enum_say_the_same_about_an_exit_code() -> None:
    table = README.read_text(encoding="utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    meaning = {int(code): text for code, text in re.findall(r"^\| (\d+) \| (.+?) \|$", table, re.MULTILINE)}
    source = (README.parent / "dashboard" / "mutmut_dashboard" / "errors.py").read_text(encoding="utf-8")
    commented = re.findall(r"^    [A-Z]+ = (\d+)  # (.+)$", source, re.MULTILINE)

    assert len(commented) == len(ExitCode)
    for code, comment in commented:
        last_words = comment.rsplit(", ", 1)[-1]
        assert last_words in meaning[int(code)] or code == "70"


def test_every_command_of_the_readme_exists_with_its_options() -> None:
    rows = re.findall(
        r"^\| `mutmut-dashboard (\w+)` \| (.+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {name for name, _ in rows} == set(cli.commands)
    for name, text in rows:
        known = {flag for p in cli.commands[name].params for flag in p.opts}
        assert set(re.findall(r"--[a-z][a-z-]+", text)) <= known


@pytest.mark.parametrize("kind", DashboardError.__subclasses__())
def test_every_error_a_user_can_cause_has_an_exit_code_of_its_own(kind: type[DashboardError]) -> None:
    assert kind.exit_code not in (ExitCode.OK, ExitCode.INTERNAL)
    others = [other for other in DashboardError.__subclasses__() if other is not kind]
    assert kind.exit_code not in {other.exit_code for other in others}
