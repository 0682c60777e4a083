"""Bring your own keys: one handler that sends a request to the right provider, and to the next when that fails.

    handler = BYOKHandler(["anthropic", "openai"], rate_limit=60)
    handler.set_api_key("anthropic", key)  # or ANTHROPIC_API_KEY in the environment
    answer = handler.complete("Why is the sky blue?", max_tokens=200)
    answer.text, answer.provider, answer.cost

The handler decides nothing by itself: the catalogue knows providers, the planner what follows a failure,
the limiter what still fits. It keeps them together, locked, and tells the story of a call.
"""

from __future__ import annotations

import os
import random
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from core.llm import arguments, catalogue, completion, planner, pricing, tokens
from core.llm.catalogue import PROVIDERS, VALID_PROVIDERS
from core.llm.completion import Completion, Reply
from core.llm.cooldowns import Cooldowns
from core.llm.errors import NoProviderError, UnknownModelError
from core.llm.journey import Journey, Send, Wait
from core.llm.keys import NO_COPY, KeyRing, redact
from core.llm.limits import Limiter
from core.llm.planner import Action, Situation
from core.llm.transport import SdkTransport, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping, Sequence
    from decimal import Decimal

    from core.llm.completion import Call
    from core.llm.failures import Failure
    from core.llm.journey import Route
    from core.llm.keys import Secret

__all__ = ["VALID_PROVIDERS", "BYOKHandler"]


