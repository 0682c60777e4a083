"""Bring your own keys: one handler that sends a request to the right provider, and to the next when that fails.

    handler = BYOKHandler(["anthropic", "openai"], rate_limit=60, budget="5.00")
    handler.set_api_key("anthropic", key)  # or ANTHROPIC_API_KEY in the environment
    answer = handler.complete("Why is the sky blue?", max_tokens=200)
    answer.text, answer.provider, answer.cost

The handler decides nothing by itself: the catalogue knows providers, the router their order, the planner what
follows a failure, the limiter and the budget what still fits, and a journey tells the story of a request.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, NoReturn, Unpack

from core.llm import arguments, performing, pricing, tokens
from core.llm.budget import Budget
from core.llm.catalogue import VALID_PROVIDERS, Catalogue
from core.llm.cooldowns import Cooldowns
from core.llm.errors import RateLimitExceededError
from core.llm.journey import Journey
from core.llm.keys import KeyRing
from core.llm.limits import Limiter
from core.llm.performing import AsyncTextStream, TextStream
from core.llm.pricing import PriceBook
from core.llm.readiness import Readiness
from core.llm.request import MAX_TOKENS, TIMEOUT, Options, to_request
from core.llm.resources import Resources
from core.llm.routing import Router
from core.llm.secret import NO_COPY
from core.llm.stores import EnvKeyStore
from core.llm.transport import SdkTransport
from core.llm.usage import Tally

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
    from decimal import Decimal

    from core.llm.catalogue import ProviderSpec, Route
    from core.llm.completion import Attempt, Completion
    from core.llm.cooldowns import Cooldown
    from core.llm.pricing import Price
    from core.llm.request import Call, Messages
    from core.llm.routing import RouteInfo
    from core.llm.stores import KeyStore
    from core.llm.transport import Transport
    from core.llm.usage import Usage

__all__ = ["VALID_PROVIDERS", "BYOKHandler"]


class BYOKHandler:
    """Routes requests over the providers a user has keys for.

    Safe to share between threads and coroutines. Nothing is read, imported or sent before it is needed.

    Args:
        provider_priority: Provider ids, most preferred first; None for all in the order of `VALID_PROVIDERS`.
        max_retries: Retries per provider and request after its first attempt.
        rate_limit: Requests in any 60 seconds, None for no limit. Every attempt counts.
        token_rate_limit: Tokens in any 60 seconds, None for no limit. An attempt counts its estimated input
            and all of `max_tokens`.
        budget: Dollars to spend, a Decimal, int or str, None for no limit. Each attempt sets aside what it may
            cost at most; afterwards what it did cost counts. A call without a known price is refused.
        budget_seconds: The budget is for any so many seconds; None for the handler's whole life.
        keys: Provider -> its key, or a list of keys that take turns when one is full, out of credit or rejected.
        key_stores: Where keys are looked up that were not set by hand, the first store that has any counts;
            None for the environment alone.
        env: Where the environment is looked up; None for the process environment.
        providers: Further providers, as `register_provider` takes them, so that `provider_priority` may name them.
        content_filter_fallback: Whether to ask elsewhere when a provider withholds its answer.
        price_overrides: Model or "provider/model" -> dollars per million (input, output) tokens, before the
            price list's.
        on_attempt: Called with each `Attempt` once it is over. What it raises is logged and goes no further.
        transport: What carries calls; None for the official SDKs.
        clock: Monotonic seconds.
        wall_clock: Seconds since the epoch.
        sleep: Waits so many seconds.
        async_sleep: Does so on the running event loop.
        rng: Returns a random number in [0, 1), the jitter of a backoff.

    Raises:
        TypeError: an argument is of the wrong type; a bool is not a number, a str not a list.
        ValueError: `provider_priority` is empty, repeats or invents a provider; a number is out of range.
        InvalidKeyError: one of `keys` is blank, or holds blanks, control or non-ASCII characters.

    """

    def __init__(
        self,
        provider_priority: Sequence[str] | None = None,
        max_retries: int = 3,
        rate_limit: int | None = None,
        token_rate_limit: int | None = None,
        *,
        budget: Price | None = None,
        budget_seconds: float | None = None,
        keys: Mapping[str, str | Sequence[str]] | None = None,
        key_stores: Sequence[KeyStore] | None = None,
        env: Mapping[str, str] | None = None,
        providers: Sequence[ProviderSpec] = (),
        content_filter_fallback: bool = False,
        price_overrides: Mapping[str, tuple[Price, Price]] | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
        transport: Transport | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        async_sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: Callable[[], float] = random.random,
    ) -> None:
        catalogue = Catalogue(providers)
        ring = KeyRing((EnvKeyStore(env),) if key_stores is None else key_stores)
        cooldowns = Cooldowns(clock)
        self._own = Resources(
            catalogue=catalogue,
            keys=ring,
            cooldowns=cooldowns,
            readiness=Readiness(catalogue, ring, cooldowns),
            limiter=Limiter(
                arguments.limit("rate_limit", rate_limit),
                arguments.limit("token_rate_limit", token_rate_limit),
                clock,
            ),
            budget=None if budget is None else Budget(budget, budget_seconds, clock),
            prices=PriceBook(price_overrides or {}, catalogue),
            tally=Tally(),
            max_retries=arguments.whole_number("max_retries", max_retries, least=0),
            filter_falls_back=content_filter_fallback,
            clock=clock,
            wall_clock=wall_clock,
            rng=rng,
            on_attempt=on_attempt,
        )
        self._router = Router(self._own, provider_priority)
        self._transport = SdkTransport(wall_clock=wall_clock) if transport is None else transport
        self._sleep = sleep
        self._async_sleep = async_sleep
        for provider, own in (keys or {}).items():
            ring.set(catalogue.spec(provider), own if isinstance(own, (list, tuple)) else [own])

    def __repr__(self) -> str:
        return f"BYOKHandler(provider_priority={self.provider_priority!r})"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(NO_COPY)

    # -- keys ------------------------------------------------------------------------------------------------

    def set_api_key(self, provider: str, key: str) -> None:
        """Use `key` alone for `provider` from now on; surrounding blanks are cut. Ends the provider's cooldowns.

        Raises:
            InvalidKeyError: the key is blank, or holds blanks, control or non-ASCII characters.

        """
        self._own.keys.set(self._own.catalogue.spec(provider), [key])
        self._own.cooldowns.clear(provider)

    def add_api_key(self, provider: str, key: str) -> None:
        """Use `key`, too: when those set before it are full, out of credit or rejected."""
        self._own.keys.add(self._own.catalogue.spec(provider), key)

    def remove_api_key(self, provider: str) -> None:
        """Forget the keys set for `provider`, if any. Those in the environment or a store then apply again."""
        self._own.keys.remove(self._own.catalogue.spec(provider))

    def key_fingerprint(self, provider: str) -> str | None:
        """Return stars and the last four characters of the provider's first key, None when it has no key.

        Of a key shorter than twenty characters nothing is shown but the stars.
        """
        keys = self._own.keys.all(self._own.catalogue.spec(provider))
        return keys[0].fingerprint() if keys else None

    def is_provider_configured(self, provider: str) -> bool:
        """Return whether there is a key for `provider`. Blank environment variables do not count."""
        return bool(self._own.keys.all(self._own.catalogue.spec(provider)))

    @property
    def configured_providers(self) -> tuple[str, ...]:
        """The providers that have a key, in order of priority."""
        return self._router.configured(self._router.priority)

    # -- routing ---------------------------------------------------------------------------------------------

    @property
    def provider_priority(self) -> list[str]:
        """The order of preference, as a new list."""
        return list(self._router.priority)

    def register_provider(self, spec: ProviderSpec) -> None:
        """Add a provider, least preferred: any host that speaks OpenAI's dialect.

        Raises:
            ValueError: there is a provider of that id already.

        """
        self._router.append(self._own.catalogue.add(spec).id)

    def select_provider(self, model: str) -> str:
        """Return the provider whose model this is; the most preferred one for a model of unknown family.

        Needs no key and asks nobody. Upper and lower case are alike, and "provider/model" decides outright.

        Raises:
            NoProviderError: `provider_priority` leaves that provider out.

        """
        return self._router.native(model, self._router.priority)

    def next_provider(self, failed: Collection[str] = (), available: Collection[str] | None = None) -> str:
        """Return the most preferred provider that has not `failed`.

        `available` names those to choose from; None means all that have a usable key and are not cooling down.

        Raises:
            NoProviderError: none is left.

        """
        ids = self._own.catalogue.ids
        return self._router.next(
            ids("failed", failed), None if available is None else ids("available", available)
        )

    def fallback_chain(
        self, model: str | None = None, *, providers: Sequence[str] | None = None
    ) -> tuple[Route, ...]:
        """Return the (provider, model) pairs a request is tried on, in order.

        The model at its own provider comes first, then each other configured provider's default model.
        `providers` takes the place of the priority.

        Raises:
            NoProviderError: the order leaves the model's provider out, or no provider in it has a key.

        """
        return self._router.chain(model, self._router.order(providers))

    def route_info(self, model: str | None = None, *, providers: Sequence[str] | None = None) -> RouteInfo:
        """Return how a request would be routed now, and why. Asks nobody; raises what `fallback_chain` raises."""
        return self._router.explain(model, self._router.order(providers))

    def context_window(self, model: str) -> int | None:
        """Return how many tokens the model reads at once, None when nobody knows."""
        return pricing.context_window(*self._router.route(model))

    def fits(self, messages: Messages, model: str, *, max_tokens: int = MAX_TOKENS) -> bool | None:
        """Return whether messages and answer fit into the model's window, None when nobody knows how large it is.

        Exact as far as `counts_exactly` says so.
        """
        call = self._call(messages, model, max_tokens)
        window = pricing.context_window(call.spec, call.model)
        return None if window is None else call.input_tokens() + call.max_tokens <= window

    # -- tokens, limits, money -------------------------------------------------------------------------------

    def count_tokens(self, text: str, model: str | None = None) -> int:
        """Return the number of tokens in `text`: exact where `counts_exactly` says so, else an estimate.

        Without a model, a rough estimate that suits them all: a quarter of the UTF-8 bytes, rounded up.
        """
        checked = arguments.string("text", text)
        return tokens.rough(checked) if model is None else tokens.count(checked, *self._router.reader(model))

    def counts_exactly(self, model: str) -> bool:
        """Return whether `count_tokens` is exact for the model, and not an estimate."""
        return tokens.is_exact(*self._router.reader(model))

    @property
    def remaining_requests(self) -> int | None:
        """Requests that fit right now, None without a limit."""
        return self._own.limiter.remaining("request")

    @property
    def remaining_tokens(self) -> int | None:
        """Tokens that fit right now, None without a limit."""
        return self._own.limiter.remaining("token")

    def get_allowed_requests(self, n: int) -> int:
        """Return how many of `n` requests fit right now. Uses up none."""
        return self._own.limiter.allowed("request", arguments.whole_number("n", n, least=0))

    def get_allowed_tokens(self, n: int) -> int:
        """Return how many of `n` tokens fit right now. Uses up none."""
        return self._own.limiter.allowed("token", arguments.whole_number("n", n, least=0))

    def acquire(self, tokens: int, requests: int = 1, block: bool = False) -> None:
        """Use up `tokens` and `requests` of the limits, both or neither. `block` waits until they fit.

        Raises:
            RateLimitExceededError: they do not fit now; `retry_after` says in how many seconds they do.
            ValueError: they exceed a limit by themselves, or are negative.

        """
        amounts = (
            arguments.whole_number("tokens", tokens, least=0),
            arguments.whole_number("requests", requests, least=0),
        )
        while True:
            try:
                return self._own.limiter.acquire(*amounts)
            except RateLimitExceededError as full:
                if not block:
                    raise
                wait = full.retry_after
            self._sleep(wait)

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
        spec = self._own.catalogue.spec(provider)
        named, name = self._own.catalogue.split_model(spec.default_model if model is None else model)
        if named not in (None, spec.id):
            raise ValueError(f"{model!r} names {named}, not {provider}: drop one of the two")
        return self._own.cost(usage, spec, name)

    def estimate_cost(
        self, messages: Messages, model: str | None = None, max_tokens: int = MAX_TOKENS
    ) -> Decimal:
        """Return what a request costs in dollars if the answer takes all of `max_tokens`. Needs no key.

        Raises:
            UnknownModelError: no price is known; pass `price_overrides`.

        """
        call = self._call(messages, model, max_tokens)
        return self._own.cost((call.input_tokens(), call.max_tokens), call.spec, call.model)

    @property
    def budget_left(self) -> Decimal | None:
        """Dollars of the budget that are neither spent nor set aside, None without a budget."""
        return None if self._own.budget is None else self._own.budget.left()

    # -- calls -----------------------------------------------------------------------------------------------

    def complete(
        self, messages: Messages, model: str | None = None, **options: Unpack[Options]
    ) -> Completion:
        """Return an answer from the first provider of the fallback chain that gives one.

        Args:
            messages: The prompt, or a list of {"role": "system" | "user" | "assistant", "content": …}.
            model: The model to start with; None for the most preferred provider's default.
            options: Any of these, by name:
                max_tokens: The longest answer, in tokens; 1024 if left out.
                timeout: Seconds a provider may stay silent; 60 if left out.
                providers: Provider ids, most preferred first, in place of the priority.

        Raises:
            NoProviderError: no provider has a key, or the model's is left out by the order.
            RateLimitExceededError: your own limit is used up; `retry_after` says for how long.
            BudgetExceededError: your own budget does not cover what the call may cost.
            UnknownModelError: there is a budget, and no price for a model of the chain.
            RequestRejectedError: the request itself was refused.
            AllProvidersFailedError: everyone failed or is cooling down; `attempts` tells the story.

        """
        journey = self._journey(messages, model, **options)
        return performing.perform(journey.tell(), self._transport, self._sleep)

    async def acomplete(
        self, messages: Messages, model: str | None = None, **options: Unpack[Options]
    ) -> Completion:
        """Do as `complete`, on the running event loop."""
        journey = self._journey(messages, model, **options)
        return await performing.aperform(journey.tell(), self._transport, self._async_sleep)

    def stream(self, messages: Messages, model: str | None = None, **options: Unpack[Options]) -> TextStream:
        """Return an answer as an iterator over its text; its `completion` is there after the last piece.

        Falls back like `complete`, but only until the first piece. Takes and raises what `complete` does; errors
        of the providers come with the first piece.

        Raises:
            StreamInterruptedError: while reading; the stream broke off, and `partial` is what arrived.

        """
        journey = self._journey(messages, model, **options)
        return TextStream(journey.tell(), self._transport, self._sleep)

    def astream(
        self, messages: Messages, model: str | None = None, **options: Unpack[Options]
    ) -> AsyncTextStream:
        """Do as `stream`, for `async for`."""
        journey = self._journey(messages, model, **options)
        return AsyncTextStream(journey.tell(), self._transport, self._async_sleep)

    def close(self) -> None:
        """Close open connections. The handler stays usable."""
        self._transport.close()

    # -- what is going on ------------------------------------------------------------------------------------

    def is_available(self, provider: str) -> bool:
        """Return whether the provider's default model could be asked at once."""
        return self._router.is_ready(self._own.catalogue.spec(provider).id)

    def cooldowns(self) -> tuple[Cooldown, ...]:
        """Return which models are left alone, and for how long, the soonest to end first."""
        return self._own.cooldowns.running()

    def usage(self) -> dict[Route, Usage]:
        """Return what was asked of each (provider, model) so far, and what it cost."""
        return self._own.tally.by_route()

    def reset(self) -> None:
        """Forget all cooldowns and rejections of keys. Limits, budget and usage stay as they are."""
        self._own.cooldowns.clear()
        self._own.keys.forgive()

    def _journey(
        self,
        messages: Messages,
        model: str | None,
        *,
        max_tokens: int = MAX_TOKENS,
        timeout: float = TIMEOUT,
        providers: Sequence[str] | None = None,
    ) -> Journey:
        request = to_request(messages, max_tokens, timeout)
        return Journey(request, self.fallback_chain(model, providers=providers), self._own)

    def _call(self, messages: Messages, model: str | None, max_tokens: int) -> Call:
        """Return the call a request would begin with, were there a key."""
        return to_request(messages, max_tokens).at(*self._router.route(model))
