"""The one Hypothesis profile under which mutants are judged: same code, same verdicts, on every machine.

Derandomised, so that a verdict is no luck; no example database, since an example saved for one mutant would
be replayed on the next; no deadline and no health checks that judge speed, which a busy machine would fail; no
shrinking or explaining, which take most of a kill's time and change no verdict.

Hypothesis also draws constants that it finds in local modules. mutmut's generated files hold every mutant's
literals, or grow so large that Hypothesis skips them; so the constants are taken from the original files, once,
after collection.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

# ruff: noqa: PLC0415 - pytest must be the first to import Hypothesis, or it warns

NAME = "mutmut_dashboard"
_SPEED_CHECKS = ("too_slow", "differing_executors")


def take_over(items: list[Any], original: Path) -> None:
    """Put the profile over the collected tests and everything after, if anything imported Hypothesis so far.

    A project that does not use it never loads it, which keeps the tests' process small and its forks cheap.
    """
    if not in_use():
        return
    load()
    impose(items)
    fix_constants(Path.cwd(), original)


def in_use() -> bool:
    """Tell whether anything imported Hypothesis."""
    return "hypothesis" in sys.modules


def load() -> None:
    """Make the profile the default, for what is called from within a test."""
    from hypothesis import settings

    settings.register_profile(NAME, **_overrides(settings.default))
    settings.load_profile(NAME)


def impose(items: list[Any]) -> None:
    """Put the profile over settings that tests or conftest files chose for themselves; their budgets stay."""
    from hypothesis import settings

    for item in items:
        function = getattr(getattr(item, "obj", None), "__func__", getattr(item, "obj", None))
        own = getattr(function, "_hypothesis_internal_use_settings", None)
        if isinstance(own, settings):
            vars(function)["_hypothesis_internal_use_settings"] = settings(own, **_overrides(own))
        case = getattr(item, "cls", None)
        machine = getattr(case, "settings", None)  # the TestCase of a stateful machine
        if case is not None and isinstance(machine, settings):
            case.settings = settings(machine, **_overrides(machine))


def hold_constants() -> None:
    """Keep Hypothesis from looking for constants in generated files, until `fix_constants` has it draw others.

    Its plugin does so when tests are collected, and mutmut's files take seconds to read.
    """
    if not in_use():
        return
    from hypothesis.internal.conjecture import providers
    from hypothesis.internal.constants_ast import Constants

    vars(providers)["_get_local_constants"] = Constants


def fix_constants(generated: Path, original: Path) -> None:
    """Fix the constants Hypothesis draws: those of the local modules imported now, read from the original files.

    Fixed, because a module that one test imports would otherwise change the examples of the tests after it. This
    tool's own modules are not the project's, wherever they are installed.
    """
    from hypothesis.internal.conjecture import providers
    from hypothesis.internal.constants_ast import Constants, constants_from_module, is_local_module_file

    own = str(Path(__file__).parents[1])
    constants = Constants()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file is None or file.startswith(own) or not is_local_module_file(file):
            continue
        path = Path(file)
        source = original / path.relative_to(generated) if path.is_relative_to(generated) else path
        constants |= constants_from_module(_stand_in(module, source))
    vars(providers)["_get_local_constants"] = lambda: constants
    providers.CONSTANTS_CACHE.cache.clear()


def constants_digest() -> str:
    """Return a digest of the constants that `fix_constants` fixed; empty where Hypothesis is not used."""
    if not in_use():
        return ""
    from hypothesis.internal.conjecture import providers

    constants = sorted(repr(value) for value in providers._get_local_constants())  # noqa: SLF001 - see above
    return hashlib.blake2b("\n".join(constants).encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _stand_in(module: ModuleType, source: Path) -> ModuleType:
    stand_in = ModuleType(module.__name__)
    stand_in.__file__ = str(source)
    return stand_in


def is_property(item: Any) -> bool:
    """Tell whether Hypothesis runs a collected test: one under `@given`, or a stateful machine's."""
    if not in_use():
        return False
    from hypothesis import is_hypothesis_test

    return is_hypothesis_test(getattr(item, "obj", None))


def describe() -> dict[str, str]:
    """Write the profile for people."""
    return {
        "derandomize": "yes",
        "database": "none",
        "deadline": "none",
        "phases": "explicit, generate, target",
        "health checks off": ", ".join(_SPEED_CHECKS),
        "constants": "from the original files, fixed after collection",
        "examples": "each test's own",
    }


def _overrides(base: Any) -> dict[str, Any]:
    from hypothesis import HealthCheck, Phase

    off = {HealthCheck[name] for name in _SPEED_CHECKS}
    return {
        "derandomize": True,
        "database": None,
        "deadline": None,
        "phases": [Phase.explicit, Phase.generate, Phase.target],
        "report_multiple_bugs": False,
        "print_blob": False,
        "suppress_health_check": sorted(off | set(base.suppress_health_check), key=lambda check: check.name),
    }
