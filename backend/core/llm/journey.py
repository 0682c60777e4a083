"""A journey: one request on its way from provider to provider, and the two things it asks of the world.

It is told as a generator: it asks to send or to wait, and is told what came of it. So one story serves threads
and coroutines, whole answers and streams, and can be tried without any of them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.llm import planner, pricing
from core.llm.completion import Attempt, Completion, Reply, Spent
from core.llm.errors import AllProvidersFailedError, RequestRejectedError, StreamInterruptedError
from core.llm.failures import Failure
from core.llm.planner import Action, Situation

if TYPE_CHECKING:
    from collections.abc import Generator

    from core.llm.catalogue import Route
    from core.llm.planner import Step
    from core.llm.request import Call, Request
    from core.llm.resources import Resources
    from core.llm.secret import Secret

logger = logging.getLogger("core.llm")


@dataclass(frozen=True, slots=True)
class Send:
    """Make this call, and tell what came of it, a failure's message redacted.

    A stream's text goes into `received` as it comes.
    """

    call: Call
    key: Secret
    received: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wait:
    """Let so many seconds pass."""

    seconds: float


class Journey:
    """One request on its way. Times are in seconds."""

    def __init__(self, request: Request, chain: tuple[Route, ...], resources: Resources) -> None:
        self._request = request
        self._left = list(chain)
        self._resources = resources
        self._started = resources.clock()
        self._waited = 0.0
        self._attempts: list[Attempt] = []
        self._resting: list[Route] = []
        """Models that were passed over, or left to cool down."""
        self._retries = 0
        self._left_keys: set[Secret] = set()
        """Both of the model that is asked now: how often it was, and with which keys no more."""

    def tell(self) -> Generator[Send | Wait, Any, Completion]:
        """Ask each model in turn until one answers.

        Raises:
            AllProvidersFailedError, RequestRejectedError, StreamInterruptedError: as `BYOKHandler.complete` says.
            BudgetExceededError, RateLimitExceededError, UnknownModelError: the user's own limits forbid a call.

        """
        self._resources.require_prices(self._call(route) for route in self._left)
        while self._left:
            route = self._left[0]
            key = self._resources.readiness.key(route, besides=self._left_keys)
            if key is None:
                self._resting.append(route)
                self._go_on()
                continue
            outcome, spent = yield from self._attempt(self._call(route), key)
            if isinstance(outcome, Reply):
                return self._completion(route, outcome, spent)
            step = planner.decide(outcome, self._situation(route, key))
            yield from self._follow(step, route, key)
        raise self._failed()

    def _follow(self, step: Step, route: Route, key: Secret) -> Generator[Wait, Any, None]:
        """Do what the planner decided."""
        if step.retire_key:
            self._resources.keys.retire(self._resources.catalogue.spec(route[0]), key)
        if step.cooldown is not None:
            self._resting.append(route)
            self._resources.cooldowns.start(route, None if step.every_key else key, step.cooldown)
        match step.action:
            case Action.RAISE:
                raise self._rejected()
            case Action.RETRY:
                self._retries += 1
                self._waited += step.wait
                yield Wait(step.wait)
            case Action.NEXT_KEY:
                self._left_keys.add(key)
            case Action.NEXT_LARGER:
                self._keep_larger(route)
            case _:  # Action.NEXT
                self._go_on()

    def _go_on(self) -> None:
        """Leave the first model for the next."""
        self._left.pop(0)
        self._retries = 0
        self._left_keys.clear()

    def _attempt(
        self, call: Call, key: Secret
    ) -> Generator[Send | Wait, Any, tuple[Reply | Failure, Spent | None]]:
        """Make one call within the user's limits, and write down what it took however it ends."""
        settle = self._resources.reserve(call)
        send = Send(call, key)
        outcome: Reply | Failure | None = None
        spent: Spent | None = None
        begun = self._resources.clock()
        try:
            outcome = yield send
        finally:  # also when the user stops listening, or the task is cancelled
            if isinstance(outcome, Reply):
                spent = self._resources.spent(call, outcome.text, outcome.input_tokens, outcome.output_tokens)
            elif send.received:
                spent = self._resources.spent(call, "".join(send.received), None, None)
            self._resources.settle(call, settle, spent, failed=not isinstance(outcome, Reply))
        attempt = Attempt(call.provider, call.model, self._resources.clock() - begun)
        if isinstance(outcome, Failure):
            attempt = replace(attempt, failure=outcome.kind, status=outcome.status, message=outcome.message)
        self._note(attempt)
        if isinstance(outcome, Failure) and send.received:
            raise self._interrupted("".join(send.received))
        return outcome, spent

    def _note(self, attempt: Attempt) -> None:
        self._attempts.append(attempt)
        kind = attempt.failure or "ok"
        logger.info("%s %s %s %.3f s", attempt.provider, attempt.model, kind, attempt.elapsed)
        if self._resources.on_attempt is None:
            return
        try:
            self._resources.on_attempt(attempt)
        except Exception as error:  # noqa: BLE001  # an answer that is paid for outlives a faulty observer
            logger.error("on_attempt failed: %s", type(error).__name__)  # noqa: TRY400  # its text may be anything

    def _call(self, route: Route) -> Call:
        return self._request.at(self._resources.catalogue.spec(route[0]), route[1])

    def _situation(self, route: Route, key: Secret) -> Situation:
        resources = self._resources
        return Situation(
            retries=self._retries,
            max_retries=resources.max_retries,
            waited=self._waited,
            keys_ready=resources.readiness.key(route, besides={*self._left_keys, key}) is not None,
            others_ready=resources.readiness.any(self._left[1:]),
            jitter=resources.rng(),
            filter_falls_back=resources.filter_falls_back,
        )

    def _keep_larger(self, route: Route) -> None:
        """Drop this model and all that could not read the request either; raise when that leaves none."""
        self._go_on()
        too_small = self._window(route)
        self._left = [other for other in self._left if planner.reads_more(self._window(other), too_small)]
        if not self._left:
            raise self._rejected()

    def _window(self, route: Route) -> int | None:
        return pricing.context_window(self._resources.catalogue.spec(route[0]), route[1])

    def _completion(self, route: Route, reply: Reply, spent: Spent | None) -> Completion:
        assert spent is not None  # noqa: S101  # every reply is counted
        return Completion(
            text=reply.text,
            provider=route[0],
            model=route[1],
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            tokens_estimated=spent.estimated,
            cost=spent.cost,
            finish_reason=reply.finish_reason,
            attempts=tuple(self._attempts),
            elapsed=self._resources.clock() - self._started,
        )

    def _rejected(self) -> RequestRejectedError:
        return RequestRejectedError(self._told("refused the request"), attempts=tuple(self._attempts))

    def _interrupted(self, partial: str) -> StreamInterruptedError:
        return StreamInterruptedError(
            self._told("broke off its answer"), partial=partial, attempts=tuple(self._attempts)
        )

    def _told(self, what: str) -> str:
        last = self._attempts[-1]
        return f"{last.provider}/{last.model} {what} ({last.failure}): {last.message}"

    def _failed(self) -> AllProvidersFailedError:
        told = "; ".join(f"{a.provider}/{a.model} {a.failure}: {a.message}" for a in self._attempts)
        retry_after = self._resources.readiness.wait(self._resting)
        again = "" if retry_after is None else f"; try again in {retry_after:g} s"
        return AllProvidersFailedError(
            f"every provider failed: {told or 'none is ready'}{again}",
            attempts=tuple(self._attempts),
            retry_after=retry_after,
        )
