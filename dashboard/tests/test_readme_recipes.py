"""The CI recipes of the README: every command exists with its options, and the steps of one are really carried out."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from stories import Recipe

from mutmut_dashboard.cli import cli
from mutmut_dashboard.shards import Shard

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## In CI\n")[2].partition("\n## ")[0]
RECIPES: list[dict[Any, Any]] = [
    yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
]
PUT_IN = {
    "${{ matrix.part }}": "2",
    "${{ github.base_ref }}": "main",
    "$CI_NODE_INDEX": "2",
    "$CI_NODE_TOTAL": "4",
    "$CI_MERGE_REQUEST_DIFF_BASE_SHA": "0123abcd",
    "$GITHUB_STEP_SUMMARY": "summary",
}


def scripts(recipe: dict[Any, Any]) -> Iterator[str]:
    """Every piece of shell in a recipe of either kind."""
    jobs = recipe.get("jobs", recipe)
    for job in jobs.values():
        yield from (step["run"] for step in job.get("steps", ()) if "run" in step)
        yield from (*job.get("before_script", ()), *job.get("script", ()))


def commands(script: str) -> Iterator[list[str]]:
    """The commands in a script, with what the pipeline would put in, cut at what the shell reads itself."""
    for name, text in PUT_IN.items():
        script = script.replace(name, text)
    for line in script.splitlines():
        found = re.search(r"\b(mutmut-dashboard|make) .*", line.partition(";")[0])
        if found:
            yield shlex.split(re.split(r" (?:>>?|\|\|?|&&) ", found[0])[0])


OURS = [words for recipe in RECIPES for script in scripts(recipe) for words in commands(script)]


def test_there_are_recipes_for_both_in_one_piece_and_in_parts() -> None:
    kinds = [("jobs" in recipe, len(recipe.get("jobs", recipe))) for recipe in RECIPES]

    assert kinds == [(True, 1), (True, 2), (False, 1), (False, 2)]
    assert {words[1] for words in OURS} == {"run", "export", "check", "merge", "report"}


@pytest.mark.parametrize("words", OURS, ids=" ".join)
def test_a_command_is_one_that_the_program_or_the_makefile_knows(words: list[str]) -> None:
    program, name, *arguments = words
    if program == "make":
        assert re.search(
            rf"^{re.escape(name)}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
        )
        return
    with cli.commands[name].make_context(name, arguments, parent=click.Context(cli)) as context:
        assert not context.args
        Shard.parse(context.params.get("shard", ""))


@pytest.mark.parametrize(("recipe", "machines"), [(1, 4), (3, 4)])
def test_the_parts_of_a_recipe_are_all_the_parts(recipe: int, machines: int) -> None:
    part = RECIPES[recipe].get("jobs", RECIPES[recipe])["part"]
    numbers = part.get("strategy", {}).get("matrix", {}).get("part")

    assert numbers == list(range(1, machines + 1)) if numbers else part["parallel"] == machines


def test_a_pull_request_of_a_small_project_goes_through_the_recipe(recipe: Recipe) -> None:
    """The steps of the first recipe as GitHub would carry them out, on a branch that changes one function."""
    assert [(step.words, step.outcome.code) for step in recipe.steps if step.outcome.code] == [], recipe.steps
    assert "# Mutation testing" in recipe.summary
    assert json.loads(recipe.sarif)["version"] == "2.1.0"
    assert (recipe.folder / "dashboard" / "site" / "index.html").is_file()
    assert "on the lines changed since origin/main" in recipe.steps[-1].outcome.out


def test_a_pull_request_that_brings_a_survivor_does_not_pass(recipe: Recipe) -> None:
    assert recipe.with_a_survivor.code == 2
    assert "new undecided survivor" in recipe.with_a_survivor.err
