"""A run that goes on while the page is open: how far it is, which verdicts came, and the page made again from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mutmut_dashboard.errors import DashboardError
from mutmut_dashboard.store_progress import RunProgress


@dataclass(frozen=True)
class Live:
    """What the server may ask about runs."""

    look: Callable[[str, str], RunProgress]
    """Takes the run that the page shows and the cursor of its last look; raises a `DashboardError` where it cannot now."""
    is_going_on: Callable[[], bool]
    """Whether a process judges at this moment; a run that was killed is open, but does not go on."""
    render: Callable[[], object]
    """Makes the page again from the newest run; raises a `DashboardError` where it cannot."""

    def routes(self) -> list[Route]:
        """Return the calls of the page: `GET /api/run` and `POST /api/page`."""
        calls = _Calls(self)
        return [
            Route("/api/run", calls.progress, methods=["GET"]),
            Route("/api/page", calls.render, methods=["POST"]),
        ]


class _Calls:
    def __init__(self, live: Live) -> None:
        self._live = live
        self._one_at_a_time = Lock()

    async def progress(self, request: Request) -> Response:
        asked = request.query_params
        return await run_in_threadpool(self._progress, asked.get("shown", ""), asked.get("after", ""))

    def _progress(self, shown: str, after: str) -> Response:
        goes_on = (
            self._live.is_going_on()
        )  # before the look, so that what ends in between is not taken for killed
        try:
            found = self._live.look(shown, after)
        except DashboardError as error:
            return JSONResponse({"error": str(error)}, 503)
        return JSONResponse({**asdict(found), "goes_on": goes_on})

    async def render(self, _request: Request) -> Response:
        return await run_in_threadpool(self._render)

    def _render(self) -> Response:
        try:
            with self._one_at_a_time:
                self._live.render()
        except (DashboardError, OSError) as error:
            return JSONResponse({"error": f"The page could not be made again: {error}"}, 500)
        return JSONResponse({})