class BYOKHandler:
    """Routes requests over the providers a user has keys for.

    Safe to share between threads. Nothing is read, imported or sent before it is needed.

    Args:
        provider_priority: Provider ids, most preferred first; None for all in the order of `VALID_PROVIDERS`.
        max_retries: Retries per provider and request after its first attempt.
        rate_limit: Requests in any 60 seconds, None for no limit. Every attempt counts.
        token_rate_limit: Tokens in any 60 seconds, None for no limit. An attempt counts its estimated input
            and all of `max_tokens`.
        env: Where keys are looked up; None for the process environment.
        transport: What carries calls; None for the official SDKs.
        price_overrides: Model -> dollars per million (input, output) tokens, before the price list's.
        clock: Monotonic seconds.
        wall_clock: Seconds since the epoch.
        sleep: Waits so many seconds.
        rng: Returns a random number in [0, 1), the jitter of a backoff.

    Raises:
        TypeError: an argument is of the wrong type; a bool is not a number, a str not a list.
        ValueError: `provider_priority` is empty, repeats or invents a provider; a number is out of range.

    """

    def __init__(
        self,
        provider_priority: Sequence[str] | None = None,
        max_retries: int = 3,
        rate_limit: int | None = None,
        token_rate_limit: int | None = None,
        *,
        env: Mapping[str, str] | None = None,
        transport: Transport | None = None,
        price_overrides: Mapping[str, tuple[Decimal | int | str, Decimal | int | str]] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self._priority = (
            VALID_PROVIDERS if provider_priority is None else catalogue.priority(provider_priority)
        )
        self._max_retries = arguments.whole_number("max_retries", max_retries, least=0)
        self._limiter = Limiter(
            arguments.limit("rate_limit", rate_limit),
            arguments.limit("token_rate_limit", token_rate_limit),
            clock,
        )
        self._keys = KeyRing(os.environ if env is None else env)
        self._transport = SdkTransport(wall_clock=wall_clock) if transport is None else transport
        self._own_prices = pricing.overrides(price_overrides or {})
        self._cooldowns = Cooldowns(clock)
        self._clock = clock
        self._wall_clock = wall_clock
        self._sleep = sleep
        self._rng = rng
        self._lock = threading.Lock()  # around the limiter and the cooldowns

    def __repr__(self) -> str:
        return f"BYOKHandler(provider_priority={self.provider_priority!r})"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(NO_COPY)

    # -- keys ------------------------------------------------------------------------------------------------

    def set_api_key(self, provider: str, key: str) -> None:
        """Use `key` for `provider` from now on; surrounding blanks are cut. Ends the provider's cooldown.

        Raises:
            InvalidKeyError: the key is blank, or holds blanks, control or non-ASCII characters.

        """
        self._keys.set(catalogue.provider_id(provider), key)
        with self._lock:
            self._cooldowns.clear(provider)

    def remove_api_key(self, provider: str) -> None:
        """Forget the key set for `provider`, if any. One in the environment then applies again."""
        self._keys.remove(catalogue.provider_id(provider))

    def is_provider_configured(self, provider: str) -> bool:
        """Return whether there is a key for `provider`. Blank environment variables do not count."""
        return self._keys.get(catalogue.provider_id(provider)) is not None

    @property
    def configured_providers(self) -> tuple[str, ...]:
        """The providers that have a key, in order of priority."""
        return self._configured()

    def _configured(self) -> tuple[str, ...]:
        return tuple(provider for provider in self._priority if self.is_provider_configured(provider))

    # -- routing ---------------------------------------------------------------------------------------------

    @property
    def provider_priority(self) -> list[str]:
        """The order of preference, as a new list."""
        return list(self._priority)

    def select_provider(self, model: str) -> str:
        """Return the provider whose model this is; the most preferred one for a model of unknown family.

        Needs no key and asks nobody. Upper and lower case are alike, and "provider/model" decides outright.

        Raises:
            NoProviderError: `provider_priority` leaves that provider out.

        """
        provider = catalogue.provider_of(model)
        if provider is None:
            return self._priority[0]
        if provider not in self._priority:
            raise NoProviderError(
                f"{model!r} belongs to {provider}, which provider_priority leaves out: add it"
            )
        return provider

    def next_provider(self, failed: Collection[str] = (), available: Collection[str] | None = None) -> str:
        """Return the most preferred provider that has not `failed`.

        `available` names those to choose from; None means all that have a usable key and are not cooling down.

        Raises:
            NoProviderError: none is left.

        """
        out = catalogue.provider_ids("failed", failed)
        if available is None:
            choice = tuple(provider for provider in self._priority if self._ready_key(provider) is not None)
        else:
            choice = catalogue.provider_ids("available", available)
        for provider in self._priority:
            if provider in choice and provider not in out:
                return provider
        raise NoProviderError(
            f"no provider is left of {', '.join(self._priority)}: wait for one to cool down, or set a key"
        )

    def fallback_chain(self, model: str | None = None) -> tuple[Route, ...]:
        """Return the (provider, model) pairs a request is tried on, in order.

        The model at its own provider comes first, then each other configured provider's default model.

        Raises:
            NoProviderError: `provider_priority` leaves the model's provider out, or no provider has a key.

        """
        configured = self._configured()
        first: tuple[Route, ...] = ()
        if model is not None:
            native = self.select_provider(model)
            first = ((native, catalogue.split_model(model)[1]),) if native in configured else ()
        taken = {provider for provider, _ in first}
        chain = first + tuple((p, PROVIDERS[p].default_model) for p in configured if p not in taken)
        if not chain:
            variables = ", ".join(variable for p in self._priority for variable in PROVIDERS[p].env_vars)
            raise NoProviderError(f"no provider has a key: call set_api_key, or set one of {variables}")
        return chain

    # -- tokens, limits, money -------------------------------------------------------------------------------

    def count_tokens(self, text: str, model: str | None = None) -> int:
        """Return the number of tokens in `text`: exact for OpenAI and DeepSeek models, else an estimate.

        Without a model, a rough estimate that suits them all: a quarter of the UTF-8 bytes, rounded up.
        """
        return tokens.count(arguments.string("text", text), model)

    @property
    def remaining_requests(self) -> int | None:
        """Requests that fit right now, None without a limit."""
        return self._remaining("request")

    @property
    def remaining_tokens(self) -> int | None:
        """Tokens that fit right now, None without a limit."""
        return self._remaining("token")

    def get_allowed_requests(self, n: int) -> int:
        """Return how many of `n` requests fit right now. Uses up none."""
        return self._allowed("request", arguments.whole_number("n", n, least=0))

    def get_allowed_tokens(self, n: int) -> int:
        """Return how many of `n` tokens fit right now. Uses up none."""
        return self._allowed("token", arguments.whole_number("n", n, least=0))

    def acquire(self, tokens: int, requests: int = 1) -> None:
        """Use up `tokens` and `requests` of the limits, both or neither.

        Raises:
            RateLimitExceededError: they do not fit now; `retry_after` says in how many seconds they do.
            ValueError: they exceed a limit by themselves, or are negative.

        """
        amounts = {
            "token": arguments.whole_number("tokens", tokens, least=0),
            "request": arguments.whole_number("requests", requests, least=0),
        }
        with self._lock:
            self._limiter.acquire(amounts)

    def calculate_cost(
        self, input_tokens: int, output_tokens: int, provider: str, model: str | None = None
    ) -> Decimal:
        """Return what a call costs in dollars, at `provider`'s default model unless `model` is given.

        Raises:
            UnknownModelError: no price is known; pass `price_overrides`.
            ValueError: a count is negative, the provider unknown, or the model's prefix names another one.

        """
        usage = (
            arguments.whole_number("input_tokens", input_tokens, least=0),
            arguments.whole_number("output_tokens", output_tokens, least=0),
        )
        seller = catalogue.provider_id(provider)
        named, name = catalogue.split_model(PROVIDERS[seller].default_model if model is None else model)
        if named not in (None, seller):
            raise ValueError(f"{model!r} names {named}, not {provider}: drop one of the two")
        return self._cost(usage, (seller, name))

    def _remaining(self, window: str) -> int | None:
        with self._lock:
            return self._limiter.remaining(window)

    def _allowed(self, window: str, wanted: int) -> int:
        left = self._remaining(window)
        return wanted if left is None else min(wanted, left)

    def _cost(self, usage: tuple[int, int], route: Route) -> Decimal:
        return pricing.cost(usage, *route, own=self._own_prices, at=self._wall_clock())

    # -- calls -----------------------------------------------------------------------------------------------

    def complete(
        self,
        messages: str | Sequence[Mapping[str, str]],
        model: str | None = None,
        *,
        max_tokens: int = 1024,
        timeout: float = 60,
    ) -> Completion:
        """Return an answer from the first provider of the fallback chain that gives one.

        Args:
            messages: The prompt, or a list of {"role": "system" | "user" | "assistant", "content": …}.
            model: The model to start with; None for the most preferred provider's default.
            max_tokens: The longest answer, in tokens.
            timeout: Seconds each attempt may take.

        Raises:
            NoProviderError: no provider has a key, or the model's is left out by the priority.
            RateLimitExceededError: your own limit is used up; `retry_after` says for how long.
            RequestRejectedError: the request itself was refused.
            AllProvidersFailedError: everyone failed or is cooling down; `attempts` tells the story.

        """
        journey = Journey(
            messages=completion.conversation(messages),
            max_tokens=arguments.whole_number("max_tokens", max_tokens, least=1),
            timeout=arguments.seconds("timeout", timeout),
            chain=self.fallback_chain(model),
            started=self._clock(),
        )
        story = self._tell(journey)
        outcome: Reply | Failure | None = None
        while True:
            try:
                asked = story.send(outcome)
            except StopIteration as end:
                answer: Completion = end.value
                return answer
            outcome = self._perform(asked)

    def close(self) -> None:
        """Close open connections. The handler stays usable."""
        self._transport.close()

    def _perform(self, asked: Send | Wait) -> Reply | Failure | None:
        if isinstance(asked, Wait):
            self._sleep(asked.seconds)
            return None
        outcome = self._transport.send(asked.call, asked.key)
        if isinstance(outcome, Reply):
            return outcome
        return replace(outcome, message=redact(outcome.message, asked.key))

    def _tell(self, journey: Journey) -> Generator[Send | Wait, Any, Completion]:
        """Ask each route in turn until one answers. What it asks for, another loop may perform another way."""
        while journey.routes:
            route = journey.routes.pop(0)
            key = self._ready_key(route[0])
            if key is None:
                journey.resting.add(route[0])
                continue
            reply = yield from self._ask(journey, route, key)
            if reply is not None:
                return self._completion(journey, route, reply)
        raise journey.failed(self._soonest(journey.resting))

    def _ask(self, journey: Journey, route: Route, key: Secret) -> Generator[Send | Wait, Any, Reply | None]:
        """Ask one provider until it answers, or until the planner leaves it: then there is no reply."""
        call = journey.call(route)
        retries = 0
        while True:
            self.acquire(self._worst_case(call))
            begun = self._clock()
            outcome: Reply | Failure = yield Send(call, key)
            elapsed = self._clock() - begun
            if isinstance(outcome, Reply):
                journey.note(route, elapsed, None)
                return outcome
            journey.note(route, elapsed, outcome)
            step = planner.decide(outcome, self._situation(journey, retries))
            if step.retire_key:
                self._keys.retire(route[0], key)
            if step.cooldown is not None:
                self._rest(journey, route[0], step.cooldown)
            if step.action is Action.RAISE:
                raise journey.rejected()
            if step.action is Action.NEXT_LARGER:
                self._keep_larger(journey, route)
            if step.action is not Action.RETRY:
                return None
            yield Wait(step.wait)
            journey.waited += step.wait
            retries += 1

    def _situation(self, journey: Journey, retries: int) -> Situation:
        return Situation(
            retries=retries,
            max_retries=self._max_retries,
            waited=journey.waited,
            others_ready=any(self._ready_key(provider) is not None for provider, _ in journey.routes),
            jitter=self._rng(),
        )

    def _rest(self, journey: Journey, provider: str, seconds: float) -> None:
        journey.resting.add(provider)
        with self._lock:
            self._cooldowns.start(provider, seconds)

    def _keep_larger(self, journey: Journey, route: Route) -> None:
        """Drop the routes that could not read the request either; raise when that leaves none."""
        too_small = pricing.context_window(*route)
        journey.routes = [
            other for other in journey.routes if planner.reads_more(pricing.context_window(*other), too_small)
        ]
        if not journey.routes:
            raise journey.rejected()

    def _ready_key(self, provider: str) -> Secret | None:
        """Return the key to use now: None when there is none, it was rejected, or the provider cools down."""
        with self._lock:
            if self._cooldowns.left(provider) > 0:
                return None
        return self._keys.usable(provider)

    def _soonest(self, resting: set[str]) -> float | None:
        """Return the seconds until the first of them is ready, None when time gives none of them back."""
        with self._lock:
            left = [self._cooldowns.left(provider) for provider in resting if self._keys.usable(provider)]
        return min(left, default=None)

    def _input_tokens(self, call: Call) -> int:
        turns = call.messages
        return sum(
            self.count_tokens(turn.content, call.model) + completion.MESSAGE_OVERHEAD for turn in turns
        )

    def _worst_case(self, call: Call) -> int:
        """Return the tokens an attempt may use. Its input is not counted where no limit needs it."""
        if self.remaining_tokens is None:
            return call.max_tokens
        return call.max_tokens + self._input_tokens(call)

    def _completion(self, journey: Journey, route: Route, reply: Reply) -> Completion:
        call = journey.call(route)
        used_in = self._input_tokens(call) if reply.input_tokens is None else reply.input_tokens
        used_out = (
            self.count_tokens(reply.text, call.model) if reply.output_tokens is None else reply.output_tokens
        )
        try:
            cost = self._cost((used_in, used_out), route)
        except UnknownModelError:  # the answer is paid for, and worth more than its price
            cost = None
        return Completion(
            text=reply.text,
            provider=call.provider,
            model=call.model,
            input_tokens=used_in,
            output_tokens=used_out,
            cost=cost,
            finish_reason=reply.finish_reason,
            attempts=tuple(journey.attempts),
            elapsed=self._clock() - journey.started,
        )
