"""Real runs are told once, two at a time, before the first test that reads one; a story is a fixture by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sites
import stories
from browser import a_browser
from hypothesis import HealthCheck, settings

# A busy machine fails no property.
settings.register_profile("dashboard", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dashboard")

WANTED = pytest.StashKey[list[str]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which stories the chosen tests read."""
    names = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    session.config.stash[WANTED] = [name for name in stories.STORIES if name in names]


@pytest.fixture(scope="session")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Any]]:
    """Run every wanted story; none goes on beside other tests, which may mind a busy machine."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return {
            name: pool.submit(stories.STORIES[name], tmp_path_factory.mktemp(name))
            for name in request.config.stash[WANTED]
        }


def _fixture_for(name: str) -> Any:
    def story(told: dict[str, Future[Any]]) -> Any:
        return told[name].result()

    return pytest.fixture(scope="session", name=name)(story)


for _name in stories.STORIES:
    globals()[f"_{_name}"] = _fixture_for(_name)


@pytest.fixture(scope="module", name="browser")
def _browser() -> Iterator[Any]:
    """One Chromium for the tests of a module; its event loop must not go on beside tests that run one of their own."""
    with a_browser() as running:
        yield running


def _site_of(make: Callable[[Path], Path]) -> Any:
    def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
        return make(tmp_path_factory.mktemp("site"))

    return pytest.fixture(scope="session", name=make.__name__)(site)


for _make in (
    sites.the_shop,
    sites.the_decided_shop,
    sites.the_changed_shop,
    sites.of_all_kinds,
    sites.without_survivors,
    sites.unfinished,
    sites.of_hostile_texts,
    sites.of_three_thousand,
    sites.of_many_folders,
    sites.the_matrix_shop,
    sites.of_several_runs,
    sites.of_two_branches,
):
    globals()[f"_site_{_make.__name__}"] = _site_of(_make)
