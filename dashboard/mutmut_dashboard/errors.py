"""Every error a user can see, as one small tree, and the exit codes they end in.

DashboardError
├── UsageError        wrong command line or configuration
├── GateError         a floor or another gate is not met
├── IncompleteError   some mutants could not be judged
└── BaselineError     the suites fail on the original code
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller; the README's table is checked against this."""

    OK = 0  # done, every gate met
    USAGE = 1  # wrong usage or configuration
    GATE = 2  # a gate is not met
    INCOMPLETE = 3  # some mutants could not be judged
    BASELINE = 4  # the suites fail on the original code
    INTERNAL = 70  # a defect of this program


class DashboardError(Exception):
    """A sentence for the user that names the value and the fix."""

    exit_code = ExitCode.INTERNAL


class UsageError(DashboardError):
    """The command line, the configuration or the working state is wrong."""

    exit_code = ExitCode.USAGE


class GateError(DashboardError):
    """A floor is not met."""

    exit_code = ExitCode.GATE


class IncompleteError(DashboardError):
    """The run ended before every mutant was judged; what was judged is kept."""

    exit_code = ExitCode.INCOMPLETE


class BaselineError(DashboardError):
    """The suites fail on the original code, so no mutant can be judged."""

    exit_code = ExitCode.BASELINE
