"""The one Hypothesis profile under which mutants are judged: same code, same verdicts, on every machine.

Derandomised, so that a verdict is no luck; no example database, since an example saved for one mutant would
be replayed on the next; no deadline and no health checks that judge speed, which a busy machine would fail; no
shrinking or explaining, which take most of a kill's time and change no verdict.
"""

from __future__ import annotations

from typing import Any

# ruff: noqa: PLC0415 - pytest must be the first to import Hypothesis, or it warns


NAME = "mutmut_dashboard"
_SPEED_CHECKS = ("too_slow", "differing_executors")


def load() -> None:
    """Make the profile the default, before any test module is imported."""
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


def describe() -> dict[str, str]:
    """Write the profile for people."""
    return {
        "derandomize": "yes",
        "database": "none",
        "deadline": "none",
        "phases": "explicit, generate, target",
        "health checks off": ", ".join(_SPEED_CHECKS),
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
