"""Settings of these properties where nothing else was chosen, and the provider their wire tests talk to."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from core.llm.transport import SdkTransport
from tests.property_tests.llm.llm_strategies import NOON
from tests.property_tests.llm.llm_wire import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator

# A busy machine is no reason to fail: wall-clock deadlines say nothing about the laws.
if settings.get_current_profile_name() == "default":
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")


@pytest.fixture(scope="session", name="running")
def _running() -> Iterator[tuple[Provider, SdkTransport]]:
    """Start one server and one pool of connections for all tests: making TLS contexts takes longer than any."""
    with pytest.MonkeyPatch.context() as patch, Provider() as server:
        for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(variable, raising=False)
            patch.delenv(variable.lower(), raising=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        with closing(SdkTransport(server.base_urls(), wall_clock=lambda: NOON)) as transport:
            yield server, transport
        server.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture(name="server")
def _server(running: tuple[Provider, SdkTransport]) -> Provider:
    server, _ = running
    server.script.clear()
    server.seen.clear()
    return server


@pytest.fixture(name="transport")
def _transport(running: tuple[Provider, SdkTransport]) -> SdkTransport:
    return running[1]
