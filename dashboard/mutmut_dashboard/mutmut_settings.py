"""mutmut's own settings of a project, for those that have no `mutmut_config.py`.

Read as mutmut 3.8 reads them: `[tool.mutmut]` in pyproject.toml, else `[mutmut]` in setup.cfg.
"""

from __future__ import annotations

import math
import tomllib
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from mutmut_dashboard.errors import UsageError

_ELSEWHERE = "verdicts are used again by what their own judging met, see DESIGN.md"
_HERE = "tests are collected once and each mutant gets a fork of that process"
WITHOUT_EFFECT = {
    "max_stack_depth": "a test counts for every function it calls, however deep",
    "process_isolation": _HERE,
    "forkserver_warmup": _HERE,
    "preload_modules_file": _HERE,
    "max_forkserver_restarts": _HERE,
    "track_dependencies": _ELSEWHERE,
    "dependency_tracking_depth": _ELSEWHERE,
    "on_dependency_change": _ELSEWHERE,
    "use_git_change_detection": _ELSEWHERE,
    "cache_invalidation_files": "files that the tests open count by themselves; --fresh judges all again after other changes",
    "cache_invalidation_exclude": "no file counts that the tests do not use",
    "debug": "logs lie in .mutation/log",
    "log_to_file": "logs lie in .mutation/log",
    "log_file_path": "logs lie in .mutation/log",
    "use_setproctitle": "processes keep their titles",
}
"""Settings of mutmut 3.8 that change nothing here, each with the reason. What `also_copy` asks for is done for every file."""
_LISTS = (
    *("source_paths", "paths_to_mutate", "only_mutate", "do_not_mutate", "do_not_mutate_patterns"),
    *("tests_dir", "pytest_add_cli_args", "pytest_add_cli_args_test_selection", "type_check_command"),
)
_FLAGS = ("mutate_only_covered_lines",)
_KEPT = ("do_not_mutate_patterns", "pytest_add_cli_args", "timeout_multiplier", "timeout_constant")


@dataclass(frozen=True)
class MutmutSettings:
    """What mutmut would mutate, and the tests it would run. Paths are relative to the project's root."""

    modules: list[str]
    tests: list[str]
    """Files or folders."""
    arguments: tuple[str, ...]
    """Further arguments for pytest."""
    timeout_factor: float
    timeout_floor: float
    type_check_command: tuple[str, ...]
    """A program and its arguments; empty for none."""
    mutate_only_covered_lines: bool
    ignored: tuple[str, ...]
    """Sentences about settings that have no effect here."""


def read_mutmut_settings(folder: Path) -> MutmutSettings | None:
    """Return the settings of the project in `folder`; None where it has none.

    Raises:
        UsageError: they cannot be read, or name what does not exist.

    """
    found = _raw(folder)
    if found is None:
        return None
    where, raw = found
    sources = _list(raw, "source_paths") or _list(raw, "paths_to_mutate") or [_guess_source(folder)]
    selection = [*_list(raw, "pytest_add_cli_args_test_selection"), *_list(raw, "tests_dir")]
    tests = [argument for argument in selection if (folder / argument.partition("::")[0]).exists()]
    options = [argument for argument in selection if argument not in tests]
    multiplier, constant = _number(raw, "timeout_multiplier", 15), _number(raw, "timeout_constant", 1)
    return MutmutSettings(
        modules=_modules(folder, where, sources, _list(raw, "only_mutate"), _list(raw, "do_not_mutate")),
        tests=tests or [next((name for name in ("tests", "test") if (folder / name).is_dir()), ".")],
        arguments=(*_list(raw, "pytest_add_cli_args"), *options),
        timeout_factor=max(1.0, multiplier),
        timeout_floor=max(0.1, multiplier * constant),
        type_check_command=tuple(_list(raw, "type_check_command")),
        mutate_only_covered_lines=_flag(raw, "mutate_only_covered_lines"),
        ignored=tuple(
            f"{where}: {key} is not used; {why}." for key, why in WITHOUT_EFFECT.items() if key in raw
        ),
    )


def kept_settings(folder: Path) -> dict[str, Any]:
    """Return what a stage takes over from the project's settings; its own replace the rest."""
    found = _raw(folder)
    return {} if found is None else {key: found[1][key] for key in _KEPT if key in found[1]}


def _raw(folder: Path) -> tuple[str, dict[str, Any]] | None:
    pyproject = folder / "pyproject.toml"
    if pyproject.is_file():
        try:
            tool = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {})
        except ValueError as error:
            raise UsageError(f"pyproject.toml cannot be read: {error}. Correct it.") from error
        if "mutmut" in tool:
            return "pyproject.toml [tool.mutmut]", dict(tool["mutmut"])
    parser = ConfigParser()
    try:
        parser.read(folder / "setup.cfg", encoding="utf-8")
    except (ConfigParserError, UnicodeDecodeError) as error:
        raise UsageError(f"setup.cfg cannot be read: {error}. Correct it.") from error
    if not parser.has_section("mutmut"):
        return None
    return "setup.cfg [mutmut]", {
        key: _from_ini(key, value) for key, value in parser.items("mutmut", raw=True)
    }


def _from_ini(key: str, value: str) -> Any:
    if key in _LISTS:
        return [line for line in value.split("\n") if line]
    return value.lower() in ("1", "t", "true") if key in _FLAGS else value


def _list(raw: dict[str, Any], key: str) -> list[str]:
    value = raw.get(key, [])
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"mutmut's setting {key} is {value!r}. Give it a list of texts.")
    return value


def _number(raw: dict[str, Any], key: str, default: float) -> float:
    value = raw.get(key, default)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"mutmut's setting {key} is {value!r}. Give it a number.")
    return number


def _flag(raw: dict[str, Any], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise UsageError(f"mutmut's setting {key} is {value!r}. Give it true or false.")
    return value


def _guess_source(folder: Path) -> str:
    """Guess as mutmut does: lib, src, or what is called like the project's folder."""
    name = folder.resolve().name
    for guess in (
        "lib",
        "src",
        name,
        name.replace("-", "_"),
        name.replace(" ", "_"),
        name.replace("-", ""),
        name.replace(" ", ""),
    ):
        if (folder / guess).is_dir():
            return guess
    if (folder / f"{name}.py").is_file():
        return f"{name}.py"
    raise UsageError(
        f"Where the code of {folder} lies cannot be guessed. Name it: source_paths = [...] in mutmut's settings."
    )


def _modules(folder: Path, where: str, sources: list[str], only: list[str], never: list[str]) -> list[str]:
    files: list[str] = []
    for source in sources:
        path = folder / source
        if not path.exists():
            raise UsageError(
                f'{where}: source_paths names "{source}", which does not exist. Correct the path.'
            )
        inside = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        files += [file.relative_to(folder).as_posix() for file in inside]
    chosen = [
        file
        for file in dict.fromkeys(files)
        if (not only or any(fnmatch(file, p) for p in only)) and not any(fnmatch(file, p) for p in never)
    ]
    if not chosen:
        raise UsageError(
            f"{where} leaves no file to mutate. Look at source_paths, only_mutate and do_not_mutate."
        )
    return chosen
