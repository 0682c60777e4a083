"""The frame of a page, and the pages themselves."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from mutmut_dashboard.report.pages.common import Fact, ReasonGroup, StatusCount
from mutmut_dashboard.report.pages.honesty import Honesty
from mutmut_dashboard.report.pages.overview import (
    Map,
    ModuleTable,
    OperatorTable,
    PartTable,
    TargetBand,
    Trend,
    WorstFunction,
)
from mutmut_dashboard.report.pages.survivors import SurvivorTable


@dataclass(frozen=True, slots=True)
class Header:
    """The line at the top."""

    project: str
    """Name of the project under test."""
    commit: str
    """Short hash; empty outside a repository."""
    branch: str
    """The branch that was judged; empty where none was recorded."""
    started: str
    """When the run began, as recorded."""
    age: str
    """How long ago that is."""
    mutants: str
    """How many mutants."""
    duration: str
    """How long the run took; empty while it is not over."""
    warnings: tuple[str, ...]
    """`dirty`, `incomplete`."""
    survivors: str
    """Number of undetected mutants."""
    unjudged: str
    """Number of mutants without a verdict."""
    runs: str
    """Number of runs that are looked back on."""
    tests: str
    """Number of tests."""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The dashboard's first page."""

    version: str
    """Version of the program that wrote the page."""
    header: Header
    """The line at the top."""
    targets: tuple[TargetBand, ...]
    """The overview, one band each."""
    worst: tuple[WorstFunction, ...]
    """Look here first."""
    trends: tuple[Trend, ...]
    """Each target over the recorded runs; empty where there is just one run."""
    map: Map | None
    """Files and functions; None where there is nothing to draw."""
    modules: tuple[ModuleTable, ...]
    """Files by target."""
    functions: PartTable
    """Functions."""
    classes: PartTable
    """Classes; without rows where there are none."""
    operators: OperatorTable
    """Kinds of change."""
    honesty: Honesty
    """What must be known to believe the numbers."""
    survivors: SurvivorTable
    """The first stretch of the undetected mutants."""
    unjudged: tuple[ReasonGroup, ...]
    """Mutants without a verdict, by reason."""
    statuses: tuple[StatusCount, ...]
    """Every status with its meaning."""
    formulas: tuple[Fact, ...]
    """Every number with its formula."""
    choices: tuple[Fact, ...]
    """Every decision with its meaning."""
    standings: tuple[Fact, ...]
    """Why a decision may not apply any more."""


@dataclass(frozen=True, slots=True)
class SurvivorsPage:
    """A further stretch of the undetected mutants, for those without scripts and for printing."""

    version: str
    """Version of the program that wrote the page."""
    header: Header
    """The line at the top."""
    survivors: SurvivorTable
    """The stretch."""


@dataclass(frozen=True, slots=True)
class BundledData:
    """A data file inside of a page that is one file."""

    address: str
    """The name it has beside other pages, by which scripts ask for it."""
    payload: Markup
    """Its JSON, without any `<`."""
    first: bool
    """Whether scripts need it from the start."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What stands beside other pages, for one that is one file."""

    policy: str
    """The content security policy: no address, and no script or style but these two, by their hashes."""
    style: Markup
    """The style sheet."""
    script: Markup
    """The script."""
    icon: str
    """The icon, as a data URL."""
    parts: tuple[BundledData, ...]
    """All data."""


@dataclass(frozen=True, slots=True)
class Assets:
    """File names beside the page, each with a hash of its content."""

    style: str
    """The style sheet."""
    script: str
    """The script."""
    icon: str
    """The icon."""
    index: str
    """The data that scripts need from the start."""
