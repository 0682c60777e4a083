"""Routing: which models a request is tried on, in which order, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.llm import pricing
from core.llm.errors import NoProviderError

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.llm.catalogue import ProviderSpec, Route
    from core.llm.resources import Resources


@dataclass(frozen=True, slots=True)
class RouteStop:
    """One model a request may be tried on. `wait`: seconds until it is ready, None when waiting does not help."""

    provider: str
    model: str
    keys: int
    """How many keys there are for it, without those the provider rejected."""
    wait: float | None
    context_window: int | None


@dataclass(frozen=True, slots=True)
class RouteInfo:
    """How a request for `model` is routed: the provider it belongs to, why, and the stops in order."""

    model: str | None
    provider: str
    reason: str
    stops: tuple[RouteStop, ...]


class Router:
    """The order of preference, and what follows from it. Calls nobody."""

    def __init__(self, resources: Resources, priority: object) -> None:
        self._catalogue = resources.catalogue
        self._keys = resources.keys
        self._readiness = resources.readiness
        self.priority = (
            self._catalogue.all()
            if priority is None
            else self._catalogue.order("provider_priority", priority)
        )

    def append(self, provider: str) -> None:
        """Put a new provider last."""
        self.priority = (*self.priority, provider)

    def order(self, providers: object) -> tuple[str, ...]:
        """Return the order of preference of one request: `providers`, or the priority when that is None."""
        return self.priority if providers is None else self._catalogue.order("providers", providers)

    def configured(self, order: tuple[str, ...]) -> tuple[str, ...]:
        """Return the providers of `order` that have a key."""
        return tuple(provider for provider in order if self._keys.all(self._catalogue.spec(provider)))

    def native(self, model: object, order: tuple[str, ...]) -> str:
        """Return the provider whose model this is, the most preferred one for a model of unknown family.

        Raises:
            NoProviderError: the order leaves that provider out.

        """
        provider = self._catalogue.provider_of(model)
        if provider is None:
            return order[0]
        if provider not in order:
            raise NoProviderError(
                f"{model!r} belongs to {provider}, which provider_priority leaves out: add it"
            )
        return provider

    def route(self, model: str | None) -> tuple[ProviderSpec, str]:
        """Return where a model is asked for first, keys or not; None is the most preferred provider's default."""
        if model is None:
            spec = self._catalogue.spec(self.priority[0])
            return spec, spec.default_model
        return self._catalogue.spec(self.native(model, self.priority)), self._catalogue.split_model(model)[1]

    def reader(self, model: str) -> tuple[ProviderSpec | None, str]:
        """Return whose model this is, priority or not, since counting asks nobody; None where that is unknown."""
        provider = self._catalogue.provider_of(model)
        name = self._catalogue.split_model(model)[1]
        return (None if provider is None else self._catalogue.spec(provider)), name

    def chain(self, model: str | None, order: tuple[str, ...]) -> tuple[Route, ...]:
        """Return the model at its own provider, then each other configured provider's default model.

        Raises:
            NoProviderError: the order leaves the model's provider out, or no provider in it has a key.

        """
        configured = self.configured(order)
        routes = {provider: self._catalogue.spec(provider).default_model for provider in configured}
        if model is not None:
            native = self.native(model, order)
            if native in routes:
                routes = {native: self._catalogue.split_model(model)[1]} | {
                    provider: default for provider, default in routes.items() if provider != native
                }
        if not routes:
            variables = [variable for p in order for variable in self._catalogue.spec(p).env_vars]
            raise NoProviderError(
                f"no provider has a key: call set_api_key, or set one of {', '.join(variables)}"
            )
        return tuple(routes.items())

    def next(self, failed: Collection[str], available: Collection[str] | None) -> str:
        """Return the most preferred provider that has not failed; `available` None asks who is ready.

        Raises:
            NoProviderError: none is left.

        """
        for provider in self.priority:
            fits = provider in available if available is not None else self.is_ready(provider)
            if fits and provider not in failed:
                return provider
        raise NoProviderError(
            f"no provider is left of {', '.join(self.priority)}: wait for one to cool down, or set a key"
        )

    def is_ready(self, provider: str) -> bool:
        """Return whether the provider's default model can be asked at once."""
        return self._readiness.any([(provider, self._catalogue.spec(provider).default_model)])

    def explain(self, model: str | None, order: tuple[str, ...]) -> RouteInfo:
        """Return how a request would be routed now."""
        chain = self.chain(model, order)
        return RouteInfo(
            model=model,
            provider=chain[0][0],
            reason=self._reason(model, chain[0][0], order),
            stops=tuple(self._stop(route) for route in chain),
        )

    def _reason(self, model: str | None, first: str, order: tuple[str, ...]) -> str:
        if model is None:
            return "no model was named: the most preferred provider with a key"
        native = self.native(model, order)
        if native != first:
            return f"{native} has no key: the most preferred provider that has one"
        if self._catalogue.split_model(model)[0] is not None:
            return "named before the model"
        if self._catalogue.provider_of(model) is None:
            return "a model of no known family: the most preferred provider"
        return "the model's own provider"

    def _stop(self, route: Route) -> RouteStop:
        spec = self._catalogue.spec(route[0])
        return RouteStop(
            *route,
            keys=len(self._keys.usable(spec)),
            wait=self._readiness.wait([route]),
            context_window=pricing.context_window(spec, route[1]),
        )
