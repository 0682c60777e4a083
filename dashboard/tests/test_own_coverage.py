"""What a project sets for coverage runs of its own does not change what the clean run learns."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from trees_support import run_command

CODE = """\
def half(n):
    if n % 2:
        return None
    return n // 2


def told(n):  # pragma: no cover
    return n
"""
PROGRAM = """\
import json, sys
from pathlib import Path

from mutmut_dashboard.engine.own_coverage import measurement_of

code = str(Path("code_.py").resolve())
measurement = measurement_of([code], Path("found.data"))
measurement.start()
measurement.switch_context("test_even")
import code_


def test_half(n):
    code_.half(n)


test_half(2)
measurement.switch_context("test_odd")
test_half(1)
measurement.stop()
measurement.save()
data = measurement.get_data()
found = {}
for context in sorted(data.measured_contexts()):
    data.set_query_context(context)
    found[context] = sorted(line for line in data.lines(code) or [])
measurement.json_report([code], outfile="found.json")
report = json.loads(Path("found.json").read_text())["files"]
print(json.dumps([found, [own["excluded_lines"] for own in report.values()]]))
"""


@pytest.mark.parametrize(
    "setting",
    [
        "",
        'dynamic_context = "test_function"',
        'context = "nightly"',
        'omit = ["*/code_.py"]',
        'source = ["elsewhere"]',
        'source_pkgs = ["json"]',
        'include = ["elsewhere/*"]',
        "branch = false",
        "relative_files = true",
        "parallel = true",
        "timid = true",
        'concurrency = ["thread", "multiprocessing"]',
        'data_file = "elsewhere.data"',
        'patch = ["subprocess"]',
    ],
)
def test_lines_tests_and_what_is_left_out_are_the_same(setting: str, tmp_path: Path) -> None:
    (tmp_path / "code_.py").write_text(CODE)
    (tmp_path / "pyproject.toml").write_text(f"[tool.coverage.run]\n{setting}\n")

    done = run_command(tmp_path, [sys.executable, "-c", PROGRAM])

    assert done.code == 0, done.err
    found, excluded = json.loads(done.out)
    assert {test: set(lines) & {3, 4} for test, lines in found.items() if test} == {
        "test_even": {4},
        "test_odd": {3},
    }
    assert excluded == [[7, 8]]
    assert {path.name for path in tmp_path.iterdir()} == {
        *("code_.py", "pyproject.toml", "__pycache__"),
        *("found.data", "found.json"),
    }
