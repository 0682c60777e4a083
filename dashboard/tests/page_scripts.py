"""The page's scripts, asked by node what they come to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from browser import REQUIRE

STATIC = Path(__file__).parents[1] / "mutmut_dashboard" / "report" / "static"


def find_node() -> str:
    """Path of node. Without it the test is skipped, or fails where the environment asks for all tests."""
    node = shutil.which("node")
    if node is None:
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(f"{REQUIRE}=1 asks for the scripts' tests too, and node is not on the PATH.")
        pytest.skip("node is not on the PATH, so nobody asked the scripts.")
    return node


def ask_script(name: str, expression: str, given: object) -> Any:
    """What an expression of the page's script comes to, in which `given` is a value."""
    script = (STATIC / "js" / name).read_text("utf-8")
    asked = f"""{script}
      const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
      process.stdout.write(JSON.stringify({expression}));"""
    done = subprocess.run(
        [find_node(), "-e", asked], input=json.dumps(given), capture_output=True, encoding="utf-8", check=True
    )
    return json.loads(done.stdout)
